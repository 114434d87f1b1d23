"""Paired differences: common random numbers take off the noise, and what is nothing is said to be nothing."""

import numpy as np
import pytest

from latticework.explain.drivers import change

DRAW = np.arange(1000) % 100


def test_the_difference_of_paired_paths_is_exact_where_only_the_push_differs():
    noise = np.random.default_rng(1).standard_normal(1000)
    found = change(noise + 0.01, noise, DRAW)
    assert found.mean == pytest.approx(0.01)
    assert found.se < 1e-10
    assert found.clear


def test_unpaired_paths_would_not_see_it():
    one, other = np.random.default_rng(1).standard_normal((2, 1000))
    assert not change(one + 0.01, other, DRAW).clear
    paired = change(one + 0.01 + 0.05 * other, one, DRAW)
    assert paired.se < 0.1 * change(one, other, DRAW).se


def test_no_difference_is_nothing():
    noise = np.random.default_rng(1).standard_normal(1000)
    assert not change(noise, noise, DRAW).clear
