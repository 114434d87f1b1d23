"""Reading the panel: what layers there are, their rows as tables, and whether the files are what they should be."""

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from latticework.data.build import MANIFEST, PANEL, sha256
from latticework.data.layer import Layer
from latticework.data.schema import faults
from latticework.data.states import resolve_all
from latticework.errors import InputError, PanelError, UnknownNameError

REBUILD = "Rebuild the panel with `latticework data build --inputs DIR`, or install the package again."


def layers(folder: Path = PANEL) -> tuple[dict[str, Any], ...]:
    """A record per layer: `layer` (its name), what Layer describes, `from`, `to` (ISO days), `rows` and `sha256`."""
    return tuple({"layer": name} | record for name, record in _manifest(folder)["layers"].items())


def layer(name: str, folder: Path = PANEL) -> dict[str, Any]:
    """The record of one layer; UnknownNameError if the panel has no such layer."""
    known = _manifest(folder)["layers"]
    if name not in known:
        raise UnknownNameError("layer", name, known, where="the panel")
    return {"layer": name} | known[name]


def describe(name: str, folder: Path = PANEL) -> Layer:
    """The layer's description as the object that its source gave."""
    record = layer(name, folder) | {"name": name}
    values: dict[str, Any] = {f.name: record[f.name] for f in fields(Layer)}
    values |= {name: tuple(values[name]) for name in ("traps", "key", "bounds", "hindsight")}
    return Layer(**values)


def inputs(folder: Path = PANEL) -> dict[str, str]:
    """The SHA-256 of every input table that the panel was built from."""
    return dict(_manifest(folder)["inputs"])


def panel_sha256(folder: Path = PANEL) -> str:
    """One number for the whole panel: the SHA-256 of its list of layers, which holds that of every file."""
    return sha256(folder / MANIFEST)


def get(
    layer: str,
    states: Iterable[str] | None = None,
    start: int | str | None = None,
    end: int | str | None = None,
    folder: Path = PANEL,
) -> pd.DataFrame:
    """The layer's rows as a table with the columns `date`, `state`, (`partner`,) `value`, `source` and its extras.

    With one state named, the rows in which it is state or partner; with more, the rows with both ends among them.
    `start` and `end` are years or ISO days, both included; a spell counts if any of its days do. Undirected dyads
    come once, with state < partner. UnknownNameError for an unknown layer or state, InputError for a day that is none.
    """
    described = describe(layer, folder)
    conditions, values = _conditions(described, resolve_all(states or ()), start, end)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = ", ".join(f'"{c}"' for c in described.columns)
    order = ", ".join(f'"{c}"' for c in described.keys)
    query = f"SELECT {columns} FROM read_parquet(?){where} ORDER BY {order}"
    try:
        with duckdb.connect() as connection:
            return connection.execute(query, [str(path_of(layer, folder)), *values]).df()
    except duckdb.Error as error:
        raise PanelError(f"The panel file {layer}.parquet in {folder} cannot be read. {REBUILD}") from error


def path_of(layer: str, folder: Path = PANEL) -> Path:
    """The layer's file, once it is known to be the one that was built; else PanelError."""
    path = folder / f"{layer}.parquet"
    fault = _fault_of(path, _manifest(folder)["layers"][layer]["sha256"])
    if fault:
        raise PanelError(f"The panel file {path.name} in {folder} {fault}. {REBUILD}")
    return path


def verify(folder: Path = PANEL) -> list[str]:
    """What is wrong with the panel: files that are missing, changed or not what their description says."""
    found = []
    for record in layers(folder):
        name = record["layer"]
        try:
            table = pd.read_parquet(path_of(name, folder)).astype({"state": object})
        except (PanelError, OSError, ValueError) as error:
            found.append(str(error))
            continue
        table = table.astype({c: object for c in table.columns if not pd.api.types.is_float_dtype(table[c])})
        found += [f"The table of layer '{name}' {fault}." for fault in faults(describe(name, folder), table)]
        if len(table) != record["rows"]:
            found.append(f"The table of layer '{name}' has {len(table)} rows, not {record['rows']}.")
        starts = (
            table["date"].min() <= record["from"]
            if record["frequency"] == "spells"
            else table["date"].min() == record["from"]
        )
        if not starts or table["date"].max() > record["to"]:
            found.append(f"The table of layer '{name}' does not cover {record['from']} to {record['to']}.")
    return found


def _conditions(
    described: Layer, codes: tuple[str, ...], start: int | str | None, end: int | str | None
) -> tuple[list[str], list[Any]]:
    conditions, values = [], []
    if codes:
        among = f"IN ({', '.join('?' * len(codes))})"
        ends = ["state", "partner"] if described.kind == "dyad" else ["state"]
        conditions.append("(" + (" OR " if len(codes) == 1 else " AND ").join(f"{e} {among}" for e in ends) + ")")
        values += [*codes] * len(ends)
    if start is not None:
        spells = described.frequency == "spells"
        conditions.append('("end" = \'\' OR "end" >= ?)' if spells else "date >= ?")
        values.append(_day(start, "01-01"))
    if end is not None:
        conditions.append("date <= ?")
        values.append(_day(end, "12-31"))
    return conditions, values


def _day(day: int | str, rest: str) -> str:
    """A year or an ISO day as an ISO day."""
    text = f"{day}-{rest}" if re.fullmatch(r"\d{4}", str(day)) else str(day)
    try:
        return pd.Timestamp(text).strftime("%Y-%m-%d") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else _no_day(day)
    except ValueError:
        return _no_day(day)


def _no_day(day: int | str) -> str:
    raise InputError(f"'{day}' is neither a year (2014) nor a day (2014-12-31).")


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PanelError(f"There is no panel in {folder}. {REBUILD}") from error
    except (ValueError, TypeError) as error:
        raise PanelError(f"The panel's list of layers, {path}, cannot be read. {REBUILD}") from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    content = json.loads(text)
    if not isinstance(content, dict) or not {"layers", "inputs"} <= content.keys():
        raise ValueError
    return content


def _fault_of(path: Path, expected: str) -> str:
    try:
        status = path.stat()
    except OSError:
        return "is missing"
    return "" if _hash(path, status.st_mtime_ns, status.st_size) == expected else "is corrupt: its checksum is wrong"


@lru_cache(maxsize=128)
def _hash(path: Path, modified: int, size: int) -> str:
    """The file's hash, computed once for each state of the file."""
    return sha256(path)
