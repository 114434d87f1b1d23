"""Ratios of rates: counted by hand, and known ratios found and not found."""

import numpy as np
import pandas as pd
import pytest

from latticework.audit.base import Answer, outcome
from latticework.audit.family.rates import Rates
from tests.audit.small import evidence

ASKED = {"test": "rates", "says": "x", "event": "turnover", "layer": "rivalry", "states": ["JPN", "KOR"]}
ASKED |= {"first": "1955-01-01", "above": 1}


def panel(with_it: float, without: float, seed: int = 1, states: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    condition = (rng.random((states, 40)) < 0.4).astype(float)
    event = (rng.random(condition.shape) < np.where(condition, with_it, without)).astype(float)
    rows = [(f"A{i}", 1960 + t, event[i, t], condition[i, t]) for i in range(states) for t in range(40)]
    return pd.DataFrame(rows, columns=["state", "year", "turnover", "rivalry"])


def rates(table, **keys):
    return outcome(Rates.model_validate(ASKED | keys), evidence(table=table))


def test_the_ratio_is_that_of_the_counts():
    table = panel(0.3, 0.1)
    on, off = table[table["rivalry"] == 1], table[table["rivalry"] == 0]
    expected = on["turnover"].mean() / off["turnover"].mean()
    assert rates(table).found.value == pytest.approx(expected)


def test_a_true_ratio_is_found_and_the_other_sign_fails():
    assert rates(panel(0.3, 0.1)).answer is Answer.HOLDS
    assert rates(panel(0.1, 0.3)).answer is Answer.FAILS


def test_equal_rates_stay_open_as_often_as_the_band_says():
    still = [rates(panel(0.2, 0.2, seed)).answer is Answer.OPEN for seed in range(40)]
    assert np.mean(still) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 40) - 0.03


def test_a_missing_condition_is_no_condition_at_all():
    table = panel(0.3, 0.1)
    table.loc[table["year"] < 1980, "rivalry"] = np.nan
    assert "1980 to 1999" in rates(table).reason
    assert "too few" in rates(table[table["year"] > 1997].assign(turnover=0.0)).reason


def test_a_patrons_condition_counts_where_exactly_one_of_the_two_has_it():
    rows = []
    troops = {"JPN": 5000.0, "KOR": 3000.0, "CHN": 0.0}
    for year in range(1960, 1980):
        rows += [(s, "USA", year, 0.0, np.nan, troops[s]) for s in troops]
        rows += [("CHN", "JPN", year, float(year % 2), np.nan, np.nan)]
        rows += [("CHN", "KOR", year, float(year % 2), np.nan, np.nan)]
        rows += [("JPN", "KOR", year, 1.0, np.nan, np.nan)]
    table = pd.DataFrame(rows, columns=["state", "partner", "year", "dispute", "troops_12", "troops_21"])
    found = rates(table, event="dispute", layer="troops", layer_at_least=1000, patron="USA")
    assert found.found.value == pytest.approx(0.5)
    assert "in 20 of 40 unit-years with" in found.reason
    assert "in 20 of 20 without" in found.reason
