"""The record as a backtest reads it: outcomes at every horizon, and what was known when each forecast was made.

The record holds what happened; no forecaster sees it but through `known`, which shifts what is published late.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from latticework.data import layer, load_panel
from latticework.data.dense import FROM
from latticework.data.states import CODES
from latticework.effects import AbstractEffect
from latticework.evaluate.history import SEEN_TO
from latticework.types import Float, Int
from latticework.world import Panel

FIRST, LAST = 1950, 2023
HORIZONS = ("q1", "q2", "q3", "q4", "y1", "y2", "y3", "y4", "y5")
YEARS = HORIZONS[4:]
HUB = CODES.index("USA")
PAIRS = np.stack(np.triu_indices(len(CODES), 1), axis=1)
EVENTS = (
    "turnover",
    "coalition_change",
    "dispute",
    "dispute_force",
    "agreement_ended",
    "agreement_signed",
    "exercise",
)
LEVELS = (
    "agreement",
    "agreement_age",
    "agreement_shift",
    "capability",
    "civil_conflict",
    "contiguity",
    "defence",
    "defence_effort",
    "democracy",
    "dispute_history",
    "distance",
    "ideal_point",
    "major_power",
    "peace_years",
    "rivalry",
    "tenure",
    "troops",
    "war_theatre",
    "pact_age",
    "pact_defence",
    "pact_size",
)
LATE_PACTS = 2015  # the last year of which memberships were seen


@dataclass(frozen=True)
class Record:
    """Worlds at the ends of years with levels, and at the ends of quarters with events, all states."""

    yearly: Panel
    quarterly: Panel

    @classmethod
    def load(cls) -> "Record":
        """The record of the shipped panel."""
        yearly = load_panel(start=FIRST, end=LAST, step="year", layers=LEVELS)
        return cls(yearly, load_panel(start=FIRST, end=LAST, step="quarter", layers=EVENTS))

    @property
    def years(self) -> Int[np.ndarray, "t"]:
        """The years at whose ends the worlds stand."""
        return np.arange(FIRST, LAST + 1)

    @property
    def pacts(self) -> tuple[str, ...]:
        """The agreements of many, by their numbers."""
        return self.yearly.pacts

    @property
    def present(self) -> np.ndarray:
        """Which states existed, (t, n)."""
        return np.asarray(self.yearly.world.present)

    def state(self, name: str) -> Float[np.ndarray, "t n"]:
        """A level of the states."""
        return np.asarray(self.yearly.world.state(name))

    def dyad(self, name: str) -> Float[np.ndarray, "t q"]:
        """A level of unordered dyads, known where one of the directions is."""
        if name not in self._pairs:
            self._pairs[name] = of_pairs(np.asarray(self.yearly.world.dyad(name)))
        return self._pairs[name]

    def pact(self, name: str) -> Float[np.ndarray, "t m"]:
        """A level of agreements of many."""
        values = np.array(self.yearly.world.pact(name))
        values[self.years > LATE_PACTS] = np.nan
        return values

    def effect(self, effect: AbstractEffect) -> Float[np.ndarray, "t q"]:
        """An effect of dyads on every world."""
        name = type(effect).__name__
        if name not in self._pairs:
            worlds = (self.yearly.at(t) for t in range(len(self.years)))
            self._pairs[name] = of_pairs(np.stack([np.asarray(effect(world)) for world in worlds]))
        return self._pairs[name]

    def hosts(self) -> Float[np.ndarray, "t n"]:
        """US troops by host at the ends of years."""
        return np.asarray(self.yearly.world.dyad("troops"))[:, HUB]

    def known(self, name: str, values: Float[np.ndarray, "t u"]) -> Float[np.ndarray, "t u"]:
        """Values as known at the ends of the years: those of the year before, if the layer comes out later."""
        if not layer(FROM.get(name, name))["lag"]:
            return values
        return np.concatenate([np.full_like(values[:1], np.nan), values[:-1]])

    @cached_property
    def _pairs(self) -> dict[str, np.ndarray]:
        return {}

    @cached_property
    def _events(self) -> dict[str, np.ndarray]:
        return {}

    def events(self, name: str) -> Float[np.ndarray, "t 9 u"]:
        """Whether an event comes in each of the four quarters after a year's end, and in each of the five years."""
        if name not in self._events:
            held = self.quarterly.world
            of_state = name in held.states
            values = np.array(held.states[name]) if of_state else of_pairs(np.asarray(held.dyads[name]))
            values[np.repeat(self.years, 4) > SEEN_TO.get(name, LAST)] = np.nan
            quarters = np.minimum(values, 1.0).reshape(len(self.years), 4, -1)
            self._events[name] = ahead(quarters)
        return self._events[name]


def ahead(quarters: Float[np.ndarray, "t 4 u"]) -> Float[np.ndarray, "t 9 u"]:
    """Events of quarters as events of the horizons after each year's end; NaN after the last year."""
    yearly = quarters.max(axis=1)
    beyond = np.full((5, *yearly.shape[1:]), np.nan, np.float32)
    following = np.concatenate([yearly, beyond])
    first = np.concatenate([quarters, np.full((1, 4, *yearly.shape[1:]), np.nan, np.float32)])[1:]
    years = [following[h : h + len(yearly)] for h in range(1, 6)]
    return np.concatenate([first, np.stack(years, axis=1)], axis=1)


def of_pairs(values: Float[np.ndarray, "t n n"]) -> Float[np.ndarray, "t q"]:
    """A layer of dyads at the unordered pairs, whichever direction is known."""
    i, j = PAIRS.T
    there, back = values[:, i, j], values[:, j, i]
    return np.where(np.isnan(there), back, there)
