"""The processes that move a world, and the model that they make up together."""

from latticework.processes.agreements import AgreementEnd
from latticework.processes.alignment import AlignmentDrift
from latticework.processes.base import AbstractProcess, Anchor, Coefficient, Evidence, Predictor, Push, Rows
from latticework.processes.disputes import DisputeOnset
from latticework.processes.families import AbstractCount, AbstractDrift, AbstractHazard, AbstractMark
from latticework.processes.leaders import LeaderExit
from latticework.processes.severity import DisputeDeaths, ForceUsed
from latticework.processes.troops import TroopChange

MODEL: tuple[AbstractProcess, ...] = (LeaderExit(), AlignmentDrift(), AgreementEnd(), TroopChange(), DisputeOnset())

__all__ = [
    "MODEL",
    "AbstractCount",
    "AbstractDrift",
    "AbstractHazard",
    "AbstractMark",
    "AbstractProcess",
    "AgreementEnd",
    "AlignmentDrift",
    "Anchor",
    "Coefficient",
    "DisputeDeaths",
    "DisputeOnset",
    "Evidence",
    "ForceUsed",
    "LeaderExit",
    "Predictor",
    "Push",
    "Rows",
    "TroopChange",
]
