"""The parts of a band by the law of total variance: Var(Y) = E[Var(Y | draw)] + Var(E[Y | draw])."""

from typing import NamedTuple

import numpy as np

from latticework.types import Float, Int

GROUPS = 20  # of draws, each left out once, for the Monte Carlo error of a share
MOSTLY = 0.7  # of a band: more than this from assumption, and a headline says so (models.md 3.10)
SURE = 0.15  # the largest Monte Carlo error with which it does


class Shares(NamedTuple):
    """Shares of the variance over paths that add up to one, with what the number of paths leaves open of each.

    `of_draws` is the part of the variance *between draws* that is assumption: the share of the band of a chance or of a
    mean difference, which process noise does not widen. `total` is the variance itself. NaN where draws and starts have
    one path each, from which the parts cannot be told apart.
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


def shares(
    values: Float[np.ndarray, "p"],
    draw: Int[np.ndarray, "p"],
    sizes: Float[np.ndarray, "d k"],
    start: Int[np.ndarray, "p"] | None = None,
) -> Shares:
    """The shares of a number on the paths of some draws, each of which has its own sizes of assumptions.

    `draw` numbers the rows of `sizes`, which are independent, in sds from their means. `start` numbers the draws of
    what is measured with error. Errors are those of a jackknife over groups of draws.
    """
    number = np.unique(draw)
    groups = min(GROUPS, len(number))
    left_out = np.arange(groups)[:, None] == number % groups
    keep = np.vstack([np.ones(len(number), bool), ~left_out]).astype(np.float64)
    raw = np.stack([*components(values, draw, start, keep), linear(values, draw, sizes, keep)])
    process, measured, between, assumed = raw[:, 0]
    measured, between = max(measured, 0.0), max(between, 0.0)
    assumed = float(np.clip(assumed, 0.0, between))
    total = process + measured + between
    if not total > 0:
        return Shares(*[float("nan")] * 10, total=float(np.nan_to_num(total)))
    parts = (process, between - assumed, measured, assumed)
    each = np.array([raw[0], raw[2] - raw[3], raw[1], raw[3]])[:, 1:]
    of_all = [_ratio(part, total, left, raw[:3, 1:].sum(axis=0)) for part, left in zip(parts, each, strict=True)]
    found = (*of_all, _ratio(assumed, between, raw[3, 1:], raw[2, 1:]))
    return Shares(*(share for share, _ in found), *(se for _, se in found), total=float(total))


def _ratio(
    part: float, whole: float, parts: Float[np.ndarray, "g"], wholes: Float[np.ndarray, "g"]
) -> tuple[float, float]:
    """A share, and its standard error from both with one group left out: of a line through the ratio, so that bounds at
    zero and one do not hide what is not known.
    """
    share = part / whole if whole > 0 else 0.0
    return float(share), float(jackknife(parts - share * wholes) / whole) if whole > 0 else float("inf")


def components(
    values: Float[np.ndarray, "p"],
    draw: Int[np.ndarray, "p"],
    start: Int[np.ndarray, "p"] | None,
    keep: Float[np.ndarray, "g d"],
) -> tuple[Float[np.ndarray, "g"], Float[np.ndarray, "g"], Float[np.ndarray, "g"]]:
    """Variance within starts (process), between starts within draws (measurement), and between draws.

    One of each for every row of `keep`, which says of which draws. They are the nested random-effects estimators
    (Searle, Casella and McCulloch 1992, chapter 5): unbiased, so that they can fall below zero.
    """
    _, at = np.unique(draw, return_inverse=True)
    paths = np.bincount(at).astype(np.float64)
    mean = np.bincount(at, values) / paths
    cell = at if start is None else np.unique(np.stack([at, start]), axis=1, return_inverse=True)[1].ravel()
    size = np.bincount(cell).astype(np.float64)
    centre, home = np.bincount(cell, values) / size, np.zeros(len(size), int)
    home[cell] = at
    within, around = np.bincount(at, (values - centre[cell]) ** 2), np.bincount(at, (values - mean[at]) ** 2)
    cells, squares = np.bincount(home).astype(np.float64), np.bincount(home, size**2)
    columns = [np.ones_like(paths), paths, cells, within, around, squares / paths, squares / paths**2, 1 / paths]
    d, n, c, w, a, q, q2, r = (keep @ column for column in columns)
    with np.errstate(invalid="ignore", divide="ignore"):
        process = np.where(n > c, w / (n - c), np.nan)
        measured = np.where(c > d, (a - process * (n - d)) / (n - q), 0.0)
        spread = (keep @ mean**2 - (keep @ mean) ** 2 / d) / (d - 1)
        between = spread - measured * q2 / d - process * r / d
    return process, measured, between


def linear(
    values: Float[np.ndarray, "p"],
    draw: Int[np.ndarray, "p"],
    sizes: Float[np.ndarray, "d k"],
    keep: Float[np.ndarray, "g d"],
) -> Float[np.ndarray, "g"]:
    """What of the variance between draws goes along with their sizes in straight lines: the sum of squared covariances.

    The sizes are independent by design, so no regression is needed: the square of each covariance is estimated without
    bias by the products of different draws (a U-statistic), whatever the number of sizes.
    """
    number, at = np.unique(draw, return_inverse=True)
    mean = np.bincount(at, values) / np.bincount(at)
    z, away = sizes[number], mean - mean.mean()
    draws = keep.sum(axis=1)
    crossed = ((keep @ (away[:, None] * z)) ** 2).sum(axis=1) - keep @ (away**2 * (z**2).sum(axis=1))
    return crossed / np.maximum(draws * (draws - 1), 1)


def jackknife(left_out: Float[np.ndarray, "g"]) -> float:
    """The standard error of a statistic from its values with one group of draws left out at a time."""
    return float(np.sqrt((len(left_out) - 1) * left_out.var()))
