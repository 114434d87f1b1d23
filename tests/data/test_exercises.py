"""Joint exercises: every pair of participants once, missing days told apart, the older sheet in a layer of its own."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.sources import exercises
from latticework.data.sources.exercises import EARLY, EXERCISE
from latticework.data.states import BY_GW
from tests.data.dyad_tables import raw

MME = "MMEID,gwcode,country,s.year,s.month,s.day"
JME = ",".join([*exercises.START, *exercises.SHEET])


@pytest.fixture(scope="module")
def tables(inputs: Path) -> dict[str, pd.DataFrame]:
    return exercises.build(inputs)


@pytest.fixture
def built(tmp_path: Path):
    """Builds both layers from a few lines of the two tables."""

    def build(mme: list[str], jme: list[str]) -> dict[str, pd.DataFrame]:
        (tmp_path / "mme_v7_exercises_long.csv").write_text("\n".join([MME, *mme]))
        lines = [line + "," * (JME.count(",") - line.count(",")) for line in jme]
        (tmp_path / "jme_v3_exercises_wide.csv").write_text("\n".join([JME, *lines]))
        return exercises.build(tmp_path)

    return build


def rows_of(table: pd.DataFrame) -> list[tuple]:
    return list(
        table[["date", "state", "partner", "exercise", "members", "precision"]].itertuples(index=False, name=None)
    )


SHEET = ["1978,3,7,USA,KOR ,usa"]


def test_every_pair_once_and_what_is_no_state_left_out(built):
    lines = ["mme1,2,United States,1992,6,19", "mme1,740,Japan,1992,6,19", "mme1,740,Japan,1992,6,19"]
    lines += ["mme1,,Tonga,1992,6,19", "mme1,,-9,1992,6,19", "mme1,,NATO,1992,6,19", "mme2,2,United States,1992,1,1"]
    assert rows_of(built(lines, SHEET)["exercise"]) == [
        ("1992-06-19", "JPN", "TON", "mme1", 3, "day"),
        ("1992-06-19", "JPN", "USA", "mme1", 3, "day"),
        ("1992-06-19", "TON", "USA", "mme1", 3, "day"),
    ]


def test_a_day_that_is_missing_is_the_last_of_its_month(built):
    lines = ["mme1,2,United States,2004,2,xx", "mme1,732,South Korea,2004,2,xx"]
    assert rows_of(built(lines, SHEET)["exercise"]) == [("2004-02-29", "KOR", "USA", "mme1", 2, "month")]


def test_one_number_for_two_exercises_is_two(built):
    lines = ["mme1,710,China,2005,7,7", "mme1,740,Japan,2005,7,7"]
    lines += ["mme1,369,Ukraine,1995,7,xx", "mme1,2,United States,1995,7,xx"]
    assert rows_of(built(lines, SHEET)["exercise"]) == [
        ("1995-07-31", "UKR", "USA", "mme1", 2, "month"),
        ("2005-07-07", "CHN", "JPN", "mme1", 2, "day"),
    ]


def test_vietnam_has_the_number_of_the_south(built):
    lines = ["mme1,817,Vietnam,2010,8,8", "mme1,2,United States,2010,8,8"]
    assert rows_of(built(lines, SHEET)["exercise"])[0][1:3] == ("USA", "VNM")


def test_the_sheet_stands_in_only_before_1980(built):
    mme = ["mme1,2,United States,1980,1,1", "mme1,20,Canada,1980,1,1"]
    sheet = ["1974,11,xx,USA,TUR,BMU", "1979,-9,-9,USA ,dEU,8 NATO members", "1980,5,5,USA,CAN", ",,,USA,CAN"]
    assert rows_of(built(mme, sheet)["exercise_early"]) == [
        ("1974-11-30", "TUR", "USA", "jme1", 2, "month"),
        ("1979-12-31", "DEU", "USA", "jme2", 2, "year"),
    ]


def test_layers_say_what_an_absent_row_means():
    assert (EXERCISE.absent, EXERCISE.until, EXERCISE.carry, EXERCISE.event) == ("zero", "2010-12-31", False, True)
    assert (EARLY.absent, EARLY.until) == ("missing", "1979-12-31")


def test_every_pair_of_the_source_is_there_and_no_other(tables):
    source = raw("mme_v7_exercises_long")
    source = source[source["gwcode"].notna() & (source["gwcode"] != 817)]
    expected = set()
    taking_part: dict[tuple[str, str, str], set[str]] = {}
    columns = [source[name] for name in ("MMEID", "StartDate", "s.year", "s.month", "gwcode")]
    for number, start, year, month, code in zip(*columns, strict=True):
        assert str(year)[2:] == start[-2:] or str(year) == start[:4]  # two ways of telling the day, one year
        taking_part.setdefault((number, start, f"{year}-{month:02d}"), set()).add(BY_GW[int(code)])
    for (number, _, month), codes in taking_part.items():
        expected |= {(number, month, one, other) for one, other in combinations(sorted(codes), 2)}
    rows = tables["exercise"]
    found = set(zip(rows["exercise"], rows["date"].str[:7], rows["state"], rows["partner"], strict=True))
    named = set(exercises.UNNUMBERED.values()) | {"VNM"}
    assert {pair for pair in found if not {*pair[2:]} & named} == {p for p in expected if not {*p[2:]} & named}
    assert expected <= found


def test_known_exercises(tables):
    rows = tables["exercise"].query("exercise == 'mme1000'")  # RIMPAC 92
    assert set(rows["date"]) == {"1992-06-19"}
    assert set(rows["state"]) | set(rows["partner"]) == {"AUS", "CAN", "JPN", "KOR", "USA"}
    assert len(rows) == 10
    early = tables["exercise_early"].query("state == 'KOR' and partner == 'USA'")  # Team Spirit 78
    assert early["date"].tolist() == ["1978-03-07"]


def test_exercises_a_year(tables):
    once = tables["exercise"].drop_duplicates(["exercise", "date"])
    years = once["date"].str[:4].value_counts()
    assert (years["1980"], years["1990"], years["2004"], years["2010"]) == (63, 55, 193, 141)
    assert len(once) == 3573
    assert once["members"].max() == 24
    assert (once["members"] == 24).sum() == 14
    early = tables["exercise_early"].drop_duplicates("exercise")["date"].str[:4].value_counts()
    assert early.to_dict() == {"1974": 1, "1975": 3, "1977": 13, "1978": 18, "1979": 12}


def test_members_and_rows_agree(tables):
    for table in tables.values():
        for (_, _), rows in table.groupby(["exercise", "date"]):
            members = rows["members"].iloc[0]
            assert len(rows) == members * (members - 1) / 2
            assert len(set(rows["state"]) | set(rows["partner"])) == members
