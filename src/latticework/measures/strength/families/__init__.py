"""Families: how an indicator speaks of the factors; base.py has what all share, stocks.py and events.py the members."""

from latticework.measures.strength.families.base import (
    Family,
    Linear,
    Pseudo,
    Values,
    between,
    differenced,
)
from latticework.measures.strength.families.events import Count, Event, Onset
from latticework.measures.strength.families.stocks import Grade, Level

__all__ = [
    "Count",
    "Event",
    "Family",
    "Grade",
    "Level",
    "Linear",
    "Onset",
    "Pseudo",
    "Values",
    "between",
    "differenced",
]
