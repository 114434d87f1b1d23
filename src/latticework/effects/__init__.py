"""The vocabulary in which every process is written: effects, one file per theme."""

from latticework.effects.base import (
    AbstractEffect,
    AtLeast,
    Logged,
    LoggedCount,
    Not,
    OfDyad,
    OfReceiver,
    OfSender,
    OfState,
    Pairwise,
    Product,
    Standardised,
)
from latticework.effects.capability import CapabilityRatio
from latticework.effects.era import Since
from latticework.effects.geography import LandNeighbours, PoliticallyRelevant
from latticework.effects.hub import LogTroops
from latticework.effects.leaders import LogTenure, NewLeader
from latticework.effects.network import PartnerMean
from latticework.effects.regime import apart, autocratic, both, democratic, either
from latticework.effects.threat import PeaceYears, SharedRivals

__all__ = [
    "AbstractEffect",
    "AtLeast",
    "CapabilityRatio",
    "LandNeighbours",
    "LogTenure",
    "LogTroops",
    "Logged",
    "LoggedCount",
    "NewLeader",
    "Not",
    "OfDyad",
    "OfReceiver",
    "OfSender",
    "OfState",
    "Pairwise",
    "PartnerMean",
    "PeaceYears",
    "PoliticallyRelevant",
    "Product",
    "SharedRivals",
    "Since",
    "Standardised",
    "apart",
    "autocratic",
    "both",
    "democratic",
    "either",
]
