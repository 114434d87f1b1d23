"""A grid is the days and the states of a panel, and what a layer says about them."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from latticework.data.cells import NONE, YEAR, Rows, holding, rows_of, values

LASTING = ("exists", "major_power", "contiguity", "distance")  # open spells hold after the last edition of their list


@dataclass(frozen=True)
class Grid:
    """Days and states to fill.

    `days` has one day before the first and one after the last day of the panel, so that every day has the step that
    led to it and the one that follows. `reach` is how long a dated value holds after its day, `carry` how long a
    layer that is complete up to a day is believed after it. With `as_known_on` (an ISO day) nothing is read that could
    not be known on that day.
    """

    codes: tuple[str, ...]
    days: np.ndarray
    reach: np.timedelta64 = YEAR
    carry: np.timedelta64 = field(default_factory=lambda: np.timedelta64(0, "D"))
    as_known_on: str | None = None
    folder: Path | None = None

    @property
    def now(self) -> np.ndarray:
        """The days of the panel itself, shape (t,)."""
        return self.days[1:-1]

    @property
    def n(self) -> int:
        """The number of states."""
        return len(self.codes)

    @cached_property
    def _rows(self) -> dict[str, Rows]:
        return {}

    def rows(self, name: str) -> Rows:
        """The layer's rows for the grid's states, both directions of undirected dyads."""
        if name not in self._rows:
            self._rows[name] = rows_of(name, self.codes, self.as_known_on, self.folder)
        return self._rows[name]

    @cached_property
    def existing(self) -> np.ndarray:
        """Which states exist on each day of `days`, shape (t+2, n)."""
        return holding(self.rows("exists"), self.days, self.n) != NONE

    @property
    def present(self) -> np.ndarray:
        """Which states exist on each day of the panel, shape (t, n)."""
        return self.existing[1:-1]

    def covered(self, name: str, days: np.ndarray) -> np.ndarray:
        """Whether the layer's list is complete on each day: to its source's end, plus `carry` if it may be carried."""
        rows = self.rows(name)
        if name in LASTING:
            return days >= rows.since
        longer = self.carry if rows.described.carry and self.carry else np.timedelta64(0, "D")
        return (days >= rows.since) & (days <= rows.until + longer)

    def held(self, name: str) -> np.ndarray:
        """The row that holds on each day of the panel, per state or dyad; NONE where none does or is believed."""
        rows = self.rows(name)
        complete = (
            rows.described.absent == "zero"
        )  # a row of such a list holds until the next edition, which may omit it
        reach = np.where(complete & (rows.date + YEAR <= rows.until), YEAR, self.reach)
        held = holding(rows, self.now, self.n, reach)
        if rows.described.frequency == "spells":
            held[~self.covered(name, self.now)] = NONE
        return held

    def level(self, name: str) -> np.ndarray:
        """The layer's value on each day of the panel, (t, n) or (t, n, n): NaN if missing, 0 where a list says so."""
        held = self.held(name)
        level = values(self.rows(name), held)
        if self.rows(name).described.absent == "zero":
            covered = self.covered(name, self.now).reshape(-1, *([1] * (level.ndim - 1)))
            level = np.where((held == NONE) & covered, np.float32(0), level)
        return level
