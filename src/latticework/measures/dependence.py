"""Dependence is the share of a state's trade that is with a partner: observed where it is, else carried by the tie.

A share moves on the scale of its log odds: a flow that grows by a tenth, the others as they are, adds the log of 1.1 to
them, and no share leaves 0 to 1. They move with what the item of trade says of the tie: strength and the economy's
factor times their loadings, and the own deviation of the dyad, which fades as the item's does. Its shocks have the size
that the state's own past shares show; the item's are those of all dyads, most of them small and noisy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.domains import ESTIMATED, RECORD
from latticework.measures.strength.dyads import patrons
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.indicators.trade import LEAST, TRADE
from latticework.measures.strength.items import Item
from latticework.measures.strength.posterior import Shared
from latticework.measures.strength.readings import eras_of
from latticework.measures.strength.smoother import QUARTERS
from latticework.measures.strength.summary import BAND, WINDOW
from latticework.types import Float

QUANTITY, UNIT = "dependence", "share of the state's trade, 0 to 1"
OBSERVED = "observed"
LAG = 5  # years over which the pace of shares is read
INSIDE = BAND[1] - BAND[0]
REPEATS = 10  # futures of the own deviation for every draw of the tie
YEARS = WINDOW // QUARTERS
MOST = 1 - 1e-4


@dataclass(frozen=True)
class Trade:
    """What is known of a state's trade with its partners, by years: shares, readings of the item of trade.

    `share` is NaN where it is not known; `reading` is the item's, log share of both beyond size and distance. `error`
    is the sd of the log odds of an observed share, `pace` that of their shocks in a year.
    """

    share: Float[np.ndarray, "y k"]
    reading: Float[np.ndarray, "y k"]
    error: float
    pace: float


def odds(share: Float[np.ndarray, "*y"]) -> Float[np.ndarray, "*y"]:
    """The log odds of a share; a zero counts as the least share that the item of trade knows."""
    return logit(np.clip(share, LEAST, MOST))


def source_error(share: Float[np.ndarray, "k"], other: Float[np.ndarray, "k"]) -> float:
    """The sd of the log odds of a state's shares: how far two sources of one year are apart, over sqrt(2).

    The mean square is weighted by the shares, so that the large flows count, which are the better known. NaN where
    no share is known from both.
    """
    both = (share > 0) & (other > 0)
    if not both.any():
        return float("nan")
    apart, weight = odds(share[both]) - odds(other[both]), (share + other)[both]
    return float(np.sqrt((weight * apart**2).sum() / weight.sum() / 2))


def pace_of(share: Float[np.ndarray, "y k"]) -> float:
    """The sd of a year's shocks to the log odds of some shares, from their moves over LAG years.

    Weighted by size, 80 % of the shares moved by less than a normal of this sd would in as many years; NaN if none is
    known twice. A quantile, as single years have errors of record, and LAG years, as most of these are gone by then.
    """
    log = np.where(share > 0, odds(share), np.nan)
    apart, weight = np.abs(log[LAG:] - log[:-LAG]), share[LAG:] + share[:-LAG]
    known = np.isfinite(apart)
    if not known.any():
        return float("nan")
    order = np.argsort(apart[known])
    below = weight[known][order].cumsum() / weight[known].sum()
    return float(np.interp(INSIDE, below, apart[known][order]) / ndtri((1 + INSIDE) / 2) / np.sqrt(LAG))


def dependence(
    draws: TieDraws, shared: Shared, state: str, partners: Sequence[str], trade: Trade, seed: int = 1
) -> pd.DataFrame:
    """The dependence of a state on each of some partners at the end of every year (columns: RECORD).

    Where the share is observed it is the value, and the band is that of two sources of one figure; errors of different
    years are taken as independent, which makes the chance of a rise over two years cautious. After the first observed
    share every other year is estimated: carried on from the last observed share, and towards the next if there is one.
    Years in which one of the two does not exist have no row.
    """
    rng = np.random.default_rng(seed)
    days = draws.dates[QUARTERS - 1 :: QUARTERS].astype("datetime64[D]").astype(str)
    tables = []
    for k, partner in enumerate(partners):
        share, d = trade.share[:, k], draws.of(state, partner)
        alive = draws.alive[QUARTERS - 1 :: QUARTERS, d]
        moves = moved(rng, draws, shared, (state, partner), trade.reading[:, k], trade.pace)
        paths = carried(rng, share, moves, trade.error)
        tables.append(_records(paths, share, alive, days).assign(state=state, partner=partner))
    return pd.concat(tables, ignore_index=True)[list(RECORD)]


def _records(paths: np.ndarray, share: np.ndarray, alive: np.ndarray, days: np.ndarray) -> pd.DataFrame:
    known, there = np.isfinite(share), alive & np.isfinite(paths).all(0)
    value, lower, upper = np.quantile(paths, (0.5, *BAND), axis=0)
    rise = np.full(len(share), np.nan)
    rise[YEARS:] = np.where(there[YEARS:] & there[:-YEARS], (paths[:, YEARS:] > paths[:, :-YEARS]).mean(0), np.nan)
    columns = {
        "date": days.astype(object),
        "quantity": QUANTITY,
        "unit": UNIT,
        "value": np.where(known, share, value),
        "lower": lower,
        "upper": upper,
        "probability": rise,
        "probability_of": f"above its value {WINDOW} quarters before",
        "draws": len(paths) // REPEATS,
        "origin": np.where(known, OBSERVED, ESTIMATED).astype(object),
    }
    return pd.DataFrame(columns)[there]


def carried(
    rng: np.random.Generator, share: Float[np.ndarray, "y"], moves: Float[np.ndarray, "s y"], error: float
) -> Float[np.ndarray, "s y"]:
    """Draws of a share: observed ones with their error, between and after them moved by `moves` (log odds).

    A stretch between two observed years follows from the first, and is bent to the second by the regression of each
    year on it over the draws (Matheron's rule). Before the first all is NaN. An observed zero is a zero.
    """
    known = np.flatnonzero(np.isfinite(share))
    out = np.full(moves.shape, np.nan)
    out[:, known] = odds(share[known]) + error * rng.standard_normal((len(moves), len(known)))
    for a, b in zip(known, [*known[1:], len(share)], strict=True):
        path = out[:, [a]] + moves[:, a + 1 : b + 1] - moves[:, [a]]
        if b < len(share):
            miss, last = out[:, b] - path[:, -1], path[:, -1] - path[:, -1].mean()
            path += miss[:, None] * (last @ (path - path.mean(0)) / np.maximum(last @ last, 1e-12))
        inside = slice(a + 1, b)
        out[:, inside] = path[:, : b - a - 1]
    paths = expit(out)
    paths[:, known[share[known] == 0]] = 0.0
    return paths


def moved(
    rng: np.random.Generator,
    draws: TieDraws,
    shared: Shared,
    pair: tuple[str, str],
    reading: Float[np.ndarray, "y"],
    pace: float,
) -> Float[np.ndarray, "s y"]:
    """The course of a share's log odds up to a constant: REPEATS own deviations for every draw of the tie."""
    d, (mean, sd) = draws.of(*pair), shared.units[TRADE.name]
    (patron,) = patrons(sorted(pair), np.array([0]), np.array([1]))
    era = eras_of(draws.dates[QUARTERS - 1 :: QUARTERS])
    yearly = draws.strength[:, :, d].reshape(len(draws.strength), -1, QUARTERS).mean(2)
    economy = draws.factor[:, :, TRADE.domain_index, d]
    courses = []
    for draw, strength, factor in zip(shared.draws, yearly, economy, strict=True):
        item = draw.items[INDICATORS.index(TRADE)]
        tie = item.loading[patron] * (draw.centre + draw.spread * strength) + item.specific * factor
        seen = (reading - mean) / sd - item.intercept[era] - item.offset[patron] - tie
        courses.append(sd * (tie + own_course(rng, item, seen, pace / sd)))
    return np.concatenate(courses)


def own_course(
    rng: np.random.Generator, item: Item, seen: Float[np.ndarray, "y"], pace: float
) -> Float[np.ndarray, "r y"]:
    """The own deviation in REPEATS draws: as `seen` where it is, else from the year before by the item's persistence.

    What was never seen begins with the item's spread.
    """
    spread, rho = float(np.exp(item.scale[-2])), float(expit(item.scale[-1]))
    noise = rng.standard_normal((len(seen), REPEATS))
    own = np.zeros((len(seen), REPEATS))
    for y, deviation in enumerate(seen):
        carried_on = spread * noise[y] if y == 0 else rho * own[y - 1] + pace * noise[y]
        own[y] = deviation if np.isfinite(deviation) else carried_on
    return own.T
