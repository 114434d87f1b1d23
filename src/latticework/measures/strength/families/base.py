"""How an indicator speaks: each family turns its readings into normal evidence on the linear predictor, exactly.

Every indicator has a deviation of its own in every dyad, AR(1) from year to year: what is special about, say, trade
between two states lasts. Without it any lasting quirk of one indicator would pass for the strength of the tie.
Stocks keep that deviation inside their law; events (counts, onsets) have it drawn beside them. Given auxiliary
variables all are normal in eta: grades through the normal variable behind them (Albert and Chib 1993, JASA 88:
669-679), onsets and counts through Polya-Gamma variables (Polson, Scott and Windle 2013, JASA 108: 1339-1349).
"""

import abc
from typing import ClassVar, NamedTuple

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from latticework.types import Float, Int

TINY = 1e-9
LEAST_OWN = float(np.log(0.5))  # of the log sd of a level's own deviation


class Values(NamedTuple):
    """Readings: value, published sd (0 if none), the place of the dyad's reading a year before (-1 if none).

    `year` and `dyad` place each reading in a grid of `shape` (years, dyads).
    """

    y: Float[np.ndarray, "r"]
    sd: Float[np.ndarray, "r"]
    before: Int[np.ndarray, "r"]
    year: Int[np.ndarray, "r"]
    dyad: Int[np.ndarray, "r"]
    shape: tuple[int, int]


class Pseudo(NamedTuple):
    """Normal evidence: z - carry z_before ~ N(eta - carry eta_before, 1 / weight); `own` is what a sweep remembers."""

    z: Float[np.ndarray, "r"]
    weight: Float[np.ndarray, "r"]
    carry: float
    own: np.ndarray


class Linear(NamedTuple):
    """Evidence near eta: the rest of (1 - carry lag) z beyond that of eta, and its weight (the information)."""

    rest: Float[np.ndarray, "r"]
    weight: Float[np.ndarray, "r"]
    carry: float


def differenced(x: Float[np.ndarray, "r"], before: Int[np.ndarray, "r"], carry: float) -> Float[np.ndarray, "r"]:
    """x less `carry` times the x of the reading before, where there is one."""
    return x if carry == 0 else x - np.where(before >= 0, carry * x[before], 0.0)


def between(rng: np.random.Generator, low: np.ndarray, high: np.ndarray) -> Float[np.ndarray, "r"]:
    """Standard normals between bounds, by their quantiles, mirrored where both bounds lie above zero."""
    flip = low > 0
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)
    bottom, top = log_ndtr(low), log_ndtr(high)
    share = np.log1p(-rng.random(low.shape) * -np.expm1(bottom - top))
    value = np.clip(ndtri_exp(top + share), low, high)
    return np.where(flip, -value, value)


def log_between(low: np.ndarray, high: np.ndarray) -> Float[np.ndarray, "r"]:
    """Log probability that a standard normal lies between bounds."""
    flip = low > 0
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)
    return log_ndtr(high) + np.log(-np.expm1(np.minimum(log_ndtr(low) - log_ndtr(high), -1e-300)))


class Family(abc.ABC):
    """The law of one kind of reading given its linear predictor eta.

    `scale` holds the family's parameters; its last two are log t and logit rho of the indicator's own deviation.
    """

    prior_sd: ClassVar[float] = 0.5  # of each of the family's own parameters

    @property
    @abc.abstractmethod
    def start(self) -> tuple[float, ...]:
        """The prior means of the family's own parameters."""

    @property
    def longest(self) -> float:
        """The greatest persistence of the own deviation, on the logit."""
        return 4.6

    @property
    def least(self) -> tuple[float, ...]:
        """The least that these parameters may be."""
        return (-np.inf,) * len(self.start)

    @abc.abstractmethod
    def level(self, mean: float) -> float:
        """The linear predictor that goes with a mean reading, roughly: where a fit begins."""

    @abc.abstractmethod
    def remembered(self, values: Values) -> np.ndarray:
        """What the first sweep remembers."""

    @abc.abstractmethod
    def augment(
        self,
        rng: np.random.Generator,
        values: Values,
        eta: Float[np.ndarray, "r"],
        scale: Float[np.ndarray, "m"],
        own: np.ndarray,
    ) -> Pseudo:
        """The normal evidence that the readings are, given what the last sweep remembered."""

    @abc.abstractmethod
    def log_density(
        self, values: Values, eta: Float[np.ndarray, "r"], scale: Float[np.ndarray, "m"], seen: Pseudo
    ) -> float:
        """Log density of what is known of the family's own parameters."""

    @abc.abstractmethod
    def sample(
        self, rng: np.random.Generator, values: Values, eta: Float[np.ndarray, "r"], scale: Float[np.ndarray, "m"]
    ) -> Float[np.ndarray, "r"]:
        """A draw of the readings; of `values` all but y count, and rows must be in order of time."""
