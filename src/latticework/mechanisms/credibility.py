"""Credibility: the log odds, as each ally sees it, that the hub would stand by its pledge."""

from latticework.effects import OfState
from latticework.mechanisms.base import AbstractResponse, Parameter, half_life
from latticework.mechanisms.effects import PresenceChange
from latticework.processes import Anchor, Coefficient

ODDS = "log odds"
TRIPWIRES = "Reiter and Poast 2021 (The Truth About Tripwires), Kuo and Blankenship 2022: the size of a force matters"
THREATS = "Blankenship 2021, 2023: threats to leave work where they are believed, and they are believed at a cost"
SHAMING = "Becker, Kreps, Poast and Terman (JCR): shaming by presidents is at best ineffective"
NORTH = "no precedent on record; Sukin 2020 has more credible guarantees raise the wish for own weapons"
PROJECTS = "Narang 2014: more institutionalised umbrellas assure clients more; the size is ours"
SIZE = "the sign is the literature's, the size a guess: half a garrison is a third of a log odds point"


class Credibility(AbstractResponse):
    """The hub's credibility in the eyes of each ally, in log odds points from what it was on the baseline day.

    Presence and joint systems raise it, a believed threat to leave and exits from common bodies lower it, words without
    a threat move it neither way on average; it returns to the usual with a half-life of about a year.
    """

    name = "credibility"
    title = "Credibility of the hub moves"
    unit = "state"
    grid = "quarter"
    observed = None
    drifting = "credibility"
    reads = ("defence", "troops")
    writes = ("credibility",)

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """What lasts: presence, threats, words, recognition of the second threat, joint systems, reassurance."""
        return (*self.warnings(), *self.assurances())

    def warnings(self) -> tuple[Coefficient, ...]:
        """Presence, believed threats, words, recognition."""
        return (
            Parameter(
                "log presence", PresenceChange(self.poles.hub), ODDS, 0.5, 0.35, because=SIZE, sign=1, source=TRIPWIRES
            ),
            Parameter(
                "exit threat believed",
                OfState("exit_threat"),
                ODDS,
                -0.6,
                0.4,
                because="a threat that is believed says that the pledge is for sale; the size is ours",
                sign=-1,
                source=THREATS,
            ),
            Parameter(
                "public pressure",
                OfState("public_pressure"),
                ODDS,
                0.0,
                0.1,
                because="words alone have no effect that was found",
                source=SHAMING,
            ),
            Parameter(
                "second threat recognised",
                OfState("threat_recognised"),
                ODDS,
                -0.2,
                0.4,
                because="the sign is not known: a guess below zero, with twice its size for doubt",
                source=NORTH,
            ),
        )

    def assurances(self) -> tuple[Coefficient, ...]:
        """Joint systems and what is remembered of gestures."""
        return (
            Parameter(
                "cooperation on defence systems",
                OfState("defence_cooperation"),
                ODDS,
                0.4,
                0.3,
                because="joint systems tie hands; the size is ours",
                sign=1,
                source=PROJECTS,
            ),
            Parameter(
                "reassurance remembered",
                OfState("reassurance"),
                "log odds per visit",
                0.15,
                0.1,
                because="visits are signals of support; the size is ours",
                sign=1,
                source="McManus and Nieman 2019: signals of major-power support",
            ),
        )

    def pulses(self) -> tuple[Coefficient, ...]:
        """Exits from multilateral bodies."""
        return (
            Parameter(
                "leaves a multilateral body",
                OfState("multilateral_exit"),
                ODDS,
                -0.1,
                0.1,
                because="who leaves one pledge may leave another; the size is ours",
                sign=-1,
                source="Gibler 2008; Crescenzi and others 2012: reputation in alliances",
            ),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """A half-life of about a year, and a quarter of a log odds point of noise a year."""
        trust = Anchor(
            -1.4, None, "Yomiuri-Gallup in the layer `opinion`", "trust 30 % in 2018, the low since 2000; 34 % in 2024"
        )
        return (
            Parameter(
                "log kappa",
                None,
                "log 1/year",
                half_life(1.0),
                0.4,
                because="as long as an administration's first year",
            ),
            Parameter(
                "log sigma", None, "log odds per root year, log", -1.4, 0.4, trust, because="polls move so within years"
            ),
        )
