"""What is marked on a tie's picture: likely breaks and changes of its pledges, each label in a lane of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from latticework.report.numbers import decimal
from latticework.report.tie_breaks import breaks
from latticework.report.tie_result import TieResult

MOST = 6  # of each kind: the largest
LETTER = 5.6  # pixels that a letter takes at the labels' size
GAP = 8


@dataclass(frozen=True)
class Mark:
    """A day, what is written there, what kind of thing it is and how large."""

    date: str
    label: str
    kind: Literal["break", "pledge"]
    size: float


def marks(result: TieResult) -> tuple[Mark, ...]:
    """The largest breaks and changes of pledges in the time shown, in order of time."""
    found = [*_largest(_broken(result)), *_largest(_pledged(result))]
    return tuple(sorted(found, key=lambda mark: (mark.date, mark.kind)))


def lanes(shown: Sequence[Mark], span: tuple[str, str], wide: int) -> tuple[int, ...]:
    """The lane of each label, lane 0 next to the plot: above those of all later marks whose rules would cross it."""
    places = [extent(mark, span, wide) for mark in shown]
    found: dict[int, int] = {}
    for i in reversed(range(len(shown))):
        crossed = [lane for j, lane in found.items() if places[j][0] <= places[i][1]]
        found[i] = max(crossed, default=-1) + 1
    return tuple(found[i] for i in range(len(shown)))


def extent(mark: Mark, span: tuple[str, str], wide: int) -> tuple[float, float]:
    """From which to which pixel a mark and its label reach."""
    first, last, day = (pd.Timestamp(d) for d in (*span, mark.date))
    at = wide * float((day - first) / (last - first))
    return at, at + LETTER * len(mark.label) + GAP


def _largest(found: list[Mark]) -> list[Mark]:
    return sorted(found, key=lambda mark: -mark.size)[:MOST]


def _broken(result: TieResult) -> list[Mark]:
    found = []
    for _, row in breaks(result.shown).iterrows():
        first, last = pd.Timestamp(row["since"]), pd.Timestamp(row["until"])
        day = str(first + (last - first) / 2)[:10]
        years = row["since"][:4] if row["since"][:4] == row["until"][:4] else f"{row['since'][:4]}–{row['until'][2:4]}"
        arrow = "↑" if row["change"] > 0 else "↓"
        found.append(Mark(day, f"{years} {arrow} {decimal(abs(row['change']))}", "break", abs(row["change"])))
    return found


def _pledged(result: TieResult) -> list[Mark]:
    first, found, before = str(result.shown["date"].iloc[0]), [], None
    for _, row in result.pledges.iterrows():
        size = 1.0 if before is None else abs(float(row["grade"]) - before)
        before = float(row["grade"])
        if first[:4] <= row["date"][:4] and row["date"] <= result.last:
            label = "pledge ends" if row["grade"] == 0 else str(row["label"])
            found.append(Mark(str(row["date"]), f"{row['date'][:4]} {label}", "pledge", size))
    return found
