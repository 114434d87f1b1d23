"""Branches side by side: each beside the first, on the same random numbers, and what cannot be told from noise."""

import numpy as np
import pandas as pd

from latticework.measures.side_by_side import SHARE
from latticework.report.numbers import chance, decimal, persons, points, to
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Table

GROUPS = (
    ("sides", "Branches side by side: ties and disputes", ("0 to 100", SHARE)),
    ("sides-presence", "Branches side by side: presence and votes", ("persons", "ideal points")),
    ("sides-beliefs", "Branches side by side: what allies believe and pay", ("log odds", "log of what was paid")),
    ("sides-moods", "Branches side by side: which way allies lean", ("0 to 1", "refusals", "points of percent")),
)
SAME = "="
NOTE = (
    "At the end. The first branch: median with its 80 % band (chances without). The others: median, in brackets the "
    "mean difference from the first on the same random numbers, = where it is less than twice its Monte Carlo error."
)


def side_tables(results: Results) -> tuple[Table, ...]:
    """A row per branch, a column per number; none with a single branch or without allies in the focus."""
    table = results.sides
    if not len(table):
        return ()
    found = (_table(results, table[table["unit"].isin(units)], *head) for *head, units in GROUPS)
    return tuple(made for made in found if len(made.columns) > 1)


def _table(results: Results, rows: pd.DataFrame, name: str, title: str) -> Table:
    keys = list(dict.fromkeys(zip(rows["quantity"], rows["states"], strict=True)))
    columns = (Column("branch", numeric=False), *(Column(_heading(*key)) for key in keys))
    by = {(r.branch, r.quantity, r.states): r for r in rows.itertuples()}
    body = tuple(
        (Cell(results.title_of(b)), *(_cell(by[(b, *key)], b == results.branches[0], results.paths) for key in keys))
        for b in results.branches
    )
    return Table(name, title, columns, body, NOTE)


def _heading(quantity: str, states: str) -> str:
    return quantity if len(states) > 3 else f"{states}: {quantity}"


def _cell(row: object, first: bool, paths: int) -> Cell:
    unit, value = str(row.unit), float(row.value)  # pyright: ignore[reportAttributeAccessIssue] - a row of a frame
    show = {SHARE: lambda x: chance(x, paths), "persons": persons, "0 to 100": lambda x: f"{x:.1f}"}.get(unit, decimal)
    if first:
        lower, upper = float(row.lower), float(row.upper)  # pyright: ignore[reportAttributeAccessIssue]
        band = "" if np.isnan(lower) else f"({show(lower)}{to(lower)}{show(upper)})"
        return Cell(show(value), band)
    apart = float(row.difference)  # pyright: ignore[reportAttributeAccessIssue]
    if not row.clear:  # pyright: ignore[reportAttributeAccessIssue]
        return Cell(show(value), f"({SAME})")
    told = points(apart) if unit == SHARE else f"{apart:+,.0f}" if unit == "persons" else decimal(apart, sign=True)
    return Cell(show(value), f"({told.replace('-', chr(0x2212))})", "A")
