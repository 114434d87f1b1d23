"""From the rows of a user's file to the table of a layer: every cell understood, or told with its place."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from latticework.data.added.cells import MISSING, cell_of, plain, shown
from latticework.data.added.description import Description
from latticework.data.added.faults import FAULTS, Faults, File, Wrong
from latticework.data.inputs import FIRST_YEAR
from latticework.data.layer import Layer, tidy
from latticework.data.schema import faults
from latticework.errors import PanelError, suggestion

MOST_ROWS = 5_000_000
BEGINNING = f"{FIRST_YEAR}-01-01"


def read_table(file: File, layer: Layer, given: Description) -> tuple[pd.DataFrame, dict[str, int]]:
    """The table of a layer in a user's file, and how many rows were left out, by reason.

    Left out are rows without a value, rows of the states in `leave_out`, what was over before 1950, and the second
    direction of an undirected dyad. PanelError with a line for each fault, at most FAULTS.
    """
    fields = _fields(file, layer, given)
    rows = _Rows(layer, given, list(fields), [i + 1 for i in fields.values()], Faults(file))
    for row in file.rows(list(fields.values())):
        if isinstance(row, Wrong):
            rows.wrong.add(row)
        else:
            rows.take(*row)
    rows.wrong.stop()
    table = _once(rows, layer)
    if table.empty:
        reasons = ", ".join(f"{count} {reason}" for reason, count in rows.left.items()) or "it has none"
        raise PanelError(f"{file.place(1, 1)}: no row is left ({reasons})")
    return _checked(table, layer, rows), dict(rows.left)


def wanted(layer: Layer, given: Description) -> list[str]:
    """The file's names of the columns that a layer may be read from, as far as the description tells."""
    names = dict.fromkeys([*layer.columns, "year"])
    return [given.columns.get(name, name) for name in names]


def _fields(file: File, layer: Layer, given: Description) -> dict[str, int]:
    """The place in the file of every column that is read; PanelError names those that are not there."""
    fields, missing = {}, []
    for ours in _needed(file, layer, given):
        theirs = given.columns.get(ours, ours)
        places = _places(file.names, theirs)
        if len(places) == 1:
            fields[ours] = places[0]
            continue
        known = [plain(name, 40) for name in file.names if name]
        how = f"is there {len(places)} times" if places else f"is not there. {suggestion(theirs, known)}"
        missing.append(f"{file.place(1, 1)}: the column {shown(theirs)} {how}")
    if missing:
        say = "Say in the description which column is which, as in `columns: {value: gdp}`."
        raise PanelError("\n".join([*missing[:FAULTS], say]))
    return fields


def _needed(file: File, layer: Layer, given: Description) -> list[str]:
    """Our names of the columns to read: `year` for `date` if there is only that, `source` if there is one."""
    here = partial(_places, file.names)
    year = "year" in given.columns or ("date" not in given.columns and here("year") and not here("date"))
    day = "year" if year and layer.frequency == "annual" else "date"
    source = ["source"] if "source" in given.columns or here("source") else []
    return [day, *(c for c in layer.columns if c not in ("date", "source")), *source]


def _places(names: Sequence[str], name: str) -> list[int]:
    """Where a name stands in the first line: as it is written, or else in other letters."""
    spelt = [" ".join(other.split()) for other in names]
    exact = [i for i, other in enumerate(spelt) if other == name]
    return exact or [i for i, other in enumerate(spelt) if other.casefold() == name.casefold()]


class _Rows:
    """The rows of a layer as they are read: texts in lists and numbers in arrays, with the line of each row."""

    def __init__(self, layer: Layer, given: Description, names: list[str], numbers: list[int], wrong: Faults) -> None:
        self.names, self.number, self.wrong = names, dict(zip(names, numbers, strict=True)), wrong
        self.cells = {name: cell_of(name, layer) for name in names}
        self.known: dict[str, dict[str, str | float]] = {n: {} for n in names if layer.kinds.get(n) != "number"}
        self.columns: dict[str, Any] = {n: array("d") if layer.kinds.get(n) == "number" else [] for n in names}
        self.lines, self.swapped = array("q"), array("b")
        self.left: Counter[str] = Counter()
        self.missing = MISSING | {word.casefold() for word in given.missing}
        self.leave_out = {code.casefold() for code in given.leave_out}
        self.undirected = layer.kind == "dyad" and not layer.directed

    def take(self, line: int, texts: Sequence[str]) -> None:
        """Keep a row, or leave it out with the reason counted, or note what is wrong with it."""
        row = dict(zip(self.names, texts, strict=True))
        ends = [name for name in ("state", "partner") if name in row]
        if row["value"].casefold() in self.missing:
            self.left["without a value"] += 1
        elif self.leave_out and any(row[name].casefold() in self.leave_out for name in ends):
            self.left["of states to leave out"] += 1
        else:
            days = {name: self._read(name, line, row.pop(name)) for name in ("date", "year", "end") if name in row}
            if None not in days.values() and self._is_over(*map(str, days.values())):
                self.left[f"before {FIRST_YEAR}"] += 1
            else:
                self._keep(line, days | {name: self._read(name, line, text) for name, text in row.items()})

    def _read(self, name: str, line: int, text: str) -> str | float | None:
        """What a cell says; None, and a fault noted, if it says nothing that its column can hold."""
        known = self.known.get(name)
        if known is not None and text in known:
            return known[text]
        try:
            value = self.cells[name](text)
        except ValueError as error:
            self.wrong.add(Wrong(line, self.number[name], str(error)))
            return None
        if known is not None:
            known[text] = value
        return value

    def _is_over(self, day: str, end: str | None = None) -> bool:
        """Whether a row says nothing of the panel's years; a spell goes on to its last day."""
        return day < BEGINNING if end is None else end != "" and end < BEGINNING

    def _keep(self, line: int, row: Mapping[str, str | float | None]) -> None:
        state, partner, day, end = (row.get(n) for n in ("state", "partner", "date", "end"))
        if state is not None and state == partner:
            self.wrong.add(Wrong(line, self.number["partner"], f"the dyad of {state} with itself"))
        elif end and day and str(end) < str(day):
            self.wrong.add(Wrong(line, self.number["end"], f"{end} is before the spell's first day, {day}"))
        elif None not in row.values():
            swap = self.undirected and str(state) > str(partner)
            for name, value in row.items():
                self.columns[name].append(value)
            self.swapped.append(swap)
            self.lines.append(line)
            if len(self.lines) > MOST_ROWS:
                self.wrong.add(Wrong(line, 1, f"a layer has at most {MOST_ROWS} rows"))
                self.wrong.stop()


def _once(rows: _Rows, layer: Layer) -> pd.DataFrame:
    """The rows as a table with the extra column `line`, each key once; PanelError for rows that contradict another."""
    table = _as_table(rows, layer)
    keys = list(layer.keys)
    again = table[table.duplicated(keys)]
    if again.empty:
        return table.drop(columns="swapped")
    first = table.drop_duplicates(keys).merge(again[keys], on=keys, how="right").set_axis(again.index)
    told = [c for c in table.columns if c not in ("line", "swapped")]
    equal = (again[told].eq(first[told]) | (again[told].isna() & first[told].isna())).all(axis=1)
    # the other direction may repeat, once, what the first has said
    repeats = equal & (again["swapped"] != first["swapped"]) & ~again.duplicated(keys)
    for row in again[~repeats].index:
        key, before = ", ".join(map(str, table.loc[row, keys])), int(first["line"][row])
        why = f"there is another row for {key} in {rows.wrong.file.counted} {before}"
        rows.wrong.add(Wrong(int(again["line"][row]), rows.number["state"], why))
    rows.wrong.stop()
    rows.left["in the other direction"] += len(again)
    return table.drop(index=again.index, columns="swapped")


def _as_table(rows: _Rows, layer: Layer) -> pd.DataFrame:
    """The rows with undirected dyads in alphabetical order, and the columns `line` and `swapped`."""
    columns = {
        n: np.asarray(c) if isinstance(c, array) else pd.Series(c, dtype=object) for n, c in rows.columns.items()
    }
    table = pd.DataFrame(columns).rename(columns={"year": "date"})
    swapped = np.asarray(rows.swapped, dtype=bool)
    if rows.undirected:
        state, partner = table["state"], table["partner"]
        table = table.assign(state=partner.where(swapped, state), partner=state.where(swapped, partner))
    given = table["source"] if "source" in table else pd.Series("", table.index, dtype=object)
    return table.assign(source=given.where(given != "", layer.source), line=np.asarray(rows.lines), swapped=swapped)


def _checked(table: pd.DataFrame, layer: Layer, rows: _Rows) -> pd.DataFrame:
    """The table in the layer's order, held against the layer's schema as every table of the panel is."""
    table = table.sort_values(list(layer.keys), kind="stable")
    lines, tidied = table["line"].to_numpy(), tidy(layer, table)
    for fault in faults(layer, tidied):
        line = 1 if fault.row is None else int(lines[fault.row])
        rows.wrong.add(Wrong(line, rows.number.get(fault.column, 1), fault.why))
    rows.wrong.stop()
    return tidied
