"""Branches side by side: a few numbers of the hub and its allies at the end, each beside the first branch."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pandas as pd
import xarray as xr

from latticework.measures.chances import BAND, around_mean, monte_carlo_se, spread_by_draw
from latticework.measures.contrast import CLEAR
from latticework.measures.courses import draws_of
from latticework.types import Float, Int

RATE, TIMES = "a year", "times what is paid"
COLUMNS = (
    "branch",
    "quantity",
    "states",
    "unit",
    "value",
    "lower",
    "upper",
    "difference",
    "mc_se",
    "clear",
    "spread",
    "better",
    "origin",
)
HIGHER, LOWER, NEITHER = 1, -1, 0
RESPONSES = {  # layers that mechanisms move: what they are, their unit, and which way is good for the alliance
    "credibility": ("credibility of the hub", "log odds", HIGHER),
    "payment": ("payment for the hub's troops", TIMES, NEITHER),
    "opinion": ("approval of the hub", "points of percent", HIGHER),
    "grievance": ("grievance over trade and investment", "refusals", LOWER),
    "turn": ("turn to the rival", "0 to 1", LOWER),
}
Number = tuple[str, str, str, int, Float[np.ndarray, "b p"]]


def side_by_side(ensemble: xr.Dataset, hub: str, allies: Sequence[str], threats: Sequence[str]) -> pd.DataFrame:
    """Numbers of the hub and its allies at the end of every branch (columns: COLUMNS).

    `value` is the median over the paths with their 80 % band; of what is counted the mean, with the 80 % band of that
    mean over draws and Monte Carlo error. `difference` is the mean difference from the first branch, path by path;
    `mc_se` its Monte Carlo standard error, and `clear` whether the one exceeds the other twice; `spread` is the
    standard deviation of the first branch's paths, by which to judge the size of a difference. `better` is 1 where more
    is better for the alliance, -1 where less is, else 0.
    """
    names, draw = ensemble["branch"].values.tolist(), draws_of(ensemble)
    rows = []
    for quantity, states, unit, better, values in _numbers(ensemble, hub, tuple(allies), tuple(threats)):
        for b, branch in enumerate(names):
            apart = values[b] - values[0]
            value, low, high = _rate(values[b], draw) if unit == RATE else np.nanquantile(values[b], (0.5, *BAND))
            mean, se = float(np.nanmean(apart)), float(monte_carlo_se(apart, draw)) if b else 0.0
            clear = bool(b and abs(mean) > CLEAR * se)
            spread = float(np.nanstd(values[0]))
            rows.append((branch, quantity, states, unit, value, low, high, mean, se, clear, spread, better))
    return pd.DataFrame(rows, columns=list(COLUMNS[:-1])).assign(origin="estimated, assumed")


def _rate(values: Float[np.ndarray, "p"], draw: Int[np.ndarray, "p"]) -> tuple[float, float, float]:
    """How often something is expected, with its band."""
    mean = values.mean()
    lower, upper = around_mean(mean, spread_by_draw(values, draw), monte_carlo_se(values, draw))
    return float(mean), float(lower), float(upper)


def _numbers(ensemble: xr.Dataset, hub: str, allies: tuple[str, ...], threats: tuple[str, ...]) -> Iterator[Number]:
    end = ensemble.isel(time=-1)
    pairs = {_name(*pair) for pair in combinations((hub, *allies), 2)}
    if "tie_strength" in ensemble and pairs <= set(map(str, _labels(ensemble["tie_strength"]))) and pairs:
        ties = np.stack([_dyad(end["tie_strength"], *pair) for pair in combinations((hub, *allies), 2)])
        group = "-".join(sorted((hub, *allies)))
        yield "weakest tie among hub and allies", group, "0 to 100", HIGHER, ties.min(0)
        yield "mean tie among hub and allies", group, "0 to 100", HIGHER, ties.mean(0)
        for ally in allies:
            yield "tie with the hub", ally, "0 to 100", HIGHER, _dyad(end["tie_strength"], ally, hub)
    for ally in allies:
        yield "troops of the hub", ally, "persons", NEITHER, _dyad(end["troops"], hub, ally)
        apart = end["ideal_point"]
        yield (
            "distance from the hub in UN votes",
            ally,
            "ideal points",
            LOWER,
            np.abs(apart.sel(state=ally).values - apart.sel(state=hub).values),
        )
    met = [_begun(ensemble["dispute"], *pair) for pair in product((hub, *allies), threats)]
    if met:
        against = f"{'-'.join(sorted((hub, *allies)))} and {'-'.join(threats)}"
        yield "disputes with the rival and second threat", against, RATE, LOWER, np.sum(met, axis=0) / _years(ensemble)
    for layer, (what, unit, better) in RESPONSES.items():
        for ally in allies if layer in ensemble else ():
            values = end[layer].sel(state=ally).values.astype(float)
            yield what, ally, unit, better, np.exp(values) if unit == TIMES else values


def _name(a: str, b: str) -> str:
    return "-".join(sorted((a, b)))


def _labels(layer: xr.DataArray) -> np.ndarray:
    """The dyads of a layer: ties are measured of fewer than are simulated, and have an axis of their own."""
    return layer[layer.dims[-1]].values


def _dyad(layer: xr.DataArray, a: str, b: str) -> Float[np.ndarray, "b p"]:
    return layer.sel({layer.dims[-1]: _name(a, b)}).values.astype(float)


def _begun(layer: xr.DataArray, a: str, b: str) -> Float[np.ndarray, "b p"]:
    """How often a dispute of two states began on each path."""
    return (layer.sel(dyad=_name(a, b)) > 0).sum("time").values.astype(float)


def _years(ensemble: xr.Dataset) -> float:
    """Years from the baseline to the end."""
    days = ensemble["time"].values[-1].astype("datetime64[D]") - np.datetime64(str(ensemble.attrs["baseline"]), "D")
    return float(days.astype(int)) / 365.25
