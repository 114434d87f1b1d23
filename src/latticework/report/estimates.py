"""The estimates of the processes for a terminal, each beside the value that it should be compared with."""

from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from latticework.report.emit import terminal

NOTE = (
    "sd is robust to dependence through states; x naive says how many times the sd of independent rows it is. "
    "Estimates are posterior modes of fits on the shipped panel."
)


def print_estimates(table: pd.DataFrame, console: Console | None = None) -> None:
    """Print one table per process: estimate, node-robust sd, its ratio to the naive one, the value to compare with."""
    console = console or terminal()
    for process, rows in table.groupby("process", sort=False):
        first = rows.iloc[0].to_dict()
        doubt = "" if rows["trusted"].all() else "  DID NOT CONVERGE"
        console.print(f"[bold]{process}[/bold]  {first['events']:,} events, {first['source']}{doubt}", highlight=False)
        notes: dict[str, int] = {}
        console.print(_table([dict(row) for _, row in rows.iterrows()], notes))
        for text, number in notes.items():
            console.print(f"[dim]({number}) {text}[/dim]", highlight=False)
        console.print()
    console.print(NOTE, highlight=False)


def _table(rows: list[dict[str, Any]], notes: dict[str, int]) -> Table:
    """The coefficients of one process; `notes` collects the sources of what they are compared with."""
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("effect", "estimate", "sd", "x naive", "compare with", "unit"):
        out.add_column(name, justify="left" if name in ("effect", "unit") else "right", overflow="fold")
    for row in rows:
        number = notes.setdefault(row["compared_with"], len(notes) + 1) if row["compared_with"] else 0
        known = f"{_published(row['published'], row['published_sd'])} ({number})" if number else ""
        ratio = f"{row['sd'] / row['sd_naive']:.2f}"
        out.add_row(row["effect"], f"{row['estimate']:+.3f}", f"{row['sd']:.3f}", ratio, known, row["unit"])
    return out


def _published(value: float, sd: float) -> str:
    return f"{value:+.3f}" + ("" if pd.isna(sd) else f" ± {sd:.3f}")
