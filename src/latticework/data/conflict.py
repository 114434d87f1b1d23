"""Layers about force that follow from others: what a dispute came to, the record of a dyad, where a state fights."""

import numpy as np

from latticework.data import derived
from latticework.data.grid import Grid

FORCE = 4.0  # hostility from which force was used: 4 use of force, 5 war
HALF_LIFE = 10.0  # years in which a dispute counts for half of what it did
NEAR = (1, 3)  # contiguity by land or across at most 24 miles of water
FAR_OFF = "supporters"  # the role of two states that helped opposite sides and need not have met


def dispute_force(grid: Grid) -> np.ndarray:
    """1 if force was used in a dispute that began in the step that ends on the day, 0 if not or if none began."""
    return _at_least(derived.dispute_hostility(grid), FORCE)


def dispute_deaths(grid: Grid) -> np.ndarray:
    """1 if somebody died in a dispute that began in the step, 0 if nobody did or if none began, NaN if not known."""
    return _at_least(derived.dispute_fatality(grid), 1.0)


def _at_least(level: np.ndarray, least: float) -> np.ndarray:
    return np.where(np.isnan(level), np.float32(np.nan), (level >= least).astype(np.float32))


def dispute_history(grid: Grid) -> np.ndarray:
    """Disputes of the two that began by the day, each counting for half after every ten years; NaN after the data end.

    A snapshot later than the data has the record as of their end.
    """
    rows = grid.rows("dispute")
    onsets = rows.take(rows.value == 1)
    days = np.minimum(grid.now, rows.until) if grid.carry else grid.now
    record = np.zeros((len(days), grid.n, grid.n), dtype=np.float32)
    for t, day in enumerate(days):
        past = onsets.date <= day
        weight = 0.5 ** (derived.years(day - onsets.date[past]) / HALF_LIFE)
        np.add.at(record[t], tuple(p[past] for p in onsets.place), weight)
    return np.where((days <= rows.until)[:, None, None], record, np.float32(np.nan))


def war_theatre(grid: Grid) -> np.ndarray:
    """1 if the first state fights in or next to the second: against a state, or for a government in its civil war.

    It is of the year that ends on the day. Next to it means by land or across at most 24 miles of water. Two states
    that did no more than help opposite sides are left out: the war in Vietnam is none in Korea. NaN where the lists of
    conflicts say nothing.
    """
    against, beside = grid.level("interstate_conflict"), grid.level("conflict_support")
    roles = np.append(grid.rows("interstate_conflict").columns["role"], "")
    met = (np.nan_to_num(against) > 0) & (roles[grid.held("interstate_conflict")] != FAR_OFF)
    ground = met | (np.nan_to_num(beside) > 0)
    code = np.nan_to_num(grid.level("contiguity"))
    near = ((code >= NEAR[0]) & (code <= NEAR[1])) | np.eye(grid.n, dtype=bool)
    reached = np.einsum("tik,tkj->tij", ground.astype(np.float32), near.astype(np.float32)) > 0
    return np.where(np.isnan(against) | np.isnan(beside), np.float32(np.nan), reached.astype(np.float32))
