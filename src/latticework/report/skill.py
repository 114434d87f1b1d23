"""Skill in words and numbers: for a terminal, and beside a forecast."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from latticework.evaluate.targets import TARGETS
from latticework.report.emit import terminal
from latticework.report.numbers import DASH

HEADLINES = ("Brier", "CRPS", "PR-AUC")
SCORED = ("Brier", "CRPS")
QUANTITIES = {  # of the outlook, and the target and horizon that say how well it is forecast
    "leader leaves office": ("leader-change", "y1"),
    "dispute": ("dispute", "y1"),
    "agreement ends": ("agreement-ends", "y1"),
    "troops": ("troops-halved", "y3"),
    "distance in UN votes": ("ideal-point", "y3"),
    "defence effort": ("defence-effort", "y3"),
}


def verdict(row: Mapping[Hashable, object]) -> str:
    """In plain words: does the model beat the baseline?"""
    skill, lower, upper = (float(str(row[name])) for name in ("skill", "lower", "upper"))
    name = str(row["baseline"])
    if np.isnan(skill):
        return "too few events to say"
    if lower > 0:
        return f"beats {name}"
    if upper < 0 or skill <= 0:
        return f"does not beat {name}"
    return f"not shown to beat {name}"


def skill_of(quantity: str, table: pd.DataFrame) -> str:
    """One sentence on how well a quantity of the outlook was forecast in the backtest; empty where nothing was."""
    if quantity not in QUANTITIES or table.empty:
        return ""
    target, horizon = QUANTITIES[quantity]
    mine = (table["target"] == target) & (table["horizon"] == horizon) & (table["block"] == "all")
    rows = [row for row in table[mine].to_dict("records") if row["score"] in SCORED]
    rows = [row for row in rows if not np.isnan(row["skill"])]
    if not rows:
        return ""
    hardest = min(rows, key=lambda row: float(row["skill"]))
    words = f"{hardest['skill']:.0%} ({hardest['lower']:.0%} to {hardest['upper']:.0%})"
    what = TARGETS[target].title[0].lower() + TARGETS[target].title[1:]
    return (
        f"Backtest 1990{DASH}2018, {what}, {said(horizon)}: {hardest['score']} skill {words} beside the hardest "
        f"baseline ({hardest['baseline']}); {verdict(hardest)}."
    )


def said(horizon: str) -> str:
    """A horizon in words."""
    return f"{'quarter' if horizon[0] == 'q' else 'year'} {horizon[1:]} ahead"


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
