"""Who joins and who leaves the alliance agreements of many: events of states that follow from the memberships."""

import numpy as np

from latticework.data.cells import Rows
from latticework.data.derived import steps_of
from latticework.data.grid import Grid

LEFT = "left"  # the exit of a member whom the others went on without
MONTH = np.timedelta64(31, "D")


def joined(grid: Grid) -> np.ndarray:
    """How many agreements of many the state became a member of in the step, new ones too; not by their next phase."""
    rows = _of_many(grid)
    return _counted(grid, rows.take(~_goes_on(rows)), "date")


def left(grid: Grid) -> np.ndarray:
    """How many agreements of many the state left in the step while the others went on (suspensions too)."""
    rows = _of_many(grid)
    return _counted(grid, rows.take(rows.columns["exit"] == LEFT), "end")


def _of_many(grid: Grid) -> Rows:
    rows = grid.rows("membership")
    return rows.take(rows.columns["bilateral"] == 0)


def _goes_on(rows: Rows) -> np.ndarray:
    """Whether the member's spell follows another of it in the same agreement within a month."""
    order = np.lexsort((rows.date, rows.columns["atopid"], rows.state))
    state, number, began = rows.state[order], rows.columns["atopid"][order], rows.date[order]
    end = rows.columns["end"][order]
    same = (state[1:] == state[:-1]) & (number[1:] == number[:-1])
    near = np.isnat(end[:-1]) | (began[1:] - end[:-1] <= MONTH)
    found = np.zeros(len(order), dtype=bool)
    found[order[1:]] = same & near
    return found


def _counted(grid: Grid, rows: Rows, column: str) -> np.ndarray:
    """Events per state and step by the day in a column; NaN after the list's end."""
    days = rows.date if column == "date" else rows.columns[column]
    step, inside = steps_of(grid.days[:-1], days)
    total = np.zeros((len(grid.now), grid.n), dtype=np.float32)
    np.add.at(total, (step[inside], rows.state[inside]), np.float32(1))
    return np.where(grid.covered("membership", grid.now)[:, None], total, np.float32(np.nan))
