"""A snapshot has the last known value of everything and says how old each is."""

import numpy as np
import pytest

from latticework.data import get, load_panel, load_snapshot
from latticework.errors import InputError, UnknownNameError

DAY = "2025-01-24"
SIX = ("USA", "JPN", "KOR", "CHN", "PRK", "TWN")


@pytest.fixture(scope="module")
def now():
    return load_snapshot(DAY, SIX)


def value(snapshot, name, *states):
    places = tuple(snapshot.codes.index(s) for s in states)
    return float((snapshot.world.state(name) if len(places) == 1 else snapshot.world.dyad(name))[places])


def inputs_of(snapshot, name, state, partner=""):
    i = snapshot.inputs
    return i[(i.layer == name) & (i.state == state) & (i.partner == partner)]


def test_it_has_the_layers_of_a_panel_and_no_time(now):
    panel = load_panel(SIX, 2000, 2001)
    assert set(now.world.states) == set(panel.world.states)
    assert set(now.world.dyads) == set(panel.world.dyads)
    assert now.world.state("capability").shape == (6,)
    assert now.world.dyad("distance").shape == (6, 6)
    assert bool(now.world.present.all())


def test_values_are_the_last_known_ones(now):
    last = get("capability", ["JPN"]).iloc[-1]
    assert value(now, "capability", "JPN") == pytest.approx(last.value, rel=1e-6)
    row = inputs_of(now, "capability", "JPN").iloc[0]
    assert (row.date, row.origin, row.source) == ("2022-12-31", "carried forward", "nmc-7.0")
    assert row.age_years == pytest.approx(2.07, abs=0.01)
    assert value(now, "troops", "USA", "KOR") == 23111  # the report of September; that of December came out later
    assert inputs_of(now, "troops", "USA", "KOR").iloc[0].origin == "observed"
    row = inputs_of(now, "democracy", "JPN").iloc[0]
    assert (row.date, row.origin) == ("2023-12-31", "carried forward")  # 2024 is published in March 2025


def test_values_that_are_too_old_stay_missing(now):
    assert np.isnan(value(now, "military_spending", "PRK"))  # 2001
    assert np.isnan(value(now, "ideal_point", "TWN"))  # 1971
    assert inputs_of(now, "military_spending", "PRK").empty
    assert inputs_of(now, "ideal_point", "TWN").empty


def test_what_may_not_be_carried_is_not():
    now = load_snapshot(DAY, (*SIX, "BRA"))  # whose leaders are known to February 2021
    for name in ("turnover", "election_ahead", "election_past", "tenure"):
        assert np.isnan(value(now, name, "BRA")), name
    assert np.isnan(np.asarray(now.world.dyad("dispute"))).all()


def test_peace_is_as_of_the_end_of_the_dispute_data(now):
    then = load_panel(SIX, 2014, 2014).world.dyad("peace_years")[0]
    np.testing.assert_array_equal(np.asarray(now.world.dyad("peace_years")), np.asarray(then))
    row = inputs_of(now, "peace_years", "JPN", "USA").iloc[0]
    assert (row.date, row.origin) == ("2014-12-31", "carried forward")


def test_treaties_stand_as_of_the_day(now):
    assert value(now, "defence", "JPN", "USA") == value(now, "defence", "USA", "JPN") == 1
    assert value(now, "defence", "CHN", "PRK") == 1
    assert value(now, "defence", "USA", "TWN") == 0
    assert value(now, "agreement_age", "JPN", "USA") == pytest.approx(65.0, abs=0.1)


def test_every_number_of_a_level_has_its_origin(now):
    for name in ("capability", "democracy", "troops", "distance"):
        layer = now.world.states.get(name, now.world.dyads.get(name))
        assert int(np.isfinite(np.asarray(layer)).sum()) == (now.inputs.layer == name).sum()
    assert set(now.inputs.origin) == {"observed", "carried forward"}
    assert (now.inputs.age_years >= 0).all()
    assert now.inputs.value.notna().all()


def test_a_snapshot_on_a_panels_day_agrees_with_the_panel():
    panel, then = load_panel(SIX, 2009, 2010), load_snapshot("2010-12-31", SIX)
    for name in ("capability", "democracy", "ideal_point"):  # of 2009: those of 2010 were not known yet
        assert np.array_equal(then.world.state(name), panel.world.state(name)[0], equal_nan=True), name
        assert not np.array_equal(then.world.state(name), panel.world.state(name)[1], equal_nan=True), name
    panel = load_panel(SIX, 2010, 2010)
    for name in ("tenure", "fixed_term", "major_power"):
        np.testing.assert_array_equal(np.asarray(then.world.state(name)), np.asarray(panel.world.state(name)[0]), name)
    for name in ("defence", "agreement", "agreement_age", "agreement_shift", "contiguity", "distance", "peace_years"):
        np.testing.assert_array_equal(np.asarray(then.world.dyad(name)), np.asarray(panel.world.dyad(name)[0]), name)


def test_no_value_is_later_than_the_day():
    then = load_snapshot("1990-09-30", ("USA", "JPN", "DDR", "DEU"))
    assert (then.inputs.date <= "1990-09-30").all()
    assert value(then, "troops", "USA", "JPN") > 0


def test_wrong_days_and_states_are_refused():
    with pytest.raises(InputError, match="begins in 1950"):
        load_snapshot("1940-01-01", SIX)
    with pytest.raises(InputError, match="is not a day"):
        load_snapshot("soon", SIX)
    with pytest.raises(UnknownNameError):
        load_snapshot(DAY, ("USA", "XXX"))


def test_a_conflict_that_ended_is_not_carried_over_years_without_one():
    """UCDP lists PHL in every year to 2023; NPL's last is 2006, and a list that omits it afterwards says zero."""
    then = load_snapshot("2009-06-30", ("NPL", "PHL"))
    assert value(then, "civil_conflict", "PHL") > 0
    assert value(then, "civil_conflict", "NPL") == 0
    assert value(load_snapshot("2006-12-31", ("NPL", "PHL")), "civil_conflict", "NPL") > 0  # of 2005


def test_what_is_too_old_for_the_world_is_still_told_with_its_age(now):
    old = now.old.set_index(["layer", "state", "partner"])
    assert old.loc[("ideal_point", "TWN", "")].date == "1971-12-31"
    assert old.loc[("ideal_point", "TWN", "")].origin == "out of date"
    row = old.loc[("exercise", "JPN", "USA")]
    assert (row.date, row.origin) == ("2010-12-31", "out of date")
    assert row.value == len(get("exercise", ["JPN", "USA"], "2010-01-01", "2010-12-31"))
    assert old.loc[("shared_igos", "JPN", "USA")].value == 68
    assert not set(map(tuple, now.inputs[["layer", "state", "partner"]].to_numpy())) & set(old.index)
