"""Shared organizations: each pair once, every year complete, never more than either side's memberships."""

import duckdb
import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources import igos


def test_a_tiny_table_by_hand(tmp_path):
    pd.DataFrame(
        {
            "ccode1": [2, 2, 740, 255, 260, 678],
            "ccode2": [740, 740, 900, 265, 265, 679],
            "year": [1949, 1950, 1950, 1990, 1990, 1990],
            "dyadigos": [5, 7, 0, 31, 30, 12],
        }
    ).to_csv(tmp_path / "cow_igo_dyad_year.csv", index=False)
    table = igos.build(tmp_path)["shared_igos"]
    assert list(zip(table.date.str[:4], table.state, table.partner, table.value, strict=True)) == [
        ("1950", "AUS", "JPN", 0.0),  # an observed zero
        ("1950", "JPN", "USA", 7.0),
        ("1990", "DDR", "DEU", 31.0),
    ]


@pytest.fixture(scope="module")
def shared(inputs) -> pd.DataFrame:
    return igos.build(inputs)["shared_igos"]


def test_the_table_is_sound(shared):
    assert faults(igos.SHARED_IGOS, shared) == []


def test_every_pair_has_a_row_in_every_year(shared):
    for _, of in shared.groupby("date"):
        members = set(of.state) | set(of.partner)
        assert len(of) == len(members) * (len(members) - 1) // 2
    assert shared.date.nunique() == 65


def test_values_are_those_of_the_source(inputs, shared):
    file = inputs / "cow_igo_dyad_year.parquet"
    raw = duckdb.sql(f"select count(*), sum(dyadigos) from '{file}' where year >= 1950").fetchall()[0]
    assert (len(shared), shared.value.sum()) == raw
    query = f"select year || '-12-31', dyadigos from '{file}' where ccode1 = 2 and ccode2 = 740"
    japan = shared.query("state == 'JPN' and partner == 'USA'")
    assert dict(zip(japan.date, japan.value, strict=True)) == {
        k: v for k, v in duckdb.sql(query).fetchall() if k > "1950"
    }
    assert japan.value.iloc[-1] == 68


def test_nobody_shares_more_than_it_has(inputs, shared):
    file = inputs / "cow_igo_state_year.parquet"  # another file of the same project
    query = f"select year || '-12-31', sum_igo_anytype from '{file}' where ccode = 710 and year >= 1950"
    has = pd.Series(dict(duckdb.sql(query).fetchall()))
    china = shared[(shared.state == "CHN") | (shared.partner == "CHN")].groupby("date").value.max()
    assert (china <= has).all()
    assert not (china <= has - 20).all()  # and the bound is no idle one


def test_the_last_year_is_a_break(shared):
    counts = shared.pivot(index="date", columns=["state", "partner"], values="value")
    change = counts.diff().mean(axis=1)  # of dyads that were there before
    assert change.idxmin() == "2014-12-31"
    assert change.min() == pytest.approx(-1.2, abs=0.05)
    assert (change.drop("2014-12-31").iloc[1:] > 0).all()
