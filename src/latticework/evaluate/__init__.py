"""Is the model any good? Statistics of simulated and observed worlds, and what is inside history."""

from latticework.evaluate.history import STATISTICS, historical, layers_of, load_history
from latticework.evaluate.predictive import FEWEST_PATHS, checks, share_inside
from latticework.evaluate.statistic import Statistic

__all__ = [
    "FEWEST_PATHS",
    "STATISTICS",
    "Statistic",
    "checks",
    "historical",
    "layers_of",
    "load_history",
    "share_inside",
]
