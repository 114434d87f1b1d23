"""Primacy against numbers worked out by hand, its limits and its invariances."""

import numpy as np
import pytest

from latticework.measures.primacy import primacy, tied_share
from latticework.measures.strength.domains import RECORD
from tests.measures.test_cohesion import in_sd, tiny

REGION = (("JPN", "USA"), ("CHN", "JPN"), ("PRK", "USA"), ("CHN", "PRK"))


def test_primacy_of_three_draws_by_hand():
    scores = np.array([[[80, 20, 10, 60]], [[60, 40, 10, 60]], [[90, 10, 20, 50]]])
    capability = np.array([[3.0, 1.0]])  # JPN, PRK
    table = primacy(tiny(in_sd(scores), REGION), "USA", "CHN", ("JPN", "PRK"), capability)
    # (240 + 10) / (250 + 120), (180 + 10) / (190 + 180), (270 + 20) / (290 + 80), all over 370
    row = table.iloc[0]
    assert list(table.columns) == [*RECORD, "states"]
    assert row["value"] == pytest.approx(250 / 370)
    assert (row["lower"], row["upper"]) == pytest.approx((202 / 370, 282 / 370))
    assert (row["state"], row["partner"], row["states"]) == ("USA", "CHN", 2)


def test_hub_only_is_one_rival_only_is_zero_and_equal_ties_are_one_half():
    c = np.array([2.0, 1.0, 5.0])
    some, none = np.array([0.2, 0.9, 0.4]), np.zeros(3)
    assert tied_share(some, none, c) == 1
    assert tied_share(none, some, c) == 0
    assert tied_share(some, some, c) == pytest.approx(0.5)
    assert np.isnan(tied_share(none, none, c))


def test_the_unit_of_capability_and_the_order_of_states_change_nothing():
    rng = np.random.default_rng(2)
    draws, capability = tiny(rng.normal(size=(30, 12, 4)), REGION), rng.exponential(size=(12, 2))
    one = primacy(draws, "USA", "CHN", ("JPN", "PRK"), capability)
    other = primacy(draws, "USA", "CHN", ("PRK", "JPN"), 7 * capability[:, ::-1])
    assert one.drop(columns="value").round(12).equals(other.drop(columns="value").round(12))
    assert one["value"].to_numpy() == pytest.approx(other["value"].to_numpy())


def test_changing_hub_and_rival_gives_the_rest_to_one():
    rng = np.random.default_rng(3)
    draws, capability = tiny(rng.normal(size=(31, 12, 4)), REGION), rng.exponential(size=(12, 2))
    one = primacy(draws, "USA", "CHN", ("JPN", "PRK"), capability)
    other = primacy(draws, "CHN", "USA", ("JPN", "PRK"), capability)
    assert (one["value"] + other["value"]).to_numpy() == pytest.approx(1)
    assert (one["lower"] + other["upper"]).to_numpy() == pytest.approx(1)
    assert (one["probability"] + other["probability"]).dropna().to_numpy() == pytest.approx(1)


def test_strength_that_moves_from_hub_to_rival_lowers_primacy():
    strength = np.zeros((10, 9, 4))
    strength[:, 8] = [-1.0, 1.0, 0.0, 0.0]
    table = primacy(tiny(strength, REGION), "USA", "CHN", ("JPN", "PRK"), np.ones((9, 2)))
    assert table["value"].iloc[-1] < table["value"].iloc[0]
    assert table["probability"].iloc[-1] == 1
    assert table["probability_of"].iloc[-1] == "below its value 8 quarters before"


def test_a_state_without_capability_or_not_there_does_not_count():
    strength = np.zeros((5, 8, 4))
    strength[..., 0] = 50.0  # all of JPN's ties are to the hub
    strength[..., 1] = -50.0
    capability, alive = np.ones((8, 2)), np.ones((8, 4), bool)
    capability[:4, 1] = np.nan
    alive[6:, 2:] = False
    table = primacy(tiny(strength, REGION, alive=alive), "USA", "CHN", ("JPN", "PRK"), capability)
    assert table["value"].to_numpy() == pytest.approx([1, 1, 1, 1, 0.75, 0.75, 1, 1])
    assert table["states"].tolist() == [1, 1, 1, 1, 2, 2, 1, 1]


def test_quarters_in_which_nobody_counts_have_no_row():
    capability = np.array([[np.nan, np.nan], [1.0, np.nan]])
    table = primacy(tiny(np.zeros((5, 2, 4)), REGION), "USA", "CHN", ("JPN", "PRK"), capability)
    assert table["date"].tolist() == ["2000-06-30"]
