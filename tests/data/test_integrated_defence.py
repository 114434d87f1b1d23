"""Pledges with forces joined in peace: known allies, ATOP 5.1 and the file of agreements, each trap made small."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.sources import atop_integration
from latticework.data.states import BY_COW
from tests.data.dyad_tables import holds, overlapping, raw, spells, table
from tests.data.test_membership import HEADER, STATES

NAME, TODAY = "integrated_defence", "2025-01-24"
USA, GBR, FRA = 2, 200, 220


@pytest.fixture
def built(tmp_path: Path):
    """Builds the layer from ratings of agreements, 7 and 8 if none is named, and lines of members."""

    def build(*members: str, rated: tuple[str, ...] = ("7,2", "8,2")) -> list[tuple[str, ...]]:
        (tmp_path / "atop_4_01_alliance.csv").write_text("\n".join(["atopid,milinst", *rated]))
        (tmp_path / "atop_4_01_member.csv").write_text("\n".join([HEADER, *members]))
        (tmp_path / "cow_states_2016.csv").write_text("\n".join([STATES, "2,1816,1,1,2016,12,31"]))
        rows = atop_integration.build(tmp_path)[NAME]
        columns = ["state", "partner", "date", "end", "source", "confidence"]
        return list(rows[columns].itertuples(index=False, name=None))

    return build


def of(member: int, first: str, last: str, defence: int = 1, atopid: int = 7, phase: int = 0) -> str:
    """A line of the table of members, with days as year-month-day; a last day of 0 if it is open."""
    ended = last.split("-") if last != "0" else ["0", "0", "0"]
    return ",".join([f"{atopid},{member},{phase},0,0", *first.split("-"), *ended, f"{defence},0,0,0,0"])


def days(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [row[:4] for row in rows]


@pytest.mark.parametrize(
    ("state", "partner", "expected"),
    [
        ("JPN", "USA", [("1951-09-08", "")]),  # the treaties of 1951 and 1960 are one spell
        ("KOR", "USA", [("1953-10-01", "")]),
        ("TWN", "USA", [("1954-12-02", "1980-01-01")]),
        ("FRA", "USA", [("1949-04-04", "")]),  # no gap from 1966 to 2009
        ("DEU", "USA", [("1954-10-23", "")]),
        ("FIN", "USA", [("2023-04-04", "")]),
        ("SWE", "USA", [("2024-03-07", "")]),
        ("ESP", "USA", [("1963-09-26", "1970-08-06"), ("1976-01-24", "")]),
        ("PAN", "USA", [("1977-09-07", "1999-12-31")]),
        ("FIN", "SWE", [("2007-11-13", "")]),  # the European Union
        ("GBR", "IRL", [("2007-11-13", "2020-01-31")]),
        ("POL", "RUS", [("1955-05-14", "1991-07-01")]),
        ("ALB", "RUS", [("1955-05-14", "1968-09-12")]),
        ("DDR", "RUS", [("1955-05-14", "1990-10-03")]),
        ("EGY", "SYR", [("1955-10-20", "1961-09-29"), ("1966-11-04", "1967-06-10")]),
        ("GEO", "RUS", [("1993-12-09", "2009-08-18")]),
        ("CHN", "RUS", [("1945-08-14", "1950-02-14")]),
    ],
)
def test_allies_whose_forces_are_joined(state, partner, expected):
    assert spells(NAME, state, partner) == expected


@pytest.mark.parametrize(
    ("state", "partner"),
    [
        ("AUS", "USA"),
        ("NZL", "USA"),
        ("AUS", "NZL"),
        ("PHL", "USA"),
        ("THA", "USA"),
        ("CHN", "PRK"),
        ("CUB", "USA"),
        ("BRA", "USA"),
    ],
)
def test_allies_whose_forces_are_not(state, partner):
    assert spells("defence", state, partner) != []
    assert spells(NAME, state, partner) == []


@pytest.mark.parametrize(
    ("state", "partner"),
    [("FSM", "USA"), ("MHL", "USA"), ("PLW", "USA"), ("AUS", "TUV"), ("PRK", "RUS"), ("AZE", "TUR"), ("BFA", "MLI")],
)
def test_agreements_of_the_patch_have_no_rating(state, partner):
    """Defence holds, but with what forces ATOP does not say: the trap of the Compacts and of the new treaties."""
    assert holds("defence", state, partner, TODAY)
    assert spells(NAME, state, partner) == []


@pytest.mark.parametrize(("day", "members"), [("1960-12-31", 15), ("1990-10-04", 16), ("2005-12-31", 26), (TODAY, 32)])
def test_the_united_states_are_bound_to_every_other_member_of_nato(day, members):
    others = {"JPN", "KOR", "TWN", "PAN"}
    rows = table(NAME).query("state == 'USA' or partner == 'USA'")
    there = rows[(rows["date"] <= day) & ((rows["end"] == "") | (rows["end"] >= day))]
    assert len((set(there["state"]) | set(there["partner"])) - others - {"USA"}) == members - 1


def test_every_year_has_a_pledge_of_defence_in_atop_5_1():
    """Another file, coded apart: what is integrated is a part of what is pledged."""
    atop = raw("atop_5_1_directed_dyad_year").query("atop_defense == 1 and year >= 1950")
    ends = zip(atop["ccode1"].map(BY_COW), atop["ccode2"].map(BY_COW), atop["year"], strict=True)
    pledged = {(*sorted((a, b)), year) for a, b, year in ends if a != b}
    rows = table(NAME)
    found = {
        (row.state, row.partner, year)
        for row in rows.itertuples(index=False)
        for year in range(max(1950, int(row.date[:4])), min(2018, int((row.end or "2018")[:4])) + 1)
    }
    assert len(found) > 15_000
    assert found <= pledged
    assert ("JPN", "TWN", 1960) not in pledged  # the set of pledges does not have everything


def test_a_high_rating_is_a_command_troops_placed_or_a_common_policy_and_contact_is_not_enough():
    agreements = raw("atop_4_01_alliance").set_index("atopid")
    parts = agreements[["intcom", "base", "milcon"]].fillna(0)
    high = (parts["intcom"] == 1) | (parts["base"] > 0) | (parts["milcon"] == 3)
    assert high.sum() == (agreements["milinst"] == 2).sum() == 89
    assert high[agreements["milinst"] == 2].all()
    assert (agreements.loc[(parts["milcon"] == 2) & ~high, "milinst"] == 1).all()
    assert agreements.loc[[3215, 3260], "milinst"].tolist() == [1, 1]  # ANZUS, the Manila Pact
    assert agreements.loc[[3210, 3445], "milinst"].tolist() == [0, 0]  # PHL-USA, CHN-PRK


def test_pledges_of_defence_without_a_rating_are_the_five_that_are_told():
    agreements = raw("atop_4_01_alliance")
    missing = agreements[agreements["milinst"].isna() & (agreements["defense"] == 1)]
    ends = zip(missing["mem1"].map(BY_COW), missing["mem2"].map(BY_COW), strict=True)
    told = {"ETH-KEN", "SDN-UGA", "DZA-LBY", "GIN-LBR", "CUB-PRK"}
    assert {"-".join(sorted(dyad)) for dyad in ends} == told
    assert all(dyad in " ".join(atop_integration.INTEGRATED.traps) for dyad in told)
    assert not any(spells(NAME, *dyad.split("-")) for dyad in told)


def test_what_rows_say_of_themselves():
    rows = table(NAME)
    assert overlapping(rows, ["state", "partner"]).empty
    assert (rows["state"] < rows["partner"]).all()
    assert ((rows["confidence"] == "") == (rows["source"] == "atop-4.01")).all()
    assert rows.query("end == ''")["confidence"].isin(["carried", "high", "medium", "low"]).all()
    assert rows.query("confidence == ''")["end"].between("1950-01-01", "2016-12-31").all()


@pytest.mark.parametrize("rating", ["0", "1", ""])
def test_an_agreement_with_a_lower_rating_or_none_does_not_count(built, rating):
    members = [of(USA, "1960-1-1", "1970-1-1"), of(GBR, "1960-1-1", "1970-1-1")]
    assert built(*members, rated=(f"7,{rating}", "8,2")) == []
    assert days(built(*members)) == [("GBR", "USA", "1960-01-01", "1970-01-01")]


def test_a_pledge_of_one_side_is_enough_and_none_is_not(built):
    one = [of(USA, "1960-1-1", "1970-1-1", 1), of(GBR, "1960-1-1", "1970-1-1", 0)]
    assert days(built(*one)) == [("GBR", "USA", "1960-01-01", "1970-01-01")]
    assert built(*(of(member, "1960-1-1", "1970-1-1", 0) for member in (USA, GBR))) == []


def test_a_phase_before_the_pledge_does_not_count(built):
    """As of the European Union, which pledges defence from 2007."""
    early = [of(member, "1960-1-1", "1970-1-1", 0, phase=1) for member in (USA, GBR)]
    late = [of(member, "1970-1-1", "1980-1-1", 1, phase=2) for member in (USA, GBR)]
    assert days(built(*early, *late)) == [("GBR", "USA", "1970-01-01", "1980-01-01")]


def test_a_spell_is_from_the_later_entry_to_the_earlier_exit(built):
    rows = built(of(USA, "1949-4-4", "1990-1-1"), of(GBR, "1952-2-18", "1990-1-1"), of(FRA, "1949-4-4", "1966-7-1"))
    assert days(rows) == [
        ("FRA", "USA", "1949-04-04", "1966-07-01"),
        ("FRA", "GBR", "1952-02-18", "1966-07-01"),
        ("GBR", "USA", "1952-02-18", "1990-01-01"),
    ]


def test_members_that_were_never_in_it_together_are_not_bound(built):
    assert built(of(USA, "1960-1-1", "1965-1-1"), of(GBR, "1965-1-2", "1970-1-1")) == []


@pytest.mark.parametrize(("begins", "number"), [("1965-1-20", 1), ("1965-2-1", 1), ("1965-2-2", 2), ("1962-1-1", 1)])
def test_agreements_that_follow_within_a_month_are_one_spell(built, begins, number):
    first = [of(member, "1960-1-1", "1965-1-1") for member in (USA, GBR)]
    second = [of(member, begins, "1970-1-1", atopid=8) for member in (USA, GBR)]
    rows = days(built(*first, *second))
    assert len(rows) == number
    assert (rows[0][2], rows[-1][3]) == ("1960-01-01", "1970-01-01")


def test_germany_is_one_ally_and_a_member_that_comes_back_has_two_spells(built):
    rows = built(
        of(USA, "1949-4-4", "0"),
        of(260, "1955-5-6", "1990-10-3"),
        of(255, "1990-10-3", "0"),
        of(FRA, "1949-4-4", "1966-7-1"),
        of(FRA, "2009-4-4", "0"),
    )
    assert [row for row in days(rows) if "USA" in row] == [
        ("FRA", "USA", "1949-04-04", "1966-07-01"),
        ("DEU", "USA", "1955-05-06", ""),
        ("FRA", "USA", "2009-04-04", ""),
    ]


def row(state: str, end: str = "", confidence: str = "carried", atopid: float = 7.0) -> dict[str, object]:
    known = {"date": "1960-01-01", "phase": 0.0, "defence": 1.0}
    return known | {"state": state, "end": end, "confidence": confidence, "atopid": atopid}


@pytest.mark.parametrize(
    ("rows", "confidence"),
    [
        ([row("GBR", "1970-01-01", ""), row("USA", "", "carried")], ""),  # the end is coded by ATOP
        ([row("GBR", "2020-01-31", "medium"), row("USA", "", "carried")], "medium"),  # by the patch
        ([row("GBR", "", "high"), row("USA", "", "carried")], "carried"),  # of two members the one in more doubt
        ([row("GBR"), row("USA"), row("GBR", "", "high", 8.0), row("USA", "", "low", 8.0)], "low"),  # the surest word
        ([row("GBR"), row("USA"), row("GBR", "1970-01-01", "", 8.0), row("USA", "1970-01-01", "", 8.0)], "carried"),
    ],
)
def test_how_sure_a_spell_is(rows, confidence):
    found = atop_integration.spells(atop_integration.bound(pd.DataFrame(rows)))
    assert found["confidence"].tolist() == [confidence]
    assert found["source"].tolist() == ["atop-4.01 patch-2025" if confidence else "atop-4.01"]
