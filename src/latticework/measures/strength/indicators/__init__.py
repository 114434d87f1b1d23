"""The indicators: what is seen of a tie, one file per theme."""

from latticework.measures.strength.indicators import conflict, contacts, institutions, presence, trade, treaties, votes
from latticework.measures.strength.indicators.base import DOMAINS, Indicator, Reading

INDICATORS: tuple[Indicator, ...] = (
    treaties.TREATY,
    presence.PRESENCE,
    presence.SIZE,
    contacts.EXERCISES,
    conflict.DISPUTES,
    conflict.CONFLICT,
    votes.VOTES,
    contacts.VISITS,
    institutions.EXCHANGE,
    institutions.SEATS,
    trade.TRADE,
)

__all__ = ["DOMAINS", "INDICATORS", "Indicator", "Reading"]
