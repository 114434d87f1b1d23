"""Small tables of a user's own with their descriptions, for the tests that add them."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from latticework.data.added import add_layer

KEYS = {
    "name": "visits",
    "title": "Visits",
    "kind": "state",
    "unit": "visits a year",
    "frequency": "annual",
    "source": "My count",
    "citation": "Nobody (2025)",
    "licence": "mine",
}
DYADS = {"kind": "dyad", "unit": "visits"}
TABLE = "year,state,value\n2019,USA,1\n2020,USA,2.5\n2020,JPN,0\n"


def giver(folder: Path) -> Callable[..., dict]:
    """A function that writes a table and its description into a folder and adds them; a key of None is left out."""

    def add(table, ending=".csv", replace=False, **keys):
        file = folder / f"table{ending}"
        if isinstance(table, pd.DataFrame):
            table.to_parquet(file, index=False)
        else:
            file.write_bytes(table.encode() if isinstance(table, str) else table)
        said = {key: value for key, value in (KEYS | keys).items() if value is not None}
        (folder / "table.yaml").write_text("".join(f"{key}: {value}\n" for key, value in said.items()))
        return add_layer(file, replace=replace)

    return add


def contents(folder: Path) -> dict[str, bytes]:
    """What is in a folder, file by file."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
