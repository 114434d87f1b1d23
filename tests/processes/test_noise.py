"""The random numbers of units: JAX's own Threefry, word for word, and the laws that they should follow."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.random import threefry_2x32
from scipy import stats

from latticework.processes.noise import exponential, fold_in, logistic, threefry, uniform

KEY = jax.random.key(20)
N = 120
LEAST_P = 1e-3


def test_the_words_are_those_of_jax():
    counts = np.concatenate([np.arange(1000), [2**31, 2**32 - 1]]).astype(np.uint32)
    expected = threefry_2x32(jax.random.key_data(KEY), jnp.concatenate([jnp.zeros_like(counts), counts]))
    np.testing.assert_array_equal(jnp.concatenate(threefry(KEY, counts)), expected)


def test_control_another_key_gives_other_words():
    counts = np.arange(1000, dtype=np.uint32)
    there, here = threefry(KEY, counts)[0], threefry(jax.random.key(21), counts)[0]
    assert (np.asarray(there) == np.asarray(here)).sum() < 3


@pytest.mark.parametrize("number", [0, 7, 2**31 - 1])
def test_a_number_folds_into_a_key_as_in_jax(number):
    ours, theirs = fold_in(KEY, number), jax.random.fold_in(KEY, number)
    np.testing.assert_array_equal(jax.random.key_data(ours), jax.random.key_data(theirs))


@pytest.mark.parametrize(
    ("draw", "law"), [(uniform, stats.uniform), (exponential, stats.expon), (logistic, stats.logistic)]
)
def test_the_numbers_follow_their_law(draw, law):
    drawn = np.concatenate([np.asarray(draw(fold_in(KEY, k), "state", (N * N,))) for k in range(10)])
    assert np.isfinite(drawn).all()
    assert stats.kstest(drawn, law.cdf).pvalue > LEAST_P
    assert stats.kstest(drawn * 1.03, law.cdf).pvalue < LEAST_P  # control: three per cent off is seen


def test_both_halves_of_an_unordered_dyad_have_one_number_and_each_dyad_its_own():
    drawn = np.asarray(uniform(KEY, "dyad", (N, N)))
    np.testing.assert_array_equal(drawn, drawn.T)
    pairs = drawn[np.triu_indices(N, 1)]
    assert len(np.unique(pairs)) > len(pairs) - 20  # of 2^23 numbers, some three pairs of 7,140 fall together
    ordered = np.asarray(uniform(KEY, "ordered dyad", (N, N)))
    assert (ordered != ordered.T).mean() > 0.9


def test_a_sender_has_the_same_numbers_whoever_else_is_drawn():
    every = uniform(KEY, "ordered dyad", (N, N))
    np.testing.assert_array_equal(uniform(KEY, "ordered dyad", (N, N), (3, 50)), every[np.array([3, 50])])


def test_neighbouring_units_steps_and_processes_are_not_related():
    drawn = np.stack(
        [np.asarray(uniform(fold_in(fold_in(KEY, s), p), "state", (2000,))) for s in (0, 1) for p in (0, 1)]
    )
    lagged = np.concatenate([drawn[:, :-1], drawn[:, 1:]])
    related = np.corrcoef(lagged)[np.triu_indices(len(lagged), 1)]
    assert np.abs(related).max() < 5 / np.sqrt(2000)
