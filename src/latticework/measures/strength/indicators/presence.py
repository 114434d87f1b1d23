"""Presence: whether a patron keeps troops in the other's country, and how many."""

import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Grade, Level
from latticework.measures.strength.indicators.base import LAST_QUARTER, Indicator, Reading, either, yearly
from latticework.types import Array, Float
from latticework.world import Panel

GARRISON = 100.0  # fewer are guards and attaches
FEW = 10.0  # the least of what can be left
COUNTING = 0.10  # sd of log troops from the ways of counting


def present(troops: Array) -> Float[np.ndarray, "..."]:
    """1 if there are at least a hundred, else 0; NaN where it is not known."""
    return np.where(np.isnan(troops), np.nan, troops >= GARRISON)


def _troops(panel: Panel, dyads: Dyads) -> Float[np.ndarray, "t d"]:
    return yearly(panel, either(panel.world.dyad("troops"), dyads))


def read_presence(panel: Panel, dyads: Dyads) -> Reading:
    """Whether there is a garrison at the end of each year."""
    return Reading(present(_troops(panel, dyads)))


def read_size(panel: Panel, dyads: Dyads) -> Reading:
    """The log size of the garrison at the end of each year, and of what is left at the end of the year it went."""
    troops = _troops(panel, dyads)
    there = np.nan_to_num(troops) >= GARRISON
    lately = there.copy()
    lately[LAST_QUARTER:] |= there[:-LAST_QUARTER]
    value = np.where(lately & np.isfinite(troops), np.log(np.maximum(np.nan_to_num(troops), FEW)), np.nan)
    return Reading(value, np.full(value.shape, COUNTING))


PRESENCE = Indicator(
    "garrison", "a garrison", "security", Grade(), 1.2, ("troops",), read_presence, patrons=("USA",), pace="stock"
)
SIZE = Indicator(
    "troops", "number of troops", "security", Level(), 1.0, ("troops",), read_size, patrons=("USA",), pace="stock"
)
