"""Shares of a band against a Gaussian toy whose shares are known, with controls that show that the test can fail."""

import numpy as np
import pytest

from latticework.explain.shares import components, linear, shares

DRAWS, STARTS, PATHS, SIZES = 500, 400, 8000, 30  # as in a run: 2000 pairs of draw and start, each on 4 paths
PROCESS, PARAMETER, MEASUREMENT, ASSUMPTION = 4.0, 1.0, 2.0, 3.0  # variances
NONE = np.zeros((DRAWS, 0))


class Toy:
    """Y = process + parameter + start + sizes, each normal; of the sizes two matter, by 2:1, and the others do not."""

    def __init__(self, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.draw, self.start = np.arange(PATHS) % DRAWS, np.arange(PATHS) % STARTS
        self.sizes = rng.standard_normal((DRAWS, SIZES))
        assumed = np.sqrt(ASSUMPTION) * (self.sizes[:, 3] * np.sqrt(2 / 3) - self.sizes[:, 7] * np.sqrt(1 / 3))
        self.noise = np.sqrt(PROCESS) * rng.standard_normal(PATHS)
        self.parameter = np.sqrt(PARAMETER) * rng.standard_normal(DRAWS)[self.draw]
        self.begun = np.sqrt(MEASUREMENT) * rng.standard_normal(STARTS)[self.start]
        self.values = self.noise + self.parameter + self.begun + assumed[self.draw]

    def shares(self):
        return shares(self.values, self.draw, self.sizes, self.start)


def test_the_shares_of_a_gaussian_toy_are_its_variances():
    found, whole = Toy().shares(), PROCESS + PARAMETER + MEASUREMENT + ASSUMPTION
    for name, variance in zip(
        ("process", "parameter", "measurement", "assumption"),
        (PROCESS, PARAMETER, MEASUREMENT, ASSUMPTION),
        strict=True,
    ):
        se = getattr(found, f"{name}_se")
        assert 0 < se < 0.06, "the test has power"
        assert abs(getattr(found, name) - variance / whole) < 4 * se
    assert abs(found.of_draws - ASSUMPTION / (PARAMETER + ASSUMPTION)) < 4 * found.of_draws_se
    assert found.process + found.parameter + found.measurement + found.assumption == pytest.approx(1)


def test_control_sizes_that_were_not_drawn_for_these_paths_explain_nothing():
    toy = Toy()
    others = np.random.default_rng(9).standard_normal(toy.sizes.shape)
    found = shares(toy.values, toy.draw, others, toy.start)
    assert found.assumption < 4 * max(found.assumption_se, 0.01)
    assert found.parameter > 0.3, "what the sizes do not tell is parameter"


def test_more_sizes_than_draws_give_no_false_share():
    rng, found = np.random.default_rng(2), []
    draw, every = np.arange(400) % 40, np.ones((1, 40))
    for _ in range(200):
        values = rng.standard_normal(40)[draw] + rng.standard_normal(400)
        found.append(float(linear(values, draw, rng.standard_normal((40, 80)), every)[0]))
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(len(found))
    assert np.std(found) < 0.5, "the test has power"


def test_without_the_correction_for_few_paths_the_parameter_share_would_be_too_large():
    toy = Toy()
    values = toy.noise + toy.parameter
    each = PATHS // DRAWS
    corrected = float(components(values, toy.draw, None, np.ones((1, DRAWS)))[2][0])
    naive = values.reshape(each, DRAWS).mean(axis=0).var(ddof=1)
    se = np.sqrt(2 / DRAWS) * (PARAMETER + PROCESS / each)
    assert abs(corrected - PARAMETER) < 4 * se
    assert naive - corrected == pytest.approx(PROCESS / each, rel=0.1)


def test_draws_and_starts_with_unequal_numbers_of_paths_are_weighed_right():
    rng, found = np.random.default_rng(3), []
    each = np.where(np.arange(60) % 2, 3, 7)
    draw = np.repeat(np.arange(60), each)
    start = np.concatenate([np.arange(n) // 2 for n in each]) + 10 * draw  # pairs within a draw, the last alone
    for _ in range(300):
        begun = rng.standard_normal(start.max() + 1)[start]
        values = np.sqrt(PROCESS) * rng.standard_normal(len(draw)) + begun + rng.standard_normal(60)[draw]
        found.append([float(part[0]) for part in components(values, draw, start, np.ones((1, 60)))])
    mean, se = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
    assert se.max() < 0.1, "the test has power"
    assert np.all(np.abs(mean - [PROCESS, 1.0, 1.0]) < 4 * se)


def test_noise_alone_is_all_process():
    toy = Toy()
    found = shares(toy.noise, toy.draw, NONE)
    assert found.process > 1 - 4 * max(found.process_se, 0.01)
    assert found.assumption == found.measurement == 0


def test_the_error_of_a_share_is_that_of_many_seeds():
    several = [toy.shares() for toy in map(Toy, range(40))]
    for name in ("assumption", "measurement", "of_draws"):
        spread = np.std([getattr(s, name) for s in several], ddof=1)
        assert 0.6 < np.mean([getattr(s, f"{name}_se") for s in several]) / spread < 1.6, name


def test_draws_of_one_path_each_tell_nothing():
    values = np.random.default_rng(1).standard_normal(50)
    assert np.isnan(shares(values, np.arange(50), np.zeros((50, 0))).process)
    assert np.isnan(shares(values, np.zeros(50, int), np.zeros((1, 0))).parameter)
    assert np.isnan(shares(values, np.arange(50) % 10, np.zeros((10, 0)), np.arange(50)).measurement)


def test_what_never_differs_has_no_shares():
    found = shares(np.ones(40), np.arange(40) % 10, np.zeros((10, 0)))
    assert np.isnan(found.process)
    assert found.total == 0
