"""The alliances of 2010 forecast from 2005: not worse than the plain dyadic logit, and worse where they are made so."""

from functools import cache

import alliances
import jax
import numpy as np
import pytest

PATHS = 400
SEED = 1


@cache
def forecast() -> tuple[alliances.Ties, dict[str, np.ndarray], np.ndarray]:
    """The dyads, the chance that each forecast gives them, and the paths behind ours."""
    panel, posterior = alliances.history(), alliances.fitted()
    ties = alliances.compared(panel, 0.0, alliances.WITHOUT)
    bound = alliances.simulated(posterior, ties.pairs, PATHS, jax.random.key(SEED))
    return ties, alliances.forecasts(panel, ties, bound), bound


def test_a_forecast_that_knows_scores_better_than_one_that_does_not():
    """By hand: four dyads, of which the second is newly bound."""
    before, after = np.array([True, False, False, False]), np.array([True, True, False, False])
    ties = alliances.Ties(("A", "B", "C"), np.array([[0, 1], [0, 2], [1, 2], [0, 3]]), before, after)
    good, flat = np.array([0.9, 0.8, 0.1, 0.1]), np.array([0.9, 0.3, 0.3, 0.3])
    told = alliances.scores(good, ties)
    assert told["log score"] == pytest.approx(-np.log([0.9, 0.8, 0.9, 0.9]).mean())
    assert told["Brier"] == pytest.approx(np.mean([0.01, 0.04, 0.01, 0.01]))
    assert told["PR-AUC of change"] == 1.0
    assert alliances.scores(flat, ties)["PR-AUC of change"] == pytest.approx(1 / 3)
    assert alliances.scores(flat, ties)["log score"] > told["log score"]


@pytest.mark.slow
def test_agreements_as_objects_are_not_worse_than_the_plain_logit():
    ties, told, _ = forecast()
    assert (int((ties.changed & ties.after).sum()), int((ties.changed & ties.before).sum())) == (291, 3)
    ours = alliances.scores(told[alliances.OURS], ties)
    for rival in ("logit, distance", "logit, log distance", "base rates"):
        theirs = alliances.scores(told[rival], ties)
        assert ours["log score"] <= theirs["log score"], rival
        assert ours["PR-AUC of change"] >= theirs["PR-AUC of change"], rival


@pytest.mark.slow
def test_control_the_chances_of_other_dyads_are_worse():
    ties, told, _ = forecast()
    shuffled = np.random.default_rng(SEED).permutation(told[alliances.OURS])
    ours, theirs = (alliances.scores(chance, ties) for chance in (told[alliances.OURS], shuffled))
    assert theirs["log score"] > ours["log score"]
    assert theirs["PR-AUC of change"] < ours["PR-AUC of change"] / 2
