"""Skill in words: a verdict on a record, and a sentence beside a forecast."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from latticework.evaluate.targets import TARGETS

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
        f"Backtest, {what}, {said(horizon)}: {hardest['score']} skill {words} beside the hardest "
        f"baseline ({hardest['baseline']}); {verdict(hardest)}."
    )


def said(horizon: str) -> str:
    """A horizon in words."""
    return f"{'quarter' if horizon[0] == 'q' else 'year'} {horizon[1:]} ahead"
