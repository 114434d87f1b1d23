"""A published effect that fades."""

import pytest

from latticework.audit.base import Answer, outcome
from latticework.audit.family.published import Published
from tests.audit.small import evidence

TOLD = {"test": "published", "says": "x", "size": 2.0, "unit": "points", "source": "a paper", "confidence": "high"}


def published(**keys):
    return outcome(Published.model_validate(TOLD | {"at_least": 1} | keys), evidence())


def test_it_halves_with_every_half_life():
    assert published(half_life=3, after=3).found.value == pytest.approx(1.0)
    assert published(half_life=3, after=9).found.value == pytest.approx(0.25)
    assert published(half_life=3, after=9).answer is Answer.FAILS
    assert published().answer is Answer.HOLDS


def test_its_error_makes_its_band():
    found = published(se=1.0, half_life=4, after=4)
    assert (found.found.lower, found.found.upper) == pytest.approx((1 - 0.98, 1 + 0.98), abs=1e-3)
    assert found.answer is Answer.OPEN
