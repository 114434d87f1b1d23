"""A state with its leader, its place in the United Nations, its arms and its ties."""

import math
from typing import TYPE_CHECKING

import mesa
from facts import POSSESSES

from agents.chance import broken, drifted, happens, is_so, jumped

if TYPE_CHECKING:
    from agents.system import System
    from agents.tie import Garrison, Tie, Visited

USUAL_GROWTH, GROWTH_FADES, USUAL_FADE = 0.037, 0.36, 2.5
ARMS = ("defence_effort", "military_spending", "effort_growth", "nuclear_status", "warheads")


class State(mesa.Agent):
    """A state: it decides on its leader, its votes, its arms and the ties in which it comes first."""

    def __init__(self, model: "System", number: int):
        super().__init__(model)
        self.system, start, rule = model, model.script.start, model.facts.rule
        self.number, self.democratic = number, bool(rule[number] == 1)
        of = {name: float(layer[number]) for name, layer in start.states.items()}
        self.fixed_term, self.gdp = self.democratic and of["fixed_term"] > 0, of["gdp"]
        self.tenure, self.growth, self.incumbent = of["tenure"], of["growth"], True
        self.growth = USUAL_GROWTH if math.isnan(self.growth) else self.growth
        self.year, self.nato = of["year"], bool((start.dyad("integrated_defence")[number] > 0).sum() >= 2)
        sd = of["ideal_point_sd"]
        error = 0.0 if math.isnan(sd) else math.exp(model.b["alignment"]["log error factor"]) * sd
        self.ideal_point, self.usual = of["ideal_point"] + self.random.gauss(0, error), of["ideal_point_usual"]
        self.effort, self.spending, self.effort_growth, self.status, self.warheads = (of[name] for name in ARMS)
        if not math.isnan(self.effort * self.gdp):
            self.spending = self.effort * self.gdp / 1000
        self.allies: set[State] = set()
        self.standing: set[State] = set()
        self.fresh: set[State] = set()
        self.rivals: list[State] = []
        self.disputed: set[State] = set()
        self.ties: list[Tie] = []
        self.garrisons: list[Garrison] = []
        self.hosted: list[Garrison] = []
        self.visited: list[Visited] = []
        self.few_troops = 0.0
        self.leaves = self.forced = self.changes = self.climbs = False
        self.exit_chance = self.step_chance = 0.0
        self.joined = self.left = 0
        self.coalition_age = of["coalition_age"]
        if math.isnan(self.coalition_age):
            ahead, past = of["election_ahead"], of["election_past"]
            new = is_so(self.random, self.coalition_odds(ahead, past, forced=False))
            self.coalition_age = self.tenure if new else self.tenure + 1
        self.next_point, self.next_effort, self.next_warheads = self.ideal_point, self.effort, self.warheads

    @property
    def shaken(self) -> bool:
        """Whether a new autocrat is in office."""
        return not self.democratic and self.tenure < 1

    def decide(self) -> None:
        """Draw what will happen to this state and to its ties; nothing changes yet."""
        moving = self.system.moving
        if "leader_exit" in moving:
            self.decide_exit()
            odds = self.coalition_odds(*self.votes(), self.forced) + self.system.era("coalition_change")
            self.changes = self.leaves and is_so(self.random, odds)
        if "alignment" in moving:
            self.decide_drift()
        if "defence_effort" in moving:
            self.decide_effort()
        if "nuclear_step" in moving:
            self.decide_nuclear()
        if "warheads" in moving:
            self.decide_warheads()
        for tie in self.ties:
            tie.decide()
        for tie in (*self.garrisons, *self.visited):
            tie.decide()

    def votes(self) -> tuple[float, float]:
        """Whether the state votes in this step, and whether it voted in the last and does not now."""
        ahead, past, _ = self.system.votes[self.number]
        return ahead, past * (1 - ahead)

    def decide_exit(self) -> None:
        """Whether the leader leaves office, and how."""
        b, (ahead, past), due = self.system.b["leader_exit"], self.votes(), self.system.votes[self.number][2]
        log_tenure, boom = math.log((1 + self.tenure) / 5), (self.growth - USUAL_GROWTH) / 0.1
        eta = self.system.base["leader_exit regular"][self.number] + b["regular: growth"] * boom
        eta += b["regular: log tenure"] * log_tenure + self.system.era("leader_exit")
        eta += b["regular: election this quarter"] * ahead + b["regular: election last quarter"] * past
        if self.democratic:
            eta += b["regular: democracy x log tenure"] * log_tenure
            eta += b["regular: democracy x election this quarter"] * ahead
            eta += b["regular: democracy x election last quarter"] * past
        if self.fixed_term:
            eta += b["regular: fixed term x election this quarter"] * ahead
            eta += b["regular: fixed term x election last quarter"] * past
        other = self.system.base["leader_exit irregular"][self.number] + b["irregular: growth"] * boom
        other += b["irregular: log tenure"] * log_tenure
        other += b["irregular: election this quarter"] * ahead + b["irregular: election last quarter"] * past
        regular = math.exp(eta) + (due if self.incumbent else 0.0) + self.system.extra[self.number]
        forced = math.exp(other)
        self.leaves, self.exit_chance = happens(self.random, math.log(regular + forced), self.system.dt)
        self.forced = self.leaves and self.random.random() * (regular + forced) < forced

    def coalition_odds(self, ahead: float, past: float, forced: bool) -> float:
        """Log odds that a new leader rests on other groups."""
        b = self.system.b["coalition_change"]
        odds = self.system.base["coalition_change"][self.number] + b["log tenure"] * math.log((1 + self.tenure) / 5)
        odds += b["election this quarter"] * ahead + b["election last quarter"] * past + b["irregular exit"] * forced
        if self.democratic:
            odds += b["democracy x election this quarter"] * ahead + b["democracy x election last quarter"] * past
            odds += b["democracy x irregular exit"] * forced
        return odds

    def clocks(self) -> tuple[float, float]:
        """Years of the leader and of his coalition at the end of the step."""
        dt = self.system.dt
        if "leader_exit" not in self.system.moving:
            return self.tenure, self.coalition_age
        tenure = dt / 2 if self.leaves else self.tenure + dt
        return tenure, dt / 2 if self.changes else self.coalition_age + dt

    def decide_drift(self) -> None:
        """Where the state will stand."""
        b = self.system.b["alignment"]
        points = [ally.ideal_point for ally in self.allies if not math.isnan(ally.ideal_point)]
        target = self.system.base["alignment"][self.number] + b["own mean of five years"] * self.usual
        target += b["mean of defence partners"] * (sum(points) / len(points) if points else 0.0)
        sigma = b["log sigma"] + self.system.base["alignment scale"][self.number]
        tenure, age = self.clocks()
        if not self.democratic and age < 1:
            sigma += b["new leader of an autocracy, new coalition"]
        elif not self.democratic and tenure < 1:
            sigma += b["new leader of an autocracy"]
        kappa = math.exp(b["log kappa"])
        target += self.system.era("alignment")
        dt, more = self.system.dt, jumped(self.random, b, self.system.dt)
        self.next_point = drifted(self.random, self.ideal_point, target, kappa, sigma, dt, more)

    def decide_effort(self) -> None:
        """What share of GDP will go to defence."""
        b, base = self.system.b["defence_effort"], self.system.base
        target, level = base["defence_effort"][self.number], math.log(self.effort) if self.effort > 0 else math.nan
        rivals = sum(rival.spending for rival in self.rivals if not math.isnan(rival.spending))
        target += b["log rivals' spending"] * math.log1p(100_000 * rivals / self.gdp)
        target += b["pact with a democracy"] * any(ally.democratic for ally in self.allies)
        target += b["pact with another state"] * any(not ally.democratic for ally in self.allies)
        troops = math.log1p(self.few_troops + sum(garrison.troops for garrison in self.hosted))
        target += b["log foreign troops, NATO" if self.nato else "log foreign troops"] * troops
        growing = [a for a in self.allies if not math.isnan(a.effort_growth) and not math.isnan(a.spending)]
        weight = sum(ally.spending for ally in growing)
        if weight > 0:
            growth = sum(ally.spending * ally.effort_growth for ally in growing) / weight
            target += b["growth of allies' effort"] * growth
        target += self.system.era("defence_effort")
        sigma = b["log sigma"] + base["defence_effort scale"][self.number]
        kappa = math.exp(b["log kappa"])
        dt, breaks = self.system.dt, b["log jump hazard"] + base["defence_effort jumps"][self.number]
        left, more = broken(self.random, b, breaks, dt)
        self.next_effort = math.exp(drifted(self.random, level, target, kappa, sigma, dt, more, left))

    def decide_nuclear(self) -> None:
        """Whether the state climbs a rung of the ladder towards a weapon."""
        b = self.system.b["nuclear_step"]
        self.climbs, self.step_chance = False, 0.0
        if self.status < POSSESSES:
            eta = b["none"] + b["considers"] * (self.status >= 1) + b["pursues, beyond considers"] * (self.status >= 2)
            eta += b["nuclear rival"] * any(rival.status >= POSSESSES for rival in self.rivals)
            eta += b["nuclear ally"] * any(ally.status >= POSSESSES for ally in self.allies)
            self.climbs, self.step_chance = happens(self.random, eta, self.system.dt)

    def decide_warheads(self) -> None:
        """How large the stockpile will be."""
        b, count = self.system.b["warheads"], self.warheads
        if self.status >= POSSESSES and count == 0:
            count = 2.0
        self.next_warheads = count
        if count > 0:
            largest = max((rival.arsenal for rival in self.rivals), default=0.0)
            target = self.system.base["warheads"][self.number] + self.system.era("warheads")
            target += b["log of the largest rival stockpile"] * math.log1p(largest)
            kappa, dt = math.exp(b["log kappa"]), self.system.dt
            self.next_warheads = math.exp(drifted(self.random, math.log(count), target, kappa, b["log sigma"], dt))

    @property
    def arsenal(self) -> float:
        """The stockpile as others see it: a state that has got a weapon has a few."""
        return 2.0 if self.status >= POSSESSES and self.warheads == 0 else self.warheads

    def act(self) -> None:
        """Let what was decided happen."""
        moving, dt = self.system.moving, self.system.dt
        if "leader_exit" in moving:
            self.tenure, self.coalition_age = self.clocks()
            self.incumbent = self.incumbent and not self.leaves
            self.growth = USUAL_GROWTH + (self.growth - USUAL_GROWTH) * math.exp(-GROWTH_FADES * dt)
        if "alignment" in moving:
            self.ideal_point = self.next_point
            if not math.isnan(self.ideal_point):
                self.usual += (self.ideal_point - self.usual) * -math.expm1(-dt / USUAL_FADE)
        if "defence_effort" in moving and not math.isnan(self.next_effort):
            self.effort_growth = self.effort_growth * max(1 - dt, 0) + math.log(self.next_effort / self.effort)
            self.effort = self.next_effort
            if not math.isnan(self.effort * self.gdp):
                self.spending = self.effort * self.gdp / 1000
        if "nuclear_step" in moving:
            self.status += self.climbs
        if "warheads" in moving:
            self.warheads = self.next_warheads
        for tie in (*self.ties, *self.garrisons, *self.visited):
            tie.act()
