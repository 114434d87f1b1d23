"""What both rivals know beforehand: the pairs that can ever have an event, and the effects that stand still.

No process makes an agreement, a border, a great power or a garrison, so a list of pairs made once does for all steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from start import Layers, Start

FEWEST = 100.0
Pairs = tuple[np.ndarray, ...]  # two columns of state numbers
Effects = dict[str, np.ndarray]


@dataclass(frozen=True)
class Facts:
    """Pairs of states (first, second), disputes and pacts once per dyad and garrisons as (sender, host); effects.

    `still` holds, per process, the effects that never change under the names of their coefficients; `rule` is 1 for a
    democracy; `rests_elsewhere` says of each pact how much defence is left without it; `votes` holds, per step and
    state, election ahead, election past and the extra hazard of an exit.
    """

    disputes: Pairs
    pacts: Pairs
    garrisons: Pairs
    rule: np.ndarray
    still: dict[str, Effects]
    rests_elsewhere: np.ndarray
    votes: np.ndarray

    def base(self, process: str, coefficients: Mapping[str, float | np.ndarray]) -> np.ndarray:
        """The part of a process's predictor that stands still."""
        return np.sum([coefficients[name] * x for name, x in self.still[process].items()], axis=0)


def find_facts(start: Start) -> Facts:
    """The facts of an opening; ValueError if its branch does more than set votes and add chances of exits."""
    _check_branch(start)
    present = np.asarray(start.world.present)
    there = present[:, None] & present & ~np.eye(len(present), dtype=bool)
    code, major = start.dyad("contiguity"), start.state("major_power") > 0
    relevant = ((code >= 1) & (code <= 5)) | major[:, None] | major
    upper, free = np.triu(there, 1), ~(start.dyad("dispute_ongoing") > 0)
    disputes = np.nonzero(upper & relevant & free)
    pacts = np.nonzero(upper & (start.dyad("agreement") > 0))
    democracy = start.state("democracy")
    rule = np.where(np.isnan(democracy), np.nan, democracy >= 0.5).astype(np.float32)
    still = {
        "leader_exit": {"democracy": rule, "fixed term": rule * start.state("fixed_term")},
        "alignment": {
            "democracy": np.nan_to_num(rule),
            "own mean of five years": np.nan_to_num(start.state("ideal_point_usual")),
            "democratic major power": np.nan_to_num(rule * start.state("major_power")),
        },
        "agreement_end": _of_pacts(start, rule, pacts),
        "dispute_onset": _of_disputes(start, disputes),
    }
    for effects in still.values():
        effects["intercept"] = np.ones_like(next(iter(effects.values())))
    left = start.dyad("defence") * (1 - np.nan_to_num(start.dyad("agreement_defence")))
    pressure = start.pressure
    exits = [pressure.layers["election_ahead"], pressure.layers["election_past"], pressure.hazard["leader_exit"]]
    return Facts(
        disputes=disputes,
        pacts=pacts,
        garrisons=np.nonzero(there & (start.dyad("troops") >= FEWEST)),
        rule=rule,
        still=still,
        rests_elsewhere=left[pacts],
        votes=np.stack(exits, axis=-1),
    )


def _of_pacts(start: Start, rule: np.ndarray, pairs: Pairs) -> Effects:
    i, j = pairs
    return {
        "both democracies": np.minimum(rule[i], rule[j]),
        "capability shifted since signature": start.dyad("agreement_shift")[pairs],
        "defence pledge": start.dyad("agreement_defence")[pairs],
        "non-aggression pledge": start.dyad("agreement_nonaggression")[pairs],
    }


def _of_disputes(start: Start, pairs: Pairs) -> Effects:
    (i, j), code = pairs, start.dyad("contiguity")[pairs]
    share, major, democracy = (start.state(name) for name in ("capability", "major_power", "democracy"))
    return {
        "land contiguity": np.where(np.isnan(code), np.nan, code == 1).astype(np.float32),
        "capability ratio": np.minimum(share[i], share[j]) / np.maximum(np.maximum(share[i], share[j]), 1e-9),
        "major power in dyad": np.maximum(major[i], major[j]),
        "weaker democracy of the two": np.minimum(democracy[i], democracy[j]),
        "rivalry": start.dyad("rivalry")[pairs],
    }


def _check_branch(start: Start) -> None:
    pressure = start.pressure
    moved = [name for name, shift in pressure.shift.items() if np.any(shift)]
    moved += [name for name, hazard in pressure.hazard.items() if name != "leader_exit" and np.any(hazard)]
    moved += sorted(set(pressure.layers) - {"election_ahead", "election_past"})
    if moved:
        raise ValueError(f"The rivals know votes and extra exits alone; this branch also moves {', '.join(moved)}.")


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
    still = {name: np.zeros((n, n), np.float32) for name in keep.dyads}
    still |= {name: start.dyad(name) for name in ("agreement", "defence", "troops")}
    layers = {name: np.empty((*shape, n), np.float32) for name in keep.states}
    for name, x in still.items():
        first = np.where(np.isnan(x[a, b]), x[b, a], x[a, b])
        layers[name] = np.broadcast_to(first, (*shape, len(a))).astype(np.float32)
    return layers | {f"{name}_total": np.zeros(shape, np.float32) for name in keep.totals}
