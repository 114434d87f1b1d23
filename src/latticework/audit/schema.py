"""The words of a claims file: every key, its type and what it means (docs/claims.md explains each)."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from latticework.audit.evidence import Fact, Label
from latticework.audit.family import FAMILY, AbstractTest
from latticework.scenario.fields import Day, Entry, Slug, Words

KINDS = ("fact", "causal", "forecast", "recommendation")
if TYPE_CHECKING:
    AnyTest = AbstractTest
else:
    AnyTest = Annotated[reduce(or_, FAMILY.values()), Field(discriminator="test")]


class Claim(Entry):
    """One claim of the text and its tests; `leaves_open` says what they do not reach."""

    id: Label
    paragraph: Annotated[int, Field(strict=True, ge=1)] | None = None
    sentence: Annotated[int, Field(strict=True, ge=1)] | None = None
    text: Words
    kind: Literal["fact", "causal", "forecast", "recommendation"]
    said_by: Words = "author"
    leaves_open: Words | None = None
    tests: Annotated[tuple[AnyTest, ...], Field(min_length=1)]


class Claims(Entry):
    """A text as the claims that it makes."""

    id: Slug
    title: Words
    text: Words
    dated: Day
    scenario: Words
    facts: tuple[Fact, ...] = ()
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]
