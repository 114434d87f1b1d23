"""Layers that follow from others: how long a leader or an agreement has lasted, what happened in a step, peace."""

from dataclasses import replace

import numpy as np
import pandas as pd

from latticework.data.cells import NONE, Rows, holding, rows_of, values
from latticework.data.grid import Grid

ALWAYS = np.timedelta64(10_000 * 365, "D")
PEACE_SINCE = 1900  # the year from which peace is counted if there was no dispute before
PEACE_CAP = 60.0
SHIFT = 0.2  # the relative change of a member's CINC that counts as a shift
USUAL = np.timedelta64(1826, "D")
STATE_ENDED = "state ended"


def years(span: np.ndarray) -> np.ndarray:
    """Time spans as years."""
    return span.astype("timedelta64[D]").astype(np.float32) / np.float32(365.25)


def in_office(grid: Grid) -> np.ndarray:
    """The row of the leader in office on each of `grid.days`, shape (t+2, n); NONE where nobody is known to be."""
    rows = grid.rows("leader")
    known = replace(rows, columns={**rows.columns, "end": rows.columns["known_to"]})
    return holding(known, grid.days, grid.n)


def year(grid: Grid) -> np.ndarray:
    """The date as a decimal year, the same for every state: what lets an effect tell one era from another."""
    first = grid.now.astype("datetime64[Y]").astype("datetime64[D]")
    decimal = grid.now.astype("datetime64[Y]").astype(int) + 1970 + years(grid.now - first)
    return np.repeat(decimal.astype(np.float32)[:, None], grid.n, axis=1)


def ideal_point_usual(grid: Grid) -> np.ndarray:
    """The mean of a state's ideal points over the five years that end on the day: where it usually stands."""
    rows = grid.rows("ideal_point")
    total, count = (np.zeros((len(grid.now), grid.n)) for _ in range(2))
    for t, day in enumerate(grid.now):
        recent = (rows.date <= day) & (rows.date > day - USUAL)
        np.add.at(total[t], rows.state[recent], rows.value[recent])
        np.add.at(count[t], rows.state[recent], 1)
    return _or_nan(count > 0, (total / np.maximum(count, 1)).astype(np.float32))


def gdp_growth(grid: Grid) -> np.ndarray:
    """Change of log GDP, in current dollars, from the year before; NaN where either figure is missing."""
    return log_growth(grid, "gdp")


def effort_growth(grid: Grid) -> np.ndarray:
    """Change of the log of defence effort from the year before; NaN where either figure is missing or zero."""
    return log_growth(grid, "defence_effort")


def log_growth(grid: Grid, name: str) -> np.ndarray:
    """Change of the log of a yearly layer from the year before to the value of the day; NaN where either is missing."""
    rows = grid.rows(name)
    now, before = (np.log(np.where(value > 0, value, np.nan)) for value in (rows.value, a_year_before(rows)))
    changes = {**rows.columns, "value": (now - before).astype(np.float32)}
    return values(replace(rows, columns=changes), grid.held(name))


def nuclear_step(grid: Grid) -> np.ndarray:
    """1 if a state's nuclear status rose in the step that ends on the day, else 0; NaN where it is not known."""
    rows = grid.rows("nuclear_status")
    rises = rows.take(rows.value > a_year_before(rows))
    happened = _happened(grid.days[:-1], rises.date, rises.place, (grid.n,))
    return _or_nan(np.isfinite(grid.level("nuclear_status")), happened)


def a_year_before(rows: Rows) -> np.ndarray:
    """For each row of a yearly layer of states the state's value of the year before; NaN where there is none."""
    cells = list(zip(rows.state.tolist(), rows.date.astype("datetime64[Y]").astype(int).tolist(), strict=True))
    known = dict(zip(cells, rows.value.tolist(), strict=True))
    return np.array([known.get((state, year - 1), np.nan) for state, year in cells])


def tenure(grid: Grid) -> np.ndarray:
    """Years that the leader has been in office; NaN where nobody is known to be."""
    held = in_office(grid)[1:-1]
    began = np.append(grid.rows("leader").date, np.datetime64("NaT", "D"))
    return _or_nan(held != NONE, years(grid.now[:, None] - began[held]))


def turnover(grid: Grid) -> np.ndarray:
    """1 if a leader left office in the step that ends on the day, 0 if none did, NaN where that is not known.

    It is known if a leader was in office when the step began and the state's leaders are known until its end. The end
    of a state is no turnover.
    """
    rows = grid.rows("leader")
    last = np.full(grid.n, np.datetime64("0001-01-01", "D"))
    np.maximum.at(last, rows.state, rows.columns["known_to"])
    known = (in_office(grid)[:-2] != NONE) & grid.existing[:-2] & (last >= grid.now[:, None])
    exits = rows.take(~np.isnat(rows.columns["end"]) & (rows.columns["exit"] != STATE_ENDED))
    return _or_nan(known, _happened(grid.days[:-1], exits.columns["end"], (exits.state,), (grid.n,)))


def election_past(grid: Grid) -> np.ndarray:
    """1 if a vote that can change the leader was held in the step that ends on the day, else 0; NaN if not known."""
    began, until, _ = _calendar(grid)
    ends = grid.now[:, None]
    return _or_nan((ends >= began) & (ends <= until), _votes(grid, grid.days[:-1]))


def election_ahead(grid: Grid) -> np.ndarray:
    """1 if such a vote falls in the step that begins on the day, else 0: scheduled, and (as revised) early ones too.

    It is known to the end of the state's list, and beyond it for states of which votes to come are listed. As known on
    a day, the step that begins on it has the votes that had been set by then; an early one that was not is not seen.
    """
    began, until, scheduled = _calendar(grid)
    starts, ends = grid.days[1:-1, None], grid.days[2:, None]
    listed = until if grid.as_known_on is None else rows_of("regime", grid.codes, None, grid.folder).until
    known = (ends <= listed) | scheduled
    return _or_nan(known & (starts >= began) & (starts <= until), _votes(grid, grid.days[1:]))


def _calendar(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per state the first and last day of its list of votes held, and whether votes to come are in it."""
    rows, regimes = grid.rows("election"), grid.rows("regime")
    first = np.full(grid.n, np.datetime64("9999-12-31"))
    np.minimum.at(first, rows.state, rows.date.astype("datetime64[Y]").astype("datetime64[D]"))
    first[np.isin(np.arange(grid.n), regimes.state)] = np.datetime64("1949-12-31")
    last = np.full(grid.n, regimes.until)  # a state without a vote: as far as its regime is known
    last[rows.state] = rows.columns["known_to"]
    scheduled = np.zeros(grid.n, dtype=bool)
    scheduled[rows.state[rows.columns["timing"] == "scheduled"]] = True
    return first, last, scheduled


def _votes(grid: Grid, days: np.ndarray) -> np.ndarray:
    rows = grid.rows("election")
    return _happened(days, rows.date, rows.place, (grid.n,))


def events(grid: Grid, name: str) -> np.ndarray:
    """The sum of the values of a layer's events in the step that ends on the day; NaN where that is not known.

    A complete list (`absent` is "zero") is known within its coverage: one of states for the states that it names, a
    directed one for the senders that it names. Another is known for a cell in a year in which the cell has a row.
    """
    rows = grid.rows(name)
    shape = (grid.n,) * len(rows.place)
    total = np.zeros((len(grid.now), *shape), dtype=np.float32)
    step, inside = steps_of(grid.days[:-1], rows.date)
    np.add.at(total, (step[inside], *(p[inside] for p in rows.place)), rows.value[inside].astype(np.float32))
    if rows.described.absent == "zero":
        known = grid.covered(name, grid.now).reshape(-1, *[1] * len(shape))
        if rows.partner is None or rows.described.directed:
            named = np.isin(np.arange(grid.n), rows.state)
            known = known & (named if rows.partner is None else named[:, None])
        return _or_nan(known, total)
    known = np.zeros(total.shape, dtype=bool)
    year = rows.date.astype("datetime64[Y]")
    for t, day in enumerate(grid.now):
        now = year == day.astype("datetime64[Y]")
        known[t, *(p[now] for p in rows.place)] = True
    return _or_nan(known, total)


def dispute(grid: Grid) -> np.ndarray:
    """1 if a dispute between the two began in the step that ends on the day, 0 if none did, NaN after the data end."""
    rows = grid.rows("dispute")
    onsets = rows.take(rows.value == 1)
    happened = _happened(grid.days[:-1], onsets.date, onsets.place, (grid.n, grid.n))
    return _or_nan(grid.covered("dispute", grid.now)[:, None, None], happened)


def dispute_hostility(grid: Grid) -> np.ndarray:
    """The highest hostility of the disputes that began in the step that ends on the day (2 threat to 5 war), else 0."""
    return _severity(grid, "hostility")


def dispute_fatality(grid: Grid) -> np.ndarray:
    """The highest level of deaths (0 to 6) of the disputes that began in the step that ends on the day, else 0."""
    return _severity(grid, "fatality")


def _severity(grid: Grid, column: str) -> np.ndarray:
    """The highest of a column over the onsets of each step; NaN where one is not known, or after the data end."""
    rows = grid.rows("dispute")
    onsets = rows.take(rows.value == 1)
    step, inside = steps_of(grid.days[:-1], onsets.date)
    highest = np.zeros((len(grid.now), grid.n, grid.n), dtype=np.float32)
    np.maximum.at(highest, (step[inside], *(p[inside] for p in onsets.place)), onsets.columns[column][inside])
    return _or_nan(grid.covered("dispute", grid.now)[:, None, None], highest)


def dispute_ongoing(grid: Grid) -> np.ndarray:
    """1 if a dispute that began on or before the day goes on in the year after, 0 if none does, NaN after the data."""
    rows = grid.rows("dispute")
    ongoing = np.zeros((len(grid.now), grid.n, grid.n), dtype=np.float32)
    known = np.datetime64(grid.as_known_on or "NaT")
    for t, day in enumerate(grid.now):
        cut = rows.columns["end"] == known  # the dispute had not ended when this was known
        now = (rows.date <= day) & ((rows.columns["end"] > day) | cut)
        ongoing[t, *(p[now] for p in rows.place)] = 1
    return _or_nan(grid.covered("dispute", grid.now)[:, None, None], ongoing)


def dispute_open(grid: Grid) -> np.ndarray:
    """1 if a dispute goes on for all that was known on the day of a snapshot, 0 if not, and in every other panel; NaN
    after the data.

    The record knows the years of a dispute and not its end: of one that was there in the year of the snapshot it cannot
    be told whether it is over. `dispute_ongoing` has it as going on.
    """
    rows = grid.rows("dispute")
    held = np.zeros((len(grid.now), grid.n, grid.n), dtype=np.float32)
    cut = rows.columns["end"] == np.datetime64(grid.as_known_on or "NaT")
    for t, day in enumerate(grid.now):
        now = cut & (rows.date <= day)
        held[t, *(p[now] for p in rows.place)] = 1
    return _or_nan(grid.covered("dispute", grid.now)[:, None, None], held)


def dispute_ended(grid: Grid) -> np.ndarray:
    """1 if the last dispute between the two ended in the step that ends on the day, 0 if none did, NaN after the data.

    Of the end the year alone is known: it is the last day of the dyad's last year in the dispute. An end on the last
    day of the data may be theirs and not the dispute's: NaN.
    """
    rows = grid.rows("dispute")
    over = rows.take(rows.columns["end"] != np.datetime64(grid.as_known_on or "NaT"))
    ended = _happened(grid.days[:-1], over.columns["end"], over.place, (grid.n, grid.n))
    ended *= np.nan_to_num(dispute_ongoing(grid)) == 0
    known = grid.covered("dispute", grid.now)[:, None, None] & ~((ended > 0) & (grid.now == rows.until)[:, None, None])
    return _or_nan(known, ended)


def peace_years(grid: Grid) -> np.ndarray:
    """Years since the end of the last year with a dispute, 0 in one, or since 1900; at most 60, NaN after the data end.

    A snapshot later than the data has the peace years as of their end.
    """
    rows = grid.rows("dispute")
    days = np.minimum(grid.now, rows.until) if grid.carry else grid.now
    dyad = pd.Series(rows.state * grid.n + rows.place[-1])
    latest = pd.Series(rows.columns["end"].astype(np.int64)).groupby(dyad).cummax().to_numpy().astype("datetime64[D]")
    held = holding(rows, days, grid.n, ALWAYS)
    ended = np.append(latest, np.datetime64(f"{PEACE_SINCE - 1}-12-31", "D"))
    peace = np.clip(np.round(years(days[:, None, None] - ended[held]), 2), 0, PEACE_CAP)  # leap days rounded away
    return _or_nan((days <= rows.until)[:, None, None], peace)


def _happened(days: np.ndarray, dates: np.ndarray, place: tuple[np.ndarray, ...], shape: tuple[int, ...]) -> np.ndarray:
    """1 where an event fell in a step (days[t], days[t+1]], else 0."""
    step, inside = steps_of(days, dates)
    happened = np.zeros((len(days) - 1, *shape), dtype=np.float32)
    happened[(step[inside], *(p[inside] for p in place))] = 1
    return happened


def steps_of(days: np.ndarray, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The step (days[t], days[t+1]] in which each date falls, and whether it falls in any."""
    step = np.searchsorted(days, dates, side="left") - 1
    return step, (step >= 0) & (step < len(days) - 1)


def _or_nan(known: np.ndarray, level: np.ndarray) -> np.ndarray:
    return np.where(known, level, np.float32(np.nan))
