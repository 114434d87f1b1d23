"""A what-if: where a run with changes of its scenario goes, and what its manifest says of them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from latticework.scenario.changes import MADE


def folder_of(scenario: str, sets: Sequence[str]) -> Path:
    """The usual run folder of a scenario; that of a what-if has a name of its own, so that the two can be compared."""
    told = hashlib.sha256("\n".join(sets).encode()).hexdigest()[:8]
    return Path("runs") / (f"{scenario}-set-{told}" if sets else scenario)


def options_of(sets: Sequence[str]) -> dict[str, object]:
    """What a manifest says of the changes."""
    return {"set": list(sets), "set_origin": f"changed on the command line: assumed, by {MADE}"} if sets else {}
