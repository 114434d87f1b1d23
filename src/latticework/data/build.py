"""Building the panel: read, check and write every source, all or nothing; the same inputs give the same bytes."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from latticework.data.files import PANEL, sha256, write_layer, write_manifest
from latticework.data.guards import guards
from latticework.data.inputs import find_input
from latticework.data.layer import Layer, Source
from latticework.data.schema import faults
from latticework.data.sources import SOURCES
from latticework.errors import InputError, PanelError

LOG = "build.log"


def build(
    inputs: Path | str | Iterable[Path | str], out: Path | str = PANEL, sources: Sequence[Source] = SOURCES
) -> list[str]:
    """Build the panel from the tables in the folder or folders `inputs` into the folder `out`; returns the log.

    The log, one line per input and layer, is also written beside the layers. The new panel replaces the old one only
    when it is whole. PanelError if an input is missing or a table is not what its layer says; InputError if the folder
    cannot be written.
    """
    given = [inputs] if isinstance(inputs, Path | str) else list(inputs)
    folders, out = tuple(Path(folder).resolve() for folder in given), Path(out).resolve()
    found = _found(folders, sorted({name for source in sources for name in source.INPUTS}))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
            new = Path(folder) / "new"
            new.mkdir()
            records, log = _write_layers(sources, folders, new)
            hashes = {name: sha256(path) for name, path in found.items()}
            log = [f"input {path.name}: {hashes[name]}" for name, path in found.items()] + log
            write_manifest(records, hashes, new)
            log += _guarded(new)
            (new / LOG).write_text("\n".join(log) + "\n", encoding="utf-8")
            replace_folder(out, new, Path(folder) / "old")
    except OSError as error:
        raise InputError(f"The panel cannot be written to {out}: {error.strerror}.") from error
    return log


def replace_folder(out: Path, new: Path, old: Path) -> None:
    """Put the folder `new` in the place of `out`; if that fails, what was there stays."""
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise


def _guarded(folder: Path) -> list[str]:
    """A line for every guard that the new panel passes; PanelError if it does not pass one."""
    found = guards(folder)
    wrong = [f"{guard.name}: {fault}" for guard in found for fault in guard.faults]
    if wrong:
        told = "\n".join(wrong[:20])
        raise PanelError(f"The new panel does not pass its guards, and the old one was kept:\n{told}")
    return [f"guard {guard.name}, {guard.layer}: {guard.checked}" for guard in found]


def _found(folders: Sequence[Path], names: Sequence[str]) -> dict[str, Path]:
    """The file of every input; PanelError names every one that is missing."""
    for folder in folders:
        if not folder.is_dir():
            raise PanelError(f"There is no folder {folder}. Name the folder that holds the input tables.")
    found, missing = {}, []
    for name in names:
        try:
            found[name] = find_input(folders, name)
        except PanelError:
            missing.append(name)
    if missing:
        where = " and ".join(map(str, folders))
        raise PanelError(f"No table {', '.join(missing)} in {where}. Name every folder of inputs with its --inputs.")
    return found


def _write_layers(
    sources: Sequence[Source], inputs: Sequence[Path], folder: Path
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Write a Parquet file per layer; returns the layers' records by name and a line for each."""
    records: dict[str, dict[str, Any]] = {}
    log = []
    for source in sources:
        tables = source.build(inputs)
        for layer in source.LAYERS:
            record = records[layer.name] = write_layer(layer, _checked(layer, tables), folder)
            log.append(_line(layer, tables[layer.name], record))
    return records, log


def _line(layer: Layer, table: pd.DataFrame, record: Mapping[str, Any]) -> str:
    """What was built of a layer: rows, states, days, and how many rows each of its sources gave."""
    states = len(set(table["state"]) | set(table.get("partner", ())))
    given = table["source"].value_counts().sort_index()
    few = ", ".join(f"{source} {count}" for source, count in given.items()) if len(given) <= 4 else f"{len(given)}"
    covers = f"{record['from']} to {record['to']}"
    return f"layer {layer.name}: {len(table)} rows, {states} states, {covers}; sources: {few}"


def _checked(layer: Layer, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if layer.name not in tables:
        raise PanelError(f"The source of layer '{layer.name}' built no table for it.")
    found = faults(layer, tables[layer.name])
    if found:
        raise PanelError(f"The table of layer '{layer.name}' {'; '.join(map(str, found[:5]))}.")
    return tables[layer.name]
