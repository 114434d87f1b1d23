"""Visits of American leaders: dates in words, historic names, and the counts that the press knows them by."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.sources import visits
from latticework.data.sources.visits import DEFENCE, PRESIDENT, SECRETARY
from tests.data.dyad_tables import raw

STATES = "ccode,styear,stmonth,stday,endyear,endmonth,endday\n"


@pytest.fixture(scope="module")
def tables(inputs: Path) -> dict[str, pd.DataFrame]:
    return visits.build(inputs)


@pytest.fixture
def built(tmp_path: Path):
    """Builds the three layers from a few visits of the president; the other two lists have one each."""

    def build(*president: tuple[str, str, str], officials: str = "") -> dict[str, pd.DataFrame]:
        columns = ["destination country", "description", "time"]
        pd.DataFrame(president, columns=columns).to_csv(tmp_path / "us_president_visits.csv", index=False)
        one = pd.DataFrame([("Japan", "Met.", "May 3–4, 1999")], columns=columns)
        one.to_csv(tmp_path / "us_secretary_visits.csv", index=False)
        header = "Title,Name,Start Day,Start Month,Start Year,City Visited,State Visit,End Day,End Month,End Year\n"
        (tmp_path / "us_dod_official_visits.csv").write_text(header + "PACOM,A,1,2,2010,,JPN,3,2,2010\n" + officials)
        listed = [(740, 1952, 4, 28), (732, 1949, 6, 29), (817, 1954, 6, 4), (816, 1954, 7, 20), (255, 1990, 10, 3)]
        (tmp_path / "cow_states_2016.csv").write_text(
            STATES + "\n".join(f"{c},{y},{m},{d},2016,12,31" for c, y, m, d in listed)
        )
        return visits.build(tmp_path)

    return build


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("December 3–4, 2019", "2019-12-03", "2019-12-04"),
        ("November 28, 2019", "2019-11-28", "2019-11-28"),
        ("January 29–February 7, 1909", "1909-01-29", "1909-02-07"),
        ("December 31, 1977–January 1, 1978", "1977-12-31", "1978-01-01"),
    ],
)
def test_days_in_words(text, first, last):
    found = [day.iloc[0].strftime("%Y-%m-%d") for day in visits.stays(pd.Series([text]))]
    assert found == [first, last]


@pytest.mark.parametrize("text", ["", "spring 1999", "Smarch 3, 1999", "February 30, 1999"])
def test_what_is_no_day_is_not_guessed(text):
    first, _ = visits.stays(pd.Series([text]))
    assert first.isna().all()


def test_every_day_of_the_lists_is_read():
    for name in visits.INPUTS[:2]:
        first, last = visits.stays(raw(name)["time"])
        assert first.notna().all()
        assert (last >= first).all()


def test_historic_names_and_places_that_are_no_states(built):
    rows = built(
        ("Vietnam", "Met.", "October 26, 1966"),
        ("Vietnam", "Met.", "November 16–19, 2000"),
        ("Vatican City", "Met.", "July 3, 1963"),
        ("Korea, Republic of", "Tour. [Visit made as President-elect.]", "December 2–5, 1952"),
        ("Germany, Federal Republic of", "Met.", "June 1, 1951"),
        ("Japan", "Met.", "June 1, 1949"),
        ("Japan", "Met.", "November 18–20, 1974"),
        ("Japan", "Met again.", "November 18, 1974"),
    )["visit_president"]
    found = list(zip(rows["date"], rows["partner"], rows["days"], strict=True))
    assert found == [
        ("1951-06-01", "DEU", 1),  # occupied, and no member of the state system yet
        ("1966-10-26", "VDR", 1),
        ("1974-11-18", "JPN", 3),
        ("2000-11-16", "VNM", 4),
    ]


def test_officials(built):
    lines = "PACOM,A,1,2,2010,,KOR,3,1,2010\nSecretary of the Army,B,5,5,2005,Guantanamo,CUB,6,5,2005\n"
    lines += "Secretary of the Army,B,5,5,2005,,GUM,6,5,2005\nSecretary of the Army,B,5,5,2005,,Kosovo,6,5,2005\n"
    rows = built(("Japan", "Met.", "May 1, 1990"), officials=lines)["visit_defence"]
    assert list(zip(rows["partner"], rows["official"], rows["days"].fillna(-1), strict=True)) == [
        ("JPN", "A", 3),
        ("KOR", "A", -1),  # ends before it begins
    ]


def between(rows: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    return rows[(rows["date"] >= first) & (rows["date"] < last)]


@pytest.mark.parametrize(
    ("layer", "first", "last", "hosts"),
    [
        ("visit_secretary", "2009-01-21", "2013-02-01", 112),  # Hillary Clinton: 112 countries
        ("visit_secretary", "2013-02-01", "2017-01-20", 91 - 3),  # Kerry: 91, with the Vatican, Palestine, Antarctica
        ("visit_president", "2009-01-20", "2017-01-20", 58 - 2),  # Obama: 58, with the Vatican and Palestine
        ("visit_president", "1993-01-20", "2001-01-20", 74 - 3),  # Clinton: 74, with both and Kosovo
    ],
)
def test_countries_visited_as_they_were_counted_at_the_time(tables, layer, first, last, hosts):
    assert between(tables[layer], first, last)["partner"].nunique() == hosts


@pytest.mark.parametrize(
    ("date", "host", "days"),
    [
        ("1960-06-18", "TWN", 2),
        ("1966-10-26", "VDR", 1),
        ("1972-02-21", "CHN", 8),
        ("1974-11-18", "JPN", 5),
        ("1977-12-31", "IRN", 2),
        ("2019-06-30", "KOR", 1),
        ("2020-01-21", "CHE", 2),
    ],
)
def test_known_visits_of_presidents(tables, date, host, days):
    rows = tables["visit_president"].query("date == @date and partner == @host")
    assert rows["days"].tolist() == [days]


def test_where_no_president_went(tables):
    hosts = set(tables["visit_president"]["partner"])
    assert not hosts & {"PRK", "DZA", "YEM", "CYP", "USA"}
    assert {"PRK", "IRN"} <= set(tables["visit_secretary"]["partner"])  # Albright in 2000


def test_the_counts_of_the_lists(tables):
    assert {name: len(rows) for name, rows in tables.items()} == {
        "visit_president": 668,
        "visit_secretary": 2938,
        "visit_defence": 353,
    }
    listed = raw("us_president_visits")
    listed = listed[listed["year"] >= 1950]
    no_state = listed["destination country"].str.contains("Vatican|Palestin|Kosovo")
    elect = listed["description"].str.contains("as President-elect", regex=False)
    assert len(listed) - (no_state | elect).sum() - 1 == 668  # Suriname in 1967 was no state


def test_coverage_is_that_of_each_list(tables):
    for layer in (PRESIDENT, SECRETARY):
        assert layer.until in ("2020-01-22", "2020-11-21")
        assert tables[layer.name]["date"].max() <= layer.until
        assert layer.absent == "zero"
    assert DEFENCE.absent == "missing"
    assert set(tables["visit_president"]["state"]) == {"USA"}
