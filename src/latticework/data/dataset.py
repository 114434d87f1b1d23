"""The panel as an xarray Dataset: named arrays over time, state and partner, each with its unit and origin."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr

from latticework.data.catalogue import layer
from latticework.data.dense import FROM, STATE_DERIVED, load_panel

TOLD = ("title", "unit", "source", "version", "citation", "licence", "coverage")


def load_dataset(
    states: Iterable[str] | None = None,
    start: int = 1950,
    end: int = 2024,
    step: Literal["year", "quarter"] = "year",
    layers: Iterable[str] | None = None,
    as_known_on: str | None = None,
    folder: Path | None = None,
) -> xr.Dataset:
    """What `load_panel` loads, as a Dataset: layers of states (time, state), of dyads (time, state, partner).

    `present` says which states exist. Every variable has in its attributes the title, unit, source, version, citation,
    licence and coverage of the layer that it shows, or that it follows from (`derived_from`). NaN is missing. The
    errors are those of `load_panel`.
    """
    panel = load_panel(states, start, end, step, layers, as_known_on, folder)
    codes = list(panel.codes)
    coords = {"time": panel.dates.astype("datetime64[ns]"), "state": codes, "partner": codes}
    variables: dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]] = {
        "present": (("time", "state"), np.asarray(panel.world.present), {"title": "The state exists"})
    }
    homes = (
        (panel.world.states, ("time", "state")),
        (panel.world.dyads, ("time", "state", "partner")),
        (panel.world.pacts, ("time", "pact")),
        (panel.world.memberships, ("time", "pact", "state")),
    )
    coords |= {"pact": list(panel.pacts)} if panel.pacts else {}
    for held, dims in homes:
        variables |= {name: (dims, np.asarray(array), _told(name, folder)) for name, array in held.items()}
    attributes = {"step": step} | ({} if as_known_on is None else {"as_known_on": as_known_on})
    return xr.Dataset(variables, coords, attributes)


def _told(name: str, folder: Path | None) -> dict[str, Any]:
    """The attributes of a variable; a derived one names the layer that it follows from in place of title and unit."""
    record = layer(FROM.get(name, name), folder)
    told = {key: record[key] for key in TOLD}
    if name in FROM or name in STATE_DERIVED:
        return {"derived_from": FROM[name]} | {key: told[key] for key in TOLD if key not in ("title", "unit")}
    return told
