"""How often tie strength moved by half a standard deviation within a year, as the shipped files have it."""

from pathlib import Path

import numpy as np
import pandas as pd

from latticework.actions.strength import HOME, shipped_ties
from latticework.data.states import CODES
from latticework.evaluate.record import HUB

STEP = 0.5
FIRST, LAST = 1990, 2022


def strength_moves(folder: Path = HOME) -> pd.DataFrame:
    """A row for the ties of the hub and one for all: `ties`, `n` (years of ties), `falls`, `rises`, `sd`.

    Years are from one year's end, of FIRST to LAST, to the next. `sd` is the mean posterior sd of a strength.
    """
    table = shipped_ties(dates=[f"{year}-12-31" for year in range(FIRST, LAST + 2)], folder=folder)
    table = table.assign(year=table["date"].str[:4].astype(int))
    after = table.assign(year=table["year"] - 1)
    both = table.merge(after, on=["state", "partner", "year"], suffixes=("", "_after"))
    moved = (both["strength_after"] - both["strength"]).to_numpy(float)
    hub = ((both["state"] == CODES[HUB]) | (both["partner"] == CODES[HUB])).to_numpy()
    rows = []
    for whose, kept in (("hub", hub), ("all", np.full(len(both), True))):
        known = kept & np.isfinite(moved)
        rows.append(
            {
                "whose": whose,
                "ties": len(both.loc[known, ["state", "partner"]].drop_duplicates()),
                "n": int(known.sum()),
                "falls": int((moved[known] < -STEP).sum()),
                "rises": int((moved[known] > STEP).sum()),
                "sd": float(both.loc[known, "sd"].mean()),
            }
        )
    return pd.DataFrame(rows)
