"""The parts of a band by the law of total variance: Var(Y) = E[Var(Y | draw)] + Var(E[Y | draw])."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from latticework.types import Float, Int

GROUPS = 20  # of draws, each left out once, for the Monte Carlo error of a share
MOSTLY = 0.7  # of a band: more than this from assumption, and a headline says so (models.md 3.10)


class Moments(NamedTuple):
    """Per draw (d): its number, how many paths, their mean, and the sum of squares around it."""

    number: Int[np.ndarray, "d"]
    paths: Float[np.ndarray, "d"]
    mean: Float[np.ndarray, "d"]
    squares: Float[np.ndarray, "d"]

    @staticmethod
    def of(values: Float[np.ndarray, "p"], draw: Int[np.ndarray, "p"]) -> "Moments":
        """The moments of a quantity by draw, draws in ascending order."""
        number, at = np.unique(draw, return_inverse=True)
        count = np.bincount(at).astype(np.float64)
        mean = np.bincount(at, values) / count
        return Moments(number, count, mean, np.bincount(at, (values - mean[at]) ** 2))

    def without(self, group: int | None) -> "Moments":
        """The moments without one group of draws; all of them for None."""
        keep = np.ones(len(self.number), bool) if group is None else self.number % GROUPS != group
        return Moments(*(part[keep] for part in self))


def components(moments: Moments) -> tuple[float, float]:
    """Variance within draws (process) and between them; NaN if draws have one path each or there is one draw.

    The one-way random-effects estimator (Searle, Casella and McCulloch 1992, section 3.6): the variance of the means
    less what the finite number of paths per draw adds to it, so that it is unbiased and can fall below zero.
    """
    paths, draws = moments.paths.sum(), len(moments.paths)
    if draws < 2 or paths <= draws:
        return float("nan"), float("nan")
    within = moments.squares.sum() / (paths - draws)
    centre = (moments.paths * moments.mean).sum() / paths
    usual = (paths - (moments.paths**2).sum() / paths) / (draws - 1)
    spread = (moments.paths * (moments.mean - centre) ** 2).sum() / (draws - 1)
    return float(within), float((spread - within) / usual)


class Shares(NamedTuple):
    """Shares of the variance over paths that add up to one, with what the number of paths leaves open of each.

    `of_draws` is the part of the variance *between draws* that is assumption: the share of the band of a chance or of a
    mean difference, which process noise does not widen. `total` is the variance itself.
    """

    process: float
    parameter: float
    measurement: float
    assumption: float
    of_draws: float
    process_se: float
    parameter_se: float
    measurement_se: float
    assumption_se: float
    of_draws_se: float
    total: float


class Beside(NamedTuple):
    """A number on the paths of the paired runs: as it is, and with something held; None for what was not run."""

    varied: Moments | None = None
    at_means: Moments | None = None
    start_held: Moments | None = None


ALONE = Beside()  # no paired runs


def shares(whole: Moments, beside: Beside = ALONE) -> Shares:
    """The shares of a number from its moments on all paths, and from the paired runs.

    Assumption is what of the variance between draws goes away with all sizes at their means, measurement what of the
    variance goes away with one start of ties. The draws of `whole` must tell apart every start too.
    """

    def parts(group: int | None) -> np.ndarray:
        process, between = components(whole.without(group))
        total = process + max(between, 0.0)
        if not total > 0:
            return np.full(5, np.nan)
        between = max(between, 0.0)
        assumed = min(_falls(beside.varied, beside.at_means, group, slice(1, 2)), between)
        measured = min(_falls(beside.varied, beside.start_held, group, slice(0, 2)), between - assumed)
        each = np.array([process, between - assumed - measured, measured, assumed]) / total
        return np.array([*each, assumed / between if between > 0 else 0.0])

    groups = range(min(GROUPS, int(whole.number.max()) + 1))
    total = sum(max(part, 0.0) for part in components(whole))
    return Shares(*map(float, parts(None)), *map(float, jackknife(parts, groups)), total=total)


def _falls(varied: Moments | None, fixed: Moments | None, group: int | None, which: slice) -> float:
    """What of the variance (of its components, `which`) goes away when something is held."""
    if varied is None or fixed is None:
        return 0.0
    before, after = (sum(components(m.without(group))[which]) for m in (varied, fixed))
    return max(before - after, 0.0) if np.isfinite(before - after) else 0.0


def jackknife(statistic: Callable[[int], np.ndarray], groups: range) -> Float[np.ndarray, "k"]:
    """Standard errors of a statistic by leaving out one group of draws at a time."""
    each = np.array([statistic(group) for group in groups])
    return np.sqrt((len(groups) - 1) / len(groups) * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
