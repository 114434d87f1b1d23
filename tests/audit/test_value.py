"""A value of the panel, against the small table read by eye."""

from datetime import date

import pytest

from latticework.audit.base import Answer, MissingEvidenceError, outcome
from latticework.audit.family.value import Value
from tests.audit.small import evidence


def value(**keys):
    return Value.model_validate({"test": "value", "says": "x", "layer": "gdp", "of": ["JPN"], "above": 0} | keys)


def test_the_last_value_that_held():
    assert value().found(evidence()).value == 4
    assert value(on="2016-01-01").found(evidence()).value == 3
    assert value(of=["JPN", "KOR"]).found(evidence()).value == 6


def test_a_share_and_a_difference():
    assert value(share_of=["JPN", "KOR", "USA"]).found(evidence()).value == pytest.approx(4 / 15)
    assert value(less={"layer": "gdp", "of": "KOR"}).found(evidence()).value == 2


def test_a_spell_counts_while_it_runs_and_a_complete_list_says_no_outside_of_it():
    asked = {"layer": "defence", "of": ["USA-JPN"]}
    assert value(**asked).found(evidence()).value == 1
    assert value(**asked, on="1951-01-01").found(evidence()).value == 0
    taiwan = {"layer": "defence", "of": ["TWN-USA"]}
    assert value(**taiwan, on="1975-12-31").found(evidence()).value == 1
    assert value(**taiwan, on="1980-01-01").found(evidence()).value == 0


def test_directed_dyads_are_read_as_they_are_written():
    assert value(layer="troops", of=["USA-KOR"]).found(evidence()).value == 200
    with pytest.raises(MissingEvidenceError, match="no value of 'troops' for KOR-USA"):
        value(layer="troops", of=["KOR-USA"]).found(evidence())


def test_a_value_that_is_too_old_or_of_another_kind_is_not_computed():
    found = outcome(value(on="2020-12-31"), evidence())
    assert (found.answer, found.reason) == (
        Answer.NOT_COMPUTED,
        "the last value of 'gdp' for JPN is of 2013-12-31",
    )
    assert value(on="2020-12-31", oldest=8.0).found(evidence()).value == 3
    assert "is about states" in outcome(value(of=["JPN-USA"]), evidence()).reason
    assert "holds words" in outcome(value(layer="leader"), evidence()).reason


def test_the_note_says_of_which_day_the_value_is_and_its_source():
    note = value().found(evidence()).note
    assert "2023-12-31" in note
    assert "a source" in note
    assert value().on is None
    assert value(on="2016-01-01").on == date(2016, 1, 1)
