"""What allies that were asked to pay more come to pay: when the two settle, and for how much."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from latticework.measures.chances import BAND, around, monte_carlo_se, spread_by_draw
from latticework.measures.contrast import CLEAR
from latticework.measures.courses import draws_of
from latticework.types import Bool, Float

SETTLED, PAID, SHARE = "settled", "payment", "share of what was asked"
COLUMNS = ("branch", "state", "quantity", "unit", "value", "lower", "upper", "difference", "mc_se", "clear", "paths")
Asked = Mapping[str, float]


def burden(ensemble: xr.Dataset, asked: Mapping[str, Asked]) -> pd.DataFrame:
    """Settlements by branch and ally at the end (columns: COLUMNS); empty where nothing is asked or nothing simulated.

    `asked` has, by branch and ally, the payment asked over what is paid (above 1). "settled" is the share of paths on
    which the two have settled with its 80 % band; "payment" the payment over what was paid, "share of what was asked"
    the part of the rise that was asked which is paid: median and 80 % band of the `paths` that settled. `difference` is
    the mean difference from the first branch that asks the ally, over paths that settled in both, and `clear` whether
    it exceeds twice its paired Monte Carlo standard error `mc_se`.
    """
    rows, draw = [], draws_of(ensemble)
    if "payment" not in ensemble:
        return pd.DataFrame(columns=list(COLUMNS))
    paid = ensemble["payment"].isel(time=-1)
    ended = (ensemble["settled"] > 0).any("time")
    first: dict[str, np.ndarray] = {}
    for branch, allies in asked.items():
        for ally, ratio in allies.items():
            done = ended.sel(branch=branch, state=ally).values
            pays = np.where(done, np.exp(paid.sel(branch=branch, state=ally).values.astype(float)), np.nan)
            base = first.setdefault(ally, pays)
            rows.append((branch, ally, SETTLED, "chance", *_share(done, draw), *_none(3), len(done)))
            rows.append((branch, ally, PAID, "times what was paid", *_told(pays, base, draw), int(done.sum())))
            shares = [(values - 1) / (ratio - 1) for values in (pays, base)]
            rows.append((branch, ally, SHARE, "share", *_told(shares[0], shares[1], draw), int(done.sum())))
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(origin="estimated, assumed")


def _share(done: Bool[np.ndarray, "p"], draw: np.ndarray) -> tuple[float, float, float]:
    """On which share of the paths the two have settled, with its band."""
    share = done.mean()
    lower, upper = around(share, spread_by_draw(done, draw), monte_carlo_se(done, draw), len(done))
    return float(share), float(lower), float(upper)


def _none(count: int) -> tuple[object, ...]:
    return (*[np.nan] * (count - 1), False)


def _told(values: Float[np.ndarray, "p"], base: Float[np.ndarray, "p"], draw: np.ndarray) -> tuple[object, ...]:
    """Median, band, mean difference from the base, its error, and whether it is clear; NaN where nobody settled."""
    both = np.isfinite(values) & np.isfinite(base)
    if not np.isfinite(values).any() or not both.any():
        return np.nan, *_none(5)
    apart = (values - base)[both]
    mean, error = float(apart.mean()), float(monte_carlo_se(apart, draw[both]))
    middle, low, high = np.nanquantile(values, (0.5, *BAND))
    return middle, low, high, mean, error, bool(abs(mean) > CLEAR * error and mean != 0)
