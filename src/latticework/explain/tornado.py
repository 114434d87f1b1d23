"""A tornado: where a number lies if one size is at its 10 or 90 % quantile and all others at their means.

Sizes are drawn once per posterior draw, so the ensemble is itself an experiment on them: the mean of a number by draw
is regressed on the standard normals of all sizes at once (a linear surrogate; Saltelli and others 2008, section 1.2.5).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from latticework.explain.sizes import Drawn
from latticework.types import Float

QUANTILE = 1.2815515655446004  # sds from the mean to the 90 % quantile
FARTHEST = 3.0  # sds within which a flip point is looked for
CLEAR = 2.0  # standard errors: a smaller number may be chance
FEWEST = 5  # draws per coefficient


class Line(NamedTuple):
    """A number as a linear function of the sizes, in sds from their means: value at all means, and slopes (k).

    `cov` is the covariance of (value, slopes), robust to unequal variances; `r2` is the share of the variance between
    draws that the line tells, corrected for its number of slopes.
    """

    value: float
    slope: Float[np.ndarray, "k"]
    cov: Float[np.ndarray, "m m"]
    r2: float

    @property
    def value_se(self) -> float:
        """Standard error of the value at the means."""
        return float(np.sqrt(self.cov[0, 0]))

    @property
    def slope_se(self) -> Float[np.ndarray, "k"]:
        """Standard errors of the slopes."""
        return np.sqrt(np.diag(self.cov)[1:])


class Flip(NamedTuple):
    """Where a line crosses zero along one size: in sds from its mean, with its standard error; NaN and why if not."""

    at: float
    se: float
    says: str


def line(by_draw: Float[np.ndarray, "d"], sizes: Sequence[Drawn]) -> Line | None:
    """The line through the means by draw, on as many draws as the means have; None with too few draws."""
    draws, terms = len(by_draw), 1 + len(sizes)
    if draws < FEWEST * terms:
        return None
    x = np.column_stack([np.ones(draws), *(size.normal[:draws] for size in sizes)])
    inverse = np.linalg.pinv(x.T @ x)
    coefficients = inverse @ x.T @ by_draw
    left = by_draw - x @ coefficients
    leverage = np.clip(np.einsum("ij,jk,ik->i", x, inverse, x), 0.0, 0.99)
    weighted = x * (left / (1 - leverage))[:, None]  # HC3
    total = by_draw.var(ddof=1)
    r2 = 1 - (left @ left / (draws - terms)) / total if total > 0 else 0.0
    return Line(float(coefficients[0]), coefficients[1:], inverse @ weighted.T @ weighted @ inverse, float(max(r2, 0)))


def largest(fit: Line, most: int = 5) -> list[int]:
    """The sizes with the longest bars, the longest first."""
    return [int(k) for k in np.argsort(-np.abs(fit.slope), kind="stable")[:most]]


def bar(fit: Line, k: int) -> tuple[float, float]:
    """The number with the k-th size at its 10 and at its 90 % quantile, all others at their means."""
    return fit.value - QUANTILE * fit.slope[k], fit.value + QUANTILE * fit.slope[k]


def flip(fit: Line, k: int) -> Flip:
    """Where the number changes its sign along the k-th size, all others at their means."""
    value, slope = fit.value, float(fit.slope[k])
    nothing = float("nan")
    if abs(value) <= CLEAR * fit.value_se:
        return Flip(nothing, nothing, "no sign to flip: zero within 2 standard errors at the means")
    if abs(slope) <= CLEAR * float(fit.slope_se[k]) or abs(value / slope) > FARTHEST:
        return Flip(nothing, nothing, f"none within ±{FARTHEST:g} sd")
    at = -value / slope
    lean = np.zeros(len(fit.cov))
    lean[0], lean[1 + k] = -1 / slope, value / slope**2
    return Flip(at, float(np.sqrt(lean @ fit.cov @ lean)), f"flips at {at:+.1f} sd")
