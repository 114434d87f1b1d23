"""How much of the world a layer covers: decade by decade, the states or dyads of which it says something.

A state counts in a year if it existed on 31 December, a dyad if both of its states did. The year is covered if the
layer has a row of the state or dyad dated in it, if one of its spells holds on that 31 December, or if a list that is
complete (`absent` is "zero") reaches over that day, for there no row means none. As in `latticework.data.derived`, a
complete list of events is taken to be complete for the states that it names. Of a layer that is about one state, such
as the troops that it has abroad, only the dyads of that state count.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from latticework.data.catalogue import PANEL, layers
from latticework.data.cells import NONE, Rows, holding, rows_of
from latticework.data.inputs import FIRST_YEAR
from latticework.data.states import CODES

COLUMNS = ("decade", "existed", "covered", "years_existed", "years_covered", "share", "rows")


def coverage(name: str, folder: Path | None = None) -> pd.DataFrame:
    """One row per decade from the 1950s to the last year of which the panel tells.

    `existed` and `covered` are how many states (dyads; ordered ones if the layer is directed) there were in any year of
    the decade, and of how many of them something is known; `years_existed` and `years_covered` the same in state-years
    (dyad-years); `share` is the second of these over the first, 0 where there were none; `rows` are the rows dated in
    the decade, of spells those that hold on a day of it. UnknownNameError for an unknown layer.
    """
    rows = _once(rows_of(name, folder=folder))
    years = np.arange(FIRST_YEAR, last_year(folder) + 1)
    days = _last_days(years)
    there = _there(rows, days, folder)
    known = there & _known(rows, days)
    found = []
    for first in np.unique(years // 10 * 10):
        now = years // 10 * 10 == first
        units, seen = there[now], known[now]
        counts = (units.any(axis=0).sum(), seen.any(axis=0).sum(), units.sum(), seen.sum())
        share = counts[3] / counts[2] if counts[2] else 0.0
        found.append((f"{first}s", *map(int, counts), float(share), _rows_in(rows, years[now])))
    return pd.DataFrame(found, columns=list(COLUMNS))


def last_year(folder: Path | None = None) -> int:
    """The last year to whose end some layer of the panel (the shipped one for none) reaches."""
    last = max(record["to"] for record in layers(folder or PANEL))
    return int(last[:4]) - (last[5:] < "12-31")


def hub_of(name: str, folder: Path | None = None) -> str:
    """The code of the state that a layer of dyads is about, if every row has it; else empty."""
    rows = rows_of(name, folder=folder)
    hub = NONE if rows.partner is None else _hub(rows)
    return "" if hub == NONE else CODES[hub]


def _once(rows: Rows) -> Rows:
    """Undirected dyads once again, as in the table, and spells only until the day to which they are known to hold."""
    if rows.partner is not None and not rows.described.directed:
        rows = rows.take(rows.state < rows.partner)
    if "known_to" in rows.columns:
        rows = replace(rows, columns={**rows.columns, "end": rows.columns["known_to"]})
    return rows


def _last_days(years: np.ndarray) -> np.ndarray:
    return np.array([f"{year}-12-31" for year in years], dtype="datetime64[D]")


def _there(rows: Rows, days: np.ndarray, folder: Path | None) -> np.ndarray:
    """Which states exist on each day, or which of the dyads that the layer is about: (t, n) or (t, n, n)."""
    own = folder is not None and any(record["layer"] == "exists" for record in layers(folder))
    states = rows_of("exists", folder=folder if own else PANEL)
    existing = holding(states, days, len(CODES)) != NONE
    if rows.partner is None:
        return existing
    return existing[:, :, None] & existing[:, None, :] & _about(rows)


def _about(rows: Rows) -> np.ndarray:
    """The dyads that the layer is about, (n, n): those of its hub if it has one, else all; undirected ones once."""
    n = len(CODES)
    about = ~np.eye(n, dtype=bool)
    hub = _hub(rows)
    if hub != NONE:
        ours, (sends, receives) = np.arange(n) == hub, ((end == hub).any() for end in rows.place)
        about &= (ours[:, None] & sends) | (ours[None, :] & receives)
    if rows.described.directed:
        return about
    return np.triu(about | about.T)


def _hub(rows: Rows) -> int:
    """The one state that is in every row; NONE if there is none, or if all rows are of one dyad."""
    ends = rows.place
    shared = {int(end[0]) for end in ends if len(end)}
    shared = {code for code in shared if ((ends[0] == code) | (ends[-1] == code)).all()}
    return shared.pop() if len(shared) == 1 else NONE


def _known(rows: Rows, days: np.ndarray) -> np.ndarray:
    """Of which states or dyads something is known in the year that ends on each day."""
    layer, n = rows.described, len(CODES)
    reached = ((days >= rows.since) & (days <= rows.until)).reshape(-1, *[1] * len(rows.place))
    if layer.absent == "zero":
        named = np.isin(np.arange(n), rows.state) if layer.event and rows.partner is None else True
        return reached & named
    if layer.frequency == "spells":
        return (holding(rows, days, n) != NONE) & reached
    known = np.zeros((len(days), *[n] * len(rows.place)), dtype=bool)
    year = _year(rows.date) - _year(days[:1])
    inside = (year >= 0) & (year < len(days))
    known[year[inside], *(end[inside] for end in rows.place)] = True
    return known


def _rows_in(rows: Rows, years: np.ndarray) -> int:
    """How many rows are dated in the years, or hold on a day of them."""
    first, last = years[0], years[-1]
    if rows.described.frequency != "spells":
        return int(((_year(rows.date) >= first) & (_year(rows.date) <= last)).sum())
    end = rows.columns["end"]
    end = np.where(np.isnat(end), rows.until, np.minimum(end, rows.until))
    return int(((_year(rows.date) <= last) & (_year(end) >= first)).sum())


def _year(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype(int) + 1970
