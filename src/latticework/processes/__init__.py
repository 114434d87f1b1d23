"""The processes that move a world, and the model that they make up together."""

from latticework.processes.agreements import AgreementEnd
from latticework.processes.alignment import AlignmentDrift
from latticework.processes.base import AbstractProcess, Anchor, Coefficient, Evidence, Predictor, Push, Rows
from latticework.processes.disputes import DisputeOnset
from latticework.processes.exercises import Exercises
from latticework.processes.families import AbstractCount, AbstractDrift, AbstractHazard, AbstractMark
from latticework.processes.leaders import LeaderExit
from latticework.processes.trade import Trade
from latticework.processes.troops import TroopChange
from latticework.processes.visits import AbstractVisits, DefenceVisits, PresidentVisits, SecretaryVisits

MODEL: tuple[AbstractProcess, ...] = (LeaderExit(), AlignmentDrift(), AgreementEnd(), TroopChange(), DisputeOnset())

__all__ = [
    "MODEL",
    "AbstractCount",
    "AbstractDrift",
    "AbstractHazard",
    "AbstractMark",
    "AbstractProcess",
    "AbstractVisits",
    "AgreementEnd",
    "AlignmentDrift",
    "Anchor",
    "Coefficient",
    "DefenceVisits",
    "DisputeOnset",
    "Evidence",
    "Exercises",
    "LeaderExit",
    "Predictor",
    "PresidentVisits",
    "Push",
    "Rows",
    "SecretaryVisits",
    "Trade",
    "TroopChange",
]
