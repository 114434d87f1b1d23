"""How numbers are printed: never more certain than the simulation, never with digits that they do not deserve."""

import numpy as np
import pytest

from latticework.report.numbers import (
    by_year,
    chance,
    chance_band,
    count,
    day,
    decimal,
    joined,
    number,
    persons,
    points,
    the,
    years,
)


@pytest.mark.parametrize("paths", [1, 10, 100, 2000, 10**6, None])
def test_no_chance_is_printed_as_never_or_always(paths):
    for share in np.linspace(0, 1, 2001):
        text = chance(float(share), paths)
        assert text not in {"0 %", "100 %", "−0 %"}


@pytest.mark.parametrize(
    ("share", "paths", "text"),
    [
        (0.0, 4000, "<1 %"),
        (0.0, 100, "<3 %"),  # what never happened in a hundred paths may have a chance of three in a hundred
        (1.0, 4000, ">99 %"),
        (0.004, 4000, "<1 %"),
        (0.996, 4000, ">99 %"),
        (0.123, 4000, "12 %"),
        (float("nan"), 4000, "–"),
    ],
)
def test_chances(share, paths, text):
    assert chance(share, paths) == text


def test_bands_of_chances_have_their_unit_before_them():
    assert chance_band(0.031, 0.092, 4000) == "(3–9)"
    assert chance_band(0.0, 0.04, 4000) == "(<1–4)"
    assert chance_band(0.0, 0.0, 4000) == "(<1)"
    assert chance_band(float("nan"), 0.5) == ""


def test_numbers_keep_what_counts():
    assert (number(23291.0), persons(23291.0), count(23291.0)) == ("23,300", "23,300", "23,291")
    assert (number(0.5, sign=True), number(-0.1), number(0.0, sign=True)) == ("+0.5", "−0.1", "0")
    assert (decimal(0.8), decimal(-1.234), decimal(-0.001)) == ("0.80", "−1.23", "0.00")
    assert (points(0.034), points(-0.12), points(0.0001)) == ("+3.4", "−12", "0.0")


def test_dates_and_lists_are_words():
    assert day("2025-01-24") == "24 January 2025"
    assert (by_year("2028-12-31"), by_year("2028-09-30")) == ("end 2028", "30 September 2028")
    assert (years(0.05), years(2.07)) == ("new", "2.1 years")
    assert (joined(["a"]), joined(["a", "b", "c"]), joined([])) == ("a", "a, b and c", "")
    assert (the("United States"), the("Japan")) == ("the United States", "Japan")
