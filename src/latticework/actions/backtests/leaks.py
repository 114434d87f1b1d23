"""Does a forecast see the future? Its inputs from the whole panel, beside those from a panel blind to the future."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from latticework.actions.backtests.origin import Origin, last_day, origin
from latticework.data import load_panel
from latticework.processes import AbstractProcess

LOOK_BACK = 3  # years of training data that are compared
Maker = Callable[[int, tuple[AbstractProcess, ...], Path | None], Origin]


def leaks(
    year: int, model: tuple[AbstractProcess, ...], blind: Path, folder: Path | None = None, make: Maker = origin
) -> tuple[str, ...]:
    """The inputs that differ once everything is taken out of the panel that was not known at the end of the year.

    `blind` is a panel written by `latticework.data.blinded`. None may differ: the world from which paths start, the
    votes expected, the agreements in force, and the panel on which the processes are trained (its last years).
    """
    seen, unseen = make(year, model, folder), make(year, model, blind)
    found = [f"start: {name}" for name in _differing(_start(seen), _start(unseen))]
    layers = dict.fromkeys(layer for process in model for layer in process.reads)
    day = str(last_day(year))
    panels = [load_panel(None, year - LOOK_BACK, year, "year", layers, day, home) for home in (folder, blind)]
    worlds = [{**p.world.states, **p.world.dyads, **p.world.pacts, **p.world.memberships} for p in panels]
    return (*found, *(f"training: {name}" for name in _differing(*worlds)))


def _start(of: Origin) -> dict[str, Any]:
    world = of.world
    layers = {**world.states, **world.dyads, **world.pacts, **world.memberships}
    return {**layers, "present": world.present, "votes": of.votes, "pacts": np.array(of.pacts)}


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names of arrays that are not the same, missing values included."""

    def same(name: str) -> bool:
        a, b = np.asarray(one[name]), np.asarray(other[name])
        return a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))

    return [name for name in one if not same(name)]
