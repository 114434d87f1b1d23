"""The vocabulary in which every process is written: effects, one file per theme."""

from latticework.effects.base import (
    AbstractEffect,
    AtLeast,
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
from latticework.effects.network import OutsidePact, PartnerMean
from latticework.effects.regime import autocratic, both, democratic, either
from latticework.effects.threat import DisputeHistory, FightsElsewhere, InArmedConflict, PeaceYears, WarTheatre

__all__ = [
    "AbstractEffect",
    "AtLeast",
    "CapabilityRatio",
    "DisputeHistory",
    "FightsElsewhere",
    "InArmedConflict",
    "LandNeighbours",
    "LogTenure",
    "LogTroops",
    "NewLeader",
    "Not",
    "OfDyad",
    "OfReceiver",
    "OfSender",
    "OfState",
    "OutsidePact",
    "Pairwise",
    "PartnerMean",
    "PeaceYears",
    "PoliticallyRelevant",
    "Product",
    "Since",
    "Standardised",
    "WarTheatre",
    "autocratic",
    "both",
    "democratic",
    "either",
]
