"""Agreements of many as objects: who belongs to them, by hand and by a slow count; of some states what they share."""

import numpy as np
import pandas as pd
import pytest

from latticework.data import get, load_panel
from latticework.data.dense import OF_PACTS, tabular
from latticework.errors import InputError

NATO, ANZUS, WARSAW = "3180", "3215", "3285"


@pytest.fixture(scope="module")
def years():
    return load_panel(end=2024, layers=tuple(OF_PACTS))


def of(panel, layer: str, pact: str, year: int, state: str = "") -> float:
    values = {**panel.world.pacts, **panel.world.memberships}[layer]
    cell = np.asarray(values)[year - 1950, panel.pacts.index(pact)]
    return float(cell[panel.codes.index(state)] if state else cell)


def test_members_by_hand(years):
    assert of(years, "pact_size", NATO, 1950) == 12
    assert of(years, "pact_size", NATO, 2024) == 32
    assert of(years, "pact_member", NATO, 1967, "FRA") == 1, "it left the command, not the treaty"
    assert of(years, "pact_joined", NATO, 2023, "FIN") == 1
    assert of(years, "pact_left", ANZUS, 1986, "NZL") == 1
    assert of(years, "pact_member", ANZUS, 1987, "NZL") == 0
    assert of(years, "pact_founded", WARSAW, 1955) == 1
    assert of(years, "pact_ended", WARSAW, 1991) == 1
    assert np.isnan(of(years, "pact_age", WARSAW, 1992))
    assert of(years, "pact_age", NATO, 1959) == pytest.approx(10.74, abs=0.02)
    assert of(years, "pact_defence", NATO, 1990) == 1


def test_members_equal_a_slow_count(years):
    rows = get("membership")
    rows = rows[rows["bilateral"] == 0]
    for year in (1950, 1975, 2000, 2015):
        day = f"{year}-12-31"
        there = rows[(rows["date"] <= day) & ((rows["end"] == "") | (rows["end"] >= day))]
        counted = there.drop_duplicates(["atopid", "state"]).groupby("atopid").size()
        for number, pact in enumerate(years.pacts):
            member = np.asarray(years.world.membership("pact_member"))[year - 1950, number]
            assert member.sum() == counted.get(float(pact), 0), (pact, year)


def test_who_was_a_member_and_is_none_left_or_saw_the_end(years):
    member = np.asarray(years.world.membership("pact_member"))
    left, joined = (np.asarray(years.world.membership(f"pact_{name}"))[1:] for name in ("left", "joined"))
    ended, founded = (np.asarray(years.world.pact(f"pact_{name}"))[1:] for name in ("ended", "founded"))
    present = np.asarray(years.world.present)
    gone = (member[:-1] > 0) & (member[1:] == 0) & present[1:, None]
    assert (gone <= ((left > 0) | (ended > 0)[..., None])).all()
    come = (member[1:] > 0) & (member[:-1] == 0) & present[:-1, None]
    assert (come <= ((joined > 0) | (founded > 0)[..., None])).all()
    assert (left > 0).sum() > 20


def test_among_some_states_a_pact_keeps_its_size_in_the_world():
    few = load_panel(["USA", "GBR", "JPN"], start=2000, end=2000, layers=("pact_size", "pact_member"))
    assert of_few(few, "pact_size") == 19
    assert np.asarray(few.world.membership("pact_member"))[0, few.pacts.index(NATO)].tolist() == [1, 1, 0]


def of_few(panel, layer: str) -> float:
    return float(np.asarray(panel.world.pact(layer))[0, panel.pacts.index(NATO)])


def test_layers_of_pacts_have_no_place_in_a_table():
    with pytest.raises(InputError, match="pact_member"):
        tabular(["troops", "pact_member"])
    assert isinstance(get("membership"), pd.DataFrame)
