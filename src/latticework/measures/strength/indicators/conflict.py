"""Conflict: disputes that began between the two, and war with the other or against it."""

import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Grade, Onset
from latticework.measures.strength.indicators.base import Indicator, Reading, either, yearly
from latticework.world import Panel


def read_disputes(panel: Panel, dyads: Dyads) -> Reading:
    """Whether a militarised dispute began in the quarter."""
    return Reading(either(panel.world.dyad("dispute"), dyads))


def read_conflict(panel: Panel, dyads: Dyads) -> Reading:
    """Whether the two were in armed conflict with each other in the year, read at its end."""
    level = either(panel.world.dyad("interstate_conflict"), dyads)
    return Reading(yearly(panel, np.where(np.isnan(level), np.nan, level > 0)))


DISPUTES = Indicator(
    "disputes", "militarised disputes", "security", Onset(), -1.2, ("dispute",), read_disputes, opportunity=True
)
CONFLICT = Indicator(
    "conflict",
    "armed conflict",
    "security",
    Grade(least_own=0.5),
    -2.0,
    ("interstate_conflict",),
    read_conflict,
    opportunity=True,
    pace="stock",
)
