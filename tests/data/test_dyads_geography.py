"""Borders, distances and rivalries: known neighbours, Germany as one state, open spells that stay open."""

from tests.data.dyad_tables import holds, overlapping, raw, spells, table


def value(layer: str, state: str, partner: str, day: str) -> float | None:
    rows = table(layer).query("state == @state and partner == @partner and date <= @day and (end == '' or end >= @day)")
    return None if rows.empty else rows["value"].iloc[0]


def test_known_borders():
    assert value("contiguity", "KOR", "PRK", "2016-12-31") == 1
    assert value("contiguity", "JPN", "KOR", "2016-12-31") == 4
    assert value("contiguity", "CHN", "JPN", "2016-12-31") == 5
    assert value("contiguity", "JPN", "TWN", "1960-12-31") is None  # Okinawa was not Japan's
    assert value("contiguity", "JPN", "TWN", "1980-12-31") == 4
    assert value("contiguity", "RUS", "USA", "2016-12-31") == 2
    assert not spells("contiguity", "JPN", "USA")


def test_germany_is_one_state_with_one_border_to_france():
    assert len(spells("contiguity", "DEU", "FRA")) == 1
    assert holds("contiguity", "DEU", "FRA", "1990-11-15")
    assert spells("contiguity", "DDR", "DEU")[0][1] == "1990-10-31"


def test_codes_and_spells_are_sound():
    assert table("contiguity")["value"].isin([1, 2, 3, 4, 5]).all()
    assert (table("distance")["value"] >= 0).all()
    for layer in ("contiguity", "distance", "rivalry"):
        assert overlapping(table(layer), ["state", "partner"]).empty, layer


def test_the_end_of_a_list_is_no_end():
    assert not (table("contiguity")["end"] >= "2016-12-01").any()
    assert not (table("distance")["end"] >= "2019-12-31").any()
    assert not (table("rivalry")["end"] >= "2020-12-31").any()


def test_known_distances():
    assert value("distance", "KOR", "PRK", "2019-12-31") == 0
    assert value("distance", "JPN", "KOR", "2019-12-31") == 55.9
    assert value("distance", "PRK", "USA", "1955-12-31") == 7526.3
    assert value("distance", "PRK", "USA", "2019-12-31") == 3928.9


def test_every_year_of_distance_comes_back_from_the_runs():
    years = raw("cow_min_distance").query("year == 1990 and ccode1 == 2")
    rows = table("distance").query("(state == 'USA' or partner == 'USA') and date <= '1990-12-31'")
    rows = rows[(rows["end"] == "") | (rows["end"] >= "1990-12-31")]
    assert len(rows) == len(years) > 100
    assert sorted(rows["value"]) == sorted(years["mindist"].round(1))


def test_known_rivalries():
    assert spells("rivalry", "CHN", "USA") == [("1949-01-01", "1972-12-31"), ("1996-01-01", "")]
    assert spells("rivalry", "KOR", "PRK") == [("1948-01-01", "")]
    assert not spells("rivalry", "JPN", "USA")
