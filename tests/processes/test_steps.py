"""A year in one step and in two or four is the same law, for every process of the model, where effects stand still."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.signal import fftconvolve
from scipy.stats import ks_2samp

from latticework.processes import MODEL, DefenceEffort, DefencePledged, LeaderExit, PactFounded, Push, TroopChange
from latticework.processes.base import Rows
from latticework.processes.families import (
    AbstractDrift,
    AbstractHazard,
    AbstractJumpDrift,
    remembered,
    t4_cdf,
    t4_log_density,
)
from latticework.processes.families.count import FADE
from latticework.types import Array
from latticework.world import World
from tests.processes.prepared import COUNTS, DRIFTS, HAZARDS, MARKS, QUARTER, YEAR, prepared
from tests.synthetic import Visits

HALF = jnp.asarray(0.5)
JUMPS = tuple(p for p in DRIFTS if isinstance(p, AbstractJumpDrift))
OTHERS = ("garrison_opened", "pact_founded", "treaties", "troop_change")
NEVER, STILL = -40.0, -30.0
MANY, RATES = 40_000, (0.16, 0.10)


def test_every_process_of_the_model_has_its_test_here():
    families = {p.name for p in (*HAZARDS, *MARKS, *DRIFTS, *COUNTS)} - {"visits"}
    assert families | set(OTHERS) == {p.name for p in MODEL}


def standing(process) -> tuple[jnp.ndarray, Array]:
    """Coefficients, and the effects of one unit at risk, which stand still."""
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    where = np.argwhere(np.asarray(rows.at_risk))[0]
    return theta, jnp.asarray(rows.design)[tuple(where)]


def chance(process, theta: Array, effects: Array, outcomes: Array, dt: Array) -> np.ndarray:
    """The chances (densities) of a unit's outcomes in a step."""
    q = len(outcomes)
    rows = Rows(jnp.ones((q, 1)) * effects, jnp.zeros(q), outcomes, jnp.ones(q, bool), jnp.full(q, dt))
    return np.exp(np.asarray(process.density(theta, rows), float))


def year_from_halves(process: AbstractHazard, first: Array = HALF) -> tuple[np.ndarray, np.ndarray]:
    """Chances of no event in a year and of a first event of each kind: in one step, and in two."""
    theta, effects = standing(process)
    outcomes = jnp.arange(len(process.predictors()) + 1.0)
    whole, half = (chance(process, theta, effects, outcomes, dt) for dt in (YEAR, first))
    return whole, np.concatenate([half[:1] ** 2, half[1:] + half[0] * half[1:]])


@pytest.mark.parametrize("process", HAZARDS, ids=lambda p: p.name)
def test_events_of_every_kind_in_one_step_and_in_two(process):
    whole, halves = year_from_halves(process)
    np.testing.assert_allclose(halves, whole, rtol=1e-4)
    assert whole.min() > 1e-3, "a kind that does not happen makes this check weak"


def test_control_a_logit_link_with_the_same_offset_is_another_law():
    class Logit(LeaderExit):
        def law(self, etas, rows):
            odds = sum(jnp.exp(eta) for eta in etas) * rows.dt
            kind = sum((rows.outcome == k + 1) * jnp.exp(eta) for k, eta in enumerate(etas)) * rows.dt
            return jnp.where(rows.outcome == 0, -jnp.log1p(odds), jnp.log(jnp.maximum(kind, 1e-30)) - jnp.log1p(odds))

    whole, halves = year_from_halves(Logit())
    assert np.abs(halves - whole).max() > 0.02


@pytest.mark.parametrize("process", MARKS, ids=lambda p: p.name)
def test_what_an_event_was_does_not_depend_on_the_step(process):
    theta, effects = standing(process)
    yes = [chance(process, theta, effects, jnp.ones(1), dt)[0] for dt in (YEAR, HALF, QUARTER)]
    np.testing.assert_allclose(yes, yes[0], rtol=1e-6)
    _, before = prepared(process)
    drawn = [np.asarray(process.sample(jax.random.key(3), theta, before, dt, Push()).layer(process.unit, process.mark))
             for dt in (YEAR, QUARTER)]  # fmt: skip
    np.testing.assert_array_equal(*drawn)


def test_control_a_mark_that_counts_time_is_noticed():
    class Slow(DefencePledged):
        def law(self, etas, rows):
            return super().law((etas[0] + jnp.log(rows.dt),), rows)

    theta, effects = standing(Slow())
    whole, half = (chance(Slow(), theta, effects, jnp.ones(1), dt)[0] for dt in (YEAR, HALF))
    assert abs(whole - half) > 0.01


def moments(process: AbstractDrift, first: Array = HALF) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of the level of every unit a year on: in one step, and in two."""
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    etas = process.weighed(theta, rows.design)
    risk = np.asarray(rows.at_risk)
    whole = process.moments(etas, rows.level, YEAR)
    middle, early = process.moments(etas, rows.level, first)
    end, late = process.moments(etas, middle, first)
    halves = (end, early * jnp.exp(-2 * jnp.exp(etas[1]) * first) + late)
    return tuple(np.stack([np.broadcast_to(np.asarray(x), risk.shape)[risk] for x in two]) for two in (whole, halves))


@pytest.mark.parametrize("process", DRIFTS, ids=lambda p: p.name)
def test_two_half_steps_of_a_drift_have_the_moments_of_one(process):
    whole, halves = moments(process)
    assert whole.shape[1] >= 2
    np.testing.assert_allclose(halves, whole, rtol=2e-5, atol=1e-6)


def year_of_jumps(process: AbstractJumpDrift, steps: int, rate: float) -> tuple[float, float]:
    """Mean and sd of how far a unit is from its target after a year that began one unit above it, jumps included."""
    theta, _ = standing(process)
    names = [c.name for c in process.coefficients()]
    known = {name: float(theta[names.index(name)]) for name in ("log kappa", "log sigma", "log jump size")}
    share, shift = 0.3, 0.0  # of defence effort: the logit of what a jump makes up of the gap; what growth of GDP adds
    etas = tuple(map(jnp.asarray, (0.0, known["log kappa"], -2.0, np.log(rate), known["log jump size"], share, shift)))
    dt = jnp.asarray(1.0 / steps)
    some = 1 - np.exp(-rate / steps)
    mean, square = 1.0, 1.0
    for _ in range(steps):
        decay, calm = (float(x) for x in process.moments(etas, jnp.asarray(1.0), dt))
        after, more = (float(x) for x in process.struck(etas, jnp.asarray(decay), dt))
        mean *= (1 - some) * decay + some * after
        square = calm + some * more + square * ((1 - some) * decay**2 + some * after**2)
    return mean, np.sqrt(square - mean**2)


@pytest.mark.parametrize("process", JUMPS, ids=lambda p: p.name)
def test_jumps_of_a_year_shake_alike_in_one_step_and_in_four(process):
    """At the rates of history; jumps of an early quarter fade for the rest of the year, which one step cannot have."""
    (mean, sd), (means, sds) = (year_of_jumps(process, steps, 0.1) for steps in (1, 4))
    fades = np.exp(float(standing(process)[0][[c.name for c in process.coefficients()].index("log kappa")]))
    assert means == pytest.approx(mean, rel=1e-4)
    assert sds == pytest.approx(sd, rel=fades / 2 + 0.1 / 4)
    often = year_of_jumps(process, 4, 0.4)[1]
    assert often != pytest.approx(sd, rel=fades / 2 + 0.1 / 4), "a hazard that is per step and not per year is noticed"


def test_breaks_that_are_many_a_year_make_up_for_the_gap_alike_in_one_step_and_in_four():
    one, four = (year_of_jumps(DefenceEffort(), steps, 1.5)[0] for steps in (1, 4))
    assert four == pytest.approx(one, rel=1e-4)


def test_control_a_spread_that_grows_with_time_and_not_with_its_root_is_noticed():
    class Linear(type(DRIFTS[0])):
        def moments(self, etas, level, dt):
            mean, _ = super().moments(etas, level, dt)
            return mean, jnp.exp(2 * etas[2]) * dt**2 + 0 * level

    whole, halves = moments(Linear())
    assert np.abs(halves[1] / whole[1] - 1).min() > 0.2


def tails_apart(steps: int) -> float:
    """How far the distribution functions of one Student-t step and of the sum of so many are apart at most."""
    z = np.linspace(-60, 60, 24_001)
    density = np.exp(np.asarray(t4_log_density(jnp.asarray(z)), float)) * (z[1] - z[0])
    added = density
    for _ in range(steps - 1):
        added = fftconvolve(added, density, mode="same")
    return float(np.abs(np.cumsum(added) - np.asarray(t4_cdf(jnp.asarray(z / np.sqrt(steps))), float)).max())


def test_only_the_tails_of_a_drift_depend_on_the_step_and_by_little():
    """The sum of two Student-t steps is no Student-t step: mean and variance agree, the shape does not quite."""
    assert tails_apart(1) < 1e-3
    assert 0.005 < tails_apart(2) < 0.02
    assert tails_apart(2) < tails_apart(4) < 0.04


def year_from_quarters(process, dispersion: float = 0.0) -> float:
    """How far the law of a year's tally of one unit is from that of four quarters' sum."""
    theta, effects = standing(process)
    support = jnp.arange(80.0)
    quarter = chance(process, theta.at[-1].add(dispersion), effects, support, QUARTER)
    half = np.convolve(quarter, quarter)[:80]
    return np.abs(np.convolve(half, half)[:80] - chance(process, theta, effects, support, YEAR)).max()


@pytest.mark.parametrize("process", COUNTS, ids=lambda p: p.name)
def test_four_quarters_of_a_tally_are_a_year_of_it(process):
    assert year_from_quarters(process) < 1e-5


def test_control_a_dispersion_that_is_the_same_for_any_step_is_another_law():
    assert year_from_quarters(Visits(), np.log(4.0)) > 1e-3


def test_what_is_remembered_fades_alike_in_one_step_and_in_four():
    whole = remembered(jnp.asarray(2.0), jnp.asarray(8.0), YEAR)
    memory = jnp.asarray(2.0)
    for _ in range(4):
        memory = remembered(memory, jnp.asarray(2.0), QUARTER)
    assert float(memory) == pytest.approx(float(whole), rel=1e-5)
    days = (np.arange(10_000) + 0.5) / 10_000  # eight events spread over the year, each faded by its end
    slow = 2 * np.exp(-1 / FADE) + 8 * np.exp(-(1 - days) / FADE).mean()
    assert float(whole) == pytest.approx(slow, rel=1e-5)


def test_pacts_are_founded_at_the_same_rate_and_by_the_same_states_whatever_the_step():
    process = PactFounded()
    theta, before = prepared(process)
    before = before.replace(memberships={"pact_member": jnp.asarray(before.membership("pact_member")).at[2].set(0.0)})
    member = jnp.asarray(before.membership("pact_member")).at[2].set(jnp.asarray([1.0, 0.0, 1.0]))
    begun = before.replace(pacts={"pact_founded": jnp.asarray([0.0, 0.0, 1.0])}, memberships={"pact_member": member})
    quiet, founded = (
        [float(process.log_prob(theta, before, after, dt)) for dt in (YEAR, QUARTER)] for after in (before, begun)
    )
    assert quiet[0] == pytest.approx(4 * quiet[1], rel=1e-5)
    assert quiet[0] < -0.05
    density = [f - q for f, q in zip(founded, quiet, strict=True)]
    assert density[0] == pytest.approx(density[1] + np.log(4), abs=1e-4)
    draw = jax.jit(jax.vmap(lambda key, dt: process.sample(key, theta, before, dt, Push()).pact("pact_founded")[2],
                            in_axes=(0, None)))  # fmt: skip
    n = 40_000
    for dt in (YEAR, HALF):
        share, expected = float(draw(jax.random.split(jax.random.key(1), n), dt).mean()), -np.expm1(quiet[0] * dt)
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / n)


@cache
def troops_after(steps: int, rates: tuple[float, float], noise: float = 0.01) -> np.ndarray:
    """Log change of a garrison's troops in a year of so many steps, with these hazards of draw-down and surge."""
    process = TroopChange()
    values = dict(zip(("draw-down", "surge", "noise of what is held"), np.log([*rates, noise]), strict=True))
    values |= {"size of draw-down": np.log(0.3), "size of surge": np.log(0.3)}
    names = [c.name.removesuffix(": intercept") for c in process.coefficients()]
    theta = jnp.asarray([values.get(name, 0.0) for name in names], jnp.float32)
    _, world = prepared(process)
    troops = jnp.asarray(world.dyad("troops")).at[0, 1:].set(3e6)

    def step(troops, key):
        now = world.replace(dyads={"troops": troops})
        return process.sample(key, theta, now, jnp.asarray(1 / steps), Push()).dyad("troops"), None

    def year(key):
        return jnp.log(jax.lax.scan(step, troops, jax.random.split(key, steps))[0][0, 1] / 3e6)

    return np.asarray(jax.jit(jax.vmap(year))(jax.random.split(jax.random.key(steps), MANY)))


KS_ERROR = 1.95 * np.sqrt(2 / MANY)  # exceeded once in a thousand by two samples of one law


def test_troops_that_are_held_move_alike_in_one_step_and_in_four():
    one, four = troops_after(1, (1e-9, 1e-9)), troops_after(4, (1e-9, 1e-9))
    assert ks_2samp(one, four).statistic < tails_apart(4) + KS_ERROR
    assert abs(np.log(four.std() / one.std())) < 0.1  # a t4 has no fourth moment, so the error of an sd is large


def test_troops_are_drawn_down_and_surged_alike_in_one_step_and_in_four():
    """At the rates of history; two moves within a year, which one step cannot have, are all that tells them apart."""
    down, up = RATES
    one, four = troops_after(1, RATES), troops_after(4, RATES)
    twice = 1 - np.exp(-(down + up)) * (1 + down + up)
    assert ks_2samp(one, four).statistic < twice + tails_apart(4) + KS_ERROR
    held = [(np.abs(x) < 0.17).mean() for x in (one, four)]
    assert held[0] == pytest.approx(np.exp(-(down + up)), abs=4 * np.sqrt(0.2 / MANY))
    assert held[1] == pytest.approx(held[0], abs=twice + 4 * np.sqrt(0.4 / MANY))


def test_control_hazards_that_are_per_step_and_not_per_year_are_noticed():
    assert ks_2samp(troops_after(1, RATES), troops_after(4, tuple(4 * rate for rate in RATES))).statistic > 0.1


def quiet(process) -> jnp.ndarray:
    """Coefficients with which no event happens and no level is shaken or drawn away."""
    theta = np.zeros(len(process.coefficients()))
    for number, coefficient in enumerate(process.coefficients()):
        if coefficient.effect is None:
            theta[number] = NEVER
    if isinstance(process, AbstractDrift):
        pace = len(process.mean_effects())
        theta[:], theta[pace : pace + 2] = 0.0, STILL
    if isinstance(process, AbstractJumpDrift):
        theta[[c.name == "log jump hazard" for c in process.coefficients()]] = NEVER
    if isinstance(process, TroopChange):
        theta[[number for number, c in enumerate(process.coefficients()) if "size" in c.name]] = 0.0
    return jnp.asarray(theta, jnp.float32)


def clocks_after(process, steps: int) -> dict[str, np.ndarray]:
    """What a process leaves of its layers after a quiet year of so many steps; chances are of a step and left out."""
    theta, (_, world) = quiet(process), prepared(process)
    world = process.start(jax.random.key(1), theta, world)
    if getattr(process, "mark", None):  # nothing happened of which it could be told what it was
        world = world.with_layers(process.unit, {n: jnp.zeros(world.shape(process.unit)) for n in process.given[:1]})
    for step in range(steps):
        world = process.sample(jax.random.key(step), theta, world, YEAR / steps, Push())
    left = {**world.states, **world.dyads, **world.pacts, **world.memberships}
    return {n: np.asarray(left[n]) for n in process.writes if n in left and not n.endswith("_chance")}


# of the year before: one number holds a year, and not its quarters, so that what it was fades by a quarter a quarter
REMEMBERED = {"effort_growth": 0.75**4}


@pytest.mark.parametrize("process", MODEL, ids=lambda p: p.name)
def test_clocks_and_memories_of_a_quiet_year_are_the_same_in_one_step_and_in_four(process):
    none, one, four = (clocks_after(process, steps) for steps in (0, 1, 4))
    assert one
    for name, values in one.items():
        expected = values + REMEMBERED[name] * none[name] if name in REMEMBERED else values
        np.testing.assert_allclose(four[name], expected, rtol=2e-5, atol=2e-5, err_msg=name)


def test_control_a_clock_that_counts_steps_is_noticed():
    class Ticking(LeaderExit):
        def advance(self, before: World, event, dt):
            after = super().advance(before, event, dt)
            return after.replace({"tenure": jnp.asarray(before.state("tenure")) + 1.0})

    assert not np.allclose(clocks_after(Ticking(), 1)["tenure"], clocks_after(Ticking(), 4)["tenure"])
