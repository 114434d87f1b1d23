"""Scores beside brute force, another library, and forecasters whose fault is known."""

import numpy as np
import pytest
import xarray as xr
from scores.probability import brier_score_for_ensemble, crps_for_ensemble, roc_auc

from latticework.evaluate import scores

GENERATOR = np.random.default_rng(5)
CHANCE = GENERATOR.beta(0.6, 3.0, 3000)
HAPPENED = (GENERATOR.random(3000) < CHANCE).astype(float)


def brute_precision_recall(outcome, chance):
    """By the definition: at every threshold, precision times the recall gained."""
    area, recall = 0.0, 0.0
    for threshold in sorted(set(chance), reverse=True):
        called = chance >= threshold
        now = outcome[called].sum() / outcome.sum()
        area += (now - recall) * outcome[called].mean()
        recall = now
    return area


def brute_roc(outcome, chance):
    """The share of pairs of an event and a non-event that are in the right order."""
    yes, no = chance[outcome > 0], chance[outcome == 0]
    return np.mean((yes[:, None] > no) + 0.5 * (yes[:, None] == no))


def brute_crps(outcome, members):
    """The fair estimator, pair by pair."""
    m = len(members)
    spread = sum(abs(a - b) for a in members for b in members) / (2 * m * (m - 1))
    return np.mean(np.abs(members - outcome)) - spread


def test_areas_are_those_of_the_definitions_ties_included():
    coarse = np.round(CHANCE[:200], 1)
    happened = HAPPENED[:200]
    assert scores.precision_recall(happened, coarse) == pytest.approx(brute_precision_recall(happened, coarse))
    assert scores.roc(happened, coarse) == pytest.approx(brute_roc(happened, coarse))


def test_weights_count_as_repeated_forecasts():
    outcome, chance = HAPPENED[:60], np.round(CHANCE[:60], 2)
    weight = GENERATOR.integers(0, 4, 60).astype(float)
    repeated = np.repeat(np.arange(60), weight.astype(int))
    expected = brute_precision_recall(outcome[repeated], chance[repeated])
    assert scores.precision_recall_of(outcome, chance)(weight) == pytest.approx(expected)


def test_another_library_agrees():
    outcome, members = GENERATOR.normal(size=50), GENERATOR.normal(size=(50, 12))
    theirs = crps_for_ensemble(
        xr.DataArray(members, dims=("r", "m")), xr.DataArray(outcome, dims="r"), "m", method="fair", preserve_dims="r"
    )
    assert scores.crps(outcome, members) == pytest.approx(theirs.to_numpy())
    assert scores.crps(outcome, members)[0] == pytest.approx(brute_crps(outcome[0], members[0]))
    paths = (GENERATOR.random((40, 9)) < 0.3).astype(float)
    happened = (GENERATOR.random(40) < 0.3).astype(float)
    fair = brier_score_for_ensemble(
        xr.DataArray(paths, dims=("r", "m")),
        xr.DataArray(happened, dims="r"),
        "m",
        event_thresholds=0.5,
        preserve_dims="r",
        fair_correction=True,
    )
    assert scores.fair_brier(happened, paths.mean(1), 9) == pytest.approx(np.ravel(fair.to_numpy()))
    area = roc_auc(xr.DataArray(CHANCE, dims="r"), xr.DataArray(HAPPENED, dims="r"))
    assert scores.roc(HAPPENED, CHANCE) == pytest.approx(float(area))


def test_the_parts_of_a_brier_score_add_up_and_name_the_fault():
    parts = scores.decomposed(HAPPENED, CHANCE)
    whole = scores.brier(HAPPENED, CHANCE).mean()
    assert parts.miscalibration - parts.discrimination + parts.uncertainty == pytest.approx(whole)
    halved = scores.decomposed(HAPPENED, CHANCE / 2)
    assert halved.discrimination == pytest.approx(parts.discrimination)
    assert halved.miscalibration > 5 * parts.miscalibration


def sharpened(chance, by):
    """The same forecasts with log odds so many times as large."""
    odds = by * np.log(chance / (1 - chance))
    return 1 / (1 + np.exp(-odds))


@pytest.mark.parametrize("loss", [scores.brier, scores.log_loss])
def test_an_overconfident_and_a_timid_forecaster_score_worse(loss):
    right = loss(HAPPENED, CHANCE)
    for by in (2.0, 0.5):
        worse = loss(HAPPENED, sharpened(CHANCE, by)) - right
        assert worse.mean() > 3 * worse.std() / np.sqrt(len(worse))


def test_an_ensemble_that_is_too_narrow_or_too_wide_scores_worse_and_shows_it():
    outcome, members = GENERATOR.standard_t(5, 4000), GENERATOR.standard_t(5, (4000, 40))
    right = scores.crps(outcome, members)
    inside = {w: scores.covered(outcome, w * members, 0.8).mean() for w in (0.5, 1.0, 2.0)}
    for width in (0.5, 2.0):
        worse = scores.crps(outcome, width * members) - right
        assert worse.mean() > 3 * worse.std() / np.sqrt(len(worse))
    assert inside[1.0] == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 4000))
    assert inside[0.5] < 0.7
    assert inside[2.0] > 0.9
    flat = np.histogram(scores.ranks(outcome, members), 10, (0, 1))[0] / 4000
    assert np.abs(flat - 0.1).max() < 4 * np.sqrt(0.09 / 4000) + 0.01


def test_calibration_bins_expect_the_same_number_of_events():
    table = scores.calibration(HAPPENED, CHANCE)
    expected = table[:, 0] * table[:, 2]
    assert expected.sum() == pytest.approx(CHANCE.sum())
    assert expected.max() < 1.2 * expected.mean() + 1
    assert table[:, 2].sum() == len(CHANCE)
    assert scores.calibration_error(HAPPENED, CHANCE) < 0.02 < scores.calibration_error(HAPPENED, CHANCE / 2)
