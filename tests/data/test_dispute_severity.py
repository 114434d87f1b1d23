"""How bad a dispute became: deaths and hostility of both sides, and when its onset could be known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from latticework.data.sources import disputes
from latticework.data.sources.disputes import DISPUTE
from latticework.data.states import BY_COW
from tests.data.dyad_tables import raw

YEARS = "dispnum,ccode1,ccode2,year,cowmidonset,stmon,hostlev1,hostlev2,fatality1,fatality2"


@pytest.fixture(scope="module")
def table(inputs: Path) -> pd.DataFrame:
    return disputes.build(inputs)["dispute"]


@pytest.fixture
def built(tmp_path: Path):
    """Builds the layer from a few dyad-years of dispute 1, which began in 1990."""

    def build(*lines: str) -> pd.DataFrame:
        (tmp_path / "cow_mid_5_0_ddy.csv").write_text("\n".join([YEARS, *lines]))
        (tmp_path / "cow_mid_5_0_disputes.csv").write_text("dispnum,styear\n1,1990\n")
        return disputes.build(tmp_path)["dispute"]

    return build


def fatality(table: pd.DataFrame, state: str, partner: str, date: str) -> float:
    rows = table.query("state == @state and partner == @partner and date == @date")
    assert len(rows) == 1
    return rows["fatality"].iloc[0]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(0, 0, 0), (1, 4, 4), (6, 0, 6), (-9, 2, 2), (2, -9, 2), (-9, 0, np.nan), (0, -9, np.nan), (-9, -9, np.nan)],
)
def test_deaths_of_two_sides(built, one, other, expected):
    rows = built(f"1,2,200,1990,1,3,4,3,{one},{other}", f"1,200,2,1990,1,3,3,4,{other},{one}")
    assert len(rows) == 1
    assert rows["fatality"].iloc[0] == pytest.approx(expected, nan_ok=True)
    assert rows["hostility"].iloc[0] == 4


@pytest.mark.parametrize(
    ("year", "month", "date", "known"),
    [
        (1990, 2, "1990-02-01", "1990-02-28"),
        (1990, 12, "1990-12-01", "1990-12-31"),
        (1990, -9, "1990-06-30", "1990-12-31"),
        (1992, 2, "1992-06-30", "1992-12-31"),  # the dyad came in later: the month is the dispute's, not its own
    ],
)
def test_an_onset_is_known_when_its_month_or_year_is_over(built, year, month, date, known):
    rows = built(f"1,2,200,{year},1,{month},4,3,0,0")
    assert rows[["date", "known"]].to_numpy().tolist() == [[date, known]]


def test_the_highest_of_the_whole_dispute_counts_and_is_hindsight(built):
    rows = built("1,2,200,1990,1,3,2,2,0,0", "1,2,200,1991,0,3,5,4,0,3")
    assert rows[["end", "hostility", "fatality"]].to_numpy().tolist() == [["1991-12-31", 5, 3]]
    assert DISPUTE.hindsight == ("hostility", "fatality")


@pytest.mark.parametrize(
    ("state", "partner", "date", "level"),
    [
        ("ARG", "GBR", "1982-03-01", 5),  # the Falklands: 649 Argentine deaths
        ("HND", "SLV", "1969-06-01", 6),
        ("ERI", "ETH", "1998-05-01", 6),
        ("KOR", "PRK", "1950-06-01", 6),
        ("KOR", "PRK", "2009-01-01", 2),  # with the Cheonan and Yeonpyeong of 2010: 50 deaths
    ],
)
def test_known_deaths(table, state, partner, date, level):
    assert fatality(table, state, partner, date) == level


def test_what_is_not_known_is_missing_and_not_zero(table):
    assert np.isnan(fatality(table, "CHN", "IND", "1962-04-01"))


def test_levels_against_the_dyad_years(table):
    years = raw("cow_mid_5_0_ddy")
    worst: dict[tuple[str, str, int], list[int]] = {}
    ends = zip(years["ccode1"], years["ccode2"], years["dispnum"], years["fatality1"], years["fatality2"], strict=True)
    for first, second, number, one, other in ends:
        state, partner = sorted((BY_COW.get(int(first)) or "", BY_COW.get(int(second)) or ""))
        worst.setdefault((state, partner, int(number)), []).extend([int(one), int(other)])
    for row in table.itertuples(index=False):
        levels = worst[row.state, row.partner, int(row.dispnum)]
        assert row.fatality == max(levels) or (np.isnan(row.fatality) and min(levels) == -9 and max(levels) <= 0)


def test_onsets_are_known_within_a_year(table):
    assert (table["known"] >= table["date"]).all()
    assert (table["known"].str[:4] == table["date"].str[:4]).all()
    monthly = table["month"].notna()
    assert (table.loc[monthly, "known"].str[:7] == table.loc[monthly, "date"].str[:7]).all()
    assert table.loc[~monthly, "known"].str.endswith("-12-31").all()


def test_the_list_has_2436_disputes_and_the_layer_those_between_states_of_the_panel(table):
    assert len(raw("cow_mid_5_0_disputes")) == 2436
    assert table["dispnum"].nunique() == 2259
    assert set(table["dispnum"].astype(int)) <= set(raw("cow_mid_5_0_disputes")["dispnum"])
