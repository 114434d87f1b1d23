"""Members of agreements: known treaties, the whole of ATOP 5.1's allies told from members alone, and the patch."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.patches import facts
from latticework.data.sources import membership
from latticework.data.sources.atop_agreements import PLEDGES
from latticework.data.states import BY_COW, CODES
from tests.data.dyad_tables import raw

NATO, ANZUS, OAS, TODAY = 3180, 3215, 3150, "2025-01-24"
HEADER = "atopid,member,phase,bilat,term,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,nonagg,consul"
STATES = "ccode,styear,stmonth,stday,endyear,endmonth,endday"


@pytest.fixture(scope="module")
def table(inputs: Path) -> pd.DataFrame:
    return membership.build(inputs)["membership"]


@pytest.fixture
def built(tmp_path: Path):
    """Builds the layer from a few lines of ATOP's member table and of the list of states."""

    def build(*members: str, states: tuple[str, ...] = ("2,1816,1,1,2016,12,31",)) -> pd.DataFrame:
        (tmp_path / "atop_4_01_member.csv").write_text("\n".join([HEADER, *members]))
        (tmp_path / "cow_states_2016.csv").write_text("\n".join([STATES, *states]))
        rows = membership.build(tmp_path)["membership"]
        return rows[rows["atopid"] == 7].reset_index(drop=True)

    return build


def on(rows: pd.DataFrame, atopid: int, day: str) -> set[str]:
    """The members of an agreement on a day."""
    there = (rows["atopid"] == atopid) & (rows["date"] <= day) & ((rows["end"] == "") | (rows["end"] >= day))
    return set(rows.loc[there, "state"])


def test_new_zealand_leaves_anzus_and_the_others_stay(table):
    assert on(table, ANZUS, "1986-09-17") == {"AUS", "NZL", "USA"}
    assert on(table, ANZUS, "1986-09-18") == on(table, ANZUS, TODAY) == {"AUS", "USA"}
    assert table.query("atopid == @ANZUS and state == 'NZL'")["exit"].tolist() == ["left"]


def test_france_never_left_the_treaty(table):
    spells = table.query("atopid == @NATO and state == 'FRA'")
    assert spells["end"].tolist() == ["1951-06-19", ""]
    assert spells["exit"].tolist() == ["next phase", ""]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("1949-12-31", 12),
        ("1952-12-31", 14),
        ("1966-12-31", 15),
        ("1982-12-31", 16),
        ("1990-12-31", 16),
        ("1999-12-31", 19),
        ("2004-12-31", 26),
        ("2009-12-31", 28),
        ("2017-12-31", 29),
        ("2020-12-31", 30),
        ("2023-04-03", 30),
        ("2023-04-04", 31),
        (TODAY, 32),
    ],
)
def test_nato_has_as_many_members_as_it_says(table, day, number):
    assert len(on(table, NATO, day)) == number


def test_members_are_counted_on_the_first_day(table):
    rows = table.query("atopid == @NATO").set_index(["state", "date"])["members"]
    assert rows["USA", "1949-04-04"] == 12
    assert rows["SWE", "2024-03-07"] == 32


def test_the_north_korean_treaties_with_russia(table):
    rows = table.query("state in ('PRK', 'RUS') and atopid in (4940, 9016)")
    found = set(
        zip(rows["state"], rows["atopid"], rows["date"], rows["end"], rows["defence"], rows["exit"], strict=True)
    )
    both = ("PRK", "RUS")
    assert found == {(s, 4940, "2000-02-09", "2024-12-03", 0, "renegotiated") for s in both} | {
        (s, 9016, "2024-12-04", "", 1, "") for s in both
    }


def test_only_the_united_states_promise_to_defend_japan(table):
    assert table.query("atopid == 3375").set_index("state")["defence"].to_dict() == {"JPN": 0, "USA": 1}


@pytest.mark.parametrize(
    ("state", "atopid", "end"),
    [("CUB", OAS, "1962-01-22"), ("EGY", 3205, "1979-03-31"), ("SYR", 3205, "2011-11-12"), ("GBR", 4175, "2020-01-31")],
)
def test_members_that_left_while_the_others_went_on(table, state, atopid, end):
    assert table.query("state == @state and atopid == @atopid and end == @end")["exit"].tolist() == ["left"]


def test_members_may_come_back(table):
    assert table.query("state == 'EGY' and atopid == 3205")["date"].tolist() == ["1950-06-17", "1989-05-22"]
    assert table.query("state == 'SYR' and atopid == 3205")["date"].tolist() == ["1950-06-17", "2023-05-07"]


def test_defence_between_members_is_what_atop_5_1_has_between_states(table):
    """Two files that were coded apart: every dyad and year with a pledge of defence, and no other."""
    atop = raw("atop_5_1_directed_dyad_year")
    atop = atop[(atop["year"] >= 1950) & (atop["atop_defense"] == 1)]
    ends = zip(atop["ccode1"].map(BY_COW), atop["ccode2"].map(BY_COW), atop["year"], strict=True)
    expected = {(*sorted((a, b)), year) for a, b, year in ends if a != b}
    found = set()
    listed = table[table["source"].str.startswith("atop")].assign(last=table["end"].replace("", "9999-12-31"))
    for _, members in listed.groupby(["atopid", "phase"]):
        for one, other in combinations(members.itertuples(index=False), 2):
            first, last = max(one.date, other.date), min(one.last, other.last)
            if one.state != other.state and first <= last and max(one.defence, other.defence) == 1:
                years = range(max(1950, int(first[:4])), min(2018, int(last[:4])) + 1)
                found |= {(*sorted((one.state, other.state)), year) for year in years}
    assert len(expected) > 60_000
    assert found == expected


def test_every_member_in_force_in_2016_is_carried_on(table):
    atop = raw("atop_4_01_member")
    carried = table[table["source"] == "atop-4.01 patch-2025"]
    assert len(carried) == (atop["ineffect"] == 1).sum() == 1062
    assert carried["atopid"].nunique() == (raw("atop_4_01_alliance")["ineffect"] == 1).sum() == 334


@pytest.mark.parametrize(("year", "number"), [(1950, 47), (1960, 77), (2000, 302), (2010, 332), (2016, 334)])
def test_as_many_agreements_are_in_force_as_in_the_file_of_alliances(table, year, number):
    alliances = raw("atop_4_01_alliance")
    running = alliances[(alliances["begyr"] <= year) & ((alliances["ineffect"] == 1) | (alliances["endyr"] > year))]
    day = f"{year}-12-31"
    members = table[(table["date"] <= day) & ((table["end"] == "") | (table["end"] >= day))]
    assert members["atopid"].nunique() == running["atopid"].nunique() == number


def test_what_rows_say_of_themselves(table):
    assert table["exit"].isin(membership.EXITS).all()
    assert ((table["exit"] == "") == (table["end"] == "")).all()
    assert table.query("end == ''")["confidence"].isin(["carried", "high", "medium", "low"]).all()
    assert table.query("source == 'patch-2025' and bilateral == 0")["atopid"].between(1, 9199).all()
    assert table[[*PLEDGES, "bilateral"]].isin([0, 1]).all(axis=None)
    assert table["members"].ge(1).all()
    ended = table.query("exit == 'state ended'")["end"]
    assert set(ended) == {"1990-05-22", "1990-10-03", "1992-12-31", "1993-01-01"}  # YMD, DDR, CSK


def test_every_fact_of_the_patch_is_dated_sourced_and_about_known_states():
    for fact in facts("members_2025"):
        assert "2017-01-01" <= fact["date"] <= TODAY, fact
        assert all(fact[column] for column in ("source", "what", "reason")), fact
        assert fact["confidence"] in ("high", "medium", "low"), fact
        assert fact["value"] in ("0", "1"), fact
        assert set(fact["state"].split()) <= set(CODES), fact
        assert set(fact["obligation"].split()) <= set(PLEDGES), fact


def test_an_end_in_the_patch_ends_something(table):
    for fact in facts("members_2025"):
        eve = (pd.Timestamp(fact["date"]) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")
        members = set(fact["state"].split())
        assert members <= on(table, int(fact["atopid"]), fact["date"] if fact["value"] == "1" else eve), fact
        if fact["value"] == "0":
            assert not members & on(table, int(fact["atopid"]), fact["date"]), fact


def test_a_member_leaves_and_a_phase_goes_on(built):
    rows = built(
        "7,2,1,0,3,1960,1,1,1970,5,5,1,0,0,0,1",
        "7,200,1,0,3,1960,1,1,1970,5,5,1,0,0,0,1",
        "7,220,1,0,0,1960,1,1,1965,2,,1,0,0,0,1",
        "7,2,2,0,0,1970,5,5,0,0,0,1,0,0,1,1",
        "7,200,2,0,0,1970,5,5,0,0,0,1,0,0,1,1",
    )
    found = list(zip(rows["state"], rows["phase"], rows["end"], rows["exit"], rows["members"], strict=True))
    assert found == [
        ("FRA", 1, "1965-02-28", "left", 3),
        ("GBR", 1, "1970-05-05", "next phase", 3),
        ("USA", 1, "1970-05-05", "next phase", 3),
        ("GBR", 2, "", "", 2),
        ("USA", 2, "", "", 2),
    ]


def test_a_state_that_ends_ends_its_treaties_of_two(built):
    lines = [f"7,{member},0,1,0,1970,1,1,1990,10,3,1,0,0,0,0" for member in (265, 290)]
    ended = ("265,1954,3,25,1990,10,3", "290,1945,1,1,2016,12,31")
    assert built(*lines, states=ended)["exit"].tolist() == ["state ended", "state ended"]
    lasting = ("265,1954,3,25,2016,12,31", "290,1945,1,1,2016,12,31")
    assert built(*lines, states=lasting)["exit"].tolist() == ["not coded", "not coded"]


def test_germany_is_one_member_through_its_change_of_number(built):
    rows = built(
        "7,260,0,0,0,1954,10,23,1990,10,3,1,0,0,0,0",
        "7,255,0,0,0,1990,10,3,0,0,0,1,0,0,0,0",
        "7,2,0,0,0,1949,4,4,0,0,0,1,0,0,0,0",
    )
    assert list(zip(rows["state"], rows["date"], rows["end"], strict=True)) == [
        ("USA", "1949-04-04", ""),
        ("DEU", "1954-10-23", ""),
    ]


def test_what_ended_before_1950_is_left_out_and_older_starts_are_kept(built):
    rows = built(
        "7,2,0,1,1,1940,1,1,1949,12,31,1,0,0,0,0",
        "7,200,0,1,1,1373,6,16,1950,1,1,1,0,0,0,0",
    )
    assert list(zip(rows["state"], rows["date"], rows["exit"], strict=True)) == [("GBR", "1373-06-16", "expired")]


def test_a_fact_begins_ends_and_confirms():
    row: membership.Row = {
        "state": "USA",
        "date": "1960-01-01",
        "end": "",
        "atopid": 7.0,
        "phase": 2.0,
        "bilateral": 0.0,
    }
    row |= {"exit": "", "confidence": "carried", **dict.fromkeys(PLEDGES, 1.0)}
    fact = {
        "atopid": "7",
        "date": "2020-02-01",
        "state": "USA GBR",
        "value": "1",
        "obligation": "",
        "confidence": "high",
    }
    rows = membership.patched([row], fact)
    assert [(r["state"], r["phase"], r["defence"], r["confidence"]) for r in rows] == [
        ("USA", 2, 1, "high"),
        ("GBR", 2, 1, "high"),
    ]
    rows = membership.patched(rows, fact | {"value": "0", "state": "GBR FRA"})
    assert [(r["state"], r["end"], r["exit"]) for r in rows] == [("USA", "", ""), ("GBR", "2020-01-31", "left")]
