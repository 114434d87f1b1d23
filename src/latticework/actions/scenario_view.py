"""Scenarios looked at: all faults of one, what it says, and what sets two scenarios or two branches apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from latticework.actions.posterior import load_posterior
from latticework.actions.scenarios import find_scenario
from latticework.errors import InputError
from latticework.report.assumed import acting
from latticework.scenario.controls import compile_branch, steps
from latticework.scenario.schema import Scenario

NAMES = ("layer", "process", "state", "partner", "date", "kind", "name")  # what tells blocks without an id apart
COLUMNS = ("what", "a", "b")
EXPLAINS = ("id", "assumed_by", "reason", "source", "note")  # keys of a block that do nothing to the world


def check_scenario(name: str) -> tuple[Path, Scenario]:
    """The file of a scenario and what it says, once every branch can be run. ScenarioError with all faults at once."""
    path, scenario = find_scenario(name)
    scales = load_posterior().scales
    for branch in scenario.branches:
        compile_branch(scenario, branch.id, scenario.states, steps(scenario), scales)
    return path, scenario


def scenario_differences(a: str, b: str) -> pd.DataFrame:
    """What differs between two scenarios, or two branches (SCENARIO:BRANCH): one row per thing, empty where it is not.

    UnknownNameError, ScenarioError; InputError for a scenario beside a branch.
    """
    (one, left), (other, right) = (_named(name) for name in (a, b))
    if bool(left) != bool(right):
        raise InputError(
            f"'{a}' and '{b}' cannot be compared: name a branch of both, as in asia-2025:status-quo, or of none."
        )
    return pd.DataFrame(list(told_differences((one, left), (other, right))), columns=COLUMNS)


def told_differences(a: tuple[Scenario, str], b: tuple[Scenario, str]) -> Iterator[tuple[str, str, str]]:
    """What differs between two scenarios, or between a branch of each where both are named: what, in a, in b."""
    told = (_branch(*side) if a[1] and b[1] else _keyed(_dump(side[0])) for side in (a, b))
    return _differences("", *told)


def _named(name: str) -> tuple[Scenario, str]:
    """A scenario and a branch of it, if one is named after a colon."""
    scenario, _, branch = name.partition(":")
    found = find_scenario(scenario)[1]
    if branch:
        found.branch(branch)
    return found, branch


def _dump(entry: Any) -> Any:
    return entry.model_dump(mode="json", by_alias=True, exclude_none=True)


def _branch(scenario: Scenario, branch: str) -> dict[str, Any]:
    """What happens in a branch, whether it says so itself or a branch that it extends does."""
    ids = dict(acting(scenario, branch))
    return {
        "baseline": str(scenario.baseline),
        "quarters": scenario.quarters,
        "interventions": {name: _keyed(_dump(scenario.intervention(name))) for name in ids},
        "levers": {lever.id: _keyed(_dump(lever)) for lever in scenario.levers_of(branch)},
        "demands": {demand.id: _keyed(_dump(demand)) for demand in scenario.demands_of(branch)},
        "successions": _keyed(_dump(scenario)["successions"]),
        "crises": _keyed(_dump(scenario)["crises"]),
    }


def _keyed(value: Any) -> Any:
    """Lists of blocks as blocks of blocks, each under what names it, so that order does not count."""
    if isinstance(value, dict):
        return {key: _keyed(inner) for key, inner in value.items()}
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return {_name(item): _keyed(item) for item in value}
    return value


def _name(block: dict[str, Any]) -> str:
    return str(block.get("id") or " ".join(str(block[key]) for key in NAMES if key in block))


def _differences(where: str, a: Any, b: Any) -> Iterator[tuple[str, str, str]]:
    """The smallest things that differ; of a block that only one has, the block."""
    if a == b:
        return
    if isinstance(a, dict) and isinstance(b, dict):
        for key in dict.fromkeys((*a, *b)):
            yield from _differences(f"{where}.{key}".lstrip("."), a.get(key), b.get(key))
    else:
        yield where, _told(a), _told(b)


def _told(value: Any) -> str:
    """A value in a cell: of a block the keys that do something, with their values, of a list its items."""
    if value is None:
        return ""
    if isinstance(value, dict):
        inside = ((k, f"({_told(v)})" if isinstance(v, dict) else _told(v)) for k, v in value.items())
        return ", ".join(f"{key} {text}" for key, text in inside if key not in EXPLAINS)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
