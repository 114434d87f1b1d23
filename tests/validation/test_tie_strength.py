"""Tie strength against history: crashes are seen, quiet ties are quiet, missing layers widen the band."""

import numpy as np
import pandas as pd
import pytest

from latticework.actions.strength import JUDGED, shipped_check, shipped_ties
from latticework.measures.strength.validation import CRASHES, QUIET_TIES

SURE, STILL = 0.9, 0.8


def at(state: str, partner: str, date: str) -> pd.Series:
    series = shipped_ties(state, partner)
    return series[series["date"] == date].iloc[0]


@pytest.fixture(scope="module")
def judged():
    return shipped_check(JUDGED)


def test_nine_of_ten_crashes_are_seen_by_what_is_shipped():
    # the chance that strength two years on is lower than at the end of the year before the case
    fell = [at(c.state, c.partner, f"{c.year + 1}-12-31")["fell"] for c in CRASHES]
    assert sum(f > SURE for f in fell) >= 0.9 * len(CRASHES), dict(zip(CRASHES, fell, strict=True))


def test_crashes_have_the_sizes_that_history_gives_them():
    change = {
        (c.state, c.partner): at(c.state, c.partner, f"{c.year + 1}-12-31")["strength"]
        - at(c.state, c.partner, f"{c.year - 1}-12-31")["strength"]
        for c in CRASHES
    }
    largest = sorted(change, key=change.__getitem__)[:2]
    assert set(largest) == {("TWN", "USA"), ("IRN", "USA")}
    assert change["FRA", "USA"] <= -0.5
    assert at("FRA", "USA", "1967-12-31")["strength"] > 0
    assert change["PHL", "USA"] <= -0.5
    assert at("CHN", "VNM", "1980-12-31")["strength"] < 0
    assert -1.5 < change["THA", "USA"] < 0


def test_quiet_ties_are_quiet(judged):
    quiet = judged[judged["kind"] == "quiet"].set_index(["state", "partner"])
    controls = [quiet.loc[(c.state, c.partner), "quiet"] for c in QUIET_TIES]
    assert sum(q > STILL for q in controls) >= 4
    assert quiet.loc[("KOR", "USA"), "quiet"] > STILL


@pytest.mark.parametrize("pair", [("JPN", "USA"), ("KOR", "USA")])
def test_no_crash_is_invented_in_the_alliances_that_held(pair):
    series = shipped_ties(*pair)
    series = series[series["date"] > "1960"]
    change = series["strength"] - series["strength"].shift(8)
    assert not ((series["broke"] > 0.5) & (change < -0.5)).any()
    assert change.min() > -0.6


def test_cases_for_which_nothing_was_chosen_are_mostly_seen(judged):
    others, rises = judged[judged["kind"] == "other"], judged[judged["kind"] == "rise"]
    told = others[~others["what"].str.contains("no layer sees it")]
    print(told[["state", "partner", "year", "change", "fell"]].to_string())
    assert (told["fell"] > 0.8).mean() >= 0.75
    assert rises["change"].mean() > 0


def test_missing_layers_widen_the_band():
    sd = {year: shipped_ties(dates=[f"{year}-12-31"])["sd"].mean() for year in (2004, 2014, 2024)}
    assert sd[2004] <= sd[2014] < sd[2024]
    taiwan = [at("TWN", "USA", f"{year}-12-31")["sd"] for year in (1964, 1984, 2004)]
    assert taiwan[0] < min(taiwan[1:])


def test_the_triangle_on_the_eve_of_2025_is_plausible():
    now = {pair: at(*pair, "2024-12-31") for pair in (("JPN", "USA"), ("KOR", "USA"), ("JPN", "KOR"), ("PRK", "USA"))}
    assert now["JPN", "USA"]["value"] > 80
    assert now["KOR", "USA"]["value"] > 80
    assert 40 < now["JPN", "KOR"]["value"] < 85
    assert now["PRK", "USA"]["value"] < 30
    for row in now.values():
        assert 2 < row["upper"] - row["lower"] < 60


def test_control_a_network_without_its_layers_would_fail():
    # the same cases with the sign of every change turned round are not seen
    turned = [1 - at(c.state, c.partner, f"{c.year + 1}-12-31")["fell"] for c in CRASHES]
    assert sum(np.array(turned) > SURE) == 0
