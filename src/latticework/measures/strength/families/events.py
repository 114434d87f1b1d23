"""Events are counted by the quarter: whether it happened, or how often, with a deviation of its own in every year."""

import abc
from dataclasses import dataclass

import numpy as np
from polyagamma import random_polyagamma
from scipy.special import expit, gammaln

from latticework.measures.strength.families.base import TINY, Family, Linear, Pseudo, Values
from latticework.types import Float


class Event(Family):
    """What happens in a quarter: its linear predictor is eta plus u of the year, u AR(1) by years with variance t^2."""

    def remembered(self, values: Values) -> np.ndarray:
        """What the first sweep remembers."""
        return np.zeros(values.shape)

    @abc.abstractmethod
    def pseudo(self, rng, values: Values, odds: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pseudo-readings of the linear predictor and their precisions."""

    @abc.abstractmethod
    def log_probability(self, values: Values, odds: np.ndarray, scale: np.ndarray) -> Float[np.ndarray, "r"]:
        """Log probability of each reading given the linear predictor."""

    def augment(self, rng, values, eta, scale, own):
        """Normal evidence, exact given the auxiliary variables."""
        z, weight = self.pseudo(rng, values, eta + own[values.year, values.dyad], scale)
        own = deviations_drawn(rng, values, z - eta, weight, scale)
        return Pseudo(z - own[values.year, values.dyad], weight, 0.0, own)

    def log_density(self, values, eta, scale, seen):
        """Log density of what is known of the own parameters."""
        readings = (
            0.0
            if len(scale) == 2
            else float(self.log_probability(values, eta + seen.own[values.year, values.dyad], scale).sum())
        )
        there = observed(values)
        rho, spread = float(expit(scale[-1])), np.exp(scale[-2])
        link = there[1:] & there[:-1]
        step = seen.own[1:] - rho * seen.own[:-1]
        first = there.copy()
        first[1:] &= ~there[:-1]
        total = (first * (seen.own**2)).sum() + (step[link] ** 2).sum() / (1 - rho**2)
        return readings - float(
            there.sum() * np.log(spread) + link.sum() * np.log(1 - rho**2) / 2 + total / (2 * spread**2)
        )

    @abc.abstractmethod
    def slope(self, values: Values, odds: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score and information of the readings at a linear predictor."""

    def linear(self, values, eta, scale, own):
        """Score over information near eta."""
        score, information = self.slope(values, eta + own[values.year, values.dyad], scale)
        return Linear(score / np.maximum(information, TINY), information, 0.0)

    def _deviations(self, rng, values: Values, scale: np.ndarray) -> np.ndarray:
        rho, spread = float(expit(scale[-1])), np.exp(scale[-2])
        own = spread * rng.standard_normal(values.shape)
        for year in range(1, values.shape[0]):
            own[year] = rho * own[year - 1] + np.sqrt(1 - rho**2) * own[year]
        return own[values.year, values.dyad]


def observed(values: Values) -> np.ndarray:
    """In which years of which dyads there is a reading."""
    there = np.zeros(values.shape, bool)
    there[values.year, values.dyad] = True
    return there


def deviations_drawn(
    rng: np.random.Generator, values: Values, rest: np.ndarray, weight: np.ndarray, scale: np.ndarray
) -> Float[np.ndarray, "y d"]:
    """An event's own deviations given its pseudo-readings less eta: forward filter, backward draw, dyad by dyad."""
    years, dyads = values.shape
    cell = values.year * dyads + values.dyad
    precision = np.bincount(cell, weight, years * dyads).reshape(years, dyads)
    force = np.bincount(cell, weight * rest, years * dyads).reshape(years, dyads)
    rho, spread2 = float(expit(scale[-1])), np.exp(2 * scale[-2])
    noise = rng.standard_normal((years, dyads))
    mean, variance = np.zeros((years, dyads)), np.zeros((years, dyads))
    m, v = np.zeros(dyads), np.full(dyads, spread2)
    for y in range(years):
        if y:
            m, v = rho * mean[y - 1], rho**2 * variance[y - 1] + spread2 * (1 - rho**2)
        variance[y] = 1 / (1 / v + precision[y])
        mean[y] = variance[y] * (m / v + force[y])
    own = np.zeros((years, dyads))
    own[-1] = mean[-1] + np.sqrt(variance[-1]) * noise[-1]
    for y in range(years - 2, -1, -1):
        step = spread2 * (1 - rho**2)
        gain = variance[y] * rho / (rho**2 * variance[y] + step)
        centre = mean[y] + gain * (own[y + 1] - rho * mean[y])
        own[y] = centre + np.sqrt(variance[y] * (1 - gain * rho)) * noise[y]
    return own


@dataclass(frozen=True)
class Onset(Event):
    """Whether something happened in the quarter: a logit. scale = (log t, logit rho)."""

    @property
    def start(self) -> tuple[float, ...]:
        """Log sd and logit persistence of the own deviation at their prior means."""
        return (0.0, 2.5)

    def level(self, mean: float) -> float:
        """The linear predictor that goes with a mean reading."""
        share = np.clip(mean, 0.001, 0.999)
        return float(np.log(share / (1 - share)))

    def pseudo(self, rng, values, odds, scale):
        """Polya-Gamma variables and the pseudo-readings that go with them."""
        weight = np.asarray(random_polyagamma(1.0, odds, random_state=rng))  # pyright: ignore[reportArgumentType]  # its stubs know scalars only
        return (values.y - 0.5) / weight, weight

    def log_probability(self, values, odds, scale):
        """Log probability of each reading."""
        return values.y * odds - np.logaddexp(0.0, odds)

    def slope(self, values, odds, scale):
        """Score and information of the readings."""
        share = expit(odds)
        return values.y - share, share * (1 - share)

    def sample(self, rng, values, eta, scale):
        """A draw of the readings."""
        return (rng.random(eta.shape) < expit(eta + self._deviations(rng, values, scale))).astype(float)


@dataclass(frozen=True)
class Count(Event):
    """How often it happened in the quarter: negative binomial of size r. scale = (log r, log t, logit rho)."""

    @property
    def start(self) -> tuple[float, ...]:
        """Log sd and logit persistence of the own deviation at their prior means."""
        return (0.0, 0.0, 2.5)

    def level(self, mean: float) -> float:
        """The linear predictor that goes with a mean reading."""
        return float(np.log(max(mean, 0.001)))

    def pseudo(self, rng, values, odds, scale):
        """Polya-Gamma variables and the pseudo-readings that go with them."""
        size = np.exp(scale[0])
        weight = np.asarray(random_polyagamma(values.y + size, odds - scale[0], random_state=rng))
        return scale[0] + 0.5 * (values.y - size) / weight, weight

    def log_probability(self, values, odds, scale):
        """Log probability of each reading."""
        size, y = np.exp(scale[0]), values.y
        counts = gammaln(y + size) - gammaln(size) - gammaln(y + 1)
        return counts + y * (odds - scale[0]) - (y + size) * np.logaddexp(0.0, odds - scale[0])

    def slope(self, values, odds, scale):
        """Score and information of the readings."""
        size, mean = np.exp(scale[0]), np.exp(np.minimum(odds, 12.0))
        share = size / (size + mean)
        return (values.y - mean) * share, mean * share

    def sample(self, rng, values, eta, scale):
        """A draw of the readings."""
        size, odds = np.exp(scale[0]), eta + self._deviations(rng, values, scale)
        return rng.poisson(rng.gamma(size, 1 / size, eta.shape) * np.exp(np.minimum(odds, 8.0))).astype(float)
