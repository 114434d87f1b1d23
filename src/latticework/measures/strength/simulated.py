"""Tie strength on simulated paths: the same model, filtered forward from the posterior of the baseline.

Each path has a normal law of what is hidden of a tie (strength, factors, own deviations) and its own place in that
law. A simulated reading moves both: the law by Bayes' rule and the place with it, so that a path is a draw of what its
readings leave open (a square-root filter: Anderson 2001, Monthly Weather Review 129: 2884-2903). A year's innovations
have fat tails: their law is a mixture of normal ones, weighed by the readings and collapsed at the end of the year (a
Gaussian-sum filter: Harrison and Stevens 1976, JRSS B 38: 205-247). Paths that are simulated from today tell nothing of
today: for them the start is pinned.
"""

from collections.abc import Iterable
from functools import lru_cache, partial, reduce
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erfc, ndtr
from scipy.special import expit, gammainc, gammaincinv

from latticework.measures.strength.families import Grade, Level
from latticework.measures.strength.hidden import FREEDOM
from latticework.measures.strength.indicators import INDICATORS, Indicator
from latticework.measures.strength.layers import FOLLOWED
from latticework.measures.strength.posterior import Shared
from latticework.measures.strength.smoother import QUARTERS
from latticework.measures.strength.start import DOMAIN, DOMAINS, OWN, STRENGTH, Start
from latticework.types import Array, Float, Int, Key

CUTS = (
    3.0,
    15.0,
    90.0,
)  # where the law of a year's variance is cut into the points of the mixture, in units of scale^2
FINE = 24  # classes of a quarter's precision behind them
NODES, WEIGHTS = (np.asarray(a, np.float32) for a in np.polynomial.hermite_e.hermegauss(7))
TINY = 1e-6
FARTHEST, NOWHERE = 12.0, 1e3  # sds: nothing is expected farther out than the first; the second stands for infinity
ROOT_2, ROOT_PI = float(np.sqrt(2)), float(np.sqrt(np.pi))


class Law(eqx.Module):
    """How d ties move and how the k indicators of FOLLOWED read them, by draw (s).

    `step` is the scale of innovations, `mean` what strength reverts to, `domain` the yearly persistence of the factors;
    `intercept` is by era, `own` the variance of an own deviation and `lasting` its yearly persistence.
    """

    rho: Float[Array, "s"]
    step: Float[Array, "s d"]
    mean: Float[Array, "s d"]
    domain: Float[Array, "s 2"]
    loading: Float[Array, "s k d"]
    specific: Float[Array, "s k"]
    base: Float[Array, "s k d"]
    intercept: Float[Array, "s k e"]
    own: Float[Array, "s k d"]
    lasting: Float[Array, "s k"]


def law_of(shared: Shared, start: Start) -> Law:
    """The law of the ties that start."""
    dyads, draws = start.dyads, shared.draws
    patron, names = dyads.patron, [indicator.name for indicator in INDICATORS]
    items = [[draw.items[names.index(indicator.name)] for indicator in FOLLOWED] for draw in draws]
    centre, spread = (np.array([getattr(draw, name) for draw in draws]) for name in ("centre", "spread"))
    loading = np.array([[item.loading[patron] for item in row] for row in items])
    near = [dyads.standing[:, 1] * indicator.opportunity for indicator in FOLLOWED]
    base = [[item.offset[patron] + item.near * n for item, n in zip(row, near, strict=True)] for row in items]
    scale = np.array([[item.scale[-2:] for item in row] for row in items])
    freedom = [getattr(indicator.family, "freedom", None) for indicator in FOLLOWED]
    fat = np.array([f / (f - 2) if f else 1.0 for f in freedom])
    return Law(
        rho=np.array([draw.dynamics.rho for draw in draws]),
        step=np.array([draw.dynamics.sigma[patron] for draw in draws]) / spread[:, None],
        mean=start.mean,
        domain=np.array([draw.dynamics.rho_domain[:DOMAINS] for draw in draws]),
        loading=loading * spread[:, None, None],
        specific=np.array([[item.specific for item in row] for row in items]),
        base=np.array(base) + loading * centre[:, None, None],
        intercept=np.array([[item.intercept for item in row] for row in items]),
        own=(np.exp(2 * scale[..., 0])[..., None] + start.sd**2) * fat[:, None],
        lasting=expit(scale[..., 1]),
    )


@lru_cache(maxsize=4)
def year_variances(freedom: float = FREEDOM) -> tuple[Float[np.ndarray, "i"], Float[np.ndarray, "i"]]:
    """Variance per quarter of a year's Student-t innovations of scale one, as points and their weights.

    A quarter's variance is one over a gamma precision; the mean of four is cut at CUTS, and each part is a point.
    """
    shape, share = freedom / 2, np.concatenate([[0.0], np.geomspace(1e-8, 1.0, FINE)])  # finest where variance is large
    weight, edges = np.diff(share), gammaincinv(shape, share)
    one = freedom / (freedom - 2) * np.diff(gammainc(shape - 1, edges)) / weight  # the mean in each class
    two, twice = np.add.outer(one, one).ravel(), np.multiply.outer(weight, weight).ravel()
    four, weights = np.add.outer(two, two).ravel() / QUARTERS, np.multiply.outer(twice, twice).ravel()
    part = np.digitize(four, CUTS)
    total = np.bincount(part, weights)
    return np.bincount(part, weights * four) / total, total


class Steps(NamedTuple):
    """The steps of a simulation: the quarter of the year (1 to 4) in which each ends, and the number of its era."""

    quarter: tuple[int, ...]
    era: tuple[int, ...]

    @property
    def year(self) -> tuple[int, ...]:
        """The number of each step's year, the first being 0."""
        opened = np.cumsum(np.array(self.quarter) == 1)
        return tuple((opened - opened[0]).tolist())


class Noise(NamedTuple):
    """Standard normals: by step for strength; by year for the factors and own deviations, and for the mixture."""

    step: Float[Array, "t p d"]
    year: Float[Array, "y m p d"]
    pick: Float[Array, "y p d"]

    @staticmethod
    def of(key: Key, paths: Int[Array, "p"], ties: int, steps: Steps) -> "Noise":
        """The noise of each path and tie, from the key and their numbers alone."""
        times, years, parts = len(steps.year), steps.year[-1] + 1, DOMAINS + len(FOLLOWED)

        def one(path: Array, tie: Array) -> Array:
            mine = jax.random.fold_in(jax.random.fold_in(key, path), tie)
            return jax.random.normal(mine, (times + years * (parts + 1),))

        drawn = jax.vmap(jax.vmap(one, (None, 0), 1), (0, None), 1)(paths, jnp.arange(ties))
        yearly = drawn[times:].reshape(years, parts + 1, *drawn.shape[1:])
        return Noise(drawn[:times], yearly[:, :parts], yearly[:, parts])


class Belief(NamedTuple):
    """What is known of the n parts: i normal laws with log weights, and the path's place in each."""

    centre: Float[Array, "n i p d"]
    spread: Float[Array, "n n i p d"]
    place: Float[Array, "n i p d"]
    weight: Float[Array, "i p d"]


def simulated_strength(
    law: Law, start: Start, steps: Steps, readings: Float[np.ndarray, "t k p d"], key: Key, paths: Int[np.ndarray, "p"]
) -> Float[np.ndarray, "t p d"]:
    """Strength after each step on the paths with the given numbers.

    `readings` are those of FOLLOWED in the units of their indicators, NaN where nothing is read; stocks are read in the
    fourth quarters. Path p uses draw p mod s; its noise depends on (key, p, number of the tie) alone.
    """
    given = (law, (start.centre, start.spread, start.parts), readings)
    small = jax.tree.map(lambda values: jnp.asarray(values, jnp.float32), given)
    return np.asarray(_filtered(steps, key, jnp.asarray(paths), *small))


@partial(jax.jit, static_argnums=0)
def _filtered(
    steps: Steps, key: Key, paths: Int[Array, "p"], law: Law, begin: tuple[Array, ...], readings: Array
) -> Float[Array, "t p d"]:
    draw = paths % len(law.rho)
    law = jax.tree.map(lambda values: values[draw], law)
    parts = [jnp.moveaxis(values[draw], 0, -2)[..., None, :, :] for values in begin]
    points, shares = (jnp.asarray(a, jnp.float32)[:, None, None] for a in year_variances())
    weight = jnp.log(shares) + jnp.zeros_like(parts[0][0])
    belief = Belief(*(jnp.repeat(part, len(points), -3) for part in parts), weight=weight)
    noise = Noise.of(key, paths, weight.shape[-1], steps)
    now = (jnp.asarray(steps.quarter), jnp.asarray(steps.year), jnp.asarray(steps.era), noise.step, readings)
    return jax.lax.scan(partial(_stepped, law, noise, points * law.step**2, weight), belief, now)[1]


def _stepped(
    law: Law, noise: Noise, variance: Array, weight: Array, belief: Belief, now: tuple[Array, ...]
) -> tuple[Belief, Float[Array, "p d"]]:
    """One quarter: all moves, events are read; at the end of a year its stocks too."""
    quarter, year, era, drawn, read = now
    yearly = jnp.concatenate([law.domain.T, law.lasting.T])[..., None] + jnp.zeros_like(drawn)
    own = jnp.concatenate([jnp.ones((DOMAINS, *drawn.shape)), jnp.moveaxis(law.own, 0, 1)]) * (1 - yearly**2)
    opens = quarter == 1
    keep = jnp.concatenate([law.rho[None, :, None] + jnp.zeros_like(yearly[:1]), jnp.where(opens, yearly, 1.0)])
    rest = jnp.broadcast_to(jnp.where(opens, own, 0.0)[:, None], (len(own), *variance.shape))
    added = jnp.concatenate([variance[None], rest])
    normal = jnp.concatenate([drawn[None], noise.year[year]])
    shift = jnp.concatenate([((1 - law.rho[:, None]) * law.mean)[None], jnp.zeros_like(keep[1:])])
    belief = moved(belief, keep, shift, added, normal)
    intercept, pick = law.intercept[:, :, era], ndtr(noise.pick[year])
    for k, indicator in enumerate(FOLLOWED):
        if not indicator.stock:
            belief = learned(belief, indicator, k, law, intercept, read[k])
    closes, still = partial(_closed, law, weight), lambda belief, *_: belief
    belief = jax.lax.cond(quarter == QUARTERS, closes, still, belief, intercept, read, pick)
    return belief, chosen(belief, pick)[STRENGTH]


def _closed(law: Law, weight: Array, belief: Belief, intercept: Array, read: Array, pick: Array) -> Belief:
    """The end of a year: its stocks are read, and the mixture of its innovations becomes one normal law."""
    for k, indicator in enumerate(FOLLOWED):
        if indicator.stock:
            belief = learned(belief, indicator, k, law, intercept, read[k])
    share = jax.nn.softmax(belief.weight, axis=0)
    laws = range(len(share))
    centre = _added(share[i] * belief.centre[:, i] for i in laws)
    apart = belief.centre - centre[:, None]
    spread = _added(share[i] * (belief.spread[:, :, i] + apart[:, None, i] * apart[None, :, i]) for i in laws)
    place = chosen(belief, pick)
    whole = ((centre[:, None], belief.centre), (spread[:, :, None], belief.spread), (place[:, None], belief.place))
    return Belief(*(jnp.broadcast_to(one, each.shape) for one, each in whole), weight=weight)


def _added(terms: Iterable[Array]) -> Array:
    """Their sum, term by term: XLA's CPU code for a product summed over a short inner axis is wrong (0.10.2)."""
    return reduce(jnp.add, terms)


def chosen(belief: Belief, pick: Float[Array, "p d"]) -> Float[Array, "n p d"]:
    """The place of each path in the one law of the mixture that its number between 0 and 1 picks."""
    below = jnp.cumsum(jax.nn.softmax(belief.weight, axis=0), axis=0)
    place = belief.place[:, -1]
    for i in reversed(range(len(below) - 1)):
        place = jnp.where(pick < below[i], belief.place[:, i], place)
    return place


def moved(belief: Belief, keep: Array, shift: Array, added: Array, noise: Array) -> Belief:
    """The belief after a step x -> keep x + shift + N(0, added); keep, shift, noise (n p d) and added (n i p d)."""
    centre, place = (keep[:, None] * part + shift[:, None] for part in (belief.centre, belief.place))
    spread = (keep[:, None] * keep[None])[:, :, None] * belief.spread
    spread = spread + jnp.eye(len(keep))[..., None, None, None] * added
    return Belief(centre, spread, place + jnp.sqrt(added) * noise[:, None], belief.weight)


def learned(
    belief: Belief, indicator: Indicator, k: int, law: Law, intercept: Float[Array, "p k"], read: Float[Array, "p d"]
) -> Belief:
    """The belief after a reading of the k-th indicator: all parts follow the linear predictor, which it makes known.

    The predictor's new mean and variance are those given the reading; the place moves along, keeping its rank.
    """
    parts = ((STRENGTH, law.loading[:, k]), (DOMAIN + indicator.domain_index, law.specific[:, k, None]), (OWN + k, 1.0))
    base = law.base[:, k] + intercept[:, k, None]
    expected, here = (base + _added(w * part[i] for i, w in parts) for part in (belief.centre, belief.place))
    column = _added(w * belief.spread[:, i] for i, w in parts)
    variance = jnp.maximum(_added(w * column[i] for i, w in parts), TINY)
    known, value = jnp.isfinite(read), jnp.nan_to_num(read)
    mean, left, log_density = _moments(indicator, value, expected, variance)
    mean, left = jnp.where(known, mean, expected), jnp.where(known, left, variance)
    gain = column / variance
    place = belief.place + gain * (mean - here + jnp.sqrt(left / variance) * (here - expected))
    spread = belief.spread - gain[:, None] * gain[None] * (variance - left)
    weight = belief.weight + jnp.where(known, log_density, 0.0)
    return Belief(belief.centre + gain * (mean - expected), spread, place, weight)


def _moments(indicator: Indicator, value: Array, expected: Array, variance: Array) -> tuple[Array, Array, Array]:
    """Mean and variance of a normal predictor given its reading, and the log density of the reading."""
    sd = jnp.sqrt(variance)
    family = indicator.family
    if isinstance(family, Level):
        error = (value - expected) / sd
        return value + 0 * sd, jnp.zeros_like(sd), -0.5 * error**2 - jnp.log(sd)
    if isinstance(family, Grade):
        edges = jnp.asarray([-jnp.inf, *family.cuts, jnp.inf])
        grade = value.astype(int)
        mean, left, log_density = truncated((edges[grade] - expected) / sd, (edges[grade + 1] - expected) / sd)
        return expected + sd * mean, variance * left, log_density
    sign = jnp.where(value > 0, 1.0, -1.0)
    odds = [expected + sd * float(node) for node in NODES]
    each = [float(weight) * jax.nn.sigmoid(sign * o) for weight, o in zip(WEIGHTS / WEIGHTS.sum(), odds, strict=True)]
    density = _added(each)
    mean = _added(w * o for w, o in zip(each, odds, strict=True)) / density
    left = _added(w * (o - mean) ** 2 for w, o in zip(each, odds, strict=True)) / density
    return mean, left, jnp.log(density)


def truncated(low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Mean and variance of standard normals between bounds, and the log probability of lying there."""
    flip = low > 0
    low, high = jnp.where(flip, -high, low), jnp.where(flip, -low, high)
    low, high = jnp.maximum(low, -NOWHERE), jnp.clip(high, -FARTHEST, NOWHERE)
    share = (erfc(-high / ROOT_2) - erfc(-low / ROOT_2)) / 2
    dense = [jnp.exp(-0.5 * x**2) / (ROOT_2 * ROOT_PI * share) for x in (low, high)]
    mean = dense[0] - dense[1]
    variance = jnp.clip(1 + low * dense[0] - high * dense[1] - mean**2, TINY, 1.0)
    return jnp.where(flip, -mean, mean), variance, jnp.log(share)
