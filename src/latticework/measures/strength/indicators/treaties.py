"""Treaties: what the two have promised each other, from nothing to a defence prepared together in peace."""

import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Grade
from latticework.measures.strength.indicators.base import Indicator, Reading, either, yearly
from latticework.types import Array, Float
from latticework.world import Panel

GRADES = ("none", "a pact of many", "a pact of the two", "defence", "integrated defence")
CUTS = (0.5, 1.5, 2.0, 3.2)
PLEDGES = ("nonaggression", "consultation", "agreement", "neutrality", "offence", "defence", "integrated_defence")


def grade(
    nonaggression: Array,
    consultation: Array,
    agreement: Array,
    neutrality: Array,
    offence: Array,
    defence: Array,
    integrated: Array,
) -> Float[np.ndarray, "..."]:
    """The grade of the highest pledge in force.

    0 none; 1 to consult or not to attack, among many; 2 the same in an agreement of the two alone, or neutrality;
    3 defence or offence; 4 defence by forces joined in peace. A member that left or was suspended has no pledge. NaN
    where the lists of treaties end.
    """
    little = np.fmax(nonaggression, consultation) > 0
    steps = (
        (little, 1.0),
        ((neutrality > 0) | (little & (agreement > 0)), 2.0),
        (np.fmax(defence, offence) > 0, 3.0),
        ((defence > 0) & (integrated > 0), 4.0),
    )
    found = np.where(np.isnan(defence), np.nan, 0.0)
    for holds, step in steps:
        found = np.where(holds, step, found)
    return found


def read(panel: Panel, dyads: Dyads) -> Reading:
    """The grade at the end of each year."""
    layers = (either(panel.world.dyad(name), dyads) for name in PLEDGES)
    return Reading(yearly(panel, grade(*layers)))


TREATY = Indicator(
    "treaty", "treaty", "security", Grade(CUTS, least_own=1.0), 1.5, PLEDGES, read, fixed=1.5, pace="stock"
)
