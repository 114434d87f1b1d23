"""Differences between two sets of paths: found where they are, called none where they are not."""

import numpy as np
import pytest

from latticework.measures.comparison import difference

PATHS, DRAWS, UNITS = 400, 40, 600


def noise(seed: int) -> np.ndarray:
    """Paths of many units whose draws have parameters of their own, so that paths of one draw hang together."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(PATHS, 1, UNITS)) + rng.normal(size=(DRAWS, 1, UNITS))[np.arange(PATHS) % DRAWS]


DRAW = np.arange(PATHS) % DRAWS


def far(a, b, paired):
    found = difference(a, b, DRAW, DRAW, paired)
    return float((np.abs(found["difference"]) > 2 * found["mc_se"]).mean())


@pytest.mark.parametrize("seed", [1, 2])
def test_one_in_twenty_of_independent_paths_is_beyond_two_errors(seed):
    assert far(noise(seed), noise(seed + 10), paired=False) == pytest.approx(0.05, abs=0.03)


def test_runs_of_unequal_length_are_compared_unpaired():
    found = difference(noise(1), noise(11)[: PATHS // 2], DRAW, DRAW[: PATHS // 2], paired=False)
    assert float((np.abs(found["difference"]) > 2 * found["mc_se"]).mean()) == pytest.approx(0.05, abs=0.03)


def test_pairs_that_differ_by_noise_alone_are_beyond_two_errors_as_often():
    base = noise(1)
    assert far(base, base + 0.2 * noise(3), paired=True) == pytest.approx(0.05, abs=0.03)


def test_pairing_finds_what_is_lost_without_it():
    base = noise(1)
    other = base + 0.2 * noise(3) + 0.15
    assert far(base, other, paired=True) > 0.9
    assert far(base, other, paired=False) < 0.3


def test_control_pairing_paths_that_share_nothing_gains_nothing():
    a, b = noise(1), noise(11)
    errors = [difference(a, b, DRAW, DRAW, paired)["mc_se"].mean() for paired in (True, False)]
    assert errors[0] == pytest.approx(errors[1], rel=0.05)


def test_the_standardised_difference_is_one_in_units_of_the_spread():
    a = noise(1)
    found = difference(a, a + np.sqrt(2), DRAW, DRAW, paired=True)
    assert found["standardised"].mean() == pytest.approx(1, abs=0.05)
    same = difference(np.ones_like(a), np.ones_like(a), DRAW, DRAW, paired=True)
    assert (same["standardised"] == 0).all()
    assert np.isposinf(difference(np.zeros_like(a), np.ones_like(a), DRAW, DRAW, paired=True)["standardised"]).all()
