"""The vocabulary in which every process is written: effects, one file per theme."""

from latticework.effects.base import (
    AbstractEffect,
    AtLeast,
    Filled,
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
from latticework.effects.capability import CapabilityRatio
from latticework.effects.era import Since
from latticework.effects.geography import LandNeighbours, PoliticallyRelevant
from latticework.effects.hub import LogTroops
from latticework.effects.leaders import LogTenure, NewCoalition, NewLeader
from latticework.effects.network import PartnerMean
from latticework.effects.regime import autocratic, both, democratic, either, ruled
from latticework.effects.threat import PeaceYears

__all__ = [
    "AbstractEffect",
    "AtLeast",
    "CapabilityRatio",
    "Filled",
    "LandNeighbours",
    "LogTenure",
    "LogTroops",
    "Missing",
    "NewCoalition",
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
    "Since",
    "Standardised",
    "Within",
    "autocratic",
    "both",
    "democratic",
    "either",
    "ruled",
]
