"""Treaty obligations: known allies and strangers, both sides of a pledge, and a patch in which every row is sourced."""

import pandas as pd
import pytest

from latticework.data.patches import facts
from latticework.data.sources.atop import COLUMNS, patched
from latticework.data.states import CODES, cow_to_iso3
from tests.data.dyad_tables import holds, overlapping, raw, spells, table

OBLIGATIONS = (*COLUMNS, "defence_pledge")
TODAY = "2025-01-24"


def test_the_alliance_with_japan_is_one_sided_and_symmetrised_explicitly():
    assert holds("defence", "JPN", "USA", "2018-12-31")
    assert holds("defence_pledge", "USA", "JPN", "2018-12-31")
    assert not spells("defence_pledge", "JPN", "USA")
    assert holds("defence_pledge", "USA", "PAK", "2018-12-31")
    assert not holds("defence_pledge", "PAK", "USA", "2018-12-31")


def test_the_alliance_with_korea_binds_both():
    assert holds("defence_pledge", "USA", "KOR", TODAY)
    assert holds("defence_pledge", "KOR", "USA", TODAY)
    assert not holds("defence", "KOR", "USA", "1952-12-31")


@pytest.mark.parametrize(("state", "partner"), [("CHN", "USA"), ("RUS", "USA"), ("IND", "USA"), ("TWN", "JPN")])
def test_a_row_of_atop_is_no_alliance(state, partner):
    assert not any(holds("defence", state, partner, f"{year}-12-31") for year in range(1950, 2025))


def test_china_and_russia_are_in_the_list_for_non_aggression():
    assert holds("nonaggression", "CHN", "USA", "2018-12-31")
    assert holds("nonaggression", "RUS", "USA", "2018-12-31")


def test_suspended_and_ended_alliances_of_the_united_states():
    assert spells("defence", "NZL", "USA") == [("1951-09-01", "1986-09-17")]
    assert spells("defence", "TWN", "USA") == [("1954-12-02", "1980-01-01")]
    assert spells("defence", "CUB", "USA") == [("1942-01-01", "1962-01-22")]


def test_russia_and_north_korea_were_allies_twice():
    assert spells("defence", "PRK", "RUS") == [("1961-07-06", "1996-09-10"), ("2024-12-04", "")]
    assert not holds("consultation", "PRK", "RUS", "2000-02-08")
    assert holds("consultation", "PRK", "RUS", "2000-02-09")
    assert holds("defence", "CHN", "PRK", "2018-12-31")


@pytest.mark.parametrize(("state", "day"), [("FIN", "2023-04-04"), ("SWE", "2024-03-07"), ("MKD", "2020-03-27")])
def test_new_members_of_nato_are_bound_to_every_member_from_the_day(state, day):
    eve = str(pd.Timestamp(day).date() - pd.Timedelta(days=1))
    for member in ("USA", "TUR", "HUN", "GBR", "MNE", "CAN", "NOR"):
        pair = tuple(sorted((state, member)))
        assert holds("defence", *pair, day)
        assert holds("defence_pledge", state, member, day)
        assert holds("defence_pledge", member, state, day)
        if member in ("USA", "TUR", "CAN", "NOR"):  # the others in the European Union were bound before
            assert not holds("defence", *pair, eve)


def test_montenegro_is_in_nato_by_atop_itself():
    assert spells("defence", "MNE", "USA")[0][0] == "2016-05-19"


def test_brexit_ended_pledges_outside_nato_only():
    assert not holds("defence", "AUT", "GBR", "2021-12-31")
    assert holds("defence", "DEU", "GBR", "2021-12-31")


def test_what_runs_after_2018_says_that_it_rests_on_the_patch():
    for layer in OBLIGATIONS:
        rows = table(layer)
        atop = rows[rows["source"].str.startswith("atop-5.1")]
        later = rows[rows["source"] == "patch-2025"]
        assert atop["end"].between("1950-01-01", "2018-12-31").all()
        assert (atop["date"] <= atop["end"]).all()
        assert (atop["confidence"] == "").all()
        assert (later["date"] >= "2019-01-01").all()
        assert later["confidence"].isin(["carried", "high", "medium", "low"]).all()
        assert len(atop) + len(later) == len(rows)


def test_no_two_spells_of_a_dyad_overlap():
    for layer in OBLIGATIONS:
        assert overlapping(table(layer), ["state", "partner"]).empty


def test_the_check_for_overlaps_can_fail():
    rows = table("defence").head(1)
    assert not overlapping(pd.concat([rows, rows]), ["state", "partner"]).empty


@pytest.mark.parametrize("layer", OBLIGATIONS)
def test_every_year_of_atop_comes_back_from_the_spells(layer):
    atop = raw("atop_5_1_directed_dyad_year")
    column = COLUMNS["defence" if layer == "defence_pledge" else layer]
    atop = atop[(atop["year"] >= 1950) & (atop[column] == 1)]
    codes = {number: cow_to_iso3(number) for number in set(atop["ccode1"]) | set(atop["ccode2"])}
    expected = set()
    for first, second, year in zip(atop["ccode1"], atop["ccode2"], atop["year"], strict=True):
        dyad = codes[first], codes[second]
        if dyad[0] != dyad[1]:
            expected.add((*(dyad if layer == "defence_pledge" else sorted(dyad)), year))
    rows = table(layer).query("source != 'patch-2025'")
    found = {
        (state, partner, year)
        for state, partner, first, last in zip(rows["state"], rows["partner"], rows["date"], rows["end"], strict=True)
        for year in range(max(int(first[:4]), 1950), int(last[:4]) + 1)
    }
    assert found == expected


def test_every_fact_of_the_patch_is_dated_sourced_and_about_known_states():
    for fact in facts("treaties_2025"):
        assert "2019-01-01" <= fact["date"] <= TODAY, fact
        assert fact["source"], fact
        assert fact["what"], fact
        assert fact["reason"], fact
        assert fact["confidence"] in ("high", "medium", "low"), fact
        assert fact["value"] in ("0", "1", ""), fact
        assert fact["mutual"] in ("0", "1"), fact
        assert set(fact["obligation"].split()) <= set(COLUMNS), fact
        assert bool(fact["obligation"]) == bool(fact["value"]), fact
        states = [fact["state"], *fact["partner"].split()]
        assert set(states) <= set(CODES), fact
        assert len(set(states)) == len(states), fact


def test_an_end_in_the_patch_ends_something():
    for fact in facts("treaties_2025"):
        if fact["value"] != "0":
            continue
        eve = str(pd.Timestamp(fact["date"]).date() - pd.Timedelta(days=1))
        for partner in fact["partner"].split():
            for obligation in fact["obligation"].split():
                pair = tuple(sorted((fact["state"], partner)))
                assert holds(obligation, *pair, eve), (fact["what"], pair, obligation)
                assert not holds(obligation, *pair, fact["date"]), (fact["what"], pair, obligation)


@pytest.mark.parametrize(
    ("state", "partner"),
    [("AUS", "GBR"), ("JPN", "PHL"), ("PNG", "USA"), ("JPN", "KOR"), ("ARM", "RUS"), ("GBR", "JPN")],
)
def test_papers_without_a_pledge_change_nothing(state, partner):
    for layer in COLUMNS:
        assert holds(layer, state, partner, "2018-12-31") == holds(layer, state, partner, TODAY)


def test_a_patch_begins_ends_and_confirms():
    before = pd.DataFrame(
        [["2000-12-31", a, b, 1.0, "atop-5.1", "2018-12-31", ""] for a, b in (("FRA", "GBR"), ("GBR", "USA"))],
        columns=["date", "state", "partner", "value", "source", "end", "confidence"],
    )
    base = {"obligation": "defence", "mutual": "1"}
    patch = [
        base | {"date": "2020-05-01", "state": "GBR", "partner": "FRA", "value": "0", "confidence": "low"},
        base | {"date": "2021-01-01", "state": "USA", "partner": "GBR", "value": "1", "confidence": "high"},
        base | {"date": "2022-01-01", "state": "USA", "partner": "FRA", "value": "1", "confidence": "medium"},
    ]
    rows = patched(before, patch, "defence", directed=False).query("source == 'patch-2025'")
    made = {(r.state, r.partner): (r.date, r.end, r.confidence) for r in rows.itertuples()}
    assert made == {
        ("FRA", "GBR"): ("2019-01-01", "2020-04-30", "low"),
        ("GBR", "USA"): ("2019-01-01", "", "high"),
        ("FRA", "USA"): ("2022-01-01", "", "medium"),
    }
