"""How much of the world a layer covers: decade by decade, the states or dyads of which it says something.

A state counts in a year if it existed on 31 December, a dyad if both of its states did. The year is covered if the
layer has a row of the state or dyad dated in it, if one of its spells holds on that 31 December, or if a list that is
complete (`absent` is "zero") reaches over that day, for there no row means none. As in `latticework.data.derived`, a
complete list of events is taken to be complete for the states that it names. Where the rows say to which day they are
known to hold, or their list to be complete (the column `known_to`), nothing later is covered, and such a list begins
with the year of its first row. Of a layer that is about one state, such as the troops that it has abroad, only the
dyads of that state count.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from latticework.data.catalogue import describe, layers, path_of
from latticework.data.cells import NONE, Rows, holding, rows_of
from latticework.data.files import PANEL
from latticework.data.inputs import FIRST_YEAR
from latticework.data.read import query
from latticework.data.states import CODES

PARTNERS = 5  # a state that is in every row is a hub if it has as many partners; of fewer it may be by chance
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
    begins, ends = _spans(rows)
    found = []
    for first in np.unique(years // 10 * 10):
        now = years // 10 * 10 == first
        units, seen = there[now], known[now]
        counts = (units.any(axis=0).sum(), seen.any(axis=0).sum(), units.sum(), seen.sum())
        share = counts[3] / counts[2] if counts[2] else 0.0
        held = int(((begins <= years[now].max()) & (ends >= first)).sum())
        found.append((f"{first}s", *map(int, counts), float(share), held))
    return pd.DataFrame(found, columns=list(COLUMNS))


def last_year(folder: Path | None = None) -> int:
    """The last year to whose end some level of the panel reaches; the calendar of events may go further."""
    last = max(record["to"] for record in layers(_home(folder)) if not record.get("event"))
    return int(last[:4]) - (last[5:] < "12-31")


def hub_of(name: str, folder: Path | None = None) -> str:
    """The code of the state that a layer of dyads is about: the one that is in every row; empty if none is."""
    rows = rows_of(name, folder=folder)
    hub = NONE if rows.partner is None else _hub(rows)
    return "" if hub == NONE else CODES[hub]


def given(name: str, folder: Path | None = None) -> pd.DataFrame:
    """What each source gave to a layer, the largest first: `source`, `rows`, `first`, `last` and `carried`.

    `first` and `last` are the ISO days between which its rows are dated or end; `carried` counts the rows that ran
    when their source ended and that nothing later confirms (`confidence` is "carried"). UnknownNameError.
    """
    extras = describe(name, folder).extras
    last = 'max(greatest("date", "end"))' if "end" in extras else 'max("date")'
    carried = "count(*) FILTER (\"confidence\" = 'carried')" if "confidence" in extras else "0"
    counted = f'count(*) AS rows, min("date") AS first, {last} AS last, {carried} AS carried'
    text = f"SELECT source, {counted} FROM read_parquet(?) GROUP BY source ORDER BY rows DESC, source"
    return query(text, [str(path_of(name, folder))], name).to_pandas()


def _once(rows: Rows) -> Rows:
    """Undirected dyads once again, as in the table, and spells only until the day to which they are known to hold."""
    if rows.partner is not None and not rows.described.directed:
        rows = rows.take(rows.state < rows.partner)
    if "known_to" in rows.columns and rows.described.frequency == "spells":
        rows = replace(rows, columns={**rows.columns, "end": rows.columns["known_to"]})
    return rows


def _last_days(years: np.ndarray) -> np.ndarray:
    return np.array([f"{year}-12-31" for year in years], dtype="datetime64[D]")


def _home(folder: Path | None) -> Path:
    """The folder that says which states there are: the one named, or the shipped panel if that does not."""
    own = folder is not None and any(record["layer"] == "exists" for record in layers(folder))
    return folder if folder is not None and own else PANEL


def _there(rows: Rows, days: np.ndarray, folder: Path | None) -> np.ndarray:
    """Which states exist on each day, or which of the dyads that the layer is about: (t, n) or (t, n, n)."""
    existing = holding(rows_of("exists", folder=_home(folder)), days, len(CODES)) != NONE
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
    """The one state that is in every row, with PARTNERS or more of them; NONE if there is none."""
    ends = rows.place
    shared = {int(end[0]) for end in ends if len(end)}
    found = [code for code in shared if ((ends[0] == code) | (ends[-1] == code)).all()]
    named = np.bincount(np.concatenate(ends), minlength=len(CODES)) > 0
    return found[0] if len(found) == 1 and named.sum() > PARTNERS else NONE


def _known(rows: Rows, days: np.ndarray) -> np.ndarray:
    """Of which states or dyads something is known in the year that ends on each day."""
    layer, n = rows.described, len(CODES)
    reached = ((days >= rows.since) & (days <= rows.until)).reshape(-1, *[1] * len(rows.place))
    if layer.absent == "zero":
        named = np.isin(np.arange(n), rows.state) if layer.event and rows.partner is None else True
        return reached & named
    if layer.frequency == "spells":
        return (holding(rows, days, n) != NONE) & reached
    if "known_to" in rows.columns:
        return _listed(rows, days)
    known = np.zeros((len(days), *[n] * len(rows.place)), dtype=bool)
    year = _year(rows.date) - _year(days[:1])
    inside = (year >= 0) & (year < len(days))
    known[year[inside], *(end[inside] for end in rows.place)] = True
    return known


def _listed(rows: Rows, days: np.ndarray) -> np.ndarray:
    """Whether each state's or dyad's own list, from the year of its first row to `known_to`, reaches over the day."""
    shape = (len(CODES),) * len(rows.place)
    known_to = np.where(np.isnat(rows.columns["known_to"]), rows.date, rows.columns["known_to"])
    first, last = np.full(shape, np.datetime64("9999-12-31")), np.full(shape, np.datetime64("0001-01-01"))
    np.minimum.at(first, rows.place, rows.date)
    np.maximum.at(last, rows.place, known_to)
    day = days.reshape(-1, *[1] * len(shape))
    return (day >= first) & (day <= last)


def _spans(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last year of each row: those of its spell, within the coverage, or that of its date twice."""
    began = _year(rows.date)
    if rows.described.frequency != "spells":
        return began, began
    end = rows.columns["end"]
    return began, _year(np.where(np.isnat(end), rows.until, np.minimum(end, rows.until)))


def _year(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype(int) + 1970
