"""Is the model any good? Statistics of simulated and observed worlds, and what is inside history."""

from latticework.evaluate.history import AT_RISK, STATISTICS, historical, layers_of, load_at_risk, load_history
from latticework.evaluate.predictive import FEWEST_PATHS, checks, share_inside
from latticework.evaluate.statistic import Statistic

__all__ = [
    "AT_RISK",
    "FEWEST_PATHS",
    "STATISTICS",
    "Statistic",
    "checks",
    "historical",
    "layers_of",
    "load_at_risk",
    "load_history",
    "share_inside",
]
