"""The picture of a simulation beside history shows every statistic and says which are not inside."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from latticework.report.chart_style import BRANCHES
from latticework.report.predictive_chart import drawing, number, predictive_chart, title, told

COLUMNS = ["title", "unit", "low", "high", "observed", "lower", "median", "upper", "inside"]
ROWS = [
    ("Disputes begun", "a decade", 241, 441, 398, 300, 390, 420, True),
    ("Members that left", "a decade", 0, 10, 4.6, 12, 14.04, 18, False),
    ("Trade, growth of the total", "log points", -0.06, 0.18, 0.07, 0.05, 0.071, 0.09, True),
    ("Leaders that left", "a decade", 72, 219, 196, np.nan, np.nan, np.nan, None),
    ("Joint exercises", "a year", np.nan, np.nan, 5, 5, 5, 5, True),
]


@pytest.fixture
def table() -> pd.DataFrame:
    found = pd.DataFrame(ROWS, columns=COLUMNS)
    return found.assign(inside=found["inside"].astype("boolean"))


def words(drawn: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]


def test_every_statistic_has_its_name_and_numbers(table):
    shown = words(drawing(table, "Planted"))
    assert {"Disputes begun, a decade", "398 | 390", "4.6 | 14", "0.07 | 0.071", "196 | –", "Planted"} <= set(shown)


def test_the_heading_counts_what_was_judged(table):
    assert title(table) == "3 of 4 statistics of the simulation are inside history; 1 not simulated"
    assert title(table.iloc[:2]) == "1 of 2 statistics of the simulation are inside history"


def test_only_what_is_not_inside_is_told_and_orange(table):
    assert told(table).endswith("Not inside: Members that left (a decade): observed 4.6, simulated 14 (12–18).")
    assert told(table.iloc[:1]).endswith("Not inside: none.")
    assert BRANCHES[1] in drawing(table, "x")
    assert BRANCHES[1] not in drawing(table[table["inside"].fillna(value=True)], "x")


def test_the_observed_mark_stands_where_its_number_is(table):
    chart, _ = predictive_chart(table.iloc[:1], "x")
    cell = chart.to_dict()["vconcat"][0]["concat"][0]
    low, high = cell["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < 241 < 441 < high
    drawn = drawing(table.iloc[:1], "x")
    ticks = [float(x) for x in re.findall(r'aria-label="observed: ([\d.]+)', chart_svg(chart))]
    assert ticks == [398.0]
    assert "<title" in drawn


def chart_svg(chart) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version="6.1")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1234.5, "1,230"),
        (397.6, "398"),
        (0.0162, "0.0162"),
        (-0.00036, "−0.00036"),
        (0.0, "0"),
        (np.nan, "–"),
        (99.96, "100"),
    ],
)
def test_numbers_have_three_digits_that_count(value, said):
    assert number(value) == said
