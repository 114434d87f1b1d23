"""Shares of a band against a Gaussian toy whose shares are known, with controls that show that the test can fail."""

import numpy as np
import pytest

from latticework.explain.shares import ALONE, Beside, Moments, components, shares

DRAWS, EACH = 2000, 5
PROCESS, PARAMETER, MEASUREMENT, ASSUMPTION = 4.0, 1.0, 2.0, 3.0  # variances


class Toy:
    """Y = process + parameter + start + size, each normal: the parameter and the size by draw, the start by its own."""

    def __init__(self, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.draw = np.tile(np.arange(DRAWS), EACH)
        self.noise = np.sqrt(PROCESS) * rng.standard_normal(DRAWS * EACH)
        self.parameter, self.size, self.start = (
            np.sqrt(v) * rng.standard_normal(DRAWS)[self.draw] for v in (PARAMETER, ASSUMPTION, MEASUREMENT)
        )

    def moments(self, size: float = 1.0, start: float = 1.0) -> Moments:
        return Moments.of(self.noise + self.parameter + size * self.size + start * self.start, self.draw)

    def beside(self) -> Beside:
        return Beside(self.moments(), self.moments(size=0.0), self.moments(start=0.0))


def test_the_shares_of_a_gaussian_toy_are_its_variances():
    toy = Toy()
    found, whole = shares(toy.moments(), toy.beside()), PROCESS + PARAMETER + MEASUREMENT + ASSUMPTION
    for name, variance in zip(
        ("process", "parameter", "measurement", "assumption"),
        (PROCESS, PARAMETER, MEASUREMENT, ASSUMPTION),
        strict=True,
    ):
        se = getattr(found, f"{name}_se")
        assert 0 < se < 0.04, "the test has power"
        assert abs(getattr(found, name) - variance / whole) < 4 * se
    between = PARAMETER + MEASUREMENT + ASSUMPTION
    assert abs(found.of_draws - ASSUMPTION / between) < 4 * found.of_draws_se
    assert found.process + found.parameter + found.measurement + found.assumption == pytest.approx(1)


def test_without_the_correction_for_few_paths_the_parameter_share_would_be_too_large():
    toy = Toy()
    moments = toy.moments(size=0.0, start=0.0)
    corrected, naive = components(moments)[1], moments.mean.var(ddof=1)
    se = np.sqrt(2 / DRAWS) * (PARAMETER + PROCESS / EACH)
    assert abs(corrected - PARAMETER) < 4 * se
    assert naive - PARAMETER > 4 * se, "the naive one is caught"
    assert abs(naive - PARAMETER - PROCESS / EACH) < 4 * se


def test_draws_with_unequal_numbers_of_paths_are_weighed_right():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(200):
        draw = np.repeat(np.arange(60), np.where(np.arange(60) % 2, 2, 5))
        values = np.sqrt(PROCESS) * rng.standard_normal(len(draw)) + rng.standard_normal(60)[draw]
        found.append(components(Moments.of(values, draw)))
    mean, se = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
    assert np.all(np.abs(mean - [PROCESS, 1.0]) < 4 * se)


def test_noise_alone_is_all_process():
    toy = Toy()
    found = shares(Moments.of(toy.noise, toy.draw), ALONE)
    assert found.process > 1 - 4 * max(found.process_se, 0.01)
    assert found.assumption == found.measurement == 0


def test_the_error_of_a_share_is_that_of_many_seeds():
    several = [shares(toy.moments(), toy.beside()) for toy in map(Toy, range(40))]
    spread = np.std([s.assumption for s in several], ddof=1)
    assert 0.6 < np.mean([s.assumption_se for s in several]) / spread < 1.6


def test_draws_of_one_path_each_tell_nothing():
    values = np.random.default_rng(1).standard_normal(50)
    assert np.isnan(shares(Moments.of(values, np.arange(50))).process)
    assert np.isnan(shares(Moments.of(values, np.zeros(50, int))).parameter)
