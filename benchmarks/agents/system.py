"""One path: the states, the pacts, and the step of the calendar that they are in."""

import math

import mesa
import numpy as np
from facts import BESIDE, VISITS, empty_layers, find_facts, kept_and_listed, unexplained
from start import Layers, Start

from agents.chance import is_so
from agents.pact import Pact
from agents.state import State
from agents.tie import FLAGS, LAYERS, Garrison, Tie, Visited

PARTS = ("draw-down", "surge", "size of draw-down", "size of surge", "noise of what is held")
BASES = {  # name: process, list of effects, prefix of the coefficients
    "leader_exit regular": ("leader_exit", "leader_exit", "regular: "),
    "leader_exit irregular": ("leader_exit", "leader_exit", "irregular: "),
    "coalition_change": ("coalition_change", "coalition_change", ""),
    "agreement_signed": ("agreement_signed", "agreement_signed", ""),
    "defence_pledged": ("defence_pledged", "pledge", ""),
    "nonaggression_pledged": ("nonaggression_pledged", "pledge", ""),
    "agreement_end": ("agreement_end", "agreement_end", "violated: "),
    "pact_founded": ("pact_founded", "near", "coming: "),
    "alignment": ("alignment", "alignment", ""),
    "alignment scale": ("alignment", "alignment scale", ""),
    **{f"troop_change {part}": ("troop_change", "troop_change", f"{part}: ") for part in PARTS},
    **{f"garrison_opened {part}": ("garrison_opened", "garrison_opened", f"{part}: ") for part in ("opening", "size")},
    "exercises": ("exercises", "exercises", ""),
    **{f"visits_{who}": (f"visits_{who}", f"visits_{who}", "") for who in VISITS},
    "trade": ("trade", "trade", ""),
    "trade scale": ("trade", "trade scale", ""),
    "defence_effort": ("defence_effort", "defence_effort", ""),
    "defence_effort scale": ("defence_effort", "defence_effort scale", ""),
    "defence_effort jumps": ("defence_effort", "defence_effort jumps", ""),
    "warheads": ("warheads", "warheads", ""),
    "dispute_onset": ("dispute_onset", "dispute_onset", ""),
    "dispute_end": ("dispute_end", "dispute_end", ""),
    "force_used": ("force_used", "severity", ""),
    "dispute_deaths": ("dispute_deaths", "severity", ""),
}
LATER = (
    "leader_exit irregular",
    "garrison_opened size",
    *(f"troop_change {part}" for part in PARTS[1:]),
)  # not a first predictor
OF_STATES = {
    "turnover": "leaves", "turnover_chance": "exit_chance", "exit_irregular": "forced", "coalition_change": "changes",
    "coalition_age": "coalition_age", "ideal_point": "ideal_point", "defence_effort": "effort",
    "military_spending": "spending", "nuclear_status": "status", "nuclear_step_chance": "step_chance",
    "warheads": "warheads", "membership_joined": "joined", "membership_left": "left",
}  # fmt: skip
OF_TIES = {
    "agreement": "agreement", "agreement_age": "age", "agreement_signed_chance": "sign_chance",
    "agreement_end_chance": "end_chance", "agreement_violated": "violated", "agreement_defence": "pledge",
    "agreement_nonaggression": "nonaggression", "defence": "obliged", "exercise": "exercises",
    "exercise_recent": "recent", "trade": "trade", "trade_usual": "usual_trade", "dispute": "begins",
    "dispute_chance": "dispute_chance", "dispute_force": "force", "dispute_deaths": "deaths",
    "dispute_history": "history", "peace_years": "peace", "dispute_ongoing": "ongoing", "dispute_ended": "over",
    "dispute_end_chance": "over_chance",
}  # fmt: skip
OF_PACTS = {"pact_age": "age", "pact_size": "size", "pact_ended": "ends", "pact_ended_chance": "end_chance"}


class Script:
    """What all paths share, in the lists and numbers of plain Python."""

    def __init__(self, start: Start):
        self.start, self.facts = start, find_facts(start)
        facts, pressure = self.facts, start.pressure
        self.draws = {p: (names, start.theta[p].tolist()) for p, names in start.names.items() if names}
        self.eras = {name: np.asarray(era).tolist() for name, era in pressure.eras.items()}
        columns = [
            np.nan_to_num(start.dyad(x)[facts.every], nan=np.nan if "trade" in x else 0) for x in LAYERS.values()
        ]
        flags = [start.dyad(x)[facts.every] > 0 for x in FLAGS.values()]
        self.of_ties = list(zip(np.array(columns).T.tolist(), np.array(flags).T.tolist(), strict=True))
        self.of_pacts = np.nan_to_num(
            [start.world.pacts[x] for x in ("pact_age", "pact_size", "pact_defence")]
        ).T.tolist()
        self.members = [np.flatnonzero(row > 0).tolist() for row in start.world.memberships["pact_member"]]
        self.theatre = facts.still["troop_change"]["war theatre"].tolist()
        opening = [start.state(name) for name in ("election_ahead", "election_past")]
        live = [np.asarray(pressure.layers[name]) for name in ("election_ahead", "election_past", "exit_due")]
        self.before = np.stack([*opening, np.zeros(start.world.n)], -1).tolist()
        self.votes = np.stack(live, -1).tolist()
        self.extra = np.asarray(pressure.hazard.get("leader_exit", np.zeros(live[0].shape))).tolist()
        self.places = {"ties": kept_and_listed(start, facts.every), "troops": kept_and_listed(start, facts.garrisons)}
        self.places |= {who: kept_and_listed(start, facts.visited[who]) for who in VISITS}
        self.steps = [
            (frozenset(start.model[number].name for number in start.calendar.moving(s)), float(years), s)
            for s, years in enumerate(start.calendar.dt)
        ]


class System(mesa.Model):
    """One path."""

    def __init__(self, script: Script, path: int, seed: int):
        super().__init__(rng=seed * 1_000_003 + path)
        self.script, self.facts, self.draw = script, script.facts, path % script.start.draws
        drawn = {name: (names, draws[self.draw]) for name, (names, draws) in script.draws.items()}
        self.b = {name: dict(zip(*named, strict=True)) for name, named in drawn.items()}
        self.moving: frozenset[str] = frozenset()
        self.votes, self.extra = script.before, [0.0] * script.start.world.n
        self.dt, self.s = 0.0, 0
        self.base = {name: self.still(name, *where) for name, where in BASES.items()}
        self.troop_parts: dict[str, dict[str, float]] = {part: {} for part in PARTS}
        for name, value in self.b["troop_change"].items():
            part, effect = name.split(": ")
            self.troop_parts[part][effect] = value
        self.states = [State(self, number) for number in range(script.start.world.n)]
        self.ties: list[Tie] = []
        self.tie()
        self.pacts = [Pact(self, number) for number in range(script.start.pacts)]
        self.share_pledges()
        for tie in self.ties:
            pledged = tie.pledged()
            tie.kept_elsewhere, tie.withheld = tie.obliged and not pledged, pledged and not tie.obliged
            tie.oblige()

    def still(self, name: str, process: str, effects: str, part: str) -> list[float]:
        """What stands still of a predictor, unit by unit."""
        total = self.facts.base(effects, self.b[process], part)
        if name not in LATER and not effects.endswith(BESIDE):
            more = np.asarray(unexplained(self.script.start, self.facts, process, np.array([self.draw])))
            if process == "dispute_onset" and more.ndim:
                total[self.facts.relevant] += more[0]
            elif more.ndim:
                total = total + more[0]
        return np.asarray(total, float).tolist()

    def tie(self) -> None:
        """Give every state its rivals, ties, garrisons and visits."""
        start, facts, states = self.script.start, self.facts, self.states
        for i, j in np.argwhere(start.dyad("rivalry") > 0).tolist():
            states[i].rivals.append(states[j])
        relevant = set(facts.relevant.tolist())
        i, j = facts.every
        near = {f"{name}, mean over members": x for name, x in facts.still["near"].items()}
        kin = sum(self.b["pact_joined"][name] * x for name, x in near.items() if name in self.b["pact_joined"])
        matrix = np.zeros((start.world.n,) * 2)
        matrix[i, j] = matrix[j, i] = kin
        self.kin: list[list[float]] = matrix.tolist()
        for number, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
            self.ties.append(Tie(self, states[a], states[b], number, number in relevant))
            states[a].ties.append(self.ties[-1])
        troops = np.nan_to_num(start.dyad("troops"))
        self.garrisons = [
            Garrison(self, states[a], states[b], number, float(troops[a, b]))
            for number, (a, b) in enumerate(zip(*(x.tolist() for x in facts.garrisons), strict=True))
        ]
        there = {(one.sender.number, one.host.number): one for one in self.garrisons}
        for one in self.garrisons:
            one.sender.garrisons.append(one)
            one.host.hosted.append(one)
            troops[one.sender.number, one.host.number] = 0
        for state, few in zip(states, troops.sum(0).tolist(), strict=True):
            state.few_troops = few
        self.visits = {who: self.hosts(who, there) for who in VISITS}

    def hosts(self, who: str, there: dict[tuple[int, int], Garrison]) -> list[Visited]:
        """The hosts of an official, tied to their visitors."""
        start, found = self.script.start, []
        for number, (a, b) in enumerate(zip(*(x.tolist() for x in self.facts.visited[who]), strict=True)):
            recent = float(start.dyad(f"visit_{who}_recent")[a, b])
            host = Visited(self, who, self.states[a], self.states[b], number, recent)
            host.garrison, host.few = there.get((a, b)), float(start.dyad("troops")[a, b])
            self.states[a].visited.append(host)
            found.append(host)
        return found

    def era(self, process: str) -> float:
        """The level of the decade."""
        return self.script.eras[process][self.draw][self.s] if process in self.script.eras else 0.0

    def share_pledges(self) -> None:
        """Which states a defence pact obliges to which."""
        self.bound = {pact: pact.members for pact in self.pacts if pact.defence and pact.in_force}

    def share_a_defence_pact(self, one: State, other: State) -> bool:
        """Whether both belong to a pact that pledges defence."""
        return any(one in members and other in members for members in self.bound.values())

    def pass_time(self, moving: frozenset[str], dt: float, s: int) -> None:
        """One step of the calendar, in which some processes move."""
        self.moving, self.dt, self.s = moving, dt, s
        live = s - self.script.start.calendar.nowcast
        if live >= 0:
            self.votes, self.extra = self.script.votes[live], self.script.extra[live]
        self.step()

    def step(self) -> None:
        """All agents decide, then all act, then the books of treaties are kept."""
        self.agents.do("decide")
        if "pact_founded" in self.moving:
            self.found()
        self.agents.do("act")
        if "treaties" in self.moving:
            for state in self.states:
                state.joined = state.left = 0
            for one in (*self.pacts, *self.ties):
                one.keep_books()
            self.share_pledges()
        for tie in self.ties:
            tie.oblige()
            tie.note()

    def found(self) -> None:
        """Perhaps states found pacts with others, one after another, in the free places."""
        b, n = self.b["pact_founded"], len(self.states)
        odds = [[-math.inf] * n for _ in self.states]
        for tie in self.ties:
            here = self.base["pact_founded"][tie.number] + b["coming: defence obligation"] * tie.obliged
            odds[tie.first.number][tie.second.number] = odds[tie.second.number][tie.first.number] = here
        begun = math.exp(b["begun: intercept"])
        rates = [begun * -math.expm1(-sum(math.log1p(math.exp(x)) for x in row)) for row in odds]
        places, time = (pact for pact in self.pacts if not pact.in_force), 0.0
        while (time := time + self.random.expovariate(sum(rates))) < self.dt and (place := next(places, None)):
            founder = self.random.choices(range(n), rates)[0]
            comes = [1 / (1 + math.exp(-x)) if x > -math.inf else 0.0 for x in odds[founder]]
            company: list[int] = []
            while not company:  # somebody comes: draw until it is so
                company = [i for i, p in enumerate(comes) if self.random.random() < p]
            place.founders = [self.states[i] for i in (founder, *company)]
            place.founded_defence = is_so(self.random, b["defence pledged: intercept"])

    def record(self, layers: Layers, at: tuple[int, int]) -> None:
        """Write down what the engine keeps."""
        for name in self.script.start.keep.states:
            layers[name][at] = [getattr(state, OF_STATES[name]) for state in self.states]
        for name, attribute in OF_PACTS.items():
            layers[name][at] = [getattr(pact, attribute) for pact in self.pacts]
        layers["pact_founded"][at] = [bool(pact.founders) for pact in self.pacts]
        kept, listed = self.script.places["ties"]
        ties = [self.ties[number] for number in listed.tolist()]
        for name in self.script.start.keep.dyads:
            if name in OF_TIES:
                layers[name][at][kept] = [getattr(tie, OF_TIES[name]) for tie in ties]
        kept, listed = self.script.places["troops"]
        layers["troops"][at][kept] = [self.garrisons[number].troops for number in listed.tolist()]
        for who, hosts in self.visits.items():
            kept, listed = self.script.places[who]
            layers[f"visit_{who}_recent"][at][kept] = [hosts[number].recent for number in listed.tolist()]
        for name in self.script.start.keep.totals:
            layers[f"{name}_total"][at] = sum(getattr(tie, OF_TIES[name]) for tie in self.ties)


def simulate(start: Start, paths: np.ndarray, seed: int = 0) -> Layers:
    """The same layers as the engine's `simulate` gives for these paths, a model per path."""
    script, layers = Script(start), empty_layers(start, len(paths))
    for row, path in enumerate(paths.tolist()):
        model = System(script, path, seed)
        for moving, dt, s in script.steps:
            model.pass_time(moving, dt, s)
            if s >= start.calendar.nowcast:
                model.record(layers, (row, s - start.calendar.nowcast))
    return layers
