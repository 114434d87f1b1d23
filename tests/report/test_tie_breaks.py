"""A break is dated by the quarters that its likeliest windows share, and runs of likely quarters are one break."""

import numpy as np
import pytest

from latticework.report.tie_breaks import breaks, when
from tests.report.tie_frames import series


def chances(shocks: dict[int, float], count: int = 40) -> np.ndarray:
    """The chance that one of the four quarters up to each broke, if each did by itself with its chance."""
    single = np.zeros(count)
    for place, chance in shocks.items():
        single[place] = chance
    return np.array([1 - np.prod(1 - single[max(i - 3, 0) : i + 1]) for i in range(count)])


def test_a_break_in_one_known_quarter_is_dated_to_it():
    strength = np.r_[np.full(20, 1.0), np.full(20, -0.5)]
    (row,) = breaks(series(strength, broke=chances({20: 0.97}))).to_dict("records")
    assert (row["since"], row["until"]) == ("2020-03-31", "2020-03-31")
    assert row["probability"] == pytest.approx(0.97)
    assert row["change"] == pytest.approx(-1.5)


def test_a_break_somewhere_in_a_year_is_dated_to_the_year():
    # One break, as likely in each quarter of 2020: the window that holds it for sure is the year.
    broke = np.array([0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0])
    broke = np.r_[np.zeros(19), broke, np.zeros(12)]
    strength = np.r_[np.full(20, 0.0), np.linspace(0.3, 1.2, 4), np.full(16, 1.2)]
    (row,) = breaks(series(strength, broke=broke)).to_dict("records")
    assert when(row["since"], row["until"]) == "2020"
    assert row["change"] == pytest.approx(1.2)


def test_two_breaks_whose_windows_touch_are_one_row_from_the_first_to_the_last():
    (row,) = breaks(series(1.0, broke=chances({20: 0.99, 24: 0.99}))).to_dict("records")
    assert (row["since"], row["until"]) == ("2020-03-31", "2021-03-31")


def test_two_breaks_far_apart_are_two_rows():
    rows = breaks(series(1.0, broke=chances({8: 0.8, 24: 0.6})))
    assert list(rows["probability"].round(6)) == [0.8, 0.6]
    assert list(rows["since"]) == ["2017-03-31", "2021-03-31"]


def test_an_unlikely_break_is_none_and_an_early_one_has_a_date():
    assert breaks(series(1.0, broke=0.49)).empty
    (row,) = breaks(series(1.0, broke=chances({0: 0.9}))).to_dict("records")
    assert row["since"] == "2015-03-31"
    assert row["change"] == 0.0


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("1979-03-31", "1979-03-31", "1979 Q1"),
        ("1979-03-31", "1979-12-31", "1979"),
        ("1979-06-30", "1980-03-31", "1979 Q2 to 1980 Q1"),
    ],
)
def test_quarters_are_named(since, until, said):
    assert when(since, until) == said
