"""The files of a panel: one Parquet file per layer and a list of them; the same tables give the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from latticework.data.inputs import FIRST_YEAR
from latticework.data.layer import Layer

MANIFEST = "panel.json"
PANEL = Path(__file__).parent / "panel"  # the panel that is shipped with the package


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_layer(layer: Layer, table: pd.DataFrame, folder: Path) -> dict[str, Any]:
    """Write the layer's table into the folder, without anything that varies from run to run; returns its record."""
    fields = [(c, pa.float64() if kind == "number" else pa.string()) for c, kind in layer.kinds.items()]
    arrow = pa.Table.from_pandas(table, schema=pa.schema(fields), preserve_index=False).replace_schema_metadata(None)
    path = folder / f"{layer.name}.parquet"
    pq.write_table(arrow, path, compression="zstd", compression_level=15, row_group_size=1 << 20, version="2.6")
    return _record(layer, table, path)


def write_manifest(records: Mapping[str, Any], inputs: Mapping[str, str], folder: Path) -> None:
    """Write the list of layers with the checksums of the tables that they were made from."""
    text = json.dumps({"layers": records, "inputs": inputs}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _record(layer: Layer, table: pd.DataFrame, path: Path) -> dict[str, Any]:
    """The layer's description with what its table covers."""
    described = {k: v for k, v in asdict(layer).items() if k != "name"}
    first, last = table["date"].min(), table["date"].max()
    if layer.frequency == "spells":
        first, last = max(first, f"{FIRST_YEAR}-01-01"), max(last, table["end"].max())
    covers = {"from": layer.since or first, "to": layer.until or last, "rows": len(table), "sha256": sha256(path)}
    return described | covers
