"""Skill on a terminal: every target beside every baseline, with its interval and a verdict."""

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from latticework.report.emit import terminal
from latticework.report.skill import verdict

HEADLINES = ("Brier", "CRPS", "PR-AUC")


def print_skill(table: pd.DataFrame, all_blocks: bool = False, console: Console | None = None) -> None:
    """Print the skill of every target beside every baseline, with its interval and a verdict."""
    console = console or terminal()
    shown = table if all_blocks else table[table["block"] == "all"]
    shown = shown[shown["score"].isin(list(HEADLINES))]
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("target", "ahead", "score", "value", "beside", "skill", "90 % interval", "n", "events", "verdict"):
        out.add_column(name, justify="right" if name in ("value", "skill", "n", "events") else "left", overflow="fold")
    for row in shown.to_dict("records"):
        block = "" if row["block"] == "all" else f", {row['block']}"
        out.add_row(
            f"{row['target']}{block}",
            row["horizon"],
            row["score"],
            f"{row['value']:.4g}",
            row["baseline"],
            "" if np.isnan(row["skill"]) else f"{row['skill']:.3f}",
            "" if np.isnan(row["lower"]) else f"{row['lower']:.3f} to {row['upper']:.3f}",
            f"{row['n']:,}",
            f"{row['events']:,}",
            verdict(row),
        )
    console.print(out)
    console.print(
        "\nSkill is 1 less the ratio of losses (of PR-AUC: the share of the way to 1). Intervals resample years and "
        "states. y1 is the first year after the origin, q1 its first quarter.",
        highlight=False,
    )
