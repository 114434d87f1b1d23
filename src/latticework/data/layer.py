"""A layer is one observed quantity on states or dyads: a long table and the description that it must fit.

A table has the columns `date`, `state`, (`partner`,) `value`, `source` and the layer's extra columns.
`date` is the ISO day (text, YYYY-MM-DD) that the value stands for: 31 December for a year, the day of an event, the
first day of a spell. Spells carry the extra column `end`: the last day on which the value holds, empty if the spell was
open when its source ended. Undirected dyads are stored once, with state < partner in alphabetical order.
A missing value has no row: `value` is never NaN, and a zero is an observed zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import pandas as pd

from latticework.data.inputs import Inputs

Kind = Literal["text", "number", "date"]


@dataclass(frozen=True)
class Layer:
    """What a layer is, where it comes from, and what to beware of.

    `extras` names the columns beyond the standard ones and their kind; `key` names extra columns that are needed, with
    date, state and partner, to tell two rows apart; `since` and `until` are the first and last day that the source
    covers (the first and last date of the table if empty); `absent` says what a day or dyad without a row means inside
    the coverage ("zero" for a complete list such as alliances or disputes); `carry` says whether a last known value
    may stand for a later day.
    `event` says that values are things that happen (counted over a step) and not levels (that hold until the next);
    `bounds` are the least and the greatest value that can be. A row could first be known `lag` months after its date,
    were it published without delay, or on the day in the extra column `known` if the layer has one; what the columns
    in `hindsight` say of a spell is known when the spell has ended.
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
    since: str = ""
    until: str = ""
    absent: Literal["missing", "zero"] = "missing"
    carry: bool = True
    event: bool = False
    bounds: tuple[int | float | None, int | float | None] = (None, None)
    lag: int = 0
    hindsight: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the layer's table, in order."""
        partner = ("partner",) if self.kind == "dyad" else ()
        return ("date", "state", *partner, "value", "source", *self.extras)

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of every column."""
        ends: dict[str, Kind] = {"state": "text", "partner": "text"} if self.kind == "dyad" else {"state": "text"}
        return {"date": "date", **ends, "value": self.value, "source": "text", **self.extras}

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
        """The names of the files that it reads, without the ending."""
        ...

    def build(self, inputs: Inputs) -> dict[str, pd.DataFrame]:
        """The table of every layer in LAYERS, read from the folders `inputs`."""
        ...


def tidy(layer: Layer, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the layer's columns in order, rows sorted by key, numbers as float64 and texts as objects."""
    table = table[list(layer.columns)].sort_values(list(layer.keys), kind="stable").reset_index(drop=True)
    return pd.DataFrame(
        {c: table[c].astype("float64" if kind == "number" else object) for c, kind in layer.kinds.items()}
    )
