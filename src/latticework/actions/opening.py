"""The opening of a scenario: the world on its baseline day, from the panel and from the scenario's dated facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from latticework.actions.kept import kept
from latticework.data import Snapshot, known_to, load_snapshot
from latticework.mechanisms import SIGNALS
from latticework.processes import AbstractProcess
from latticework.scenario.schema import Rule, Scenario, Set
from latticework.types import Array
from latticework.world import World

PLACES = 8  # for multilateral agreements founded during a run; some seven are founded in a decade in the whole world


@dataclass(frozen=True)
class Opening:
    """The world on the baseline day, the origin of each of its values, and how stale each process's layer is.

    `nowcast` is the number of whole years between the last observation of a process's layer and the baseline;
    `notes` says in words what is missing.
    """

    world: World
    inputs: pd.DataFrame
    nowcast: dict[str, int]
    notes: tuple[str, ...]


def opening(scenario: Scenario, model: tuple[AbstractProcess, ...]) -> Opening:
    """The world on the baseline day of a scenario; leaders, elections and given values are the scenario's."""
    day = str(scenario.baseline)
    snapshot = kept("snapshot", (day, scenario.states), lambda: load_snapshot(day, scenario.states))
    states = {name: np.array(layer, np.float32) for name, layer in snapshot.world.states.items()}
    dyads = {name: np.array(layer, np.float32) for name, layer in snapshot.world.dyads.items()}
    facts = _leaders(scenario, snapshot.codes, states) + _values(scenario, snapshot.codes, states, dyads)
    needed = layers_needed(scenario, model)
    inputs = snapshot.inputs[snapshot.inputs["layer"].isin(needed - {"tenure"})]
    inputs = pd.concat([inputs, pd.DataFrame(facts, columns=inputs.columns)], ignore_index=True)
    states = {name: layer for name, layer in states.items() if name in needed}
    dyads = {name: layer for name, layer in dyads.items() if name in needed}
    silent = {name: np.zeros(len(snapshot.codes), np.float32) for name in SIGNALS if name in needed}
    world = with_places(World(np.asarray(snapshot.world.present), states | silent, dyads), snapshot.world)
    return Opening(world, inputs, staleness(scenario.baseline, model), _notes(world, snapshot, model))


def with_places(world: World, found: World, places: int = PLACES) -> World:
    """The world with the pacts in force of another, and free places for those that are still to be founded."""

    def roomy(layer: Array) -> np.ndarray:
        wide = np.asarray(layer, np.float32)
        return np.concatenate([wide, np.zeros((places, *wide.shape[1:]), np.float32)])

    pacts = {name: roomy(layer) for name, layer in found.pacts.items()}
    return world.replace(pacts=pacts, memberships={name: roomy(layer) for name, layer in found.memberships.items()})


def layers_needed(scenario: Scenario, model: tuple[AbstractProcess, ...]) -> set[str]:
    """The layers that a simulation carries: what the processes read or move, and what the scenario gives or sets."""
    moved = {layer for process in model for layer in (*process.reads, *process.writes)}
    given = {value.layer for value in scenario.values}
    held = {entry.layer for entry in scenario.interventions if isinstance(entry, Set)}
    return moved | given | held | {entry.when.layer for entry in scenario.interventions if isinstance(entry, Rule)}


def _leaders(scenario: Scenario, codes: tuple[str, ...], states: dict[str, np.ndarray]) -> list[dict]:
    """Years in office of the leaders whom the scenario names; rows for the table of inputs."""
    tenure, rows = states["tenure"], []
    tenure[:] = np.nan
    for leader in scenario.leaders:
        years = (scenario.baseline - leader.since).days / 365.25
        tenure[codes.index(leader.state)] = years
        rows.append(_row("tenure", leader.state, "", years, leader.since, leader.source, "observed", scenario.baseline))
    states["turnover"] = np.zeros_like(tenure)
    return rows


def _values(scenario: Scenario, codes: tuple[str, ...], states: Mapping, dyads: Mapping) -> list[dict]:
    """Put in the baseline values that the scenario gives; rows for the table of inputs."""
    rows = []
    for given in scenario.values:
        origin = "observed" if given.source else "assumed"
        why = given.source or f"{given.assumed_by}: {given.reason}"
        if given.partner is None:
            states[given.layer][codes.index(given.state)] = given.value
        else:
            i, j = codes.index(given.state), codes.index(given.partner)
            dyads[given.layer][i, j] = given.value
            if given.layer != "troops":
                dyads[given.layer][j, i] = given.value
        cell = (given.layer, given.state, given.partner or "", given.value)
        rows.append(_row(*cell, scenario.baseline, why, origin, scenario.baseline))
    return rows


def _row(layer: str, state: str, partner: str, value: float, day: date, source: str, origin: str, now: date) -> dict:
    return {
        "layer": layer,
        "state": state,
        "partner": partner,
        "value": value,
        "date": str(day),
        "age_years": (now - day).days / 365.25,
        "source": source,
        "origin": origin,
    }


def staleness(baseline: date, model: tuple[AbstractProcess, ...]) -> dict[str, int]:
    """Whole years between the end of each process's layer and the baseline; zero for what the scenario states."""
    end = {
        process.name: known_to(process.observed, str(baseline)) if process.observed else np.datetime64(baseline)
        for process in model
    }
    late = {name: (np.datetime64(baseline) - day).astype(int) / 365.25 for name, day in end.items()}
    return {name: max(int(years), 0) for name, years in late.items()}


def _notes(world: World, snapshot: Snapshot, model: tuple[AbstractProcess, ...]) -> tuple[str, ...]:
    """Which layers that the processes read are missing for which states on the baseline day."""
    notes = []
    for name in ("capability", "democracy", "ideal_point", "tenure", "fixed_term"):
        missing = [code for code, v in zip(snapshot.codes, world.state(name), strict=True) if np.isnan(v)]
        if missing:
            notes.append(f"{name} is missing for {', '.join(missing)}: what rests on it is not simulated for them")
    return tuple(notes)
