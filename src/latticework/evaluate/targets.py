"""A target is something to be forecast: which units can have it, what came of them, and what a baseline may know.

Change is the target, never a level. An agreement of many is one unit, whoever belongs to it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from latticework.effects import LandNeighbours, PoliticallyRelevant
from latticework.evaluate.covariates import (
    Votes,
    dispute_full,
    dispute_plain,
    leader_full,
    leader_plain,
    pact_full,
    pact_plain,
    signed_full,
    signed_plain,
    treaty_full,
    treaty_plain,
    troops_full,
    troops_plain,
)
from latticework.evaluate.exercised import exercise_full, exercise_plain, none_held, partners, strangers
from latticework.evaluate.pledged import comes_to_it, far_off, pledge_full, pledge_plain, short_of_it
from latticework.evaluate.record import HORIZONS, PAIRS, YEARS, Record
from latticework.types import Bool, Float, Int

GARRISON = 1000.0
GIVEN = "leader exit, votes given"  # a forecast that is told all votes in advance: what they are worth
Effects = Callable[[Record, Votes, int], list[np.ndarray]]  # columns (t, u) for a horizon


@dataclass(frozen=True)
class Events:
    """A target that happens or not. `forecast` names it in the forecasts.

    `unit` is "state", "dyad", "host" or "pact". `outcomes` (t 9 u), `at_risk` (t u), `classes` (t u) and the effects of
    the two logits are functions of the record; `members` says that the chance is a share of paths. `crossing` says of a
    level at the origin and later whether it has moved as the target says.
    """

    name: str
    title: str
    unit: str
    forecast: str
    outcomes: Callable[[Record], np.ndarray]
    at_risk: Callable[[Record], np.ndarray]
    classes: Callable[[Record], np.ndarray]
    plain: Effects
    full: Effects
    horizons: tuple[str, ...] = HORIZONS
    members: bool = False
    crossing: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None


@dataclass(frozen=True)
class Levels:
    """A target that moves: its change from the last figure known on the day to the end of each year ahead."""

    name: str
    title: str
    forecast: str
    levels: Callable[[Record], np.ndarray]
    measure: Callable[[np.ndarray], np.ndarray]
    horizons: tuple[str, ...] = YEARS


def exists(record: Record) -> Bool[np.ndarray, "t n"]:
    """States that exist."""
    return record.present


def led(record: Record) -> Bool[np.ndarray, "t n"]:
    """States with a known leader."""
    return record.present & np.isfinite(record.state("tenure"))


def both_exist(record: Record) -> Bool[np.ndarray, "t q"]:
    """Dyads of states that exist."""
    return record.present[:, PAIRS[:, 0]] & record.present[:, PAIRS[:, 1]]


def bound(record: Record) -> Bool[np.ndarray, "t q"]:
    """Dyads with a bilateral agreement."""
    return both_exist(record) & (record.dyad("agreement") > 0)


def unbound(record: Record) -> Bool[np.ndarray, "t q"]:
    """Dyads without a bilateral agreement."""
    return both_exist(record) & ~(record.dyad("agreement") > 0)


def autocracy(record: Record) -> Int[np.ndarray, "t n"]:
    """Democracies, others, and states whose regime is not known."""
    rule = record.known("democracy", record.state("democracy"))
    return np.where(np.isnan(rule), 2, (rule < 0.5).astype(int))


def place(record: Record) -> Int[np.ndarray, "t q"]:
    """Dyads that share a border, others that can reach each other, the rest."""
    near = record.effect(LandNeighbours()) > 0
    return np.where(near, 0, np.where(record.effect(PoliticallyRelevant()) > 0, 1, 2))


def relative(levels: Callable[[Record], np.ndarray], event: Callable) -> Callable[[Record], np.ndarray]:
    """Outcomes at the ends of the years ahead of a level beside what it was at the origin; quarters stay empty."""

    def outcomes(record: Record) -> np.ndarray:
        values = levels(record)
        later = np.concatenate([values, np.full((5, values.shape[1]), np.nan, np.float32)])
        years = [later[h : h + len(values)] for h in range(1, 6)]
        happened = [np.where(np.isfinite(y) & np.isfinite(values), event(values, y), np.nan) for y in years]
        empty = np.full((len(values), 4, values.shape[1]), np.nan)
        return np.concatenate([empty, np.stack(happened, axis=1)], axis=1).astype(np.float32)

    return outcomes


def garrisons(record: Record) -> Bool[np.ndarray, "t n"]:
    """Hosts of a thousand US troops or more."""
    return record.present & (record.hosts() >= GARRISON)


def size_class(record: Record) -> Int[np.ndarray, "t n"]:
    """Hosts of under ten thousand, and larger ones."""
    return (record.hosts() >= 10 * GARRISON).astype(int)


def in_force(record: Record) -> Bool[np.ndarray, "t m"]:
    """Agreements of many that are in force."""
    return record.pact("pact_size") >= 2


def one_class(record: Record) -> Int[np.ndarray, "t m"]:
    """Agreements with a pledge of defence, and others."""
    return (np.nan_to_num(record.pact("pact_defence")) > 0).astype(int)


def sizes(record: Record) -> Float[np.ndarray, "t m"]:
    """Members of the agreements of many, none once they are no more."""
    return record.pact("pact_size")


def fewer(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Less than it was."""
    return now < was


def more(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    """More than it was."""
    return now > was


def halved(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    """At most half of what it was."""
    return now <= was / 2


def half_more(was: np.ndarray, now: np.ndarray) -> np.ndarray:
    """At least half as much again."""
    return now >= 1.5 * was


LEADER_CHANGE = Events(
    "leader-change",
    "A leader leaves office",
    "state",
    "leader exit",
    lambda r: r.events("turnover"),
    led,
    autocracy,
    leader_plain,
    leader_full,
)
VOTES_KNOWN = "A leader leaves office, were all votes known in advance"
EVENTS: tuple[Events, ...] = (
    LEADER_CHANGE,
    replace(LEADER_CHANGE, name="leader-change-votes", title=VOTES_KNOWN, forecast=GIVEN),
    Events(
        "coalition-change",
        "A leader's coalition changes",
        "state",
        "coalition change",
        lambda r: r.events("coalition_change"),
        led,
        autocracy,
        leader_plain,
        leader_full,
        members=True,
    ),
    Events(
        "dispute",
        "A militarised dispute begins",
        "dyad",
        "dispute",
        lambda r: r.events("dispute"),
        both_exist,
        place,
        dispute_plain,
        dispute_full,
    ),
    Events(
        "dispute-force",
        "A dispute with use of force begins",
        "dyad",
        "dispute with force",
        lambda r: r.events("dispute_force"),
        both_exist,
        place,
        dispute_plain,
        dispute_full,
    ),
    Events(
        "agreement-ends",
        "A bilateral alliance agreement ends",
        "dyad",
        "agreement ends",
        lambda r: r.events("agreement_ended"),
        bound,
        place,
        treaty_plain,
        treaty_full,
    ),
    Events(
        "agreement-signed",
        "A bilateral alliance agreement is signed",
        "dyad",
        "agreement signed",
        lambda r: r.events("agreement_signed"),
        unbound,
        place,
        signed_plain,
        signed_full,
    ),
    Events(
        "members-leave",
        "An agreement of many has fewer members",
        "pact",
        "members",
        relative(sizes, fewer),
        in_force,
        one_class,
        pact_plain,
        pact_full,
        YEARS,
        members=True,
        crossing=fewer,
    ),
    Events(
        "members-join",
        "An agreement of many has more members",
        "pact",
        "members",
        relative(sizes, more),
        in_force,
        one_class,
        pact_plain,
        pact_full,
        YEARS,
        members=True,
        crossing=more,
    ),
    Events(
        "troops-halved",
        "Half of a US garrison of 1,000 or more is gone",
        "host",
        "troops",
        relative(Record.hosts, halved),
        garrisons,
        size_class,
        troops_plain,
        troops_full,
        YEARS,
        members=True,
        crossing=halved,
    ),
    Events(
        "troops-up",
        "A US garrison of 1,000 or more has grown by half",
        "host",
        "troops",
        relative(Record.hosts, half_more),
        garrisons,
        size_class,
        troops_plain,
        troops_full,
        YEARS,
        members=True,
        crossing=half_more,
    ),
    Events(
        "exercise-begins",
        "A dyad without a joint exercise for five years holds one",
        "dyad",
        "exercise",
        lambda r: r.events("exercise"),
        strangers,
        place,
        exercise_plain,
        exercise_full,
        YEARS,
        members=True,
    ),
    Events(
        "exercise-lapses",
        "A dyad with a joint exercise in the year holds none",
        "dyad",
        "no exercise",
        none_held,
        partners,
        place,
        exercise_plain,
        exercise_full,
        YEARS,
        members=True,
    ),
    Events(
        "pledge-met",
        "A NATO member below two percent for defence, pledged in 2014, spends it",
        "state",
        "effort",
        relative(lambda r: r.state("defence_effort"), comes_to_it),
        short_of_it,
        far_off,
        pledge_plain,
        pledge_full,
        YEARS,
        members=True,
        crossing=comes_to_it,
    ),
)
LEVELS: tuple[Levels, ...] = (
    Levels("defence-effort", "Change of log defence effort", "effort", lambda r: r.state("defence_effort"), np.log),
    Levels("ideal-point", "Change of the UN ideal point", "ideal point", lambda r: r.state("ideal_point"), np.asarray),
)
TARGETS: dict[str, Events | Levels] = {target.name: target for target in (*EVENTS, *LEVELS)}
