"""An origin is the end of a year on which a forecast stands: the world as it was known then, and nothing later."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from latticework.actions.opening import with_places
from latticework.data import load_snapshot, pacts
from latticework.data.cells import rows_of
from latticework.data.grid import Grid
from latticework.data.states import CODES
from latticework.processes import AbstractProcess
from latticework.types import Array, Float
from latticework.world import World

STEPS = 20  # quarters: five years
PACTS = 48  # places for agreements of many, of the day and founded later: some 30 and 4; one shape for all origins
LONGEST = 6.0  # years between votes: a state that votes more seldom has no rhythm
FEWEST = 3  # votes that make a rhythm
RECENT = 6  # votes from which the rhythm is taken
QUARTER = np.timedelta64(91, "D")


@dataclass(frozen=True)
class Origin:
    """What was known on the last day of a year: the world, the names of its pacts, and the votes to come.

    `votes` (s, n) says whether a vote that can change the leader is expected in each of the quarters that follow:
    those set by the day, and for later ones the rhythm of the state's last votes. `ends` are the quarters' last days.
    """

    year: int
    world: World
    pacts: tuple[str, ...]
    ends: np.ndarray
    votes: Float[np.ndarray, "s n"]

    @property
    def day(self) -> np.datetime64:
        """The day on which the forecast stands."""
        return last_day(self.year)

    @property
    def dt(self) -> Float[np.ndarray, "s"]:
        """Years of each quarter ahead."""
        days = np.diff(np.concatenate([[self.day], self.ends]))
        return (days.astype(float) / 365.25).astype(np.float32)


def last_day(year: int) -> np.datetime64:
    """The last day of a year."""
    return np.datetime64(f"{year}-12-31", "D")


def origin(year: int, model: tuple[AbstractProcess, ...], folder: Path | None = None) -> Origin:
    """The world of all states as known at the end of a year, with the layers that the processes read or move."""
    day = last_day(year)
    snapshot = load_snapshot(str(day), CODES, folder)
    needed = {layer for process in model for layer in (*process.reads, *process.writes)}
    states = {k: np.array(v, np.float32) for k, v in snapshot.world.states.items() if k in needed}
    dyads = {k: np.array(v, np.float32) for k, v in snapshot.world.dyads.items() if k in needed}
    states["turnover"] = np.zeros(len(CODES), np.float32)
    names = tuple(str(int(number)) for number in pacts.numbers(around(day, folder)))
    bare = World(np.asarray(snapshot.world.present), states, dyads)
    world = with_places(bare, snapshot.world, PACTS - len(names))
    ends = quarters_after(year)
    return Origin(year, world, names, ends, expected_votes(day, ends, folder))


def quarters_after(year: int, steps: int = STEPS) -> np.ndarray:
    """The last days of the quarters after a year."""
    months = np.datetime64(f"{year + 1}-01", "M") + 3 * np.arange(1, steps + 1)
    return months.astype("datetime64[D]") - np.timedelta64(1, "D")


def expected_votes(day: np.datetime64, ends: np.ndarray, folder: Path | None = None) -> Float[np.ndarray, "s n"]:
    """In which quarters votes fall, as could be said on the day: those that had been set, then the state's rhythm."""
    rows, votes = around(day, folder).rows("election"), np.zeros((len(ends), len(CODES)), np.float32)
    for place in np.unique(rows.state):
        for vote in to_come(np.sort(rows.date[rows.state == place]), day, ends[-1]):
            votes[np.searchsorted(ends, vote), place] = 1
    return votes


def around(day: np.datetime64, folder: Path | None = None) -> Grid:
    """A grid of one day, all states, as known on it."""
    return Grid(CODES, np.array([day - QUARTER, day, day + QUARTER]), as_known_on=str(day), folder=folder)


def to_come(known: np.ndarray, day: np.datetime64, last: np.datetime64) -> list[np.datetime64]:
    """A state's votes after the day: those known to be set, and later ones at the median distance of the last few."""
    ahead = [vote for vote in known if day < vote <= last]
    gaps = np.diff(known[-RECENT:]).astype(float)
    gaps = gaps[gaps > QUARTER.astype(float)]  # a second round is no vote of its own
    if len(gaps) + 1 < FEWEST or np.median(gaps) > 365.25 * LONGEST:
        return ahead
    step = np.timedelta64(int(np.median(gaps)), "D")
    following = known[-1] + step
    while following <= last:
        if following > day:
            ahead.append(following)
        following += step
    return ahead


def votes_held(ends: np.ndarray, folder: Path | None = None) -> Float[np.ndarray, "s n"]:
    """In which quarters votes fell, as it turned out: for a forecast that is told all votes in advance."""
    rows, votes = rows_of("election", CODES, None, folder), np.zeros((len(ends), len(CODES)), np.float32)
    begins = np.concatenate([[ends[0] - QUARTER - 1], ends])
    step = np.searchsorted(begins, rows.date) - 1
    inside = (step >= 0) & (step < len(ends))
    votes[step[inside], rows.state[inside]] = 1
    return votes


def calendar_of(
    origin: Origin, votes: Float[np.ndarray, "s n"], model: tuple[AbstractProcess, ...]
) -> dict[str, Array]:
    """What is set step by step: votes in the step and in the one before, and the year in which each step begins.

    The calendar of a state whose calendar is not known on the day stays unknown.
    """
    known = np.isfinite(np.asarray(origin.world.state("election_ahead")))
    past = np.concatenate([np.asarray(origin.world.state("election_past"))[None], votes[:-1]])
    begins = origin.year + 1 + np.arange(len(votes), dtype=np.float32) / 4
    layers = {
        "election_ahead": np.where(known, votes, np.float32(np.nan)),
        "election_past": np.where(known, past, np.float32(np.nan)),
        "year": np.repeat(begins[:, None], origin.world.n, axis=1).astype(np.float32),
    }
    needed = {layer for process in model for layer in process.reads}
    return {name: layer for name, layer in layers.items() if name in needed}
