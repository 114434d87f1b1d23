"""The panel: observed layers on states and dyads, built from open sources and shipped with the package."""

from latticework.data.build import build
from latticework.data.dense import load_panel
from latticework.data.read import get, layer, layers, panel_sha256, verify
from latticework.data.snapshot import Snapshot, load_snapshot

__all__ = ["Snapshot", "build", "get", "layer", "layers", "load_panel", "load_snapshot", "panel_sha256", "verify"]
