"""The panel: observed layers on states and dyads, built from open sources and shipped with the package."""

from latticework.data.added import add_layer, remove_layer
from latticework.data.build import build
from latticework.data.catalogue import layer, layers, panel_sha256
from latticework.data.dataset import load_dataset
from latticework.data.dense import chosen, dense_layers, load_panel
from latticework.data.guards import Guarded, guards
from latticework.data.known import known_to
from latticework.data.read import get
from latticework.data.snapshot import Snapshot, load_snapshot
from latticework.data.verify import verify
from latticework.data.wide import describe_columns, wide_table, write_table

__all__ = [
    "Guarded",
    "Snapshot",
    "add_layer",
    "build",
    "chosen",
    "dense_layers",
    "describe_columns",
    "get",
    "guards",
    "known_to",
    "layer",
    "layers",
    "load_dataset",
    "load_panel",
    "load_snapshot",
    "panel_sha256",
    "remove_layer",
    "verify",
    "wide_table",
    "write_table",
]
