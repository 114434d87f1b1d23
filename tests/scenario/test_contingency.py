"""Rules, successions and crises on worlds of three states, path by path, against a loop that is written apart.

One scenario has them all, so that one program is compiled; a play keeps some of them.
"""

from functools import cache

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.processes import AlignmentDrift, LeaderExit
from latticework.scenario import compile_branch, steps
from latticework.scenario.contingency import When
from latticework.simulate import Keep, nowcast_calendar, press, simulate
from tests.scenario.examples import SMALL, small
from tests.synthetic import made_up_world

MODEL = (LeaderExit(), AlignmentDrift())
CODES, DRAWS, PATHS = ("USA", "JPN", "KOR"), 5, 250
USA, JPN, KOR = range(3)
SCALE, HAZARD, KAPPA = 0.3, 0.8, 0.4  # of a usual shift; of any leader, a year; of the drift, a year
SCALES = {"alignment:turnover_shift": SCALE}
KEEP = Keep(("turnover", "turnover_chance", "ideal_point", "democracy"), (), np.zeros((0, 2), int))
TEXT = (
    SMALL[: SMALL.index("interventions:")].replace("quarters: 4", "quarters: 12")
    + """\
successions:
  - state: KOR
    candidates:
      - {name: friend, chance: 0.6, orientation: {mean: 1, sd: 0}, assumed_by: us, reason: because}
      - {name: sceptic, chance: 0.4, orientation: {mean: -0.5, sd: 0}, assumed_by: us, reason: because}
  - state: JPN
    candidates: [{name: unknown, chance: 1, orientation: {mean: 0, sd: 1}, assumed_by: us, reason: because}]
crises:
  - id: deadlock
    state: JPN
    from: 2025-07-01
    until: 2026-03-31
    chance: 0.3
    slows: [{process: leader_exit, size: {mean: 0.8, sd: 0}, unit: log_hazard}]
    assumed_by: us
    reason: because
  - id: vacancy
    state: KOR
    from: 2025-01-24
    until: 2026-03-31
    chance: 0.6
    ends_with_leader: true
    interregnum: 0.25
    slows: [{process: leader_exit, size: {mean: 0.5, sd: 0}, unit: log_hazard}]
    assumed_by: us
    reason: because
interventions:
"""
)
BUILT = "size: {mean: 0.9, sd: 0}, unit: log_hazard, onset: 0.6, half_life: 0.8"
SEEN = "{layer: turnover, on: KOR, happened: true}"
RULES = {  # intervention -> condition, what the rule has beside it, what the intervention is
    "level": ("{layer: ideal_point, on: KOR, above: 0.05}", "", f"operator: shift, process: leader_exit, {BUILT}"),
    "never": ("{layer: ideal_point, on: KOR, above: 1e6}", "", f"operator: shift, process: leader_exit, {BUILT}"),
    "window": (
        "{layer: ideal_point, on: KOR, above: -1e6}",
        "from: 2025-10-01, for: 0.5, ",
        f"operator: shift, process: leader_exit, {BUILT}",
    ),
    "seen": (SEEN, "", f"operator: shift, process: leader_exit, {BUILT}"),
    "event": (SEEN, "for: 0.5, ", "operator: event, process: leader_exit, chance: 0.7"),
    "closed": (SEEN, "", "operator: clamp, process: leader_exit"),
    "held": (SEEN, "", "operator: set, layer: ideal_point, value: 2"),
    "grown": (SEEN, "", "operator: set, layer: democracy, value: 2, onset: 0.6, half_life: 0.8"),
    "whole": (SEEN, "for: 0.5, ", "operator: shift, process: alignment, size: {mean: 1, sd: 0}, unit: turnover_shift"),
}
for name, (when, limits, what) in RULES.items():
    why = "assumed_by: us, reason: because"
    TEXT += f"  - {{id: if-{name}, operator: rule, when: {when}, then: [{name}], {limits}{why}}}\n"
    TEXT += f"  - {{id: {name}, on: [JPN], {what}, {why}}}\n"
TEXT += f"""\
branches:
  - {{id: acts, title: Acts, summary: All, interventions: [{", ".join(f"if-{name}" for name in RULES)}]}}
  - {{id: quiet, title: Quiet, summary: Nothing}}
"""
GRID = steps(small(TEXT))
Found = dict[str, np.ndarray]


def coefficients() -> dict[str, jnp.ndarray]:
    """Leaders leave at the same rate everywhere, half of it against the rules; alignment returns to zero."""
    theta = {}
    for process in MODEL:
        known = {"log kappa": np.log(KAPPA), "log sigma": -1.5, "log error factor": -30.0, "log jump hazard": -30.0}
        known |= {f"{kind}: intercept": np.log(HAZARD / 2) for kind in ("regular", "irregular")}
        values = [known.get(c.name, 0.0) for c in process.coefficients()]
        theta[process.name] = jnp.asarray(np.tile(values, (DRAWS, 1)), jnp.float32)
    return theta


@cache
def play(*kept: str, branch: str = "acts", hub_at: float = 3.0) -> Found:
    """What comes of a branch in which only the contingencies whose names begin so fall to any path."""
    controls = compile_branch(small(TEXT), branch, CODES, GRID, SCALES)
    made = controls.contingencies
    off = [k for k, one in enumerate(made) if not one.name.startswith(kept or ("none",))]
    controls = eqx.tree_at(lambda c: [c.contingencies[k].high for k in off], controls, [np.float32(0)] * len(off))
    key, calendar = jax.random.key(3), nowcast_calendar(GRID.dt, {}, MODEL)
    there = made_up_world(3, 4).replace({"ideal_point": jnp.asarray([hub_at, 0.0, 0.0])})
    pressure = press(controls, jax.random.fold_in(key, 2), DRAWS, MODEL)
    out = simulate(MODEL, coefficients(), there, pressure, calendar, KEEP, key, np.arange(PATHS))
    return {name: np.asarray(values, float) for name, values in out.items()}


def hazard(found: Found, state: int) -> np.ndarray:
    """The yearly hazard of an exit in each step of each path (p s)."""
    return -np.log1p(-found["turnover_chance"][:, :, state]) / GRID.dt


def gain(found: Found, state: int = JPN) -> np.ndarray:
    """How much the log hazard is above that of a leader whom nothing pushes."""
    return np.log(np.maximum(hazard(found, state), 1e-12)) - np.log(HAZARD)


def by_hand(met: np.ndarray, onset: float, half_life: float, most: float = np.inf, since: int = 0) -> np.ndarray:
    """The mean strength in each step of each path (p s), by small steps of time from when the condition held."""
    out = np.zeros(met.shape)
    for path in range(len(met)):
        clock = 0.0
        for s in range(GRID.count):
            clock = clock if met[path, s] else 0.0
            if met[path, s] and s >= since:
                years = clock + (np.arange(400) + 0.5) / 400 * GRID.dt[s]
                strength = np.minimum(years / onset, 1.0) * 0.5 ** (np.maximum(years - onset, 0) / half_life)
                out[path, s] = (strength * (years < most)).mean()
                clock += GRID.dt[s]
    return out


def above(found: Found, bound: float) -> np.ndarray:
    """Whether Korea, which starts at zero, stood above a bound when each step began (p s)."""
    return np.concatenate([np.zeros((PATHS, 1)), found["ideal_point"][:, :-1, KOR]], axis=1) > bound


def seen(found: Found, state: int = KOR) -> np.ndarray:
    """Whether a state's leader had left when each step began (p s)."""
    return np.concatenate([np.zeros((PATHS, 1)), found["turnover"][:, :-1, state]], axis=1).cumsum(axis=1) > 0


def test_a_rule_acts_where_its_condition_holds_with_onset_and_half_life():
    found, quiet = play("level"), play()
    np.testing.assert_array_equal(found["ideal_point"], quiet["ideal_point"])  # it pushes leaders alone
    met = above(found, 0.05)
    np.testing.assert_allclose(gain(found), 0.9 * by_hand(met, 0.6, 0.8), atol=3e-3)
    np.testing.assert_allclose(gain(found, USA), 0, atol=1e-3)
    assert 0.2 < met.mean() < 0.8
    assert np.abs(np.diff(met.astype(int), axis=1)).sum() > 100  # conditions come and go


def test_control_the_loop_disagrees_if_it_fades_less_or_acts_elsewhere():
    met = above(play("level"), 0.05)
    assert np.abs(gain(play("level")) - 0.9 * by_hand(met, 0.6, 50.0)).max() > 0.1
    assert np.abs(gain(play("level")) - 0.9 * by_hand(~met, 0.6, 0.8)).max() > 0.1


def test_a_rule_that_is_never_met_and_a_branch_without_rules_change_nothing():
    plain = play()
    for other in (play("never"), play(*RULES, branch="quiet")):
        for name, values in plain.items():
            np.testing.assert_array_equal(other[name], values)
    assert not np.array_equal(play("level")["turnover"], plain["turnover"])  # control


def test_a_rule_acts_in_its_window_only_and_its_clock_begins_there():
    always = np.ones((PATHS, GRID.count), bool)
    expected = 0.9 * by_hand(always, 0.6, 0.8, most=0.5, since=3)
    np.testing.assert_allclose(gain(play("window")), expected, atol=3e-3)
    assert (expected[:, 3] > 0.05).all()


def test_an_event_is_seen_in_the_next_step_and_holds_from_then_on():
    found = play("seen")
    np.testing.assert_allclose(gain(found), 0.9 * by_hand(seen(found), 0.6, 0.8), atol=3e-3)
    assert 0.1 < seen(found)[:, 4].mean() < 0.9


def test_an_event_under_a_rule_has_its_chance_within_the_years_of_the_rule():
    found = play("event")
    rate = -np.log(1 - 0.7) / 0.5 * by_hand(seen(found), 1e-9, 1e9, most=0.5)
    np.testing.assert_allclose(hazard(found, JPN) - HAZARD, rate, atol=0.02)
    assert rate.max() > 2


def test_a_clamp_under_a_rule_rules_out_the_event_as_well():
    found, quiet = play("closed", "event"), play()
    np.testing.assert_allclose(found["turnover_chance"][:, :, JPN][seen(found)], 0, atol=1e-6)
    assert found["turnover"][:, :, JPN][seen(found)].max() == 0
    assert quiet["turnover"][:, :, JPN][seen(quiet)].mean() > 0.1  # control
    assert np.array_equal(found["turnover"][:, :, JPN][~seen(found)], quiet["turnover"][:, :, JPN][~seen(quiet)])


def test_a_layer_that_is_held_under_a_rule_builds_up_and_fades():
    found = play("grown")
    part = by_hand(seen(found), 0.6, 0.8)
    now = np.full(PATHS, play()["democracy"][0, 0, JPN])
    for s in range(GRID.count):
        now = now + part[:, s] * (2 - now)
        np.testing.assert_allclose(found["democracy"][:, s, JPN], now, atol=3e-3)
    assert 0.1 < part[part > 0].min() < 0.5 < part.max() < 1.01, "it builds up and fades"
    np.testing.assert_array_equal(found["democracy"][:, :, USA], play()["democracy"][:, :, USA])


def test_a_layer_is_held_under_a_rule():
    found, quiet = play("held"), play()
    expected = quiet["ideal_point"][:, :, JPN].copy()
    for path, s in np.argwhere(seen(found)):
        before = quiet["ideal_point"][path, s - 1, JPN]
        expected[path, s] += (2.0 - before) * np.exp(-KAPPA * GRID.dt[s])  # the same shock from another start
    np.testing.assert_allclose(found["ideal_point"][:, :, JPN], expected, atol=1e-4)


def turned(found: Found, state: int, hub_at: float = 3.0) -> np.ndarray:
    """The yearly pull on the alignment of a state in each step (p s), undone from the drift."""
    gap = (found["ideal_point"] - play(hub_at=hub_at)["ideal_point"])[:, :, state]
    before = np.concatenate([np.zeros((PATHS, 1)), gap[:, :-1]], axis=1)
    return (gap - before * np.exp(-KAPPA * GRID.dt)) / GRID.dt


def test_a_whole_shift_under_a_rule_is_spread_over_its_years():
    found = play("whole")
    np.testing.assert_allclose(turned(found, JPN), SCALE / 0.5 * by_hand(seen(found), 1e-9, 1e9, most=0.5), atol=5e-3)


def test_a_successor_is_drawn_once_and_turns_the_state_within_a_year():
    found, quiet = play("succession KOR"), play()
    np.testing.assert_array_equal(found["turnover"], quiet["turnover"])
    np.testing.assert_array_equal(found["ideal_point"][:, :, JPN], quiet["ideal_point"][:, :, JPN])
    pull, unit = turned(found, KOR), by_hand(seen(found), 1e-9, 1e9, most=1.0)
    size = np.where(pull.sum(1) > 0, 1.0, -0.5) * SCALE
    np.testing.assert_allclose(pull, size[:, None] * unit, atol=2e-3)
    early = seen(found)[:, 6]
    np.testing.assert_allclose((unit * GRID.dt).sum(1)[early], 1.0, atol=1e-2)  # the whole way within a year
    assert abs((size > 0)[early].mean() - 0.6) < 4 * np.sqrt(0.24 / early.sum())


def test_control_towards_the_hub_is_down_where_the_hub_stands_below():
    up, below = (turned(play("succession KOR", hub_at=at), KOR, at) for at in (3.0, -3.0))
    np.testing.assert_allclose(below, -up, atol=2e-3)
    assert np.abs(up).max() > 0.2


def test_the_sizes_of_candidates_are_drawn_once_per_draw():
    found = play("succession JPN", hub_at=30.0)  # so far that no path passes it, which would turn the pull around
    unit, pull = by_hand(seen(found, JPN), 1e-9, 1e9, most=1.0), turned(found, JPN, 30.0)
    sizes = [(pull[draw::DRAWS] / SCALE)[unit[draw::DRAWS] > 0.999] for draw in range(DRAWS)]
    assert max(np.ptp(size) for size in sizes) < 0.05
    assert np.ptp([size.mean() for size in sizes]) > 0.3


def test_a_crisis_comes_on_its_share_of_paths_and_slows_while_it_lasts():
    came = gain(play("crisis deadlock"))[:, 2] < -0.4
    assert abs(came.mean() - 0.3) < 4 * np.sqrt(0.21 / PATHS)
    expected = np.zeros(GRID.count)
    expected[2:5] = -0.8
    np.testing.assert_allclose(gain(play("crisis deadlock")), came[:, None] * expected, atol=2e-3)
    np.testing.assert_allclose(gain(play("crisis deadlock"), KOR), 0, atol=1e-3)


def test_a_crisis_ends_with_the_leader_and_after_the_vote_that_follows():
    found = play("crisis vacancy")
    left = found["turnover"][:, :, KOR] > 0
    first = np.where(left.any(axis=1), left.argmax(axis=1), GRID.count)[:, None]
    last, steps = 4, np.arange(GRID.count)  # 2026-03-31 ends the fifth step
    slowed = (steps <= np.minimum(first, last)) | ((steps == first + 1) & (first <= last))
    got = gain(found, KOR)
    came = got[:, 0] < -0.25
    assert abs(came.mean() - 0.6) < 4 * np.sqrt(0.24 / PATHS)
    np.testing.assert_allclose(got, np.where(came[:, None] & slowed, -0.5, 0.0), atol=0.01)  # quarters differ
    assert (came & (first[:, 0] < last)).any(), "control: on some paths it ends before its last day"
    np.testing.assert_allclose(gain(found, JPN), 0, atol=1e-3)


def test_mechanisms_see_a_crisis_as_deep_as_it_is_said_to_be():
    word = "mechanisms:\n  - {id: burden, kind: burden, assumed_by: us, reason: because}\nbranches:\n"
    text = TEXT.replace("    chance: 0.6\n    ends", "    chance: 0.6\n    depth: 0.5\n    ends").replace(
        "branches:\n", word
    )
    made = compile_branch(small(text), "acts", CODES, GRID, SCALES).contingencies
    mine = [one for one in made if one.name == "crisis vacancy"]
    assert [(one.acts, one.on, float(one.mean)) for one in mine] == [("set", "crisis", 0.5)] * 2
    assert not [
        one
        for one in compile_branch(small(TEXT), "acts", CODES, GRID, SCALES).contingencies
        if one.acts == "set" and one.on == "crisis"
    ]
    without = small(text[: text.index("crises:")] + text[text.index("interventions:") :])
    assert not [
        one for one in compile_branch(without, "acts", CODES, GRID, SCALES).contingencies if "crisis" in one.name
    ]


def test_one_contingency_leaves_the_draws_of_the_others_alone():
    both, alone = play("crisis deadlock", "succession"), play("succession")
    np.testing.assert_array_equal(both["ideal_point"][:, :, KOR], alone["ideal_point"][:, :, KOR])
    made = {one.name: one for one in compile_branch(small(TEXT), "acts", CODES, GRID, SCALES).contingencies}
    fewer = small(TEXT.replace("  - {name: friend, chance: 0.6", "  - {name: other, chance: 0.6"))
    left = {one.name: one for one in compile_branch(fewer, "acts", CODES, GRID, SCALES).contingencies}
    assert set(made) - set(left) == {"succession KOR friend"}
    key = jax.random.key(1)
    np.testing.assert_array_equal(
        made["succession JPN unknown"].size(key, 9), left["succession JPN unknown"].size(key, 9)
    )


def test_a_condition_reads_whichever_direction_of_a_dyad_is_known():
    layer = jnp.asarray([[np.nan, 5.0, np.nan], [7.0, np.nan, np.nan], [np.nan, 9.0, np.nan]])
    there = made_up_world(3, 4).replace(dyads={"troops": layer})
    values = [float(When("troops", cell).value(there)) for cell in ((0, 1), (1, 0), (1, 2), (2, 1))]
    assert values == [5, 7, 9, 9]
    unknown = When("troops", (0, 2), below=10.0)
    assert not bool(unknown.holds(there, jnp.asarray(False), jnp.asarray(True)))


def test_branches_have_the_same_contingencies_of_the_same_shapes():
    acts, quiet = (compile_branch(small(TEXT), b, CODES, GRID, SCALES) for b in ("acts", "quiet"))
    assert jax.tree.structure(acts) == jax.tree.structure(quiet)
    assert jax.tree.map(np.shape, acts) == jax.tree.map(np.shape, quiet)
    assert [float(one.high) for one in quiet.contingencies[: len(RULES)]] == [0] * len(RULES)


@pytest.mark.parametrize("onset", [0.3, 1.7])
def test_a_shift_with_an_onset_builds_up_evenly_on_the_calendar(onset):
    text = SMALL.replace("until: 2025-06-30\n    size", f"until: 2025-12-31\n    onset: {onset}\n    size")
    scales = SCALES | {"troop_change:history_sd": 0.8}
    found = compile_branch(small(text), "hub", CODES, steps(small(text)), scales).shift["troop_change"][0, :, 0, 2]
    days = np.split(np.minimum((np.arange(45 + 91 + 92 + 92) + 0.5) / 365.25 / onset, 1), np.cumsum([45, 91, 92]))
    np.testing.assert_allclose(found, 0.8 * np.array([d.sum() for d in days]) / [66, 91, 92, 92], rtol=1e-3)
