"""A tornado: where a number lies if one size is at its 10 or 90 % quantile and all others at their means.

Sizes are drawn once per posterior draw, so the ensemble is itself an experiment on them: the mean of a number by draw
is regressed on the sizes in sds from their means (a linear surrogate; Saltelli and others 2008, section 1.2.5), those
first that go along with it most, as many as the draws can tell apart.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from latticework.explain.sizes import Drawn
from latticework.types import Float

FARTHEST = 3.0  # sds within which a flip point is looked for
SURE = 2.0  # standard errors of the value at the means: a smaller number has no sign
FEWEST = 5  # draws per coefficient
CHANCE = 0.05  # that any of the sizes is called clear if none matters (Bonferroni)


class Line(NamedTuple):
    """A number as a linear function of the sizes, in sds from their means: value at all means, and slopes (k).

    `which` numbers the sizes that have a slope. `cov` is the covariance of (value, slopes), robust to unequal
    variances. A slope of more than `clear_at` standard errors is not chance, all sizes considered. `r2` is the share of
    the variance between draws that the line tells, corrected for its number of slopes.
    """

    value: float
    slope: Float[np.ndarray, "k"]
    which: tuple[int, ...]
    cov: Float[np.ndarray, "m m"]
    clear_at: float
    r2: float

    @property
    def value_se(self) -> float:
        """Standard error of the value at the means."""
        return float(np.sqrt(self.cov[0, 0]))

    @property
    def slope_se(self) -> Float[np.ndarray, "k"]:
        """Standard errors of the slopes."""
        return np.sqrt(np.diag(self.cov)[1:])

    @property
    def clear(self) -> np.ndarray:
        """Which slopes are not chance."""
        return np.abs(self.slope) > self.clear_at * self.slope_se


class Flip(NamedTuple):
    """Where a line crosses zero along one size: in sds from its mean, with its standard error; NaN and why if not."""

    at: float
    se: float
    says: str


def line(by_draw: Float[np.ndarray, "d"], sizes: Sequence[Drawn]) -> Line | None:
    """The line through the means by draw, on as many draws as the means have; None with too few draws or no spread."""
    draws = len(by_draw)
    total = float(by_draw.var(ddof=1)) if draws > 1 else 0.0
    if draws < 2 * FEWEST or not sizes or not total > 0:
        return None
    z = np.column_stack([size.normal[:draws] for size in sizes])
    along = np.abs(z.T @ (by_draw - by_draw.mean()))
    which = np.sort(np.argsort(-along, kind="stable")[: draws // FEWEST - 1])
    x = np.column_stack([np.ones(draws), z[:, which]])
    inverse = np.linalg.pinv(x.T @ x)
    coefficients = inverse @ x.T @ by_draw
    left = by_draw - x @ coefficients
    leverage = np.clip(np.einsum("ij,jk,ik->i", x, inverse, x), 0.0, 0.99)
    weighted = x * (left / (1 - leverage))[:, None]  # HC3
    r2 = max(float(1 - (left @ left / (draws - x.shape[1])) / total), 0.0)
    cov, clear_at = inverse @ weighted.T @ weighted @ inverse, float(norm.isf(CHANCE / 2 / len(sizes)))
    return Line(float(coefficients[0]), coefficients[1:], tuple(map(int, which)), cov, clear_at, r2)


def largest(fit: Line, most: int = 5) -> list[int]:
    """The slopes with the longest bars, the longest first."""
    return [int(k) for k in np.argsort(-np.abs(fit.slope), kind="stable")[:most]]


def bar(fit: Line, k: int, size: Drawn) -> tuple[float, float]:
    """The number with the size of the k-th slope at its 10 and at its 90 % quantile, all others at their means."""
    return fit.value + size.of.low * fit.slope[k], fit.value + size.of.high * fit.slope[k]


def flip(fit: Line, k: int) -> Flip:
    """Where the number changes its sign along the size of the k-th slope, all others at their means."""
    value, slope = fit.value, float(fit.slope[k])
    nothing = float("nan")
    if abs(value) <= SURE * fit.value_se:
        return Flip(nothing, nothing, "no sign to flip: zero within 2 standard errors at the means")
    if not fit.clear[k] or abs(value / slope) > FARTHEST:
        return Flip(nothing, nothing, f"none within ±{FARTHEST:g} sd")
    at = -value / slope
    lean = np.zeros(len(fit.cov))
    lean[0], lean[1 + k] = -1 / slope, value / slope**2
    return Flip(at, float(np.sqrt(lean @ fit.cov @ lean)), f"flips at {at:+.1f} sd")
