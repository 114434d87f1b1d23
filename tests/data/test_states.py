"""Every name of a state leads to one code."""

import re

import pandas as pd
import pytest

from latticework.data import states
from latticework.errors import UnknownNameError


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("JPN", "JPN"),
        ("jpn", "JPN"),
        ("UKG", "GBR"),
        ("GFR", "DEU"),
        ("GMY", "DEU"),
        ("GDR", "DDR"),
        ("ROK", "KOR"),
        ("TAW", "TWN"),
        ("YUG", "SRB"),
        ("DRV", "VNM"),
        ("RVN", "VDR"),
        ("RUS", "RUS"),
    ],
)
def test_iso3_and_cow_abbreviations_name_the_same_state(name, code):
    assert states.resolve(name) == code


@pytest.mark.parametrize(("name", "code"), [("AUS", "AUS"), ("SWZ", "SWZ"), ("MNG", "MNG"), ("SLV", "SLV")])
def test_an_iso3_code_wins_over_another_states_abbreviation(name, code):
    # In COW's abbreviations these are Austria, Switzerland, Montenegro and Slovenia.
    assert states.resolve(name) == code


def test_germany_yemen_and_yugoslavia_are_one_state_under_several_numbers():
    assert {states.cow_to_iso3(n) for n in (255, 260)} == {"DEU"}
    assert {states.cow_to_iso3(n) for n in (678, 679)} == {"YEM"}
    assert {states.gw_to_iso3(n) for n in (340, 345)} == {"SRB"}
    assert states.cow_to_iso3(265) == "DDR"
    assert states.cow_to_iso3(680) == "YMD"
    assert states.cow_to_iso3(365) == "RUS"


def test_970_is_nauru_for_cow_and_kiribati_for_gleditsch_and_ward():
    assert states.cow_to_iso3(970) == "NRU"
    assert states.gw_to_iso3(970) == "KIR"


def test_a_number_of_no_state_is_none():
    assert states.cow_to_iso3(300) is None  # Austria-Hungary
    assert states.cow_to_iso3(-9) is None


@pytest.mark.parametrize(
    ("wrong", "meant"), [("Japan", "JPN"), ("Germany", "DEU"), ("North Korea", "PRK"), ("USSA", "USA")]
)
def test_an_unknown_name_is_met_with_the_code_that_was_meant(wrong, meant):
    with pytest.raises(UnknownNameError, match=rf"no state '{re.escape(wrong)}'.*{meant}"):
        states.resolve(wrong)


def test_codes_are_sorted_three_letters_and_named():
    assert list(states.CODES) == sorted(set(states.CODES))
    assert all(re.fullmatch("[A-Z]{3}", code) and states.name_of(code) for code in states.CODES)


def test_naming_a_state_twice_gives_it_once():
    assert states.resolve_all(["jpn", "USA", "JPN"]) == ("JPN", "USA")


def test_no_number_belongs_to_two_states():
    cow = [n for s in states.STATES.values() for n in s.cow]
    gw = [n for s in states.STATES.values() for n in s.gw]
    assert len(cow) == len(set(cow))
    assert len(gw) == len(set(gw))


def test_every_state_of_the_published_list_since_1950_has_a_code(inputs):
    listed = pd.read_parquet(inputs / "cow_states_2016.parquet")
    numbers = listed.ccode[listed.endyear >= 1950].unique()
    assert {states.cow_to_iso3(n) for n in numbers} == set(states.CODES)
