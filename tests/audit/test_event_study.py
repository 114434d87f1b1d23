"""Event studies: the slope by least squares with a dummy for every year, known effects found, none not found."""

import numpy as np
import pandas as pd
import pytest

from latticework.audit.base import Answer, outcome
from latticework.audit.family.event_study import EventStudy
from tests.audit.small import evidence

CODES = [f"A{i:02}" for i in range(14)]
YEARS = range(1960, 2000)
ASKED = {"test": "event_study", "says": "x", "outcome": "ideal_point", "event": "turnover", "first": "1955-01-01"}
ASKED |= {"states": ["JPN", "KOR"], "below": 0}


def panel(effect: float, seed: int = 1) -> pd.DataFrame:
    """States whose outcome jumps by `effect` in the year of an event, with shocks to all states and their own noise."""
    rng = np.random.default_rng(seed)
    event = (rng.random((len(CODES), len(YEARS))) < 0.2).astype(float)
    own = rng.standard_normal(event.shape)
    common = np.cumsum(rng.standard_normal(len(YEARS)))
    level = common + 0.5 * own + np.cumsum(effect * event, axis=1)
    rows = [(c, y, level[i, t], event[i, t]) for i, c in enumerate(CODES) for t, y in enumerate(YEARS)]
    return pd.DataFrame(rows, columns=["state", "year", "ideal_point", "turnover"])


def study(table: pd.DataFrame, **keys):
    return outcome(EventStudy.model_validate(ASKED | keys), evidence(table=table))


def by_least_squares(table: pd.DataFrame, years: int) -> float:
    """The coefficient of the event in a regression of the change with a dummy for every year."""
    rows = []
    for _, one in table.groupby("state"):
        y, e = one.set_index("year")["ideal_point"], one.set_index("year")["turnover"]
        rows += [(t, y[t + years] - y[t - 1], e[t]) for t in y.index if t + years in y.index and t - 1 in y.index]
    year, change, event = map(np.array, zip(*rows, strict=True))
    dummies = (year[:, None] == np.unique(year)).astype(float)
    return float(np.linalg.lstsq(np.column_stack([event, dummies]), change, rcond=None)[0][0])


@pytest.mark.parametrize("years", [0, 1, 3])
def test_the_difference_is_the_least_squares_slope(years):
    table = panel(-0.8)
    assert study(table, years=years).found.value == pytest.approx(by_least_squares(table, years))


def test_a_planted_effect_is_found_and_its_sign_flips_the_answer():
    assert study(panel(-0.8)).answer is Answer.HOLDS
    assert study(panel(0.8)).answer is Answer.FAILS


def test_the_band_holds_no_effect_as_often_as_it_says():
    inside = [study(panel(0.0, seed)).answer is Answer.OPEN for seed in range(60)]
    assert np.mean(inside) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 60) - 0.05  # percentile bands of 14 clusters are narrow


def test_absolute_changes_forget_the_sign():
    assert study(panel(3.0), size="absolute", above=0, below=None).answer is Answer.HOLDS
    assert study(panel(-3.0), size="absolute", above=0, below=None).answer is Answer.HOLDS


def dyads(seed: int = 2) -> pd.DataFrame:
    """Dyads with a partner that has the event, at the first or second place of the row; ties fall by 5 after it."""
    rng, rows = np.random.default_rng(seed), []
    hub = {y: float(y % 4 == 0) for y in YEARS}
    for code in ["AUS", "JPN", "KOR", "NZL", "PHL", "VNM"]:
        tie = 60.0
        for y in YEARS:
            tie += rng.standard_normal() - 5 * hub[y]
            one, two = sorted((code, "USA"))
            ends = (hub[y], 0.0) if one == "USA" else (0.0, hub[y])
            rows.append((one, two, y, tie, *ends, float(code != "PHL")))
    columns = ["state", "partner", "year", "tie_strength", "turnover_1", "turnover_2", "rivalry"]
    return pd.DataFrame(rows, columns=columns)


def test_an_event_of_the_partner_is_read_on_its_side_of_the_row():
    keys = {"outcome": "tie_strength", "partner": "USA", "at": "partner", "years": 0}
    found = study(dyads(), **keys)
    assert found.answer is Answer.HOLDS
    assert found.found.value == pytest.approx(-5, abs=1)
    assert "too few" in study(dyads(), **{**keys, "at": "state"}).reason  # nobody else has one


def test_units_outside_the_condition_are_left_out():
    keys = {"outcome": "tie_strength", "partner": "USA", "at": "partner", "years": 0}
    whole, some = (study(dyads(), **keys, **w).reason for w in ({}, {"where": "rivalry"}))
    count = [int(reason.split(": ")[1].split(" events")[0]) for reason in (whole, some)]
    assert count[1] == count[0] * 5 // 6


def test_what_is_missing_is_told():
    assert "needs a 'partner'" in study(panel(0.0), at="partner").reason
    assert "no single value" in study(panel(0.0), outcome="troops").reason
