"""Values set on the command line: what they reach, whose they are then, what is said where they reach nothing."""

import pytest

from latticework.errors import InputError, ScenarioError
from latticework.scenario import Scenario, read_scenario
from latticework.scenario.changes import MADE, read_change
from tests.scenario.examples import FULL, KNOWN, SMALL


def read(*sets: str, text: str = SMALL) -> Scenario:
    return read_scenario(text, "small/scenario.yaml", KNOWN, [read_change(written) for written in sets])


def test_items_are_reached_by_id_state_and_number():
    changed = read(
        "interventions.pressure.size.mean=1.5",
        "leaders.JPN.name=Z",
        "values.0.value=9000",
        "quarters=8",
        "branches.hub.interventions=[drift]",
    )
    assert changed.intervention("pressure").size.mean == 1.5
    assert changed.intervention("pressure").size.sd == 0.25
    assert [leader.name for leader in changed.leaders] == ["A", "Z", "C"]
    assert (changed.values[0].value, changed.quarters) == (9000, 8)
    assert changed.branch("hub").interventions == ("drift",)


def test_what_is_not_named_stays_as_it_was():
    before, after = read().model_dump(), read("quarters=8").model_dump()
    assert {key for key in before if before[key] != after[key]} == {"quarters"}


def test_a_key_that_the_file_leaves_out_can_be_set():
    assert read("interventions.pressure.half_life=2").intervention("pressure").half_life == 2


def test_the_last_change_of_a_value_counts():
    assert read("quarters=8", "quarters=12").quarters == 12


def test_a_changed_assumption_is_the_users():
    before, after = (read(*sets).intervention("pressure") for sets in ((), ("interventions.pressure.size.mean=1.5",)))
    assert before.assumed_by == "us"
    assert after.assumed_by == MADE
    assert "size.mean = 1.5 (in the file: 0.5)" in after.reason
    assert after.reason.endswith("because")
    assert read("interventions.pressure.size.mean=1.5").intervention("drift").assumed_by == "us"


def test_a_changed_fact_is_no_fact():
    value = read("values.0.value=9000").values[0]
    assert (value.source, value.assumed_by) == (None, MADE)
    assert "23291" in value.reason
    assert read("leaders.JPN.name=Z").leaders[1].source.startswith("Set on the command line")


def test_words_about_an_origin_stay_as_they_are_set():
    assert read("interventions.pressure.assumed_by=me").intervention("pressure").assumed_by == "me"


FAULTS = {
    "quarters": "write path=value",
    "=3": "write path=value",
    "a..b=3": "write path=value",
    "quarters=[1": "the value cannot be read",
    "quartres=8": "a scenario has no key 'quartres'. Did you mean 'quarters'?",
    "interventions.presure.size.mean=1": "'interventions' has no item 'presure'. Did you mean 'pressure'?",
    "interventions.9.size.mean=1": "or a number from 0 to 4",
    "interventions.pressure.siz.mean=1": "'interventions.pressure' has no key 'siz'. Did you mean 'size'?",
    "interventions.pressure.size.men=1": "'interventions.pressure.size' has no key 'men'. Did you mean 'mean'?",
    "interventions.fall.chance.x=1": "'interventions.fall.chance' is the value '0.4'",
    "interventions.pressure.size.mean=much": "interventions.pressure.size.mean: should be a valid number, found 'much'",
    "quarters=0": "quarters: should be greater than or equal to 1, found '0'",
    "hub=XXX": "hub: ",
    "branches.hub.interventions=[gone-by]": "gone-by",
    "baseline=2025": "baseline: a date is written as YYYY-MM-DD",
}


@pytest.mark.parametrize(("written", "why"), FAULTS.items())
def test_a_change_that_leads_nowhere_names_option_path_and_what_is_possible(written, why):
    with pytest.raises(InputError) as fault:
        read("interventions.drift.size.sd=1", written)
    assert f"--set {written}: " in str(fault.value)
    assert why in str(fault.value)
    assert "\n" not in str(fault.value)


def test_control_a_fault_of_the_file_itself_is_told_with_its_line():
    with pytest.raises(ScenarioError, match=r"small/scenario\.yaml:\d+:"):
        read("quarters=8", text=SMALL.replace("hub: USA", "hub: XXX"))


def test_a_parameter_of_a_mechanism_can_be_set_whether_the_file_has_it_or_not():
    changed = read("mechanisms.bargain.parameters.weight of threat.mean=0.5", text=FULL)
    assert changed.mechanisms[0].parameters["weight of threat"].mean == 0.5
    assert changed.mechanisms[0].assumed_by == MADE
    bare = FULL.replace("    parameters: {weight of threat: {mean: 0.3, sd: 0.1}}\n", "")
    assert bare != FULL
    changed = read("mechanisms.bargain.parameters.weight of threat={mean: 0.5, sd: 0.1}", text=bare)
    assert changed.mechanisms[0].parameters["weight of threat"].mean == 0.5
    with pytest.raises(InputError, match="has no 'weight of threat' yet: set the whole of it, with 'mean' in it"):
        read("mechanisms.bargain.parameters.weight of threat.mean=0.5", text=bare)
    with pytest.raises(InputError, match="'burden' has no parameter 'weight'"):
        read("mechanisms.bargain.parameters.weight={mean: 0.5, sd: 0.1}", text=bare)
