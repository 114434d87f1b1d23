"""Marks of disputes: a law that sums to one, is the law that is drawn from, and speaks of disputes alone."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import chisquare

from latticework.processes import DisputeDeaths, DisputeEnd, DisputeOnset, ForceUsed, Push
from tests.synthetic import made_up_world, permuted

MARKS = (ForceUsed(), DisputeDeaths())
YEAR, QUARTER = jnp.asarray(1.0), jnp.asarray(0.25)
DRAWS = 100_000
PAIRS = np.triu_indices(3, 1)


def prepared(process, events=(1.0, 1.0, 1.0)):
    """Coefficients, and a world of three states in which the events named have happened."""
    theta = jnp.asarray(0.4 * np.random.default_rng(3).standard_normal(len(process.coefficients())), jnp.float32)
    world = process.start(jax.random.key(0), theta, made_up_world(3))
    return theta, world.replace(dyads={process.given[0]: both_halves(events)})


def both_halves(upper) -> jnp.ndarray:
    layer = np.zeros((3, 3), np.float32)
    layer[PAIRS] = upper
    return jnp.asarray(layer + layer.T)


def chances(process, theta, before, dt=YEAR) -> np.ndarray:
    worlds = [
        before.replace(dyads={process.mark: both_halves(bits)}) for bits in itertools.product([0.0, 1.0], repeat=3)
    ]
    return np.exp([float(process.log_prob(theta, before, world, dt)) for world in worlds])


def drawn(process, theta, before, dt=YEAR) -> np.ndarray:
    """How often each of the eight patterns of marks was drawn."""
    one = jax.jit(jax.vmap(lambda key: process.sample(key, theta, before, dt, Push()).dyads[process.mark]))
    marks = np.asarray(one(jax.random.split(jax.random.key(5), DRAWS)))
    np.testing.assert_array_equal(marks, np.swapaxes(marks, 1, 2))
    return np.bincount((marks[:, *PAIRS] @ np.array([4, 2, 1])).astype(int), minlength=8)


@pytest.mark.parametrize("process", MARKS, ids=lambda p: p.name)
def test_chances_sum_to_one_and_the_step_does_not_matter(process):
    theta, before = prepared(process)
    year, quarter = chances(process, theta, before), chances(process, theta, before, QUARTER)
    assert year.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(year, quarter, rtol=1e-5)


@pytest.mark.parametrize(("error", "caught"), [(0.0, False), (0.1, True)])
@pytest.mark.parametrize("process", MARKS, ids=lambda p: p.name)
def test_what_is_drawn_is_what_is_stated(process, error, caught):
    theta, before = prepared(process)
    counts = drawn(process, theta.at[0].add(error), before)
    assert (chisquare(counts, chances(process, theta, before) * DRAWS, sum_check=False).pvalue < 1e-3) == caught


@pytest.mark.parametrize("process", MARKS, ids=lambda p: p.name)
def test_only_what_happened_is_marked(process):
    theta, before = prepared(process, (0.0, 1.0, 0.0))
    counts = drawn(process, theta.at[0].add(2.0), before)
    assert counts[[0, 2]].sum() == DRAWS
    assert counts[2] > DRAWS / 4


@pytest.mark.parametrize("process", MARKS, ids=lambda p: p.name)
def test_names_do_not_matter(process):
    theta, before = prepared(process)
    after = before.replace(dyads={process.mark: both_halves((1.0, 0.0, 1.0))})
    order = np.array([2, 0, 1])
    same = process.log_prob(theta, permuted(before, order), permuted(after, order), YEAR)
    assert float(same) == pytest.approx(float(process.log_prob(theta, before, after, YEAR)), abs=1e-5)


def test_a_mark_that_is_not_known_is_no_evidence():
    process = DisputeDeaths()
    theta, before = prepared(process)
    after = before.replace(dyads={process.mark: both_halves((np.nan, 1.0, 0.0))})
    rows = process.rows(before, after, YEAR)
    assert np.asarray(rows.at_risk)[PAIRS].tolist() == [False, True, True]
    assert np.isfinite(float(process.log_prob(theta, before, after, YEAR)))


def test_force_and_deaths_follow_the_disputes_of_the_same_step():
    world = made_up_world(12, 4)
    model = (DisputeOnset(), *MARKS)
    theta = {p.name: jnp.zeros(len(p.coefficients())) for p in model}
    for p in model:
        world = p.start(jax.random.key(0), theta[p.name], world)
    after = world
    for k, p in enumerate(model):
        seen = world.seeing(after, p.given)
        after = after.seeing(p.sample(jax.random.key(k), theta[p.name], seen, YEAR, Push()), p.writes)
    dispute, force, deaths = (np.asarray(after.dyads[name]) for name in ("dispute", "dispute_force", "dispute_deaths"))
    assert dispute.sum() > force.sum() > deaths.sum() > 0
    assert (force <= dispute).all()
    assert (deaths <= force).all()


def test_the_record_halves_in_ten_years_and_grows_with_a_dispute():
    process = DisputeOnset()
    world = process.start(jax.random.key(0), jnp.zeros(14), made_up_world(3))
    world = world.replace(dyads={"dispute_history": jnp.full((3, 3), 2.0)})
    event = both_halves((1.0, 0.0, 0.0))
    whole = process.advance(world, event, jnp.asarray(10.0)).dyads["dispute_history"]
    assert np.asarray(whole)[PAIRS].tolist() == pytest.approx([2.0, 1.0, 1.0])
    half = process.advance(world, 0 * event, jnp.asarray(5.0))
    twice = process.advance(half, event, jnp.asarray(5.0)).dyads["dispute_history"]
    np.testing.assert_allclose(twice, whole, rtol=1e-6)


def test_a_dispute_goes_on_until_it_ends_and_peace_counts_from_then():
    """A dispute of the first dyad alone: begun, gone on for a step, ended; no other begins meanwhile."""
    onset, end = DisputeOnset(), DisputeEnd()
    world = made_up_world(3)
    for process in (onset, end):
        world = process.start(jax.random.key(0), jnp.zeros(len(process.coefficients())), world)
    world = world.replace(dyads={"peace_years": jnp.full((3, 3), 9.0)})
    one, none = both_halves((1.0, 0.0, 0.0)), jnp.zeros((3, 3))
    course = []
    for begun, ended in ((one, none), (none, none), (none, one), (none, none)):
        after = onset.advance(world, begun, QUARTER).replace(dyads={"dispute": begun})
        after = after.seeing(end.advance(world.replace(dyads={"dispute": begun}), ended, QUARTER), end.writes)
        cell = [float(after.dyads[name][0, 1]) for name in ("dispute_ongoing", "peace_years")]
        course.append((*cell, bool(onset.at_risk(after)[0, 1])))
        assert float(after.dyads["peace_years"][1, 2]) > 9
        world = after
    assert course == [(1, 0, False), (1, 0, False), (0, 0, True), (0, 0.25, True)]


def test_a_new_pact_is_new_for_a_year():
    process = DisputeOnset()
    world = process.start(jax.random.key(0), jnp.zeros(14), made_up_world(3))
    pact = both_halves((1.0, 0.0, 0.0))
    world = world.replace(dyads={"defence": pact, "defence_years": 0 * pact})
    ages = []
    for _ in range(5):
        ages.append(float(np.asarray(world.dyads["defence_years"])[0, 1]))
        world = process.advance(world, 0 * pact, QUARTER)
    assert ages == [0.0, 0.25, 0.5, 0.75, 1.0]
    ended = world.replace(dyads={"defence": 0 * pact})
    assert float(jnp.nansum(process.advance(ended, 0 * pact, QUARTER).dyads["defence_years"])) == 0


@pytest.mark.parametrize("gone", [0.25, 0.75])
def test_of_disputes_that_may_be_over_the_law_says_how_many_are(gone):
    """At a hazard of one a year, of 435 open disputes; those of which it is known that they go on are kept."""
    n, process = 30, DisputeEnd()
    every, half = jnp.ones((n, n)), jnp.asarray(np.arange(n) < n // 2, jnp.float32)
    layers = {"dispute_ongoing": every, "dispute_open": jnp.maximum(half[:, None], half)}
    world = made_up_world(n).replace({"year": jnp.full(n, 1990 + gone)}, layers)
    begun = process.start(jax.random.key(3), jnp.zeros(len(process.coefficients())), world)
    ongoing = np.asarray(begun.dyad("dispute_ongoing"))[np.triu_indices(n, 1)] > 0
    unsure = np.asarray(layers["dispute_open"])[np.triu_indices(n, 1)] > 0
    assert ongoing[~unsure].all()
    expected, count = np.exp(-gone), unsure.sum()
    assert abs(ongoing[unsure].mean() - expected) < 3 * np.sqrt(expected * (1 - expected) / count)
