"""Votes after REIGN ends: of the kind that decides, known no earlier than they could be."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources.elections import DECIDES, ELECTION, FACTS_TO, REIGN_TO, build, fact_votes

LISTED = ["ccode", "elecnum", "elec_year", "elec_month", "elec_day", "event", "type"]
FACTS = ["country", "date", "type", "result", "majority", "status", "source", "confidence", "note"]


def small(folder: Path, listed: list[tuple], facts: list[tuple]) -> pd.DataFrame:
    pd.DataFrame(listed, columns=LISTED).to_csv(folder / "reign_electionlist_2021_03.csv", index=False)
    rows = [(state, day, kind, "", "na", status, "a page", "high", note) for state, day, kind, status, note in facts]
    pd.DataFrame(rows, columns=FACTS).to_csv(folder / "elections.csv", index=False)
    return build(folder)["election"]


def row(table: pd.DataFrame, state: str, day: str) -> pd.Series:
    found = table[(table.state == state) & (table.date == day)]
    assert len(found) == 1, (state, day)
    return found.iloc[0]


def test_when_a_vote_was_known(tmp_path):
    listed = [
        (2, 1, 2016, 11, "8", "Vote, As Scheduled", "X"),
        (200, 2, 2017, 4, "18", "Announced", "L"),
        (200, 2, 2017, 6, "8", "Vote, Early", "L"),
        (200, 3, 2001, 5, " ", "Announced", "L"),  # the month alone: its last day
        (200, 3, 2001, 6, "7", "Vote, Early", "L"),
        (740, 4, 2011, 11, " ", "Announced", "L"),  # a slip of the list: more than a year before
        (740, 4, 2012, 12, "16", "Vote, Early", "L"),
        (325, 5, 2018, 3, "4", "Vote, Early", "L"),  # nothing said
        (920, 6, 2020, 8, "17", "Announced", "L"),
        (920, 6, 2020, 9, "19", "Voided", "L"),
        (920, 6, 2020, 10, "17", "Vote, As Scheduled", "L"),  # delayed: not known a year ahead
        (41, 7, 1990, 12, " ", "Announced", "X"),
        (41, 7, 1990, 12, "16", "Vote, Early", "X"),  # the last of December is after the vote
        (2, 8, 2024, 11, "5", "Upcoming, Scheduled", "X"),
        (155, 9, 1980, 9, "11", "Vote, As Scheduled", "R"),
    ]
    table = small(tmp_path, listed, [("USA", "2024-11-05", "presidential+congress", "held", "")])
    assert faults(ELECTION, table) == []
    known = {(state, day): known for state, day, known in table[["state", "date", "known"]].to_numpy().tolist()}
    assert known == {
        ("USA", "2016-11-08"): "2015-11-08",
        ("GBR", "2017-06-08"): "2017-04-18",
        ("GBR", "2001-06-07"): "2001-05-31",
        ("JPN", "2012-12-16"): "2012-12-16",
        ("ITA", "2018-03-04"): "2018-03-04",
        ("NZL", "2020-10-17"): "2020-08-17",
        ("HTI", "1990-12-16"): "1990-12-16",
        ("USA", "2024-11-05"): "2023-11-05",
    }
    assert dict(zip(table.state, table.known_to, strict=True))["ITA"] == REIGN_TO
    assert dict(zip(table.state, table.known_to, strict=True))["JPN"] == FACTS_TO


def test_which_facts_count_and_which_are_early(tmp_path):
    listed = [
        (740, 1, 2017, 10, "22", "Vote, Early", "L"),
        (2, 2, 2020, 11, "3", "Vote, As Scheduled", "X"),
        (255, 3, 2021, 9, "26", "Vote, As Scheduled", "L"),
    ]
    facts = [
        ("JPN", "2017-10-22", "lower", "held", ""),  # REIGN has it
        ("JPN", "2021-10-31", "lower", "held", ""),
        ("JPN", "2022-07-10", "upper", "held", ""),  # cannot change the leader
        ("JPN", "2024-10-27", "lower", "held", ""),  # three years into four
        ("JPN", "2028-10-26", "lower", "scheduled", "date approximate"),
        ("DEU", "2025-02-23", "lower", "scheduled", ""),
        ("USA", "2022-11-08", "midterm", "held", ""),
        ("USA", "2025-06-01", "presidential", "scheduled", ""),
        ("TWN", "2020-01-11", "presidential+legislative", "held", ""),  # REIGN has nothing of it
        ("TWN", "2020-06-11", "legislative", "held", ""),
    ]
    table = small(tmp_path, listed, facts)
    assert faults(ELECTION, table) == []
    found = table[["state", "date", "timing", "known", "day_known", "type"]].to_numpy().tolist()
    assert found == [
        ["JPN", "2017-10-22", "early", "2017-10-22", 1, "legislature"],
        ["TWN", "2020-01-11", "as scheduled", "2019-01-11", 1, "executive"],
        ["USA", "2020-11-03", "as scheduled", "2019-11-03", 1, "executive"],
        ["DEU", "2021-09-26", "as scheduled", "2020-09-26", 1, "legislature"],
        ["JPN", "2021-10-31", "as scheduled", "2020-10-31", 1, "legislature"],
        ["JPN", "2024-10-27", "early", "2024-10-27", 1, "legislature"],
        ["DEU", "2025-02-23", "scheduled", FACTS_TO, 1, "legislature"],  # called early: no year ahead
        ["USA", "2025-06-01", "scheduled", "2024-06-01", 1, "executive"],
        ["JPN", "2028-10-26", "scheduled", FACTS_TO, 0, "legislature"],
    ]


@pytest.fixture(scope="module")
def table(folders) -> pd.DataFrame:
    return build(folders)["election"]


def test_votes_of_the_years_after_reign(table):
    for state, day, timing in (
        ("USA", "2024-11-05", "as scheduled"),
        ("JPN", "2024-10-27", "early"),
        ("GBR", "2024-07-04", "early"),
        ("KOR", "2022-03-09", "as scheduled"),
        ("CAN", "2021-09-20", "early"),
        ("DEU", "2025-02-23", "scheduled"),
        ("DEU", "2021-09-26", "as scheduled"),
    ):
        assert row(table, state, day).timing == timing
    assert ("FRA", "2024-07-07") not in set(zip(table.state, table.date, strict=True))  # the president stays


def test_every_fact_of_the_deciding_kind_is_in_once(folders, table):
    facts = fact_votes(folders)
    late = facts[(facts.date > REIGN_TO) | (facts.state == "TWN")]
    wanted = {
        (vote.state, vote.date)
        for vote in late.itertuples()
        if str(vote.kind).startswith(DECIDES[str(vote.state)][0]) and vote.date
    }
    found = table[table.source.str.startswith("fact")]
    assert set(zip(found.state, found.date, strict=True)) == wanted
    assert len(found) == len(wanted) == 41
    assert (found.confidence != "").all()


def test_the_kind_of_vote_is_that_of_reign(table):
    """What the facts add for a state has the type of the state's last votes in REIGN."""
    for state in set(DECIDES) - {"TWN"}:
        of = table[table.state == state]
        later = of[of.source.str.startswith("fact")]
        last = of[of.source == "reign-2021-03"].iloc[-1].type
        assert set(later.type) <= {last}, state


def test_scheduled_is_after_the_day_and_known_on_it(table):
    scheduled = table[table.timing == "scheduled"]
    assert len(scheduled) == 16
    assert (scheduled.date > FACTS_TO).all()
    assert (scheduled.known <= FACTS_TO).all()
    assert not (table[table.timing != "scheduled"].date > FACTS_TO).any()
    assert (table.known <= table.date).all()
    assert row(table, "KOR", "2027-03-03").day_known == 1
    assert row(table, "AUS", "2025-05-17").day_known == 0  # due by


def test_reign_is_as_it_was(folders, table):
    """A count of the list by itself: votes of type X and L since 1950, the one under two numbers once."""
    listed = pd.read_parquet(folders[0] / "reign_electionlist_2021_03.parquet")
    votes = listed[listed.event.str.lower().str.startswith("vote,") & listed.type.isin(["X", "L"])]
    reign = table[table.source == "reign-2021-03"]
    assert len(reign) == (votes.elec_year >= 1950).sum() - 1 == 2452
    assert reign.date.max() <= REIGN_TO


def test_how_far_each_list_goes(table):
    ends = table.groupby("state").known_to.agg(["min", "max"])
    assert (ends["min"] == ends["max"]).all()
    assert set(ends[ends["max"] == FACTS_TO].index) == set(DECIDES)
    assert (ends.drop(list(DECIDES))["max"] == REIGN_TO).all()
