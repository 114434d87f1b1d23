"""What is drawn is the same from both sides of a dyad, and whether or not senders are left out."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.processes import (
    MODEL,
    AgreementEnd,
    DisputeOnset,
    GarrisonOpened,
    LeaderExit,
    Push,
    TroopChange,
)
from latticework.scenario.controls import Controls
from latticework.simulate import Keep, nowcast_calendar, press, simulate
from latticework.world import World
from tests.synthetic import made_up_world, symmetric

N, STEPS, PATHS = 6, 8, 40
KEY = jax.random.key(4)
PAIR = np.array([[0, 1]])


def sparse_world() -> World:
    """Few agreements, few relevant dyads, few garrisons, so that there is something to leave out."""
    world, rng = made_up_world(N, 2), np.random.default_rng(8)
    few = symmetric(rng.random((N, N)) < 0.4)
    troops = np.where(rng.random((N, N)) < 0.5, 50.0, np.asarray(world.dyad("troops"))).astype(np.float32)
    gaps = {
        name: jnp.where(jnp.asarray(few) > 0, jnp.asarray(world.dyad(name)), jnp.nan)
        for name in ("exercise_recent", "trade", "visit_president_recent")
    }
    dyads = gaps | {"agreement": jnp.asarray(few), "contiguity": jnp.asarray(few), "troops": jnp.asarray(troops)}
    return world.replace({"major_power": jnp.zeros(N)}, dyads)


def lively(process) -> jnp.ndarray:
    """Coefficients of zero but for a common intercept: an event in most years."""
    names = [c.name for c in process.coefficients()]
    return jnp.asarray([0.5 if name.endswith("intercept") else 0.0 for name in names], jnp.float32)


@pytest.mark.parametrize("process", [GarrisonOpened(), TroopChange()], ids=lambda p: p.name)
def test_the_narrowed_process_draws_the_same_world(process):
    theta, sends = lively(process), np.isin(np.arange(N), (2, 4))[:, None]
    troops = np.where(sends, np.where(np.arange(N) % 2, 50.0, 5000.0), np.nan).astype(np.float32)
    world = process.start(KEY, theta, sparse_world()).replace(dyads={"troops": jnp.asarray(troops)})
    narrow, levels = process.narrowed(world), Push(offset=jnp.linspace(-1, 1, N)[None, :])  # by receiver
    full, less = (p.sample(KEY, theta, world, jnp.asarray(1.0), levels) for p in (process, narrow))
    assert narrow.senders == (2, 4)
    for name in process.writes:
        np.testing.assert_array_equal(full.dyads[name], less.dyads[name], name)
    assert any(not np.array_equal(less.dyads[n], world.dyads[n], equal_nan=True) for n in process.writes)


@pytest.mark.parametrize("process", [p for p in MODEL if p.unit == "dyad" and p.coefficients()], ids=lambda p: p.name)
def test_the_linear_predictors_of_an_unordered_dyad_are_the_same_from_both_sides(process):
    world, theta = sparse_world(), jnp.linspace(0.5, 1.5, len(process.coefficients()))
    for eta in process.etas(theta, world, Push()):
        np.testing.assert_allclose(eta, eta.T, rtol=1e-5)


def test_both_halves_of_a_dyad_get_the_same_event_and_chance():
    process = DisputeOnset()
    after = process.sample(
        KEY, lively(process), process.start(KEY, lively(process), sparse_world()), jnp.asarray(1.0), Push()
    )
    for name in ("dispute", "dispute_chance"):
        np.testing.assert_array_equal(after.dyads[name], after.dyads[name].T)
        assert float(after.dyads[name].sum()) > 0


def ended(process, layers: dict) -> np.ndarray:
    """Events of the first pair, path by step, in a world without agreements under a scenario's settings."""
    model = (LeaderExit(), process)
    theta = {p.name: jnp.tile(lively(p), (3, 1)) for p in model}
    world = sparse_world()
    pressure = replace(press(Controls.none(), KEY, 3, model), layers=layers)
    none = world.replace(dyads={"agreement": jnp.zeros((N, N))})
    keep = Keep((), (process.event,), PAIR)
    calendar = nowcast_calendar(np.full(STEPS, 0.25), {}, model)
    kept = simulate(model, theta, none, pressure, calendar, keep, KEY, np.arange(PATHS))
    return np.asarray(kept[process.event])[:, :, 0]


def test_an_agreement_that_a_scenario_makes_can_end():
    made = np.full((STEPS, N, N), np.nan, np.float32)
    made[3, 0, 1] = made[3, 1, 0] = 1.0
    events = ended(AgreementEnd(), {"agreement": jnp.asarray(made)})
    assert events[:, :3].sum() == 0
    assert events[:, 3:].sum() > PATHS / 2


def test_control_without_the_setting_there_is_nothing_to_end():
    assert ended(AgreementEnd(), {}).sum() == 0
