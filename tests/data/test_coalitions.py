"""Changes of coalition: every dated change once, none made up, years that nobody coded left out."""

from pathlib import Path

import pandas as pd
import pytest

from latticework.data.known import columns_known, known_from
from latticework.data.schema import faults
from latticework.data.sources.coalitions import COALITION_CHANGE, DATED, SLOTS, build
from latticework.data.states import BY_COW


def sheet(folder: Path, rows: list[dict]) -> Path:
    """A table as CHISOLS gives it, with a column for each of the seven changes a year."""
    columns = [f"{part}{slot}" for parts in DATED.values() for part in parts for slot in SLOTS]
    pd.DataFrame(rows, columns=["ccode", "year", "solschange", *columns]).to_csv(
        folder / "chisols_4_0_state_year.csv", index=False
    )
    return folder


def dated(kind: str, slot: int, year: int, month: int, day: int) -> dict:
    prefix = {"change": "solsch", "minor": "solsminch"}[kind]
    return {f"{prefix}yr{slot}": year, f"{prefix}mo{slot}": month, f"{prefix}day{slot}": day}


def test_a_change_a_minor_one_and_a_year_with_neither(tmp_path):
    rows = [
        {"ccode": 2, "year": 1949, "solschange": 1, **dated("change", 1, 1949, 1, 20)},
        {"ccode": 2, "year": 1953, "solschange": 1, **dated("change", 1, 1953, 1, 20)},
        {"ccode": 2, "year": 1954, "solschange": 0},
        {"ccode": 570, "year": 1994, "solschange": 0}
        | dated("change", 1, 1994, 8, 17)
        | dated("change", 2, 1994, 9, 14)
        | dated("minor", 1, 1994, 12, 31),
        {"ccode": 255, "year": 1990, "solschange": 0},
        {"ccode": 260, "year": 1990, "solschange": 0},
    ]
    table = build(sheet(tmp_path, rows))["coalition_change"]
    assert faults(COALITION_CHANGE, table) == []
    found = table[["date", "state", "value", "kind", "year_count"]].to_numpy().tolist()
    assert found == [
        ["1953-01-20", "USA", 1, "change", 1],
        ["1954-12-31", "USA", 0, "none", 0],
        ["1990-12-31", "DEU", 0, "none", 0],  # two numbers, one state
        ["1994-08-17", "LSO", 1, "change", 0],  # counted for no year: the king's man was out after four weeks
        ["1994-09-14", "LSO", 1, "change", 0],
        ["1994-12-31", "LSO", 0, "minor", 0],
    ]


def test_what_a_year_holds_is_known_on_its_days():
    assert known_from(COALITION_CHANGE) == '"date"'
    shown, _ = columns_known(COALITION_CHANGE, "1990-01-01")
    assert '"value" AS "value"' in shown  # nothing of it is hindsight


@pytest.fixture(scope="module")
def raw(inputs) -> pd.DataFrame:
    table = pd.read_parquet(inputs / "chisols_4_0_state_year.parquet").query("year >= 1950")
    return table.assign(state=table.ccode.map(BY_COW))


@pytest.fixture(scope="module")
def table(inputs) -> pd.DataFrame:
    return build(inputs)["coalition_change"].assign(year=lambda t: t.date.str[:4].astype(int))


def test_every_dated_change_of_the_source_is_there_once(raw, table):
    for kind, (year, _, _) in DATED.items():
        there = sum(raw[f"{year}{slot}"].notna().sum() for slot in SLOTS)
        assert (table.kind == kind).sum() == there
    assert (table.value == 1).sum() == 685
    assert set(table[table.kind != "change"].value) == {0}


def test_each_coded_year_has_a_row_and_no_other(raw, table):
    assert set(zip(table.state, table.year, strict=True)) == set(zip(raw.state, raw.year, strict=True))
    for state in ("ISL", "LUX", "TON", "MDV"):  # never coded
        assert state not in set(table.state)
    assert table[table.state == "SOM"].year.max() == 1991
    assert table.date.max() <= COALITION_CHANGE.until


def test_known_changes(table):
    usa = table[(table.state == "USA") & (table.value == 1)]
    assert list(usa.date) == [f"{y}-01-20" for y in (1953, 1961, 1969, 1977, 1981, 1993)] + ["2001-01-21"]  # as there
    assert table[(table.state == "CHN") & (table.value == 1)].empty  # the party stayed
    assert "1979-02-01" in set(table[(table.state == "IRN") & (table.value == 1)].date)


def test_published_base_rates(raw, table):
    """Changes a year since 1950: 0.139 in democracies, 0.046 elsewhere (the models' own reading of the same file)."""
    counts = table.groupby(["state", "year"], as_index=False).year_count.max()
    years = raw.merge(counts, on=["state", "year"])
    rate = {dem: (years[years.dem == dem].year_count > 0).mean() for dem in ("1", "0")}
    assert rate["1"] == pytest.approx(0.139, abs=0.0005)
    assert rate["0"] == pytest.approx(0.046, abs=0.0005)
