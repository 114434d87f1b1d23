"""The dense panel says what the tables say: checked cell by cell against a slow reading, and against known facts."""

import numpy as np
import pandas as pd
import pytest

from latticework.data import get, layer, load_panel
from latticework.data.dense import DYAD_DERIVED, makers
from latticework.data.states import CODES
from latticework.errors import InputError, UnknownNameError

STATE_LAYERS, DYAD_LAYERS = makers()
NINE = ("USA", "JPN", "KOR", "PRK", "CHN", "TWN", "DEU", "DDR", "RUS")


@pytest.fixture(scope="module")
def panel():
    return load_panel()


@pytest.fixture(scope="module")
def quarters():
    return load_panel(step="quarter", layers=STATE_LAYERS)


def cell(panel, name, day, *states):
    """One number of the panel by name."""
    t = list(panel.dates).index(np.datetime64(day))
    places = [panel.codes.index(s) for s in states]
    array = panel.world.state(name) if len(places) == 1 else panel.world.dyad(name)
    return float(array[(t, *places)])


def test_shapes_names_and_dates(panel, quarters):
    assert set(panel.world.states) == set(STATE_LAYERS)
    assert set(panel.world.dyads) == set(DYAD_LAYERS)
    assert panel.codes == CODES
    assert str(panel.dates[0]) == "1950-12-31"
    assert str(panel.dates[-1]) == "2024-12-31"
    assert [str(d) for d in quarters.dates[:4]] == ["1950-03-31", "1950-06-30", "1950-09-30", "1950-12-31"]
    assert quarters.dt == pytest.approx(0.25, abs=0.01)
    assert set(panel.sources) == set(STATE_LAYERS) | set(DYAD_LAYERS)


@pytest.mark.parametrize("name", ["capability", "military_spending", "democracy", "ideal_point", "ideal_point_sd"])
def test_an_annual_level_is_the_row_of_its_year_or_missing(panel, name):
    rows = {(d, s): v for d, s, v in get(name, NINE)[["date", "state", "value"]].itertuples(index=False)}
    there = np.asarray(panel.world.present)
    for t, day in enumerate(map(str, panel.dates)):
        for state in NINE:
            expected = rows.get((day, state), np.nan) if there[t, CODES.index(state)] else np.nan
            assert cell(panel, name, day, state) == pytest.approx(expected, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", ["defence", "nonaggression", "consultation", "contiguity", "distance", "rivalry"])
def test_a_dyad_level_is_the_spell_that_runs(panel, name):
    table = get(name, NINE)
    absent = np.nan if name == "distance" else 0.0
    last = {"rivalry": "2020-12-31"}.get(name, "2024-12-31")
    if name == "distance":
        last_listed = table.end.max()
        table.loc[table.end == last_listed, "end"] = ""
    for day in ("1950-12-31", "1962-12-31", "1990-12-31", "2005-12-31", "2018-12-31", "2020-12-31", "2024-12-31"):
        running = table[(table.date <= day) & ((table.end == "") | (table.end >= day))]
        values = {(r.state, r.partner): r.value for r in running.itertuples()}
        for i, a in enumerate(NINE):
            for b in NINE[i + 1 :]:
                expected = values.get((min(a, b), max(a, b)), absent) if day <= last else np.nan
                if not present(panel, day, a) or not present(panel, day, b):
                    expected = np.nan
                assert cell(panel, name, day, a, b) == pytest.approx(expected, nan_ok=True, rel=1e-6), (name, day, a, b)
                assert cell(panel, name, day, b, a) == pytest.approx(expected, nan_ok=True, rel=1e-6)


def present(panel, day, state):
    return bool(panel.world.present[list(panel.dates).index(np.datetime64(day)), panel.codes.index(state)])


def test_tenure_and_turnover_by_hand(quarters):
    # Nixon left on 9 August 1974, Ford on 20 January 1977; Kennedy on 22 November 1963.
    assert cell(quarters, "turnover", "1974-09-30", "USA") == 1
    assert cell(quarters, "turnover", "1974-06-30", "USA") == 0
    assert cell(quarters, "turnover", "1974-12-31", "USA") == 0
    assert cell(quarters, "turnover", "1977-03-31", "USA") == 1
    assert cell(quarters, "tenure", "1974-06-30", "USA") == pytest.approx(5.44, abs=0.01)  # since 20 January 1969
    assert cell(quarters, "tenure", "1974-09-30", "USA") == pytest.approx(0.14, abs=0.01)


def test_turnover_equals_a_slow_count(quarters):
    for state in ("JPN", "KOR", "ITA", "SYR", "TWN", "DDR"):
        rows = get("leader", [state])
        exits = pd.to_datetime(rows.end[(rows.end != "") & (rows.exit != "state ended")])
        known = np.asarray(quarters.world.state("turnover"))[:, CODES.index(state)]
        for t in range(1, len(quarters.dates)):
            if np.isnan(known[t]):
                continue
            left, right = pd.Timestamp(quarters.dates[t - 1]), pd.Timestamp(quarters.dates[t])
            assert known[t] == float(((exits > left) & (exits <= right)).any())


def test_turnover_is_unknown_after_the_leader_data(quarters):
    assert np.isnan(cell(quarters, "turnover", "2021-03-31", "BRA"))
    assert cell(quarters, "turnover", "2020-12-31", "BRA") == 0
    assert np.isnan(cell(quarters, "tenure", "2021-03-31", "BRA"))


def test_dated_facts_carry_the_leaders_of_twenty_states_on(quarters):
    assert cell(quarters, "turnover", "2021-03-31", "USA") == 1  # Biden for Trump
    assert cell(quarters, "turnover", "2024-12-31", "JPN") == 1  # Ishiba for Kishida, 1 October
    assert cell(quarters, "turnover", "2024-06-30", "TWN") == 1  # Lai for Tsai, 20 May
    assert cell(quarters, "tenure", "2024-12-31", "JPN") == pytest.approx(0.25, abs=0.01)


def test_the_end_of_a_state_is_no_turnover(quarters):
    for state, day in (("DDR", "1990-12-31"), ("CSK", "1992-12-31"), ("YMD", "1990-06-30"), ("VDR", "1975-06-30")):
        assert cell(quarters, "turnover", day, state) != 1


def test_who_joins_and_leaves_agreements_of_many_by_hand(quarters):
    assert cell(quarters, "membership_left", "1986-09-30", "NZL") == 1  # ANZUS
    assert cell(quarters, "membership_left", "1986-12-31", "NZL") == 0
    assert cell(quarters, "membership_left", "2009-09-30", "GEO") == 1  # Commonwealth of Independent States
    assert cell(quarters, "membership_joined", "2023-06-30", "FIN") == 1  # North Atlantic Treaty, 4 April 2023
    assert cell(quarters, "membership_joined", "2022-12-31", "FIN") == 0


@pytest.mark.parametrize(("name", "day"), [("membership_joined", "date"), ("membership_left", "end")])
def test_members_equal_a_slow_count(quarters, name, day):
    rows = get("membership")
    rows = rows[rows["bilateral"] == 0].sort_values(["state", "atopid", "date"], kind="stable").to_dict("records")
    counted = np.asarray(quarters.world.state(name))
    expected = np.zeros_like(counted)
    for before, row in zip([None, *rows], rows, strict=False):
        goes_on = before is not None and (before["state"], before["atopid"]) == (row["state"], row["atopid"])
        goes_on = goes_on and pd.Timestamp(row["date"]) <= pd.Timestamp(before["end"] or "2200-01-01") + pd.Timedelta(
            31, "D"
        )
        when = np.searchsorted(quarters.dates, np.datetime64(row[day] or "2200-01-01"))
        if row[day] < "1950-01-01" or when == len(counted):
            continue
        if row["exit"] == "left" if name.endswith("left") else not goes_on:
            expected[when, CODES.index(row["state"])] += 1
    known = np.isfinite(counted)
    assert known.sum() == np.asarray(quarters.world.present).sum()
    assert np.array_equal(counted[known], expected[known])


def test_the_election_calendar_is_ahead_of_the_vote(quarters):
    assert cell(quarters, "election_past", "2016-12-31", "USA") == 1
    assert cell(quarters, "election_ahead", "2016-09-30", "USA") == 1
    assert cell(quarters, "election_ahead", "2016-12-31", "USA") == 0
    assert np.isnan(cell(quarters, "election_past", "2021-03-31", "BRA"))
    assert np.isnan(cell(quarters, "election_ahead", "2020-12-31", "BRA"))
    assert np.isnan(cell(quarters, "election_past", "1999-12-31", "TWN"))
    assert cell(quarters, "election_past", "2024-12-31", "USA") == 1  # from the dated facts
    assert cell(quarters, "election_ahead", "2024-12-31", "DEU") == 1  # 23 February 2025, scheduled
    assert cell(quarters, "election_ahead", "2024-12-31", "USA") == 0
    assert cell(quarters, "election_past", "2010-12-31", "SAU") == 0  # listed, and votes on nobody


def test_exit_rates_per_quarter_are_those_that_were_published(quarters):
    """Near 0.064 in democracies and 0.035 elsewhere, several times that with an election in this or the last quarter.

    Democracies are states with a polyarchy of 0.5 or more at the last year's end (the definition that comes closest).
    """
    w = quarters.world
    exit_, past, rated = (np.asarray(w.state(n)) for n in ("turnover", "election_past", "democracy"))
    known = np.isfinite(exit_)
    near = (past == 1) | (np.vstack([past[:1] * 0, past[:-1]]) == 1)
    rate = {
        (who, when): exit_[known & who_mask & when_mask].mean()
        for who, who_mask in (("democracy", rated >= 0.5), ("other", rated < 0.5))
        for when, when_mask in (("all", near | ~near), ("election", near), ("none", ~near))
    }
    assert known.sum() > 40_000
    assert rate["democracy", "all"] == pytest.approx(0.064, abs=0.003)
    assert rate["other", "all"] == pytest.approx(0.035, abs=0.003)
    assert rate["democracy", "election"] > 5 * rate["democracy", "none"]
    assert rate["other", "election"] > 3 * rate["other", "none"]


def test_a_quarter_never_sees_a_later_value(quarters):
    annual = dict(get("capability", ["JPN"])[["date", "value"]].itertuples(index=False))
    assert cell(quarters, "capability", "1990-09-30", "JPN") == pytest.approx(annual["1989-12-31"], rel=1e-6)
    assert cell(quarters, "capability", "1990-12-31", "JPN") == pytest.approx(annual["1990-12-31"], rel=1e-6)
    assert np.isnan(cell(quarters, "military_spending", "2003-03-31", "PRK"))  # 2001 is too old
    assert np.isnan(cell(quarters, "ideal_point", "1964-12-31", "USA"))  # session 19; the last one is a year old
    assert np.isnan(cell(quarters, "ideal_point", "1972-12-31", "TWN"))


def test_nothing_is_known_of_a_state_that_does_not_exist(panel):
    gone = ~np.asarray(panel.world.present)
    assert gone.sum() > 1000
    for array in panel.world.states.values():
        assert np.isnan(np.asarray(array)[gone]).all()
    for array in panel.world.dyads.values():
        array = np.asarray(array)
        assert np.isnan(array[gone]).all()
        assert np.isnan(array.swapaxes(1, 2)[gone]).all()
        assert np.isnan(array[:, np.arange(len(CODES)), np.arange(len(CODES))]).all()


def test_undirected_layers_are_symmetric_and_directed_ones_are_not(panel):
    for name, array in panel.world.dyads.items():
        array = np.asarray(array)
        same = np.array_equal(array, array.swapaxes(1, 2), equal_nan=True)
        ordered = name.startswith("visit_") or name == "war_theatre"
        directed = ordered or (name not in DYAD_DERIVED and layer(name)["directed"])
        assert same != directed, name
    troops = np.asarray(panel.world.dyad("troops"))
    others = np.arange(len(CODES)) != CODES.index("USA")
    assert np.isnan(troops[:, others]).all()
    assert cell(panel, "troops", "2024-12-31", "USA", "KOR") == 23291


def test_missing_is_never_zero(panel):
    assert np.isnan(np.asarray(panel.world.state("capability"))[-2:]).all()  # NMC ends in 2022
    after = panel.dates > np.datetime64("2014-12-31")
    for name in ("dispute", "peace_years"):
        assert np.isnan(np.asarray(panel.world.dyad(name))[after]).all()
    assert np.isnan(cell(panel, "military_spending", "2010-12-31", "PRK"))
    assert np.isnan(cell(panel, "ideal_point", "1980-12-31", "KOR"))
    assert cell(panel, "military_spending", "1970-12-31", "ISL") == 0  # an observed zero: Iceland has no forces


def test_agreements_by_hand(panel):
    assert cell(panel, "agreement", "2000-12-31", "USA", "JPN") == 1
    assert cell(panel, "agreement_defence", "2000-12-31", "JPN", "USA") == 1
    assert cell(panel, "agreement_age", "2000-12-31", "USA", "JPN") == pytest.approx(40.95, abs=0.05)  # January 1960
    assert cell(panel, "agreement_shift", "2000-12-31", "CHN", "PRK") == 1  # China's CINC since 1961
    assert np.isnan(cell(panel, "agreement_age", "2000-12-31", "USA", "PRK"))
    assert cell(panel, "agreement", "2000-12-31", "USA", "PRK") == 0
    assert cell(panel, "agreement_ended", "1980-12-31", "TWN", "USA") == 1
    assert cell(panel, "agreement_ended", "1979-12-31", "TWN", "USA") == 0


def test_an_agreement_that_ends_with_a_state_has_not_ended(panel):
    ended = np.asarray(panel.world.dyad("agreement_ended"))
    assert np.isnan(ended[list(panel.dates).index(np.datetime64("1990-12-31")), CODES.index("DDR")]).all()
    force, there = np.asarray(panel.world.dyad("agreement")), np.asarray(panel.world.present)
    for t in range(1, len(panel.dates)):
        both = there[t - 1 : t + 1].all(axis=0)
        expected = (force[t - 1] == 1) & (force[t] == 0) & both[:, None] & both[None, :]
        assert np.array_equal(ended[t] == 1, expected)


def test_peace_by_hand(panel):
    # COW: Japan and China have disputes to the end of the data; the United States and Canada one in 1997 at the latest.
    rows = get("dispute", ["USA", "CAN"])
    last = int(rows.end.max()[:4])
    assert cell(panel, "peace_years", "2014-12-31", "USA", "CAN") == 2014 - last
    assert cell(panel, "peace_years", "2014-12-31", "PRK", "KOR") == 0
    assert cell(panel, "peace_years", "1955-12-31", "USA", "PRY") == 56  # none since the start of 1900


def test_peace_and_disputes_equal_a_slow_count(panel):
    for a, b in (("CHN", "JPN"), ("PRK", "USA"), ("IND", "PAK"), ("RUS", "USA"), ("GRC", "TUR")):
        rows = get("dispute", [a, b])
        onsets = {int(d[:4]) for d in rows.date[rows.value == 1]}
        fought = {y for d, e in zip(rows.date, rows.end, strict=True) for y in range(int(d[:4]), int(e[:4]) + 1)}
        for year in range(1960, 2015):
            since = year - max((y for y in fought if y <= year), default=1899)
            assert cell(panel, "dispute", f"{year}-12-31", a, b) == (year in onsets)
            assert cell(panel, "peace_years", f"{year}-12-31", a, b) == pytest.approx(min(since, 60), abs=0.01)


def test_a_panel_of_some_states_is_a_cut_of_the_whole(panel):
    some = load_panel(["jpn", "USA", "GFR"], 1960, 1962)
    assert some.codes == ("JPN", "USA", "DEU")
    index = [CODES.index(c) for c in some.codes]
    at = [list(panel.dates).index(d) for d in some.dates]
    for name, array in some.world.dyads.items():
        whole = np.asarray(panel.world.dyad(name))[np.ix_(at, index, index)]
        np.testing.assert_array_equal(np.asarray(array), whole, err_msg=name)
    for name, array in some.world.states.items():
        whole = np.asarray(panel.world.state(name))[np.ix_(at, index)]
        np.testing.assert_array_equal(np.asarray(array), whole, err_msg=name)


def test_layers_may_be_chosen():
    assert set(load_panel(["USA"], 2000, 2001, layers=["tenure"]).world.states) == {"tenure"}
    with pytest.raises(UnknownNameError, match="'tenur'"):
        load_panel(["USA"], 2000, 2001, layers=["tenur"])


@pytest.mark.parametrize(("start", "end"), [(1949, 2000), (2001, 2000), (1950, 3000)])
def test_years_that_make_no_panel_are_refused(start, end):
    with pytest.raises(InputError, match="A panel runs"):
        load_panel(["USA"], start, end)


def test_an_unknown_state_is_refused():
    with pytest.raises(UnknownNameError):
        load_panel(["USA", "XXX"])


def test_the_severity_of_a_step_is_that_of_its_worst_onset(panel):
    assert cell(panel, "dispute_hostility", "1982-12-31", "ARG", "GBR") == 5
    assert cell(panel, "dispute_fatality", "1982-12-31", "ARG", "GBR") == 5  # 501 to 999 deaths of a side
    assert cell(panel, "dispute_hostility", "1990-12-31", "ARG", "GBR") == 0
    assert np.isnan(cell(panel, "dispute_hostility", "2015-12-31", "ARG", "GBR"))
    onset = np.asarray(panel.world.dyad("dispute")) == 1
    level = np.asarray(panel.world.dyad("dispute_hostility"))
    assert ((level > 0) == onset)[np.isfinite(level)].all()


def test_a_layer_without_an_array_says_where_its_rows_are():
    with pytest.raises(InputError, match="latticework data get leader"):
        load_panel(["USA"], 2000, 2001, layers=["leader"])


def test_growth_is_from_the_value_of_the_year_before(panel, quarters):
    for growth, name in (("gdp_growth", "gdp"), ("effort_growth", "defence_effort")):
        level = np.asarray(panel.world.state(name), float)
        log = np.log(np.where(level > 0, level, np.nan))
        slow = np.full_like(log, np.nan)
        slow[1:] = log[1:] - log[:-1]
        fast = np.asarray(panel.world.state(growth), float)
        both = np.isfinite(fast) & np.isfinite(slow)
        assert both.sum() > 7000
        assert (both == np.isfinite(slow)).all()
        np.testing.assert_allclose(fast[both], slow[both], atol=2e-5)
    assert cell(quarters, "gdp_growth", "1999-03-31", "JPN") == cell(panel, "gdp_growth", "1998-12-31", "JPN")
    assert np.isnan(cell(panel, "gdp_growth", "1960-12-31", "JPN"))


def test_nuclear_steps_by_hand(panel):
    for year, state in ((1952, "GBR"), (1960, "FRA"), (1964, "CHN"), (1967, "ISR"), (2006, "PRK")):
        assert cell(panel, "nuclear_step", f"{year}-12-31", state) == 1
        assert cell(panel, "nuclear_step", f"{year + 1}-12-31", state) == 0
    assert np.isnan(cell(panel, "nuclear_step", "2023-12-31", "JPN"))
