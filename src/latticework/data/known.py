"""As known on a day: which rows of a layer could have been read on it, and what of them.

A row is known from the day in its column `known`, or `lag` months after its date. A spell that had not ended by the
day is open; what only its end tells is not known; no column shows a later day. This is the order of time in which the
figures came ("pseudo-real-time"): their values are those of the edition that the panel was built from, which may have
been revised since.
"""

from pathlib import Path
from typing import Any

import numpy as np

from latticework.data.catalogue import described, layer
from latticework.data.layer import Layer

OPEN = "''"


def known_from(of: Layer) -> str:
    """The SQL expression for the ISO day from which a row is known."""
    if "known" in of.extras:
        return '"known"'
    if not of.lag:
        return '"date"'
    return f"strftime(CAST(\"date\" AS DATE) + INTERVAL {of.lag} MONTH, '%Y-%m-%d')"


def columns_known(of: Layer, day: str | None) -> tuple[list[str], list[Any]]:
    """The SQL expressions of the layer's columns as known on the day (as they are for none), and their values."""
    expressions, values = [], []
    for name in of.columns:
        shown, needed = (f'"{name}"', []) if day is None else _shown(of, name, day)
        expressions.append(f'{shown} AS "{name}"')
        values += needed
    return expressions, values


def _shown(of: Layer, name: str, day: str) -> tuple[str, list[Any]]:
    if name in of.hindsight:
        nothing = "NULL" if of.kinds[name] == "number" else OPEN
        return f'CASE WHEN "end" = {OPEN} OR "end" > ? THEN {nothing} ELSE "{name}" END', [day]
    if of.kinds[name] != "date" or name == "date":
        return f'"{name}"', []
    later = OPEN if name == "end" and of.frequency == "spells" else "?"
    return f'CASE WHEN "{name}" > ? THEN {later} ELSE "{name}" END', [day] if later == OPEN else [day, day]


def known_to(name: str, day: str, folder: Path | None = None) -> np.datetime64:
    """The last day that a layer covered as known on a day."""
    record = layer(name, folder)
    return known_until(described(name, record), np.datetime64(record["to"], "D"), day)


def known_until(of: Layer, until: np.datetime64, day: str | None) -> np.datetime64:
    """The last day for which the layer's list was complete as known on a day: `until`, or `lag` months before."""
    if day is None:
        return until
    months = np.datetime64(day, "M") - np.timedelta64(of.lag, "M")
    rest = np.datetime64(day, "D") - np.datetime64(day, "M").astype("datetime64[D]")
    last = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return min(until, min(months.astype("datetime64[D]") + rest, last))
