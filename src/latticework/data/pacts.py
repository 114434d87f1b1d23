"""Pacts are multilateral agreements, each one object with members: who belongs, since when, who comes and goes."""

from dataclasses import replace

import numpy as np

from latticework.data.cells import Rows
from latticework.data.derived import years
from latticework.data.grid import Grid
from latticework.data.states import CODES

LEAST = 2  # a pact is in force while it has so many members


def numbers(grid: Grid) -> np.ndarray:
    """The ATOP numbers of the pacts that are in force on one of `grid.days`, in order: the axis of pacts."""
    rows = _rows(grid)
    known = np.unique(rows.columns["atopid"])
    return known[(_members(grid, rows, known, grid.days).sum(-1) >= LEAST).any(0)]


def pact_member(grid: Grid) -> np.ndarray:
    """1 where a state is a member of a pact on the day, else 0."""
    return _listed(grid, _now(grid))


def pact_age(grid: Grid) -> np.ndarray:
    """Years since the first member's accession; NaN while a pact is not in force."""
    rows, known = _rows(grid), numbers(grid)
    first = np.full(len(known), np.datetime64("9999-12-31"))
    place, inside = _places(rows, known)
    np.minimum.at(first, place[inside], rows.date[inside])
    age = years(grid.now[:, None] - first)
    return _listed(grid, np.where(_now(grid).sum(-1) >= LEAST, age, np.float32(np.nan)))


def pact_size(grid: Grid) -> np.ndarray:
    """The number of members, of all states and not only of the grid's."""
    whole = replace(grid, codes=CODES)
    return _listed(grid, _members(whole, _rows(whole), numbers(grid), grid.now).sum(-1))


def pact_defence(grid: Grid) -> np.ndarray:
    """1 if a member's row has a pledge of defence, else 0; NaN while a pact is not in force."""
    return _pledged(grid, "defence")


def pact_nonaggression(grid: Grid) -> np.ndarray:
    """1 if a member's row has a pledge of non-aggression, else 0; NaN while a pact is not in force."""
    return _pledged(grid, "nonaggression")


def pact_founded(grid: Grid) -> np.ndarray:
    """1 if a pact came into force in the step that ends on the day, else 0."""
    before, after = _in_force(grid)
    return _listed(grid, ~before & after)


def pact_ended(grid: Grid) -> np.ndarray:
    """1 if a pact ceased to have two members in the step that ends on the day, else 0."""
    before, after = _in_force(grid)
    return _listed(grid, before & ~after)


def pact_joined(grid: Grid) -> np.ndarray:
    """1 where a state that was there joined a pact, in force before, in the step that ends on the day, else 0."""
    was, now = _both(grid)
    force, _ = _in_force(grid)
    return _listed(grid, (now > was) & force[..., None] & grid.existing[:-2, None])


def pact_left(grid: Grid) -> np.ndarray:
    """1 where a state left a pact that went on without it in the step that ends on the day, and is still there."""
    was, now = _both(grid)
    _, force = _in_force(grid)
    return _listed(grid, (now < was) & force[..., None] & grid.present[:, None])


PACT_MAKERS = {
    "pact_age": pact_age,
    "pact_size": pact_size,
    "pact_defence": pact_defence,
    "pact_nonaggression": pact_nonaggression,
    "pact_founded": pact_founded,
    "pact_ended": pact_ended,
}
MEMBERSHIP_MAKERS = {"pact_member": pact_member, "pact_joined": pact_joined, "pact_left": pact_left}


def _rows(grid: Grid) -> Rows:
    rows = grid.rows("membership")
    return rows.take(rows.columns["bilateral"] == 0)


def _places(rows: Rows, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each row's pact among the known ones, and whether it is one."""
    place = np.minimum(np.searchsorted(known, rows.columns["atopid"]), max(len(known) - 1, 0))
    inside = known[place] == rows.columns["atopid"] if len(known) else np.zeros(len(rows.date), bool)
    return place, inside


def _members(grid: Grid, rows: Rows, known: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Who belongs on which of the days, (t m n)."""
    belongs = np.zeros((len(days), len(known), grid.n), np.float32)
    place, inside = _places(rows, known)
    end = rows.columns["end"]
    for row in np.flatnonzero(inside):
        on = (days >= rows.date[row]) & (np.isnat(end[row]) | (days <= end[row]))
        belongs[on, place[row], rows.state[row]] = 1
    return belongs


def _now(grid: Grid) -> np.ndarray:
    return _members(grid, _rows(grid), numbers(grid), grid.now)


def _both(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Who belonged when each step began, and who does at its end."""
    every = _members(grid, _rows(grid), numbers(grid), grid.days)
    return every[:-2], every[1:-1]


def _in_force(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    before, after = (x.sum(-1) >= LEAST for x in _both(grid))
    return before, after


def _pledged(grid: Grid, pledge: str) -> np.ndarray:
    rows, known = _rows(grid), numbers(grid)
    pledged = _members(grid, rows.take(rows.columns[pledge] == 1), known, grid.now).any(-1).astype(np.float32)
    return _listed(grid, np.where(_now(grid).sum(-1) >= LEAST, pledged, np.float32(np.nan)))


def _listed(grid: Grid, level: np.ndarray) -> np.ndarray:
    """The level on the days on which the list of members is complete, NaN on others."""
    covered = grid.covered("membership", grid.now).reshape(-1, *[1] * (level.ndim - 1))
    return np.where(covered, level.astype(np.float32), np.float32(np.nan))
