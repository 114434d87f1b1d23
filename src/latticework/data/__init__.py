"""The panel: observed layers on states and dyads, built from open sources and shipped with the package."""

from latticework.data.build import build
from latticework.data.catalogue import layer, layers, panel_sha256
from latticework.data.dataset import load_dataset
from latticework.data.dense import chosen, dense_layers, load_panel
from latticework.data.known import known_to
from latticework.data.read import get
from latticework.data.snapshot import Snapshot, load_snapshot
from latticework.data.verify import verify

__all__ = [
    "Snapshot",
    "build",
    "chosen",
    "dense_layers",
    "get",
    "known_to",
    "layer",
    "layers",
    "load_dataset",
    "load_panel",
    "load_snapshot",
    "panel_sha256",
    "verify",
]
