"""What the panel holds of the time after a day, as it is known today: the other side of a forecast."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd

from latticework import data
from latticework.actions.strength import measured, shipped_ties
from latticework.measures.outlook import each
from latticework.measures.since import SEEN
from latticework.measures.strength.summary import table
from latticework.scenario.schema import Scenario

TODAY = "tie strength as inferred from all years"
FIGURES = 366  # days for which a figure of a year stands


def later_ties(focus: Sequence[str]) -> pd.DataFrame:
    """Tie strength of the focus states in all quarters, as known today: as shipped, measured now where it is not."""
    pairs = list(combinations(sorted(focus), 2))
    shipped = {pair: shipped_ties(*pair) for pair in pairs}
    absent = [pair for pair in pairs if shipped[pair].empty]
    tables = [found for found in shipped.values() if len(found)]
    return pd.concat([*tables, table(measured(absent))] if absent else tables, ignore_index=True)


def seen(scenario: Scenario, later: pd.DataFrame, start: str, ends: Sequence[str]) -> pd.DataFrame:
    """What is on record at the ends of years, for what an outlook tells of the focus states (columns: SEEN).

    `later` is that of `later_ties`, `start` the date of the quarter from which ties start, `ends` the last days of all
    steps.
    """
    years = [day for day in ends if day.endswith("12-31")]
    rows = [
        *_strength(later, start, years),
        *_votes(scenario.focus, years),
        *_troops(scenario.hub, scenario.focus, years),
        *_leaders(scenario.focus, scenario.baseline, years),
        *_disputes(scenario.focus, scenario.baseline, years),
        *_agreements(scenario.focus, scenario.baseline, ends, years),
    ]
    return pd.DataFrame(rows, columns=list(SEEN))


def _row(
    kind: str, quantity: str, unit: tuple[str, str], day: str, value: float, end: str, source: str
) -> tuple[object, ...]:
    return kind, quantity, *unit, day, value, np.nan, np.nan, end, source


def _strength(later: pd.DataFrame, start: str, years: Sequence[str]) -> Iterator[tuple[object, ...]]:
    for (a, b), rows in later.groupby(["state", "partner"], sort=False):
        known = {str(r.date): (float(r.value), float(r.lower), float(r.upper)) for r in each(rows)}
        end, nothing = max(known), (np.nan,) * 3
        then = known.get(start, nothing)[0]
        for day in years:
            values = known.get(day, nothing)
            yield "tie", "tie strength", a, b, day, *values, end, TODAY
            weaker = np.nan if np.isnan(values[0]) or np.isnan(then) else float(values[0] < then)
            yield _row("tie", "weaker than today", (str(a), str(b)), day, weaker, end, TODAY)


def _votes(focus: Sequence[str], years: Sequence[str]) -> Iterator[tuple[object, ...]]:
    rows, end = data.get("ideal_point"), str(data.layer("ideal_point")["to"])[:10]
    points = {(r.state, r.date): (float(r.value), str(r.source)) for r in each(rows[rows["state"].isin(focus)])}
    for a, b in combinations(focus, 2):
        for day in years:
            one, other = points.get((a, day)), points.get((b, day))
            value = abs(one[0] - other[0]) if one and other else np.nan
            source = one[1] if one else ""
            for pair in ((a, b), (b, a)):
                yield _row("tie", "distance in UN votes", pair, day, value, end, source)


def _troops(hub: str, focus: Sequence[str], years: Sequence[str]) -> Iterator[tuple[object, ...]]:
    rows, end = data.get("troops", [hub]), str(data.layer("troops")["to"])[:10]
    for host in focus:
        mine = rows[(rows["state"] == hub) & (rows["partner"] == host)].sort_values("date")
        for day in years if host != hub else ():
            upto = mine[mine["date"] <= day]
            fresh = len(upto) and (date.fromisoformat(day) - date.fromisoformat(upto["date"].iloc[-1])).days < FIGURES
            value = float(upto["value"].iloc[-1]) if fresh else np.nan
            yield _row("troops", "troops", (hub, host), day, value, end, str(upto["source"].iloc[-1]) if fresh else "")


def _leaders(focus: Sequence[str], baseline: date, years: Sequence[str]) -> Iterator[tuple[object, ...]]:
    rows = data.get("leader", list(focus)) if len(focus) > 1 else data.get("leader", focus)
    for code in focus:
        mine = rows[(rows["state"] == code) & (rows["date"] <= str(baseline))]
        mine = mine[(mine["end"] == "") | (mine["end"] >= str(baseline))].sort_values("date")
        if mine.empty:
            continue
        leader = mine.iloc[-1]
        end = str(rows.loc[rows["state"] == code, "known_to"].max())[:10]
        for day in years:
            left = bool(leader["end"]) and str(leader["end"]) <= day
            value = 1.0 if left else 0.0 if end >= day else np.nan
            yield _row("leader", "leader leaves office", (code, ""), day, value, end, str(leader["source"]))


def _disputes(focus: Sequence[str], baseline: date, years: Sequence[str]) -> Iterator[tuple[object, ...]]:
    rows, end = data.get("dispute", list(focus)), str(data.layer("dispute")["to"])[:10]
    for a, b in combinations(sorted(focus), 2):
        mine = rows[(rows["state"] == a) & (rows["partner"] == b) & (rows["date"] > str(baseline))]
        for day in years:
            came = bool((mine["date"] <= day).any())
            value = 1.0 if came else 0.0 if end >= day else np.nan
            for pair in ((a, b), (b, a)):
                yield _row("dispute", "dispute", pair, day, value, end, str(mine["source"].iloc[0]) if came else "")


def _agreements(
    focus: Sequence[str], baseline: date, ends: Sequence[str], years: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    """Of dyads that had an agreement on the day: whether there was none at the end of a step."""
    rows, end = data.get("agreement", list(focus)), str(data.layer("agreement")["to"])[:10]
    for a, b in combinations(sorted(focus), 2):
        mine = rows[(rows["state"] == a) & (rows["partner"] == b) & (rows["value"] > 0)]
        for day in years if _stands(mine, str(baseline)) else ():
            steps = [step for step in ends if step <= min(day, end)]
            gone = any(not _stands(mine, step) for step in steps)
            value = float(gone) if gone or end >= day else np.nan
            source = str(mine["source"].iloc[-1]) if len(mine) else ""
            for pair in ((a, b), (b, a)):
                yield _row("tie", "agreement ends", pair, day, value, end, source)


def _stands(spells: pd.DataFrame, day: str) -> bool:
    """Whether any of some spells holds on a day."""
    return bool(((spells["date"] <= day) & ((spells["end"] == "") | (spells["end"] >= day))).any())
