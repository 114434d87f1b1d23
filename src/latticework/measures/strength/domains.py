"""A tie by domains, and the band of a number that is made of the draws of several ties."""

import numpy as np
import pandas as pd

from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.smoother import QUARTERS
from latticework.measures.strength.summary import BAND, WINDOW, fell
from latticework.types import Bool, Float

RECORD = ("date", "state", "partner", "quantity", "unit", "value", "lower", "upper")
RECORD += ("probability", "probability_of", "draws", "origin")
ESTIMATED = "estimated"


def in_domains(draws: TieDraws, state: str, partner: str) -> Float[np.ndarray, "s t 3"]:
    """The strength of a tie in security, diplomacy and economy: u = (theta + factor of the domain) / sqrt(2).

    Strength and factors are independent with variance one, so u has variance one as well, and Phi(u) lies on the scale
    of tie strength. Where no layer of a domain has been read, its factor has the prior's wide band and u with it.
    """
    d = draws.of(state, partner)
    factor = np.repeat(draws.factor[..., d], QUARTERS, axis=1)[:, : draws.strength.shape[1]]
    return (draws.strength[:, :, d, None] + factor) / np.sqrt(2.0)


def banded(
    values: Float[np.ndarray, "s t"],
    dates: np.ndarray,
    there: Bool[np.ndarray, "t"],
    quantity: str,
    unit: str,
    rises: bool = True,
) -> pd.DataFrame:
    """A row per quarter (columns: RECORD less state and partner): median, 80 % band, chance of a rise or of a fall.

    The chance is that the number is above (below, unless `rises`) its value eight quarters before; NaN where it was
    not there then. Rows where it is not there are in the table, for the caller to leave out.
    """
    value, lower, upper = np.quantile(values, (0.5, *BAND), axis=0)
    change = fell(-values[..., None] if rises else values[..., None], there[:, None])[:, 0]
    columns = {"value": value, "lower": lower, "upper": upper, "probability": change}
    days = np.array([str(day)[:10] for day in dates.astype("datetime64[D]")], dtype=object)
    of = f"{'above' if rises else 'below'} its value {WINDOW} quarters before"
    labels = {"quantity": quantity, "unit": unit, "probability_of": of, "draws": len(values), "origin": ESTIMATED}
    return pd.DataFrame({"date": days} | {n: np.asarray(v, float) for n, v in columns.items()} | labels)
