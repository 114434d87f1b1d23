"""The draws of a posterior are centred where the record wants them, and not at the mode of what it hardly knows."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from scipy.stats import norm

from latticework.fit import Estimate, Posterior, fit_evidence
from latticework.fit.varying import Varying
from latticework.processes import Coefficient, Evidence, Predictor, Rows
from tests.fit.test_varying import Kind, Onset, Plain, kinds, record

KEY = jax.random.key(1)
DRAWS = 2000
RARE = record(5, 1.2, states=60, years=30, chosen=0.05, base=-5.0)[0]  # most states have no event or one


def expected(process, evidence: Evidence, estimate: Estimate) -> np.ndarray:
    """How many events each draw expects on the rows of the record."""
    posterior = Posterior({process.name: estimate}, {}, "")
    theta = posterior.draw(KEY, DRAWS)
    levels = posterior.levels(KEY, theta, (process,), evidence.codes).get(process.name, ())
    first, second = evidence.units.T
    out = []
    for draw in range(DRAWS):
        level = sum((np.broadcast_to(x[draw], (len(evidence.codes),) * 2)[first, second] for x in levels), 0.0)
        _, hazard = process.tally(theta[process.name][draw], evidence.data, level)
        out.append(-np.expm1(-np.asarray(hazard)).sum())
    return np.array(out)


def at_the_mode(estimate: Estimate) -> Estimate:
    """The same with draws around the mode."""
    plain = tuple(replace(v, shift=np.zeros(len(v.names))) for v in estimate.varying)
    return replace(estimate, shift=np.zeros(len(estimate.mode)), varying=plain)


def test_draws_expect_as_many_events_as_happened():
    estimate = fit_evidence(Onset(), RARE)
    events = RARE.events
    assert estimate.varying[0].sigma > 0.7
    centred, plain = (expected(Onset(), RARE, e) for e in (estimate, at_the_mode(estimate)))
    error = 4 * centred.std() / np.sqrt(DRAWS)
    assert centred.mean() == pytest.approx(events, abs=error + 0.03 * events)
    assert plain.mean() > 1.25 * events, "control: around the mode they expect too many"


def test_a_poisson_rate_has_the_centre_of_its_gamma_posterior():
    """Of n events in a time T the log rate has mean digamma(n) - log T, which is about 1/(2n) below its mode."""

    class Rate(Plain):
        def predictors(self):
            return (Predictor("", (Coefficient("intercept", None, prior_sd=1e3),)),)

    n, count = 25, 20_000
    outcome = np.r_[np.ones(n), np.zeros(count - n)]
    rows = Rows(np.ones((count, 1)), np.zeros(count), outcome, np.ones(count, bool), np.ones(count))
    units = np.stack([np.arange(count), np.arange(count) + count], 1)  # every row is of states of its own
    evidence = Evidence(rows, units, n, ("1960-12-31", "2019-12-31"), units, np.full(count, 1990), ())
    estimate = fit_evidence(Rate(), evidence)
    assert estimate.shift[0] == pytest.approx(-0.5 * estimate.covariance[0, 0], rel=0.02)
    assert estimate.shift[0] == pytest.approx(-1 / (2 * n), rel=0.1)


def test_where_the_record_is_rich_centre_and_mode_are_one():
    rich = record(11, 0.5, states=20, years=60, chosen=0.6, base=-1.5)[0]
    estimate = fit_evidence(Onset(), rich)
    assert np.abs(estimate.shift / estimate.sd).max() < 0.1


def test_laws_of_several_predictors_are_centred_too():
    evidence = kinds(record(11, 0.0, states=20, years=40, chosen=0.1, base=-4.0)[0])
    estimate = fit_evidence(Kind(), evidence)
    centred, plain = (expected(Kind(), evidence, e) for e in (estimate, at_the_mode(estimate)))
    error = 4 * plain.std() / np.sqrt(DRAWS)
    assert centred.mean() == pytest.approx(evidence.events, abs=error + 0.03 * evidence.events)


def test_a_posterior_without_shifts_is_drawn_around_its_mode():
    v = Varying("state", 0.5, ("A", "B"), np.array([0.3, -0.3]), np.zeros((2, 1)), np.full(2, 0.1))
    drawn = np.asarray(v.draws(KEY, np.zeros((DRAWS, 1)), ("A", "B")))
    np.testing.assert_allclose(drawn.mean(0), v.mean, atol=norm.ppf(0.99999) * 0.1 / np.sqrt(DRAWS))
