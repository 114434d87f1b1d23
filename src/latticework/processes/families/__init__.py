"""The families of laws: a hazard for events, a mark for their kind, drifts for levels (with jumps), a count."""

from latticework.processes.families.breaks import AbstractBreakDrift
from latticework.processes.families.count import AbstractCount, negative_binomial, remembered
from latticework.processes.families.drift import AbstractDrift
from latticework.processes.families.hazard import AbstractHazard, log_chance
from latticework.processes.families.jumps import AbstractJumpDrift
from latticework.processes.families.mark import AbstractMark
from latticework.processes.families.student import FREEDOM, t4_cdf, t4_log_density, t4_quantile

__all__ = [
    "FREEDOM",
    "AbstractBreakDrift",
    "AbstractCount",
    "AbstractDrift",
    "AbstractHazard",
    "AbstractJumpDrift",
    "AbstractMark",
    "log_chance",
    "negative_binomial",
    "remembered",
    "t4_cdf",
    "t4_log_density",
    "t4_quantile",
]
