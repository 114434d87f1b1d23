"""Exercises, visits and trade: what is moved beside the tally or the flow, who is at risk, and what a list says."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.data import memory
from latticework.processes import DefenceVisits, Exercises, PresidentVisits, Push, Trade
from latticework.processes import trade as trade_process
from latticework.processes.families import count, remembered
from tests.synthetic import made_up_panel, made_up_world

YEAR, QUARTER = jnp.asarray(1.0), jnp.asarray(0.25)
KEY = jax.random.key(5)


def theta_of(process, **given) -> jnp.ndarray:
    values = dict.fromkeys((c.name for c in process.coefficients()), 0.0) | given
    return jnp.asarray(list(values.values()), jnp.float32)


def test_processes_and_data_agree_on_how_fast_things_fade():
    assert count.FADE == memory.FADE
    assert trade_process.USUAL_FADE == memory.USUAL_FADE


def test_exercises_are_remembered_by_both():
    process = Exercises()
    theta = theta_of(process, intercept=1.0)
    before = process.start(KEY, theta, made_up_world(6, 3))
    after = process.sample(KEY, theta, before, QUARTER, Push())
    held, memory_after = np.asarray(after.dyad("exercise")), np.asarray(after.dyad("exercise_recent"))
    assert held.sum() > 0
    np.testing.assert_array_equal(held, held.T)
    want = remembered(jnp.asarray(before.dyad("exercise_recent")), jnp.asarray(held), QUARTER)
    np.testing.assert_allclose(memory_after, want, rtol=1e-6)


def test_only_a_sender_on_record_visits():
    process = PresidentVisits()
    theta = theta_of(process, intercept=1.5)
    before = process.start(KEY, theta, made_up_world(6, 3, hub=2))
    tally = np.asarray(process.sample(KEY, theta, before, YEAR, Push()).dyad("visit_president"))
    assert np.nansum(tally[2]) > 0
    assert np.isnan(np.delete(tally, 2, axis=0)).all(), "of other senders nothing is known"
    assert np.isnan(tally[2, 2])


def test_a_host_that_a_list_of_the_year_leaves_out_was_not_visited():
    listed = np.full((4, 4), np.nan, np.float32)
    world = made_up_world(4)
    nobody = DefenceVisits().tallied(world.replace(dyads={"visit_defence": jnp.asarray(listed)}))
    assert np.isnan(np.asarray(nobody)).all()
    listed[0, 1] = 2
    some = np.asarray(DefenceVisits().tallied(world.replace(dyads={"visit_defence": jnp.asarray(listed)})))
    np.testing.assert_array_equal(some[0], [0, 2, 0, 0])
    assert np.isnan(some[1:]).all()


def test_the_rows_of_exercises_that_are_left_out_do_not_depend_on_what_followed():
    process = Exercises()
    theta = theta_of(process, intercept=-1.0)
    panel = made_up_panel(process, np.asarray(theta), 12, 20, 0.25)
    quiet = (
        np.maximum(np.asarray(panel.world.dyad("exercise_recent")), 0.1)
        * (np.arange(12) % 2)[:, None]
        * (np.arange(12) % 2)
    )
    world = panel.world.replace(dyads={"exercise_recent": quiet})
    one = process.evidence(type(panel)(world, panel.codes, panel.dates))
    flipped = world.replace(dyads={"exercise": 1 + np.asarray(world.dyad("exercise"))})
    other = process.evidence(type(panel)(flipped, panel.codes, panel.dates))
    np.testing.assert_array_equal(one.units, other.units)
    np.testing.assert_array_equal(one.year, other.year)
    remembering = (np.asarray(one.units) % 2).all(1)
    assert remembering.sum() == 15 * 19, "every dyad that remembers"
    assert 0.05 < (~remembering).sum() / (51 * 19) < 0.2, "one in ten of the others"


@pytest.mark.parametrize("dt", [YEAR, QUARTER], ids=["year", "quarter"])
def test_usual_trade_follows_trade_and_none_begins(dt):
    process = Trade()
    theta = theta_of(process, **{"log kappa": -2.0, "log sigma": -1.0})
    world = made_up_world(5, 3)
    trade = np.asarray(world.dyad("trade")).copy()
    trade[0, 1] = trade[1, 0] = 0.0
    trade[0, 2] = trade[2, 0] = np.nan
    before = world.replace(dyads={"trade": jnp.asarray(trade)})
    after = process.sample(KEY, theta, before, dt, Push())
    now, usual, was = (
        np.asarray(x) for x in (after.dyad("trade"), after.dyad("trade_usual"), world.dyad("trade_usual"))
    )
    assert now[0, 1] == now[1, 0] == 0
    assert np.isnan(now[0, 2])
    np.testing.assert_array_equal(now, now.T)
    np.testing.assert_array_equal(usual[0, 1:3], was[0, 1:3])
    weight = np.exp(-float(dt) / memory.USUAL_FADE)
    assert usual[3, 4] == pytest.approx(was[3, 4] ** weight * now[3, 4] ** (1 - weight), rel=1e-5)
    assert now[3, 4] != trade[3, 4]


def test_small_flows_are_moved_but_are_no_evidence():
    process = Trade()
    world = made_up_world(4, 1)
    trade = np.asarray(world.dyad("trade")).copy()
    trade[0, 1] = trade[1, 0] = 1.0
    before = world.replace(dyads={"trade": jnp.asarray(trade)})
    risk = np.asarray(process.rows(before, before, YEAR).at_risk)
    assert not risk[0, 1]
    assert risk[2, 3]
    after = process.sample(KEY, theta_of(process, **{"log kappa": -2.0, "log sigma": -1.0}), before, YEAR, Push())
    assert float(after.dyad("trade")[0, 1]) != 1.0
