"""A snapshot is the world on one day as it was known then: the last value of every layer, with its date and origin."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from latticework.data import agreements, derived
from latticework.data.catalogue import described, layers
from latticework.data.cells import NONE, YEAR, Rows, values
from latticework.data.dense import FROM, OF_PACTS, REMEMBERED, chosen, is_level, world
from latticework.data.grid import Grid
from latticework.data.layer import Layer
from latticework.data.states import resolve_all
from latticework.errors import InputError
from latticework.world import World

FIRST = np.datetime64("1951-01-01")  # when something of 1950 is known
EVER = np.timedelta64(200 * 365, "D")
CARRY = np.timedelta64(5 * 365 + 1, "D")  # a value that is older than five years is missing
QUARTER = np.timedelta64(91, "D")  # the step for events: the quarter before the day and the one after
CHECKED = np.array(["2016-12-31", "2018-12-31"], dtype="datetime64[D]")  # the last days of ATOP 4.01 and 5.1
OLD = "out of date"
AS_OF_END = ("peace_years", "dispute_history", "trade", "trade_usual", *(f"{name}_recent" for name in REMEMBERED))
COLUMNS = ["layer", "state", "partner", "value", "date", "age_years", "source", "origin"]


@dataclass(frozen=True)
class Snapshot:
    """The world on one day (no time axis), and where each of its values comes from.

    `inputs` has a row per value: layer, state, partner (empty for a state layer), value, date (the day the value
    stands for), age_years, source and origin: "observed", or "carried forward" if it is older than its layer's step or
    its list ended before the day. A zero that a complete list implies has no row. `old` has the same columns for what
    the panel knows and the world does not take: values older than five years, of the origin "out of date", and of
    layers of events how many there were in the last year on record, dated by its end.
    """

    world: World
    codes: tuple[str, ...]
    date: str
    inputs: pd.DataFrame
    old: pd.DataFrame


def load_snapshot(date: str, states: Iterable[str], folder: Path | None = None) -> Snapshot:
    """The world of the named states on a day (ISO), from the last values that could be known on it.

    Values are carried forward for at most five years (North Korea's spending of 2001 and Taiwan's vote of 1971 stay
    missing); lists of states, major powers, borders and distances for ever; `peace_years`, `dispute_history`, `trade`
    and what dyads remember (`exercise_recent`) are as of the end of their data. Leaders, elections and disputes are not
    carried: after the end of their data they are NaN.
    """
    day = _day(date)
    days = np.array([day - QUARTER, day, day + QUARTER])
    grid = Grid(resolve_all(states), days, reach=CARRY, carry=CARRY, as_known_on=str(day), folder=folder)
    names = chosen(None, folder)
    now = world(grid, (*names, *OF_PACTS))
    return Snapshot(now.mapped(lambda layer: layer[-1]), grid.codes, str(day), _inputs(grid, now), _old(grid, now))


def _day(date: str) -> np.datetime64:
    try:
        day = np.datetime64(pd.Timestamp(date).strftime("%Y-%m-%d"), "D")
    except ValueError as error:
        raise InputError(f"'{date}' is not a day (2025-01-24).") from error
    if day < FIRST:
        raise InputError(f"The panel begins in 1950: nothing can be said as of {date}. Name a day from {FIRST} on.")
    return day


def _inputs(grid: Grid, now: World) -> pd.DataFrame:
    """A row per value that the snapshot took from a row of the panel."""
    levels = _layers(grid, is_level)
    tables = [_taken(grid, name, grid.held(name)[-1], _array(now, name)) for name in levels]
    oldest, held = agreements.oldest(grid, grid.now)
    tables.append(_taken(grid, "agreement_age", held[-1], _array(now, "agreement_age"), oldest))
    tables.append(_taken(grid, "tenure", derived.in_office(grid)[1], _array(now, "tenure"), grid.rows("leader")))
    tables += [_as_of_end(grid, name, _array(now, name)) for name in AS_OF_END]
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _layers(grid: Grid, wanted: Callable[[Layer], bool]) -> list[str]:
    return [record["layer"] for record in layers(grid.folder) if wanted(described(record["layer"], record))]


def _old(grid: Grid, now: World) -> pd.DataFrame:
    """A row per value that is too old for the world, and per cell that had events in the last year on record."""
    ever = replace(grid, reach=EVER, carry=EVER)
    tables = []
    for name in _layers(grid, is_level):
        held = ever.held(name)[-1]
        there = now.present if held.ndim == 1 else now.present[:, :, None] & now.present[:, None, :]
        left_out = np.isnan(_array(now, name)) & np.asarray(there)[-1]
        level = np.where(left_out, values(ever.rows(name), held), np.nan)
        tables.append(_taken(ever, name, held, level).assign(origin=OLD))
    tables += [_recent(grid, name) for name in _layers(grid, lambda layer: layer.event)]
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _recent(grid: Grid, name: str) -> pd.DataFrame:
    """How much happened in the last year on record, where anything did."""
    rows, day = grid.rows(name), grid.now[-1]
    end = min(rows.until, day)
    recent = (rows.date <= end) & (rows.date > end - YEAR)
    total = np.zeros((grid.n,) * len(rows.place))
    np.add.at(total, tuple(p[recent] for p in rows.place), rows.value[recent])
    place = np.nonzero(total)
    return _table(grid, name, place, total[place]).assign(
        date=str(end),
        age_years=float((day - end).astype(float) / 365.25),
        source=str(rows.columns["source"][-1]) if len(rows.date) else "",
        origin="observed" if end > day - YEAR else OLD,
    )


def _array(now: World, name: str) -> np.ndarray:
    return np.asarray((now.states if name in now.states else now.dyads)[name][-1], dtype=float)


def _taken(grid: Grid, name: str, held: np.ndarray, value: np.ndarray, rows: Rows | None = None) -> pd.DataFrame:
    """The values of a layer and the rows that they come from."""
    rows = rows or grid.rows(name)
    place = np.nonzero((held != NONE) & ~np.isnan(value))
    row = held[place]
    stands, source, day = rows.date[row], rows.columns["source"][row], grid.now[-1]
    spell = rows.described.frequency == "spells"
    late = (day > rows.until) if spell else (day - stands >= YEAR)
    as_of = np.where(late, rows.until, day) if spell else stands
    if (
        spell and "confidence" in rows.columns
    ):  # treaties that ran when ATOP ended and that no fact of the patch confirms
        unchecked = rows.columns["confidence"][row] == "carried"
        checked = min(CHECKED[int(name != "agreement_age")], day)
        late, as_of = late | (unchecked & (checked < day)), np.where(unchecked, checked, as_of)
    return _table(grid, name, place, value[place]).assign(
        date=np.datetime_as_string(stands),
        age_years=(day - as_of).astype(float) / 365.25,
        source=source,
        origin=np.where(late, "carried forward", "observed"),
    )


def _as_of_end(grid: Grid, name: str, value: np.ndarray) -> pd.DataFrame:
    """Peace years, the record of disputes, memories and trade are as of the end of the data from which they follow."""
    rows, day = grid.rows(FROM[name]), grid.now[-1]
    as_of = np.minimum(rows.until, day)
    told = ~np.isnan(value) & ((value > 0) | (name in ("peace_years", "dispute_history")))
    return _table(grid, name, np.nonzero(told), value[told]).assign(
        date=str(as_of),
        age_years=float((day - as_of).astype(float) / 365.25),
        source=str(rows.columns["source"][0]) if len(rows.date) else "",
        origin="carried forward" if day > rows.until else "observed",
    )


def _table(grid: Grid, name: str, place: tuple[np.ndarray, ...], value: np.ndarray) -> pd.DataFrame:
    codes = np.array(grid.codes, dtype=object)
    partner = codes[place[-1]] if place[1:] else ""
    return pd.DataFrame({"layer": name, "state": codes[place[0]], "partner": partner, "value": value})
