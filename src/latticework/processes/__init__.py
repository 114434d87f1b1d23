"""The processes that move a world, and the model that they make up together."""

from latticework.processes.agreements import AgreementEnd, AgreementSigned, DefencePledged, NonaggressionPledged
from latticework.processes.alignment import AlignmentDrift
from latticework.processes.base import (
    AbstractProcess,
    AbstractUnitwise,
    Anchor,
    Coefficient,
    Evidence,
    Predictor,
    Push,
    Rows,
)
from latticework.processes.coalitions import (
    CoalitionChange,
)
from latticework.processes.defence_effort import (
    DefenceEffort,
)
from latticework.processes.disputes import DisputeEnd, DisputeOnset
from latticework.processes.exercises import Exercises
from latticework.processes.families import AbstractCount, AbstractDrift, AbstractHazard, AbstractMark
from latticework.processes.founding import PactFounded
from latticework.processes.garrisons import GarrisonOpened
from latticework.processes.leaders import LeaderExit
from latticework.processes.pacts import (
    PactEnded,
    PactJoined,
    PactLeft,
)
from latticework.processes.severity import (
    DisputeDeaths,
    ForceUsed,
)
from latticework.processes.trade import (
    Trade,
)
from latticework.processes.treaties import (
    TreatiesInForce,
)
from latticework.processes.troops import (
    TroopChange,
)
from latticework.processes.visits import (
    AbstractVisits,
    DefenceVisits,
    PresidentVisits,
    SecretaryVisits,
)
from latticework.processes.warheads import (
    NuclearStep,
    Warheads,
)

MODEL: tuple[AbstractProcess, ...] = (
    LeaderExit(),
    CoalitionChange(),
    AgreementSigned(),
    DefencePledged(),
    NonaggressionPledged(),
    AgreementEnd(),
    PactFounded(),
    PactJoined(),
    PactLeft(),
    PactEnded(),
    TreatiesInForce(),
    AlignmentDrift(),
    GarrisonOpened(),
    TroopChange(),
    Exercises(),
    PresidentVisits(),
    SecretaryVisits(),
    DefenceVisits(),
    Trade(),
    DefenceEffort(),
    NuclearStep(),
    Warheads(),
    DisputeOnset(),
    ForceUsed(),
    DisputeDeaths(),
    DisputeEnd(),
)
LEARNED: tuple[AbstractProcess, ...] = tuple(process for process in MODEL if process.coefficients())

__all__ = [
    "LEARNED",
    "MODEL",
    "AbstractCount",
    "AbstractDrift",
    "AbstractHazard",
    "AbstractMark",
    "AbstractProcess",
    "AbstractUnitwise",
    "AbstractVisits",
    "AgreementEnd",
    "AgreementSigned",
    "AlignmentDrift",
    "Anchor",
    "CoalitionChange",
    "Coefficient",
    "DefenceEffort",
    "DefencePledged",
    "DefenceVisits",
    "DisputeDeaths",
    "DisputeEnd",
    "DisputeOnset",
    "Evidence",
    "Exercises",
    "ForceUsed",
    "GarrisonOpened",
    "LeaderExit",
    "NonaggressionPledged",
    "NuclearStep",
    "PactEnded",
    "PactFounded",
    "PactJoined",
    "PactLeft",
    "Predictor",
    "PresidentVisits",
    "Push",
    "Rows",
    "SecretaryVisits",
    "Trade",
    "TreatiesInForce",
    "TroopChange",
    "Warheads",
]
