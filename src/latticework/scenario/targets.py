"""What a scenario can act on: every process of the model that has a place for a push, and in which units.

The names are those of `latticework.processes.MODEL`; a test compares the two. Left out are the founding and the end of
multilateral pacts, which are of no state or dyad, and the bookkeeping of treaties.
"""

from dataclasses import dataclass
from typing import Literal

# The law of a process -> the raw unit of a push on it.
RAW = {"hazard": "log_hazard", "mark": "log_odds", "count": "log_rate", "drift": "per_year"}


@dataclass(frozen=True)
class Target:
    """A process as a scenario sees it: what it is about, its law, and what a push of size one does.

    `event` is the layer that is 1 in the step in which it happened (a count: how often), for conditions of rules;
    `moves` says in words what a push raises, for a drift the layer whose level it moves.
    """

    on: Literal["state", "dyad"]
    law: Literal["hazard", "mark", "count", "drift"]
    moves: str
    event: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """The units in which a push on it can be given."""
        if self.law == "hazard":
            return ("history_sd", RAW[self.law])
        return ("turnover_shift", RAW[self.law]) if self.moves == UN_SCALE else (RAW[self.law],)

    @property
    def can_happen(self) -> bool:
        """Whether it is an event that can be made to happen with a stated chance."""
        return self.law == "hazard" and bool(self.event)

    @property
    def can_be_ruled_out(self) -> bool:
        """Whether a clamp can keep it from happening."""
        return self.law != "drift"


UN_SCALE = "points of the UN scale"

TARGETS: dict[str, Target] = {
    "leader_exit": Target("state", "hazard", "that the leader leaves", "turnover"),
    "coalition_change": Target("state", "mark", "that a new leader rests on other groups", "coalition_change"),
    "agreement_signed": Target("dyad", "hazard", "that an agreement is signed", "agreement_signed"),
    "defence_pledged": Target("dyad", "mark", "that a new agreement pledges defence"),
    "nonaggression_pledged": Target("dyad", "mark", "that a new agreement pledges not to attack"),
    "agreement_end": Target("dyad", "hazard", "that the two states' agreement ends", "agreement_ended"),
    "pact_joined": Target("state", "hazard", "that the state joins a multilateral pact, for each of them"),
    "pact_left": Target("state", "hazard", "that the state leaves a multilateral pact, for each of them"),
    "alignment": Target("state", "drift", UN_SCALE),
    "troop_change": Target("dyad", "hazard", "that troops are drawn down by a fifth or more"),
    "garrison_opened": Target("dyad", "hazard", "that a garrison of a hundred or more is opened", "troops_placed"),
    "exercises": Target("dyad", "count", "of exercises", "exercise"),
    "visits_president": Target("dyad", "count", "of visits of the president", "visit_president"),
    "visits_secretary": Target("dyad", "count", "of visits of the secretary of state", "visit_secretary"),
    "visits_defence": Target("dyad", "count", "of visits of heads of the services", "visit_defence"),
    "trade": Target("dyad", "drift", "the log of the two states' trade over the world's"),
    "defence_effort": Target("state", "drift", "the log of military spending over GDP"),
    "nuclear_step": Target("state", "hazard", "that the state takes a step towards the bomb", "nuclear_step"),
    "warheads": Target("state", "drift", "the log of the number of warheads"),
    "dispute_onset": Target("dyad", "hazard", "that a militarised dispute begins", "dispute"),
    "dispute_end": Target("dyad", "hazard", "that a dispute that goes on ends", "dispute_ended"),
    "force_used": Target("dyad", "mark", "that force is used in a dispute", "dispute_force"),
    "dispute_deaths": Target("dyad", "mark", "that a dispute with force costs lives", "dispute_deaths"),
}
PROCESS_UNIT: dict[str, Literal["state", "dyad"]] = {name: target.on for name, target in TARGETS.items()}
LEVELS = (  # layers of the panel that can be held a part of the way; others are yes or no, or tallies
    "capability",
    "cost_demand",
    "cost_sharing",
    "defence_effort",
    "democracy",
    "exports",
    "exports_constant",
    "external_threat",
    "gdp",
    "ideal_point",
    "military_spending",
    "population",
    "territorial_threat",
    "trade",
    "trade_share",
    "troops",
    "warheads",
)
EVENT_LAYERS: dict[str, Literal["state", "dyad"]] = {t.event: t.on for t in TARGETS.values() if t.event}
