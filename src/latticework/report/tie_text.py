"""One sentence says how strong a tie is, how sure that is, what holds it up or down, and where it went lately.

Nothing in it is typed but words: every number comes from the frames, and what is too small to matter is not named.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.summary import WINDOW, score
from latticework.report.numbers import by_year, chance, decimal, joined, the
from latticework.report.tie_breaks import LIKELY
from latticework.report.tie_result import STANDING

NAMED = 0.1  # sd: what adds less is not named
MOST = 3  # layers named on each side
OUTER = 0.25  # of the network: beyond, a tie is among the strongest or the weakest
FEW = 20  # dyads, below which no rank is told
CLEAR, PROBABLE = 0.9, 0.8  # chances from which a tie fell, or probably fell
APART = 1.0  # sd between security and diplomacy from which they conflict
LESS_SURE, AGO = 1.5, 20  # how many times the smallest sd of so many years
STALE = 2  # years without a reading from which that is told

# What a layer is called in a sentence, whichever way it speaks.
WORDS = {
    "treaty": "what treaties promise",
    "garrison": "the record of garrisons",
    "troops": "the number of troops",
    "exercises": "the number of joint exercises",
    "disputes": "the record of disputes",
    "conflict": "the record of armed conflict",
    "votes": "votes in the UN",
    "visits": "the number of visits by president and secretary of state",
    "embassies": "the record of embassies",
    "organisations": "the number of shared organisations",
    "trade": "trade for its size and distance",
}
PLAIN = {i.name: i.title for i in INDICATORS}


def sentence(
    ties: pd.DataFrame,
    layers: pd.DataFrame,
    network: pd.DataFrame,
    names: Mapping[str, str],
    ends: Mapping[str, str] | None = None,
    draws: int | None = None,
) -> str:
    """How strong a tie is at its last date and why, in one sentence.

    `ties` and `layers` are the rows of one dyad, in order of time, with the columns of the shipped files; `network` the
    rows of all dyads at that date (empty: the tie is not ranked); `names` the states' names by code. `ends`, if known,
    is the date of the last reading of each layer, and `draws` the number of draws behind the chances.
    """
    last = ties.iloc[-1]
    parts = [
        _value(last, network, names),
        _layers(layers, str(last["date"])),
        _conflict(last),
        _course(ties, draws),
        _broken(last, draws),
        _doubt(ties, ends or {}),
    ]
    return "; ".join(part for part in parts if part) + "."


def title(ties: pd.DataFrame, names: Mapping[str, str]) -> str:
    """The two states, the score and its band at the last date."""
    return _value(ties.iloc[-1], pd.DataFrame(), names)


def pair(state: str, partner: str, names: Mapping[str, str]) -> str:
    """The two states as a sentence begins: The Philippines and the United States."""
    both = f"{the(names.get(state, state))} and {the(names.get(partner, partner))}"
    return both[0].upper() + both[1:]


def points(value: float) -> str:
    """A score as a whole number that never says nothing or all: 7, <1, >99."""
    return "<1" if value <= 0.5 else ">99" if value >= 99.5 else f"{value:.0f}"


def _value(last: pd.Series, network: pd.DataFrame, names: Mapping[str, str]) -> str:
    who = pair(str(last["state"]), str(last["partner"]), names)
    ranked = _rank(float(last["value"]), network)
    return f"{who}, {by_year(str(last['date']))}: {points(last['value'])} of 100 (80 % {_between(last)}){ranked}"


def _between(last: pd.Series) -> str:
    lower, upper = points(last["lower"]), points(last["upper"])
    if lower == upper:
        return f"above {lower[1:]}" if lower[0] == ">" else f"below {upper[1:]}" if upper[0] == "<" else f"at {lower}"
    return f"between {lower} and {upper}"


def _rank(value: float, network: pd.DataFrame) -> str:
    others = network["value"].dropna() if len(network) else pd.Series(dtype=float)
    if len(others) < FEW:
        return ""
    above, below = float((others >= value).mean()), float((others <= value).mean())
    for share, side in ((above, "strongest"), (below, "weakest")):
        if share <= OUTER:
            return f", among the {side} {max(math.ceil(100 * share), 1)} % of {len(others):,} dyads"
    return f", stronger than {math.floor(100 * float((others < value).mean()))} % of {len(others):,} dyads"


def _layers(layers: pd.DataFrame, date: str) -> str:
    """What holds the tie above and below its long-run level, largest first."""
    known = layers[layers["date"] <= date]
    if known.empty:
        return ""
    now = known[known["date"] == known["date"].max()].set_index("layer")["added"].dropna()
    level = f" of {points(float(score(np.array([now[STANDING]]))[0]))}" if STANDING in now else ""
    moved = now.drop(STANDING, errors="ignore")
    moved = moved[moved.abs() >= NAMED].sort_values(key=abs, ascending=False)
    up, down = (
        _some([WORDS.get(str(k), PLAIN.get(str(k), str(k))) for k in moved[moved * side > 0].index]) for side in (1, -1)
    )
    around = f"its long-run level{level}"
    if not up and not down:
        return f"no layer moves it far from {around}"
    held = [f"held up by {up}" if up else "", f"held down by {down}" if down else ""]
    alone = "nothing speaks against it" if not down else "nothing speaks for it" if not up else ""
    return f"from {around} " + ", ".join(filter(None, [*held, alone]))


def _some(words: Sequence[str]) -> str:
    more = len(words) - MOST
    shown = [*words[:MOST], f"{more} more"] if more > 1 else words
    return joined(list(shown))


def _conflict(last: pd.Series) -> str:
    gap = float(last["security"]) - float(last["diplomacy"])
    if not abs(gap) > APART:
        return ""
    high, low = ("security", "diplomacy") if gap > 0 else ("diplomacy", "security")
    return f"its domains conflict: {high} stands {decimal(abs(gap))} sd above {low}"


def _course(ties: pd.DataFrame, draws: int | None) -> str:
    """Where the tie went in two years, said as surely as the chance of a fall allows."""
    fell = float(ties["fell"].iloc[-1])
    if math.isnan(fell) or len(ties) <= WINDOW:
        return "too young to be compared with two years before"
    moved = abs(float(ties["value"].iloc[-1] - ties["value"].iloc[-1 - WINDOW]))
    size = "by less than a point" if moved < 1 else f"by {moved:.0f} point{'s' if round(moved) != 1 else ''}"
    odds = f"(chance of a fall {chance(fell, draws)})"
    for sure, how in ((CLEAR, ""), (PROBABLE, "probably ")):
        if max(fell, 1 - fell) >= sure:
            return f"it {how}{'fell' if fell > 1 - fell else 'rose'} {size} in two years {odds}"
    return f"no clear change in two years {odds}"


def _broken(last: pd.Series, draws: int | None) -> str:
    broke = float(last["broke"])
    return f"a break in the last four quarters is likely ({chance(broke, draws)})" if broke >= LIKELY else ""


def _doubt(ties: pd.DataFrame, ends: Mapping[str, str]) -> str:
    """Since when the band has widened, and which layers have had no reading since."""
    now = ties.iloc[-1]
    year = int(str(now["date"])[:4])
    lately = ties[(ties["date"] >= str(year - AGO)) & ties["date"].str.endswith("12-31")]
    if lately.empty:
        return ""
    best = lately.iloc[int(lately["sd"].argmin())]
    if float(now["sd"]) < LESS_SURE * float(best["sd"]):
        return ""
    silent = sorted((day, layer) for layer, day in ends.items() if best["date"] <= day and int(day[:4]) < year - STALE)
    why = joined([f"{PLAIN.get(layer, layer)} (last read {day[:4]})" for day, layer in silent])
    less = f"less sure than {by_year(str(best['date']))} (sd {decimal(now['sd'])}, then {decimal(best['sd'])})"
    return less + (f", without new readings of {why}" if why else "")
