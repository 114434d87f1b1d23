"""The posterior of a mark holds the truth as often as it says, over many made-up records of the same disputes.

The truth of each record is drawn from the prior of the fit; see `test_panels_calibrated`.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from latticework.fit import fit_evidence
from latticework.processes import ForceUsed, Rows
from tests.fit.test_panels_calibrated import SPREAD, around
from tests.synthetic import made_up_panel

TRUTH = np.array([0.8, -0.3, 0.4, -0.5, -1.0, 0.2, -0.4, -0.6, 0.3])
REPEATS, SHARE = 40, 0.8


@pytest.fixture(scope="module")
def errors() -> np.ndarray:
    """Estimate less truth in units of its sd, a row per repetition."""
    process, rng = around(ForceUsed(), TRUTH.tolist()), np.random.default_rng(0)
    evidence = process.evidence(made_up_panel(process, TRUTH, 16, 12, 1.0))
    design, data = np.asarray(evidence.data.design), evidence.data
    out = []
    for _ in range(REPEATS):
        truth = TRUTH + SPREAD * rng.standard_normal(len(TRUTH))
        chance = 1 / (1 + np.exp(-design @ truth))
        outcome = (rng.random(len(design)) < chance).astype(float)
        rows = Rows(design, data.level, outcome, data.at_risk, data.dt)
        estimate = fit_evidence(process, replace(evidence, data=rows, events=int(outcome.sum())))
        out.append((estimate.mode - truth) / estimate.sd_naive)
    return np.array(out)


def misses(errors: np.ndarray) -> float:
    """How far the share of intervals that hold the truth is from what they say, in Monte Carlo sd of one repetition."""
    held = (np.abs(errors) < norm.ppf(0.5 + SHARE / 2)).mean(1)
    return float(abs(held.mean() - SHARE) / (held.std(ddof=1) / np.sqrt(len(held))))


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say(errors):
    assert misses(errors) < 4


@pytest.mark.slow
def test_control_intervals_half_as_wide_do_not(errors):
    assert misses(2 * errors) > 4
