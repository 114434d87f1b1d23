"""Building the panel: read, check and write every source, all or nothing; the same inputs give the same bytes."""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from latticework.data.inputs import FIRST_YEAR
from latticework.data.layer import Layer, Source
from latticework.data.schema import faults
from latticework.data.sources import SOURCES
from latticework.errors import InputError, PanelError

MANIFEST = "panel.json"
PANEL = Path(__file__).parent / "panel"  # the panel that is shipped with the package


def build(inputs: Path | str, out: Path | str = PANEL, sources: Sequence[Source] = SOURCES) -> list[str]:
    """Build the panel from the tables in the folder `inputs` into the folder `out`; returns one line per layer.

    The new panel replaces the old one only when it is whole. PanelError if an input is missing or a table is not what
    its layer says; InputError if the folder cannot be written.
    """
    inputs, out = Path(inputs).resolve(), Path(out).resolve()
    names = sorted({name for source in sources for name in source.INPUTS})
    _require(inputs, names)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
            new = Path(folder) / "new"
            new.mkdir()
            records, log = _write_layers(sources, inputs, new)
            hashes = {name: sha256(inputs / f"{name}.parquet") for name in names}
            text = json.dumps({"layers": records, "inputs": hashes}, indent=1, ensure_ascii=False)
            (new / MANIFEST).write_text(text + "\n", encoding="utf-8")
            _replace(out, new, Path(folder) / "old")
    except OSError as error:
        raise InputError(f"The panel cannot be written to {out}: {error.strerror}.") from error
    return log


def _replace(out: Path, new: Path, old: Path) -> None:
    """Put the folder `new` in the place of `out`; if that fails, what was there stays."""
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _require(inputs: Path, names: Sequence[str]) -> None:
    if not inputs.is_dir():
        raise PanelError(f"There is no folder {inputs}. Name the folder that holds the input tables.")
    missing = [f"{name}.parquet" for name in names if not (inputs / f"{name}.parquet").is_file()]
    if missing:
        raise PanelError(f"The folder {inputs} lacks {', '.join(missing)}.")


def _write_layers(sources: Sequence[Source], inputs: Path, folder: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Write a Parquet file per layer; returns the layers' records by name and a line for each."""
    records: dict[str, dict[str, Any]] = {}
    log = []
    for source in sources:
        tables = source.build(inputs)
        for layer in source.LAYERS:
            path = folder / f"{layer.name}.parquet"
            _write(layer, _checked(layer, tables), path)
            record = records[layer.name] = _record(layer, tables[layer.name], path)
            log.append(f"{layer.name}: {record['rows']} rows, {record['from']} to {record['to']}")
    return records, log


def _checked(layer: Layer, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if layer.name not in tables:
        raise PanelError(f"The source of layer '{layer.name}' built no table for it.")
    found = faults(layer, tables[layer.name])
    if found:
        raise PanelError(f"The table of layer '{layer.name}' {'; '.join(map(str, found))}.")
    return tables[layer.name]


def _write(layer: Layer, table: pd.DataFrame, path: Path) -> None:
    """Write the table without anything that varies from run to run."""
    numbers = {"value": layer.value, **layer.extras}
    fields = [(c, pa.float64() if numbers.get(c) == "number" else pa.string()) for c in layer.columns]
    arrow = pa.Table.from_pandas(table, schema=pa.schema(fields), preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, path, compression="zstd", compression_level=15, row_group_size=1 << 20, version="2.6")


def _record(layer: Layer, table: pd.DataFrame, path: Path) -> dict[str, Any]:
    """The layer's description with what its table covers."""
    described = {k: v for k, v in asdict(layer).items() if k != "name"}
    first, last = table["date"].min(), table["date"].max()
    if layer.frequency == "spells":
        first, last = max(first, f"{FIRST_YEAR}-01-01"), max(last, table["end"].max())
    covers = {"from": first, "to": layer.until or last, "rows": len(table), "sha256": sha256(path)}
    return described | covers
