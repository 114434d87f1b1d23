"""What follows when leaders go: clocks of leader and coalition, the units of exit by a scenario, an opening's doubt."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.processes import AlignmentDrift, CoalitionChange, LeaderExit, Push
from latticework.processes.leaders import GROWTH_FADES, USUAL_GROWTH
from latticework.world import World
from tests.synthetic import made_up_world

N, DRAWS = 4, 4000
KEY, QUARTER = jax.random.key(6), jnp.asarray(0.25)
NEVER = -20.0


def coefficients(process, **intercepts: float) -> jnp.ndarray:
    """Zero but for the named predictors' intercepts ("" for the only one)."""
    wanted = {f"{name}: intercept" if name else "intercept": value for name, value in intercepts.items()}
    names = [c.name for c in process.coefficients()]
    return jnp.asarray([wanted.get(name, 0.0) for name in names], jnp.float32)


def opened(process, theta, **layers) -> World:
    world = made_up_world(N, 3).replace({name: jnp.asarray(values) for name, values in layers.items()})
    return process.start(KEY, theta, world)


def stepped(process, theta, world: World, push: Push) -> World:
    """Many draws of one quarter."""
    draw = jax.jit(jax.vmap(lambda key: process.sample(key, theta, world, QUARTER, push)))
    return draw(jax.random.split(KEY, DRAWS))


def test_what_a_scenario_adds_is_a_regular_exit():
    process = LeaderExit()
    theta = coefficients(process, regular=NEVER, irregular=NEVER)
    after = stepped(process, theta, opened(process, theta), Push(hazard=jnp.full(N, 4.0)))
    share = 1 - np.exp(-1)
    sd = np.sqrt(share * (1 - share) / (DRAWS * N))
    assert float(after.state("exit_regular").mean()) == pytest.approx(share, abs=5 * sd)
    assert float(after.state("exit_irregular").sum()) == 0


def test_what_a_scenario_shifts_is_both_hazards():
    process = LeaderExit()
    theta = coefficients(process, regular=-2.0, irregular=-2.0)
    clamped = stepped(process, theta, opened(process, theta), Push(shift=jnp.full(N, NEVER)))
    assert float(clamped.state("turnover").sum()) == 0
    free = stepped(process, theta, opened(process, theta), Push())
    kinds = [float(free.state(kind).sum()) for kind in process.kinds]
    assert sum(kinds) == float(free.state("turnover").sum())
    assert abs(kinds[0] - kinds[1]) < 5 * np.sqrt(sum(kinds)) < sum(kinds)


def test_an_exit_that_is_due_is_the_first_leaders_alone():
    process = LeaderExit()
    theta = coefficients(process, regular=NEVER, irregular=NEVER)
    world = opened(process, theta).replace({"exit_due": jnp.full(N, 1e3)})
    after = process.sample(KEY, theta, world, QUARTER, Push())
    assert np.asarray(after.state("turnover")).all()
    again = process.sample(KEY, theta, after, QUARTER, Push())
    assert not np.asarray(again.state("turnover")).any()
    np.testing.assert_allclose(again.state("tenure"), 0.125 + 0.25)


def test_growth_that_is_not_known_is_the_usual_and_what_is_known_fades():
    process = LeaderExit()
    theta = coefficients(process, regular=-2.0, irregular=-2.0)
    world = opened(process, theta, growth=np.array([np.nan, -0.1, 0.2, 0.037], np.float32))
    after = process.sample(KEY, theta, world, jnp.asarray(1.0), Push())
    fades = np.exp(-GROWTH_FADES)
    known = np.array([USUAL_GROWTH, -0.1, 0.2, 0.037])
    np.testing.assert_allclose(after.state("growth"), USUAL_GROWTH + (known - USUAL_GROWTH) * fades, rtol=1e-5)


def test_a_new_coalition_is_new_for_four_quarters():
    process = CoalitionChange()
    theta = coefficients(process)
    always, never = jnp.full(N, 30.0), jnp.full(N, -30.0)
    left = {"turnover": jnp.ones(N), "exit_irregular": jnp.zeros(N)}
    world = opened(process, theta, coalition_age=np.full(N, 3.0, np.float32)).replace(left)
    world, ages = process.sample(KEY, theta, world, QUARTER, Push(shift=always)), []
    for _ in range(5):
        ages.append(float(world.state("coalition_age")[0]))
        world = process.sample(KEY, theta, world, QUARTER, Push(shift=never))
    assert ages == pytest.approx([0.125, 0.375, 0.625, 0.875, 1.125])


def test_control_without_an_exit_no_coalition_changes():
    process = CoalitionChange()
    theta = coefficients(process)
    world = opened(process, theta, coalition_age=np.full(N, 3.0, np.float32)).replace({"turnover": jnp.zeros(N)})
    after = process.sample(KEY, theta, world, QUARTER, Push(shift=jnp.full(N, 30.0)))
    np.testing.assert_allclose(after.state("coalition_age"), 3.25)


def test_an_opening_draws_what_is_not_on_record_of_new_leaders():
    process = CoalitionChange()
    theta = coefficients(process).at[0].set(-0.5)
    tenure = np.array([0.5, 0.5, 6.0, 0.5], np.float32)
    world = made_up_world(N, 3).replace(
        {"tenure": tenure, "coalition_age": np.array([np.nan, 2.0, np.nan, np.nan], np.float32)}
    )
    age = np.asarray(
        jax.vmap(lambda key: process.start(key, theta, world).state("coalition_age"))(jax.random.split(KEY, DRAWS))
    )
    odds = 1 / (1 + np.exp(0.5))
    assert (age[:, 0] < 1).mean() == pytest.approx(odds, abs=5 * np.sqrt(odds * (1 - odds) / DRAWS))
    assert (age[:, 1] == 2).all(), "what is on record stays"
    assert (age[:, 2] >= 6).all(), "a leader of six years brought no new coalition this year"
    assert np.isfinite(age).all()


def test_a_year_of_votes_is_shaken_alike_wherever_in_it_the_change_came():
    """The yearly variance that a change adds does not depend on the step: four quarters of a shaken scale make it."""
    process = AlignmentDrift()
    names = [c.name for c in process.coefficients()]
    theta = np.zeros(len(names))
    theta[[names.index("log kappa"), names.index("log sigma")]] = [-6.0, -1.0]  # next to a random walk
    theta[names.index("new leader of an autocracy, new coalition")] = 0.7
    world = made_up_world(N, 3).replace({"democracy": jnp.zeros(N), "year": jnp.full(N, 1960.0)})

    def spread(age: float, dt: float) -> float:
        now = world.replace({"coalition_age": jnp.full(N, age)})
        rows = process.rows(now, now, jnp.asarray(dt))
        return float(
            process.moments(process.weighed(jnp.asarray(theta), rows.design), rows.level, jnp.asarray(dt))[1][0]
        )

    by_quarters = sum(spread(age, 0.25) for age in (0.125, 0.375, 0.625, 0.875, 1.125, 1.375, 1.625, 1.875))
    by_years = spread(0.5, 1.0) + spread(1.5, 1.0)
    assert by_quarters == pytest.approx(by_years, rel=0.01)
    assert by_quarters > 1.5 * 2 * spread(3.0, 1.0)
