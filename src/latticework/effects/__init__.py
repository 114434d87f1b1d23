"""The vocabulary in which every process is written: effects, one file per theme."""

from latticework.effects.base import (
    AbstractEffect,
    AtLeast,
    LogOnePlus,
    Not,
    OfDyad,
    OfReceiver,
    OfSender,
    OfState,
    Pairwise,
    Product,
    Standardised,
)
from latticework.effects.capability import CapabilityRatio, LogOfLargest
from latticework.effects.era import Since
from latticework.effects.geography import (
    LandNeighbours,
    LogDistance,
    PoliticallyRelevant,
)
from latticework.effects.hub import (
    LogTroops,
    TroopsHosted,
)
from latticework.effects.leaders import (
    LogTenure,
    NewLeader,
)
from latticework.effects.network import (
    PartnerCount,
    PartnerMax,
    PartnerMean,
)
from latticework.effects.pacts import (
    LogMembers,
    LogPactAge,
    MeanOverMembers,
    MeanToMembers,
    OfEachPact,
    OfEachState,
    OfPact,
)
from latticework.effects.regime import (
    autocratic,
    both,
    democratic,
    either,
    gap,
)
from latticework.effects.threat import (
    PeaceYears,
    RivalSpending,
)

__all__ = [
    "AbstractEffect",
    "AtLeast",
    "CapabilityRatio",
    "LandNeighbours",
    "LogDistance",
    "LogMembers",
    "LogOfLargest",
    "LogOnePlus",
    "LogPactAge",
    "LogTenure",
    "LogTroops",
    "MeanOverMembers",
    "MeanToMembers",
    "NewLeader",
    "Not",
    "OfDyad",
    "OfEachPact",
    "OfEachState",
    "OfPact",
    "OfReceiver",
    "OfSender",
    "OfState",
    "Pairwise",
    "PartnerCount",
    "PartnerMax",
    "PartnerMean",
    "PeaceYears",
    "PoliticallyRelevant",
    "Product",
    "RivalSpending",
    "Since",
    "Standardised",
    "TroopsHosted",
    "autocratic",
    "both",
    "democratic",
    "either",
    "gap",
]
