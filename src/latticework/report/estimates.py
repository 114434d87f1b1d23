"""The estimates of the processes for a terminal, each beside the value that it should be compared with."""

from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from latticework.report.emit import terminal

NOTE = (
    "sd is robust to dependence through states; x naive says how many times the sd of independent rows it is. "
    "learnt is the share of the prior's variance that the data took away (below zero: the doubt that states bring is "
    "wider than the prior). eras is the difference between estimates from 1991 on and before, in sd. rests on: data "
    "(learnt above 0.5 from 50 events or more), prior (learnt below 0.2), both, or assumed. "
    "Estimates are posterior modes of fits on the shipped panel."
)
RESTS = {"data-driven": "data", "prior-dominated": "prior", "mixed": "both", "assumed": "assumed"}
COLUMNS = ("effect", "estimate", "sd", "x naive", "events", "learnt", "eras", "rests on", "compare with")


def print_estimates(table: pd.DataFrame, console: Console | None = None) -> None:
    """Print one table per process: estimates, what they rest on, the values to compare them with."""
    console = console or terminal()
    for process, rows in table.groupby("process", sort=False):
        first = rows.iloc[0].to_dict()
        doubt = "" if rows["trusted"].all() else "  DID NOT CONVERGE"
        line = f"[bold]{process}[/bold]  {first['process_events']:,} events, {first['span']}{doubt}"
        console.print(line, highlight=False)
        if first["varies"]:
            console.print(f"varies by {first['varies']}", highlight=False)
        notes: dict[str, int] = {}
        console.print(_table([dict(row) for _, row in rows.iterrows()], notes))
        for text, number in notes.items():
            console.print(f"[dim]({number}) {text}[/dim]", highlight=False)
        console.print()
    console.print(NOTE, highlight=False)


def _table(rows: list[dict[str, Any]], notes: dict[str, int]) -> Table:
    """The coefficients of one process by unit; `notes` collects the sources of priors and of what is compared."""
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        out.add_column(name, justify="left" if name in ("effect", "rests on") else "right", overflow="fold")
    unit = ""
    for row in rows:
        if row["unit"] != unit:
            unit = row["unit"]
            out.add_row(f"[dim]{unit}:[/dim]")
        marks = [_noted(row["compared_with"], notes)] if row["compared_with"] else []
        known = " ".join([_published(row["published"], row["published_sd"]), *marks]) if marks else ""
        ratio = "" if row["origin"] == "assumed" else f"{row['ratio']:.2f}"
        learnt = "" if row["origin"] == "assumed" else f"{row['contraction']:.2f}"
        eras = "" if pd.isna(row["shift"]) else f"{row['shift']:+.1f}"
        rests = RESTS[row["badge"]] + (f" {_noted(row['because'], notes)}" if row["because"] else "")
        numbers = (f"{row['estimate']:+.3f}", f"{row['sd']:.3f}", ratio, f"{row['events']:,}", learnt, eras)
        out.add_row(row["effect"], *numbers, rests, known)
    return out


def _noted(text: str, notes: dict[str, int]) -> str:
    return f"({notes.setdefault(text, len(notes) + 1)})"


def _published(value: float, sd: float) -> str:
    return f"{value:+.3f}" + ("" if pd.isna(sd) else f" ± {sd:.3f}")
