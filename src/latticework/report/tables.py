"""A table of the outlook is a title, columns and cells of finished text; terminal and page draw the same one."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from latticework.measures.outlook import year_ends
from latticework.report.numbers import MISSING, chance, chance_band, count, decimal, persons, to
from latticework.report.results import Results


class Cell(NamedTuple):
    """What stands in a cell: the value, its band, and the mark of its origin if it is not that of the column."""

    text: str
    band: str = ""
    mark: str = ""


class Column(NamedTuple):
    """A heading, the branch it belongs to (empty: all), whether numbers stand below it, their origin (O, E, A).

    `wraps` says whether its texts may run over several lines.
    """

    title: str
    branch: str = ""
    numeric: bool = True
    mark: str = ""
    wraps: bool = False


@dataclass(frozen=True)
class Table:
    """Finished text, row by row; the first cell of a row names it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class Finder:
    """Rows of the outlook by what they are about."""

    def __init__(self, results: Results) -> None:
        self.results, self.rows = results, results.rows
        self.baseline = str(results.scenario.baseline)
        self.years = tuple(year_ends(results.dates))
        self._units: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
        for _, kind, quantity, state, partner, _ in results.rows:
            self._units.setdefault((kind, quantity), {})[state, partner] = None

    def row(self, branch: str, kind: str, quantity: str, unit: tuple[str, str], date: str) -> Any:
        """The row, in either order of the two states; None if there is none."""
        state, partner = unit
        found = self.rows.get((branch, kind, quantity, state, partner, date))
        return found or self.rows.get((branch, kind, quantity, partner, state, date))

    def cell(self, branch: str, kind: str, quantity: str, unit: tuple[str, str], date: str) -> Cell:
        """The finished cell of a number or chance."""
        row = self.row(branch, kind, quantity, unit, date)
        if row is None:
            return Cell(MISSING)
        mark = "A" if "assumed" in row.origin else ""
        if row.unit == "chance":
            paths = self.results.paths
            return Cell(chance(row.value, paths), chance_band(row.lower, row.upper, paths), mark)
        show = decimal if row.unit == "ideal points" else persons if row.lower == row.lower else count
        band = f"({show(row.lower)}{to(row.lower)}{show(row.upper)})" if row.lower == row.lower else ""
        return Cell(show(row.value), band, mark)

    def start(self, kind: str, quantity: str, unit: tuple[str, str]) -> Cell:
        """The observed value of the baseline day."""
        return self.cell(self.results.branches[0], kind, quantity, unit, self.baseline)

    def has(self, kind: str, quantity: str, unit: tuple[str, str]) -> bool:
        """Whether the outlook says anything about this after the baseline."""
        return self.row(self.results.branches[0], kind, quantity, unit, self.years[-1]) is not None

    def units(self, kind: str, quantity: str) -> list[tuple[str, str]]:
        """The states or dyads of which the outlook knows this, in its order."""
        return list(self._units.get((kind, quantity), ()))

    def acted(self, kind: str, quantity: str) -> list[tuple[str, str]]:
        """The units on which an assumption of some branch acts directly."""
        return list(self.results.acted.get((kind, quantity), {}))
