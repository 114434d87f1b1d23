"""Newton's method with a safeguard: down the hill of any smooth function whose gradient and Hessian are known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import linalg

from latticework.fit.stream import Sums
from latticework.types import Float

TIGHT = 1e-12
STEPS, HALVINGS = 200, 40
FLATTEST = 1e-4  # of the steepest curvature, in coordinates in which all are about one


class Mode(NamedTuple):
    """A maximum: where it is, the negative Hessian there, and the largest gradient in units of sd."""

    at: np.ndarray
    hessian: np.ndarray
    gradient: float


def climb(
    sums: Callable[[np.ndarray], Sums], start: Float[np.ndarray, "j"], tolerance: float = TIGHT, noise: float = 1e-13
) -> Mode:
    r"""The maximum of a function that `sums` gives with its derivatives, uphill from `start`.

    Ends when the Newton decrement $g^\top H^{-1} g$ is below the tolerance, after one more full step. Where the Hessian
    is not that of a maximum, curvatures are taken by their absolute value (Dauphin et al. 2014, saddle-free Newton);
    a step is halved until the function rises, rounding of relative size `noise` aside.
    """
    at, here = start, sums(start)
    for _ in range(STEPS):
        step, top = direction(-here.hessian, here.gradient)
        decrement = float(step @ here.gradient)
        if top and decrement < tolerance:
            break
        for _ in range(HALVINGS):
            there = sums(at + step)
            slack = noise * abs(here.value)
            if np.isfinite(there.value) and there.value >= here.value + 1e-4 * step @ here.gradient - slack:
                break
            step = step / 2
        else:
            break
        at, here = at + step, there
    step, top = direction(-here.hessian, here.gradient)
    inverse = np.diag(np.linalg.inv(-here.hessian))
    gradient = float(np.max(np.abs(here.gradient) * np.sqrt(np.abs(inverse)), initial=0.0))
    return Mode(at + step if top and float(step @ here.gradient) < tolerance else at, -here.hessian, gradient)


def direction(
    hessian: Float[np.ndarray, "j j"], gradient: Float[np.ndarray, "j"]
) -> tuple[Float[np.ndarray, "j"], bool]:
    """The Newton step uphill given the negative Hessian, and whether that is positive definite."""
    try:
        return linalg.cho_solve(linalg.cho_factor(hessian), gradient), True
    except linalg.LinAlgError:
        scale = np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-12))
        values, vectors = np.linalg.eigh(hessian / np.outer(scale, scale))
        steep = np.maximum(np.abs(values), FLATTEST * np.abs(values).max())
        return vectors @ (vectors.T @ (gradient / scale) / steep) / scale, False
