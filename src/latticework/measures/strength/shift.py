"""Steps of a tie that carry its treaty along: what lets the sampler move freely where a grade is open to one side.

Given the normal variable behind a grade, strength can move by its noise only, and given strength that variable
follows: a tie far above the highest cutpoint would come down in hundreds of sweeps. So the two also move together,
from one quarter on, by an amount drawn from its exact conditional law: normal between the bounds that grades set.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from latticework.measures.strength.families import Grade, Pseudo, between, differenced
from latticework.measures.strength.hidden import Dynamics, Hidden, Ties, innovations
from latticework.measures.strength.items import Item, Rows
from latticework.measures.strength.smoother import QUARTERS
from latticework.types import Float, Int

ANYWHERE = 0.2  # share of steps that begin in any quarter and not where a grade changed


def shifted(
    rng: np.random.Generator,
    hidden: Hidden,
    ties: Ties,
    items: Sequence[Item],
    dynamics: Dynamics,
    seen: Sequence[Pseudo],
) -> tuple[Hidden, list[Pseudo]]:
    """Strength and the variables behind grades after a common step that begins in one quarter of each dyad."""
    begin = beginnings(rng, ties)
    course = _course(begin, ties, dynamics.rho)
    precision, force = _prior(begin, hidden, ties, dynamics)
    low, high = np.full(len(begin), -np.inf), np.full(len(begin), np.inf)
    pushes = []
    for rows, item, pseudo in zip(ties.rows, items, seen, strict=True):
        push = item.loading[rows.patron] * _at(course, rows)
        pushes.append(push)
        if isinstance(rows.indicator.family, Grade):
            _bound(low, high, rows, push, pseudo, rows.indicator.family)
            continue
        rest = differenced(pseudo.z - item.eta(rows, *hidden.at(rows)), rows.values.before, pseudo.carry)
        change = differenced(push, rows.values.before, pseudo.carry)
        precision += np.bincount(rows.d, pseudo.weight * change**2, len(begin))
        force += np.bincount(rows.d, pseudo.weight * change * rest, len(begin))
    sd, centre = precision**-0.5, force / precision
    step = centre + sd * between(rng, (low - centre) / sd, (high - centre) / sd)
    moved = []
    for rows, pseudo, push in zip(ties.rows, seen, pushes, strict=True):
        grade = isinstance(rows.indicator.family, Grade)
        z = pseudo.z + step[rows.d] * push if grade else pseudo.z
        moved.append(pseudo._replace(z=z, own=z) if grade else pseudo)
    return replace(hidden, deviation=hidden.deviation + step * course), moved


def beginnings(rng: np.random.Generator, ties: Ties) -> Int[np.ndarray, "d"]:
    """A quarter for each dyad: of a year in which its treaty changed, now and then any quarter of its life."""
    alive = ties.quarters.first | ties.quarters.link
    weight = ANYWHERE * alive / np.maximum(alive.sum(0), 1)
    for rows in ties.rows:
        if isinstance(rows.indicator.family, Grade) and rows.indicator.fixed is not None:
            v = rows.values
            changed = (v.before >= 0) & (v.y != v.y[v.before])
            years = np.zeros(v.shape)
            years[v.year[changed], v.dyad[changed]] = 1.0
            quarters = np.repeat(years, QUARTERS, axis=0) * alive
            weight = weight + quarters / np.maximum(quarters.sum(0), 1)
    total = weight.cumsum(0)
    return (rng.random(weight.shape[1]) * total[-1] > total).sum(0).clip(0, len(alive) - 1)


def _course(begin: np.ndarray, ties: Ties, rho: float) -> Float[np.ndarray, "t d"]:
    """A step of one in the quarter `begin` and what is left of it later in the same life."""
    times = np.arange(ties.quarters.link.shape[0])[:, None]
    after = times > begin
    broken = np.cumsum(after & ~ties.quarters.link, axis=0) > 0
    there = (times == begin) & (ties.quarters.first | ties.quarters.link)
    return np.where(there, 1.0, np.where(after & ~broken, rho ** np.maximum(times - begin, 0), 0.0))


def _prior(begin: np.ndarray, hidden: Hidden, ties: Ties, dynamics: Dynamics) -> tuple[np.ndarray, np.ndarray]:
    """Precision and force that the law of motion gives the step: only the innovation of its first quarter changes."""
    d = np.arange(len(begin))
    continues = ties.quarters.link[begin, d]
    opening = 1 / dynamics.opening(ties.dyads.patron)
    precision = np.where(continues, hidden.precision[begin, d] / dynamics.sigma[ties.dyads.patron] ** 2, opening)
    shock = innovations(hidden.deviation, ties.quarters, dynamics.rho)[begin, d]
    return precision, -precision * np.where(continues, shock, hidden.deviation[begin, d])


def _at(course: np.ndarray, rows: Rows) -> Float[np.ndarray, "r"]:
    if rows.indicator.flow:
        return course.reshape(-1, QUARTERS, course.shape[1]).mean(1)[rows.t // QUARTERS, rows.d]
    return course[rows.t, rows.d]


def _bound(low: np.ndarray, high: np.ndarray, rows: Rows, push: np.ndarray, pseudo: Pseudo, family: Grade) -> None:
    """Narrow the bounds of the steps so that every variable behind a grade stays between its cutpoints."""
    edges = np.concatenate([[-np.inf], family.cuts, [np.inf]])
    grade = rows.values.y.astype(np.int64)
    moves = push != 0
    size, d = push[moves], rows.d[moves]
    ends = [(edges[grade[moves] + k] - pseudo.z[moves]) / size for k in (0, 1)]
    np.maximum.at(low, d, np.minimum(*ends))
    np.minimum.at(high, d, np.maximum(*ends))
