"""A layer is one observed quantity on states or dyads: a long table and the description that it must fit.

A table has the columns `date`, `state`, (`partner`,) `value`, `source` and the layer's extra columns.
`date` is the ISO day (text, YYYY-MM-DD) that the value stands for: 31 December for a year, the day of an event, the
first day of a spell. Spells carry the extra column `end`: the last day on which the value holds, empty if the spell was
open when its source ended. Undirected dyads are stored once, with state < partner in alphabetical order.
A missing value has no row: `value` is never NaN, and a zero is an observed zero.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from latticework.data.states import CODES

Kind = Literal["text", "number", "date"]
ISO_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True)
class Layer:
    """What a layer is, where it comes from, and what to beware of.

    `extras` names the columns beyond the standard ones and their kind; `key` names extra columns that are needed, with
    date, state and partner, to tell two rows apart; `until` is the last day that the source covers (the last
    date of the table if empty); `absent` says what a day or dyad without a row means inside the coverage ("zero" for a
    complete list such as alliances or disputes); `carry` says whether a last known value may stand for a later day.
    """

    name: str
    title: str
    kind: Literal["state", "dyad"]
    unit: str
    frequency: Literal["annual", "quarterly", "dated", "spells"]
    source: str
    version: str
    citation: str
    licence: str
    transformation: str
    coverage: str
    traps: tuple[str, ...] = ()
    directed: bool = False
    value: Literal["number", "text"] = "number"
    extras: Mapping[str, Kind] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    until: str = ""
    absent: Literal["missing", "zero"] = "missing"
    carry: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the layer's table, in order."""
        partner = ("partner",) if self.kind == "dyad" else ()
        return ("date", "state", *partner, "value", "source", *self.extras)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell two rows apart; rows are sorted by them."""
        partner = ("partner",) if self.kind == "dyad" else ()
        return ("date", "state", *partner, *self.key)


@runtime_checkable
class Source(Protocol):
    """A module that reads published files and makes the tables of one or more layers."""

    @property
    def LAYERS(self) -> tuple[Layer, ...]:  # noqa: N802  # a constant of the module
        """The layers that it makes."""
        ...

    @property
    def INPUTS(self) -> tuple[str, ...]:  # noqa: N802  # a constant of the module
        """The names of the Parquet files that it reads, without the ending."""
        ...

    def build(self, inputs: Path) -> dict[str, pd.DataFrame]:
        """The table of every layer in LAYERS, read from the folder `inputs`."""
        ...


def tidy(layer: Layer, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the layer's columns in order, rows sorted by key, numbers as float64 and texts as objects."""
    table = table[list(layer.columns)].sort_values(list(layer.keys), kind="stable").reset_index(drop=True)
    kinds = {"date": "date", "state": "text", "partner": "text", "source": "text", "value": layer.value, **layer.extras}
    return pd.DataFrame(
        {c: table[c].astype("float64") if kinds[c] == "number" else table[c].astype(object) for c in table.columns}
    )


def faults(layer: Layer, table: pd.DataFrame) -> list[str]:
    """What is wrong with the table as a table of this layer; an empty list if nothing is."""
    if tuple(table.columns) != layer.columns:
        return [f"has the columns {', '.join(table.columns)} instead of {', '.join(layer.columns)}"]
    if table.empty:
        return ["has no rows"]
    found = [_type_fault(table[c], kind, c, c in layer.extras) for c, kind in _kinds(layer).items()]
    found += [_code_fault(table[c], c) for c in ("state", "partner") if c in table]
    keys = table[list(layer.keys)]
    if keys.duplicated().any():
        found.append(f"has two rows for {_first(keys, keys.duplicated())}")
    elif not keys.equals(keys.sort_values(list(layer.keys), kind="stable")):
        found.append(f"is not sorted by {', '.join(layer.keys)}")
    if layer.kind == "dyad":
        wrong = table.state == table.partner if layer.directed else table.state >= table.partner
        if wrong.any():
            found.append(f"has a dyad in the wrong order: {_first(table[['state', 'partner']], wrong)}")
    return [f for f in found if f]


def _kinds(layer: Layer) -> dict[str, Kind]:
    """The kind of every column but the state codes."""
    return {"date": "date", "value": layer.value, "source": "text", **layer.extras}


def _type_fault(column: pd.Series, kind: Kind, name: str, extra: bool) -> str:
    """Why the column is not of its kind; texts and dates may be empty, and numbers missing, only in extra columns."""
    if kind == "number":
        if not pd.api.types.is_float_dtype(column):
            return f"column {name} does not hold numbers"
        bad = np.isinf(column) if extra else ~np.isfinite(column)
        return f"column {name} has a value that is missing or infinite" if bad.any() else ""
    texts = column.map(lambda v: isinstance(v, str))
    if not texts.all():
        return f"column {name} has a value that is not text: {column[~texts].iloc[0]!r}"
    if not extra and (column == "").any():
        return f"column {name} has an empty value"
    if kind == "date":
        bad = column[column != ""].map(lambda v: not re.fullmatch(ISO_DAY, str(v)))
        return f"column {name} has '{column[bad.index][bad].iloc[0]}', which is no ISO date" if bad.any() else ""
    return ""


def _code_fault(column: pd.Series, name: str) -> str:
    unknown = sorted(set(map(str, column)) - set(CODES))
    return f"column {name} has the unknown state {unknown[0]}" if unknown else ""


def _first(table: pd.DataFrame, mask: pd.Series) -> str:
    return ", ".join(map(str, table[mask].iloc[0]))
