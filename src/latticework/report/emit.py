"""Records go out as a table for people, or as JSON or CSV for programs: one function for every command."""

import json
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from latticework.report.formats import Format
from latticework.report.records import rows

WIDTH = 120
SHORT = 20


def emit(table: pd.DataFrame, form: Format, title: str = "", console: Console | None = None) -> None:
    """Print records on standard output: JSON and CSV are the records and nothing else."""
    if form is Format.TABLE:
        (console or terminal()).print(pretty(table, title))
    else:
        print(text(table, form), end="")


def text(table: pd.DataFrame, form: Format) -> str:
    """The records as JSON (a list; missing is null) or as CSV (missing is empty)."""
    if form is Format.JSON:
        return as_json(rows(table))
    return table.to_csv(index=False, lineterminator="\n")


def as_json(value: Any) -> str:
    """JSON text with a newline at its end."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def terminal() -> Console:
    """Standard output; WIDTH columns wide where it is no terminal, so that a pipe gets readable tables."""
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    return console


def pretty(table: pd.DataFrame, title: str = "") -> Table:
    """The records as a table for a terminal; numbers are right-aligned, short columns are never folded."""
    out = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in table.columns:
        cells = [_cell(value) for value in table[name]]
        numeric = pd.api.types.is_numeric_dtype(table[name])
        short = max(map(len, cells), default=0) <= SHORT
        out.add_column(str(name), justify="right" if numeric else "left", overflow="fold", no_wrap=short)
    for record in table.itertuples(index=False):
        out.add_row(*(_cell(value) for value in record))
    return out


def standing(record: pd.DataFrame) -> pd.DataFrame:
    """One record as rows of key and value, for a terminal; what is empty is left out."""
    pairs = record.iloc[0].to_dict().items()
    return pd.DataFrame([{"key": key, "value": str(value)} for key, value in pairs if str(value) not in ("", "None")])


def _cell(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else ("yes" if value else "no")
    if isinstance(value, float):
        return "" if value != value else (f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}")
    return str(value)
