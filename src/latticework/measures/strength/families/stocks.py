"""Stocks are read once a year: a number or a grade, with a deviation of its own that lasts."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import expit

from latticework.measures.strength.families.base import (
    LEAST_OWN,
    Family,
    Linear,
    Pseudo,
    Values,
    between,
    differenced,
    log_between,
)
from latticework.types import Float

LONGEST, LONGEST_GRADE, FLEETING = 4.6, 2.94, -2.0  # logits of persistences a year: 0.99, 0.95 and 0.12


def stock_law(values: Values, scale: np.ndarray) -> tuple[float, Float[np.ndarray, "r"]]:
    """Persistence of a stock's own deviation and the variance of each step of it."""
    rho = float(expit(scale[-1]))
    return rho, (np.exp(2 * scale[-2]) + values.sd**2) * np.where(values.before >= 0, 1 - rho**2, 1.0)


def stock_density(values: Values, error: np.ndarray, scale: np.ndarray, precision: np.ndarray | float = 1.0) -> float:
    """Log density of a stock's deviations."""
    rho, variance = stock_law(values, scale)
    step = differenced(error, values.before, rho)
    return float(-0.5 * (np.log(variance) + precision * step**2 / variance).sum())


def stock_sample(
    rng: np.random.Generator, values: Values, scale: np.ndarray, precision: np.ndarray | float = 1.0
) -> Float[np.ndarray, "r"]:
    """A draw of a stock's deviations."""
    rho, variance = stock_law(values, scale)
    own = np.sqrt(variance / precision) * rng.standard_normal(len(values.before))
    for year in range(values.shape[0]):
        now = (values.year == year) & (values.before >= 0)
        own[now] += rho * own[values.before[now]]
    return own


@dataclass(frozen=True)
class Level(Family):
    """A stock that is a number: y = eta + u, u AR(1) by years with variance t^2 + sd^2. scale = (log t, logit rho).

    If not `lasting`, u is new each year: the factor of the domain has what lasts. With `freedom` the steps of u are
    Student-t: a layer whose jumps may be errors of record needs others to agree.
    """

    freedom: float | None = None
    lasting: bool = True

    @property
    def start(self) -> tuple[float, ...]:
        """Log sd and logit persistence of the own deviation at their prior means."""
        return (-0.5, 2.5 if self.lasting else FLEETING - 0.5)

    @property
    def longest(self) -> float:
        """The greatest persistence, on the logit."""
        return LONGEST if self.lasting else FLEETING

    @property
    def least(self) -> tuple[float, ...]:
        """The least sd of the own deviation."""
        return (LEAST_OWN, -np.inf)

    def level(self, mean: float) -> float:
        """The linear predictor that goes with a mean reading."""
        return mean

    def remembered(self, values: Values) -> np.ndarray:
        """What the first sweep remembers."""
        return np.ones(len(values.y))

    def augment(self, rng, values, eta, scale, own):
        """Normal evidence, exact given the auxiliary variables."""
        rho, variance = stock_law(values, scale)
        if self.freedom is not None:
            step = differenced(values.y - eta, values.before, rho)
            own = rng.standard_gamma((self.freedom + 1) / 2, len(step)) / ((self.freedom + step**2 / variance) / 2)
        return Pseudo(values.y, own / variance, rho, own)

    def linear(self, values, eta, scale, own):
        """Score over information near eta."""
        rho, variance = stock_law(values, scale)
        return Linear(differenced(values.y - eta, values.before, rho), own / variance, rho)

    def log_density(self, values, eta, scale, seen):
        """Log density of what is known of the own parameters."""
        return stock_density(values, values.y - eta, scale, seen.own)

    def sample(self, rng, values, eta, scale):
        """A draw of the readings."""
        f = self.freedom
        own = np.ones(len(eta)) if f is None else rng.standard_gamma(f / 2, len(eta)) / (f / 2)
        return eta + stock_sample(rng, values, scale, own)


@dataclass(frozen=True)
class Grade(Family):
    """A stock in grades 0..G: y = number of `cuts` below v, v = eta + u as for a level. scale = (log t, logit rho).

    The cutpoints are given: they and the fixed loading of treaties set the scale on which all else is estimated.
    """

    cuts: tuple[float, ...] = (0.0,)
    least_own: float = 1.0

    @property
    def longest(self) -> float:
        """The greatest persistence, on the logit: a grade that lasts speaks of the tie and not of itself."""
        return LONGEST_GRADE

    @property
    def start(self) -> tuple[float, ...]:
        """Log sd and logit persistence of the own deviation at their prior means."""
        return (float(np.log(self.least_own)) + 0.1, 1.5)

    @property
    def least(self) -> tuple[float, ...]:
        """The least sd of the own deviation."""
        return (float(np.log(self.least_own)), -np.inf)

    def level(self, mean: float) -> float:
        """The linear predictor that goes with a mean reading."""
        edges = (self.cuts[0] - 1.0, *self.cuts, self.cuts[-1] + 1.0)
        return float(np.interp(mean, np.arange(len(edges) - 1), [(a + b) / 2 for a, b in pairwise(edges)]))

    def remembered(self, values: Values) -> np.ndarray:
        """What the first sweep remembers."""
        return np.array([self.level(float(g)) for g in range(len(self.cuts) + 1)])[values.y.astype(int)]

    def augment(self, rng, values, eta, scale, own):
        """Normal evidence, exact given the auxiliary variables."""
        rho, variance = stock_law(values, scale)
        edges = np.concatenate([[-np.inf], self.cuts, [np.inf]])
        grade = values.y.astype(np.int64)
        error, low, high = own - eta, edges[grade] - eta, edges[grade + 1] - eta
        after = np.full(len(eta), -1)
        follows = values.before >= 0
        after[values.before[follows]] = np.flatnonzero(follows)
        for parity in (0, 1):
            now = np.flatnonzero(values.year % 2 == parity)
            b, a = values.before[now], after[now]
            precision = 1 / variance[now] + np.where(a >= 0, rho**2 / variance[a], 0.0)
            pull = np.where(b >= 0, rho * error[b], 0.0) / variance[now]
            pull += np.where(a >= 0, rho * error[a] / variance[a], 0.0)
            centre, sd = pull / precision, precision**-0.5
            error[now] = centre + sd * between(rng, (low[now] - centre) / sd, (high[now] - centre) / sd)
        return Pseudo(eta + error, 1 / variance, rho, eta + error)

    def behind(
        self, rng: np.random.Generator, values: Values, eta: Float[np.ndarray, "r"], scale: Float[np.ndarray, "m"]
    ) -> Float[np.ndarray, "r"]:
        """A draw of the variable behind each grade, each year by itself."""
        edges, spread, grade = np.array([-np.inf, *self.cuts, np.inf]), np.exp(scale[-2]), values.y.astype(np.int64)
        return eta + spread * between(rng, (edges[grade] - eta) / spread, (edges[grade + 1] - eta) / spread)

    def precision(self, values: Values, scale: np.ndarray) -> tuple[Float[np.ndarray, "r"], float]:
        """Precision of each step of the variable behind the grades, and how much of it carries over a year."""
        rho, variance = stock_law(values, scale)
        return 1 / variance, rho

    def log_probability(
        self, values: Values, eta: Float[np.ndarray, "r"], scale: Float[np.ndarray, "m"]
    ) -> Float[np.ndarray, "r"]:
        """Log probability of each grade where nothing is known of the own deviation."""
        edges, spread = np.concatenate([[-np.inf], self.cuts, [np.inf]]), np.exp(scale[-2])
        grade = values.y.astype(np.int64)
        low, high = ((edges[grade + k] - eta) / spread for k in (0, 1))
        return log_between(low, high)

    def log_density(self, values, eta, scale, seen):
        """Log density of what is known of the own parameters."""
        return stock_density(values, seen.z - eta, scale)

    def sample(self, rng, values, eta, scale):
        """A draw of the readings."""
        return np.searchsorted(self.cuts, eta + stock_sample(rng, values, scale)).astype(float)
