"""Reassurance and visits: what allies remember of gestures, and what visits do to the public for weeks."""

from latticework.effects import OfState
from latticework.mechanisms.base import QUIET, AbstractResponse, Parameter, half_life
from latticework.mechanisms.effects import OfHub
from latticework.processes import Anchor, Coefficient

VISITS = "Goldsmith, Horiuchi and Matush 2021 (APSR 115: 1342): 15 leaders, 38 hosts, 32,456 respondents"
UNIT_OF_GESTURES = "the unit: a visit of the president"
WEEKS = 2.5 / 52


class Reassurance(AbstractResponse):
    """Gestures of the hub that an ally remembers, in visits of its president; half is forgotten in half a year.

    Patrons reassure allies who have another option (Blankenship 2020): the coupling of hedging to visits.
    Memory begins empty on the baseline day, so that the usual visits fill it within a year in every branch: what a
    branch does shows beside another, and not beside the baseline.
    """

    name = "reassurance"
    title = "Reassurance is given and forgotten"
    unit = "state"
    grid = "quarter"
    observed = None
    drifting = "reassurance"
    reads = ("defence", "visit_president", "visit_secretary")
    writes = ("reassurance",)
    given = ("visit_president", "visit_secretary")

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """Nothing lasts by itself."""
        return ()

    def pulses(self) -> tuple[Coefficient, ...]:
        """Visits of the step, and what a scenario adds."""
        secretary = "a secretary's visit signals less than a president's; the share is ours"
        return (
            Parameter(
                "visit of the president",
                OfHub("visit_president", self.poles.hub),
                "visits",
                1.0,
                0.0,
                because=UNIT_OF_GESTURES,
            ),
            Parameter(
                "visit of the secretary of state",
                OfHub("visit_secretary", self.poles.hub),
                "visits",
                0.4,
                0.2,
                because=secretary,
                sign=1,
                source="McManus and Nieman 2019",
            ),
            Parameter("other gesture", OfState("reassurance_gesture"), "visits", 1.0, 0.0, because=UNIT_OF_GESTURES),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Half is forgotten in half a year; no noise of its own."""
        return (
            Parameter("log kappa", None, "log 1/year", half_life(0.5), 0.4, because="shorter than a leader's memory"),
            Parameter("log sigma", None, "log visits per root year", QUIET, 0.0, because="a count has no noise"),
        )


class Goodwill(AbstractResponse):
    """Approval of the hub that visits and campaigns win for some weeks, in points of percent.

    A visit is worth 2.3 points and is gone after some twenty days: on average half a point over a quarter.
    """

    name = "goodwill"
    title = "Visits win goodwill"
    unit = "state"
    grid = "quarter"
    observed = None
    drifting = "goodwill"
    reads = ("visit_president", "visit_secretary")
    writes = ("goodwill",)
    given = ("visit_president", "visit_secretary")
    allies_only = False

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """Nothing lasts."""
        return ()

    def pulses(self) -> tuple[Coefficient, ...]:
        """Visits of leaders; a secretary's is told less of."""
        size = Anchor(2.3, None, VISITS, "approval; disapproval falls by 1.4")
        why = "the published size with half of it for doubt"
        return (
            Parameter(
                "visit of the president",
                OfHub("visit_president", self.poles.hub),
                "points of percent",
                2.3,
                1.15,
                size,
                because=why,
                sign=1,
                origin="published",
                source=VISITS,
            ),
            Parameter(
                "visit of the secretary of state",
                OfHub("visit_secretary", self.poles.hub),
                "points of percent",
                0.7,
                0.5,
                because="the effect is larger with more news of it: a third, for a lesser visitor",
                sign=1,
                source=VISITS,
            ),
            Parameter(
                "campaign",
                OfState("public_diplomacy"),
                "points of percent per visit's worth",
                2.3,
                1.15,
                size,
                because="a campaign is counted in visits of a leader",
                sign=1,
                source=VISITS,
            ),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Half is gone in two to three weeks."""
        return (
            Parameter(
                "log kappa",
                None,
                "log 1/year",
                half_life(WEEKS),
                0.2,
                because="visible for some twenty days",
                origin="published",
                source=VISITS,
            ),
            Parameter("log sigma", None, "log points per root year", QUIET, 0.0, because="opinion has the noise"),
        )
