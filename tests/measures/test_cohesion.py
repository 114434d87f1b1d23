"""Cohesion against numbers worked out by hand: three ties, three draws."""

import numpy as np
import pytest
from scipy.stats import norm

from latticework.measures.cohesion import MEAN, WEAKEST, cohesion
from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.domains import RECORD

TRIANGLE = (("JPN", "KOR"), ("JPN", "USA"), ("KOR", "USA"))


def tiny(strength, names=TRIANGLE, factor=None, alive=None, first_year=2000) -> TieDraws:
    """Draws made by hand: strength by draw, quarter and dyad; factors zero and all alive unless given."""
    strength = np.asarray(strength, float)
    s, t, d = strength.shape
    months = np.datetime64(f"{first_year}-04", "M") + 3 * np.arange(t)
    dates = months.astype("datetime64[D]") - 1
    factor = np.zeros((s, -(-t // 4), 3, d)) if factor is None else np.asarray(factor, float)
    alive = np.ones((t, d), bool) if alive is None else np.asarray(alive, bool)
    return TieDraws(names, dates, alive, strength, factor, np.zeros((s, t, d)), np.zeros((0, t, d)), np.zeros((t, d)))


def in_sd(scores) -> np.ndarray:
    """Strength in sd that goes with scores from 0 to 100."""
    return norm.ppf(np.asarray(scores, float) / 100)


def at(table, quantity, row=-1):
    return table[table["quantity"] == quantity].iloc[row]


def test_weakest_link_and_mean_of_three_ties_in_three_draws_by_hand():
    draws = tiny(in_sd([[[30, 60, 90]], [[40, 50, 60]], [[70, 50, 30]]]))
    table = cohesion(draws, ("USA", "JPN", "KOR"))
    assert list(table.columns) == [*RECORD, "partner_probability"]
    weakest, mean = at(table, WEAKEST), at(table, MEAN)
    # weakest by draw: 30 (JPN-KOR), 40 (JPN-KOR), 30 (KOR-USA): sorted 30, 30, 40; means 60, 50, 50
    assert weakest["value"] == pytest.approx(30)
    assert (weakest["lower"], weakest["upper"]) == pytest.approx((30, 38))  # quantile 0.9 of three: 0.8 of the way
    assert (weakest["partner"], weakest["partner_probability"]) == ("JPN-KOR", pytest.approx(2 / 3))
    assert (mean["value"], mean["lower"], mean["upper"]) == pytest.approx((50, 50, 58))
    assert (mean["state"], mean["partner"], mean["origin"]) == ("JPN-KOR-USA", "", "estimated")
    assert np.isnan(weakest["probability"])
    assert (weakest["date"], weakest["draws"]) == ("2000-03-31", 3)


def test_the_chance_of_a_fall_counts_draws_over_eight_quarters():
    scores = np.full((3, 9, 3), 60.0)
    scores[:, 0, 0] = 50  # the weakest link eight quarters before the last date
    scores[0, 8, 1], scores[1, 8, 2], scores[2, 8, 0] = 40, 55, 49  # after it: 40 (fell), 55 (rose), 49 (fell)
    table = cohesion(tiny(in_sd(scores)), ("JPN", "KOR", "USA"))
    assert at(table, WEAKEST)["probability"] == pytest.approx(2 / 3)
    # means: 170/3 before; 160/3, 175/3, 169/3 after
    assert at(table, MEAN)["probability"] == pytest.approx(2 / 3)
    assert at(table, MEAN, -2)["probability"] != at(table, MEAN)["probability"]
    assert at(table, MEAN)["probability_of"] == "below its value 8 quarters before"


def test_the_order_of_the_states_and_of_the_dyads_changes_nothing():
    rng = np.random.default_rng(5)
    strength = rng.normal(size=(20, 12, 3))
    one = cohesion(tiny(strength), ("USA", "JPN", "KOR"))
    turned = tiny(strength[:, :, [2, 0, 1]], tuple(TRIANGLE[k] for k in (2, 0, 1)))
    assert one.equals(cohesion(turned, ("KOR", "USA", "JPN")))


def test_ties_outside_the_group_do_not_count():
    rng = np.random.default_rng(6)
    strength = rng.normal(size=(20, 12, 3))
    more = tiny(np.concatenate([strength, np.full((20, 12, 1), -3.0)], axis=2), (*TRIANGLE, ("CHN", "USA")))
    assert cohesion(more, ("JPN", "KOR", "USA")).equals(cohesion(tiny(strength), ("JPN", "KOR", "USA")))


def test_a_group_has_a_cohesion_only_while_all_its_states_exist():
    alive = np.ones((6, 3), bool)
    alive[:2, 0] = alive[:2, 2] = False
    table = cohesion(tiny(np.zeros((2, 6, 3)), alive=alive), ("JPN", "KOR", "USA"))
    assert table["date"].min() == "2000-09-30"
    assert len(table) == 2 * 4


def test_the_weakest_link_is_never_above_the_mean_nor_the_weakest_of_medians():
    rng = np.random.default_rng(7)
    strength = rng.normal(size=(400, 4, 3))
    table = cohesion(tiny(strength), ("JPN", "KOR", "USA"))
    assert (at(table, WEAKEST)["value"] < at(table, MEAN)["value"]).all()
    # three equal ties: the median of the least of three uniforms is 1 - 0.5**(1/3), not one half
    least = at(table, WEAKEST)["value"]
    error = 100 * np.sqrt(0.25 / 400) / (3 * (1 - 0.206) ** 2)
    assert least == pytest.approx(100 * (1 - 0.5 ** (1 / 3)), abs=4 * error)


def test_simulated_paths_are_measured_like_draws():
    paths = np.random.default_rng(8).normal(size=(50, 20, 3)).cumsum(1) / 5
    table = cohesion(tiny(paths, first_year=2025), ("JPN", "KOR", "USA"))
    assert table["date"].max() == "2029-12-31"
    assert table["value"].between(0, 100).all()
    assert (table["lower"] <= table["value"]).all()
    assert (table["value"] <= table["upper"]).all()
