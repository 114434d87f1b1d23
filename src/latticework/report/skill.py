"""Skill in words: a verdict on a record, and a sentence beside a forecast."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from latticework.evaluate.targets import TARGETS
from latticework.report.numbers import MINUS

SCORED = ("Brier", "CRPS")
HORIZONS = ("y1", "y3")  # a run has four years: what holds for the first need not for the others
QUANTITIES = {  # of the outlook, and the target that says how well it is forecast
    "leader leaves office": "leader-change",
    "dispute": "dispute",
    "agreement ends": "agreement-ends",
    "troops": "troops-halved",
    "distance in UN votes": "ideal-point",
    "defence effort": "defence-effort",
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
    """A sentence on how well a quantity of the outlook was forecast in the backtest; empty where nothing was."""
    if quantity not in QUANTITIES or table.empty:
        return ""
    target = QUANTITIES[quantity]
    title = TARGETS[target].title
    told = [part for horizon in HORIZONS if (part := _beside_the_hardest(table, target, horizon))]
    return f"Backtest, {title[0].lower()}{title[1:]}, beside the hardest baseline: {'; '.join(told)}." if told else ""


def _beside_the_hardest(table: pd.DataFrame, target: str, horizon: str) -> str:
    """The skill of a target at a horizon beside the baseline that leaves it least; empty where nothing was scored."""
    mine = (table["target"] == target) & (table["horizon"] == horizon) & (table["block"] == "all")
    rows = [row for row in table[mine].to_dict("records") if row["score"] in SCORED]
    rows = [row for row in rows if not np.isnan(row["skill"])]
    if not rows:
        return ""
    hardest = min(rows, key=lambda row: float(row["skill"]))
    skill, lower, upper = (_percent(float(hardest[name])) for name in ("skill", "lower", "upper"))
    return f"{said(horizon)} {hardest['score']} skill {skill} ({lower} to {upper}), {verdict(hardest)}"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %").replace("-", MINUS)


def said(horizon: str) -> str:
    """A horizon in words."""
    return f"{'quarter' if horizon[0] == 'q' else 'year'} {horizon[1:]} ahead"
