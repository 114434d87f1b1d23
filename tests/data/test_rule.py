"""How a state is ruled, on the grid: against dated facts, against a slow count, and missing where nothing is known."""

import numpy as np
import pandas as pd
import pytest

from latticework.data import get, load_panel
from latticework.data.rule import IRREGULAR, REGULAR

LAYERS = (
    "turnover",
    "exit_regular",
    "exit_irregular",
    "coalition_age",
    "party_rule",
    "military_rule",
    "monarchy",
    "growth",
)


@pytest.fixture(scope="module")
def quarters():
    return load_panel(step="quarter", layers=LAYERS)


def cell(panel, name: str, day: str, state: str) -> float:
    t = list(panel.dates).index(np.datetime64(day))
    return float(np.asarray(panel.world.state(name))[t, panel.codes.index(state)])


def manner(panel, day: str, state: str) -> tuple[float, float]:
    return cell(panel, "exit_regular", day, state), cell(panel, "exit_irregular", day, state)


def test_the_manner_of_exits_by_hand(quarters):
    assert manner(quarters, "1974-09-30", "USA") == (1, 0)  # Nixon resigns
    assert manner(quarters, "1970-09-30", "EGY") == (1, 0)  # Nasser dies
    assert manner(quarters, "1979-12-31", "KOR") == (0, 1)  # Park is shot
    assert manner(quarters, "1973-09-30", "CHL") == (0, 1)  # Allende falls
    assert manner(quarters, "1979-03-31", "KHM") == (0, 1)  # the Vietnamese army removes Pol Pot
    assert manner(quarters, "1974-12-31", "USA") == (0, 0)


def test_of_several_exits_in_a_step_the_first_counts(quarters):
    rows = get("leader", ["PAK"])
    third = rows[(rows.end > "1993-03-31") & (rows.end <= "1993-06-30")].sort_values("end")
    assert list(third.exit) == ["irregular", "regular"]  # Sharif is dismissed, Mazari hands over
    assert manner(quarters, "1993-06-30", "PAK") == (0, 1)


def test_the_manner_is_unknown_where_nobody_recorded_it(quarters):
    assert cell(quarters, "turnover", "2017-03-31", "USA") == 1
    assert np.isnan(manner(quarters, "2017-03-31", "USA")).all()
    assert np.isnan(manner(quarters, "2021-03-31", "BRA")).all()  # REIGN has ended


def test_manners_add_up_to_the_turnovers(quarters):
    left, regular, irregular = (np.asarray(quarters.world.state(n)) for n in LAYERS[:3])
    told = np.isfinite(regular)
    np.testing.assert_array_equal(regular[told] + irregular[told], left[told])
    exits = get("leader")
    exits = exits[exits.exit.isin(REGULAR + IRREGULAR)]
    assert 0.9 * len(exits) < np.nansum(regular + irregular) <= len(exits)
    share = exits.exit.isin(IRREGULAR).mean()
    assert np.nansum(irregular) / np.nansum(left[told]) == pytest.approx(share, abs=0.02)


def test_the_age_of_a_coalition_by_hand(quarters):
    assert cell(quarters, "coalition_age", "1998-03-31", "KOR") == pytest.approx(34 / 365.25, abs=1e-3)  # Kim Dae-jung
    assert cell(quarters, "coalition_age", "2007-12-31", "KOR") == pytest.approx(9.85, abs=0.01)
    assert cell(quarters, "coalition_age", "2008-03-31", "KOR") == pytest.approx(35 / 365.25, abs=1e-3)  # Lee
    assert np.isnan(cell(quarters, "coalition_age", "2009-03-31", "KOR")), "CHISOLS 4.0 ends in 2008"
    assert cell(quarters, "coalition_age", "1960-12-31", "CHN") > 10, "no change since the records begin is no new one"
    assert np.isnan(cell(quarters, "coalition_age", "2000-12-31", "SOM")), "a year that nobody looked at"


def test_kinds_of_rule_by_hand(quarters):
    def kinds(state: str) -> list[float]:
        return [cell(quarters, name, "2000-12-31", state) for name in ("party_rule", "military_rule", "monarchy")]

    assert kinds("CHN") == [1, 0, 0]
    assert kinds("SAU") == [0, 0, 1]
    assert kinds("MMR") == [0, 1, 0]
    assert kinds("JPN") == [0, 0, 0]
    assert np.isnan(kinds("TWN")).all(), "REIGN has no regime of Taiwan"
    assert np.isnan(cell(quarters, "party_rule", "2021-03-31", "CHN")), "the list ends in 2020"


def test_growth_is_the_log_change_of_the_year_before(quarters):
    level = get("gdp_estimate", ["KOR"]).set_index("date").value
    expected = np.log(level["1998-12-31"] / level["1997-12-31"])
    for day in ("1998-12-31", "1999-03-31", "1999-09-30"):
        assert cell(quarters, "growth", day, "KOR") == pytest.approx(expected, abs=1e-6)
    assert expected < 0 < cell(quarters, "growth", "1998-09-30", "KOR")
    assert np.isnan(cell(quarters, "growth", "1950-12-31", "KOR")), "1949 is not in the panel"
    assert np.isnan(cell(quarters, "growth", "2021-03-31", "KOR"))


def test_control_a_gap_in_the_years_is_no_growth(quarters):
    years = pd.to_datetime(get("gdp_estimate", ["LAO"]).date).dt.year
    assert 1953 not in set(years)
    assert np.isnan([cell(quarters, "growth", f"{y}-12-31", "LAO") for y in (1953, 1954)]).all()
