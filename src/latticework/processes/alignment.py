"""States drift in the space of United Nations votes, drawn by their allies and shaken by new autocrats."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import roots_genlaguerre

from latticework.effects import NewLeader, OfState, PartnerMean, autocratic, democratic
from latticework.processes.base import Anchor, Coefficient, Evidence, Predictor, designed
from latticework.processes.families import FREEDOM, AbstractDrift
from latticework.types import Array, Bool, Float, Key
from latticework.world import Panel, World

ROLLING = "Own re-estimate on UN ideal points, rolling origin 1991-2018; pooled since 1946"
CELLS = "Own re-estimate on CHISOLS 4.0 and UN ideal points 1946-2008: means of yearly |change|"
MIXTURE = 9


def precision_points(freedom: float) -> tuple[Float[np.ndarray, "q"], Float[np.ndarray, "q"]]:
    """Points and weights of the gamma law of a Student-t's precision (generalised Gauss-Laguerre)."""
    points, weights = roots_genlaguerre(MIXTURE, freedom / 2 - 1)
    return 2 * points / freedom, weights / weights.sum()


class Votes(eqx.Module):
    """Observed ideal points with their published sd and the effects of each year: (t, n) and (t, n, m)."""

    level: Float[Array, "t n"]
    sd: Float[Array, "t n"]
    known: Bool[Array, "t n"]
    design: Float[Array, "t n m"]
    dt: Float[Array, "t"]


class AlignmentDrift(AbstractDrift):
    """The UN ideal point of a state.

    The published estimate is the latent position plus an error whose sd is the published posterior sd times a factor
    that is estimated too, so that measurement error is not taken for movement (last coefficient: its log).
    """

    name = "alignment"
    title = "Alignment drifts"
    unit = "state"
    grid = "year"
    observed = "ideal_point"
    drifting = "ideal_point"
    reads = (
        "ideal_point",
        "ideal_point_sd",
        "ideal_point_usual",
        "defence",
        "democracy",
        "major_power",
        "tenure",
        "turnover",
    )
    writes = ("ideal_point",)

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """A state is drawn to where it usually stands, to where democracies stand, and to its allies."""
        unit, slope = "ideal point", "ideal point per ideal point"
        return (
            Coefficient("intercept", None, unit),
            Coefficient("democracy", democratic(), unit),
            Coefficient("own mean of five years", OfState("ideal_point_usual"), slope),
            Coefficient("democratic major power", democratic() * OfState("major_power"), unit),
            Coefficient("mean of defence partners", PartnerMean("ideal_point", "defence"), slope),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Speed of reversion and yearly diffusion."""
        kappa = Anchor(
            -3.28, None, ROLLING, "AR coefficient 0.963 towards a common mean: expect faster towards the own"
        )
        sigma = Anchor(-1.39, None, ROLLING, "residual sd 0.25, which includes measurement error: expect less")
        return (
            Coefficient("log kappa", None, "log 1/year", -3.0, 1.0, kappa),
            Coefficient("log sigma", None, "log ideal point per root year", -1.5, 1.0, sigma),
        )

    def scale_effects(self) -> tuple[Coefficient, ...]:
        """A new autocrat shakes the state's position; the last coefficient scales the published error."""
        shake = Anchor(0.126, None, CELLS, "log of 0.220/0.194; with a change of supporting coalition 0.45")
        return (Coefficient("new leader of an autocracy", NewLeader() * autocratic(), "log scale", anchor=shake),)

    def predictors(self) -> tuple[Predictor, ...]:
        """The drift's predictors and the log of the error factor, which plays no part in the drift itself."""
        error = Coefficient("log error factor", None, "log ratio to the published sd", -0.5, 0.5)
        return (*super().predictors(), Predictor("", (error,)))

    def evidence(self, panel: Panel) -> Evidence:
        """Votes of every state with its effects; a term of the likelihood is one state's whole history."""
        worlds = [panel.at(t) for t in range(len(panel.dates))]
        design = np.stack([np.asarray(designed(self.coefficients(), world, self.unit), np.float64) for world in worlds])
        level = np.asarray(panel.world.state("ideal_point"), np.float64)
        sd = np.asarray(panel.world.state("ideal_point_sd"), np.float64)
        known = np.isfinite(level) & np.isfinite(sd) & np.isfinite(design).all(-1) & np.asarray(panel.world.present)
        fill = [np.where(known, x, 0.0) for x in (level, sd)]
        years = np.concatenate([[1.0], panel.dt])
        votes = Votes(fill[0], fill[1], known, np.nan_to_num(design), years)
        nodes = np.arange(level.shape[1])[:, None]
        seen = np.flatnonzero(known.any(1))
        span = (str(panel.dates[seen[0]])[:10], str(panel.dates[seen[-1]])[:10])
        return Evidence(votes, nodes, int((known[1:] & known[:-1]).sum()), span)

    def terms(self, theta: Float[Array, "k"], data: Votes) -> Float[Array, "r"]:
        """Log likelihood of each state's votes by a filter that knows both the error and the fat tails.

        A Student-t innovation is a normal one with a gamma-distributed precision: each step takes that mixture at
        `MIXTURE` points, weighs the points by the observed move and carries on with the mixture's mean and variance
        (a Gaussian-sum filter collapsed at every step; West 1981, Harrison and Stevens 1976).
        """
        points, weights = precision_points(FREEDOM)

        def step(carry, now):
            mean, variance, begun, before = carry
            level, sd, known, design, dt = now
            noise = (jnp.exp(theta[-1]) * sd) ** 2
            expected, spread = self.moments(self.weighed(theta, before), mean, dt)
            persistence = jnp.exp(-2 * jnp.exp(theta[len(self.mean_effects())]) * dt)
            prior = persistence * variance + (spread * (FREEDOM - 2) / FREEDOM)[None] / points[:, None]
            error, total = level - expected, jnp.where(known, prior + noise, 1.0)
            each = jnp.log(weights)[:, None] - 0.5 * (jnp.log(2 * jnp.pi * total) + error**2 / total)
            term = jax.nn.logsumexp(each, axis=0)
            share, gain = jnp.exp(each - term), prior / total
            move = (share * gain).sum(0) * error
            doubt = (share * ((1 - gain) * prior + (gain * error - move) ** 2)).sum(0)
            mean = jnp.where(known, jnp.where(begun, expected + move, level), expected)
            unseen = persistence * variance + spread
            variance = jnp.where(known, jnp.where(begun, doubt, noise), unseen)
            return (mean, variance, begun | known, design), jnp.where(known & begun, term, 0.0)

        start = (data.level[0], jnp.ones_like(data.sd[0]), jnp.zeros_like(data.known[0]), data.design[0])
        _, terms = jax.lax.scan(step, start, (data.level, data.sd, data.known, data.design, data.dt))
        return terms.sum(0)

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The latent position is the published one less an error with the published sd times the error factor."""
        level = jnp.asarray(world.state("ideal_point"))
        sd = jnp.nan_to_num(jnp.asarray(world.state("ideal_point_sd")))
        error = jnp.exp(theta[-1]) * sd * jax.random.normal(key, level.shape)
        return world.replace(states={"ideal_point": level + error})
