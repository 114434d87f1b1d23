"""Differences between branches get a row only if noise does not explain them and the digits shown can tell them."""

import numpy as np
import pandas as pd
import pytest

from latticework.measures.outlook import each
from latticework.report.contrast_tables import contrast_table, difference, of_note, worth
from latticework.report.findings import findings
from latticework.report.results import Results
from tests.report.futures import results
from tests.report.test_strength_outlook import measured

BRANCH = "transactional-hub"
UNITS = ("chance", "persons", "ideal points", "0-100")


def rows(unit: str, mean: np.ndarray) -> pd.DataFrame:
    """Differences whose Monte Carlo error is next to nothing."""
    return pd.DataFrame({"unit": unit, "mean": mean, "lower": np.nan, "upper": np.nan, "clear": mean != 0})


def with_mean(mean: float) -> Results:
    """A run in which every number of the other branch differs by `mean` from the first, without noise."""
    made = results(measured())
    made.__dict__["contrasts"] = made.contrasts.assign(mean=mean, mc_se=1e-9, clear=True)
    return made


@pytest.mark.parametrize("unit", UNITS)
def test_a_difference_is_worth_a_row_if_a_digit_of_it_is_shown(unit):
    size = np.geomspace(1e-5, 10, 400)
    some = rows(unit, np.concatenate([-size, size]))
    digits = [any(digit in "123456789" for digit in difference(row).text) for row in each(some)]
    np.testing.assert_array_equal(worth(some), digits)
    assert 0 < np.mean(digits) < 1
    assert not worth(some.assign(clear=False)).any(), "noise is never worth a row"


def test_differences_too_small_to_show_are_named_in_the_note_alone():
    made = with_mean(4e-4)
    table = contrast_table(made, BRANCH)
    assert table.rows == ()
    assert "none in the digits shown: " in table.note
    found = next(f for f in findings(made) if f.title.startswith("What do the branches"))
    assert found.answer.startswith("No chance differs from “Status quo” beyond simulation noise")
    assert "no chance differs beyond noise. 0 of " in found.points[0]


def test_control_larger_differences_have_their_rows():
    made = with_mean(0.006)
    table = contrast_table(made, BRANCH)
    assert len(table.rows) == len(of_note(made, BRANCH)) > 20
    assert "none in the digits shown" not in table.note
    assert {row[1].text for row in table.rows} == {"+0.6 points", "+0.01"}
