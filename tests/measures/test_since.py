"""Forecasts beside the record, and events beside the ties they move, on cases worked by hand."""

import numpy as np
import pandas as pd

from latticework.measures.drivers import FEWEST, _compared
from latticework.measures.since import SEEN, beside, tally


def _forecast(rows):
    columns = ["kind", "quantity", "state", "partner", "date", "unit", "value", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def _seen(rows):
    return pd.DataFrame([(*row, np.nan, np.nan, "2020-12-31", "s") for row in rows], columns=list(SEEN))


def test_a_number_is_inside_its_band_or_not_and_a_chance_is_added_up():
    forecast = _forecast(
        [
            ("troops", "troops", "USA", "JPN", "2019-12-31", "persons", 50.0, 40.0, 60.0),
            ("troops", "troops", "USA", "KOR", "2019-12-31", "persons", 50.0, 40.0, 60.0),
            ("troops", "troops", "USA", "KOR", "2020-12-31", "persons", 50.0, 40.0, 60.0),
            ("leader", "leader leaves office", "USA", "", "2019-12-31", "chance", 0.7, 0.6, 0.8),
            ("leader", "leader leaves office", "JPN", "", "2019-12-31", "chance", 0.2, 0.1, 0.3),
        ]
    )
    seen = _seen(
        [
            ("troops", "troops", "USA", "JPN", "2019-12-31", 60.0),
            ("troops", "troops", "USA", "KOR", "2019-12-31", 61.0),
            ("troops", "troops", "USA", "KOR", "2020-12-31", np.nan),
            ("leader", "leader leaves office", "USA", "", "2019-12-31", 1.0),
            ("leader", "leader leaves office", "JPN", "", "2019-12-31", np.nan),
            ("leader", "leader leaves office", "PHL", "", "2019-12-31", 1.0),
        ]
    )
    found = beside(forecast, seen)
    assert found["inside"].tolist()[:2] == [1.0, 0.0]
    assert found["inside"].isna().tolist() == [False, False, True, True, True]
    assert tuple(tally(found)) == (2, 1, 1, 0.7, 1)


def test_the_difference_that_an_event_makes_has_the_error_of_two_means():
    rng = np.random.default_rng(3)
    with_it = np.arange(2000) < 500
    gaps, errors = [], []
    for _ in range(200):
        strength = rng.normal(60, 5, 2000) - 3.0 * with_it
        chance, one, other, gap, error = _compared(strength, with_it)
        assert chance == 0.25
        assert gap == one - other
        gaps.append(gap)
        errors.append(error)
    assert abs(np.mean(gaps) + 3.0) < 4 * np.std(gaps) / np.sqrt(200)
    assert abs(np.std(gaps) / np.mean(errors) - 1) < 4 / np.sqrt(2 * 200)


def test_no_difference_is_told_of_a_handful_of_paths():
    few = np.arange(1000) < FEWEST - 1
    assert np.isnan(_compared(np.ones(1000), few)[3])
    assert _compared(np.ones(1000), np.arange(1000) < FEWEST)[3] == 0.0
