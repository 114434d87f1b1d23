"""The estimates of the processes for a terminal, each beside the value that it should be compared with."""

import pandas as pd
from rich.console import Console, JustifyMethod
from rich.table import Table

COLUMNS: dict[str, JustifyMethod] = {
    "effect": "left",
    "estimate": "right",
    "sd": "right",
    "sd / naive": "right",
    "unit": "left",
    "compare": "right",
    "with": "left",
}


def print_estimates(table: pd.DataFrame, console: Console | None = None) -> None:
    """Print one table per process: estimate, node-robust sd, their ratio to naive, published value and its source."""
    console = console or Console()
    for process, rows in table.groupby("process", sort=False):
        first = rows.iloc[0]
        doubt = "" if rows["trusted"].all() else "  NOT CONVERGED"
        out = Table(title=f"{process}  ({first['events']:,} events; {first['source']}){doubt}", title_justify="left")
        for name, justify in COLUMNS.items():
            out.add_column(name, justify=justify, overflow="fold")
        for row in rows.to_dict("records"):
            out.add_row(
                row["effect"],
                f"{row['estimate']:+.3f}",
                f"{row['sd']:.3f}",
                f"{row['sd'] / row['sd_naive']:.2f}",
                row["unit"],
                _published(row["published"], row["published_sd"]),
                row["compared_with"],
            )
        console.print(out)
    console.print(
        "sd is robust to dependence through states; sd / naive says how far it is from the sd of independent rows. "
        "All estimates are posterior modes of fits on the shipped panel."
    )


def _published(value: float, sd: float) -> str:
    if pd.isna(value):
        return ""
    return f"{value:+.3f}" + ("" if pd.isna(sd) else f" ({sd:.3f})")
