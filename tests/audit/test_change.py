"""Changes between two days, worked out by hand."""

import pytest

from latticework.audit.base import Answer, outcome
from latticework.audit.family.change import Change
from tests.audit.small import evidence


def change(**keys):
    asked = {"test": "change", "says": "x", "layer": "gdp", "of": "JPN", "since": "2014-06-30", "above": 0}
    return outcome(Change.model_validate(asked | keys), evidence())


def test_later_less_earlier():
    assert change().found.value == 1
    assert change(unit="percent").found.value == pytest.approx(100 / 3)
    assert change(layer="troops", of="USA-KOR", since="2014-12-31").found.value == -100


def test_the_sign_decides():
    assert change().answer is Answer.HOLDS
    assert change(layer="troops", of="USA-KOR", since="2014-12-31").answer is Answer.FAILS


def test_no_change_is_told_where_nothing_newer_is_known():
    assert "no value for JPN after" in change(since="2024-06-30").reason
