"""The dense panel: every layer that is a number per cell as one array over time, states and dyads."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Literal

import jax.numpy as jnp
import numpy as np

from latticework.data import agreements, conflict, derived, memberships, memory, pacts, rule
from latticework.data.catalogue import described, layer
from latticework.data.catalogue import layers as listed
from latticework.data.grid import Grid
from latticework.data.layer import Layer
from latticework.data.read import iso_day
from latticework.data.states import CODES, resolve_all
from latticework.errors import InputError, UnknownNameError
from latticework.world import Panel, World

Maker = Callable[[Grid], np.ndarray]

STATE_DERIVED: dict[str, Maker] = {
    "year": derived.year,
    "ideal_point_usual": derived.ideal_point_usual,
    "gdp_growth": derived.gdp_growth,
    "nuclear_step": derived.nuclear_step,
    "effort_growth": derived.effort_growth,
    "tenure": derived.tenure,
    "turnover": derived.turnover,
    "membership_joined": memberships.joined,
    "membership_left": memberships.left,
    "election_ahead": derived.election_ahead,
    "election_past": derived.election_past,
    "exit_regular": rule.exit_regular,
    "exit_irregular": rule.exit_irregular,
    "coalition_age": rule.coalition_age,
    "party_rule": rule.party_rule,
    "military_rule": rule.military_rule,
    "monarchy": rule.monarchy,
    "growth": rule.growth,
}
REMEMBERED = ("exercise", "visit_president", "visit_secretary", "visit_defence")
DYAD_DERIVED: dict[str, Maker] = {
    "agreement": agreements.agreement,
    "agreement_age": agreements.agreement_age,
    "agreement_defence": agreements.agreement_defence,
    "agreement_nonaggression": agreements.agreement_nonaggression,
    "agreement_shift": agreements.agreement_shift,
    "agreement_signed": agreements.agreement_signed,
    "agreement_ended": agreements.agreement_ended,
    "agreement_expired": agreements.agreement_expired,
    "agreement_renegotiated": agreements.agreement_renegotiated,
    "agreement_violated": agreements.agreement_violated,
    "dispute": derived.dispute,
    "dispute_hostility": derived.dispute_hostility,
    "dispute_fatality": derived.dispute_fatality,
    "dispute_force": conflict.dispute_force,
    "dispute_deaths": conflict.dispute_deaths,
    "dispute_history": conflict.dispute_history,
    "dispute_ongoing": derived.dispute_ongoing,
    "dispute_open": derived.dispute_open,
    "dispute_ended": derived.dispute_ended,
    "peace_years": derived.peace_years,
    "defence_years": agreements.defence_years,
    "war_theatre": conflict.war_theatre,
    "trade": memory.trade,
    "trade_usual": memory.trade_usual,
} | {f"{name}_recent": partial(memory.faded, name=name) for name in REMEMBERED}
OF_PACTS: dict[str, Maker] = pacts.PACT_MAKERS | pacts.MEMBERSHIP_MAKERS  # made only if they are asked for
FROM = {  # the layer of the panel that a derived one follows from
    "year": "exists",
    "ideal_point_usual": "ideal_point",
    "gdp_growth": "gdp",
    "effort_growth": "defence_effort",
    "nuclear_step": "nuclear_status",
    "tenure": "leader",
    "turnover": "leader",
    "membership_joined": "membership",
    "membership_left": "membership",
    "election_ahead": "election",
    "election_past": "election",
    "exit_regular": "leader",
    "exit_irregular": "leader",
    "coalition_age": "coalition_change",
    "party_rule": "regime",
    "military_rule": "regime",
    "monarchy": "regime",
    "growth": "gdp_estimate",
    "dispute_hostility": "dispute",
    "dispute_fatality": "dispute",
    "dispute_force": "dispute",
    "dispute_deaths": "dispute",
    "dispute_history": "dispute",
    "dispute_ongoing": "dispute",
    "dispute_open": "dispute",
    "dispute_ended": "dispute",
    "peace_years": "dispute",
    "trade": "exports",
    "trade_usual": "exports",
    "defence_years": "defence",
    "war_theatre": "conflict_support",
} | {name: "agreement" for name in DYAD_DERIVED if name.startswith("agreement")}
FROM |= {f"{name}_recent": name for name in REMEMBERED}
FROM |= dict.fromkeys(OF_PACTS, "membership")
UNSHOWN = ("exists", "election")  # what `present` and the two calendars of elections say better


def is_level(layer: Layer) -> bool:
    """Whether a layer has one number per cell that holds until the next."""
    return layer.value == "number" and not layer.event and not layer.key and layer.name not in UNSHOWN


def makers(folder: Path | None = None) -> tuple[dict[str, Maker], dict[str, Maker]]:
    """How to make each dense layer of the states, and of the dyads: levels, counts of events, and derived ones."""
    found: dict[str, dict[str, Maker]] = {"state": {}, "dyad": {}}
    for record in listed(folder):
        name = record["layer"]
        told = described(name, record)
        if is_level(told):
            found[told.kind][name] = partial(Grid.level, name=name)
        elif told.event and told.value == "number" and name not in UNSHOWN:
            found[told.kind][name] = partial(derived.events, name=name)
    return found["state"] | STATE_DERIVED, found["dyad"] | DYAD_DERIVED


def dense_layers(folder: Path | None = None) -> dict[str, str]:
    """The layers of a dense panel by name, each with its kind: "state" or "dyad"."""
    of_states, of_dyads = makers(folder)
    return dict.fromkeys(of_states, "state") | dict.fromkeys(of_dyads, "dyad")


def load_panel(
    states: Iterable[str] | None = None,
    start: int = 1950,
    end: int = 2024,
    step: Literal["year", "quarter"] = "year",
    layers: Iterable[str] | None = None,
    as_known_on: str | None = None,
    folder: Path | None = None,
) -> Panel:
    """The observed worlds at the end of every year or quarter from `start` to `end`, both included.

    All states of the panel, or those named in their order; all layers of `makers`, or those named (a quarterly panel
    of all states and layers takes more than a gigabyte). Levels are as of the day: of an annual value the last on or
    before it that is less than a year old, never a later one. Events are those of the step that ends on the day,
    `election_ahead` of the one that begins. With `as_known_on` (an ISO day) what could not be known on that day is
    missing: see `latticework.data.known`. NaN is missing: outside a layer's coverage, where a state does not exist,
    and on the diagonal of a dyad layer. UnknownNameError for an unknown state or layer, InputError for years that make
    no panel.
    """
    codes = CODES if states is None else resolve_all(states)
    day = None if as_known_on is None else iso_day(as_known_on, "12-31")
    grid = Grid(codes, period_ends(start, end, step), as_known_on=day, folder=folder)
    names = chosen(layers, folder)
    held = tuple(str(int(number)) for number in pacts.numbers(grid)) if set(names) & set(OF_PACTS) else ()
    return Panel(world(grid, names), grid.codes, grid.now, sources_of(names, folder), held)


def period_ends(start: int, end: int, step: str) -> np.ndarray:
    """The last days of the steps from `start` to `end`, with one step before and one after."""
    if step not in ("year", "quarter"):
        raise InputError(f"A step is a 'year' or a 'quarter', not '{step}'.")
    if not 1950 <= start <= end <= 2100:
        raise InputError(f"A panel runs from 1950 or later to the same year or later, not from {start} to {end}.")
    months = 12 if step == "year" else 3
    first, last = np.datetime64(f"{start}-01", "M"), np.datetime64(f"{end + 1}-01", "M")
    span = np.timedelta64(months, "M")
    return np.arange(first, last + 2 * span, span).astype("datetime64[D]") - np.timedelta64(1, "D")


def chosen(layers: Iterable[str] | None, folder: Path | None = None) -> tuple[str, ...]:
    """The layers named, or all; UnknownNameError for a layer that the dense panel does not have."""
    known = dense_layers(folder)
    names = tuple(known if layers is None else layers)
    known = known | dict.fromkeys(pacts.PACT_MAKERS, "pact") | dict.fromkeys(pacts.MEMBERSHIP_MAKERS, "membership")
    for name in names:
        if name not in known and name in {record["layer"] for record in listed(folder)}:
            why = "has texts, or several rows for a state or dyad on one day, and so no array and no column"
            raise InputError(f"The layer '{name}' {why}. Read its rows with `latticework data get {name}`.")
        if name not in known:
            raise UnknownNameError("layer", name, known, where="the dense panel")
    return names


def tabular(layers: Iterable[str] | None, folder: Path | None = None) -> tuple[str, ...]:
    """The layers named, or all, for a table of states or dyads; InputError for a layer of pacts."""
    names = chosen(layers, folder)
    wrong = [name for name in names if name in OF_PACTS]
    if wrong:
        raise InputError(f"Layers of pacts have no place in a wide table: leave out {', '.join(wrong)}.")
    return names


def sources_of(names: Iterable[str], folder: Path | None = None) -> dict[str, str]:
    """The source and version of each layer."""
    records = {name: layer(FROM.get(name, name), folder) for name in names}
    return {name: f"{record['source']} ({record['version']})" for name, record in records.items()}


def world(grid: Grid, names: Iterable[str]) -> World:
    """The worlds of a grid, with a leading time axis; all is NaN of a state on a day on which it did not exist."""
    present = grid.present
    both = present[:, :, None] & present[:, None, :] & ~np.eye(grid.n, dtype=bool)
    of_states, of_dyads = makers(grid.folder)
    wanted = tuple(names)
    states = {name: _made(of_states[name], grid, present) for name in wanted if name in of_states}
    dyads = {name: _made(of_dyads[name], grid, both) for name in wanted if name in of_dyads}
    of_pacts = {name: _as_layer(make(grid)) for name, make in pacts.PACT_MAKERS.items() if name in wanted}
    members = {name: _as_layer(make(grid)) for name, make in pacts.MEMBERSHIP_MAKERS.items() if name in wanted}
    return World(jnp.asarray(present), states, dyads, of_pacts, members)


def _made(make: Maker, grid: Grid, there: np.ndarray) -> jnp.ndarray:
    array = make(grid)
    array[~there] = np.nan
    return _as_layer(array)


def _as_layer(array: np.ndarray) -> jnp.ndarray:
    return jnp.asarray(array, dtype=jnp.float32)
