"""Layers about force: what disputes came to, the record of a dyad, the age of pacts, where a sender fights."""

from datetime import date

import numpy as np
import pytest

from latticework.data import get, load_panel, load_snapshot

LAYERS = ("dispute", "dispute_hostility", "dispute_fatality", "dispute_force", "dispute_deaths", "dispute_history")
LAYERS += ("defence", "defence_years", "war_theatre")


@pytest.fixture(scope="module")
def panel():
    return load_panel(layers=LAYERS)


def cell(panel, name: str, year: int, one: str, other: str) -> float:
    i, j = panel.codes.index(one), panel.codes.index(other)
    return float(np.asarray(panel.world.dyad(name))[year - 1950, i, j])


def test_force_and_deaths_are_the_levels_of_the_source(panel):
    layer = {name: np.asarray(panel.world.dyad(name)) for name in LAYERS[:5]}
    known = np.isfinite(layer["dispute_hostility"])
    np.testing.assert_array_equal(np.isfinite(layer["dispute_force"]), known)
    np.testing.assert_array_equal(layer["dispute_force"][known], layer["dispute_hostility"][known] > 3)
    told = np.isfinite(layer["dispute_fatality"])
    np.testing.assert_array_equal(np.isfinite(layer["dispute_deaths"]), told)
    np.testing.assert_array_equal(layer["dispute_deaths"][told], layer["dispute_fatality"][told] > 0)
    assert (known & ~told).sum() > 0, "deaths that nobody knows stay unknown"


@pytest.mark.parametrize(
    ("one", "other", "year", "force", "deaths"),
    [
        ("ARG", "GBR", 1982, 1, 1),  # the Falklands
        ("CHN", "USA", 2001, 1, 1),  # Hainan
        ("CHN", "IND", 1962, 1, np.nan),  # deaths not known in the source
        ("FRA", "DEU", 1990, 0, 0),
        ("FRA", "DEU", 2015, np.nan, np.nan),
    ],
)
def test_known_disputes(panel, one, other, year, force, deaths):
    assert cell(panel, "dispute_force", year, one, other) == pytest.approx(force, nan_ok=True)
    assert cell(panel, "dispute_deaths", year, one, other) == pytest.approx(deaths, nan_ok=True)


def test_a_dispute_ends_once_with_its_last_year_and_an_end_with_the_data_is_not_known():
    quarters = load_panel(
        ("KOR", "PRK", "USA", "CAN"), start=2008, step="quarter", layers=("dispute_ended", "dispute_ongoing")
    )
    days = [str(day) for day in quarters.dates]
    ended, ongoing = (np.asarray(quarters.world.dyad(name))[:, 0, 1] for name in ("dispute_ended", "dispute_ongoing"))
    rows = get("dispute", ["KOR", "PRK"], "2007", "2014")
    last = {str(end) for end in rows["end"]} - {"2014-12-31"}
    assert {day for day, value in zip(days, ended, strict=True) if value == 1} <= last
    assert ended[days.index("2012-12-31")] == 1  # begun in April
    assert ended[days.index("2012-09-30")] == 0
    assert np.isnan(ended[days.index("2014-12-31")])
    assert np.isnan(ended[days.index("2015-12-31")])
    assert not (ended * ongoing == 1).any()


def test_on_the_last_day_of_a_year_it_is_not_known_which_of_its_disputes_go_on():
    """The United States' dispute with Iraq of 1996 ended in it, Greece's with Turkey two years later."""
    layers, states = ("dispute_open", "dispute_ongoing"), ("USA", "IRQ", "GRC", "TUR")
    told = load_panel(states, start=1996, end=1996, layers=layers)
    then = load_panel(states, start=1996, end=1996, layers=layers, as_known_on="1996-12-31")
    ongoing, unsure = (np.asarray(of.world.dyad(name))[-1] for of, name in ((told, layers[1]), (then, layers[0])))
    assert (ongoing[0, 1], ongoing[2, 3]) == (0, 1)
    assert unsure[0, 1] == unsure[2, 3] == 1
    assert unsure[0, 2:].tolist() == [0, 0]
    assert np.nanmax(np.asarray(told.world.dyad("dispute_open"))) == 0


@pytest.mark.parametrize(("one", "other", "year"), [("KOR", "PRK", 1999), ("IND", "PAK", 2014), ("CAN", "USA", 1960)])
def test_the_record_is_a_slow_sum(panel, one, other, year):
    rows = get("dispute", [one, other], "1800", str(year))
    days = [date.fromisoformat(d) for d, v in zip(rows["date"], rows["value"], strict=True) if v == 1]
    expected = sum(0.5 ** ((date(year, 12, 31) - day).days / 365.25 / 10) for day in days)
    assert cell(panel, "dispute_history", year, one, other) == pytest.approx(expected, rel=1e-3)


def test_the_record_ends_with_the_data_and_a_snapshot_has_it_as_of_then(panel):
    assert np.isnan(cell(panel, "dispute_history", 2015, "KOR", "PRK"))
    world = load_snapshot("2025-01-24", ("KOR", "PRK")).world
    at_end = cell(panel, "dispute_history", 2014, "KOR", "PRK")
    assert float(world.dyad("dispute_history")[0, 1]) == pytest.approx(at_end, rel=1e-3)


@pytest.mark.parametrize(
    ("one", "other", "year", "age"),
    [
        ("USA", "KOR", 2024, 71.2),  # signed on 1 October 1953; the patch of 2019 goes on with it
        ("USA", "TWN", 1979, 25.1),
        ("USA", "TWN", 1980, 0.0),  # ended on 1 January
        ("PRK", "RUS", 2000, 0.0),
        ("USA", "FRA", 1950, 1.7),  # before the panel begins
    ],
)
def test_a_pact_is_as_old_as_its_unbroken_run(panel, one, other, year, age):
    assert cell(panel, "defence_years", year, one, other) == pytest.approx(age, abs=0.1)
    assert (cell(panel, "defence_years", year, one, other) > 0) == (cell(panel, "defence", year, one, other) > 0)


@pytest.mark.parametrize(
    ("host", "year", "there"),
    [
        ("VDR", 1968, 1),
        ("THA", 1968, 1),
        ("JPN", 1968, 0),
        ("KOR", 1968, 0),  # PRK and USA helped opposite sides in Vietnam and did not meet
        ("KWT", 2003, 1),
        ("IRQ", 2006, 1),
        ("AFG", 2010, 1),
        ("KOR", 2004, 0),
        ("DEU", 2003, 0),
    ],
)
def test_theatres_of_the_wars_of_the_united_states(panel, host, year, there):
    assert cell(panel, "war_theatre", year, "USA", host) == there


def test_korea_was_a_theatre_in_its_own_war_alone(panel):
    years = [year for year in range(1950, 2025) if cell(panel, "war_theatre", year, "USA", "KOR") == 1]
    assert years == [1950, 1951, 1952, 1953]
