"""The pledge of 2014 as a target: a member of NATO that spends less than two percent on defence comes to spend it.

Members came to it and fell below it before it was pledged too: forecasts of all years are judged, and learned from.
"""

import numpy as np

from latticework.data.states import CODES
from latticework.evaluate.covariates import Votes
from latticework.evaluate.record import PAIRS, Record
from latticework.types import Bool, Float, Int

PLEDGED = 0.02  # of gross domestic product: the summit of Wales, 2014
MEMBER = CODES.index("CAN")  # its pacts of defence are NATO's: whoever has one with it is a member


def members(record: Record) -> Bool[np.ndarray, "t n"]:
    """Members of NATO."""
    tied, found = record.dyad("defence") > 0, np.zeros(record.present.shape, bool)
    for one, other in (PAIRS.T, PAIRS.T[::-1]):
        found[:, one[other == MEMBER]] |= tied[:, other == MEMBER]
    found[:, MEMBER] = found.any(axis=1)
    return found & record.present


def last_effort(record: Record) -> Float[np.ndarray, "t n"]:
    """The last share known at each year's end: that of the year before."""
    return record.known("defence_effort", record.state("defence_effort"))


def short_of_it(record: Record) -> Bool[np.ndarray, "t n"]:
    """Members that are below it by the last figure known."""
    return members(record) & (last_effort(record) < PLEDGED)


def comes_to_it(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    """At or above what was pledged."""
    return now >= PLEDGED


def far_off(record: Record) -> Int[np.ndarray, "t n"]:
    """Members that spend less than three quarters of it, and nearer ones."""
    return (last_effort(record) >= 0.75 * PLEDGED).astype(int)


def pledge_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The last share known, size, and the distance to the pledge squared."""
    last = np.log(np.where(last_effort(record) > 0, last_effort(record), np.nan))
    power = record.known("capability", record.state("capability"))
    return [last, np.log(power + 1e-5), (last - np.log(PLEDGED)) ** 2]


def pledge_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, and how the share has moved in the last year and in the last three."""
    last = pledge_plain(record, votes, horizon)[0]
    moves = [last - np.concatenate([np.full_like(last[:lag], np.nan), last[:-lag]]) for lag in (1, 3)]
    return [*pledge_plain(record, votes, horizon), *moves]
