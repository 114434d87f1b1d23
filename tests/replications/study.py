"""A study is computed from the published tables, and each of its numbers is held against a value and a tolerance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Claim:
    """One number: the published or earlier estimated value, and by how much it may differ here."""

    name: str
    value: float
    tolerance: float
    digits: int = 3


@dataclass(frozen=True)
class Study:
    """A published design with its data, the function that computes its numbers, and what they are held against."""

    key: str
    title: str
    design: str
    data: str
    gist: str  # the reading in half a line
    reading: str
    compute: Callable[[], Numbers]
    claims: tuple[Claim, ...]
    headline: tuple[str, ...]  # the claims that stand for the study in the overview
    also: tuple[str, ...] = ()  # numbers without a counterpart, shown beside the claims


@cache
def numbers(study: Study) -> Numbers:
    """The numbers of a study, computed once."""
    return study.compute()


def claims(values: Mapping[str, float], tolerance: float, digits: int = 3) -> tuple[Claim, ...]:
    """Claims that share a tolerance."""
    return tuple(Claim(name, value, tolerance, digits) for name, value in values.items())


def exactly(values: Mapping[str, int]) -> tuple[Claim, ...]:
    """Counts, which allow no difference."""
    return claims(values, 0.0, 0)
