"""A dated fact: what was observed and by whom, held against the days or numbers that the claim names."""

from typing import Literal

from pydantic_core import PydanticCustomError

from latticework.audit.base import Compared, Found, MissingEvidenceError, Region
from latticework.audit.evidence import Evidence, Label
from latticework.scenario.fields import Day


class DatedFact(Compared):
    """A fact of the file: its value against the bounds, or its day against the days within which the claim puts it.

    A fact of low confidence decides nothing.
    """

    test: Literal["dated_fact"]
    fact: Label
    since: Day | None = None
    until: Day | None = None

    def check_bounds(self) -> None:
        """Refuse a fact that is compared with nothing, or with a day and a number at once."""
        numbers = any(x is not None for two in self.bounds() for x in two)
        if numbers == bool(self.since or self.until):
            why = "say either between which days the claim puts it (since, until) or which value (at_least, ...)"
            raise PydanticCustomError("bounds", "{why}", {"why": why})
        if numbers:
            super().check_bounds()
        elif self.since and self.until and self.since > self.until:
            raise PydanticCustomError("bounds", "{why}", {"why": f"{self.since} is after {self.until}"})

    def region(self) -> Region:
        """The bounds of the value, or 0: no day outside."""
        if self.since or self.until:
            return Region(0.0, 0.0)
        return super().region()

    def found(self, evidence: Evidence) -> Found:
        """The value; of a day, by how many days it lies outside of those claimed."""
        fact = evidence.facts[self.fact]
        if fact.confidence == "low":
            raise MissingEvidenceError(
                f"the fact {fact.id} is of low confidence, so it decides nothing ({fact.source})"
            )
        told = f"{fact.what}, {fact.date} ({fact.source}; confidence {fact.confidence})"
        if self.since or self.until:
            early = (self.since - fact.date).days if self.since else 0
            late = (fact.date - self.until).days if self.until else 0
            return Found.observed(float(max(early, late, 0)), "days outside the claimed ones", told)
        if fact.value is None:
            raise MissingEvidenceError(f"the fact {fact.id} has no value")
        return Found.observed(fact.value, fact.unit or "", told)
