"""Dated facts against the days and numbers that a claim names."""

import pytest
from pydantic import ValidationError

from latticework.audit import Fact
from latticework.audit.base import Answer, outcome
from latticework.audit.family.dated_fact import DatedFact
from tests.audit.small import evidence

TOLD = {"id": "F1", "date": "2024-10-27", "what": "a vote", "value": 215, "source": "a page", "confidence": "high"}


def judged(told=None, **keys):
    test = DatedFact.model_validate({"test": "dated_fact", "says": "x", "fact": "F1"} | keys)
    return outcome(test, evidence((Fact.model_validate(TOLD | (told or {})),)))


def test_the_value_against_the_bound():
    assert judged(at_most=232).answer is Answer.HOLDS
    assert judged(at_least=233).answer is Answer.FAILS


def test_the_day_against_the_days_claimed():
    assert judged(since="2024-10-27", until="2024-10-27").answer is Answer.HOLDS
    late = judged(until="2024-10-20")
    assert (late.answer, late.found.value) == (Answer.FAILS, 7)
    assert judged(since="2024-11-01").found.value == 5


def test_a_fact_of_low_confidence_decides_nothing():
    assert judged({"confidence": "low"}, at_most=232).answer is Answer.NOT_COMPUTED
    assert judged({"confidence": "medium"}, at_most=232).answer is Answer.HOLDS


def test_a_fact_says_its_source_and_confidence():
    assert "a page; confidence high" in judged(at_most=232).reason


@pytest.mark.parametrize(
    "keys", [{}, {"at_most": 1, "since": "2024-01-01"}, {"since": "2025-01-02", "until": "2025-01-01"}]
)
def test_a_fact_compared_with_nothing_or_with_two_things_is_refused(keys):
    with pytest.raises(ValidationError):
        judged(**keys)
