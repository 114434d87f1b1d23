"""The five processes in Mesa 3: states are agents, ties are plain objects that an agent owns, one model per path.

The idiom of Mesa's own examples for simultaneous moves: every agent decides on what it sees (`decide`), then all
decisions take effect (`act`). An agent decides for the dyads in which it is the first state.
"""

import math
from dataclasses import dataclass

import mesa
import numpy as np
from facts import FEWEST, empty_layers, find_facts, kept_and_listed
from start import Layers, Start

MOST_PEACE = 60.0
DOWN, UP = math.log(0.8), math.log(1.2)


@dataclass
class Pact:
    """A bilateral agreement with another state."""

    partner: "State"
    base: float
    age: float
    elsewhere: bool  # whether the defence obligation rests on a treaty of many, too
    in_force: bool = True
    ends: bool = False
    chance: float = 0.0


@dataclass
class Garrison:
    """Troops in another state."""

    host: "State"
    troops: float
    after: float = 0.0


@dataclass
class Rival:
    """Another state with which a dispute can begin."""

    state: "State"
    base: float
    peace: float
    dispute: bool = False
    chance: float = 0.0


class State(mesa.Agent):
    """A state with its leader, its place in the United Nations and its ties."""

    def __init__(self, model: "System", number: int):
        super().__init__(model)
        self.system, start = model, model.script.start
        self.number, self.democratic = number, model.facts.rule[number] == 1
        self.fixed_term = self.democratic and start.state("fixed_term")[number] > 0
        self.tenure, self.year = float(start.state("tenure")[number]), float(start.state("year")[number])
        self.exit_base, self.target = model.base["leader_exit"][number], model.base["alignment"][number]
        sd = math.exp(model.b["alignment"]["log error factor"]) * float(start.state("ideal_point_sd")[number])
        self.ideal_point = float(start.state("ideal_point")[number]) + self.random.gauss(0, sd)
        self.allies: set[State] = set()
        self.pacts: list[Pact] = []
        self.garrisons: list[Garrison] = []
        self.rivals: list[Rival] = []
        self.leaves, self.exit_chance, self.next_point = False, 0.0, self.ideal_point

    @property
    def shaken(self) -> bool:
        """Whether a new autocrat is in office."""
        return not self.democratic and self.tenure < 1

    def decide(self) -> None:
        """Draw what will happen to this state and to its ties; nothing changes yet."""
        moving = self.system.moving
        if "leader_exit" in moving:
            self.decide_exit()
        if "alignment" in moving:
            self.decide_drift()
        if "agreement_end" in moving:
            self.decide_pacts()
        if "troop_change" in moving:
            for garrison in self.garrisons:
                garrison.after = self.moved(garrison)
        if "dispute_onset" in moving:
            self.decide_disputes()

    def decide_exit(self) -> None:
        """Whether the leader leaves office."""
        b, (ahead, past, extra) = self.system.b["leader_exit"], self.system.votes(self)
        eta = self.exit_base + b["log tenure"] * math.log((1 + self.tenure) / 5)
        eta += b["election this quarter"] * ahead + b["election last quarter"] * past
        if self.democratic:
            eta += b["democracy x log tenure"] * math.log((1 + self.tenure) / 5)
            eta += b["democracy x election this quarter"] * ahead + b["democracy x election last quarter"] * past
        if self.fixed_term:
            eta += b["fixed term x election this quarter"] * ahead + b["fixed term x election last quarter"] * past
        rate = math.exp(eta) + extra
        self.exit_chance = -math.expm1(-rate * self.system.dt)
        self.leaves = self.random.random() < self.exit_chance

    def decide_drift(self) -> None:
        """Where the state will stand."""
        b, dt = self.system.b["alignment"], self.system.dt
        partners = [ally.ideal_point for ally in self.allies if not math.isnan(ally.ideal_point)]
        mean = sum(partners) / len(partners) if partners else 0.0
        target = self.target + b["mean of defence partners"] * mean
        kappa = math.exp(b["log kappa"])
        shake = b["new leader of an autocracy"] if self.shaken else 0.0
        decay, sigma = math.exp(-kappa * dt), math.exp(b["log sigma"] + shake)
        scale = sigma * math.sqrt((1 - decay * decay) / (4 * kappa))  # Student's t with 4 degrees has variance 2
        t4 = self.random.gauss(0, 1) / math.sqrt(self.random.gammavariate(2, 1) / 2)
        self.next_point = target + (self.ideal_point - target) * decay + scale * t4

    def decide_pacts(self) -> None:
        """Which agreements end."""
        b = self.system.b["agreement_end"]
        for pact in self.pacts:
            pact.ends, pact.chance = False, 0.0
            if pact.in_force:
                x = pact.age / 10
                eta = pact.base + x * (b["age"] + x * (b["age squared"] + x * b["age cubed"]))
                if self.shaken or pact.partner.shaken:
                    eta += b["new leader of an autocracy"]
                pact.chance = -math.expm1(-math.exp(eta) * self.system.dt)
                pact.ends = self.random.random() < pact.chance

    def decide_disputes(self) -> None:
        """Which disputes begin."""
        b = self.system.b["dispute_onset"]
        one, two, three = b["peace years"], b["peace years squared / 100"] / 100, b["peace years cubed / 1000"] / 1000
        for rival in self.rivals:
            x = rival.peace
            eta = rival.base + x * (one + x * (two + x * three))
            if rival.state in self.allies:
                eta += b["defence pact between the two"]
            rival.chance = -math.expm1(-math.exp(eta) * self.system.dt)
            rival.dispute = self.random.random() < rival.chance

    def moved(self, garrison: Garrison) -> float:
        """How many troops will be there."""
        if garrison.troops < FEWEST:
            return garrison.troops
        down, up, fall, rise, noise = (math.exp(x) for x in self.troop_predictors(garrison))
        total = down + up
        if self.random.random() < -math.expm1(-total * self.system.dt):
            u = 1 - self.random.random()
            fell = self.random.random() < down / total
            change = DOWN - fall * (1 / math.sqrt(u) - 1) if fell else UP - rise * math.log(u)
        else:
            change = math.inf
            while not DOWN < change < UP:  # Student's t with 4 degrees between the thresholds
                t4 = self.random.gauss(0, 1) / math.sqrt(self.random.gammavariate(2, 1) / 2)
                change = noise * math.sqrt(self.system.dt) * t4
        return garrison.troops * math.exp(change)

    def troop_predictors(self, garrison: Garrison) -> list[float]:
        """The five linear predictors of the troop law."""
        host, size = garrison.host, math.log10(garrison.troops) - 3
        pact = 1.0 if host in self.allies else 0.0
        effects = {
            "intercept": 1.0,
            "log10 troops from 1,000": size,
            "defence pact": pact,
            "defence pact x log10 troops": pact * size,
            "defence pact x log10 troops x since 1975": pact * size * (self.year >= 1975),
            "new leader of an autocratic host": float(host.shaken),
            "new leader of the sender": float(self.tenure < 1),
        }
        return [sum(b * effects[name] for name, b in part.items()) for part in self.system.troop_parts.values()]

    def act(self) -> None:
        """Let what was decided happen."""
        moving, dt = self.system.moving, self.system.dt
        if "leader_exit" in moving:
            self.tenure = dt / 2 if self.leaves else self.tenure + dt
        self.ideal_point = self.next_point
        if "agreement_end" in moving:
            for pact in self.pacts:
                pact.age += dt
                if pact.ends:
                    self.end(pact)
        if "troop_change" in moving:
            for garrison in self.garrisons:
                garrison.troops = garrison.after
        if "dispute_onset" in moving:
            for rival in self.rivals:
                rival.peace = 0.0 if rival.dispute else min(rival.peace + dt, MOST_PEACE)

    def end(self, pact: Pact) -> None:
        """End an agreement, and the defence obligation if it rests on this agreement alone."""
        pact.in_force = False
        if not pact.elsewhere:
            self.allies.discard(pact.partner)
            pact.partner.allies.discard(self)


RECORDED = {
    "rivals": {"dispute": "dispute", "dispute_chance": "chance"},
    "pacts": {"agreement": "in_force", "agreement_end_chance": "chance"},
    "garrisons": {"troops": "troops"},
}


class Script:
    """What all paths share, in the lists and numbers of plain Python."""

    def __init__(self, start: Start):
        self.start, self.facts = start, find_facts(start)
        self.votes: list[list[tuple[float, float, float]]] = self.facts.votes.tolist()
        self.draws = {p.name: ([c.name for c in p.coefficients()], start.theta[p.name].tolist()) for p in start.model}
        self.kept: list[tuple[int, int]] = start.keep.pairs.tolist()
        listed = {"rivals": self.facts.disputes, "pacts": self.facts.pacts, "garrisons": self.facts.garrisons}
        self.places = {what: kept_and_listed(start, pairs) for what, pairs in listed.items()}
        self.steps = [
            (frozenset(start.model[number].name for number in numbers), float(start.calendar.dt[s]))
            for first, end, numbers in start.calendar.spells
            for s in range(first, end)
        ]


class System(mesa.Model):
    """One path: the states, and the step of the calendar that they are in."""

    def __init__(self, script: Script, path: int, seed: int):
        super().__init__(rng=seed * 1_000_003 + path)
        self.script, self.start, self.facts = script, script.start, script.facts
        mine = {name: (names, draws[path % len(draws)]) for name, (names, draws) in script.draws.items()}
        self.b = {name: dict(zip(*named, strict=True)) for name, named in mine.items()}
        self.base = {name: self.facts.base(name, self.b[name]).tolist() for name in self.facts.still}
        self.troop_parts: dict[str, dict[str, float]] = {}
        for name, value in self.b["troop_change"].items():
            part, effect = name.split(": ")
            self.troop_parts.setdefault(part, {})[effect] = value
        self.states = [State(self, number) for number in range(self.start.world.n)]
        self.tie()
        self.moving: frozenset[str] = frozenset()
        self.dt, self.since = 0.0, 0

    def tie(self) -> None:
        """Give every state its allies, pacts, garrisons and rivals."""
        states, facts, start = self.states, self.facts, self.start
        for i, j in np.argwhere(start.dyad("defence") > 0).tolist():
            states[i].allies.add(states[j])
        ages = np.nan_to_num(start.dyad("agreement_age")[facts.pacts])
        for i, j, base, age, rest in _rows(*facts.pacts, self.base["agreement_end"], ages, facts.rests_elsewhere > 0):
            states[i].pacts.append(Pact(states[j], base, age, rest))
        for i, j, troops in _rows(*facts.garrisons, start.dyad("troops")[facts.garrisons]):
            states[i].garrisons.append(Garrison(states[j], troops))
        peace = start.dyad("peace_years")[facts.disputes]
        for i, j, base, years in _rows(*facts.disputes, self.base["dispute_onset"], peace):
            states[i].rivals.append(Rival(states[j], base, years))

    def votes(self, state: State) -> tuple[float, float, float]:
        """Whether the state votes in this step or voted in the last one, and its extra hazard of an exit."""
        return self.script.votes[self.since][state.number]

    def pass_time(self, moving: frozenset[str], dt: float, since: int) -> None:
        """One step of the calendar, in which some processes move."""
        self.moving, self.dt, self.since = moving, dt, since
        self.step()

    def step(self) -> None:
        """All states decide, then all act."""
        self.agents.do("decide")
        self.agents.do("act")

    def record(self, layers: Layers, at: tuple[int, int]) -> None:
        """Write down what the engine keeps."""
        layers["turnover"][at] = [state.leaves for state in self.states]
        layers["turnover_chance"][at] = [state.exit_chance for state in self.states]
        layers["ideal_point"][at] = [state.ideal_point for state in self.states]
        for what, read in RECORDED.items():
            ties = [tie for state in self.states for tie in getattr(state, what)]
            kept, listed = self.script.places[what]
            for name, attribute in read.items():
                layers[name][at][kept] = np.array([getattr(tie, attribute) for tie in ties])[listed]
            if what == "rivals":
                layers["dispute_total"][at] = sum(tie.dispute for tie in ties)
        states = self.states
        layers["defence"][at] = [states[j] in states[i].allies for i, j in self.script.kept]


def _rows(*columns: np.ndarray | list) -> list[tuple]:
    return list(zip(*(c.tolist() if isinstance(c, np.ndarray) else c for c in columns), strict=True))


def simulate(start: Start, paths: np.ndarray, seed: int = 0) -> Layers:
    """The same layers as the engine's `simulate` gives for these paths, a model per path."""
    script, layers = Script(start), empty_layers(start, len(paths))
    for row, path in enumerate(paths.tolist()):
        model = System(script, path, seed)
        for s, (moving, dt) in enumerate(script.steps, start=-start.calendar.nowcast):
            model.pass_time(moving, dt, s)
            if s >= 0:
                model.record(layers, (row, s))
    return layers
