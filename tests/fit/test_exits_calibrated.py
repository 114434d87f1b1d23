"""Over many made-up histories the posteriors of exits and of what marks them are as wide as their errors."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2

from latticework.fit import Estimate, fit_evidence
from latticework.processes import AbstractProcess, Evidence, Rows
from tests.fit.test_recovery import TRUE
from tests.synthetic import made_up_panel

REPEATS, STATES, STEPS = 16, 30, 100
UNTOLD = -1.0


def rates(process: AbstractProcess, truth: np.ndarray, design: np.ndarray) -> list[np.ndarray]:
    """exp of each linear predictor, in plain arithmetic."""
    ends = np.cumsum([0, *(len(p.coefficients) for p in process.predictors())])
    return [np.exp(design[:, a:b] @ truth[a:b]) for a, b in itertools.pairwise(ends)]


def redrawn(process: AbstractProcess, truth: np.ndarray, evidence: Evidence, rng: np.random.Generator) -> Evidence:
    """The same rows with outcomes drawn anew; of a third of the exits it is not told how they came about."""
    data = evidence.data
    each = rates(process, truth, np.asarray(data.design, float))
    u = rng.random(len(data.dt))
    if len(each) == 1:
        outcome = (u < each[0] / (1 + each[0])).astype(float)
    else:
        total = sum(each)
        happened = u < -np.expm1(-total * data.dt)
        kind = np.where(rng.random(len(u)) < each[0] / total, 1.0, 2.0)
        outcome = happened * np.where(rng.random(len(u)) < 1 / 3, UNTOLD, kind)
    rows = Rows(data.design, data.level, outcome, data.at_risk, data.dt)
    return replace(evidence, data=rows, events=int((outcome != 0).sum()))


def distances(name: str) -> tuple[float, float, int]:
    """Summed squared distances of estimate and truth in posterior sd, and in two thirds of it; their degrees."""
    process, truth = TRUE[name][0], np.array(TRUE[name][1])
    evidence = process.evidence(made_up_panel(process, truth, STATES, STEPS, 0.25, seed=4))
    rng = np.random.default_rng(12)
    fits: list[Estimate] = [fit_evidence(process, redrawn(process, truth, evidence, rng)) for _ in range(REPEATS)]
    assert all(fit.trusted for fit in fits)
    errors = [fit.mode - truth for fit in fits]
    summed = sum(float(e @ np.linalg.solve(f.naive, e)) for e, f in zip(errors, fits, strict=True))
    narrow = [replace(fit, naive=fit.naive / 2.25) for fit in fits]
    control = sum(float(e @ np.linalg.solve(f.naive, e)) for e, f in zip(errors, narrow, strict=True))
    return summed, control, REPEATS * len(truth)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["leader_exit", "coalition_change"])
def test_posteriors_of_exits_are_as_wide_as_their_errors(name):
    summed, control, degrees = distances(name)
    assert 1e-4 < chi2.sf(summed, degrees) < 1 - 1e-4
    assert chi2.sf(control, degrees) < 1e-4, "a posterior that is too narrow by a third must be caught"
