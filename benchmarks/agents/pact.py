"""A pact: an agreement of several states, which they join, leave and end."""

import math
from typing import TYPE_CHECKING

import mesa

from agents.chance import happens

if TYPE_CHECKING:
    from agents.state import State
    from agents.system import System


class Pact(mesa.Agent):
    """A place for a pact; without members nothing is in force there."""

    def __init__(self, model: "System", number: int):
        super().__init__(model)
        self.system, script = model, model.script
        self.age, self.size, defence = script.of_pacts[number]
        self.defence = defence > 0
        self.members: set[State] = {model.states[i] for i in script.members[number]}
        self.joins: list[State] = []
        self.leaves: list[State] = []
        self.founders: list[State] = []
        self.ends, self.end_chance, self.founded_defence = False, 0.0, False

    @property
    def in_force(self) -> bool:
        """Whether it has two members or more."""
        return len(self.members) >= 2

    def size_and_age(self, b: dict[str, float]) -> float:
        """What its size and age add to a predictor."""
        size = b["log members from ten"] * math.log(max(self.size, 1) / 10)
        return size + b["log age from ten years"] * math.log((1 + self.age) / 11)

    def decide(self) -> None:
        """Who joins, who leaves, and whether it ends."""
        self.joins, self.leaves, self.founders, self.ends, self.end_chance = [], [], [], False, 0.0
        if "pact_joined" not in self.system.moving or not self.in_force:
            return
        dt, b = self.system.dt, self.system.b["pact_ended"]
        eta = b["intercept"] + self.size_and_age(b) + b["defence pledge"] * self.defence + self.system.era("pact_ended")
        share = sum(state.democratic for state in self.members) / len(self.members)
        eta += b["share of members that are democracies"] * share
        self.ends, self.end_chance = happens(self.random, eta, dt)
        for state in self.system.states:
            if state not in self.members:
                if happens(self.random, self.attraction(state), dt)[0]:
                    self.joins.append(state)
            elif len(self.members) > 2 and happens(self.random, self.disaffection(state), dt)[0]:
                self.leaves.append(state)

    def attraction(self, state: "State") -> float:
        """The log hazard that a state joins."""
        b, kin = self.system.b["pact_joined"], self.system.kin[state.number]
        near = sum(kin[member.number] for member in self.members)
        allied = sum(member in state.allies for member in self.members)
        mean = (near + b["defence obligation, mean over members"] * allied) / len(self.members)
        eta = b["intercept"] + mean + self.size_and_age(b) + b["defence pledge"] * self.defence
        return eta + self.system.era("pact_joined")

    def disaffection(self, state: "State") -> float:
        """The log hazard that a member leaves."""
        b = self.system.b["pact_left"]
        rivals = sum(rival in self.members for rival in state.rivals) / (len(self.members) - 1)
        eta = b["intercept"] + b["democracy"] * state.democratic + b["new leader of an autocracy"] * state.shaken
        return (
            eta + b["share of members that are rivals"] * rivals + self.size_and_age(b) + self.system.era("pact_left")
        )

    def act(self) -> None:
        """Members are counted when all have acted."""

    def keep_books(self) -> None:
        """Who belongs to it after what was founded, joined, left and ended."""
        dt, before = self.system.dt, len(self.members)
        self.age += dt
        for state in (*self.joins, *self.founders):
            state.joined += 1
        for state in self.leaves:
            state.left += 1
        self.members = (self.members | set(self.joins)) - set(self.leaves)
        if self.ends:
            self.members = set()
        if self.founders:
            self.members, self.age, self.defence = set(self.founders), dt / 2, self.founded_defence
        if len(self.members) < 2:
            self.members = set()
        self.size = len(self.members) if self.founders else self.size + len(self.members) - before
