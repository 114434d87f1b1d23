"""Defence effort and warheads: what stays at zero, what a shift does, how spending and first weapons follow."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import poisson

from latticework.processes import DefenceEffort, NuclearStep, Push, Warheads
from latticework.processes.defence_effort import USUAL_GROWTH
from latticework.processes.warheads import FIRST_STOCKPILE, POSSESSES
from latticework.world import World
from tests.synthetic import made_up_world

N = 6
KEY = jax.random.key(5)
YEAR, QUARTER = jnp.asarray(1.0), jnp.asarray(0.25)


def means(process) -> jnp.ndarray:
    return jnp.asarray([c.prior_mean for c in process.coefficients()], jnp.float32)


def opening(process) -> World:
    return process.start(KEY, means(process), made_up_world(N, 3))


@pytest.mark.parametrize(("rate", "dt"), [(0.05, 1.0), (0.7, 1.0), (2.0, 0.25)])
def test_a_step_with_breaks_has_the_moments_of_a_poisson_number_of_them(rate, dt):
    target, mean, size, share = 1.0, 3.0, 0.4, 0.3
    etas = tuple(map(jnp.asarray, (target, 0.0, 0.0, np.log(rate), np.log(size), np.log(share / (1 - share)))))
    count = np.arange(60)
    chance = poisson.pmf(count, rate * dt)
    chance[0] = 0
    chance /= chance.sum()
    left = (chance * (1 - share) ** count).sum()
    after, more = DefenceEffort().struck(etas, jnp.asarray(mean), jnp.asarray(dt))
    np.testing.assert_allclose(after, target + (mean - target) * left, rtol=1e-5)
    np.testing.assert_allclose(more, (chance * count).sum() * size**2, rtol=1e-5)


def test_a_break_brings_a_state_nearer_to_its_target_and_none_does_not():
    process, theta = DefenceEffort(), means(DefenceEffort())
    names = [c.name for c in process.coefficients()]
    before = opening(process)
    never, surely = theta.at[names.index("log jump hazard")].set(-30.0), theta.at[names.index("log jump hazard")].set(1)

    def gap(theta):
        keys = jax.random.split(KEY, 4000)
        drawn = jax.vmap(lambda key: process.level(process.sample(key, theta, before, QUARTER, Push())))(keys)
        return np.asarray(drawn).mean(0) - np.asarray(process.etas(theta, before, Push())[0])

    still = np.asarray(process.level(before)) - np.asarray(process.etas(theta, before, Push())[0])
    decay = np.exp(-0.25 * np.exp(float(theta[names.index("log kappa")])))
    left = np.exp(-0.25 * np.exp(1.0) * 0.5)  # breaks of the quarter, each of which makes up half
    sd = 5 * np.sqrt(0.25 * np.exp(1.0) * np.exp(-1.0) + 0.1 + still**2) / np.sqrt(4000)
    assert (np.abs(gap(never) - still * decay) < sd).all()
    assert (np.abs(gap(surely) - still * decay * left) < sd).all()
    assert (np.abs(gap(surely) - still * decay) > sd).any()


@pytest.mark.parametrize("dt", [YEAR, QUARTER], ids=["year", "quarter"])
def test_a_shift_raises_log_effort_by_its_size_per_year(dt):
    process = DefenceEffort()
    before, shift = opening(process), jnp.zeros(N).at[2].set(0.02)
    plain, shifted = (process.sample(KEY, means(process), before, dt, Push(s)) for s in (0.0, shift))
    risen = np.asarray(process.level(shifted) - process.level(plain))
    np.testing.assert_allclose(risen, np.eye(N)[2] * 0.02 * float(dt), atol=2e-6)


def test_spending_is_effort_times_gdp_and_growth_is_that_of_effort_within_a_year():
    process = DefenceEffort()
    before = opening(process)
    old = np.asarray(before.states["effort_growth"], float)
    for dt, kept in ((QUARTER, 0.75), (YEAR, 0.0)):
        after = process.sample(KEY, means(process), before, dt, Push())
        effort, gdp = (np.asarray(after.states[name], float) for name in ("defence_effort", "gdp"))
        np.testing.assert_allclose(after.states["military_spending"], effort * gdp / 1000, rtol=1e-5)
        grown = np.log(effort / np.asarray(before.states["defence_effort"], float))
        np.testing.assert_allclose(after.states["effort_growth"], kept * old + grown, atol=1e-4)
        np.testing.assert_array_equal(after.states["gdp"], before.states["gdp"])


def test_a_state_without_forces_stays_without_and_a_missing_one_missing():
    process = DefenceEffort()
    effort = jnp.asarray(made_up_world(N, 3).states["defence_effort"]).at[0].set(0.0).at[1].set(jnp.nan)
    after = process.sample(KEY, means(process), opening(process).replace({"defence_effort": effort}), YEAR, Push())
    drawn = np.asarray(after.states["defence_effort"])
    assert drawn[0] == 0
    assert np.isnan(drawn[1])
    assert (drawn[2:] != np.asarray(effort)[2:]).all()


NAMES = [c.name for c in DefenceEffort().coefficients()]
SHIFTS = [NAMES.index("unusual growth of GDP"), NAMES.index("growth of GDP beyond a fifth")]


def at_growth(process: DefenceEffort, theta: jnp.ndarray, unusual: float, dt: jnp.ndarray) -> np.ndarray:
    world = opening(process).replace({"gdp_growth": jnp.full(N, USUAL_GROWTH + unusual)})
    return np.asarray(process.level(process.sample(KEY, theta, world, dt, Push())))


@pytest.mark.parametrize(("unusual", "share"), [(-0.1, 0.1 * 0.4), (-0.5, 0.5 * 0.4 + 0.3 * 0.5), (0.1, -0.1 * 0.4)])
def test_a_slump_raises_the_share_at_once_and_beyond_a_fifth_by_more(unusual, share):
    process = DefenceEffort()
    np.testing.assert_allclose(opening(process).states["gdp_growth"], USUAL_GROWTH)
    theta = means(process).at[jnp.asarray(SHIFTS)].set(jnp.asarray([-0.4, -0.5])).at[NAMES.index("log kappa")].set(-9.0)
    theta = theta.at[NAMES.index("log jump hazard")].set(-30.0)
    for dt in (QUARTER, YEAR):
        risen = at_growth(process, theta, unusual, dt) - at_growth(process, theta, 0.0, dt)
        np.testing.assert_allclose(risen, share * float(dt), atol=2e-3)


def test_a_break_does_not_take_a_slump_for_a_target():
    """GDP that falls by logs, as Iraq's in 1991: with a break the share rises by less than without, not by far more."""
    process = DefenceEffort()
    theta = means(process).at[jnp.asarray(SHIFTS)].set(jnp.asarray([-0.3, -0.8]))
    certain = theta.at[NAMES.index("log jump hazard")].set(3.0).at[NAMES.index("log jump size")].set(-9.0)
    plain = theta.at[NAMES.index("log jump hazard")].set(-30.0)
    risen = [at_growth(process, t, -6.0, YEAR) - at_growth(process, t, 0.0, YEAR) for t in (plain, certain)]
    assert (risen[0] > 5).all()
    assert (risen[1] < risen[0]).all()


def test_the_growth_that_counts_is_that_of_the_same_step():
    process = DefenceEffort()
    before, after = opening(process), made_up_world(N, 4)
    rows = process.rows(before.seeing(after, process.given), after, YEAR)
    unusual = np.asarray(after.states["gdp_growth"]) - USUAL_GROWTH
    np.testing.assert_allclose(rows.design[:, SHIFTS[0]], unusual, atol=1e-6)


def test_nato_is_told_from_a_command_with_one_ally():
    joined = np.zeros((N, N), np.float32)
    joined[0, 1:4] = joined[1:4, 0] = 1  # a hub with three, who are joined among each other but for the last
    joined[1, 2] = joined[2, 1] = 1
    process = DefenceEffort()
    effect = next(c.effect for c in process.mean_effects() if c.name == "log foreign troops, NATO")
    world = made_up_world(N, 3).replace(dyads={"integrated_defence": jnp.asarray(joined)})
    assert effect is not None
    value = np.asarray(effect(world))
    assert (value[1:3] > 0).all()
    assert value[3] == 0


def test_a_state_that_gets_a_weapon_begins_with_a_few_warheads():
    process = Warheads()
    world = opening(process)
    none = world.replace({"warheads": jnp.zeros(N)})
    armed = none.replace({"nuclear_status": jnp.full(N, 2.0).at[1].set(POSSESSES)})
    theta = means(process).at[jnp.asarray([5, 6])].set(-9.0)  # hardly any movement
    drawn = np.asarray(process.sample(KEY, theta, armed, YEAR, Push()).states["warheads"])
    np.testing.assert_allclose(drawn, np.eye(N)[1] * FIRST_STOCKPILE, rtol=0.05)


def test_steps_go_up_one_rung_and_not_beyond_the_last():
    process = NuclearStep()
    world = opening(process)
    status = np.arange(N) % 4
    world = world.replace({"nuclear_status": jnp.asarray(status, jnp.float32)})
    after = process.sample(KEY, means(process), world, YEAR, Push(hazard=60.0))
    np.testing.assert_array_equal(after.states["nuclear_status"], np.minimum(status + 1, POSSESSES))


def test_every_coefficient_of_the_ladder_is_assumed_and_says_why():
    assert all(c.assumed and c.because for c in NuclearStep().coefficients())
