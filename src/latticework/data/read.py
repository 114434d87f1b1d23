"""Reading the panel: the rows of a layer as a table, as revised or as known on a day."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from latticework.data.catalogue import REBUILD, describe, path_of
from latticework.data.known import columns_known, known_from
from latticework.data.layer import Layer
from latticework.data.states import resolve_all
from latticework.errors import InputError, PanelError


def get(
    layer: str,
    states: Iterable[str] | None = None,
    start: int | str | None = None,
    end: int | str | None = None,
    as_known_on: str | None = None,
    folder: Path | None = None,
) -> pd.DataFrame:
    """The layer's rows as a table with the columns `date`, `state`, (`partner`,) `value`, `source` and its extras.

    With one state named, the rows in which it is state or partner; with more, the rows with both ends among them.
    `start` and `end` are years or ISO days, both included; a spell counts if any of its days do. Undirected dyads
    come once, with state < partner. `as_known_on` (an ISO day) leaves out what could not be known on that day: see
    `latticework.data.known`. UnknownNameError for an unknown layer or state, InputError for days that are none or out
    of order.
    """
    described = describe(layer, folder)
    conditions, values = _conditions(described, resolve_all(states or ()), start, end)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = ", ".join(f'"{c}"' for c in described.keys)
    known, needed = known_rows(described, path_of(layer, folder), as_known_on)
    return query(f"SELECT * FROM ({known}){where} ORDER BY {order}", [*needed, *values], layer).to_pandas()


def known_rows(layer: Layer, path: Path, as_known_on: str | None) -> tuple[str, list[Any]]:
    """The query for a layer's rows as known on a day (all for none), and its values."""
    day = None if as_known_on is None else iso_day(as_known_on, "12-31")
    columns, values = columns_known(layer, day)
    rows = f"SELECT {', '.join(columns)} FROM read_parquet(?)"
    if day is None:
        return rows, [*values, str(path)]
    return f"{rows} WHERE {known_from(layer)} <= ?", [*values, str(path), day]


def query(text: str, values: list[Any], layer: str) -> pa.Table:
    """The answer to a query on a layer's file; PanelError if the file cannot be read."""
    try:
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")  # which a slow machine would print among the records
            return connection.sql(text, params=values).to_arrow_table()
    except duckdb.Error as error:
        raise PanelError(f"The panel file {layer}.parquet cannot be read. {REBUILD}") from error


def iso_day(day: int | str, rest: str) -> str:
    """A year (with `rest`, its month and day) or an ISO day as an ISO day; InputError if it is neither."""
    text = f"{day}-{rest}" if re.fullmatch(r"\d{4}", str(day)) else str(day)
    try:
        return pd.Timestamp(text).strftime("%Y-%m-%d") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else _no_day(day)
    except ValueError:
        return _no_day(day)


def _conditions(
    described: Layer, codes: tuple[str, ...], start: int | str | None, end: int | str | None
) -> tuple[list[str], list[Any]]:
    conditions, values = [], []
    if codes:
        among = f"IN ({', '.join('?' * len(codes))})"
        ends = ["state", "partner"] if described.kind == "dyad" else ["state"]
        conditions.append("(" + (" OR " if len(codes) == 1 else " AND ").join(f"{e} {among}" for e in ends) + ")")
        values += [*codes] * len(ends)
    first, last = start and iso_day(start, "01-01"), end and iso_day(end, "12-31")
    if first and last and first > last:
        raise InputError(f"Nothing lies between {start} and {end}: the first day is after the last.")
    if first:
        spells = described.frequency == "spells"
        conditions.append('("end" = \'\' OR "end" >= ?)' if spells else "date >= ?")
        values.append(first)
    if last:
        conditions.append("date <= ?")
        values.append(last)
    return conditions, values


def _no_day(day: int | str) -> str:
    raise InputError(f"'{day}' is neither a year (2014) nor a day (2014-12-31).")
