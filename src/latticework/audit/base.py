"""A test turns the evidence into one number with its band; the claim holds where the claim says that number lies."""

import abc
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from latticework.errors import suggestion
from latticework.scenario.fields import Entry, Number, Words

CAUSAL, USUAL = 0.95, 0.8  # what a band holds: of tests of causes, and of measures and chances as elsewhere
Pairs = frozenset[tuple[str, str]]


class Answer(StrEnum):
    """What a single test says."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"
    NOT_COMPUTED = "not computed"
    NOT_TESTABLE = "not testable"


class MissingEvidenceError(Exception):
    """What a test needs is not there; the message says what."""


@dataclass(frozen=True)
class Found:
    """What a test computed: a number, its band (equal to the number where it was observed), and where it is from."""

    value: float
    lower: float
    upper: float
    unit: str
    origin: str
    badge: str
    note: str
    band: float | None = None

    @classmethod
    def observed(cls, value: float, unit: str, note: str) -> "Found":
        """A number that was observed."""
        return cls(value, value, value, unit, "observed", "observed", note)


@dataclass(frozen=True)
class Region:
    """The numbers for which a claim holds, from `low` to `high`; an end that is `open` is not part of it."""

    low: float = float("-inf")
    high: float = float("inf")
    open_low: bool = False
    open_high: bool = False

    def holds(self, x: float) -> bool:
        """Whether a number lies inside."""
        above = x > self.low if self.open_low else x >= self.low
        below = x < self.high if self.open_high else x <= self.high
        return bool(above and below)

    def judge(self, lower: float, upper: float) -> Answer:
        """Holds if the whole band lies inside, fails if none of it does, else open."""
        if lower != lower or upper != upper:
            return Answer.NOT_COMPUTED
        if self.holds(lower) and self.holds(upper):
            return Answer.HOLDS
        beside = (not self.holds(upper) and upper <= self.low) or (not self.holds(lower) and lower >= self.high)
        return Answer.FAILS if beside else Answer.OPEN

    def words(self) -> str:
        """The region in words."""
        parts = []
        if self.low != float("-inf"):
            parts.append(f"{'above' if self.open_low else 'at least'} {self.low:g}")
        if self.high != float("inf"):
            parts.append(f"{'below' if self.open_high else 'at most'} {self.high:g}")
        return " and ".join(parts)


class AbstractTest(Entry):
    """What every test has: what it tests in words, and whether that is only a premise of the claim.

    `past` says that it may see nothing later than the day of the text, `needs_run` that it reads simulated futures.
    """

    past: ClassVar[bool] = True
    needs_run: ClassVar[bool] = False
    says: Words
    premise: Annotated[bool, Field(strict=True)] = False

    @abc.abstractmethod
    def found(self, evidence: Any) -> Found:
        """The number; MissingEvidenceError if the evidence lacks what it needs."""

    def region(self) -> Region:
        """Where the claim says that the number lies."""
        raise NotImplementedError  # not abstract: a claim that no test can reach has no region

    def pairs(self) -> Pairs:
        """The dyads whose tie strength it reads."""
        return frozenset()


class Compared(AbstractTest):
    """A test that compares its number with what the claim says: one bound, or one on either side."""

    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "Compared":
        self.check_bounds()
        return self

    def check_bounds(self) -> None:
        """Refuse bounds that are none, or that leave no number."""
        low, high = (sum(x is not None for x in two) for two in self.bounds())
        if not low + high >= 1 or low > 1 or high > 1:
            why = "say what the claim says: one of 'above' or 'at_least', one of 'below' or 'at_most', or one of each"
            raise PydanticCustomError("bounds", "{why}", {"why": why})
        if low and high and self.region().low > self.region().high:
            raise PydanticCustomError("bounds", "{why}", {"why": f"no number is {self.region().words()}"})

    def bounds(self) -> tuple[tuple[float | None, ...], ...]:
        """The lower and the upper bounds that can be named."""
        return (self.above, self.at_least), (self.below, self.at_most)

    def region(self) -> Region:
        """Where the claim says that the number lies."""
        (above, at_least), (below, at_most) = self.bounds()
        low = next((x for x in (above, at_least) if x is not None), float("-inf"))
        high = next((x for x in (below, at_most) if x is not None), float("inf"))
        return Region(low, high, above is not None, below is not None)


@dataclass(frozen=True)
class Outcome:
    """A test and what came of it."""

    test: AbstractTest
    name: str
    answer: Answer
    found: Found | None
    region: Region | None
    reason: str
    assumed: bool = field(default=False)


def outcome(test: AbstractTest, evidence: Any) -> Outcome:
    """Compute a test and judge its number; what cannot be computed says why."""
    name = str(getattr(test, "test", ""))
    try:
        found = test.found(evidence)
    except MissingEvidenceError as why:
        answer = Answer.NOT_TESTABLE if name == "not_testable" else Answer.NOT_COMPUTED
        return Outcome(test, name, answer, None, None, str(why))
    region = test.region()
    answer = region.judge(found.lower, found.upper)
    return Outcome(test, name, answer, found, region, found.note, found.badge == "assumed")


def one_of(kind: str, possible: Iterable[str], name: str) -> str:
    """The name, if it is one of the possible ones; else what pydantic reports with a suggestion."""
    known = tuple(possible)
    if name not in known:
        why = f"there is no {kind} '{name}'. {suggestion(name, known)}"
        raise PydanticCustomError("named", "{why}", {"why": why})
    return name
