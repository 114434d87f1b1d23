"""The verbs on the panel: list its layers, describe one, get its records, build it, verify it."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from latticework import data
from latticework.actions.scenarios import find_scenario
from latticework.data.states import CODES, resolve_all
from latticework.errors import PanelError, UnknownNameError

UNITS: dict[str, tuple[Literal["state", "dyad"], Literal["year", "quarter"]]] = {
    "dyad-year": ("dyad", "year"),
    "dyad-quarter": ("dyad", "quarter"),
    "state-year": ("state", "year"),
    "state-quarter": ("state", "quarter"),
}
LISTED = ("layer", "title", "kind", "unit", "frequency", "from", "to", "rows", "source", "version", "licence")


def layer_records(name: str | None = None) -> tuple[dict[str, Any], ...]:
    """What is recorded of every layer, or of one. UnknownNameError."""
    return data.layers() if name is None else (data.layer(name),)


def list_layers() -> pd.DataFrame:
    """One row per layer of the panel: name, unit, coverage, rows, source, licence."""
    return pd.DataFrame([{key: record[key] for key in LISTED} for record in data.layers()])


def show_layer(name: str) -> pd.DataFrame:
    """Everything that is recorded about one layer, as one row. UnknownNameError."""
    return pd.DataFrame([{key: _told(value) for key, value in data.layer(name).items()}])


def get_layer(
    name: str, states: Iterable[str] | None, start: str | None, end: str | None, as_known_on: str | None = None
) -> pd.DataFrame:
    """The records of a layer: date, state, (partner,) value, source and what else the layer has.

    One state named: the rows that it is part of; several: the rows among them. `start` and `end` are years or days;
    `as_known_on` leaves out what could not be known on that day.
    """
    return data.get(name, states, start, end, as_known_on)


def snapshot(when: str, states: Iterable[str] | None, layers: Iterable[str] | None = None) -> pd.DataFrame:
    """All that was known on a day: layer, state, partner, value, the day it stands for, its age, source and origin.

    `when` is a day (2025-01-24), or a scenario whose baseline and states are meant. Values are of all states, of one
    state and its dyads, or those among the states named; of all layers, or of those named. What is too old to be used
    has the origin "out of date".
    UnknownNameError, InputError.
    """
    codes = CODES
    if not re.fullmatch(r"[\d-]+", when):
        scenario = find_scenario(when)[1]
        when, codes = str(scenario.baseline), scenario.states
    chosen = codes if states is None else resolve_all(states)
    known = data.load_snapshot(when, tuple(dict.fromkeys((*codes, *chosen))) if len(chosen) == 1 else chosen)
    rows = pd.concat([known.inputs, known.old]).sort_values(["layer", "state", "partner"], kind="stable")
    if len(chosen) == 1:
        rows = rows[(rows["state"] == chosen[0]) | (rows["partner"] == chosen[0])]
    if layers is not None:
        names = tuple(layers)
        for name in names:
            data.chosen([name])
        rows = rows[rows["layer"].isin(names)]
    return rows.reset_index(drop=True)


def by_age(rows: pd.DataFrame) -> pd.DataFrame:
    """A snapshot at a glance: per layer how many values are observed, carried forward or out of date, and how old."""
    origins = rows.pivot_table(index="layer", columns="origin", values="value", aggfunc="count", fill_value=0)
    ages = rows.groupby("layer")["age_years"]
    summary = origins.reindex(columns=["observed", "carried forward", "out of date"], fill_value=0)
    summary = summary.assign(newest=ages.min().round(1), oldest=ages.max().round(1)).reset_index()
    renamed = {"newest": "newest, years old", "oldest": "oldest, years old"}
    return summary.sort_values("newest", kind="stable").rename(columns=renamed).reset_index(drop=True)


def add_layer(file: Path, description: Path | None, replace: bool) -> dict[str, Any]:
    """Add a user's own file as a layer; returns its record. PanelError (the table), InputError (the description)."""
    return data.add_layer(file, description, replace=replace)


def remove_layer(name: str) -> None:
    """Remove a layer that the user added. UnknownNameError."""
    data.remove_layer(name)


def build_panel(inputs: Iterable[Path], out: Path | None) -> list[str]:
    """Build the panel from the folders of sources; returns the log, line by line. PanelError."""
    return data.build(inputs) if out is None else data.build(inputs, out)


def verify_panel() -> pd.DataFrame:
    """Check every file of the panel and pass it through its guards; a row per check. PanelError names what is wrong."""
    problems = data.verify()
    if problems:
        remedy = "Install the package again or build it with 'latticework data build'."
        raise PanelError("\n".join(["The panel is damaged:", *problems, remedy]))
    files = [
        {"check": "file", "layer": r["layer"], "checked": f"checksum, schema and coverage of {r['rows']:,} rows"}
        for r in data.layers()
    ]
    passed = [{"check": g.name, "layer": g.layer, "checked": g.checked} for g in data.guards()]
    return pd.DataFrame(files + passed).assign(result="passed")


def export(path: Path, unit: str, start: int, end: int, **options: Any) -> tuple[Path, Path, int]:
    """Write a wide table of the panel and, beside it, where its columns come from; returns both files and the rows.

    `unit` is one of UNITS, the ending of `path` the format (.csv, .csv.gz, .parquet, .dta); `options` are those of
    `wide_table`. UnknownNameError, InputError.
    """
    if unit not in UNITS:
        raise UnknownNameError("unit", unit, UNITS, where="a table")
    of, step = UNITS[unit]
    table = data.wide_table(of, step, start=start, end=end, **options)
    return *data.write_table(table, path, data.describe_columns(table)), len(table)


def _told(value: object) -> object:
    """Lists and mappings as text, so that a record is flat."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {v}" for key, v in value.items())
    return "; ".join(str(v) for v in value) if isinstance(value, list | tuple) else value
