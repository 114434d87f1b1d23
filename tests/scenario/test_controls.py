"""What a scenario compiles to is worked out by hand on three states."""

from datetime import date, timedelta

import numpy as np
import pytest

from latticework.errors import InputError, UnknownNameError
from latticework.scenario import Controls, compile_branch, needed_scales, steps
from latticework.scenario.calendar import quarter_steps
from tests.scenario.examples import SMALL, small

CODES = ("USA", "JPN", "KOR")
SCALES = {"troop_change:history_sd": 0.8, "alignment:turnover_shift": 0.3}
YEAR = 365.25


def controls(branch: str, text: str = SMALL, scales: dict[str, float] = SCALES) -> Controls:
    scenario = small(text)
    return compile_branch(scenario, branch, CODES, steps(scenario), scales)


def test_the_first_step_ends_with_the_quarter_of_the_baseline():
    grid = quarter_steps(date(2025, 1, 24), 16)
    assert grid.count == 16
    assert [str(day) for day in grid.end[:3]] == ["2025-03-31", "2025-06-30", "2025-09-30"]
    assert str(grid.start[0]) == "2025-01-24"
    assert str(grid.end[-1]) == "2028-12-31"
    assert (grid.start[1:] == grid.end[:-1]).all()
    np.testing.assert_allclose(grid.dt[:2] * YEAR, [7 + 28 + 31, 30 + 31 + 30])


@pytest.mark.parametrize(("baseline", "first_end"), [("2024-12-31", "2025-03-31"), ("2025-01-01", "2025-03-31")])
def test_a_baseline_at_the_edge_of_a_quarter(baseline: str, first_end: str):
    grid = quarter_steps(date.fromisoformat(baseline), 2)
    assert str(grid.end[0]) == first_end
    assert (grid.dt > 0).all()


def test_every_day_of_the_horizon_is_in_one_step():
    grid = quarter_steps(date(2025, 1, 24), 5)
    for ahead in range(int((grid.end[-1] - grid.start[0]).astype(int)) + 1):
        day = date(2025, 1, 24) + timedelta(days=ahead)
        step = grid.index(day)
        assert step is not None
        assert np.datetime64(day) <= grid.end[step]
        assert ahead == 0 or np.datetime64(day) > grid.start[step]
    assert grid.index(date(2025, 1, 23)) is None
    assert grid.index(date(2026, 4, 1)) is None


def test_a_shift_of_a_hazard_counts_by_the_share_of_the_step():
    hub = controls("hub")
    shift = hub.shift["troop_change"]
    assert shift.shape == (1, 4, 3, 3)
    assert shift.dtype == np.float32
    # 15 February to 31 March are 45 of the 66 days of the first step; the second step is covered, the others are not.
    np.testing.assert_allclose(shift[0, :, 0, 2], [0.8 * 45 / 66, 0.8, 0, 0], rtol=1e-6)
    np.testing.assert_array_equal(shift, np.swapaxes(shift, -1, -2))
    assert np.count_nonzero(shift[0, 0]) == 2  # KOR-USA both ways, nothing else
    assert (hub.mean["troop_change"][0], hub.sd["troop_change"][0]) == (0.5, 0.25)


def test_a_shift_of_alignment_is_a_velocity_that_adds_up_to_its_size():
    hub, grid = controls("hub"), steps(small())
    velocity = hub.shift["alignment"][0]
    assert (velocity[:, 0] == 0).all()
    np.testing.assert_allclose((velocity[:, 1] * grid.dt).sum(), 0.3, rtol=1e-6)
    np.testing.assert_allclose(velocity[:, 2], [0, *[0.3 / (275 / YEAR)] * 3], rtol=1e-5)  # 275 days, April to December
    assert hub.mean["alignment"][0] == -1


def test_a_half_life_halves():
    text = SMALL.replace("until: 2025-06-30\n    size", "until: 2025-12-31\n    half_life: 0.25\n    size")
    shift = controls("hub", text).shift["troop_change"][0, :, 0, 2]
    days = np.split(np.exp2(-(np.arange(45 + 91 + 92 + 92) + 0.5) / YEAR / 0.25), np.cumsum([45, 91, 92]))
    by_day = [part.sum() for part in days] / np.array([66, 91, 92, 92])  # added up day by day
    np.testing.assert_allclose(shift, 0.8 * by_day, rtol=1e-4)


def test_an_event_has_the_chance_that_was_stated():
    base, grid = controls("base"), steps(small())
    hazard = base.hazard["leader_exit"]
    assert hazard.shape == (4, 3)
    np.testing.assert_allclose(1 - np.exp(-(hazard * grid.dt[:, None]).sum(0)), [0, 0, 0.4], rtol=1e-5)
    assert np.flatnonzero(hazard[:, 2]).tolist() == [1]  # 10 April is in the second step


def test_an_event_in_a_window_is_spread_over_it():
    text = SMALL.replace("date: 2025-04-10", "from: 2025-03-01\n    until: 2025-05-31")
    hazard, grid = controls("base", text).hazard["leader_exit"][:, 2], steps(small())
    np.testing.assert_allclose(1 - np.exp(-(hazard * grid.dt).sum()), 0.4, rtol=1e-5)
    np.testing.assert_allclose(hazard[0] * grid.dt[0] / (hazard * grid.dt).sum(), 31 / 92, rtol=1e-5)


def test_an_event_that_fades_comes_early_and_keeps_its_chance():
    text = SMALL.replace("date: 2025-04-10", "from: 2025-03-01\n    until: 2025-05-31\n    half_life: 0.1")
    hazard, grid = controls("base", text).hazard["leader_exit"][:, 2], steps(small())
    np.testing.assert_allclose(1 - np.exp(-(hazard * grid.dt).sum()), 0.4, rtol=1e-5)
    by_day = np.exp2(-(np.arange(92) + 0.5) / YEAR / 0.1)
    np.testing.assert_allclose(
        hazard[0] * grid.dt[0] / (hazard * grid.dt).sum(), by_day[:31].sum() / by_day.sum(), rtol=1e-4
    )


def test_a_clamp_that_fades_leaves_a_part_of_the_rate_and_of_the_event():
    text = SMALL.replace(
        "until: 2025-06-30\n    assumed_by: us", "until: 2025-06-30\n    half_life: 0.2\n    assumed_by: us"
    )
    out = controls("out", text.replace("date: 2025-04-10", "from: 2025-04-01\n    until: 2025-06-30"))
    closed = np.exp2(-(np.arange(91) + 0.5) / YEAR / 0.2).mean()
    np.testing.assert_allclose(np.exp(out.shift["leader_exit"][0, 1, 2]), 1 - closed, rtol=1e-4)
    event = controls("base", SMALL.replace("date: 2025-04-10", "from: 2025-04-01\n    until: 2025-06-30"))
    left = out.hazard["leader_exit"][1, 2] / event.hazard["leader_exit"][1, 2]
    np.testing.assert_allclose(left, 1 - closed, rtol=1e-4)


def test_a_certain_event_is_finite():
    hazard = controls("base", SMALL.replace("chance: 0.4", "chance: 1")).hazard["leader_exit"]
    assert np.isfinite(hazard).all()


def test_a_clamp_rules_out_the_process_and_the_event():
    out, grid = controls("out"), steps(small())
    assert (out.mean["leader_exit"].tolist(), out.sd["leader_exit"].tolist()) == ([1], [0])
    np.testing.assert_allclose(out.shift["leader_exit"][0, :, 2], [0, -30, 0, 0], atol=1e-6)
    assert (out.hazard["leader_exit"] == 0).all()
    half = controls(
        "out", SMALL.replace("from: 2025-04-01\n    until: 2025-06-30", "from: 2025-05-16\n    until: 2025-06-30")
    )
    np.testing.assert_allclose(np.exp(half.shift["leader_exit"][0, 1, 2]), 45 / 91, rtol=1e-5)  # 46 of 91 days closed
    assert grid.count == 4


def test_a_set_layer_holds_where_it_covers_half_the_step():
    troops = controls("out").layers["troops"]
    assert np.isnan(troops[:2]).all()
    assert troops[2, 2, 0] == troops[3, 2, 0] == 0
    assert np.isnan(troops[3, 0, 2]), "who sends is named first"
    assert np.isnan(troops[2, 0, 1])
    assert np.isnan(troops[2, 0, 0])


def fading(keys: str, text: str = SMALL) -> str:
    """The scenario with more keys on its setting of troops."""
    return text.replace("from: 2025-07-01\n    value: 0", f"from: 2025-07-01\n    {keys}\n    value: 0")


def test_a_setting_that_builds_up_and_fades_goes_its_strength_s_part_of_the_way():
    out = controls("out", fading("onset: 0.25\n    half_life: 0.5"))
    years = (np.arange(184) + 0.5) / YEAR  # from 1 July to the end, day by day
    strength = np.minimum(years / 0.25, 1) * np.exp2(-np.maximum(years - 0.25, 0) / 0.5)
    by_day = [strength[:92].mean(), strength[92:].mean()]
    np.testing.assert_allclose(out.hold["troops"][2:, 2, 0], by_day, rtol=1e-3)
    assert 0.4 < by_day[0] < 0.6 < by_day[1] < 0.95, "the test has power"
    assert np.isnan(out.layers["troops"][:2]).all()
    assert (out.layers["troops"][2:, 2, 0] == 0).all()
    assert (out.hold["troops"][:, 0, 2] == 1).all(), "of other cells nothing is held in part"
    assert (controls("hub", fading("onset: 0.25")).hold["troops"] == 1).all(), "shapes are those of every branch"
    assert controls("out").hold == {}, "what is held whole needs no parts"


def test_the_calendar_of_votes():
    layers = controls("base").layers
    ahead, past = layers["election_ahead"], layers["election_past"]
    assert ahead.tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0]]  # Japan in the third step
    assert past.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]]  # America's lies in the quarter before
    early = SMALL.replace("date: 2024-11-05", "date: 2024-09-30")
    assert controls("base", early).layers["election_past"][0].tolist() == [0, 0, 0]


def test_branches_have_the_same_keys_and_shapes():
    """One compiled program serves all; an assumption that is not made has no size."""
    branches = [controls(name) for name in ("base", "hub", "out")]
    shapes = [
        {
            part: {name: array.shape for name, array in getattr(one, part).items()}
            for part in ("shift", "hazard", "layers")
        }
        for one in branches
    ]
    assert shapes[0] == shapes[1] == shapes[2]
    assert branches[0].mean["alignment"].tolist() == branches[0].sd["troop_change"].tolist() == [0]
    assert np.isnan(branches[1].layers["troops"]).all()


def test_every_dyad_of_a_state():
    shift = controls("hub", SMALL.replace("on: [KOR-USA]\n    from: 2025-02-15", "on: [USA-all]\n    from: 2025-02-15"))
    assert (shift.shift["troop_change"][0, 1] > 0).tolist() == [
        [False, True, True],
        [True, False, False],
        [True, False, False],
    ]


def test_scales_are_asked_for_by_name():
    assert needed_scales(small()) == ("alignment:turnover_shift", "troop_change:history_sd")
    with pytest.raises(InputError, match="no scale 'alignment:turnover_shift' was estimated"):
        controls("hub", scales={"troop_change:history_sd": 1.0})


def test_a_log_hazard_needs_no_scale():
    text = SMALL.replace("unit: history_sd", "unit: log_hazard")
    shift = controls("hub", text, {"alignment:turnover_shift": 1.0}).shift["troop_change"]
    assert shift[0, 1, 0, 2] == 1


def test_what_is_not_there_is_named():
    scenario = small()
    with pytest.raises(UnknownNameError, match="There is no branch 'hubb'"):
        compile_branch(scenario, "hubb", CODES, steps(scenario), SCALES)
    with pytest.raises(UnknownNameError, match="There is no state 'KOR'"):
        compile_branch(scenario, "hub", ("USA", "JPN"), steps(scenario), SCALES)


def test_no_controls_change_nothing():
    none = Controls.none()
    assert none.shift == none.mean == none.sd == none.hazard == none.layers == {}
