"""Where allies stand by choice at the end: with the hub, with neither, or with the rival."""

from collections.abc import Sequence

import pandas as pd
import xarray as xr

from latticework.measures.chances import mean_of_chances, monte_carlo_se
from latticework.measures.contrast import CLEAR
from latticework.measures.courses import draws_of

CHANCES = {"balance": "balance_chance", "hedge": "hedge_chance", "bandwagon": "bandwagon_chance"}
COLUMNS = ("branch", "state", "stance", "value", "lower", "upper", "difference", "mc_se", "clear")


def stances(ensemble: xr.Dataset, allies: Sequence[str]) -> pd.DataFrame:
    """The chance that an ally that thinks it over at the end balances, hedges or bandwagons (columns: COLUMNS).

    `value` is the mean over paths of what the law of choice gives, with the 80 % band of that mean over draws and
    Monte Carlo error; `difference` is the mean difference from the first branch on the same random numbers, and `clear`
    whether it exceeds twice its Monte Carlo standard error `mc_se`. Empty where no choice is simulated.
    """
    if not set(CHANCES.values()) <= set(ensemble):
        return pd.DataFrame(columns=list(COLUMNS))
    end, draw, rows = ensemble.isel(time=-1), draws_of(ensemble), []
    for ally in allies:
        for stance, layer in CHANCES.items():
            values = end[layer].sel(state=ally).values.astype(float)
            for b, branch in enumerate(ensemble["branch"].values.tolist()):
                apart = values[b] - values[0]
                mean, error = float(apart.mean()), float(monte_carlo_se(apart, draw)) if b else 0.0
                clear = bool(b and abs(mean) > CLEAR * error)
                rows.append((branch, ally, stance, *mean_of_chances(values[b], draw), mean, error, clear))
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(origin="estimated, assumed")
