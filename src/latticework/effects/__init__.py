"""The vocabulary in which every process is written: effects, one file per theme."""

from latticework.effects.base import (
    AbstractEffect,
    AtLeast,
    Filled,
    Logged,
    LoggedCount,
    LogOnePlus,
    Missing,
    Not,
    OfDyad,
    OfReceiver,
    OfSender,
    OfState,
    Pairwise,
    Product,
    Standardised,
    Within,
)
from latticework.effects.capability import CapabilityRatio, LogOfLargest
from latticework.effects.era import Since
from latticework.effects.geography import (
    LandNeighbours,
    PoliticallyRelevant,
)
from latticework.effects.hub import (
    LogTroops,
    TroopsHosted,
)
from latticework.effects.leaders import (
    LogTenure,
    NewCoalition,
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
    ruled,
)
from latticework.effects.threat import (
    PeaceYears,
    RivalSpending,
    SharedRivals,
)

__all__ = [
    "AbstractEffect",
    "AtLeast",
    "CapabilityRatio",
    "Filled",
    "LandNeighbours",
    "LogMembers",
    "LogOfLargest",
    "LogOnePlus",
    "LogPactAge",
    "LogTenure",
    "LogTroops",
    "Logged",
    "LoggedCount",
    "MeanOverMembers",
    "MeanToMembers",
    "Missing",
    "NewCoalition",
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
    "SharedRivals",
    "Since",
    "Standardised",
    "TroopsHosted",
    "Within",
    "autocratic",
    "both",
    "democratic",
    "either",
    "gap",
    "ruled",
]
