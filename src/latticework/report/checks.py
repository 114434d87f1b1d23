"""Free runs beside history: for a terminal, and as the page of the documentation."""

import pandas as pd
from rich.console import Console
from rich.table import Table

from latticework.evaluate import share_inside
from latticework.report.emit import terminal
from latticework.report.numbers import DASH
from latticework.report.predictive_chart import number, title

RULE = (
    "inside: what was observed lies in the central 90 % of the paths, and the median path between the least and the "
    "greatest of the decades since 1950 (where at least five are known). Else: which of the two fails."
)
COLUMNS = ("statistic", "unit", "years", "observed", "decades since 1950", "median path", "90 % of the paths", "inside")


def rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """The checks in words and numbers, one row per statistic."""
    return [
        (
            row["title"],
            row["unit"],
            f"{row['from']}{DASH}{row['to']}",
            number(row["observed"]),
            f"{number(row['low'])}{DASH}{number(row['high'])}",
            number(row["median"]),
            f"{number(row['lower'])}{DASH}{number(row['upper'])}",
            verdict(row),
        )
        for row in table.to_dict("records")
    ]


def verdict(row: dict) -> str:
    """Inside, or why not; empty for what is not simulated."""
    if pd.isna(row["inside"]):
        return "not simulated"
    if row["inside"]:
        return "yes"
    return "no: band" if not row["covered"] else "no: decades"


def print_checks(table: pd.DataFrame, console: Console | None = None) -> None:
    """Print every statistic of the free runs beside history, and the share that is inside."""
    console = console or terminal()
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        out.add_column(name, justify="left" if name in ("statistic", "unit", "inside") else "right", overflow="fold")
    for cells in rows(table):
        out.add_row(*cells)
    console.print(out)
    console.print(f"\n{title(table)} ({share_inside(table):.0%}).", highlight=False)
    console.print(RULE, highlight=False)
