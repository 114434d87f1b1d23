"""The panel as one wide table: a row per state or dyad and step, a column per layer, for R, Stata and pandas."""

import gzip
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from latticework.data.catalogue import describe, layer
from latticework.data.cells import NONE, YEAR, Rows
from latticework.data.dense import DYAD_DERIVED, FROM, STATE_DERIVED, Maker, is_level, makers, period_ends, tabular
from latticework.data.grid import Grid
from latticework.data.read import iso_day
from latticework.data.snapshot import CHECKED
from latticework.data.states import CODES, STATES, resolve_all
from latticework.errors import InputError

DERIVED: dict[str, Maker] = STATE_DERIVED | DYAD_DERIVED
TIME = "year"  # the dense layer that the table's own column of this name says better
SUCCESSORS = {"DEU": (260, 255, "1990-10-03"), "YEM": (678, 679, "1990-05-22")}  # COW numbers and the day of change
SIDES = {
    "": "{}",
    "_1": "{}, of state",
    "_2": "{}, of partner",
    "_12": "{}, from state to partner",
    "_21": "{}, from partner to state",
}
KEYS = {
    "year": "Year",
    "quarter": "Quarter of the year",
    "date": "Last day of the step",
    "state": "State, ISO 3166-1 alpha-3",
    "partner": "Partner, ISO 3166-1 alpha-3",
    "ccode": "State's Correlates of War number on the day",
    "ccode1": "State's Correlates of War number on the day",
    "ccode2": "Partner's Correlates of War number on the day",
}
ORIGIN = ("source", "version", "citation", "licence", "coverage")
GZIP_LEVEL = 4  # a third larger than the smallest file, in a tenth of the time
STATA_NAME, STATA_LABEL = 32, 80  # the most characters of a name and of a label in Stata


class Claim(NamedTuple):
    """What a column is: a layer, the side of SIDES that it is seen from, and whether it is its age."""

    layer: str
    side: str
    aged: bool


@dataclass(frozen=True)
class Cells:
    """The rows of a wide table as indices into a grid of `n` states: of their day, state and, of dyads, partner."""

    n: int
    day: np.ndarray
    state: np.ndarray
    partner: np.ndarray | None = None

    def take(self, which: np.ndarray) -> "Cells":
        """Some of the rows."""
        partner = None if self.partner is None else self.partner[which]
        return Cells(self.n, self.day[which], self.state[which], partner)

    @cached_property
    def places(self) -> dict[str, np.ndarray]:
        """Where the rows lie in a flat array over days and states (or dyads), for each of SIDES that they have."""
        one = self.day * self.n + self.state
        if self.partner is None:
            return {"": one}
        other = self.day * self.n + self.partner
        there = one * self.n + self.partner
        return {"_1": one, "_2": other, "": there, "_12": there, "_21": other * self.n + self.state}


def wide_table(
    unit: Literal["state", "dyad"],
    step: Literal["year", "quarter"] = "year",
    states: Iterable[str] | None = None,
    start: int = 1950,
    end: int = 2024,
    layers: Iterable[str] | None = None,
    directed: bool = False,
    relevant: bool = False,
    as_known_on: str | None = None,
    carry: int = 0,
    folder: Path | None = None,
) -> pd.DataFrame:
    """A row per state or dyad and step at whose end the states exist, sorted by state, (partner) and date.

    Columns: year, (quarter,) date, state and ccode, or state, partner, ccode1 and ccode2 (the COW numbers of the day),
    then the layers of `load_panel` or those named, as floats with NaN for missing. In a table of dyads a layer of
    states comes as NAME_1 and NAME_2; dyads come once, with state < partner, or in both directions if `directed`. A
    directed layer is that from state to partner in a directed table, NAME_12 and NAME_21 in another. `relevant` keeps
    politically relevant dyads: contiguous by land or up to 400 miles of water, or with a major power, on the day.
    With `carry`, levels hold for up to that many years after the day that they stand for (or their list's end), and
    NAME_age has the years since that day; events and what is derived are never carried. Missing values, `as_known_on`
    and the errors are those of `load_panel`; InputError for what makes no table. All dyads of 75 years are a
    million rows: 8 megabytes a column.
    """
    if carry < 0:
        raise InputError(f"Values are carried for 0 years or more, not for {carry}.")
    grid = _grid(states, start, end, step, as_known_on, folder)
    cells = _cells(grid, unit, directed, relevant)
    columns = _keys(grid, cells, step)
    claims = _claims(folder)
    for name in _names(unit, layers, folder):
        for column, content in _columns_of(grid, cells, name, directed, carry):
            if column in KEYS or len(claims[column]) > 1:
                raise InputError(f"What the column '{column}' is would not be clear: {_rivals(column, claims)}.")
            columns[column] = content
    return pd.DataFrame(columns, copy=False)


def _grid(
    states: Iterable[str] | None, start: int, end: int, step: str, as_known_on: str | None, folder: Path | None
) -> Grid:
    codes = CODES if states is None else tuple(sorted(resolve_all(states)))
    day = None if as_known_on is None else iso_day(as_known_on, "12-31")
    return Grid(codes, period_ends(start, end, step), as_known_on=day, folder=folder)


def _names(unit: str, layers: Iterable[str] | None, folder: Path | None) -> tuple[str, ...]:
    """The layers of the table; those of dyads have no place in a table of states."""
    if unit not in ("state", "dyad"):
        raise InputError(f"A wide table is of a 'state' or a 'dyad', not of '{unit}'.")
    names = tuple(name for name in dict.fromkeys(tabular(layers, folder)) if name != TIME)
    of_dyads = makers(folder)[1] if unit == "state" else {}
    wrong = [name for name in names if name in of_dyads]
    if wrong and layers is not None:
        raise InputError(f"A table of states has no layers of dyads: leave out {', '.join(wrong)}.")
    return tuple(name for name in names if name not in of_dyads)


def _cells(grid: Grid, unit: str, directed: bool, relevant: bool) -> Cells:
    """The states, or dyads, that exist on each day; of dyads all, or those that are politically relevant."""
    if unit == "state":
        if directed or relevant:
            raise InputError("Only dyads are directed or politically relevant: ask for a table of dyads.")
        state, day = np.nonzero(grid.present.T)
        return Cells(grid.n, day, state)
    if grid.n < 2:
        raise InputError("A table of dyads needs two states or more.")
    ones, others = np.nonzero(~np.eye(grid.n, dtype=bool)) if directed else np.triu_indices(grid.n, 1)
    pair, day = np.nonzero((grid.present[:, ones] & grid.present[:, others]).T)
    cells = Cells(grid.n, day, ones[pair], others[pair])
    return cells.take(_relevant(grid, cells)) if relevant else cells


def _relevant(grid: Grid, cells: Cells) -> np.ndarray:
    """Which dyads are contiguous or have a major power among them."""
    touch, major = grid.level("contiguity").ravel() > 0, grid.level("major_power").ravel() == 1
    return touch[cells.places[""]] | major[cells.places["_1"]] | major[cells.places["_2"]]


def _keys(grid: Grid, cells: Cells, step: str) -> dict[str, Any]:
    """The columns that say which row it is."""
    year = (grid.now.astype("datetime64[Y]").astype(int) + 1970).astype(np.int32)
    quarter = (grid.now.astype("datetime64[M]").astype(int) % 12 // 3 + 1).astype(np.int32)
    codes = pd.Series(grid.codes, dtype="str").array
    keys: dict[str, Any] = {"year": year[cells.day]}
    keys |= {"quarter": quarter[cells.day]} if step == "quarter" else {}
    keys |= {"date": grid.now[cells.day].astype("datetime64[s]"), "state": codes.take(cells.state)}
    numbers = _ccodes(grid)
    if cells.partner is None:
        return keys | {"ccode": numbers[cells.day, cells.state]}
    both = {"ccode1": numbers[cells.day, cells.state], "ccode2": numbers[cells.day, cells.partner]}
    return keys | {"partner": codes.take(cells.partner)} | both


def _ccodes(grid: Grid) -> np.ndarray:
    """The COW number of each state on each day, (t, n)."""
    numbers = np.array([STATES[code].cow[0] for code in grid.codes], dtype=np.int32)
    numbers = np.tile(numbers, (len(grid.now), 1))
    for code, (before, after, changed) in SUCCESSORS.items():
        if code in grid.codes:
            late = grid.now >= np.datetime64(changed)
            numbers[:, grid.codes.index(code)] = np.where(late, after, before)
    return numbers


def _columns_of(grid: Grid, cells: Cells, name: str, directed: bool, carry: int) -> Iterator[tuple[str, np.ndarray]]:
    """The columns of one layer: their names and contents."""
    of_states, of_dyads = makers(grid.folder)
    sides = _sides(name, name in of_dyads, directed, grid.folder) if cells.partner is not None else ("",)
    if not _level(name, grid.folder):
        made = (of_states | of_dyads)[name](grid).ravel()
        for side in sides:
            yield column_name(name, side), _decimal(made[cells.places[side]])
        return
    reading = _long(grid, carry) if carry and describe(name, grid.folder).carry else replace(grid)
    held = reading.held(name).ravel()
    for side in sides:
        row = held[cells.places[side]]
        value = _values(reading, name, row, cells.day)
        yield column_name(name, side), value
        if carry:
            age = _ages(reading.rows(name), row, grid.now[cells.day])
            yield column_name(name, f"_age{side}"), np.where(np.isnan(value), np.nan, age)


def _sides(name: str, dyad: bool, directed: bool, folder: Path | None) -> tuple[str, ...]:
    """The sides from which a dyad table shows a layer."""
    if not dyad:
        return ("_1", "_2")
    return ("_12", "_21") if not directed and describe(FROM.get(name, name), folder).directed else ("",)


def _level(name: str, folder: Path | None) -> bool:
    """Whether a dense layer is a level of the panel, whose values are those of its rows."""
    return name not in DERIVED and is_level(describe(name, folder))


def _long(grid: Grid, carry: int) -> Grid:
    """The grid that believes values for so many years: a day more than they can have."""
    days = np.timedelta64(int(365.25 * carry) + 1, "D")
    return replace(grid, carry=days, reach=max(YEAR, days + 1))


def _values(grid: Grid, name: str, row: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The numbers of the rows that hold: as in the layer's table, 0 where a complete list has none, else NaN."""
    rows = grid.rows(name)
    value = np.append(rows.value, np.nan)[row]  # NONE is the last
    if rows.described.absent == "zero":
        value[(row == NONE) & grid.covered(name, grid.now)[day]] = 0
    return value


def _ages(rows: Rows, row: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Years from the day that each value stands for, of a list (and its zeros) at most its end, to the row's day."""
    listed = np.minimum(day, rows.until)
    spells = rows.described.frequency == "spells"
    as_of = listed if spells else np.where(row == NONE, listed, np.append(rows.date, rows.until)[row])
    if "confidence" in rows.columns:  # treaties that nobody looked at after the end of ATOP
        unchecked = np.append(rows.columns["confidence"] == "carried", False)[row]
        as_of = np.where(unchecked, np.minimum(as_of, CHECKED[1]), as_of)
    return np.round((day - as_of).astype("timedelta64[D]").astype(float) / 365.25, 2)


def _decimal(column: np.ndarray) -> np.ndarray:
    """Single-precision numbers as the shortest decimals that they stand for: 0.1, not 0.10000000149."""
    index, distinct = pd.factorize(column)
    return np.append(distinct.astype(str).astype(np.float64), np.nan)[index]  # a missing value has the index -1


def column_name(name: str, ending: str) -> str:
    """The name of a layer's column, at most 32 characters for Stata; one that is cut ends in a few of its hash."""
    room = STATA_NAME - len(ending)
    if len(name) > room:
        name = f"{name[: room - 5]}_{hashlib.sha256(name.encode()).hexdigest()[:4]}"
    return name + ending


def _claims(folder: Path | None) -> dict[str, list[Claim]]:
    """Every column that a wide table can have and what it is, of all layers."""
    claims: dict[str, list[Claim]] = {}
    for made, sides in zip(makers(folder), (("", "_1", "_2"), ("", "_12", "_21")), strict=True):
        for name in made:
            for aged in (False, True) if _level(name, folder) else (False,):
                for side in sides:
                    claims.setdefault(column_name(name, "_age" * aged + side), []).append(Claim(name, side, aged))
    return claims


def _rivals(column: str, claims: Mapping[str, list[Claim]]) -> str:
    names = " and ".join(f"'{claim.layer}'" for claim in claims[column])
    return f"the layer{'s' * (len(claims[column]) > 1)} {names} would make it; rename one, or leave it out"


def describe_columns(table: pd.DataFrame, folder: Path | None = None) -> pd.DataFrame:
    """A row per column of a wide table: column, layer, title, unit, source, version, citation, licence, coverage, lag.

    `known_lag` says how long after its date a figure could first be known; `derived_from` names the layer that a
    derived one follows from. A column that is no layer's has empty cells.
    """
    claims = _claims(folder)
    empty = dict.fromkeys(("column", "layer", "title", "unit", *ORIGIN, "known_lag", "derived_from"), "")
    told = []
    for column in table.columns:
        known = _told(claims[column][0], folder) if column in claims else {}
        told.append(empty | {"column": column} | ({"title": KEYS[column]} if column in KEYS else known))
    return pd.DataFrame(told, columns=list(empty))


def _told(claim: Claim, folder: Path | None) -> dict[str, str]:
    """What a column is and where it comes from; the title of a derived layer is the first words on how it is made."""
    described = describe(FROM.get(claim.layer, claim.layer), folder)
    record = layer(described.name, folder)
    title, unit, base = described.title, described.unit, ""
    if claim.layer in DERIVED:
        title, unit, base = re.split(r"[.;:]", DERIVED[claim.layer].__doc__ or "")[0], "", described.name
    if claim.aged:
        title, unit = f"Age of: {title}", "years since the day that the value stands for"
    told = {"layer": claim.layer, "title": SIDES[claim.side].format(title), "unit": unit, "derived_from": base}
    lag = "row by row" if "known" in described.extras else f"{described.lag} months"
    return told | {key: record[key] for key in ORIGIN} | {"known_lag": lag}


def write_table(table: pd.DataFrame, path: Path | str, labels: pd.DataFrame) -> tuple[Path, Path]:
    """Write a wide table as .csv, .csv.gz, .parquet or .dta (Stata 118); returns its path and that of its sources.

    `labels` are those of `describe_columns`: they become Stata's variable labels, the metadata of the Parquet file and
    the table NAME.sources.csv beside it. Both files replace older ones only when they are whole. InputError for
    another ending or a place that cannot be written.
    """
    path = Path(path)
    ending = next((e for e in sorted(WRITERS, key=len, reverse=True) if path.name.lower().endswith(e)), None)
    if ending is None:
        raise InputError(f"A table is written to a file in {', '.join(WRITERS)}, not to '{path.name}'.")
    beside = path.with_name(path.name[: -len(ending)] + ".sources.csv")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as aside:
            new, sources = Path(aside) / path.name, Path(aside) / beside.name
            WRITERS[ending](table, new, labels)
            labels.to_csv(sources, index=False, lineterminator="\n")
            new.replace(path)
            sources.replace(beside)
    except OSError as error:
        raise InputError(f"The table cannot be written to {path}: {error.strerror or error}.") from error
    return path, beside


def _arrow(table: pd.DataFrame) -> pa.Table:
    """The table with null for missing and dates without a time of day, which no time zone can move."""
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    days = [(i, f.name) for i, f in enumerate(arrow.schema) if pa.types.is_timestamp(f.type)]
    for i, name in days:
        arrow = arrow.set_column(i, name, arrow[name].cast(pa.date32()))
    return arrow


def _write_csv(table: pd.DataFrame, path: Path, labels: pd.DataFrame) -> None:
    csv.write_csv(_arrow(table), path)


def _write_packed_csv(table: pd.DataFrame, path: Path, labels: pd.DataFrame) -> None:
    with path.open("wb") as file, gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as packed:
        csv.write_csv(_arrow(table), packed)


def _write_parquet(table: pd.DataFrame, path: Path, labels: pd.DataFrame) -> None:
    about = {record["column"]: record for record in labels.to_dict("records")}
    metadata = {"latticework": json.dumps(about, ensure_ascii=False)}
    pq.write_table(_arrow(table).replace_schema_metadata(metadata), path, compression="zstd")


def _write_stata(table: pd.DataFrame, path: Path, labels: pd.DataFrame) -> None:
    said = {r["column"]: _label(r["title"], r["unit"]) for r in labels.to_dict("records") if r["column"] in table}
    small = pd.DataFrame({c: _whole(table[c]) for c in table.columns}, copy=False)
    small.to_stata(
        path,
        version=118,
        write_index=False,
        variable_labels=said,
        convert_dates={"date": "td"} if "date" in table else None,
        time_stamp=pd.Timestamp("1960-01-01").to_pydatetime(),  # Stata's day 0: the same table gives the same bytes
    )


def _label(title: str, unit: str) -> str:
    text = f"{title} ({unit})" if unit else title
    return text if len(text) <= STATA_LABEL else text[: STATA_LABEL - 1] + "…"


def _whole(column: pd.Series) -> pd.Series:
    """Small whole numbers, the most of a panel, in one or two bytes a cell; anything else as it is."""
    if column.dtype != np.float64:
        return column
    known = column.to_numpy()[~np.isnan(column.to_numpy())]
    if (np.abs(known) > 32_000).any() or (known != np.round(known)).any():
        return column
    return column.astype("Int8" if (np.abs(known) <= 100).all() else "Int16")


WRITERS: dict[str, Callable[[pd.DataFrame, Path, pd.DataFrame], None]] = {
    ".csv": _write_csv,
    ".csv.gz": _write_packed_csv,
    ".parquet": _write_parquet,
    ".dta": _write_stata,
}
