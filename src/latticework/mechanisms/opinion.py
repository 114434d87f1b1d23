"""Public opinion: how the people of a state see the hub, a slow state that follows deeds."""

from latticework.effects import OfState
from latticework.mechanisms.base import AbstractResponse, Parameter, half_life
from latticework.processes import Anchor, Coefficient

POINTS = "points of percent"
POLLS = "Yomiuri-Gallup in the layer `opinion`: trust in the United States 30 % in 2018 and 34 % in 2024"
PEW = "Pew 2018, 2021: views of the United States fall by some 20 points with one president and rise with the next"
OURS = "the sign is plain, the size ours"


class Opinion(AbstractResponse):
    """The share of a state's people who see the hub well, in points of percent from what it was on the baseline day.

    It follows the hub's credibility, goodwill won by visits, believed threats to leave and economic grievances.
    """

    name = "opinion"
    title = "Opinion of the hub moves"
    unit = "state"
    grid = "quarter"
    observed = None
    drifting = "opinion"
    reads = ("defence",)
    writes = ("opinion",)
    allies_only = False

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """What lasts."""
        return (
            Parameter(
                "credibility",
                OfState("credibility"),
                "points per log odds",
                8.0,
                5.0,
                because="a third of what a log odds point is worth at even odds (25 points)",
                sign=1,
                source=POLLS,
            ),
            Parameter("goodwill", OfState("goodwill"), "points per point", 1.0, 0.0, because="the same scale"),
            Parameter(
                "exit threat believed", OfState("exit_threat"), POINTS, -5.0, 4.0, because=OURS, sign=-1, source=PEW
            ),
            Parameter(
                "economic grievance", OfState("grievance"), "points per grievance", -3.0, 3.0, because=OURS, sign=-1
            ),
            Parameter("joint technology", OfState("joint_technology"), POINTS, 2.0, 2.0, because=OURS, sign=1),
        )

    def pulses(self) -> tuple[Coefficient, ...]:
        """None: goodwill carries what visits do."""
        return ()

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Half a year to make up half of a change; noise of some five points a year."""
        seen = Anchor(1.6, None, POLLS, "and 'ties are good' 51 % in 2020, 58 % in 2022: five to seven points a year")
        return (
            Parameter("log kappa", None, "log 1/year", half_life(0.5), 0.4, because=PEW),
            Parameter(
                "log sigma", None, "log points per root year", 1.6, 0.3, seen, because="what polls move by in a year"
            ),
        )
