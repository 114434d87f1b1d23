"""Where a band lies decides an answer; judged against a count of the numbers inside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from latticework.audit.base import Answer, MissingEvidenceError, Region, outcome
from latticework.audit.family.not_testable import NotTestable
from latticework.audit.family.value import Value
from tests.audit.small import evidence

edges = st.integers(-4, 4).map(float)


@given(edges, edges, st.booleans(), st.booleans(), edges, edges)
def test_an_answer_counts_the_numbers_of_the_band_that_lie_inside(low, high, open_low, open_high, a, b):
    low, high, lower, upper = min(low, high), max(low, high), min(a, b), max(a, b)
    if low == high:
        open_low = open_high = False
    region = Region(low, high, open_low, open_high)
    ends = [((x > low) if open_low else (x >= low)) and ((x < high) if open_high else (x <= high)) for x in (a, b)]
    grid = np.round(np.linspace(lower, upper, 841), 9)
    inside = [(x > low or (x == low and not open_low)) and (x < high or (x == high and not open_high)) for x in grid]
    expected = Answer.HOLDS if all(inside) else Answer.OPEN if any(inside) or any(ends) else Answer.FAILS
    assert region.judge(lower, upper) is expected


def test_a_number_that_is_missing_is_not_computed():
    assert Region(0.0).judge(float("nan"), 1.0) is Answer.NOT_COMPUTED


def test_flipping_the_threshold_flips_the_answer():
    asked = {"test": "value", "says": "product of Japan", "layer": "gdp", "of": ["JPN"]}
    assert outcome(Value.model_validate(asked | {"at_least": 4}), evidence()).answer is Answer.HOLDS
    assert outcome(Value.model_validate(asked | {"above": 4}), evidence()).answer is Answer.FAILS
    assert outcome(Value.model_validate(asked | {"below": 4}), evidence()).answer is Answer.FAILS
    assert outcome(Value.model_validate(asked | {"at_most": 4}), evidence()).answer is Answer.HOLDS


@pytest.mark.parametrize("bounds", [{}, {"above": 1, "at_least": 1}, {"at_least": 3, "at_most": 2}])
def test_bounds_that_are_none_or_leave_no_number_are_refused(bounds):
    with pytest.raises(ValidationError, match=r"say what the claim says|no number is"):
        Value.model_validate({"test": "value", "says": "x", "layer": "gdp", "of": ["JPN"], **bounds})


def test_what_cannot_be_tested_says_why_and_what_it_would_need():
    test = NotTestable.model_validate({"test": "not_testable", "says": "x", "because": "no data.", "needed": "a poll"})
    found = outcome(test, evidence())
    assert (found.answer, found.found) == (Answer.NOT_TESTABLE, None)
    assert found.reason == "no data. It would need: a poll."
    with pytest.raises(MissingEvidenceError):
        test.found(evidence())
