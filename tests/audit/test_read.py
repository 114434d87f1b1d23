"""A claims file that is wrong gives one message with every fault, its line and column and a way out; never a crash."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.audit import chosen
from latticework.audit.family import FAMILY
from latticework.errors import LatticeworkError, ScenarioError, UnknownNameError
from tests.audit.small import HEAD, claims


def test_a_small_file_is_read():
    read = claims()
    assert [claim.id for claim in read.claims] == ["C1"]
    assert read.claims[0].tests[0].test == "value"
    assert read.facts[0].value == 215


FAULTS = [
    ("layer: gdp", "layer: gdq", "13:45: claims.C1.tests.0.layer: there is no layer 'gdq'. Did you mean 'gdp'?"),
    ("test: value", "test: valeu", "13:16: claims.C1.tests.0.test: unknown test 'valeu'. Did you mean 'value'?"),
    ("at_least: 4", "atleast: 4", "13:61: claims.C1.tests.0.atleast: unknown key 'atleast'. Did you mean 'at_least'?"),
    (", at_least: 4", "", "say what the claim says"),
    ("of: [JPN]", "of: [JPX]", "There is no state".lower()),
    ("kind: fact", "kind: fcat", "11:11: claims.C1.kind: unknown word 'fcat'. Did you mean 'fact'?"),
    ("id: C1", "identity: C1", "the key 'id' is missing"),
    ("value: 215", "value: many", "should be a valid number"),
    ("at_least: 4", "at_least: 4, on: 2025-02-01", "2025-02-01 is after 2025-01-24, the day of the text"),
    ("date: 2024-10-27", "date: 2025-02-03", "2025-02-03 is after 2025-01-24"),
    ("at_least: 4", "at_least: 4, premise: true", "every test is a premise"),
    (
        "test: value, says: a value, layer: gdp, of: [JPN]",
        "test: dated_fact, says: x, fact: F2",
        "there is no fact 'F2' here",
    ),
    ("    tests:\n", "    tests: []\n    x:\n", "at least 1 needed, found 0"),
    ("dated: 2025-01-24", "dated: 2025-13-24", "not a date of the calendar"),
    ("  - id: C1", "  - id: C 1", "an id is of letters, digits and '-'"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_fault_is_told_with_its_place_and_a_way_out(old, new, said):
    assert old in HEAD
    with pytest.raises(ScenarioError) as caught:
        claims(HEAD.replace(old, new))
    lines = str(caught.value).splitlines()
    assert all(line.startswith("small/claims.yaml:") for line in lines)
    assert said in str(caught.value)


def test_all_faults_come_at_once_and_a_list_is_not_called_short_for_the_faults_in_it():
    with pytest.raises(ScenarioError) as caught:
        claims(HEAD.replace("layer: gdp", "layer: gdq").replace("kind: fact", "kind: fcat"))
    assert len(str(caught.value).splitlines()) == 2


def test_the_same_id_twice_is_told():
    again = HEAD + HEAD[HEAD.index("  - id: C1") :]
    with pytest.raises(ScenarioError, match="another claim has the id 'C1'"):
        claims(again)


def test_names_of_yearly_layers_and_effects_are_checked_too():
    study = "{test: event_study, says: x, outcome: idel_point, event: turnover, states: [JPN, KOR], "
    study += "first: 1950-01-01, below: 0}"
    text = HEAD.replace("{test: value, says: a value, layer: gdp, of: [JPN], at_least: 4}", study)
    with pytest.raises(ScenarioError, match=r"there is no layer 'idel_point'\. Did you mean 'ideal_point'\?"):
        claims(text)
    assert claims(text.replace("idel_point", "ideal_point")).claims


def test_claims_are_chosen_by_id_in_any_case():
    assert [c.id for c in chosen(claims(), ["c1"])] == ["C1"]
    assert [c.id for c in chosen(claims())] == ["C1"]
    with pytest.raises(UnknownNameError, match="There is no claim 'C9' in 'small'"):
        chosen(claims(), ["C9"])


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_text_with_random_damage_is_read_or_refused_and_never_crashes(rng: random.Random, cuts):
    text = HEAD
    for _ in range(cuts):
        at = rng.randrange(len(text))
        piece = rng.choice(["", ":", "-", "\n", "  ", "[", "}", "&a", "null", "9e999", "on: 1", "\t", "'", "tests: {}"])
        text = text[:at] + piece + text[at + rng.randrange(4) :]
    said = ""
    try:
        claims(text)
    except LatticeworkError as error:
        said = str(error)
    assert all(line.startswith("small/claims.yaml:") for line in said.splitlines())


@pytest.mark.parametrize("word", FAMILY)
def test_every_test_refuses_a_key_that_it_does_not_know(word):
    text = HEAD.replace(
        "{test: value, says: a value, layer: gdp, of: [JPN], at_least: 4}", f"{{test: {word}, nonsense: 1}}"
    )
    with pytest.raises(ScenarioError, match="unknown key 'nonsense'"):
        claims(text)
