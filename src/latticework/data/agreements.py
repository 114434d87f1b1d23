"""What follows from the bilateral agreements in force: their age, pledges and end, and shifts of capability."""

import numpy as np

from latticework.data.cells import NONE, Rows, holding
from latticework.data.derived import SHIFT, years
from latticework.data.grid import Grid

MONTH = np.timedelta64(31, "D")


def agreement(grid: Grid) -> np.ndarray:
    """1 if a bilateral agreement is in force on the day, else 0."""
    return _listed(grid, oldest(grid, grid.now)[1] != NONE)


def agreement_age(grid: Grid) -> np.ndarray:
    """Years since the oldest of the agreements in force began; NaN where none is."""
    rows, held = oldest(grid, grid.now)
    began = np.append(rows.date, np.datetime64("NaT", "D"))
    age = years(grid.now[:, None, None] - began[held])
    return _listed(grid, np.where(held != NONE, age, np.float32(np.nan)))


def agreement_defence(grid: Grid) -> np.ndarray:
    """1 if an agreement in force has a pledge of defence, else 0."""
    return _pledged(grid, "defence")


def agreement_nonaggression(grid: Grid) -> np.ndarray:
    """1 if an agreement in force has a pledge of non-aggression, else 0."""
    return _pledged(grid, "nonaggression")


def agreement_ended(grid: Grid) -> np.ndarray:
    """1 if an agreement was in force when the step began and none is on the day, though both states are, else 0."""
    before, after = (oldest(grid, days)[1] != NONE for days in (grid.days[:-2], grid.now))
    stayed = grid.existing[:-2] & grid.present
    return _listed(grid, before & ~after & stayed[:, :, None] & stayed[:, None, :])


def agreement_signed(grid: Grid) -> np.ndarray:
    """1 if no agreement was in force when the step began and one is on the day, between two states that were there."""
    before, after = (oldest(grid, days)[1] != NONE for days in (grid.days[:-2], grid.now))
    stayed = grid.existing[:-2] & grid.present
    return _listed(grid, ~before & after & stayed[:, :, None] & stayed[:, None, :])


def agreement_expired(grid: Grid) -> np.ndarray:
    """1 if the last agreement in force ended in the step as it had been agreed, else 0."""
    return _ended_as(grid, "expired")


def agreement_renegotiated(grid: Grid) -> np.ndarray:
    """1 if the last agreement in force ended in the step because it was renegotiated, else 0."""
    return _ended_as(grid, "renegotiated")


def agreement_violated(grid: Grid) -> np.ndarray:
    """1 if the last agreement in force ended in the step by a violation or abrogation, else 0."""
    return _ended_as(grid, "violated")


def _ended_as(grid: Grid, term: str) -> np.ndarray:
    """Ends whose last agreement ended in this manner; 0 also where the manner is not on record."""
    ended = agreement_ended(grid)
    rows = grid.rows("agreement")
    rows = rows.take(rows.columns["term"] == term)
    step = np.searchsorted(grid.days[:-1], rows.columns["end"], side="left") - 1
    inside = (step >= 0) & (step < len(grid.now)) & ~np.isnat(rows.columns["end"])
    manner = np.zeros(ended.shape, bool)
    manner[(step[inside], *(p[inside] for p in rows.place))] = True
    return np.where(np.isnan(ended), ended, ended * manner).astype(np.float32)


def defence_years(grid: Grid) -> np.ndarray:
    """Years since the pledge of defence between the two was first made without a break, 0 where none is in force."""
    rows = grid.rows("defence")
    began = np.append(unbroken(rows, grid.n), np.datetime64("NaT", "D"))
    held = holding(rows, grid.now, grid.n)
    age = np.where(held != NONE, years(grid.now[:, None, None] - began[held]), np.float32(0))
    covered = grid.covered("defence", grid.now)
    return np.where(covered[:, None, None], age, np.float32(np.nan))


def unbroken(rows: Rows, n: int) -> np.ndarray:
    """The first day of the run of spells to which each row belongs: a spell that follows within a month goes on."""
    order = np.lexsort((rows.date, rows.state * n + rows.place[-1]))
    dyad, date = (rows.state * n + rows.place[-1])[order], rows.date[order]
    end = rows.columns["end"][order]
    end = np.where(np.isnat(end), np.datetime64("9999-12-31"), end)
    began = date.copy()
    for k in range(1, len(order)):
        if dyad[k] == dyad[k - 1]:
            if date[k] <= end[k - 1] + MONTH:
                began[k] = began[k - 1]
            end[k] = max(end[k], end[k - 1]) if began[k] == began[k - 1] else end[k]
    first = np.empty_like(began)
    first[order] = began
    return first


def agreement_shift(grid: Grid) -> np.ndarray:
    """1 if a member's CINC moved by more than a fifth since the oldest agreement in force was made; NaN where none is.

    The measure is the last CINC before the agreement, or the first that is known (1950, or the state's first year).
    """
    rows, held = oldest(grid, grid.now)
    capability = grid.level("capability")
    moved, known = np.zeros(held.shape, dtype=bool), held != NONE
    for now, member in ((capability[:, :, None], rows.state), (capability[:, None, :], rows.place[-1])):
        base = np.append(_capability_before(grid, rows.date, member), np.nan)[held]
        with np.errstate(invalid="ignore"):
            change = np.abs(now / base - 1)
        moved |= change > SHIFT
        known &= ~np.isnan(change)
    return _listed(grid, np.where(known, moved, np.float32(np.nan)))


def oldest(grid: Grid, days: np.ndarray) -> tuple[Rows, np.ndarray]:
    """The agreements' rows, and of those in force on each day the oldest, per dyad."""
    rows = grid.rows("agreement")
    rows = rows.take(np.argsort(rows.date, kind="stable")[::-1])
    return rows, holding(rows, days, grid.n)


def _pledged(grid: Grid, pledge: str) -> np.ndarray:
    rows = grid.rows("agreement")
    return _listed(grid, holding(rows.take(rows.columns[pledge] == 1), grid.now, grid.n) != NONE)


def _listed(grid: Grid, level: np.ndarray) -> np.ndarray:
    """The level on the days on which the list of agreements is complete, NaN on others."""
    covered = grid.covered("agreement", grid.now)
    return np.where(covered[:, None, None], level.astype(np.float32), np.float32(np.nan))


def _capability_before(grid: Grid, dates: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Each member's last CINC before its date; the first that is known if there is none."""
    rows = grid.rows("capability")
    order = np.lexsort((rows.date, rows.state))
    state, value = rows.state[order], rows.value[order]
    day = rows.date[order].astype(np.int64)
    place = np.searchsorted(state * 10**6 + day, members * 10**6 + dates.astype(np.int64)) - 1
    first = np.searchsorted(state, np.arange(grid.n))[members]
    place = np.minimum(np.maximum(place, first), len(state) - 1)
    return np.where(state[place] == members, value[place], np.nan)
