"""Measures of ties, recomputed from the draws with the normal law of SciPy alone."""

import numpy as np
import pytest
from scipy.stats import norm

from latticework.audit.base import Answer, outcome
from latticework.audit.family.measure import Measure
from tests.audit.small import draws, evidence

BAND = (0.1, 0.5, 0.9)


def measure(**keys):
    asked = {"test": "measure", "says": "x", "quantity": "tie strength", "of": ["JPN", "USA"], "above": 0}
    return outcome(Measure.model_validate(asked | keys), evidence())


def scores(pair: tuple[str, str]) -> np.ndarray:
    d = draws()
    return 100 * norm.cdf(d.strength[:, :, d.names.index(pair)])


def near(found, values):
    assert (found.lower, found.value, found.upper) == pytest.approx(np.quantile(values, BAND), rel=1e-6)


def test_the_level_at_the_last_quarter_that_had_ended():
    near(measure().found, scores(("JPN", "USA"))[:, 7])
    near(measure(on="2024-03-30").found, scores(("JPN", "USA"))[:, 3])
    near(measure(on="2024-03-31").found, scores(("JPN", "USA"))[:, 4])
    assert "from 2023-03-31 on" in measure(on="2020-01-01").reason


def test_changes_and_differences_are_taken_draw_by_draw():
    tie = scores(("JPN", "USA"))
    near(measure(since="2023-12-31").found, tie[:, 7] - tie[:, 3])
    near(measure(less={"of": ["KOR", "USA"]}).found, tie[:, 7] - scores(("KOR", "USA"))[:, 7])
    near(measure(since="2023-12-31", peak_from="2023-06-30").found, tie[:, 7] - tie[:, 1:4].max(1))


def test_the_weakest_link_and_the_mean_of_three_ties():
    ties = np.stack([scores(p) for p in (("JPN", "KOR"), ("JPN", "USA"), ("KOR", "USA"))])[:, :, 7]
    near(measure(quantity="weakest link", of=["USA", "JPN", "KOR"]).found, ties.min(0))
    near(measure(quantity="mean tie", of=["USA", "JPN", "KOR"]).found, ties.mean(0))


def test_the_place_of_a_tie_counts_those_ahead_of_it():
    ahead = scores(("JPN", "USA"))[:, 7] > scores(("KOR", "USA"))[:, 7]
    near(measure(quantity="place of the tie", of=["KOR", "USA"], among=["JPN"], at_most=2, above=None).found, 1 + ahead)


def test_tilt_is_the_mean_difference_of_three_domains():
    d = draws()
    toward = [
        norm.cdf((d.strength[:, 7, i][:, None] + d.factor[:, 1, :, i]) / np.sqrt(2))
        for i in (d.names.index(("JPN", "USA")), d.names.index(("CHN", "JPN")))
    ]
    found = measure(quantity="tilt", of=["JPN"])
    near(found.found, (toward[0] - toward[1]).mean(1))
    assert found.answer is Answer.HOLDS
    assert measure(quantity="tilt", of=["JPN"], hub="CHN", rival="USA").answer is Answer.FAILS


def test_a_measure_of_the_wrong_number_of_states_is_not_computed():
    assert "is of 2 states, not of 3" in measure(of=["JPN", "USA", "KOR"]).reason
    assert "needs other states" in measure(quantity="place of the tie").reason


@pytest.mark.parametrize(
    ("keys", "pairs"),
    [
        ({}, {("JPN", "USA")}),
        ({"quantity": "tilt", "of": ["JPN"]}, {("JPN", "USA"), ("CHN", "JPN")}),
        ({"quantity": "place of the tie", "among": ["KOR", "JPN"]}, {("JPN", "USA"), ("KOR", "USA")}),
        ({"quantity": "mean tie", "of": ["USA", "JPN", "KOR"]}, {("JPN", "KOR"), ("JPN", "USA"), ("KOR", "USA")}),
    ],
)
def test_it_says_which_ties_it_reads(keys, pairs):
    asked = {"test": "measure", "says": "x", "quantity": "tie strength", "of": ["JPN", "USA"], "above": 0}
    assert Measure.model_validate(asked | keys).pairs() == pairs
