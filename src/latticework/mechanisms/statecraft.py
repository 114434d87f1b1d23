"""Economic statecraft: refused investments and tariffs leave a grievance that fades; joint technology binds."""

from latticework.effects import OfState
from latticework.mechanisms.base import QUIET, AbstractResponse, Parameter, half_life
from latticework.processes import Coefficient

SPATS = "Fuchs and Klann 2013: exports fall after a political spat and are back in the second year"


class Grievance(AbstractResponse):
    """What a state holds against the hub in economic matters, in investments refused on security grounds.

    The unit is the refusal of one investment that the state's public has heard of (Nippon Steel, January 2025). It
    fades within quarters, as the effects of spats on trade do.
    """

    name = "grievance"
    title = "Economic grievance is given and fades"
    unit = "state"
    grid = "quarter"
    observed = None
    drifting = "grievance"
    reads = ("defence",)
    writes = ("grievance",)
    allies_only = False

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """A tariff lasts as long as it is in force."""
        return (
            Parameter(
                "tariff",
                OfState("tariff"),
                "refusals per 100 % of tariff",
                6.0,
                4.0,
                because="a tariff of a sixth is felt as one refusal is; the size is ours",
                sign=1,
            ),
        )

    def pulses(self) -> tuple[Coefficient, ...]:
        """Investments that the hub refuses."""
        return (
            Parameter("investment refused", OfState("investment_refused"), "refusals", 1.0, 0.0, because="the unit"),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Half is forgotten in one to four quarters."""
        return (
            Parameter(
                "log kappa", None, "log 1/year", half_life(0.5), 0.5, because="gone in the second year", source=SPATS
            ),
            Parameter("log sigma", None, "log refusals per root year", QUIET, 0.0, because="a count has no noise"),
        )
