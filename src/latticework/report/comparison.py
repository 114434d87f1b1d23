"""Two runs side by side: what they were made from, and which numbers differ beyond the noise of the simulation."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from latticework.measures.contrast import CLEAR
from latticework.measures.outlook import each
from latticework.report.emit import pretty, terminal
from latticework.report.numbers import decimal, number, points
from latticework.report.records import rows

MOST = 20  # rows of a table in a terminal: all of them are in the CSV and JSON


@dataclass(frozen=True)
class Comparison:
    """Two runs, a and b: what they were made from and what that did to the numbers.

    `made` has a row per option, input, version or part of the scenario that differs (of, what, a, b), `numbers` those
    of `measures.comparison`, `claims` the claims of the text whose verdict or number differs.
    """

    a: str
    b: str
    made: pd.DataFrame
    numbers: pd.DataFrame
    claims: pd.DataFrame
    paired: bool


def comparison_records(found: Comparison) -> dict[str, Any]:
    """The comparison for programs; missing numbers are null."""
    tables = {name: rows(getattr(found, name)) for name in ("made", "numbers", "claims")}
    return {"a": found.a, "b": found.b, "paired": found.paired, **tables}


def print_comparison(found: Comparison, console: Console | None = None) -> None:
    """Print what the runs were made from, then the numbers that differ at the last date, the largest first."""
    out = console or terminal()
    out.print(f"a: {found.a}\nb: {found.b}\n", highlight=False)
    out.print(_part("Made from", found.made, "Nothing differs that the runs were made from."))
    last = found.numbers[found.numbers["date"] == found.numbers["date"].max()]
    clear = last[last["clear"].astype(bool)]
    for table, title in (("outlook", "Outlook"), ("contrast", "Differences between branches")):
        of_table = clear[clear["table"] == table]
        if table == "contrast" and not (last["table"] == table).any():
            continue
        none = f"None of the {int((last['table'] == table).sum()):,} numbers differs beyond the noise."
        out.print(_part(title, shown(of_table), none, len(of_table)))
    if len(found.claims):
        out.print(_part("Claims of the text", found.claims, "", len(found.claims)))
    out.print(Text(note(found, last, len(clear)), "dim"))


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Rows for a reader: what, in which branch, a, b, and the difference with twice its Monte Carlo error."""
    cells = []
    for row in each(table.head(MOST)):
        branch = f"{row.branch} minus {row.against}" if row.against else row.branch
        dyad = "-".join(part for part in (row.state, row.partner) if part)
        a, b, gap = (
            _value(row.unit, x, sign)
            for x, sign in ((row.a, bool(row.against)), (row.b, bool(row.against)), (row.difference, True))
        )
        error = _value(row.unit, CLEAR * row.mc_se, False)
        cells.append((dyad, row.quantity, branch, a, b, gap, f"± {error}"))
    return pd.DataFrame(cells, columns=["of", "quantity", "branch", "a", "b", "b minus a", "noise"])


def note(found: Comparison, last: pd.DataFrame, clear: int) -> str:
    """What the numbers are and how they were compared."""
    if not len(last):
        return "The two runs have no quantity and date in common."
    how = (
        "Path by path: the runs share seed, draws and number of paths, so they have the same random numbers."
        if found.paired
        else "Unpaired: the runs differ in seed, draws or number of paths, so each has noise of its own."
    )
    return (
        f"Means over paths on {last['date'].iloc[0]}; chances in points. {how} Noise is {CLEAR:.0f} Monte Carlo "
        f"standard errors, which one in twenty numbers that do not differ exceeds by chance; what is below it counts "
        f"as no difference ({len(last) - clear:,} of {len(last):,} numbers). Largest first, by the spread of paths. "
        f"Every date and number: --format csv."
    )


def _value(unit: str, x: float, sign: bool) -> str:
    if x != x:
        return ""
    if unit == "chance":
        return points(x) if sign else f"{100 * x:.1f}"
    return number(x, sign=sign) if unit == "persons" else decimal(x, sign=sign)


def _part(title: str, table: pd.DataFrame, none: str, count: int = 0) -> RenderableType:
    heading = Rule(Text(title, "bold"), style="dim", align="left")
    if not len(table):
        return Group(heading, Text(none), Text(""))
    more = count - min(len(table), MOST)
    rest = [Text(f"and {more:,} more", "dim")] if more > 0 else []
    return Group(heading, pretty(table.head(MOST) if count else table), *rest, Text(""))
