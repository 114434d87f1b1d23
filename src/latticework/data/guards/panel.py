"""What a guard reads, a panel and a table of what is known, and what it says of a layer."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from latticework.data.catalogue import REBUILD, describe, layers, path_of
from latticework.data.files import PANEL
from latticework.data.layer import Layer
from latticework.errors import PanelError


@dataclass(frozen=True)
class Guarded:
    """A guard and what it found in a layer: what it compared, in words and numbers, and what is wrong."""

    name: str
    layer: str
    checked: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """The layers of a panel by name, and how to ask them."""

    layers: dict[str, Layer]
    folder: Path
    connection: Any  # DuckDB's: a checker of types that holds on to the name of its class makes it outlive Python

    def ask(self, layer: str, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a query gives: `{rows}` in it is the layer's file, `$2`, `$3` and so on are the values."""
        path = str(path_of(layer, self.folder))
        try:
            return self.connection.execute(text.format(rows="read_parquet($1)"), [path, *values]).fetchall()
        except duckdb.Error as error:
            raise PanelError(f"The panel file {layer}.parquet cannot be read. {REBUILD}") from error


def known(name: str) -> list[dict[str, str]]:
    """The rows of a table that lies beside the guards."""
    text = files("latticework.data.guards").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@contextmanager
def opened(folder: Path = PANEL) -> Iterator[Panel]:
    """The panel in the folder, the shipped one without the user's layers if none is named; PanelError if it is none."""
    with duckdb.connect() as connection:
        names = [record["layer"] for record in layers(folder)]
        yield Panel({name: describe(name, folder) for name in names}, folder, connection)
