"""Items: how each indicator depends on the factors, and how its parameters are drawn given them.

eta = intercept[era] + offset[patron] + near * neighbours + loading[patron] * strength + specific * domain's factor.
How much each indicator counts is part of what strength means: its loading is estimated within bounds around a usual
value. An alliance never weakens a tie, a dispute never strengthens it.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from latticework.measures.strength.dyads import HUBS
from latticework.measures.strength.families import Pseudo, Values, between, differenced
from latticework.measures.strength.indicators import Indicator
from latticework.types import Float, Int

PATRONS = len(HUBS) + 1  # the last has none
# Prior sds: of the first intercept, its steps from era to era, patrons' offsets, what neighbours do anyway, and, in
# units of a usual loading, of loadings, their spread by patron and what is specific to the domain.
FIRST, STEP, OFFSET, NEAR, LOADING, SPREAD, SPECIFIC = 4.0, 0.5, 1.0, 1.0, 0.3, 0.2, 1.0
LEAST, MOST = 0.8, 1.25  # a loading's bounds, in units of the usual one
DOMAIN_MOST = 0.4  # the most that a loading on a domain may be, in the same units
KINDS = ("intercept", "offset", "near", "loading", "specific")
CHUNK = 50_000


@dataclass(frozen=True)
class Rows:
    """The readings of one indicator, flat and in order of time; `t` counts quarters from the first of a year.

    `unit` is the mean and the sd by which the values were standardised.
    """

    indicator: Indicator
    t: Int[np.ndarray, "r"]
    d: Int[np.ndarray, "r"]
    values: Values
    era: Int[np.ndarray, "r"]
    patron: Int[np.ndarray, "r"]
    near: Float[np.ndarray, "r"]
    eras: int
    unit: tuple[float, float] = (0.0, 1.0)

    def __len__(self) -> int:
        return len(self.t)

    def take(self, place: Int[np.ndarray, "d"], count: int) -> "Rows":
        """The readings of the dyads that have a new place (not -1) among `count`."""
        kept = place[self.d] >= 0
        moved = np.full(len(kept) + 1, -1)
        moved[:-1][kept] = np.arange(kept.sum())
        v, d = self.values, place[self.d[kept]]
        values = Values(v.y[kept], v.sd[kept], moved[v.before[kept]], v.year[kept], d, (v.shape[0], count))
        parts = {"t": self.t[kept], "era": self.era[kept], "patron": self.patron[kept], "near": self.near[kept]}
        return replace(self, d=d, values=values, **parts)


@dataclass(frozen=True)
class Item:
    """The parameters of one indicator."""

    intercept: Float[np.ndarray, "e"]
    offset: Float[np.ndarray, "g"]
    near: float
    loading: Float[np.ndarray, "g"]
    specific: float
    scale: Float[np.ndarray, "m"]

    def base(self, rows: Rows) -> Float[np.ndarray, "r"]:
        """The linear predictor of each reading where all factors are zero."""
        return (self.intercept[:, None] + self.offset).ravel()[rows.era * PATRONS + rows.patron] + self.near * rows.near

    def eta(
        self, rows: Rows, strength: Float[np.ndarray, "r"], factor: Float[np.ndarray, "r"]
    ) -> Float[np.ndarray, "r"]:
        """The linear predictor of each reading."""
        return self.base(rows) + self.loading[rows.patron] * strength + self.specific * factor


@dataclass(frozen=True)
class Layout:
    """Where the coefficients of an indicator stand in a vector, which are estimated, their prior and their signs."""

    where: dict[str, slice]
    free: np.ndarray
    mean: np.ndarray
    precision: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def item(self, values: np.ndarray, indicator: Indicator, scale: np.ndarray) -> Item:
        """The coefficients as an item."""
        part = {kind: values[place] for kind, place in self.where.items()}
        loading = part["loading"] if indicator.fixed is None else np.full(PATRONS, indicator.fixed)
        offset = np.append(part["offset"], 0.0)
        return Item(part["intercept"], offset, float(part["near"][0]), loading, float(part["specific"][0]), scale)

    def values(self, item: Item) -> np.ndarray:
        """The item's coefficients as a vector."""
        return np.concatenate([item.intercept, item.offset[:-1], [item.near], item.loading, [item.specific]])


@lru_cache(maxsize=64)
def layout(indicator: Indicator, eras: int) -> Layout:
    """The layout of an indicator's coefficients."""
    ends = np.cumsum([0, eras, len(HUBS), 1, PATRONS, 1])
    where = {k: slice(int(a), int(b)) for k, a, b in zip(KINDS, ends[:-1], ends[1:], strict=True)}
    size, usual = int(ends[-1]), abs(indicator.usual)
    covariance = np.zeros((size, size))
    walk = np.tril(np.full((eras, eras), STEP))
    walk[:, 0] = FIRST
    covariance[where["intercept"], where["intercept"]] = walk @ walk.T
    covariance[where["offset"], where["offset"]] = OFFSET**2 * np.eye(len(HUBS))
    covariance[where["near"], where["near"]] = NEAR**2
    covariance[where["loading"], where["loading"]] = usual**2 * (LOADING**2 + SPREAD**2 * np.eye(PATRONS))
    covariance[where["specific"], where["specific"]] = usual**2 * SPECIFIC**2
    mean, low, high, free = np.zeros(size), np.full(size, -np.inf), np.full(size, np.inf), np.ones(size, bool)
    sign = np.sign(indicator.usual)
    for kind, least, most in (("loading", LEAST, MOST), ("specific", 0.0, np.inf if indicator.alone else DOMAIN_MOST)):
        mean[where[kind]] = indicator.usual
        low[where[kind]], high[where[kind]] = sorted((sign * least * usual, sign * most * usual))
    if indicator.patrons:
        free[where["offset"]] = False
        free[where["loading"]] = np.isin(np.arange(PATRONS), [HUBS.index(p) for p in indicator.patrons])
    if indicator.fixed is not None:
        free[where["loading"]] = False
    free[where["near"]] = indicator.opportunity
    return Layout(where, free, mean, np.linalg.inv(covariance[np.ix_(free, free)]), low, high)


def starting(rows: Rows) -> Item:
    """Where the sampler begins: loadings at their prior means, intercepts at the readings' own level."""
    plan = layout(rows.indicator, rows.eras)
    values = np.where(plan.free, plan.mean, 0.0)
    values[plan.where["intercept"]] = rows.indicator.family.level(float(rows.values.y.mean())) if len(rows) else 0.0
    return plan.item(values, rows.indicator, np.array(rows.indicator.family.start))


def regressors(rows: Rows, plan: Layout, strength: np.ndarray, factor: np.ndarray, part: slice) -> np.ndarray:
    """The design matrix of some readings."""
    era, patron = rows.era[part], rows.patron[part]
    design = np.zeros((len(era), len(plan.mean)))
    row = np.arange(len(era))
    design[row, era] = 1.0
    sent = patron < len(HUBS)
    design[row[sent], plan.where["offset"].start + patron[sent]] = 1.0
    design[:, plan.where["near"].start] = rows.near[part]
    design[row, plan.where["loading"].start + patron] = strength[part]
    design[:, plan.where["specific"].start] = factor[part]
    return design


def normal_equations(
    rows: Rows, plan: Layout, strength: np.ndarray, factor: np.ndarray, target: np.ndarray, seen: Pseudo
) -> tuple[np.ndarray, np.ndarray]:
    """Gram matrix and right-hand side of the coefficients that are estimated."""
    size = int(plan.free.sum())
    gram, side, whole = np.zeros((size, size)), np.zeros(size), None
    if seen.carry:
        whole = regressors(rows, plan, strength, factor, slice(None))[:, plan.free]
        follows = rows.values.before >= 0
        whole[follows] -= seen.carry * whole[rows.values.before[follows]].copy()
        target = differenced(target, rows.values.before, seen.carry)
    for first in range(0, len(rows), CHUNK):
        part = slice(first, first + CHUNK)
        design = regressors(rows, plan, strength, factor, part)[:, plan.free] if whole is None else whole[part]
        weighted = design * seen.weight[part, None]
        gram += weighted.T @ design
        side += weighted.T @ target[part]
    return gram, side


def drawn(
    rng: np.random.Generator, item: Item, rows: Rows, strength: np.ndarray, factor: np.ndarray, seen: Pseudo
) -> Item:
    """The item with its coefficients drawn given the factors and the normal evidence."""
    plan, fixed = layout(rows.indicator, rows.eras), rows.indicator.fixed
    target = seen.z if fixed is None else seen.z - fixed * strength
    gram, side = normal_equations(rows, plan, strength, factor, target, seen)
    precision = gram + plan.precision
    centre = np.linalg.solve(precision, side + plan.precision @ plan.mean[plan.free])
    values = plan.values(item)
    free = plan.free
    values[free] = bounded_normal(rng, centre, precision, plan.low[free], plan.high[free], values[free])
    return plan.item(values, rows.indicator, item.scale)


def bounded_normal(
    rng: np.random.Generator,
    centre: np.ndarray,
    precision: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    now: np.ndarray,
) -> np.ndarray:
    """A draw of N(centre, precision^-1) within bounds: at once if it falls there, else by Gibbs steps from `now`.

    A step draws the entries without bounds together given the others, then each of the others alone.
    """
    root = np.linalg.cholesky(precision)
    for _ in range(5):
        values = centre + np.linalg.solve(root.T, rng.standard_normal(len(centre)))
        if ((values >= low) & (values <= high)).all():
            return values
    values, bound = now.copy(), np.isfinite(low) | np.isfinite(high)
    free = precision[np.ix_(~bound, ~bound)]
    root = np.linalg.cholesky(free)
    for _ in range(10):
        shift = precision[np.ix_(~bound, bound)] @ (values - centre)[bound]
        noise = np.linalg.solve(root.T, rng.standard_normal(len(free)))
        values[~bound] = centre[~bound] - np.linalg.solve(free, shift) + noise
        for k in np.flatnonzero(bound):
            rest = precision[k] @ (values - centre) - precision[k, k] * (values[k] - centre[k])
            sd = precision[k, k] ** -0.5
            middle = centre[k] - rest * sd**2
            edges = (np.array([low[k]]) - middle) / sd, (np.array([high[k]]) - middle) / sd
            values[k] = middle + sd * between(rng, *edges)[0]
    return values
