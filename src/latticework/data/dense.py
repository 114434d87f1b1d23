"""The dense panel: every layer that the models use as one array over time, states and dyads."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Literal

import jax.numpy as jnp
import numpy as np

from latticework.data import agreements, derived
from latticework.data.build import PANEL
from latticework.data.grid import Grid
from latticework.data.read import layer
from latticework.data.states import CODES, resolve_all
from latticework.errors import InputError, UnknownNameError
from latticework.world import Panel, World

Maker = Callable[[Grid], np.ndarray]


def _level(name: str) -> Maker:
    return partial(Grid.level, name=name)


STATE_LEVELS = (
    "capability",
    "military_spending",
    "democracy",
    "ideal_point",
    "ideal_point_sd",
    "major_power",
    "fixed_term",
)
DYAD_LEVELS = (
    "defence",
    "offence",
    "neutrality",
    "nonaggression",
    "consultation",
    "troops",
    "contiguity",
    "distance",
    "rivalry",
)
STATE_LAYERS: dict[str, Maker] = {name: _level(name) for name in STATE_LEVELS} | {
    "year": derived.year,
    "ideal_point_usual": derived.ideal_point_usual,
    "tenure": derived.tenure,
    "turnover": derived.turnover,
    "election_ahead": derived.election_ahead,
    "election_past": derived.election_past,
}
DYAD_LAYERS: dict[str, Maker] = {name: _level(name) for name in DYAD_LEVELS} | {
    "agreement": agreements.agreement,
    "agreement_age": agreements.agreement_age,
    "agreement_defence": agreements.agreement_defence,
    "agreement_nonaggression": agreements.agreement_nonaggression,
    "agreement_shift": agreements.agreement_shift,
    "agreement_ended": agreements.agreement_ended,
    "dispute": derived.dispute,
    "dispute_ongoing": derived.dispute_ongoing,
    "peace_years": derived.peace_years,
}
FROM = {  # the layer of the panel that a derived one follows from
    "year": "exists",
    "ideal_point_usual": "ideal_point",
    "tenure": "leader",
    "turnover": "leader",
    "election_ahead": "election",
    "election_past": "election",
    "dispute_ongoing": "dispute",
    "peace_years": "dispute",
} | {name: "agreement" for name in DYAD_LAYERS if name.startswith("agreement")}


def load_panel(
    states: Iterable[str] | None = None,
    start: int = 1950,
    end: int = 2024,
    step: Literal["year", "quarter"] = "year",
    layers: Iterable[str] | None = None,
    folder: Path = PANEL,
) -> Panel:
    """The observed worlds at the end of every year or quarter from `start` to `end`, both included.

    All states of the panel, or those named in their order; all layers in STATE_LAYERS and DYAD_LAYERS, or those named
    (a quarterly panel of all states and dyad layers takes about a gigabyte). Levels are as of the day: of an annual
    value the last on or before it that is less than a year old, never a later one. Events are those of the step that
    ends on the day, `election_ahead` of the one that begins. NaN is missing: outside a layer's coverage, where a state
    does not exist, and on the diagonal of a dyad layer. UnknownNameError for an unknown state or layer, InputError for
    years that make no panel.
    """
    grid = Grid(CODES if states is None else resolve_all(states), period_ends(start, end, step), folder=folder)
    names = chosen(layers)
    return Panel(world(grid, names), grid.codes, grid.now, sources_of(names, folder))


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


def chosen(layers: Iterable[str] | None) -> tuple[str, ...]:
    """The layers named, or all; UnknownNameError for a layer that the dense panel does not have."""
    known = (*STATE_LAYERS, *DYAD_LAYERS)
    names = known if layers is None else tuple(layers)
    for name in names:
        if name not in known:
            raise UnknownNameError("layer", name, known, where="the dense panel")
    return names


def sources_of(names: Iterable[str], folder: Path) -> dict[str, str]:
    """The source and version of each layer."""
    records = {name: layer(FROM.get(name, name), folder) for name in names}
    return {name: f"{record['source']} ({record['version']})" for name, record in records.items()}


def world(grid: Grid, names: Iterable[str]) -> World:
    """The worlds of a grid, with a leading time axis; all is NaN of a state on a day on which it did not exist."""
    present = grid.present
    both = present[:, :, None] & present[:, None, :] & ~np.eye(grid.n, dtype=bool)
    states, dyads = {}, {}
    for name in names:
        make = STATE_LAYERS.get(name) or DYAD_LAYERS[name]
        array = make(grid)
        array[~(present if name in STATE_LAYERS else both)] = np.nan
        (states if name in STATE_LAYERS else dyads)[name] = jnp.asarray(array, dtype=jnp.float32)
    return World(jnp.asarray(present), states, dyads)
