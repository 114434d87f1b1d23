"""Population: thousands become persons, two numbers of one state become one, and known counts are met."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources import population

KNOWN = {  # census counts, in persons
    ("USA", 1950): 151_325_798,
    ("USA", 2010): 308_745_538,
    ("JPN", 2010): 128_057_352,
    ("KOR", 2010): 48_580_293,
    ("IND", 2011): 1_210_854_977,
    ("CHN", 2010): 1_339_724_852,
}


def nmc(folder: Path, ending: str) -> Path:
    """Germany and Yemen change their numbers, one count is -9, one is missing, one is too old."""
    table = pd.DataFrame(
        {
            "ccode": [2, 2, 2, 260, 255, 678, 679, 740],
            "year": [1949, 1950, 1951, 1990, 1990, 1990, 1990, 2000],
            "tpop": [149188, 151868, -9, 63253, 79402, 9196, None, 127000],
        }
    )
    if ending == "csv":
        table.to_csv(folder / "cow_nmc_7_0.csv", index=False)
    else:
        table.astype("Int32").to_parquet(folder / "cow_nmc_7_0.parquet")
    return folder


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_tiny_table_by_hand(tmp_path, ending):
    table = population.build(nmc(tmp_path, ending))["population"]
    rows = list(zip(table.date, table.state, table.value, strict=True))
    assert rows == [
        ("1950-12-31", "USA", 151_868_000.0),
        ("1990-12-31", "DEU", 79_402_000.0),  # 255 and not 260
        ("1990-12-31", "YEM", 9_196_000.0),  # 679 has none
        ("2000-12-31", "JPN", 127_000_000.0),
    ]


@pytest.fixture(scope="module")
def persons(inputs) -> pd.DataFrame:
    return population.build(inputs)["population"]


def test_every_count_of_the_source_is_there_once(inputs, persons):
    file = inputs / "cow_nmc_7_0.parquet"
    rows = duckdb.sql(f"select count(tpop), sum(tpop) from '{file}' where year >= 1950").fetchall()[0]
    double = duckdb.sql(f"select count(*), sum(tpop) from '{file}' where year = 1990 and ccode in (260, 678)")
    more = double.fetchall()[0]
    assert len(persons) == rows[0] - more[0]
    assert persons.value.sum() == 1000 * (rows[1] - more[1])
    assert faults(population.POPULATION, persons) == []


@pytest.mark.parametrize(("state", "year"), KNOWN)
def test_census_counts(persons, state, year):
    found = persons.query("state == @state and date == @day", local_dict={"state": state, "day": f"{year}-12-31"})
    assert found.value.iloc[0] == pytest.approx(KNOWN[state, year], rel=0.03)


def test_the_world_has_eight_thousand_million(persons):
    world = persons.groupby("date").value.sum()
    assert world["2022-12-31"] == pytest.approx(8.0e9, rel=0.015)  # United Nations: 15 November 2022
    assert world["1974-12-31"] == pytest.approx(4.0e9, rel=0.02)
    growth = world.pct_change().dropna()
    assert growth.between(-0.005, 0.06).all()  # new members; no year is counted twice


def test_two_states_in_one_year_would_be_seen(persons):
    germany = persons[persons.state == "DEU"].set_index("date").value
    assert germany["1990-12-31"] / germany["1989-12-31"] == pytest.approx(1.279, abs=0.002)
    assert germany["1991-12-31"] / germany["1990-12-31"] < 1.01  # 260 in 1990 would give 1.26
