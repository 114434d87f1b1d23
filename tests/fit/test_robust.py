"""The node-robust covariance with few states: its correction by brute force, and how often its bands hold the truth."""

import numpy as np
import pytest
from scipy import linalg

from latticework.fit import fit_evidence
from latticework.fit.robust import Clusters
from tests.fit.test_varying import SLOPES, Onset, Plain, record


def test_corrected_scores_are_those_of_bell_and_mccaffrey_by_matrices_of_rows():
    """Least squares with unit variance: each cluster's residuals times $(1 - H_{gg})^{-1/2}$, a matrix of its rows."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((60, 3)), rng.standard_normal(60)
    state = rng.integers(0, 7, 60)
    hessian = x.T @ x
    residual = y - x @ np.linalg.solve(hessian, x.T @ y)
    expected = np.zeros((3, 3))
    for s in range(7):
        mine = x[state == s]
        hat = mine @ np.linalg.solve(hessian, mine.T)
        score = mine.T @ np.real(linalg.inv(linalg.sqrtm(np.eye(len(mine)) - hat))) @ residual[state == s]
        expected += np.outer(score, score)
    clusters = Clusters(state[:, None], 3)
    clusters.add(slice(None), x * residual[:, None])
    clusters.inform(slice(None), [x], -np.ones((60, 1, 1)))
    found = clusters.meat(hessian)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert not np.allclose(clusters.meat(), expected, rtol=0.05), "control: without the correction they differ"


REPEATS = 80
CASES = {  # states, whether the fit has levels, the sd of those that are there
    "16 states alike": (Plain(), {"sigma": 0.0, "states": 16, "years": 40}),
    "24 states with levels": (Onset(), {"sigma": 0.7, "states": 24, "years": 30}),
}


def plain_meat(self: Clusters, hessian: np.ndarray | None = None) -> np.ndarray:
    """The middle of the sandwich as the scores have it."""
    meat = self.by_state.T @ self.by_state - self.by_dyad.T @ self.by_dyad
    values, vectors = np.linalg.eigh(meat)
    return (vectors * values.clip(0)) @ vectors.T


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_bands_with_few_states_hold_the_truth_as_often_as_they_say(name, monkeypatch):
    """90 % bands: before the correction they hold it in 79 to 86 of a hundred repetitions, after it in nine of ten."""
    process, options = CASES[name]
    held = {True: [], False: []}
    for seed in range(REPEATS):
        evidence = record(500 + seed, **options)[0]
        for corrected in held:
            with monkeypatch.context() as patch:
                if not corrected:
                    patch.setattr(Clusters, "meat", plain_meat)
                estimate = fit_evidence(process, evidence)
            held[corrected].append(np.abs(estimate.mode[1:] - SLOPES) < 1.645 * estimate.sd[1:])
    after, before = np.mean(held[True]), np.mean(held[False])
    error = np.sqrt(0.9 * 0.1 / (REPEATS * len(SLOPES)))
    assert after == pytest.approx(0.9, abs=3 * error)
    assert before < 0.9 - 1.5 * error, "control: without the correction too few do"
    assert after > before
