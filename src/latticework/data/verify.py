"""Whether the panel is what it should be: its files, their schemas, what they cover, and the guards."""

from pathlib import Path

import pandas as pd

from latticework.data.catalogue import describe, layers, path_of
from latticework.data.guards import guards
from latticework.data.schema import faults
from latticework.errors import PanelError

SHOWN = 5  # faults of one layer that are told


def verify(folder: Path | None = None) -> list[str]:
    """What is wrong with the panel: files missing, changed or not what their description says; guards not passed."""
    found = _files(folder)
    return found or [f"{guard.name}: {fault}" for guard in guards(folder) for fault in guard.faults]


def _files(folder: Path | None) -> list[str]:
    found = []
    for record in layers(folder):
        name = record["layer"]
        try:
            table = pd.read_parquet(path_of(name, folder))
        except (PanelError, OSError, ValueError) as error:
            found.append(str(error))
            continue
        texts = {c: object for c in table.columns if not pd.api.types.is_float_dtype(table[c])}
        wrong = faults(describe(name, folder), table.astype(texts))
        found += [f"The table of layer '{name}' {fault}." for fault in wrong[:SHOWN]]
        if len(table) != record["rows"]:
            found.append(f"The table of layer '{name}' has {len(table)} rows, not {record['rows']}.")
        first = table["date"].min()
        starts = first <= record["from"] if record["frequency"] == "spells" else first >= record["from"]
        if not starts or table["date"].max() > record["to"]:
            found.append(f"The table of layer '{name}' does not cover {record['from']} to {record['to']}.")
    return found
