"""The panel made blind to what came after a day: the same layers, without every row and column not known on it.

What is made of the whole panel "as known on the day" must be what is made of the blind one. If not, it has seen the
future.
"""

from pathlib import Path

from latticework.data.catalogue import describe, layers
from latticework.data.files import write_layer, write_manifest
from latticework.data.read import get


def blinded(day: str, out: Path, folder: Path | None = None) -> Path:
    """Write the panel as known on an ISO day into a folder that is there; returns the folder."""
    records = {}
    for record in layers(folder):
        name = record["layer"]
        table = get(name, as_known_on=day, folder=folder)
        if len(table):
            written = write_layer(describe(name, folder), table, out)
            records[name] = written | {"from": record["from"], "to": record["to"]}
        else:
            records[name] = _empty(name, record, out, folder)
    write_manifest(records, {}, out)
    return out


def _empty(name: str, record: dict, out: Path, folder: Path | None) -> dict:
    """A layer of which nothing was known: its first row, dated before its time, so that the file is one."""
    layer = describe(name, folder)
    first = get(name, folder=folder).head(1)
    written = write_layer(layer, first, out)
    return written | {"from": record["from"], "to": record["to"]}
