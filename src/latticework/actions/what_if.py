"""A what-if: a run with some values of its scenario changed on the command line, and what the run says of them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from latticework.scenario.changes import MADE, apply, read_change
from latticework.yaml_text import parse, plain


def folder_of(scenario: str, sets: Sequence[str]) -> Path:
    """The usual run folder of a scenario; that of a what-if has a name of its own, so that the two can be compared."""
    told = hashlib.sha256("\n".join(sets).encode()).hexdigest()[:8]
    return Path("runs") / (f"{scenario}-set-{told}" if sets else scenario)


def options_of(sets: Sequence[str]) -> dict[str, object]:
    """What a manifest says of the changes."""
    return {"set": list(sets), "set_origin": f"changed on the command line: assumed, by {MADE}"} if sets else {}


def notes_of(text: str, sets: Sequence[str]) -> tuple[str, ...]:
    """What a brief says of the changes: each with the value that the file has."""
    changes = [read_change(written) for written in sets]
    made = apply(parse(text, "a scenario", "id: asia-2025").data, changes)
    return tuple(
        f"changed on the command line (assumed, by the user): {plain(one.change.written, 120)}; in the file it is "
        f"{'not set' if one.before is None else plain(one.before, 60)}"
        for one in made
    )
