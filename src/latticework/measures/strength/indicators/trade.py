"""Trade: how much more the two depend on each other's trade than size and distance lead one to expect."""

import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Level
from latticework.measures.strength.indicators.base import LAST_QUARTER, Indicator, Reading, quarter_of
from latticework.measures.strength.indicators.institutions import centred
from latticework.types import Array, Float
from latticework.world import Panel

LEAST = 1e-4  # of a state's trade: what is smaller counts as this
FEWEST = 20  # partners with a known share, below which a state's year is too thin to compare


def beyond_gravity(share: Array, distance: Array, contiguity: Array) -> Float[np.ndarray, "t n n"]:
    """Mean log share of the two in each other's trade, less state-year effects, distance and contiguity.

    Structural gravity (Anderson and van Wincoop 2003, AER 93: 170-192): state-year effects stand for size and
    remoteness, so that the residual is what is special about the two.
    """
    given = np.asarray(share, np.float64)
    log = np.where(given > 0, np.log(np.maximum(given, LEAST)), np.nan)  # a zero is mostly a flow that nobody reported
    mutual = (log + np.swapaxes(log, 1, 2)) / 2
    thin = np.isfinite(mutual).sum(2) < FEWEST
    mutual[thin[:, :, None] | thin[:, None, :]] = np.nan
    known = np.isfinite(mutual) & np.isfinite(distance)
    away = np.where(known, np.log(np.maximum(distance, 50.0)), np.nan)
    near = np.where(known, np.asarray(contiguity) == 1, np.nan)
    left, *right = (centred(np.where(known, x, np.nan)) for x in (mutual, away, near))
    upper = known & np.triu(np.ones(known.shape[1:], bool), 1)
    design = np.stack([x[upper] for x in right], axis=1)
    weights = np.linalg.lstsq(design, left[upper], rcond=None)[0]
    return left - sum(w * x for w, x in zip(weights, right, strict=True))


def read(panel: Panel, dyads: Dyads) -> Reading:
    """The residual of each year's trade."""
    last = quarter_of(panel.dates) == LAST_QUARTER
    layers = (np.asarray(panel.world.dyad(n))[last] for n in ("trade_share", "distance", "contiguity"))
    value = np.full((len(panel.dates), len(dyads)), np.nan)
    value[last] = beyond_gravity(*layers)[:, dyads.first, dyads.second]
    return Reading(value)


TRADE = Indicator(
    "trade",
    "trade beyond size and distance",
    "economy",
    Level(freedom=4.0, lasting=False),
    0.5,
    ("trade_share", "distance", "contiguity"),
    read,
    pace="flow",
    alone=True,
)
