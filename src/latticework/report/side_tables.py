"""Branches side by side: each beside the first, on the same random numbers, and what cannot be told from noise."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from latticework.measures.outlook import each
from latticework.measures.side_by_side import RATE, TIMES
from latticework.report.numbers import MINUS, by_year, decimal, persons, to
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Table

SCORE, PERSONS, POINTS, ODDS, TURN = "0 to 100", "persons", "points of percent", "log odds", "0 to 1"
GROUPS = (
    ("sides", "Ties and disputes", (SCORE, RATE)),
    ("sides-presence", "Presence and votes", (PERSONS, "ideal points")),
    ("sides-beliefs", "What allies believe and pay", (ODDS, TIMES)),
    ("sides-moods", "Which way allies lean", (TURN, "refusals", POINTS)),
)
GLANCE = (
    "mean tie among hub and allies",
    "troops of the hub",
    "payment for the hub's troops",
    "turn to the rival",
    "disputes with the rival and second threat",
)
SHORT = {
    "mean tie among hub and allies": "mean tie",
    "weakest tie among hub and allies": "weakest tie",
    "troops of the hub": "troops",
    "payment for the hub's troops": "payment",
    "disputes with the rival and second threat": "disputes a year",
}
SAME, NEXT_TO_NOTHING = "=", "≈ 0"
READ = (
    "At {when}. First row: {first}, medians (disputes: mean) with 80 % bands. Other rows: the mean difference from it "
    "on the same random numbers; = where it is less than twice its Monte Carlo error, ≈ 0 where it is more than that "
    "but nothing in the digits shown."
)
UNITS = {
    SCORE: "ties from 0 to 100",
    TIMES: "payment as a multiple of what is paid",
    RATE: "disputes that begin a year, all pairs together",
    ODDS: "credibility in log odds from that of the baseline",
    TURN: "turn from 0 (the hub) to 1 (the rival), from that of the baseline",
    POINTS: "approval in percentage points from that of the baseline",
    "refusals": "grievance in refused investments",
    "ideal points": "distance in ideal points",
}


def side_tables(results: Results) -> tuple[Table, ...]:
    """A row per branch, a column per number; none with a single branch or without allies in the focus."""
    table = results.sides
    if not len(table):
        return ()
    found = [_table(results, table[table["unit"].isin(units)], name, title) for name, title, units in GROUPS]
    found = [made for made in found if len(made.columns) > 1]
    told = [replace(made, note=f"{_read(results)}{made.note}" if made is found[0] else made.note) for made in found]
    return tuple(replace(made, note=made.note.strip()) for made in told)


def _read(results: Results) -> str:
    """How to read a table, told once."""
    return READ.format(when=by_year(results.dates[-1]), first=f"“{results.title_of(results.branches[0])}”")


def glance(results: Results) -> Table | None:
    """The few numbers of the first page: the first branch with bands, the others as differences; None with one."""
    table = results.sides
    if not len(table):
        return None
    made = _table(results, table[table["quantity"].isin(GLANCE)], "glance", "At a glance", brief=True)
    return replace(made, note=f"{_read(results)}{made.note}")


def _table(results: Results, rows: pd.DataFrame, name: str, title: str, brief: bool = False) -> Table:
    """The numbers that some branch changes; the note names the others."""
    keys = list(dict.fromkeys(zip(rows["quantity"], rows["states"], strict=True)))
    by = {(str(r.branch), str(r.quantity), str(r.states)): r for r in each(rows)}
    names, show = results.branches, cell_brief if brief else cell
    cells = {key: [show(by[(b, *key)], b == names[0]) for b in names] for key in keys}
    still = [key for key in keys if not brief and all(_unmoved(c) for c in cells[key][1:])]
    shown = [key for key in keys if key not in still]
    columns = (
        Column("branch", numeric=False),
        *(Column(_heading(*key, brief), mark="A" if brief else "") for key in shown),
    )
    body = tuple((Cell(results.title_of(b)), *(cells[key][n] for key in shown)) for n, b in enumerate(names))
    units = [UNITS[str(u)] for u in dict.fromkeys(rows["unit"]) if str(u) in UNITS]
    note = f" Units: {'; '.join(units)}." if units else ""
    if still:
        note += f" No branch changes: {', '.join(_heading(*key, False) for key in still)}."
    return Table(name, title, columns, body, note)


def _unmoved(made: Cell) -> bool:
    return made.band in (f"({SAME})", f"({NEXT_TO_NOTHING})")


def _heading(quantity: str, states: str, brief: bool) -> str:
    what = SHORT.get(quantity, quantity) if brief else quantity
    return what if len(states) > 3 else f"{states}: {what}"


def shown_as(unit: str) -> Callable[[float], str]:
    """How a number of a unit is printed."""
    return {PERSONS: persons, SCORE: lambda x: f"{x:.1f}"}.get(unit, decimal)


def apart_as(unit: str, apart: float) -> str:
    """How a difference is printed: with its sign, or ≈ 0 where the digits shown hold nothing of it."""
    told = f"{apart:+,.0f}" if unit == PERSONS else f"{apart:+.2f}"
    return told.replace("-", MINUS) if told.strip("+-0.,") else NEXT_TO_NOTHING


def cell(row: Any, first: bool) -> Cell:
    """A number with its band, or with its difference from the first branch."""
    show, unit = shown_as(str(row.unit)), str(row.unit)
    if first:
        low, high = show(row.lower), show(row.upper)
        return Cell(show(row.value), f"({low}{to(row.lower)}{high})" if low != high else "")
    if not row.clear:
        return Cell(show(row.value), f"({SAME})")
    return Cell(show(row.value), f"({apart_as(unit, float(row.difference))})", "A")


def cell_brief(row: Any, first: bool) -> Cell:
    """A number with its band, or the difference from the first branch alone."""
    if first:
        return cell(row, first)
    return Cell(apart_as(str(row.unit), float(row.difference)) if row.clear else SAME)
