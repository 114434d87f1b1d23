"""Forecasts beside what happened: whether a number fell inside its band, whether an event came that had a chance."""

from typing import NamedTuple

import numpy as np
import pandas as pd

KEYS = ["kind", "quantity", "state", "partner", "date"]
SEEN = (*KEYS, "observed", "observed_lower", "observed_upper", "record_ends", "source")
COLUMNS = (*KEYS, "unit", "forecast", "lower", "upper", "observed", "observed_lower", "observed_upper", "inside")
COLUMNS += ("record_ends", "source")
CHANCE = "chance"
INFERRED = "weaker than today"  # what happened is itself an estimate: not counted among events


class Tally(NamedTuple):
    """How many numbers could be judged and lay inside, how many chances, what they add up to, what happened."""

    judged: int
    inside: int
    chances: int
    expected: float
    happened: int


def beside(forecast: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Each forecast of which the record was looked up, with what it says (columns: COLUMNS).

    `forecast` has the columns of `measures.outlook`, `seen` those of SEEN; `observed` is NaN where the record ends
    before. `inside` is 1 where a number lies in its 80 % band, 0 where it does not, NaN for chances and what is not
    known.
    """
    told = forecast.drop_duplicates(KEYS, keep="first").assign(forecast=lambda table: table["value"])
    found = seen.merge(told, on=KEYS, how="inner", validate="one_to_one")
    known = found["observed"].notna() & (found["unit"] != CHANCE)
    within = (found["lower"] <= found["observed"]) & (found["observed"] <= found["upper"])
    found["inside"] = np.where(known, within.astype(float), np.nan)
    return found[list(COLUMNS)]


def tally(found: pd.DataFrame) -> Tally:
    """What the table of `beside` adds up to: numbers of all dates; events by the last date, each once."""
    events = found[(found["unit"] == CHANCE) & found["observed"].notna() & (found["quantity"] != INFERRED)]
    events = events[events["date"] == events["date"].max()]
    judged = found["inside"].dropna()
    expected, happened = float(events["forecast"].sum()), int(events["observed"].sum())
    return Tally(len(judged), int(judged.sum()), len(events), expected, happened)
