"""Governments without a majority, and impeachments: what the facts say, from when it held, and no more."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources.domestic import IMPEACHMENT, LAYERS, build
from tests.data.test_elections_facts import FACTS as VOTES
from tests.data.test_leaders_facts import FACTS as LEADERS

EVENTS = ["date", "actors", "description", "source", "confidence"]


def small(folder: Path, votes: list[tuple], leaders: list[tuple], *others: tuple) -> dict[str, pd.DataFrame]:
    rows = [(*vote[:3], vote[4], vote[3], "held", "a page", "high", vote[5]) for vote in votes]
    pd.DataFrame(rows, columns=VOTES).to_csv(folder / "elections.csv", index=False)
    rows = [(s, "X", family, "a page", "medium", note, start, end, 0) for s, family, start, end, note in leaders]
    pd.DataFrame(rows, columns=LEADERS).to_csv(folder / "leaders.csv", index=False)
    events = [("2024-12-14", "KOR", "National Assembly impeaches Yoon", "a page", "high"), *others]
    pd.DataFrame(events, columns=EVENTS).to_csv(folder / "events.csv", index=False)
    return build(folder)


def spells(tables: dict[str, pd.DataFrame], state: str) -> list[tuple]:
    table = tables["minority_government"].query("state == @state")
    return list(zip(table.date, table.end, table.value, strict=True))


def test_a_majority_holds_from_office_to_the_next_vote(tmp_path):
    votes = [
        ("GBR", "2010-05-06", "lower", "no", "coalition", ""),
        ("GBR", "2015-05-07", "lower", "yes", "", ""),
        ("GBR", "2019-12-12", "upper", "no", "", ""),  # says nothing of the lower house
        ("USA", "2024-11-05", "presidential+congress", "yes", "", ""),
        ("USA", "2022-11-08", "midterm", "no", "", ""),
    ]
    leaders = [
        ("GBR", "left", "2007-06-27", "2010-05-11", ""),
        ("GBR", "right", "2010-05-11", "2016-07-13", ""),
        ("GBR", "right", "2016-07-13", "", ""),  # another leader of the same side
        ("USA", "left", "2021-01-20", "2025-01-20", ""),
        ("USA", "right", "2025-01-20", "", ""),
    ]
    tables = small(tmp_path, votes, leaders)
    assert all(faults(layer, tables[layer.name]) == [] for layer in LAYERS)
    assert spells(tables, "GBR") == [("2010-05-11", "2015-05-06", 1), ("2015-05-07", "", 0)]
    assert spells(tables, "USA") == [("2023-01-03", "2025-01-02", 1), ("2025-01-20", "", 0)]


def test_what_a_vote_said_ends_with_the_side_that_won_it(tmp_path):
    votes = [
        ("THA", "2011-07-03", "lower", "yes", "", ""),
        ("DEU", "2021-09-26", "lower", "yes", "", "coalition collapsed 2024-11-06; date from a list"),
        ("KOR", "2020-04-15", "legislative", "yes", "", ""),
        ("KOR", "2022-03-09", "presidential", "na", "", ""),
    ]
    leaders = [
        ("THA", "populist", "2011-08-05", "2014-05-07", ""),
        ("THA", "military", "2014-08-24", "", ""),
        ("DEU", "right", "2005-11-22", "2021-12-08", ""),
        ("DEU", "left", "2021-12-08", "", ""),
        ("KOR", "left", "2017-05-10", "2022-05-10", ""),
        ("KOR", "right", "2022-05-10", "", "powers suspended from 2024-12-14; pending"),
        ("KOR", "right", "2024-12-27", "", "impeached 2024-12-27"),
    ]
    tables = small(tmp_path, votes, leaders, ("2024-12-03", "KOR", "declares martial law", "memory", "high"))
    assert spells(tables, "THA") == [("2011-08-05", "2014-05-06", 0)]  # nothing of the junta's years
    assert spells(tables, "DEU") == [("2021-12-08", "2024-11-05", 0), ("2024-11-06", "", 1)]
    assert spells(tables, "KOR") == [("2020-05-30", "2022-05-09", 0)]
    impeached = tables["impeachment"]
    assert list(zip(impeached.date, impeached.confidence, strict=True)) == [
        ("2024-12-14", "high"),  # the event, once, although a note has the day too
        ("2024-12-27", "medium"),
    ]


@pytest.fixture(scope="module")
def tables(folders) -> dict[str, pd.DataFrame]:
    return build(folders)


def on(tables: dict[str, pd.DataFrame], day: str) -> dict[str, float]:
    table = tables["minority_government"]
    there = table[(table.date <= day) & ((table.end == "") | (table.end >= day))]
    assert there.state.is_unique
    return dict(zip(there.state, there.value, strict=True))


def test_who_had_no_majority_on_24_january_2025(tables):
    found = on(tables, "2025-01-24")
    assert {state for state, value in found.items() if value} == {
        *("CAN", "DEU", "FRA", "IND", "JPN", "KOR", "MYS", "NZL", "THA", "TWN")
    }
    assert {state for state, value in found.items() if not value} == {"AUS", "GBR", "SGP", "USA"}


def test_known_governments(tables):
    assert on(tables, "2024-10-26")["JPN"] == 0
    assert on(tables, "2024-10-27")["JPN"] == 1
    assert on(tables, "2008-01-01")["JPN"] == 0  # the upper house was lost, not the lower
    assert on(tables, "2018-06-01")["GBR"] == 1
    assert on(tables, "2016-03-01").get("TWN") is None  # a new legislature, the old president
    assert on(tables, "2023-06-01").get("KOR") is None
    assert on(tables, "2020-12-01").get("MYS") is None  # between the coalition of 2018 and the vote of 2022
    divided = [on(tables, f"{year}-06-30")["USA"] for year in range(2001, 2025)]
    assert divided == [0] * 6 + [1, 1] + [0, 0] + [1] * 6 + [0, 0] + [1, 1] + [0, 0] + [1, 1]


def test_only_states_of_which_a_fact_tells(folders, tables):
    listed = pd.read_csv(folders[1] / "elections.csv")
    assert set(tables["minority_government"].state) < set(listed.country)
    for state in ("CHN", "PRK", "RUS", "VNM", "IDN", "PHL"):
        assert state not in set(tables["minority_government"].state)


def test_impeachments_are_koreas_and_no_rate(tables):
    impeached = tables["impeachment"]
    assert set(impeached.state) == {"KOR"}
    assert list(impeached.date) == ["2004-03-12", "2016-12-09", "2024-12-14", "2024-12-27"]
    assert IMPEACHMENT.absent == "missing"
    assert impeached.source.str.startswith("fact: ").all()
