"""A tornado: where a number lies if one size is at its 10 or 90 % quantile and all others at their means.

Sizes are drawn once per posterior draw, so the ensemble is itself an experiment on them: the mean of a number by draw
is regressed on the sizes in sds from their means (a linear surrogate; Saltelli and others 2008, section 1.2.5), those
first that go along with it most, as many as the draws can tell apart. A flip point is told only where the model was
run: along a curve, inside what was drawn of the size, and if the draws beyond it have the other sign themselves.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from latticework.explain.sizes import Drawn
from latticework.types import Float

SURE = 2.0  # standard errors: a number at the means, or beyond a flip point, that is nearer to zero has no sign
FEWEST = 5  # draws per coefficient, and at least beyond a flip point
BENDS = 3  # the degree of the curve on which a flip point lies: a chance is an S in a size
NO_SIGN = "no sign to flip: zero within 2 standard errors at the means"
NO_FLIP = "no flip within the assumed range"
UNSURE = "no sure flip within the assumed range: beyond the point the draws have no clear sign"
ROUNDING = 1e-9
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
        """Which slopes are not chance, nor the rounding of a number that a line tells exactly."""
        rounded = ROUNDING * max(abs(self.value), np.abs(self.slope).max())
        return np.abs(self.slope) > np.maximum(self.clear_at * self.slope_se, rounded)


class Flip(NamedTuple):
    """Where a number crosses zero along one size: in sds from its mean, with its standard error; NaN and why if not."""

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
    coefficients, cov, left = _regressed(np.column_stack([np.ones(draws), z[:, which]]), by_draw)
    r2 = max(float(1 - (left @ left / (draws - len(coefficients))) / total), 0.0)
    clear_at = float(norm.isf(CHANCE / 2 / len(sizes)))
    return Line(float(coefficients[0]), coefficients[1:], tuple(map(int, which)), cov, clear_at, r2)


def _regressed(
    x: Float[np.ndarray, "d m"], y: Float[np.ndarray, "d"]
) -> tuple[Float[np.ndarray, "m"], Float[np.ndarray, "m m"], Float[np.ndarray, "d"]]:
    """Least squares: coefficients, their covariance robust to unequal variances (HC3), and what is left over."""
    inverse = np.linalg.pinv(x.T @ x)
    coefficients = inverse @ x.T @ y
    left = y - x @ coefficients
    leverage = np.clip(np.einsum("ij,jk,ik->i", x, inverse, x), 0.0, 0.99)
    weighted = x * (left / (1 - leverage))[:, None]
    return coefficients, inverse @ weighted.T @ weighted @ inverse, left


def largest(fit: Line, most: int = 5) -> list[int]:
    """The slopes with the longest bars, the longest first."""
    return [int(k) for k in np.argsort(-np.abs(fit.slope), kind="stable")[:most]]


def bar(fit: Line, k: int, size: Drawn) -> tuple[float, float]:
    """The number with the size of the k-th slope at its 10 and at its 90 % quantile, all others at their means."""
    return fit.value + size.of.low * fit.slope[k], fit.value + size.of.high * fit.slope[k]


def flip(fit: Line, k: int, by_draw: Float[np.ndarray, "d"], sizes: Sequence[Drawn]) -> Flip:
    """Where the number changes its sign along the size of the k-th slope, all others at their means.

    `by_draw` and `sizes` are those of the line. Along the size the number is a curve of degree BENDS, of which only
    what lies between the outermost draws counts; a root is told if the draws beyond it, others taken off by their
    slopes, surely have the other sign.
    """
    z = np.column_stack([size.normal[: len(by_draw)] for size in sizes])[:, fit.which]
    powers = np.vander(z[:, k], BENDS + 1, increasing=True)
    coefficients, cov, left = _regressed(np.column_stack([powers, np.delete(z, k, axis=1)]), by_draw)
    curve, cov = coefficients[: BENDS + 1], cov[: BENDS + 1, : BENDS + 1]
    if abs(curve[0]) <= SURE * np.sqrt(cov[0, 0]):
        return Flip(np.nan, np.nan, NO_SIGN)
    at = _root(curve, np.sort(z[:, k])) if fit.clear[k] else None
    if at is None:
        return Flip(np.nan, np.nan, NO_FLIP)
    there = (powers @ curve + left)[np.sign(at) * z[:, k] > abs(at)]
    if not -np.sign(curve[0]) * there.mean() > SURE * there.std(ddof=1) / np.sqrt(len(there)):
        return Flip(np.nan, np.nan, UNSURE)
    slope = np.arange(1, BENDS + 1) * at ** np.arange(BENDS) @ curve[1:]
    lean = at ** np.arange(BENDS + 1) / slope
    return Flip(at, float(np.sqrt(lean @ cov @ lean)), f"flips at {at:+.1f} sd")


def _root(curve: Float[np.ndarray, "m"], drawn: Float[np.ndarray, "d"]) -> float | None:
    """The root of a curve nearest to the mean, with FEWEST of the draws (in order) or more beyond it."""
    roots = np.polynomial.Polynomial(curve).roots()
    real = roots.real[np.isreal(roots)]
    inside = real[(real > drawn[FEWEST - 1]) & (real < drawn[-FEWEST])]
    return float(inside[np.abs(inside).argmin()]) if len(inside) else None
