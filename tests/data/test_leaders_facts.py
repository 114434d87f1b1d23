"""Leaders after the lists end: the facts go on where REIGN and Archigos stop, and change nothing before."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.known import columns_known
from latticework.data.schema import faults
from latticework.data.sources.leaders import FACTS_TO, LEADER, REIGN_TO, build, fact_leaders

DAY = "2025-01-24"
TWENTY = (
    *("AUS", "CAN", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "JPN", "KOR"),
    *("MYS", "NZL", "PHL", "PRK", "RUS", "SGP", "THA", "TWN", "USA", "VNM"),
)
FACTS = ["country", "leader", "party_family", "source", "confidence", "note", "start", "end", "acting"]


def small(folder: Path, facts: list[tuple]) -> pd.DataFrame:
    """The layer from tables with Japan and Spain in REIGN, Taiwan in Archigos, and some facts."""
    reign = [
        (740, "Abe", 26, 12, 2012, 9, 2020),
        (740, "Suga", 14, 9, 2020, None, None),
        (230, "Sanchez", 2, 6, 2018, None, None),
    ]
    columns = ["ccode", "leader", "sdate", "smonth", "syear", "emonth", "eyear"]
    pd.DataFrame(reign, columns=columns).to_csv(folder / "reign_leaderlist_2021_03.csv", index=False)
    columns = ["gwcode", "leader", "startdate", "enddate", "exit"]
    archigos = [(713, "Ma", "2008-05-20", "2015-12-31", "Still in Office")]
    pd.DataFrame(archigos, columns=columns).to_csv(folder / "archigos_4_1.csv", index=False)
    columns = ["ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"]
    states = [(code, 1950, 1, 1, 2016, 12, 31) for code in (740, 230, 713)]
    pd.DataFrame(states, columns=columns).to_csv(folder / "cow_states_2016.csv", index=False)
    pd.DataFrame(facts, columns=FACTS).to_csv(folder / "leaders.csv", index=False)
    return build(folder)["leader"]


def fact(state: str, leader: str, start: str, end: str | None = None, acting: int = 0) -> tuple:
    return (state, leader, "right", "a page", "high", None, start, end, acting)


def rows(table: pd.DataFrame, state: str) -> list[list]:
    return table[table.state == state][["value", "date", "end", "known_to"]].to_numpy().tolist()


def test_the_open_spell_gets_its_end_and_others_follow(tmp_path):
    facts = [
        fact("JPN", "Shinzo Abe", "2012-12-26", "2020-09-16"),  # REIGN has the 14th, and REIGN stands
        fact("JPN", "Yoshihide Suga", "2020-09-16", "2021-10-04"),
        fact("JPN", "Fumio Kishida", "2021-10-04"),
        fact("TWN", "Ma Ying-jeou", "2008-05-20", "2016-05-20"),
        fact("TWN", "Tsai Ing-wen", "2016-05-20"),
    ]
    table = small(tmp_path, facts)
    assert faults(LEADER, table) == []
    assert rows(table, "JPN") == [
        ["Abe", "2012-12-26", "2020-09-14", "2020-09-14"],
        ["Suga", "2020-09-14", "2021-10-04", "2021-10-04"],  # one spell under REIGN's name
        ["Fumio Kishida", "2021-10-04", "", DAY],
    ]
    assert rows(table, "TWN") == [
        ["Ma", "2008-05-20", "2016-05-20", "2016-05-20"],
        ["Tsai Ing-wen", "2016-05-20", "", DAY],
    ]
    assert rows(table, "ESP") == [["Sanchez", "2018-06-02", "", REIGN_TO]]  # no fact, no more is known
    of = table.set_index("value")
    assert list(of.loc[["Abe", "Suga", "Fumio Kishida"], "source"]) == [
        "reign-2021-03",
        "reign-2021-03; fact: a page",
        "fact: a page",
    ]
    assert list(of.loc[["Sanchez", "Suga"], "confidence"]) == ["", "high"]
    assert of.acting.isna().sum() == 2  # REIGN does not say


def test_an_acting_leader_ends_the_spell_of_the_suspended_one(tmp_path):
    facts = [
        fact("JPN", "Suga", "2020-09-16", "2022-05-10"),
        fact("JPN", "Yoon", "2022-05-10"),
        fact("JPN", "Han", "2024-12-14", "2024-12-27", acting=1),
        fact("JPN", "Choi", "2024-12-27", acting=1),
    ]
    table = small(tmp_path, facts)
    found = table[table.date > "2021"]
    assert list(zip(found.value, found.end, found.acting, strict=True)) == [
        ("Yoon", "2024-12-14", 0),
        ("Han", "2024-12-27", 1),
        ("Choi", "", 1),
    ]


def test_without_a_fact_on_the_day_nothing_is_continued(tmp_path):
    table = small(tmp_path, [fact("JPN", "Kishida", "2021-10-04"), fact("USA", "Biden", "2021-01-20")])
    assert rows(table, "JPN")[1] == ["Suga", "2020-09-14", "", REIGN_TO]
    assert "USA" not in set(table.state)  # a state that no list has is not begun by a fact


def test_the_manner_of_exit_is_told_by_the_end():
    assert LEADER.hindsight == ("exit",)
    shown, _ = columns_known(LEADER, "1963-01-01")
    assert any("CASE" in expression and '"exit"' in expression for expression in shown)


@pytest.fixture(scope="module")
def table(folders) -> pd.DataFrame:
    return build(folders)["leader"]


def test_who_led_on_24_january_2025(table):
    leaders = table[table.state.isin(TWENTY) & (table.end == "")].set_index("state")
    assert set(leaders.index) == set(TWENTY)
    assert (leaders.known_to == DAY).all()
    expected = {"USA": "Donald Trump", "JPN": "Shigeru Ishiba", "GBR": "Keir Starmer", "DEU": "Olaf Scholz"}
    expected |= {"TWN": "Lai Ching-te", "CAN": "Trudeau", "CHN": "Xi Jinping", "VNM": "To Lam", "KOR": "Choi Sang-mok"}
    assert {state: leaders.value[state] for state in expected} == expected
    assert leaders.date["USA"] == "2025-01-20"
    assert leaders.date["RUS"] == "2000-01-01"  # REIGN has Putin throughout


def test_one_leader_at_a_time_and_no_long_gap(table):
    for _, spells in table[table.state.isin(TWENTY) & (table.end.eq("") | (table.end >= "2021"))].groupby("state"):
        ends, begins = pd.to_datetime(spells.end[:-1]), pd.to_datetime(spells.date[1:])
        gaps = (begins.to_numpy() - ends.to_numpy()).astype("timedelta64[D]").astype(int)
        assert ((gaps >= 0) & (gaps <= 15)).all()  # THA two days in 2024, VNM fifteen


def test_the_facts_change_nothing_before_reign_ends(folders, table):
    """Every spell of the lists is there with its own name, first day and, if it had ended, its end."""
    reign = pd.read_parquet(folders[0] / "reign_leaderlist_2021_03.parquet")
    late = reign[(reign.syear >= 1990) & ~reign.ccode.isin([255, 679])]  # Kohl, Saleh: one spell
    days = late.syear.astype(str) + late.smonth.map("-{:02d}".format) + late.sdate.map("-{:02d}".format)
    assert set(zip(late.leader, days, strict=True)) <= set(zip(table.value, table.date, strict=True))
    assert table[table.source == "reign-2021-03"].confidence.eq("").all()
    assert len(table[table.date > REIGN_TO]) == 22
    assert set(table[table.date > REIGN_TO].state) < set(TWENTY)


def test_offices_agree_at_the_join(folders, table):
    """The person whom REIGN has on its last day is the one of the facts: a word of the name is the same."""
    facts = fact_leaders(folders)
    joined = table[table.source.str.contains("; fact")]
    assert set(joined.state) == set(TWENTY)
    for spell in joined.itertuples():
        day = "2015-12-31" if spell.state == "TWN" else REIGN_TO
        named = facts[(facts.state == spell.state) & (facts.date <= day)].value.iloc[-1]
        same = set(str(spell.value).casefold().split()) & set(named.casefold().split())
        assert same or spell.state == "THA", (spell.value, named)  # Prayuth and Prayut
    near = facts.merge(joined, on="state", suffixes=("_fact", ""))
    last = near.state.eq("TWN").map({True: "2015-12-31", False: REIGN_TO})
    near = near[(near.date_fact <= last) & (near.end_fact.eq("") | (near.end_fact > last))]
    apart = (pd.to_datetime(near.date_fact) - pd.to_datetime(near.date)).dt.days.abs()
    assert set(near[apart > 3].state) == {"RUS", "THA"}  # Medvedev's years; the months between the coup and the office


def test_how_many_led(table):
    """REIGN's count: 2,524 spells in the list; those that ended before 1950 and two split by a number are no rows."""
    assert (table.source.str.startswith("reign")).sum() + (table.source.str.startswith("archigos")).sum() == 2531
    assert FACTS_TO == LEADER.until == DAY
