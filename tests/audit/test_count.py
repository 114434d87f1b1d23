"""Counts, rare half-years and trends: by eye, by brute force, and against SciPy's own test of two rates."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from latticework.audit.base import Answer, outcome
from latticework.audit.family.count import Count, Trend, Unusual
from tests.audit.small import evidence


def events(days) -> pd.DataFrame:
    return pd.DataFrame(
        {"date": pd.array([str(d) for d in days], "str"), "state": "CHN", "partner": "JPN", "value": 1.0}
    )


def count(rows=None, **keys):
    asked = {"test": "count", "says": "x", "layers": ["leader"], "of": ["JPN"], "at_least": 1}
    return outcome(Count.model_validate(asked | keys), evidence(rows=rows))


def test_rows_between_two_days():
    assert count().found.value == 2
    assert count(since="2020-01-01").found.value == 1
    assert count(since="2024-10-01", until="2024-10-01").found.value == 1
    assert count(since="2024-10-02").answer is Answer.FAILS


def test_an_acting_leader_is_none():
    assert count(of=["KOR"]).found.value == 0


def test_spells_that_run_on_a_day_in_either_order():
    asked = {"layers": ["defence"], "of": ["USA-JPN", "USA-TWN"]}
    assert count(**asked, on="1975-12-31").found.value == 2
    assert count(**asked, on="2025-01-24").found.value == 1
    assert count(**{**asked, "of": ["USA-all"]}, on="1975-12-31").found.value == 2
    assert "is about states" in count(of=["JPN-USA"]).reason


def test_a_busy_half_year_against_all_others():
    days = [date(2000, 1, 15) + timedelta(days=200 * i) for i in range(40)] + [date(2024, 9, d) for d in (1, 9, 20)]
    test = {"test": "unusual", "says": "x", "layers": ["dispute"], "of": ["CHN-JPN"], "first": "2000-01-01"}
    test |= {"since": "2024-07-25", "at_least": 0.95}
    found = outcome(Unusual.model_validate(test), evidence(rows={"dispute": events(days)}))
    length, ends, end = 184, [], date(2024, 7, 24)
    while end - timedelta(days=length - 1) >= date(2000, 1, 1):
        ends.append(sum(end - timedelta(days=length) < d <= end for d in days))
        end -= timedelta(days=length // 2)
    assert found.found.value == np.mean([n < 3 for n in ends]) == 1
    assert found.answer is Answer.HOLDS
    calm = outcome(Unusual.model_validate(test), evidence(rows={"dispute": events(days[:-3])}))
    assert calm.answer is Answer.FAILS


def trend(early: int, late: int, **keys):
    days = [date(1995, 1, 1) + timedelta(days=30 * i) for i in range(early)]
    days += [date(2005, 1, 1) + timedelta(days=30 * i) for i in range(late)]
    asked = {"test": "trend", "says": "x", "layers": ["dispute"], "of": ["CHN-JPN"], "first": "1995-01-01"}
    asked |= {"since": "2005-01-01", "until": "2014-12-31", "above": 1}
    return outcome(Trend.model_validate(asked | keys), evidence(rows={"dispute": events(days)}))


@pytest.mark.parametrize(("early", "late"), [(10, 30), (5, 5), (0, 7), (12, 0), (40, 70)])
def test_the_band_of_a_trend_is_that_of_the_exact_binomial(early, late):
    exposure = (date(2014, 12, 31) - date(2005, 1, 1)).days + 1
    exposure /= (date(2005, 1, 1) - date(1995, 1, 1)).days
    share = binomtest(late, early + late).proportion_ci(0.95, "exact")
    found = trend(early, late).found
    odds = [s / (1 - s) / exposure if s < 1 else np.inf for s in share]
    assert [found.lower, found.upper] == pytest.approx(odds, rel=1e-6)
    assert found.value == pytest.approx(late / early / exposure if early else np.inf)


def test_more_events_hold_and_fewer_fail_and_few_stay_open():
    assert trend(10, 40).answer is Answer.HOLDS
    assert trend(40, 10).answer is Answer.FAILS
    assert trend(4, 6).answer is Answer.OPEN
    assert "no event" in trend(0, 0).reason
    assert "ends on 2014-12-31" in trend(5, 5, until="2016-12-31").reason
