"""Contacts: how often forces exercise together and how often the patron's leaders come."""

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Count
from latticework.measures.strength.indicators.base import Indicator, Reading, either
from latticework.world import Panel


def read_exercises(panel: Panel, dyads: Dyads) -> Reading:
    """Joint exercises that began in the quarter."""
    return Reading(either(panel.world.dyad("exercise"), dyads))


def read_visits(panel: Panel, dyads: Dyads) -> Reading:
    """Visits of the president and of the secretary of state that began in the quarter; NaN once either list ends."""
    return Reading(
        either(panel.world.dyad("visit_president"), dyads) + either(panel.world.dyad("visit_secretary"), dyads)
    )


EXERCISES = Indicator("exercises", "joint exercises", "security", Count(), 1.2, ("exercise",), read_exercises)
VISITS = Indicator(
    "visits",
    "visits of president and secretary of state",
    "diplomacy",
    Count(),
    0.6,
    ("visit_president", "visit_secretary"),
    read_visits,
    patrons=("USA",),
)
