"""What both rivals know beforehand: lists of pairs, and for every process the effects that stand still.

Written from the layers with plain arithmetic, not with the engine's effects: the rivals judge those, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from start import Layers, Start

FEWEST = 100.0
POSSESSES = 3.0
VISITS = ("president", "secretary", "defence")
VOTES = {"election_ahead", "election_past", "exit_due"}
DEMOCRATIC = 0.5
BESIDE = (" scale", " jumps")  # effects of a scale or a hazard beside the first predictor: no intercept, no levels
Pairs = tuple[np.ndarray, ...]  # two columns of state numbers
Effects = dict[str, np.ndarray]


@dataclass(frozen=True)
class Facts:
    """Lists of pairs, and effects that never change under the names of their coefficients.

    `every` has each dyad once, `relevant` the numbers in it of dyads in which a dispute can begin; `garrisons` are
    (sender, host) pairs of whose troops there is a count, `visited` (visitor, host) pairs. `rule` is 1 for a democracy,
    0 for an autocracy.
    """

    every: Pairs
    relevant: np.ndarray
    garrisons: Pairs
    visited: dict[str, Pairs]
    rule: np.ndarray
    still: dict[str, Effects]

    def pairs(self, process: str) -> Pairs | None:
        """The pairs that a process of dyads moves; None for a process of states."""
        if process in ("troop_change", "garrison_opened"):
            return self.garrisons
        if process == "dispute_onset":
            return self.every[0][self.relevant], self.every[1][self.relevant]
        if process.startswith("visits_"):
            return self.visited[process.removeprefix("visits_")]
        of_dyads = (
            "agreement_signed",
            "agreement_end",
            "exercises",
            "trade",
            "force_used",
            "dispute_deaths",
            "dispute_end",
        )
        return self.every if process in of_dyads else None

    def base(self, effects: str, coefficients: Mapping[str, float | np.ndarray], part: str = "") -> np.ndarray:
        """What stands still of a predictor: effects weighted and added up; `part` is the prefix of its names."""
        still = self.still[effects]
        terms = [coefficients[part + name] * x for name, x in still.items() if part + name in coefficients]
        return sum(terms[1:], terms[0])


def find_facts(start: Start) -> Facts:
    """The facts of an opening; ValueError if its branch or its data have what the rivals do not know."""
    _check(start)
    n, democracy, troops = start.world.n, start.state("democracy"), start.dyad("troops")
    every = np.triu_indices(n, 1)
    code, major = start.dyad("contiguity")[every], start.state("major_power") > 0
    relevant = ((code >= 1) & (code <= 5)) | major[every[0]] | major[every[1]]
    rule = np.where(np.isnan(democracy), np.nan, democracy >= DEMOCRATIC).astype(np.float32)
    apart = ~np.eye(n, dtype=bool)
    visited = {who: np.nonzero(apart & np.isfinite(start.dyad(f"visit_{who}_recent"))) for who in VISITS}
    garrisons = np.nonzero(apart & np.isfinite(troops))
    still = _of_states(start, rule) | _of_dyads(start, rule, every) | {"troop_change": _of_garrisons(start, garrisons)}
    still |= {"garrison_opened": _of_garrisons(start, garrisons)}
    still |= {f"visits_{who}": _of_visits(start, rule, pairs) for who, pairs in visited.items()}
    for name, effects in still.items():
        if not name.endswith(BESIDE):
            effects["intercept"] = np.ones_like(next(iter(effects.values())))
    return Facts(every, np.flatnonzero(relevant), garrisons, visited, rule, still)


def _of_states(start: Start, rule: np.ndarray) -> dict[str, Effects]:
    state, since = start.state, lambda year: (start.state("year") >= year).astype(np.float32)
    major, civil = state("major_power"), state("civil_conflict")
    kinds = {
        kind.replace("_", " "): np.where(rule == 1, 0, (1 - rule) * state(kind))
        for kind in ("party_rule", "military_rule", "monarchy")
    }
    regimes = {"democracy": rule, **kinds}
    crises = {"civil conflict": (civil >= 1).astype(np.float32), "since 1991": since(1991)}
    position = {
        "democracy": rule,
        "democratic major power": rule * major,
    }
    calm = {
        "scale in a democracy": rule,
        "scale per decade": (state("year") - 1980) / 10,
    }
    arms = {"major power": major, "since 1991": since(1991), "since 1991 x major power": since(1991) * major}
    return {
        "leader_exit": {**regimes, **crises, "fixed term": rule * state("fixed_term")},
        "coalition_change": regimes,
        "alignment": position,
        "alignment scale": calm,
        **_of_effort(start, rule),
        "warheads": arms,
        "nuclear_step": {"none": np.ones_like(rule)},
        "pact_left": {"democracy": rule},
    }


def _of_effort(start: Start, rule: np.ndarray) -> dict[str, Effects]:
    state, since = start.state, lambda year: (start.state("year") >= year).astype(np.float32)
    civil, war = state("civil_conflict") / 2, np.nanmax(start.dyad("interstate_conflict"), 1) / 2
    gdp = np.log(state("gdp") / np.nanmax(state("gdp")))
    effort = {
        "log GDP over the largest": gdp,
        "war": war,
        "civil war": civil,
        "a rival": np.nanmax(start.dyad("rivalry"), 1),
        "democracy": state("democracy"),
        "major power": state("major_power"),
        "since 1991": since(1991),
        "since 2014": since(2014),
    }
    steadiness = {
        "steadiness: autocracy": 1 - rule,
        "steadiness: war": war,
        "steadiness: civil war": civil,
        "steadiness: joint command": np.nanmax(start.dyad("integrated_defence"), 1),
        "steadiness: log GDP over the largest": gdp,
    }
    breaks = {
        "jumps: autocracy": 1 - rule,
        "jumps: war": war,
        "jumps: civil war": civil,
        "jumps: log GDP over the largest": gdp,
    }
    return {"defence_effort": effort, "defence_effort scale": steadiness, "defence_effort jumps": breaks}


def _of_dyads(start: Start, rule: np.ndarray, pairs: Pairs) -> dict[str, Effects]:
    (i, j), code, rivalry = pairs, start.dyad("contiguity")[pairs], start.dyad("rivalry")
    share, democracy, km = start.state("capability"), start.state("democracy"), start.dyad("distance")[pairs]
    land = {"land contiguity": np.where(np.isnan(code), np.nan, code == 1).astype(np.float32)}
    major = {"major power in dyad": np.maximum(*start.state("major_power")[np.array(pairs)])}
    free = {"both democracies": np.minimum(rule[i], rule[j])}
    shared = (np.nan_to_num(rivalry) @ np.nan_to_num(rivalry))[pairs]
    joint = {"shared rivals": np.log1p(shared), "both democratic": free["both democracies"]}
    power, year = np.log(np.maximum(share, 1e-5) / 0.01), start.state("year")[i]
    mass = {
        "log capability of the weaker": np.minimum(power[i], power[j]),
        "log capability of the stronger": np.maximum(power[i], power[j]),
        "log distance": np.log(np.maximum(km, 100) / 1000),
        "land neighbours": land["land contiguity"],
    }
    ratio = np.minimum(share[i], share[j]) / np.maximum(np.maximum(share[i], share[j]), 1e-9)
    weaker = {"weaker democracy of the two": np.minimum(democracy[i], democracy[j])}
    near = {
        "log distance from 3,000 km": np.log(np.maximum(km, 100) / 3000),
        "gap in democracy": np.abs(democracy[i] - democracy[j]),
        "rivalry": rivalry[pairs],
        **land,
    }
    grave = {**land, **major, **weaker, "rivalry": rivalry[pairs], "capability ratio": ratio}
    weak = {"weaker member's capability": np.minimum(share[i], share[j]) / 0.01}
    since = {year_: (year >= year_).astype(np.float32) for year_ in (1990, 1994)}
    return {
        "agreement_signed": {**near, **major, **weak},
        "pledge": {**free, **land, **major},
        "agreement_end": free,
        "near": {**near, **_seats(start, pairs)},
        "exercises": {**mass, **major, **joint, "since 1994": since[1994], "rivalry": rivalry[pairs]},
        "trade": {**mass, "since 1990": since[1990]},
        "trade scale": {"shaken since 1990": since[1990]},
        "dispute_onset": grave,
        "dispute_end": grave,
        "severity": grave,
    }


def _seats(start: Start, pairs: Pairs) -> Effects:
    """Organizations in common, the usual number where it is not known."""
    shared = (start.dyad("shared_igos")[pairs] - 32) / 10
    return {"organizations in common from the usual 32": np.where(np.isnan(shared), 0, shared)}


def _of_garrisons(start: Start, pairs: Pairs) -> Effects:
    theatre = start.dyad("war_theatre")
    fights = np.any(theatre > 0, axis=1)[pairs[0]]
    conflict = (start.state("civil_conflict") >= 2) | np.any(start.dyad("interstate_conflict") >= 1, axis=1)
    conflict = np.where(np.isnan(start.state("civil_conflict")), np.nan, conflict)
    there = theatre[pairs]
    return {
        "war theatre": there,
        "sender fights elsewhere": np.where(np.isnan(there), np.nan, fights & (there == 0)).astype(np.float32),
        "host in armed conflict": (conflict[pairs[1]] * (1 - there)).astype(np.float32),
        "since 1991": (start.state("year")[pairs[0]] >= 1991).astype(np.float32),
    }


def _of_visits(start: Start, rule: np.ndarray, pairs: Pairs) -> Effects:
    host, year = pairs[1], start.state("year")[pairs[0]]
    return {
        **{f"since {first}": (year >= first).astype(np.float32) for first in (1970, 1974, 1990)},
        "log capability of the host": np.log(np.maximum(start.state("capability")[host], 1e-5) / 0.01),
        "host a major power": start.state("major_power")[host],
        "log distance": np.log(np.maximum(start.dyad("distance")[pairs], 100) / 1000),
        "host democratic": rule[host],
        "rivalry": start.dyad("rivalry")[pairs],
        "civil conflict of the host": (start.state("civil_conflict")[host] >= 1).astype(np.float32),
    }


def _check(start: Start) -> None:
    pressure = start.pressure
    moved = [name for name, size in pressure.size.items() if np.any(size) and np.any(pressure.shift[name])]
    moved += [name for name, hazard in pressure.hazard.items() if name != "leader_exit" and np.any(hazard)]
    moved += sorted(set(pressure.layers) - VOTES) + [one.name for one in pressure.contingencies]
    if moved:
        raise ValueError(f"The rivals know votes and extra exits alone; this branch also moves {', '.join(moved)}.")
    apart = ~np.eye(start.world.n, dtype=bool)
    gaps = [
        name for name in ("contiguity", "distance", "defence", "rivalry") if np.isnan(start.dyad(name)[apart]).any()
    ]
    gaps += [name for name in ("tenure", "democracy") if np.isnan(start.state(name)).any()]
    if gaps or not np.all(start.world.present):
        raise ValueError(f"The rivals know worlds without gaps alone; this one has some in {', '.join(gaps)}.")


def unexplained(start: Start, facts: Facts, process: str, draws: np.ndarray) -> np.ndarray | float:
    """Frailties and levels of states that are added to a process's first predictor: a row per draw, units as listed."""
    terms = [np.asarray(term)[draws] for term in start.pressure.always.get(process, ())]
    if not terms:
        return 0.0
    pairs, n = facts.pairs(process), start.world.n
    if pairs is None:
        return sum(terms)
    return sum(np.broadcast_to(term, (len(draws), n, n))[:, pairs[0], pairs[1]] for term in terms)


def kept_and_listed(start: Start, pairs: Pairs) -> Pairs:
    """Where the kept pairs and a list of pairs meet: positions among the kept, positions in the list."""
    n, kept = start.world.n, np.sort(start.keep.pairs, axis=1)
    cells = np.minimum(*pairs) * n + np.maximum(*pairs)
    _, in_kept, in_list = np.intersect1d(kept[:, 0] * n + kept[:, 1], cells, return_indices=True)
    return in_kept, in_list


def empty_layers(start: Start, paths: int) -> Layers:
    """Room for what the engine keeps; a dyad starts with its first day's value, which it keeps if it is in no list."""
    n, keep, (a, b) = start.world.n, start.keep, start.keep.pairs.T
    shape = (paths, len(start.calendar.dt) - start.calendar.nowcast)
    levels = {
        "agreement",
        "agreement_age",
        "defence",
        "troops",
        "trade",
        "peace_years",
        "dispute_history",
        "dispute_ongoing",
    }
    layers = {name: np.empty((*shape, n), np.float32) for name in keep.states}
    layers |= {name: np.empty((*shape, start.pacts), np.float32) for name in keep.pacts}
    for name in keep.dyads:
        x = start.dyad(name) if name in levels or name.endswith("_recent") else np.zeros((n, n), np.float32)
        first = np.where(np.isnan(x[a, b]), x[b, a], x[a, b])
        layers[name] = np.broadcast_to(first, (*shape, len(a))).astype(np.float32)
    return layers | {f"{name}_total": np.zeros(shape, np.float32) for name in keep.totals}
