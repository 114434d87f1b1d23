"""Votes: how far apart the two stand in the United Nations, beyond how far the patron stands from everybody."""

import numpy as np

from latticework.measures.strength.dyads import HUBS, Dyads
from latticework.measures.strength.families import Level
from latticework.measures.strength.indicators.base import Indicator, Reading, yearly
from latticework.types import Array, Float
from latticework.world import Panel


def usual_distance(points: Array) -> Float[np.ndarray, "t n"]:
    """The median distance of each state to all others that vote; NaN for one that does not."""
    apart = np.abs(points[:, :, None] - points[:, None, :]).astype(np.float64)
    apart[:, np.arange(points.shape[1]), np.arange(points.shape[1])] = np.nan
    known = np.asarray(np.isfinite(apart).any(-1))
    return np.where(known, np.nanmedian(np.where(known[..., None], apart, 0.0), -1), np.nan)


def excess(points: Array, usual: Array, dyads: Dyads) -> Float[np.ndarray, "t d"]:
    """The distance of the two less the patron's median distance to all; without a patron, less the mean of both."""
    apart = np.abs(points[:, dyads.first] - points[:, dyads.second])
    hub = np.array([dyads.codes.index(h) if h in dyads.codes else 0 for h in (*HUBS, dyads.codes[0])])[dyads.patron]
    both = (usual[:, dyads.first] + usual[:, dyads.second]) / 2
    return apart - np.where(dyads.patron < len(HUBS), usual[:, hub], both)


def read(panel: Panel, dyads: Dyads) -> Reading:
    """The excess distance of each autumn's session, with the posterior sd of both ideal points."""
    points, sd = (np.asarray(panel.world.state(n), np.float64) for n in ("ideal_point", "ideal_point_sd"))
    away = yearly(panel, excess(points, usual_distance(points), dyads))
    doubt = np.sqrt(sd[:, dyads.first] ** 2 + sd[:, dyads.second] ** 2)
    known = np.isfinite(away) & np.isfinite(doubt)
    return Reading(np.where(known, away, np.nan), np.where(known, doubt, 0.0))


VOTES = Indicator(
    "votes",
    "distance in UN votes",
    "diplomacy",
    Level(freedom=10.0),
    -0.9,
    ("ideal_point", "ideal_point_sd"),
    read,
    pace="stock",
)
