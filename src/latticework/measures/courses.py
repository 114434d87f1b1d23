"""A course is one quantity through simulated time: a number on every path, or whether an event has happened by then."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Shaped

from latticework.types import Bool, Float, Int

READ_OFF = "agreement_end+alignment+dispute_onset+troop_change"  # the processes whose layers tie strength is read off
CUT = 0.8  # of the troops at the baseline: a cut by a fifth or more
FEWEST = 100  # troops that a host has at the baseline, if they can be cut


@dataclass(frozen=True)
class Course:
    """One quantity of several units in all branches (b branches, p paths, s steps, u units).

    `units` are (state, partner), partner empty for a state. `values` are numbers or, if `probability_of` says of what,
    whether it has happened by (or holds at) the end of each step. `chance` is the chance of the event in each step
    where the process gives it. `start` is the value on the baseline day, NaN where unknown, with `since` and `origin`;
    where it is an estimate, `opening` has its 10, 25, 50, 75 and 90 % quantiles. `draw` numbers the posterior draws
    that the paths use for it, if not those of the ensemble. A `process` can be several, joined by "+".
    """

    kind: str
    quantity: str
    unit: str
    process: str
    units: tuple[tuple[str, str], ...]
    values: Shaped[np.ndarray, "b p s u"]
    start: Float[np.ndarray, "u"]
    since: tuple[str, ...]
    origin: tuple[str, ...]
    probability_of: str = ""
    chance: Float[np.ndarray, "b p s u"] | None = None
    opening: Float[np.ndarray, "5 u"] | None = None
    draw: Int[np.ndarray, "p"] | None = None


def courses(
    ensemble: xr.Dataset, focus: tuple[str, ...], hub: str, rival: str, inputs: pd.DataFrame
) -> Iterator[Course]:
    """Every quantity of the outlook: ties of the focus states, troops, alignment, leaders, disputes.

    `inputs` has the observed start values (layer, state, partner, value, date, origin). Events that no process can
    bring about, such as a dispute of states that are not at risk of one, are left out.
    """
    start = _Start(inputs)
    if "tie_strength" in ensemble:
        yield from _strength(ensemble)
    yield from _ties(ensemble, focus, start)
    yield from _troops(ensemble, hub, start)
    yield from _alignment(ensemble, hub, rival, start)
    yield from _leaders(ensemble)
    yield from _disputes(ensemble)
    yield from _between_blocs(ensemble, *blocs(focus, hub, rival, inputs))


def blocs(
    focus: tuple[str, ...], hub: str, rival: str, inputs: pd.DataFrame
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hub and the focus states with a defence obligation to it; the rival and those bound, link by link, to it."""
    bound = inputs[(inputs["layer"] == "defence") & (inputs["value"] == 1)]
    pacts = {frozenset(pair) for pair in zip(bound["state"], bound["partner"], strict=True)}
    allies = {hub} | {state for state in focus if frozenset((hub, state)) in pacts}
    rivals = {rival}
    for _ in focus:
        rivals |= {s for s in focus if s not in allies and any(frozenset((s, r)) in pacts for r in rivals)}
    return tuple(sorted(allies)), tuple(sorted(rivals))


class _Start:
    """Start values by layer and unit, in either order of the two states."""

    def __init__(self, inputs: pd.DataFrame) -> None:
        self.known = {
            (row.layer, row.state, row.partner): (float(row.value), str(row.date), str(row.origin))
            for row in inputs.itertuples()
            if isinstance(row.value, int | float)
        }

    def of(self, layer: str, state: str, partner: str = "") -> tuple[float, str, str]:
        missing = (np.nan, "", "")
        return self.known.get((layer, state, partner)) or self.known.get((layer, partner, state)) or missing

    def between(self, a: str, b: str) -> tuple[float, str, str]:
        (x, day, origin), (y, other, origin_y) = self.of("ideal_point", a), self.of("ideal_point", b)
        return abs(x - y), min(day, other), origin if day <= other else origin_y


def _pairs(ensemble: xr.Dataset) -> list[tuple[str, str]]:
    return list(zip(ensemble["dyad_state"].values.tolist(), ensemble["dyad_partner"].values.tolist(), strict=True))


def _array(ensemble: xr.Dataset, name: str) -> np.ndarray:
    last = "dyad" if "dyad" in ensemble[name].dims else "state"
    return ensemble[name].transpose("branch", "path", "time", last).values


def by_then(events: Shaped[np.ndarray, "b p s u"]) -> Bool[np.ndarray, "b p s u"]:
    """Whether at least one event has happened by the end of each step."""
    return np.maximum.accumulate(events > 0, axis=2)


def _event(kind: str, quantity: str, process: str, units: list, values: np.ndarray, chance: np.ndarray) -> Course:
    """The course of an event, for the units that can have it."""
    chance = np.nan_to_num(chance)
    can = np.flatnonzero((chance > 0).any(axis=(0, 1, 2)))
    chosen, nothing = tuple(units[i] for i in can), ("",) * len(can)
    label = f"{quantity} by the date"
    start = np.zeros(len(can))
    return Course(
        kind, quantity, "chance", process, chosen, values[..., can], start, nothing, nothing, label, chance[..., can]
    )


def _strength(ensemble: xr.Dataset) -> Iterator[Course]:
    """Tie strength among the focus states, and whether it is below that of the baseline day."""
    units = tuple(zip(ensemble["tie_state"].values.tolist(), ensemble["tie_partner"].values.tolist(), strict=True))
    opening = np.asarray(ensemble["tie_strength_start"].transpose("level", "tie").values, np.float64)
    day, nothing = (str(ensemble.attrs["tie_strength_day"]),) * len(units), ("",) * len(units)
    values, weaker = (
        ensemble[name].transpose("branch", "path", "time", "tie").values for name in ("tie_strength", "tie_weaker")
    )
    begun = opening[len(opening) // 2], day, ("estimated",) * len(units)
    yield Course("tie", "tie strength", "0-100", READ_OFF, units, values, *begun, opening=opening)
    label, none = "tie strength below that of the baseline on the date", (np.zeros(len(units)), nothing, nothing)
    draw = np.asarray(ensemble["tie_draw"].values, np.int64)
    yield Course(
        "tie", "weaker than today", "chance", READ_OFF, units, weaker > 0, *none, probability_of=label, draw=draw
    )


def _ties(ensemble: xr.Dataset, focus: tuple[str, ...], start: _Start) -> Iterator[Course]:
    units, agreement, defence = _pairs(ensemble), _array(ensemble, "agreement"), _array(ensemble, "defence")
    ending = _array(ensemble, "agreement_end_chance")
    stood = np.flatnonzero((ending[:, :, 0] > 0).any(axis=(0, 1)))  # only what is in force can end in the first step
    ended = np.maximum.accumulate(agreement[..., stood] == 0, axis=2)
    yield _event("tie", "agreement ends", "agreement_end", [units[i] for i in stood], ended, ending[..., stood])
    bound = np.flatnonzero((defence == 1).any(axis=(0, 1, 2)))
    known = [start.of("defence", *units[i]) for i in bound]
    yield Course(
        "tie",
        "defence obligation",
        "chance",
        "agreement_end",
        tuple(units[i] for i in bound),
        defence[..., bound] == 1,
        *_split(known),
        probability_of="defence obligation in force on the date",
    )
    yield _distances(ensemble, "tie", [u for u in units if u[0] in focus and u[1] in focus], start)


def _split(known: list[tuple[float, str, str]]) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    return np.array([k[0] for k in known], float), tuple(k[1] for k in known), tuple(k[2] for k in known)


def _distances(ensemble: xr.Dataset, kind: str, units: list[tuple[str, str]], start: _Start) -> Course:
    point, index = _array(ensemble, "ideal_point"), {code: i for i, code in enumerate(ensemble["state"].values)}
    known = np.atleast_1d(np.isfinite(point).all(axis=(0, 1, 2)))
    units = [(a, b) for a, b in units if known[index[a]] and known[index[b]]]
    first, second = (np.array([index[u[side]] for u in units], int) for side in (0, 1))
    values = np.abs(point[..., first] - point[..., second])
    begun = _split([start.between(a, b) for a, b in units])
    return Course(kind, "distance in UN votes", "ideal points", "alignment", tuple(units), values, *begun)


def _troops(ensemble: xr.Dataset, hub: str, start: _Start) -> Iterator[Course]:
    troops, units = _array(ensemble, "troops"), _pairs(ensemble)
    hosts = [(i, a if b == hub else b) for i, (a, b) in enumerate(units) if hub in (a, b)]
    hosts = [(i, host) for i, host in hosts if np.isfinite(troops[..., i]).all()]
    where, chosen = [i for i, _ in hosts], tuple((hub, host) for _, host in hosts)
    begun = _split([start.of("troops", hub, host) for _, host in hosts])
    values = troops[..., where]
    yield Course("troops", "troops", "persons", "troop_change", chosen, values, *begun)
    moving = [k for k in range(len(hosts)) if begun[0][k] >= FEWEST and np.ptp(values[..., k]) > 0]
    cut = by_then(np.asarray(values[..., moving] <= CUT * begun[0][moving]))
    none = ("",) * len(moving)
    yield Course(
        "troops",
        "cut by a fifth or more",
        "chance",
        "troop_change",
        tuple(chosen[k] for k in moving),
        cut,
        np.zeros(len(moving)),
        none,
        none,
        probability_of="troops a fifth or more below the baseline by the date",
    )


def _alignment(ensemble: xr.Dataset, hub: str, rival: str, start: _Start) -> Iterator[Course]:
    point, codes = _array(ensemble, "ideal_point"), list(ensemble["state"].values)
    known = np.flatnonzero(np.isfinite(point).all(axis=(0, 1, 2)))
    begun = _split([start.of("ideal_point", codes[i]) for i in known])
    units = tuple((codes[i], "") for i in known)
    yield Course("alignment", "ideal point", "ideal points", "alignment", units, point[..., known], *begun)
    for centre in (hub, rival):
        yield _distances(ensemble, "alignment", [(c, centre) for c in codes if c != centre], start)


def _leaders(ensemble: xr.Dataset) -> Iterator[Course]:
    units = [(code, "") for code in ensemble["state"].values.tolist()]
    left = by_then(_array(ensemble, "turnover"))
    yield _event("leader", "leader leaves office", "leader_exit", units, left, _array(ensemble, "turnover_chance"))


def _disputes(ensemble: xr.Dataset) -> Iterator[Course]:
    happened = by_then(_array(ensemble, "dispute"))
    yield _event("dispute", "dispute", "dispute_onset", _pairs(ensemble), happened, _array(ensemble, "dispute_chance"))


def _between_blocs(ensemble: xr.Dataset, allies: tuple[str, ...], rivals: tuple[str, ...]) -> Iterator[Course]:
    """At least one dispute between a state of one bloc and a state of the other."""
    across = [
        i for i, (a, b) in enumerate(_pairs(ensemble)) if (a in allies and b in rivals) or (b in allies and a in rivals)
    ]
    happened = by_then(_array(ensemble, "dispute")[..., across].max(axis=-1, keepdims=True, initial=0))
    none = np.prod(1 - np.nan_to_num(_array(ensemble, "dispute_chance")[..., across]), axis=-1, keepdims=True)
    yield _event("dispute", "dispute", "dispute_onset", [("+".join(allies), "+".join(rivals))], happened, 1 - none)


def draws_of(ensemble: xr.Dataset) -> Int[np.ndarray, "p"]:
    """The posterior draw of each path."""
    return np.asarray(ensemble["draw"].values, np.int64)
