"""The days of treaties: known ones, ATOP 4.01 counted again member by member, and the rules on small tables."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.layer import Layer
from latticework.data.sources import atop
from latticework.data.sources.atop_agreements import PLEDGES
from latticework.data.states import BY_COW
from tests.data.dyad_tables import raw, spells, table

YEARS = "ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul"
MEMBERS = "atopid,member,phase,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,nonagg,consul"
SPELLS = [layer for layer in atop.LAYERS if layer.name != "defence_pledge"]


@pytest.fixture
def built(tmp_path: Path):
    """Builds a layer from years in which two states, or more, pledge defence to each other, and lines of members."""

    def build(years: dict[tuple[int, int], list[int]], *members: str, layer: str = "defence") -> list[tuple[str, ...]]:
        both = [(a, b, year) for dyad, listed in years.items() for a, b in (dyad, dyad[::-1]) for year in listed]
        lines = [f"{a},{b},{year},1,0,0,0,0" for a, b, year in both]
        (tmp_path / "atop_5_1_directed_dyad_year.csv").write_text("\n".join([YEARS, *lines]))
        (tmp_path / "atop_4_01_member.csv").write_text("\n".join([MEMBERS, *members]))
        rows = atop.build(tmp_path)[layer].query("source != 'patch-2025'")
        return list(rows[["date", "state", "partner", "end", "source"]].itertuples(index=False, name=None))

    return build


def of(member: int, first: str, last: str, pledges: str = "1,0,0,0,0", atopid: int = 7, phase: int = 0) -> str:
    """A line of the table of members, with days as year-month-day."""
    return ",".join([f"{atopid},{member},{phase}", *first.split("-"), *last.split("-"), pledges])


@pytest.mark.parametrize(
    ("layer", "state", "partner", "first"),
    [
        ("defence", "FRA", "USA", "1949-04-04"),  # and no end in 1966, when France left the command
        ("defence", "DEU", "USA", "1954-10-23"),
        ("defence", "KOR", "USA", "1953-10-01"),
        ("defence", "CHN", "PRK", "1961-07-11"),
        ("nonaggression", "DEU", "RUS", "1970-08-12"),
    ],
)
def test_what_never_ended_begins_on_its_day_and_is_carried_on(layer, state, partner, first):
    assert spells(layer, state, partner) == [(first, "2018-12-31"), ("2019-01-01", "")]


def test_egypt_was_out_of_the_arab_pact_for_ten_years():
    assert spells("defence", "EGY", "YEM")[:2] == [("1950-06-17", "1979-03-31"), ("1989-05-22", "2018-12-31")]


def test_albania_left_the_warsaw_pact_and_east_germany_ended_in_it():
    rows = table("defence").query("(state == 'DDR' or partner == 'DDR') and state != 'ALB'")
    assert len(rows) == 6
    assert set(rows["end"]) == {"1990-10-03"}
    assert spells("defence", "ALB", "DDR") == [("1955-05-14", "1968-09-12")]


def _together() -> pd.DataFrame:
    """Both members of every two in a phase: first and last day as numbers (year, month, day), pledges of either."""
    members = raw("atop_4_01_member").fillna({"dayent": 31, "dayexit": 31})
    pledges = list(PLEDGES.values())
    rows = []
    for _, phase in members.groupby(["atopid", "phase"]):
        listed = [
            (
                BY_COW.get(r["member"]),
                (r["yrent"], r["moent"], r["dayent"]),
                (r["yrexit"], r["moexit"], r["dayexit"]),
                r,
            )
            for r in phase.to_dict("records")
        ]
        for (a, from_a, to_a, one), (b, from_b, to_b, other) in combinations(listed, 2):
            last = min(day if day[0] else (2100, 1, 1) for day in (to_a, to_b))
            if a and b and a != b and (first := max(from_a, from_b)) <= last:
                either = [max(one[pledge], other[pledge]) for pledge in pledges]
                rows.append((*sorted((a, b)), first, last, *either))
    return pd.DataFrame(rows, columns=["state", "partner", "first", "last", *PLEDGES])


def _number(day: str) -> tuple[int, ...]:
    return tuple(map(int, day.split("-")))


@pytest.mark.parametrize("layer", SPELLS, ids=lambda layer: layer.name)
def test_every_first_and_last_day_is_that_of_two_members(layer: Layer):
    together = _together()
    pairs = together[together[layer.name] == 1]
    known = {dyad: list(zip(g["first"], g["last"], strict=True)) for dyad, g in pairs.groupby(["state", "partner"])}
    rows = table(layer.name).query("source == 'atop-5.1 atop-4.01'")
    months_only = 0
    for row in rows.to_dict("records"):
        first, last, listed = _number(row["date"]), _number(row["end"]), known[row["state"], row["partner"]]
        year = [day for day, _ in listed if day[0] == first[0]]
        months_only += first != min(year) and first[:2] == min(year)[:2]
        assert first[:2] == min(year)[:2], row
        assert not any(a[0] < first[0] <= b[0] for a, b in listed), row
        if row["end"] != "2018-12-31":
            ended = max(day for _, day in listed if day[0] == last[0])
            assert last[:2] == ended[:2], row
            months_only += last != ended
            assert not any(a[0] <= last[0] < b[0] for a, b in listed), row
    assert months_only <= 3  # a 31st was put in for the days that are missing


def test_the_description_counts_the_days_that_are_not_known():
    rows = pd.concat([table(layer.name).assign(layer=layer.name) for layer in atop.LAYERS])
    rows = rows[rows["source"] != "patch-2025"]
    ended, by_year = rows["end"] != "2018-12-31", rows["source"] == "atop-5.1"
    assert rows.loc[by_year, "date"].str.endswith("-12-31").all()
    assert rows.loc[by_year, "end"].str.endswith("-12-31").all()
    counts = [(~by_year).sum(), len(rows), (ended & ~by_year).sum(), ended.sum()]
    said = "4.01 has {:,} of {:,} first days and {:,} of {:,} last days".format(*counts)
    assert all(said in layer.coverage for layer in atop.LAYERS)
    assert set(rows.loc[by_year, "layer"]) == {"neutrality", "nonaggression", "consultation"}


def test_a_spell_begins_and_ends_with_the_member_that_came_last_and_left_first(built):
    lines = of(2, "1950-1-1", "1990-1-1"), of(220, "1951-2-3", "1960-5-6")
    assert built({(2, 220): [*range(1951, 1961)]}, *lines) == [
        ("1951-02-03", "FRA", "USA", "1960-05-06", "atop-5.1 atop-4.01")
    ]


def test_one_treaty_after_another_is_one_spell(built):
    years = {(2, 220): [1960, 1961, 1962]}
    lines = [of(state, "1960-2-1", "1961-3-31") for state in (2, 220)]
    lines += [of(state, "1961-6-1", "1962-8-9", atopid=8) for state in (2, 220)]
    assert [row[::3] for row in built(years, *lines)] == [("1960-02-01", "1962-08-09")]


def test_a_phase_without_the_pledge_ends_it(built):
    lines = [of(state, "1960-2-1", "1961-3-31", phase=1) for state in (2, 220)]
    lines += [of(state, "1961-3-31", "1980-1-1", "0,0,0,0,1", phase=2) for state in (2, 220)]
    assert [row[::3] for row in built({(2, 220): [1960, 1961]}, *lines)] == [("1960-02-01", "1961-03-31")]


def test_what_4_01_does_not_know_or_contradicts_stays_at_the_end_of_the_year(built):
    years = {(2, 220): [1960, 1961, 1962]}
    by_year = [("1960-12-31", "FRA", "USA", "1962-12-31", "atop-5.1")]
    assert built(years, of(2, "1960-2-1", "1962-8-9"), of(200, "1960-2-1", "1962-8-9")) == by_year
    assert built(years, *(of(state, "1955-2-1", "0-0-0") for state in (2, 220))) == by_year
    earlier = [of(state, "1955-2-1", "1970-1-1", atopid=8) for state in (2, 220)]
    assert built(years, *earlier, *(of(state, "1960-2-1", "1962-8-9") for state in (2, 220))) == by_year


def test_what_reaches_the_end_of_the_source_ends_with_it(built):
    lines = [of(state, "2015-2-1", "2018-8-9") for state in (2, 220)]
    assert built({(2, 220): [2015, 2016, 2017, 2018]}, *lines)[0][::3] == ("2015-02-01", "2018-12-31")


def test_a_day_that_is_missing_is_the_last_of_its_month(built):
    lines = [of(state, "1960-2-", "1962-8-") for state in (2, 220)]
    assert built({(2, 220): [1960, 1961, 1962]}, *lines)[0][::3] == ("1960-02-29", "1962-08-31")


def test_germany_is_one_state_through_its_change_of_number(built):
    lines = [
        of(260, "1954-10-23", "1990-10-3"),
        of(255, "1990-10-3", "1995-4-4"),
        of(2, "1949-4-4", "0-0-0"),
    ]
    years = {(2, 260): [*range(1954, 1991)], (2, 255): [*range(1990, 1996)]}
    assert built(years, *lines) == [("1954-10-23", "DEU", "USA", "1995-04-04", "atop-5.1 atop-4.01")]


def test_a_pledge_of_one_side_has_the_days_of_that_side(built):
    """FRA pledges from 1960, USA from 1965, when a second treaty begins."""
    lines = [of(220, "1960-2-1", "1970-1-1"), of(2, "1960-2-1", "1970-1-1", "0,0,0,0,1")]
    lines += [of(state, "1965-7-7", "1968-8-8", atopid=8) for state in (2, 220)]
    rows = built({(2, 220): [1965, 1966, 1967, 1968]}, *lines, layer="defence_pledge")
    assert [row[:4] for row in rows] == [
        ("1965-07-07", "USA", "FRA", "1968-08-08"),
        ("1965-12-31", "FRA", "USA", "1968-12-31"),
    ]
