"""Institutions: embassies in each other's capital, and seats in the same organisations."""

import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Grade, Level
from latticework.measures.strength.indicators.base import Indicator, Reading, yearly
from latticework.types import Array, Float
from latticework.world import Panel

FEW = 2.0


def centred(level: Array) -> Float[np.ndarray, "t n n"]:
    """A dyad layer less what its two states have with all others (double-centred): what is special about the two."""
    values = np.array(level, np.float64)
    values[:, np.arange(values.shape[1]), np.arange(values.shape[1])] = np.nan
    known = np.isfinite(values)
    count = np.maximum(known.sum(2), 1)
    mean = np.where(known, values, 0.0).sum(2) / count
    whole = (mean * count).sum(1, keepdims=True) / np.maximum(count.sum(1, keepdims=True), 1)
    return values - mean[:, :, None] - mean[:, None, :] + whole[:, :, None]


def read_exchange(panel: Panel, dyads: Dyads) -> Reading:
    """How many of the two are represented in the other's capital, in the years that were coded."""
    sent = np.asarray(panel.world.dyad("diplomatic_exchange"))
    return Reading(yearly(panel, sent[:, dyads.first, dyads.second] + sent[:, dyads.second, dyads.first]))


def read_seats(panel: Panel, dyads: Dyads) -> Reading:
    """Log of shared memberships over those expected from what both share with all others, at the end of each year.

    Expected are the product of the two states' means over the mean of all; two are added to both, so that states with
    hardly any membership are not told apart by one more or less.
    """
    shared = np.array(panel.world.dyad("shared_igos"), np.float64)
    known = np.isfinite(shared)
    count = np.maximum(known.sum(2), 1)
    mean = np.where(known, shared, 0.0).sum(2) / count
    whole = (mean * count).sum(1) / np.maximum(count.sum(1), 1)
    expected = mean[:, dyads.first] * mean[:, dyads.second] / np.maximum(whole, 1.0)[:, None]
    return Reading(yearly(panel, np.log((shared[:, dyads.first, dyads.second] + FEW) / (expected + FEW))))


EXCHANGE = Indicator(
    "embassies",
    "embassies",
    "diplomacy",
    Grade((-1.0, 0.0)),
    0.6,
    ("diplomatic_exchange",),
    read_exchange,
    pace="stock",
)
SEATS = Indicator(
    "organisations",
    "shared organisations",
    "diplomacy",
    Level(freedom=4.0),
    0.25,
    ("shared_igos",),
    read_seats,
    pace="stock",
)
