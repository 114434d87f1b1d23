"""The benchmark's rival makes the same table: same rows, same values, and a difference is noticed."""

from functools import partial

import pandas as pd
import panel
import pytest

START, END = 1988, 1993


@pytest.fixture(scope="module")
def both() -> tuple[pd.DataFrame, pd.DataFrame]:
    return panel.ours(START, END), panel.merged(panel.tables(), START, END)


def test_the_rival_makes_the_same_table(both: tuple[pd.DataFrame, pd.DataFrame]):
    ours, theirs = both
    panel.check(ours, theirs)
    assert len(ours) > 6000
    assert set(panel.layers()) >= {*panel.OF_STATES, *panel.DISPUTES, "contiguity", "distance", "rivalry", "defence"}
    assert (ours.dispute == 1).any()
    assert ours.peace_years.between(1, 59).any()
    assert ours.troops_12.notna().any()
    assert ours.distance.isna().any()


@pytest.mark.parametrize(
    ("column", "change"), [("capability_1", 1e-12), ("peace_years", 1), ("dispute", 1), ("defence", float("nan"))]
)
def test_a_difference_is_noticed(both: tuple[pd.DataFrame, pd.DataFrame], column: str, change: float):
    ours, theirs = both
    wrong = theirs.copy()
    wrong.loc[100, column] += change
    with pytest.raises(AssertionError):
        panel.check(ours, wrong)


def test_a_row_too_few_is_noticed(both: tuple[pd.DataFrame, pd.DataFrame]):
    ours, theirs = both
    with pytest.raises(AssertionError):
        panel.check(ours, theirs.drop(index=100).reset_index(drop=True))


def test_the_table_of_loads_has_a_number_in_every_cell(monkeypatch: pytest.MonkeyPatch):
    few = partial(panel.load_panel, start=2020, layers=["capability", "defence"])
    monkeypatch.setattr(panel, "load_panel", few)
    rows = panel.loads(1)
    assert [len(row) for row in rows] == [5, 5, 5]
    assert rows[1][0].startswith("36 states")
    assert all(float(cell.replace(",", "")) >= 0 for row in rows[1:] for cell in row[1:4])
