"""What is not seen of the dyads, drawn given the items: strength, the factors of the domains, means, tails.

theta_t = mu + rho (theta_{t-1} - mu) + e_t by quarters, e_t ~ t_4(0, sigma_g); the factor of a domain is AR(1) by
years with variance one. A Student-t innovation is normal with a gamma precision, so that given these precisions and
the families' auxiliary variables all factors of a dyad are jointly normal and are drawn at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Linear, Pseudo, differenced
from latticework.measures.strength.items import Item, Rows
from latticework.measures.strength.smoother import BLOCK, FACTORS, QUARTERS, solve
from latticework.types import Bool, Float

FREEDOM = 4.0


@dataclass(frozen=True)
class Dynamics:
    """How strength moves: innovation scale by patron, persistence, and what the mean of a dyad depends on."""

    sigma: Float[np.ndarray, "g"]
    rho: float
    rho_domain: Float[np.ndarray, "3"]
    standing: Float[np.ndarray, "m"]
    state: Float[np.ndarray, "n"]
    spread: float

    def mean(self, dyads: Dyads) -> Float[np.ndarray, "d"]:
        """The mean strength that a dyad's standing and its two states lead one to expect."""
        return dyads.standing @ self.standing + self.state[dyads.first] + self.state[dyads.second]

    def opening(self, patron: np.ndarray) -> Float[np.ndarray, "d"]:
        """The stationary variance of strength around its mean."""
        return FREEDOM / (FREEDOM - 2) * self.sigma[patron] ** 2 / (1 - self.rho**2)


@dataclass(frozen=True)
class Life:
    """Which quarters or years of a dyad hang together: `first` opens a life, `link` continues it."""

    first: Bool[np.ndarray, "t d"]
    link: Bool[np.ndarray, "t d"]

    @staticmethod
    def of(alive: Bool[np.ndarray, "t d"]) -> "Life":
        """The life of dyads whose states exist in some quarters or years."""
        before = np.vstack([np.zeros_like(alive[:1]), alive[:-1]])
        return Life(alive & ~before, alive & before)


@dataclass(frozen=True)
class Ties:
    """The dyads with their lives by quarters and by years, and all readings."""

    dyads: Dyads
    quarters: Life
    years: Life
    rows: tuple[Rows, ...]

    @staticmethod
    def of(dyads: Dyads, rows: Sequence[Rows]) -> "Ties":
        """Dyads and readings put together; the quarters begin with the first of a year."""
        by_year = np.asarray(dyads.alive.reshape(-1, QUARTERS, len(dyads)).any(1))
        return Ties(dyads, Life.of(dyads.alive), Life.of(by_year), tuple(rows))

    def take(self, which: np.ndarray) -> "Ties":
        """Some of the dyads with their readings, in the order given."""
        place = np.full(len(self.dyads), -1)
        place[which] = np.arange(len(which))
        return Ties.of(self.dyads.take(which), [rows.take(place, len(which)) for rows in self.rows])


@dataclass(frozen=True)
class Hidden:
    """Deviations of strength from its mean, factors of the domains, mean strength, precisions of innovations."""

    deviation: Float[np.ndarray, "t d"]
    factor: Float[np.ndarray, "y 3 d"]
    mu: Float[np.ndarray, "d"]
    precision: Float[np.ndarray, "t d"]

    @property
    def strength(self) -> Float[np.ndarray, "t d"]:
        """Tie strength on the sampler's own scale."""
        return self.deviation + self.mu

    def at(self, rows: Rows) -> tuple[Float[np.ndarray, "r"], Float[np.ndarray, "r"]]:
        """Strength and the factor of the indicator's domain at each reading."""
        return self._deviation(rows) + self.mu[rows.d], self.factor[
            rows.t // QUARTERS, rows.indicator.domain_index, rows.d
        ]

    def _deviation(self, rows: Rows) -> np.ndarray:
        dyads = len(self.mu)
        if rows.indicator.flow:
            yearly = self.deviation.reshape(-1, QUARTERS, dyads).mean(1)
            return yearly.ravel()[rows.t // QUARTERS * dyads + rows.d]
        return self.deviation.ravel()[rows.t * dyads + rows.d]

    @staticmethod
    def start(ties: Ties) -> "Hidden":
        """Where a chain begins: all at zero."""
        times, dyads = ties.quarters.first.shape
        return Hidden(
            np.zeros((times, dyads)),
            np.zeros((times // QUARTERS, FACTORS, dyads)),
            np.zeros(dyads),
            np.ones((times, dyads)),
        )


@dataclass
class System:
    """The block tridiagonal system of a sweep, filled piece by piece."""

    diagonal: Float[np.ndarray, "y 7 7 d"]
    lower: Float[np.ndarray, "y 7 7 d"]
    sides: Float[np.ndarray, "y r 7 d"]

    @staticmethod
    def empty(years: int, sides: int, dyads: int) -> "System":
        """A system without evidence."""
        return System(
            np.zeros((years, BLOCK, BLOCK, dyads)),
            np.zeros((years, BLOCK, BLOCK, dyads)),
            np.zeros((years, sides, BLOCK, dyads)),
        )

    def solved(self) -> Float[np.ndarray, "y r 7 d"]:
        """The states that every right-hand side gives."""
        with jax.enable_x64(True):
            return np.array(solve(self.diagonal, self.lower, self.sides))


def add_prior(system: System, hidden: Hidden, ties: Ties, dynamics: Dynamics, rng: np.random.Generator | None) -> None:
    """Add the laws of motion; with `rng` perturbed by their noise, on the first right-hand side."""
    years, _, _, dyads = system.diagonal.shape
    moving = hidden.precision / dynamics.sigma[ties.dyads.patron] ** 2
    precision = np.where(
        ties.quarters.link, moving, np.where(ties.quarters.first, 1 / dynamics.opening(ties.dyads.patron), 1.0)
    )
    _add_chain(
        system,
        range(QUARTERS),
        precision.reshape(years, QUARTERS, dyads),
        ties.quarters.link.reshape(years, QUARTERS, dyads),
        dynamics.rho,
        rng,
    )
    for m in range(FACTORS):
        rho = dynamics.rho_domain[m]
        precision = np.where(ties.years.link, 1 / (1 - rho**2), 1.0)
        _add_chain(
            system, range(QUARTERS + m, QUARTERS + m + 1), precision[:, None], ties.years.link[:, None], rho, rng
        )


def _add_chain(
    system: System, places: range, precision: np.ndarray, link: np.ndarray, rho: float, rng: np.random.Generator | None
) -> None:
    """Add precision (x_t - rho x_{t-1})^2 for each element of a chain that runs through the places of every block."""
    tied = np.where(link, rho, 0.0)
    error = None if rng is None else np.sqrt(precision) * rng.standard_normal(precision.shape)
    for k, place in enumerate(places):
        p, r = precision[:, k], tied[:, k]
        system.diagonal[:, place, place] += p
        if k:
            before = places[k - 1]
            system.diagonal[:, before, before] += p * r**2
            system.diagonal[:, place, before] -= p * r
            system.diagonal[:, before, place] -= p * r
        else:
            before = places[-1]
            system.diagonal[:-1, before, before] += (p * r**2)[1:]
            system.lower[1:, place, before] -= (p * r)[1:]
        if error is not None:
            system.sides[:, 0, place] += error[:, k]
            if k:
                system.sides[:, 0, before] -= r * error[:, k]
            else:
                system.sides[:-1, 0, before] -= (r * error[:, k])[1:]


def add_readings(
    system: System, rows: Rows, item: Item, seen: Linear, patron: np.ndarray, side: int, rng: np.random.Generator | None
) -> None:
    """Add one indicator's evidence on right-hand side `side`; with `rng` perturbed by its noise.

    The rest of `seen` is that of (1 - carry lag) of what the deviation and the factor add to the linear predictor.
    """
    years, _, _, dyads = system.diagonal.shape
    loading, gamma = item.loading[patron], item.specific
    pull = seen.weight * seen.rest
    if rng is not None:
        pull = pull + np.sqrt(seen.weight) * rng.standard_normal(len(pull))
    slots = 1 if rows.indicator.flow or rows.indicator.stock else QUARTERS
    at = (rows.t // (QUARTERS // slots)) * dyads + rows.d
    weight, force = (np.zeros(years * slots * dyads) for _ in range(2))
    weight[at], force[at] = seen.weight, pull
    weight, force = (a.reshape(years, slots, dyads) for a in (weight, force))
    passed = np.zeros_like(weight)
    if seen.carry:
        linked = np.zeros(years * dyads)
        linked[at[rows.values.before >= 0]] = seen.carry
        passed = linked.reshape(years, 1, dyads)
    f = QUARTERS + rows.indicator.domain_index
    for slot in range(slots):
        w, p, c = weight[:, slot], force[:, slot], passed[:, slot]
        total, push = w.copy(), p.copy()
        if seen.carry:
            total[:-1] += (w * c**2)[1:]
            push[:-1] -= (p * c)[1:]
        parts = _direction(rows, slot, slots, loading, gamma, f)
        for i, a in parts:
            system.sides[:, side, i] += a * push
            for j, b in parts:
                system.diagonal[:, i, j] += a * b * total
                if seen.carry:
                    system.lower[:, i, j] -= a * b * w * c


def _direction(
    rows: Rows, slot: int, slots: int, loading: np.ndarray, gamma: float, f: int
) -> list[tuple[int, np.ndarray | float]]:
    """On which states of a block a reading bears, and with what weight."""
    if rows.indicator.flow:
        return [*((q, loading / QUARTERS) for q in range(QUARTERS)), (f, gamma)]
    return [(slot if slots > 1 else QUARTERS - 1, loading), (f, gamma)]


def augmented(rng: np.random.Generator, hidden: Hidden, rows: Rows, item: Item, own: np.ndarray) -> Pseudo:
    """The normal evidence that an indicator's readings are, given the factors and what the last sweep remembered."""
    return rows.indicator.family.augment(rng, rows.values, item.eta(rows, *hidden.at(rows)), item.scale, own)


def hidden_drawn(
    rng: np.random.Generator,
    hidden: Hidden,
    ties: Ties,
    items: Sequence[Item],
    dynamics: Dynamics,
    seen: Sequence[Pseudo],
) -> Hidden:
    """The factors, the dyads' means and the precisions of innovations, given the normal evidence."""
    times, count = hidden.deviation.shape
    system = System.empty(times // QUARTERS, 1, count)
    add_prior(system, hidden, ties, dynamics, rng)
    for rows, item, pseudo in zip(ties.rows, items, seen, strict=True):
        beyond = pseudo.z - item.base(rows) - item.loading[rows.patron] * hidden.mu[rows.d]
        rest = differenced(beyond, rows.values.before, pseudo.carry)
        add_readings(system, rows, item, Linear(rest, pseudo.weight, pseudo.carry), ties.dyads.patron, 0, rng)
    states = system.solved()[:, 0]
    strength = states[:, :QUARTERS].reshape(times, count) + hidden.mu
    mu = _mean_drawn(rng, strength, hidden.precision, ties, dynamics)
    deviation = strength - mu
    shock = innovations(deviation, ties.quarters, dynamics.rho) / dynamics.sigma[ties.dyads.patron]
    precision = rng.standard_gamma((FREEDOM + ties.quarters.link) / 2) / ((FREEDOM + shock**2) / 2)
    return Hidden(deviation, states[:, QUARTERS:], mu, precision)


def innovations(deviation: np.ndarray, life: Life, rho: float) -> Float[np.ndarray, "t d"]:
    """e_t = x_t - rho x_{t-1} where a life goes on, else 0."""
    before = np.vstack([np.zeros_like(deviation[:1]), deviation[:-1]])
    return np.where(life.link, deviation - rho * before, 0.0)


def _mean_drawn(
    rng: np.random.Generator, strength: np.ndarray, precision: np.ndarray, ties: Ties, dynamics: Dynamics
) -> Float[np.ndarray, "d"]:
    """The mean strength of each dyad given its course."""
    life, patron = ties.quarters, ties.dyads.patron
    step, weight = 1 - dynamics.rho, np.where(life.link, precision, 0.0) / dynamics.sigma[patron] ** 2
    opening = life.first / dynamics.opening(patron)
    moved = innovations(strength, life, dynamics.rho)
    total = dynamics.spread**-2 + step**2 * weight.sum(0) + opening.sum(0)
    centre = (
        dynamics.mean(ties.dyads) * dynamics.spread**-2 + step * (weight * moved).sum(0) + (opening * strength).sum(0)
    )
    return centre / total + rng.standard_normal(len(total)) / np.sqrt(total)
