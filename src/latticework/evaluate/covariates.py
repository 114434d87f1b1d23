"""Covariates of the logits that the model has to beat: three plain ones, and structure with history.

Each is a function of the record, of the votes that were expected at each year's end, and of the horizon's number, and
returns columns (t, u): nothing in row t was unknown at the end of year t.
"""

from collections.abc import Callable

import numpy as np

from latticework.effects import CapabilityRatio, LandNeighbours, PoliticallyRelevant
from latticework.evaluate.record import HUB, PAIRS, Record
from latticework.types import Float

DECADE = 10
Votes = Float[np.ndarray, "t s n"]


def of_two(record: Record, name: str, join: Callable) -> Float[np.ndarray, "t q"]:
    """The smaller, larger or other union of a state layer's two values, as known."""
    values = record.known(name, record.state(name))
    return join(values[:, PAIRS[:, 0]], values[:, PAIRS[:, 1]])


def dispute_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Border, parity, major power."""
    major = of_two(record, "major_power", np.fmax)
    parity = record.known("capability", record.effect(CapabilityRatio()))
    return [record.effect(LandNeighbours()), parity, major]


def dispute_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, reach, distance, pact, regimes, and the past: years of peace and the record of disputes."""
    peace, past = record.dyad("peace_years"), record.dyad("dispute_history")
    return [
        *dispute_plain(record, votes, horizon),
        record.effect(PoliticallyRelevant()),
        np.log1p(record.dyad("distance")),
        record.dyad("defence"),
        of_two(record, "democracy", np.fmin),
        peace,
        peace**2 / 100,
        peace**3 / 1000,
        past,
        np.sqrt(past),
    ]


def vote_in(votes: Votes, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether a vote is expected in the period of a horizon, and in the quarter before it."""
    if horizon < 4:
        before = votes[:, horizon - 1] if horizon else np.zeros_like(votes[:, 0])
        return votes[:, horizon], before
    first = 4 * (horizon - 4)
    before = votes[:, first - 1] if first else np.zeros_like(votes[:, 0])
    return votes[:, first : first + 4].max(axis=1), before


def leader_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Regime, tenure, a vote expected."""
    rule = record.known("democracy", record.state("democracy"))
    return [rule, np.log1p(record.state("tenure")), vote_in(votes, horizon)[0]]


def leader_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, how they go together, the vote before, civil conflict, and how often leaders changed of late."""
    rule, tenure, vote = leader_plain(record, votes, horizon)
    before = vote_in(votes, horizon)[1]
    fought = record.known("civil_conflict", record.state("civil_conflict"))
    late = lately(np.nan_to_num(record.events("turnover")[:, 4]))
    return [rule, tenure, vote, before, rule * tenure, rule * vote, rule * before, fought, late]


def lately(following: Float[np.ndarray, "t u"]) -> Float[np.ndarray, "t u"]:
    """How many of the last ten years had an event, given whether the year after each year's end had one."""
    past = np.concatenate([np.zeros_like(following[:1]), following[:-1]])
    total = np.cumsum(past, axis=0)
    return total - np.concatenate([np.zeros_like(total[:DECADE]), total[:-DECADE]])


def treaty_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Age, regimes, a shift of power."""
    return [
        np.log1p(record.dyad("agreement_age")),
        of_two(record, "democracy", np.fmin),
        record.known("capability", record.dyad("agreement_shift")),
    ]


def treaty_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, a pact of defence, distance, and how many agreements of the two ended of late."""
    ended = lately(per_state(record, "agreement_ended"))
    recent = ended[:, PAIRS[:, 0]] + ended[:, PAIRS[:, 1]]
    age = record.dyad("agreement_age") / 10
    return [*treaty_plain(record, votes, horizon), age, age**2, record.dyad("defence"), np.log1p(recent)]


def signed_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Border, distance, how unlike the regimes are."""
    apart = of_two(record, "democracy", lambda a, b: np.abs(a - b))
    return [record.effect(LandNeighbours()), np.log1p(record.dyad("distance")), apart]


def signed_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, power, rivalry, regimes, and how many agreements the two signed of late."""
    signed = lately(per_state(record, "agreement_signed"))
    a, b = signed[:, PAIRS[:, 0]], signed[:, PAIRS[:, 1]]
    larger = of_two(record, "capability", np.fmax)
    rivals = record.known("rivalry", record.dyad("rivalry"))
    return [
        *signed_plain(record, votes, horizon),
        np.log(larger + 1e-4),
        rivals,
        of_two(record, "democracy", np.fmin),
        np.log1p(a + b),
        np.log1p(np.minimum(a, b)),
    ]


def per_state(record: Record, event: str) -> Float[np.ndarray, "t n"]:
    """Events of dyads in the year after each year's end, by state."""
    following = np.nan_to_num(record.events(event)[:, 4])
    total = np.zeros(record.present.shape, np.float32)
    for side in PAIRS.T:
        np.add.at(total.T, side, following.T)
    return total


def troops_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Size, pact, war theatre."""
    pact, war = (
        record.known(name, np.asarray(record.yearly.world.dyad(name))[:, HUB]) for name in ("defence", "war_theatre")
    )
    return [np.log(np.maximum(record.hosts(), 1.0)), pact, war]


def troops_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, regime, the last year's change, a new leader of the sender."""
    size = np.log(np.maximum(record.hosts(), 1.0))
    change = np.concatenate([np.full_like(size[:1], np.nan), np.diff(size, axis=0)])
    rule = record.known("democracy", record.state("democracy"))
    fresh = np.repeat((record.state("tenure")[:, HUB] < 1)[:, None], size.shape[1], axis=1).astype(float)
    return [*troops_plain(record, votes, horizon), rule, change, np.abs(change), fresh]


def pact_plain(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """Size, age, defence."""
    size, age = record.pact("pact_size"), record.pact("pact_age")
    return [np.log(np.maximum(size, 1.0)), np.log1p(age), record.pact("pact_defence")]


def pact_full(record: Record, votes: Votes, horizon: int) -> list[np.ndarray]:
    """The same, and by how many members it grew or shrank in the last five years."""
    size = record.pact("pact_size")
    before = np.concatenate([np.full_like(size[:5], np.nan), size[:-5]])
    moved = np.nan_to_num(size - before)
    return [*pact_plain(record, votes, horizon), np.maximum(moved, 0), np.maximum(-moved, 0)]
