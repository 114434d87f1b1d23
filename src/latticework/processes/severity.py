"""How bad a dispute becomes: whether force is used, and whether somebody dies of it."""

from typing import ClassVar

from latticework.effects import (
    AtLeast,
    CapabilityRatio,
    DisputeHistory,
    LandNeighbours,
    OfDyad,
    OfState,
    PoliticallyRelevant,
    both,
    either,
)
from latticework.processes.base import Coefficient, Predictor
from latticework.processes.families import AbstractMark
from latticework.types import Array, Bool, Float
from latticework.world import World

POSSESSES = 3.0  # nuclear_status: 0 none, 1 considers, 2 pursues, 3 possesses
READS = (
    "capability",
    "contiguity",
    "defence",
    "democracy",
    "dispute_history",
    "major_power",
    "nuclear_status",
    "rivalry",
)
LOG_ODDS = "log odds"


def gravity() -> tuple[Coefficient, ...]:
    """What the severity of a dispute may depend on; theory differs about most signs, and the priors take no side."""
    return (
        Coefficient("intercept", None, LOG_ODDS, prior_sd=5.0),
        Coefficient("land contiguity", LandNeighbours(), LOG_ODDS),
        Coefficient("rivalry", OfDyad("rivalry"), LOG_ODDS),
        Coefficient("capability ratio", CapabilityRatio(), LOG_ODDS),
        Coefficient("weaker democracy of the two", both(OfState("democracy")), "log odds per unit of polyarchy"),
        Coefficient("defence pact between the two", OfDyad("defence"), LOG_ODDS),
        Coefficient("both have nuclear weapons", both(AtLeast(OfState("nuclear_status"), POSSESSES)), LOG_ODDS),
        Coefficient("major power in dyad", either(OfState("major_power")), LOG_ODDS),
        Coefficient("record of disputes", DisputeHistory(), LOG_ODDS),
    )


class ForceUsed(AbstractMark):
    """Force is used in a dispute that begins: use of force or war in the MID scale, by either side, at any time."""

    name = "force_used"
    title = "Force is used in a dispute"
    unit = "dyad"
    grid = "year"
    observed = "dispute"
    mark = "dispute_force"
    given: ClassVar[tuple[str, ...]] = ("dispute",)
    reads = (*READS, "dispute", "dispute_force")
    writes = ("dispute_force",)
    varies: ClassVar[tuple[str, ...]] = ("era",)

    def predictors(self) -> tuple[Predictor, ...]:
        """Place, enmity, parity, regimes, pacts, weapons and record."""
        return (Predictor("", gravity()),)

    def possible(self, world: World) -> Bool[Array, "*t n n"]:
        """Dyads in which a dispute can begin."""
        return PoliticallyRelevant()(world) > 0

    def marked(self, after: World) -> Float[Array, "*t n n"]:
        """Whether force was used in the disputes of the step."""
        return after.dyad("dispute_force")


class DisputeDeaths(AbstractMark):
    """Somebody dies in a dispute in which force is used: at least one soldier of either side."""

    name = "dispute_deaths"
    title = "Somebody dies in a dispute"
    unit = "dyad"
    grid = "year"
    observed = "dispute"
    mark = "dispute_deaths"
    given: ClassVar[tuple[str, ...]] = ("dispute_force",)
    reads = (*READS, "dispute_force", "dispute_deaths")
    writes = ("dispute_deaths",)
    varies: ClassVar[tuple[str, ...]] = ("era",)

    def predictors(self) -> tuple[Predictor, ...]:
        """The same as of the use of force."""
        return (Predictor("", gravity()),)

    def possible(self, world: World) -> Bool[Array, "*t n n"]:
        """Dyads in which a dispute can begin."""
        return PoliticallyRelevant()(world) > 0

    def marked(self, after: World) -> Float[Array, "*t n n"]:
        """Whether somebody died in the disputes of the step."""
        return after.dyad("dispute_deaths")
