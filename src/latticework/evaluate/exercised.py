"""Exercises as a target: a dyad's first for five years, and a year without one after a year with one."""

import numpy as np

from latticework.effects import LandNeighbours
from latticework.evaluate.covariates import Votes, of_two, per_state
from latticework.evaluate.record import PAIRS, Record
from latticework.types import Bool, Float

QUIET = 5  # years without an exercise after which the next is a first


def held(record: Record, years: int) -> Float[np.ndarray, "t q"]:
    """In how many of the years that end with each the two held an exercise; NaN where one is not on record."""
    following = record.events("exercise")[:, 4]
    mine = np.concatenate([np.full_like(following[:1], np.nan), following[:-1]])
    past = [np.concatenate([np.full_like(mine[:lag], np.nan), mine[: len(mine) - lag]]) for lag in range(years)]
    return np.sum(past, axis=0)


def strangers(record: Record) -> Bool[np.ndarray, "t q"]:
    """Dyads of states that exist and held no exercise in QUIET years."""
    return there(record) & (held(record, QUIET) == 0)


def partners(record: Record) -> Bool[np.ndarray, "t q"]:
    """Dyads of states that exist and held an exercise in the year that ends."""
    return there(record) & (held(record, 1) > 0)


def there(record: Record) -> Bool[np.ndarray, "t q"]:
    """Dyads of states that exist."""
    return record.present[:, PAIRS[:, 0]] & record.present[:, PAIRS[:, 1]]


def none_held(record: Record) -> Float[np.ndarray, "t 9 q"]:
    """Whether no exercise is held in the time of each horizon."""
    return 1 - record.events("exercise")


def exercise_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Pact, distance, the weaker democracy."""
    return [record.dyad("defence"), np.log1p(record.dyad("distance")), of_two(record, "democracy", np.fmin)]


def exercise_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, border, power, years with an exercise, and how many the two held with anybody in the year."""
    following = np.log1p(per_state(record, "exercise"))
    busy = np.concatenate([np.full_like(following[:1], np.nan), following[:-1]])
    a, b = busy[:, PAIRS[:, 0]], busy[:, PAIRS[:, 1]]
    return [
        *exercise_plain(record, votes, horizon),
        record.effect(LandNeighbours()),
        np.log(of_two(record, "capability", np.fmax) + 1e-4),
        np.nan_to_num(held(record, QUIET)),
        np.minimum(a, b),
        np.maximum(a, b),
    ]
