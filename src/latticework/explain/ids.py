"""The id of a number says what it is, of whom, when and in which branch: `tie_strength:JPN-USA:2028:status-quo`."""

import re

import pandas as pd

from latticework.measures.courses import READ_OFF

SHORT = {
    "cut by a fifth or more": "troop_cut",
    "distance in UN votes": "un_distance",
    "leader leaves office": "leader_leaves",
    "weaker than today": "tie_weaker",
}
# The processes that a quantity is read off, and the layers of its first value.
PROCESSES = {
    "tie_strength": READ_OFF,
    "tie_weaker": READ_OFF,
    "weakest_link": READ_OFF,
    "mean_tie": READ_OFF,
    "agreement_ends": "agreement_end",
    "defence_obligation": "agreement_end",
    "un_distance": "alignment",
    "ideal_point": "alignment",
    "troops": "troop_change",
    "troop_cut": "troop_change",
    "leader_leaves": "leader_exit",
    "dispute": "dispute_onset",
    "disputes": "dispute_onset",
    "payment_for_the_hub_s_troops": "bargain",
    "credibility_of_the_hub": "credibility",
    "approval_of_the_hub": "opinion",
    "grievance_over_trade_and_investment": "grievance",
    "turn_to_the_rival": "hedging",
}
LAYERS = {
    "agreement_end": ("agreement", "defence"),
    "alignment": ("ideal_point",),
    "troop_change": ("troops",),
    "leader_exit": ("tenure",),
    "dispute_onset": ("rivalry", "contiguity", "distance"),
    "bargain": ("demand", "exit_threat", "crisis", "minority_government", "troops"),
    "credibility": ("exit_threat", "multilateral_exit", "threat_recognised", "defence_cooperation", "troops"),
    "opinion": ("public_pressure", "public_diplomacy", "joint_technology", "defence_cooperation"),
    "grievance": ("investment_refused", "tariff"),
    "hedging": ("patron_doubt", "threat_rise"),
}


def word(quantity: str) -> str:
    """A quantity as one word of an id."""
    return SHORT.get(quantity, re.sub(r"[^a-z0-9]+", "_", quantity.casefold()).strip("_"))


def unit_of(state: str, partner: str) -> str:
    """A state or a dyad, the two in alphabetical order."""
    return "-".join(sorted(end for end in (state, partner) if end))


def when(day: str) -> str:
    """A date, the end of a year by the year alone."""
    return day[:4] if day[5:10] == "12-31" else day[:10]


def number_id(quantity: str, unit: str, day: str, branch: str, against: str = "") -> str:
    """The id of a number of a branch, or of a difference: `dispute:CHN-TWN:2028:retreat-vs-status-quo`."""
    course = f"{branch}-vs-{against}" if against else branch
    return ":".join((word(quantity), unit, when(day), course))


def identified(table: pd.DataFrame, day: str = "") -> pd.DataFrame:
    """An outlook or a contrast, or numbers of groups of states (`states`) on one day, with the id of each row first."""
    if not len(table) or "id" in table:
        return table
    nothing = [""] * len(table)
    pairs = zip(table.get("state", nothing), table.get("partner", nothing), strict=True)
    units = table["states"] if "states" in table else [unit_of(*pair) for pair in pairs]
    days, against = table.get("date", [day] * len(table)), table.get("against", nothing)
    rows = zip(table["quantity"], units, days, table["branch"], against, strict=True)
    ids = [number_id(quantity, unit, str(when), branch, other) for quantity, unit, when, branch, other in rows]
    return pd.concat([pd.Series(ids, index=table.index, name="id", dtype=object), table], axis=1)
