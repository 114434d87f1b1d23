"""What drives a difference between branches: the same paths without one of the interventions, or with it alone."""

from typing import NamedTuple

import numpy as np

from latticework.measures.chances import monte_carlo_se
from latticework.types import Float, Int

CLEAR = 2.0  # Monte Carlo standard errors: a smaller difference is said to be nothing


class Change(NamedTuple):
    """A mean difference of paired paths, its standard error, and whether it is more than chance."""

    mean: float
    se: float

    @property
    def clear(self) -> bool:
        """Whether it is beyond CLEAR standard errors."""
        return bool(abs(self.mean) > CLEAR * self.se and self.mean != 0)


def change(one: Float[np.ndarray, "p"], other: Float[np.ndarray, "p"], draw: Int[np.ndarray, "p"]) -> Change:
    """How far `one` lies above `other`, path by path: they share their random numbers."""
    paired = one - other
    return Change(float(paired.mean()), float(monte_carlo_se(paired, draw)))
