"""What a dyad remembers: events that fade, its trade beside the world's, and the trade that is usual for it."""

import itertools
from functools import lru_cache
from pathlib import Path

import numpy as np

from latticework.data.cells import rows_of
from latticework.data.grid import Grid
from latticework.data.states import CODES

FADE = 3.0  # years after which an event counts for 1/e of itself
USUAL_FADE = 5.0  # years; the weights of the years before have the mean age of a window of ten years
MILLIONTHS = 1e6
YEAR = 365.25


def as_of(grid: Grid, name: str) -> np.ndarray:
    """The days for which a memory is told: those of the grid, in a snapshot none after the end of the data."""
    return np.minimum(grid.now, grid.rows(name).until) if grid.carry else grid.now


def faded(grid: Grid, name: str) -> np.ndarray:
    """The events of a layer up to the day, each fading with its age: the sum of exp(-years / FADE).

    Known from FADE years after the start of the coverage until its end, of a directed layer for the senders that it
    names. Where an absent row says nothing (a sample) it counts as none.
    """
    rows, days = grid.rows(name), as_of(grid, name)
    total = np.zeros((len(days), grid.n, grid.n), dtype=np.float32)
    for t, day in enumerate(days):
        past = rows.date <= day
        age = (day - rows.date[past]).astype(np.float64) / YEAR
        np.add.at(total[t], tuple(p[past] for p in rows.place), rows.value[past] * np.exp(-age / FADE))
    known = (days >= rows.since + np.timedelta64(round(FADE * YEAR), "D")) & (days <= rows.until)
    known = known[:, None, None]
    if rows.described.directed:
        senders = rows_of(name, CODES, grid.as_known_on, grid.folder).state
        known = known & np.isin(np.array(grid.codes), np.array(CODES)[np.unique(senders)])[:, None]
    return np.where(known, total, np.float32(np.nan))


def trade(grid: Grid) -> np.ndarray:
    """Trade of the two, both ways, in millionths of the world's trade of 1950 carried on by the growth of world trade.

    The growth of a year is that of all flows that are known in it and in the year before: prices and the world's
    growth are out, and a state that enters or leaves the record makes no step. 0 is no trade or less than is recorded.
    """
    return _yearly(grid, 0)


def trade_usual(grid: Grid) -> np.ndarray:
    """The geometric mean of the dyad's `trade` to the day, weights exp(-age / USUAL_FADE), years of none left out."""
    return _yearly(grid, 1)


def _yearly(grid: Grid, which: int) -> np.ndarray:
    first, levels = _trade(grid.as_known_on, grid.folder)
    place = np.array([CODES.index(code) for code in grid.codes])
    year = (grid.now + np.timedelta64(1, "D")).astype("datetime64[Y]").astype(int) + 1969 - first  # the last whole one
    if grid.carry:
        year = np.minimum(year, len(levels[which]) - 1)
    inside = (year >= 0) & (year < len(levels[which]))
    found = levels[which][np.clip(year, 0, len(levels[which]) - 1)][:, place[:, None], place]
    return np.where(inside[:, None, None], found, np.float32(np.nan))


@lru_cache(maxsize=2)
def _trade(as_known_on: str | None, folder: Path | None) -> tuple[int, tuple[np.ndarray, np.ndarray]]:
    """The first year of the record; `trade` and `trade_usual` of every year and dyad of states, (y, n, n)."""
    rows = rows_of("exports", CODES, as_known_on, folder)
    year = rows.date.astype("datetime64[Y]").astype(int) + 1970
    first = int(rows.since.astype("datetime64[Y]").astype(int)) + 1970
    flow = np.full((int(year.max(initial=first)) - first + 1, len(CODES), len(CODES)), np.nan)
    flow[(year - first, *rows.place)] = rows.value
    both = flow + np.swapaxes(flow, 1, 2)
    beside = both * (MILLIONTHS / _chained(both))[:, None, None]
    return first, (beside.astype(np.float32), usual(beside).astype(np.float32))


def _chained(both: np.ndarray) -> np.ndarray:
    """The world's trade of the first year, carried on by the growth of the flows known in two years running."""
    total = [float(np.nansum(np.triu(both[0], 1))) or np.nan]
    for before, now in itertools.pairwise(both):
        shared = np.triu(np.isfinite(before) & np.isfinite(now), 1)
        total.append(total[-1] * float(now[shared].sum() / before[shared].sum()))
    return np.array(total)


def usual(level: np.ndarray) -> np.ndarray:
    """The fading geometric mean of positive levels along the first axis, a year apart; NaN before the first."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(level > 0, np.log(level), np.nan)
    mean, weight = np.full_like(log, np.nan), 1 - np.exp(-1 / USUAL_FADE)
    held = mean[0]
    for t, now in enumerate(log):
        moved = np.where(np.isnan(held), now, held + weight * (now - held))
        held = mean[t] = np.where(np.isnan(now), held, moved)
    return np.exp(mean)
