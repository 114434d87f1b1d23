"""Paths in a batch: what stands still is worked out once, then every process of a step reads the world before it.

Written as a careful NumPy user would: float32, no loop over paths or states, rare events worked out where they happen.
"""

from dataclasses import dataclass, field

import numpy as np
from facts import BESIDE, VISITS, Facts, empty_layers, find_facts, kept_and_listed, unexplained
from start import Layers, Start

from plain import disputes, leaders, position, ties, treaties

BATCH = 250
World = dict[str, np.ndarray]  # layers by name, paths first: (p, states), (p, pairs) or (p, pacts)


def simulate(start: Start, paths: np.ndarray, seed: int = 0, batch: int = BATCH) -> Layers:
    """The same layers as the engine's `simulate` gives for these paths, with NumPy's own random numbers."""
    facts = find_facts(start)
    firsts = range(0, len(paths), batch)
    rngs = [np.random.default_rng([seed, int(paths[first])]) for first in firsts]
    with np.errstate(all="ignore"):  # what is missing is NaN, and goes through
        parts = [_run(Batch(start, facts, paths[a : a + batch], rng)) for a, rng in zip(firsts, rngs, strict=True)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@dataclass
class Batch:
    """The paths with their coefficients (p, 1), by process and name, and everything that stands still."""

    start: Start
    facts: Facts
    paths: np.ndarray
    rng: np.random.Generator
    b: dict[str, dict[str, np.ndarray]] = field(init=False)
    still: dict = field(default_factory=dict)

    def __post_init__(self):
        self.draw = self.paths % self.start.draws
        self.p, self.n = len(self.paths), self.start.world.n
        named = {process.name: self.start.coefficients(process.name) for process in self.start.model}
        self.b = {name: {c: v[self.draw, None] for c, v in values.items()} for name, values in named.items()}

    def base(self, process: str, part: str = "", effects: str = "") -> np.ndarray:
        """What stands still of a predictor, of the first one with what is unexplained; worked out once.

        `part` is the prefix of its coefficients, `effects` the list of effects if it has not the process's name.
        """
        if (process, part, effects) not in self.still:
            total = self.facts.base(effects or process, self.b[process], part)
            if next(iter(self.b[process])).startswith(part) and not effects.endswith(BESIDE):
                total = total + self.unexplained(process)
            self.still[process, part, effects] = np.asarray(total, np.float32)
        return self.still[process, part, effects]

    def unexplained(self, process: str) -> np.ndarray | float:
        """What history leaves unexplained of each unit of a process."""
        return unexplained(self.start, self.facts, process, self.draw)

    def matrix(self, of_pairs: np.ndarray) -> np.ndarray:
        """A symmetric matrix per path from the values of all pairs."""
        (i, j), full = self.facts.every, np.zeros((self.p, self.n, self.n), np.float32)
        full[:, i, j] = full[:, j, i] = of_pairs
        return full

    def era(self, process: str, s: int) -> np.ndarray | float:
        """The level of the decade in a step of the calendar."""
        eras = self.start.pressure.eras
        return np.asarray(eras[process])[self.draw, s, None] if process in eras else 0.0

    def wide(self, values: np.ndarray) -> np.ndarray:
        """One row per path."""
        return np.repeat(np.asarray(values, np.float32)[None], self.p, axis=0)

    def happens(self, chance: np.ndarray) -> np.ndarray:
        """Whether each event of a given chance does."""
        return self.rng.random(chance.shape, np.float32) < chance

    def t4(self, shape: tuple[int, ...]) -> np.ndarray:
        """Student's t with four degrees of freedom, scaled to a variance of one."""
        normal, gamma = self.rng.standard_normal(shape, np.float32), self.rng.standard_gamma(2, shape, np.float32)
        return normal / np.sqrt(gamma)


LAWS = {
    "leader_exit": leaders.exits,
    "coalition_change": leaders.coalitions,
    "agreement_signed": treaties.signed,
    "defence_pledged": treaties.pledged_defence,
    "nonaggression_pledged": treaties.pledged_nonaggression,
    "agreement_end": treaties.ended,
    "pact_founded": treaties.founded,
    "pact_joined": treaties.joined,
    "pact_left": treaties.left,
    "pact_ended": treaties.pacts_ended,
    "treaties": treaties.in_force,
    "alignment": position.alignment,
    "garrison_opened": ties.openings,
    "troop_change": ties.garrisons,
    "exercises": ties.exercises,
    **{f"visits_{who}": ties.visits(who) for who in VISITS},
    "trade": ties.trade,
    "defence_effort": position.effort,
    "nuclear_step": position.nuclear_steps,
    "warheads": position.warheads,
    "dispute_onset": disputes.onsets,
    "force_used": disputes.force,
    "dispute_deaths": disputes.deaths,
    "dispute_end": disputes.ends,
}


def _run(batch: Batch) -> Layers:
    """Step through the calendar; what is recorded after each step from the baseline on."""
    calendar, model, record = batch.start.calendar, batch.start.model, _Record(batch)
    now: World = {}
    for part in (leaders, treaties, position, ties, disputes):
        now |= part.opening(batch)
    for s, years in enumerate(calendar.dt):
        since = s - calendar.nowcast
        if since >= 0:
            now |= {name: np.asarray(layer)[since] for name, layer in batch.start.pressure.layers.items()}
        after = dict(now)
        for number in calendar.moving(s):  # a process sees this step's events through `after`, all else as it was
            after |= LAWS[model[number].name](batch, now, after, years, s)
        now = after
        if since >= 0:
            record.keep(now, since)
    return record.layers


class _Record:
    """What the engine keeps, from lists of pairs: a pair that is in no list keeps its first value."""

    def __init__(self, batch: Batch):
        start, facts = batch.start, batch.facts
        self.keep_, self.layers = start.keep, empty_layers(start, batch.p)
        self.places = {"every": kept_and_listed(start, facts.every), "troops": kept_and_listed(start, facts.garrisons)}
        self.places |= {f"visit_{who}": kept_and_listed(start, facts.visited[who]) for who in VISITS}

    def keep(self, now: World, s: int) -> None:
        """Record one step."""
        for name in (*self.keep_.states, *self.keep_.pacts):
            self.layers[name][:, s] = now[name]
        for name in self.keep_.dyads:
            kept, listed = self.places.get(name.removesuffix("_recent"), self.places["every"])
            self.layers[name][:, s, kept] = now[name][:, listed]
        for name in self.keep_.totals:
            self.layers[f"{name}_total"][:, s] = now[name].sum(axis=1)
