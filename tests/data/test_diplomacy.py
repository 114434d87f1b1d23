"""Diplomatic exchange: who sends and who hosts, codes of the source, years that were coded."""

import duckdb
import pandas as pd
import pytest

from latticework.data.schema import faults
from latticework.data.sources import diplomacy


def test_a_tiny_table_by_hand(tmp_path):
    pd.DataFrame(
        {
            "ccode1": [2, 2, 200, 255, 260],
            "ccode2": [211, 630, 678, 2, 2],
            "year": [1940, 1990, 1990, 1990, 1990],
            "DR_at_1": [3, 9, 1, 3, 9],
            "DR_at_2": [3, 0, 3, 3, 0],
        }
    ).to_csv(tmp_path / "cow_diplomatic_exchange_derived.csv", index=False)
    table = diplomacy.build(tmp_path)["diplomatic_exchange"]
    found = list(zip(table.state, table.partner, table.value, table.level, strict=True))
    assert found == [
        ("DEU", "USA", 1.0, 3.0),  # 255 wins over 260
        ("GBR", "YEM", 1.0, 3.0),  # DR_at_2: Britain in Yemen
        ("IRN", "USA", 1.0, 9.0),  # DR_at_1: Iran in the United States
        ("USA", "DEU", 1.0, 3.0),
        ("USA", "IRN", 0.0, 0.0),
        ("YEM", "GBR", 1.0, 1.0),
    ]


@pytest.fixture(scope="module")
def exchange(inputs) -> pd.DataFrame:
    return diplomacy.build(inputs)["diplomatic_exchange"]


def in_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    return table[(table.date == f"{year}-12-31") & (table.value == 1)]


def test_the_table_is_sound(exchange):
    assert faults(diplomacy.EXCHANGE, exchange) == []
    assert sorted(exchange.date.str[:4].astype(int).unique()) == list(range(1950, 2001, 5))


def test_seats_of_international_bodies_host_more_than_they_send(exchange):
    present = in_year(exchange, 2000)
    hosts, senders = present.partner.value_counts(), present.state.value_counts()
    for seat in ("BEL", "ETH", "KEN"):
        assert hosts[seat] > 1.8 * senders[seat], seat  # the other reading of the columns fails here
    for power in ("USA", "GBR", "FRA"):
        assert senders[power] > 140, power


@pytest.mark.parametrize(
    ("state", "partner", "first"),
    [("USA", "CHN", 1980), ("JPN", "CHN", 1975), ("CHN", "KOR", 1970), ("KOR", "CHN", 1995), ("USA", "VNM", 1995)],
)
def test_known_openings(exchange, state, partner, first):
    rows = exchange[(exchange.state == state) & (exchange.partner == partner) & (exchange.value == 1)]
    assert rows.date.min() == f"{first}-12-31"  # CHN in KOR in 1970 is a known error: it was Taiwan's


def test_a_break_of_relations_has_no_row(exchange):
    iran = exchange[(exchange.state == "USA") & (exchange.partner == "IRN") & (exchange.value == 1)]
    assert iran.date.max() == "1975-12-31"
    cuba = exchange[(exchange.state == "USA") & (exchange.partner == "CUB")]
    assert not cuba.date.isin(["1965-12-31", "1970-12-31", "1975-12-31"]).any()
    assert set(cuba.query("date >= '1980'").level) == {9}  # an interests section


def test_levels_are_coded_from_1970(exchange):
    assert set(exchange.query("date < '1970'").level) == {0, 9}
    later = exchange.query("date >= '1970' and value == 1").level
    assert set(later) == {1, 2, 3, 9}
    assert (later == 3).mean() > 0.9


def test_every_side_of_every_dyad_is_there(inputs, exchange):
    file = inputs / "cow_diplomatic_exchange_derived.parquet"
    query = f"""select year, sum((DR_at_1 > 0)::int + (DR_at_2 > 0)::int) from '{file}' where year >= 1950 group by 1"""
    raw = dict(duckdb.sql(query).fetchall())
    ours = {year: len(in_year(exchange, year)) for year in raw}
    assert raw[1990] - ours[1990] == 39 + 1  # of Yemen's: 39 under 678 and 679, and one, in India, under 678 only
    assert {y: n for y, n in ours.items() if y != 1990} == {y: n for y, n in raw.items() if y != 1990}
    assert ours[2000] == 7623
