"""The five processes in plain NumPy: paths in a batch, dyads as lists of the pairs that can have an event.

Written as a careful NumPy user would: float32, whatever stands still is worked out once per batch, no loop over paths
or states. Every process reads the world at the start of a step and returns what it moves.
"""

from dataclasses import dataclass

import numpy as np
from facts import FEWEST, Facts, empty_layers, find_facts, kept_and_listed
from start import Layers, Start

BATCH = 400
MOST_PEACE = 60.0
DOWN, UP = np.float32(np.log(0.8)), np.float32(np.log(1.2))


@dataclass
class Futures:
    """What moves, for p paths: states (p, n), pacts (p, a), garrisons (p, g), dispute pairs (p, q)."""

    tenure: np.ndarray
    ideal_point: np.ndarray
    in_force: np.ndarray
    age: np.ndarray
    defence: np.ndarray  # (p, n, n)
    troops: np.ndarray
    peace: np.ndarray
    turnover: np.ndarray
    turnover_chance: np.ndarray
    end_chance: np.ndarray
    dispute: np.ndarray
    dispute_chance: np.ndarray


def simulate(start: Start, paths: np.ndarray, seed: int = 0) -> Layers:
    """The same layers as the engine's `simulate` gives for these paths, with NumPy's own random numbers."""
    facts = find_facts(start)
    parts = [
        _Batch(start, facts, paths[first : first + BATCH], np.random.default_rng([seed, int(paths[first])])).run()
        for first in range(0, len(paths), BATCH)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def t4_cdf(z: np.ndarray) -> np.ndarray:
    """Distribution function of Student's t with four degrees of freedom."""
    w = z * z / (4 + z * z)
    return 0.5 + np.sign(z) * np.sqrt(w) * (3 - w) / 4


def t4_quantile(u: np.ndarray) -> np.ndarray:
    """Its inverse (Shaw 2006)."""
    root = np.sqrt(np.clip(4 * u * (1 - u), 1e-12, 1))
    return np.sign(u - 0.5) * 2 * np.sqrt(np.maximum(np.cos(np.arccos(root) / 3) / root - 1, 0))


class _Batch:
    """One batch of paths: what stands still is worked out here, once."""

    def __init__(self, start: Start, facts: Facts, paths: np.ndarray, rng: np.random.Generator):
        self.start, self.facts, self.rng, self.p = start, facts, rng, len(paths)
        draw = paths % start.draws
        names = [process.name for process in start.model]
        self.b = {name: {c: v[draw, None] for c, v in start.coefficients(name).items()} for name in names}
        self.base = {name: facts.base(name, self.b[name]) for name in facts.still}
        exits, drift, rule = self.b["leader_exit"], self.b["alignment"], facts.rule
        fixed = rule * self.start.state("fixed_term")
        self.votes = {
            layer: exits[f"election {vote}"]
            + exits[f"democracy x election {vote}"] * rule
            + exits[f"fixed term x election {vote}"] * fixed
            for layer, vote in (("election_ahead", "this quarter"), ("election_past", "last quarter"))
        }
        self.wear = exits["log tenure"] + exits["democracy x log tenure"] * rule
        self.kappa, self.sigma = np.exp(drift["log kappa"]), np.exp(drift["log sigma"])
        self.shake = np.exp(drift["new leader of an autocracy"])
        i, j = facts.disputes
        self.dispute_cells = i * start.world.n + j

    def opening(self) -> Futures:
        """The first day: the latent ideal point is the published one less its error."""
        start, p = self.start, self.p
        wide = lambda values: np.repeat(values[None].astype(np.float32), p, axis=0)  # noqa: E731  one row per path
        error = np.exp(self.b["alignment"]["log error factor"]) * np.nan_to_num(start.state("ideal_point_sd"))
        pacts, disputes = len(self.facts.pacts[0]), len(self.facts.disputes[0])
        no_exits, no_disputes = np.zeros((p, start.world.n), np.float32), np.zeros((p, disputes), np.float32)
        return Futures(
            tenure=wide(start.state("tenure")),
            ideal_point=start.state("ideal_point") + error * self.rng.standard_normal((p, start.world.n), np.float32),
            in_force=np.ones((p, pacts), bool),
            age=wide(np.nan_to_num(start.dyad("agreement_age")[self.facts.pacts])),
            defence=wide(start.dyad("defence")),
            troops=wide(start.dyad("troops")[self.facts.garrisons]),
            peace=wide(start.dyad("peace_years")[self.facts.disputes]),
            turnover=no_exits,
            turnover_chance=no_exits,
            end_chance=np.zeros((p, pacts), np.float32),
            dispute=no_disputes,
            dispute_chance=no_disputes,
        )

    def run(self) -> Layers:
        """Step through the calendar; what is recorded after each step from the baseline on."""
        calendar, now, record = self.start.calendar, self.opening(), _Record(self)
        laws = {
            "leader_exit": self.exits,
            "alignment": self.drift,
            "agreement_end": self.endings,
            "troop_change": self.moves,
            "dispute_onset": self.onsets,
        }
        for first, end, moving in calendar.spells:
            for s in range(first, end):
                since = s - calendar.nowcast
                moved = [laws[self.start.model[number].name](now, calendar.dt[s], since) for number in moving]
                for layers in moved:
                    vars(now).update(layers)
                if since >= 0:
                    record.keep(now, since)
        return record.layers

    def exits(self, now: Futures, dt: np.float32, since: int) -> dict[str, np.ndarray]:
        """Leaders leave office."""
        eta = self.base["leader_exit"] + self.wear * (np.log1p(now.tenure) - np.float32(np.log(5)))
        for layer, effect in self.votes.items():
            eta = eta + effect * self.start.pressure.layers[layer][since]
        rate = np.exp(eta) + self.start.pressure.hazard["leader_exit"][since]
        chance = np.where(np.isfinite(eta) & np.asarray(self.start.world.present), -np.expm1(-rate * dt), 0)
        left = self.rng.random(chance.shape, np.float32) < chance
        tenure = np.where(left, dt / 2, now.tenure + dt)
        return {"tenure": tenure, "turnover": left.astype(np.float32), "turnover_chance": chance}

    def drift(self, now: Futures, dt: np.float32, since: int) -> dict[str, np.ndarray]:
        """Ideal points revert to a target that defence partners share in."""
        known = np.isfinite(now.ideal_point).astype(np.float32)
        ties = np.nan_to_num(now.defence)
        drawn = ties @ np.stack([known * np.nan_to_num(now.ideal_point), known], axis=-1)
        partners = drawn[..., 0] / np.maximum(drawn[..., 1], 1)
        target = self.base["alignment"] + self.b["alignment"]["mean of defence partners"] * partners
        decay = np.exp(-self.kappa * dt)
        shaken = np.where((now.tenure < 1) & (self.facts.rule == 0), self.shake, np.float32(1))
        scale = self.sigma * np.sqrt((1 - decay * decay) / (4 * self.kappa)) * shaken  # a t4 has variance 2
        normal = self.rng.standard_normal(scale.shape, np.float32)
        precision = self.rng.standard_gamma(2, scale.shape, np.float32) / 2
        t4 = normal / np.sqrt(precision)
        return {"ideal_point": target + (now.ideal_point - target) * decay + scale * t4}

    def endings(self, now: Futures, dt: np.float32, since: int) -> dict[str, np.ndarray]:
        """Bilateral agreements end, and the defence obligations that rest on them."""
        b, (i, j) = self.b["agreement_end"], self.facts.pacts
        decades, fresh = now.age / 10, np.where(np.isnan(now.tenure), np.nan, now.tenure < 1) * (1 - self.facts.rule)
        eta = self.base["agreement_end"] + decades * (
            b["age"] + decades * (b["age squared"] + decades * b["age cubed"])
        )
        eta = eta + b["new leader of an autocracy"] * np.maximum(fresh[:, i], fresh[:, j]).astype(np.float32)
        chance = np.where(now.in_force & np.isfinite(eta), -np.expm1(-np.exp(eta) * dt), 0)
        ended = self.rng.random(chance.shape, np.float32) < chance
        path, pact = np.nonzero(ended)
        defence = now.defence.copy()
        defence[path, i[pact], j[pact]] = defence[path, j[pact], i[pact]] = self.facts.rests_elsewhere[pact]
        age = np.where(ended, 0, now.age + dt)
        return {"in_force": now.in_force & ~ended, "age": age, "defence": defence, "end_chance": chance}

    def moves(self, now: Futures, dt: np.float32, since: int) -> dict[str, np.ndarray]:
        """Garrisons of at least a hundred are drawn down, surge, or are held with noise."""
        i, j = self.facts.garrisons
        size = np.log10(np.maximum(now.troops, FEWEST)) - 3
        pact, new = now.defence[:, i, j], np.where(np.isnan(now.tenure), np.nan, now.tenure < 1).astype(np.float32)
        effects = {
            "intercept": np.ones_like(size),
            "log10 troops from 1,000": size,
            "defence pact": pact,
            "defence pact x log10 troops": pact * size,
            "defence pact x log10 troops x since 1975": pact * size * (self.start.state("year")[i] >= 1975),
            "new leader of an autocratic host": (new * (1 - self.facts.rule))[:, j],
            "new leader of the sender": new[:, i],
        }
        risk = (now.troops >= FEWEST) & np.all([np.isfinite(x) for x in effects.values()], axis=0)
        down, up, fall, rise, noise = (
            np.exp(self.predictor(part, effects))
            for part in ("draw-down", "surge", "size of draw-down", "size of surge", "noise of what is held")
        )
        noise, total = noise * np.sqrt(dt), down + up
        which, extent, rest = 1 - self.rng.random((3, *size.shape), np.float32)
        moved = -np.expm1(-total * dt)
        low, high = t4_cdf(DOWN / noise), t4_cdf(UP / noise)
        held = noise * t4_quantile(low + (high - low) * rest)
        fell = DOWN - fall * (1 / np.sqrt(extent) - 1)
        jump = np.where(which < moved * down / total, fell, UP - rise * np.log(extent))
        change = np.where(which < moved, jump, held)
        return {"troops": np.where(risk, now.troops * np.exp(change), now.troops)}

    def predictor(self, part: str, effects: dict[str, np.ndarray]) -> np.ndarray:
        """Weighted effects of one part of the troop law: those for which it has a coefficient."""
        b = self.b["troop_change"]
        terms = (b[f"{part}: {name}"] * x for name, x in effects.items() if f"{part}: {name}" in b)
        return np.sum(list(terms), axis=0)

    def onsets(self, now: Futures, dt: np.float32, since: int) -> dict[str, np.ndarray]:
        """Disputes begin."""
        b, peace = self.b["dispute_onset"], now.peace
        one, two, three = b["peace years"], b["peace years squared / 100"] / 100, b["peace years cubed / 1000"] / 1000
        eta = self.base["dispute_onset"] + peace * (one + peace * (two + peace * three))
        eta += b["defence pact between the two"] * now.defence.reshape(self.p, -1)[:, self.dispute_cells]
        chance = np.where(np.isfinite(eta), -np.expm1(-np.exp(eta) * dt), 0)
        begun = self.rng.random(chance.shape, np.float32) < chance
        peace = np.where(begun, 0, np.minimum(peace + dt, MOST_PEACE))
        return {"peace": peace, "dispute": begun.astype(np.float32), "dispute_chance": chance}


class _Record:
    """What the engine keeps, from lists of pairs: a pair that is in no list keeps its first value."""

    def __init__(self, batch: _Batch):
        start, facts = batch.start, batch.facts
        self.layers = empty_layers(start, batch.p)
        self.cells = (slice(None), *start.keep.pairs.T)
        self.disputes = kept_and_listed(start, facts.disputes)
        self.pacts = kept_and_listed(start, facts.pacts)
        self.garrisons = kept_and_listed(start, facts.garrisons)

    def keep(self, now: Futures, s: int) -> None:
        """Record one step."""
        for name in ("turnover", "turnover_chance", "ideal_point"):
            self.layers[name][:, s] = getattr(now, name)
        self.layers["defence"][:, s] = now.defence[self.cells]
        for (kept, listed), sources in (
            (self.disputes, {"dispute": now.dispute, "dispute_chance": now.dispute_chance}),
            (self.pacts, {"agreement": now.in_force, "agreement_end_chance": now.end_chance}),
            (self.garrisons, {"troops": now.troops}),
        ):
            for name, values in sources.items():
                self.layers[name][:, s, kept] = values[:, listed]
        self.layers["dispute_total"][:, s] = now.dispute.sum(axis=1)
