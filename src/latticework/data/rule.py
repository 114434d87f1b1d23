"""Layers that tell how a state is ruled: the manner in which a leader left, the age of a coalition, kinds of regime."""

import numpy as np

from latticework.data.cells import YEAR, holding
from latticework.data.derived import ALWAYS, STATE_ENDED, turnover, years
from latticework.data.grid import Grid

REGULAR = ("regular", "death", "illness", "suicide")  # the rules of the state name who follows
IRREGULAR = ("irregular", "foreign")  # removed by force or threat of it, at home or from abroad
PARTY = ("party-based", "party-personal", "party-military", "party-personal-military")
MILITARY = ("military", "military personal", "indirect military", "provisional military")
COALITIONS_SINCE = np.datetime64("1945-12-31", "D")  # from when a coalition counts that has not changed on record


def exit_regular(grid: Grid) -> np.ndarray:
    """1 if the first leader to leave in the step went by the rules or died, else 0; NaN where that is not known."""
    return _first_exit(grid, REGULAR)


def exit_irregular(grid: Grid) -> np.ndarray:
    """1 if the first leader to leave in the step was removed by force, else 0; NaN where that is not known."""
    return _first_exit(grid, IRREGULAR)


def _first_exit(grid: Grid, manners: tuple[str, ...]) -> np.ndarray:
    """Whether a step's first exit was in one of these manners: of a later one the step's opening says nothing."""
    rows, left = grid.rows("leader"), turnover(grid)
    end, manner = rows.columns["end"], rows.columns["exit"]
    step = np.searchsorted(grid.days[:-1], end, side="left") - 1
    inside = ~np.isnat(end) & (manner != STATE_ENDED) & (step >= 0) & (step < len(grid.now))
    so = np.where(np.isin(manner, REGULAR + IRREGULAR), np.isin(manner, manners).astype(np.float32), np.nan)
    first = np.full(left.shape, np.nan, np.float32)
    for row in np.flatnonzero(inside)[np.argsort(end[inside], kind="stable")[::-1]]:  # the earliest last, to stay
        first[step[row], rows.state[row]] = so[row]
    return np.where(left == 1, first, left)


def coalition_age(grid: Grid) -> np.ndarray:
    """Years since the leader came to rest on other groups, or since 1945; NaN in a year that was not looked at."""
    rows = grid.rows("coalition_change")
    changes = rows.take(rows.value == 1)
    held = holding(changes, grid.now, grid.n, ALWAYS)
    age = years(grid.now[:, None] - np.append(changes.date, COALITIONS_SINCE)[held])
    looked_at = np.zeros(held.shape, dtype=bool)
    year = rows.date.astype("datetime64[Y]")
    for t, day in enumerate(grid.now):
        looked_at[t, rows.state[year == day.astype("datetime64[Y]")]] = True
    return np.where(looked_at & grid.covered("coalition_change", grid.now)[:, None], age, np.float32(np.nan))


def party_rule(grid: Grid) -> np.ndarray:
    """1 under the rule of one party, also one that shares it with a ruler or the army, else 0."""
    return _regime(grid, PARTY)


def military_rule(grid: Grid) -> np.ndarray:
    """1 under the rule of the armed forces, open, indirect or provisional, else 0."""
    return _regime(grid, MILITARY)


def monarchy(grid: Grid) -> np.ndarray:
    """1 under a monarch who rules, else 0."""
    return _regime(grid, ("monarchy",))


def _regime(grid: Grid, kinds: tuple[str, ...]) -> np.ndarray:
    rows = grid.rows("regime")
    return np.append(np.isin(rows.value, kinds).astype(np.float32), np.float32(np.nan))[grid.held("regime")]


def growth(grid: Grid) -> np.ndarray:
    """Log change of real GDP (the estimate) over the last calendar year; NaN where either year is not known."""
    rows = grid.rows("gdp_estimate")
    order = np.lexsort((rows.date, rows.state))
    state, date, level = rows.state[order], rows.date[order], np.log(rows.value[order])
    follows = (np.diff(state) == 0) & (np.diff(date) <= YEAR + np.timedelta64(1, "D"))
    change = np.full(len(order) + 1, np.nan, np.float32)  # the last stands for no row
    change[order[1:]] = np.where(follows, np.diff(level), np.nan)
    return change[grid.held("gdp_estimate")]
