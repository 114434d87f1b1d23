"""Bilateral agreements: known treaties with their first and last days, and a patch in which every row is sourced."""

import pandas as pd
import pytest

from latticework.data.patches import facts
from latticework.data.sources.atop_agreements import PLEDGES, TERMS
from latticework.data.states import CODES
from tests.data.dyad_tables import overlapping, raw, table


def treaty(atopid: int) -> pd.Series:
    rows = table("agreement").query("atopid == @atopid")
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("atopid", "dyad", "first", "last", "term"),
    [
        (3375, "JPN-USA", "1960-01-19", "", ""),
        (3220, "JPN-USA", "1951-09-08", "1960-01-19", "renegotiated"),
        (3240, "KOR-USA", "1953-10-01", "", ""),
        (3270, "TWN-USA", "1954-12-02", "1980-01-01", "violated"),
        (3365, "IRN-USA", "1959-03-05", "1979-02-11", "violated"),
        (3200, "CHN-RUS", "1950-02-14", "1980-04-11", "expired"),
        (3445, "CHN-PRK", "1961-07-11", "", ""),
        (4875, "RUS-UKR", "1997-05-31", "2019-03-31", "expired"),
        (4940, "PRK-RUS", "2000-02-09", "2024-12-03", "renegotiated"),
        (9016, "PRK-RUS", "2024-12-04", "", ""),
    ],
)
def test_known_treaties(atopid, dyad, first, last, term):
    found = treaty(atopid)
    assert (f"{found.state}-{found.partner}", found.date, found.end, found.term) == (dyad, first, last, term)


def test_a_pledge_counts_if_either_side_gave_it():
    assert treaty(3375).defence == 1  # the United States alone promise it
    assert treaty(3375).consultation == 1
    assert treaty(4940).defence == 0
    assert treaty(9016).defence == 1


def test_a_day_that_is_missing_is_the_last_of_its_month():
    assert treaty(3910).end == "1987-05-31"  # Malta and the Soviet Union: May 1987


def test_czechoslovak_treaties_pass_to_both_successors():
    rows = table("agreement").query("atopid == 4070")
    assert set(zip(rows["state"], rows["partner"], strict=True)) == {("CSK", "FRA"), ("CZE", "FRA"), ("FRA", "SVK")}


def test_the_end_of_a_state_is_coded_apart_from_a_violation():
    rows = table("agreement").query("(state == 'DDR' or partner == 'DDR') and end == '1990-10-03'")
    assert len(rows) >= 10
    assert set(rows["term"]) <= {"not coded"}


def test_all_agreements_that_reach_1950_are_there():
    atop = raw("atop_4_01_alliance")
    running = atop[(atop["bilat"] == 1) & ((atop["ineffect"] == 1) | (atop["endyr"] >= 1950))]
    found = set(table("agreement")["atopid"].astype(int))
    assert set(running["atopid"].astype(int)) == {i for i in found if i < 9000}


def test_rows_say_what_they_rest_on():
    rows = table("agreement")
    assert (rows.query("source == 'atop-4.01'")["end"] != "").all()
    assert rows.query("source == 'patch-2025'")["atopid"].ge(9001).all()
    assert rows.query("end == ''")["confidence"].isin(["carried", "high", "medium", "low"]).all()
    assert rows["term"].isin(["", *TERMS.values()]).all()
    assert ((rows["term"] == "") == (rows["end"] == "")).all()
    assert rows[[*PLEDGES, "wartime"]].isin([0, 1]).all(axis=None)
    assert overlapping(rows, ["state", "partner", "atopid"]).empty


def test_every_fact_of_the_patch_is_dated_sourced_and_about_known_states():
    known = set(table("agreement")["atopid"].astype(int))
    for fact in facts("agreements_2025"):
        assert "2017-01-01" <= fact["date"] <= "2025-01-24", fact
        assert fact["source"], fact
        assert fact["what"], fact
        assert fact["reason"], fact
        assert fact["confidence"] in ("high", "medium", "low"), fact
        assert int(fact["atopid"]) in known, fact
        assert fact["value"] in ("0", "1"), fact
        assert (fact["value"] == "0") == bool(fact["term"]), fact
        assert fact["term"] in ("", *TERMS.values()), fact
        assert {fact["state"], fact["partner"]} <= set(CODES), fact
        found = treaty(int(fact["atopid"]))
        assert {fact["state"], fact["partner"]} == {found.state, found.partner}, fact
