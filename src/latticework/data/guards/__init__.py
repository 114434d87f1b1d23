"""Guards: what a panel must show if the faults that are known of its sources are not in it.

A guard reads the panel alone, not the inputs, so that everybody can run it on what was shipped. What it compares with
lies beside it: published figures, the days on which states began and ended, and the counts and rows that look like
faults and are none, each with its reason.
"""

from collections.abc import Callable
from pathlib import Path

from latticework.data.files import PANEL
from latticework.data.guards.existence import existing, successors
from latticework.data.guards.panel import Guarded, Panel, opened
from latticework.data.guards.published import published
from latticework.data.guards.shares import shares
from latticework.data.guards.troops import counted_days, no_gap, no_spike

__all__ = ["GUARDS", "Guarded", "Panel", "guards", "opened"]

GUARDS: tuple[Callable[[Panel], list[Guarded]], ...] = (
    no_spike,
    no_gap,
    counted_days,
    published,
    shares,
    existing,
    successors,
)


def guards(folder: Path | None = None) -> list[Guarded]:
    """What every guard found in the panel; PanelError if a file is missing or damaged.

    Without a folder it is the panel that is shipped, without the layers that the user added.
    """
    with opened(folder or PANEL) as panel:
        return [found for guard in GUARDS for found in guard(panel)]
