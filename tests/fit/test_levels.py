"""Draws of levels hang together with the draws of the coefficients, and go on after the data end."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from latticework.actions.posterior import load_posterior
from latticework.fit import Posterior, Varying, fit_evidence
from latticework.fit.varying import levels_of_rows
from latticework.processes import MODEL
from tests.fit.test_varying import SMALL, Both, Sent

DRAWS = 20_000
KEY = jax.random.key(3)
ESTIMATE = fit_evidence(Both(), SMALL)
SHIPPED = load_posterior()


def posterior(process, estimate) -> Posterior:
    return Posterior({process.name: estimate}, {}, "")


def test_levels_and_coefficients_have_the_joint_covariance_of_the_fit():
    process, whole = Both(), posterior(Both(), ESTIMATE)
    theta = whole.draw(KEY, DRAWS)
    codes = ESTIMATE.varying[0].names
    first, second = whole.levels(KEY, theta, (process,), codes)[process.name]
    assert (first.shape, second.shape) == ((DRAWS, len(codes), 1), (DRAWS, 1, len(codes)))
    drawn, v = np.asarray(first)[:, :, 0], ESTIMATE.varying[0]
    np.testing.assert_array_equal(drawn, np.asarray(second)[:, 0])
    expected = v.sensitivity @ ESTIMATE.covariance @ v.sensitivity.T + np.diag(v.spread**2)
    sd = np.sqrt(np.diag(expected))
    np.testing.assert_allclose(np.cov(drawn.T), expected, atol=5 * sd.max() ** 2 / np.sqrt(DRAWS))
    middle = v.mean + v.shift + v.sensitivity @ ESTIMATE.shift
    np.testing.assert_allclose(drawn.mean(0), middle, atol=5 * sd.max() / np.sqrt(DRAWS))
    moved = np.asarray(theta[process.name]) - ESTIMATE.mode
    with_intercept = np.cov(moved[:, 0], drawn[:, 0])[0, 1]
    assert with_intercept == pytest.approx((v.sensitivity @ ESTIMATE.covariance)[0, 0], abs=5 * sd[0] / np.sqrt(DRAWS))
    assert abs(with_intercept) > 10 * sd[0] * ESTIMATE.sd[0] / np.sqrt(DRAWS), "without it the draws would be apart"


def test_a_state_without_rows_is_drawn_from_the_prior_and_order_does_not_matter():
    whole = posterior(Both(), ESTIMATE)
    theta = whole.draw(KEY, DRAWS)
    one, two = (
        np.asarray(whole.levels(KEY, theta, (Both(),), codes)["onset"][0])[:, :, 0]
        for codes in (("S03", "ZZZ", "S07"), ("S07", "S03", "ZZZ", "S01"))
    )
    np.testing.assert_array_equal(one, two[:, [1, 2, 0]])
    sigma = ESTIMATE.varying[0].sigma
    assert one[:, 1].std() == pytest.approx(sigma, rel=5 / np.sqrt(2 * DRAWS))
    assert one[:, 1].mean() == pytest.approx(0, abs=5 * sigma / np.sqrt(DRAWS))


def test_senders_stand_in_rows_and_receivers_in_columns():
    estimate = fit_evidence(Sent(), SMALL)
    whole = posterior(Sent(), estimate)
    rows, columns = whole.levels(KEY, whole.draw(KEY, 7), (Sent(),), ("S01", "S02"))["onset"]
    assert (rows.shape, columns.shape) == ((7, 2, 1), (7, 1, 2))
    assert not np.allclose(np.asarray(rows)[:, :, 0], np.asarray(columns)[:, 0])


def test_the_walk_goes_on_from_the_last_decade_with_data():
    v = Varying("era", 0.3, ("2000", "2010"), np.array([0.2, -0.2]), np.zeros((2, 1)), np.diag([0.1, 0.05]))
    years = np.array([1990, 2005, 2015, 2019, 2020, 2029, 2031])
    drawn = np.asarray(v.course(KEY, np.zeros((DRAWS, 1)), years))
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 1])  # before the data the first decade stands
    np.testing.assert_array_equal(drawn[:, 2], drawn[:, 3])
    np.testing.assert_array_equal(drawn[:, 4], drawn[:, 5])
    sd = np.sqrt(0.05**2 + 0.3**2 * np.array([0, 1, 2]))
    np.testing.assert_allclose(drawn[:, [3, 5, 6]].std(0), sd, rtol=5 / np.sqrt(2 * DRAWS))
    np.testing.assert_allclose(drawn[:, 6].mean(), -0.2, atol=5 * sd[2] / np.sqrt(DRAWS))


def test_levels_of_rows_are_those_of_their_units_and_decades():
    levels = levels_of_rows(Both(), SMALL, ESTIMATE.varying)
    states, decades = ESTIMATE.varying
    row = 17
    own = [states.mean[states.names.index(SMALL.codes[i])] for i in SMALL.units[row]]
    own.append(decades.mean[decades.names.index(str(SMALL.year[row] // 10 * 10))])
    assert levels[row] == pytest.approx(sum(own))


def test_a_posterior_with_levels_is_read_back_without_loss():
    whole = posterior(Both(), ESTIMATE)
    again = Posterior.from_json(whole.to_json()).estimate("onset")
    for v, w in zip(ESTIMATE.varying, again.varying, strict=True):
        assert (v.by, v.sigma, v.names) == (w.by, w.sigma, w.names)
        for name in ("mean", "sensitivity", "spread", "shift"):
            np.testing.assert_array_equal(getattr(v, name), getattr(w, name))


def test_two_hundred_states_with_fifteen_coefficients_stay_small_in_the_file():
    rng = np.random.default_rng(0)
    k, q = 15, 200
    levels = Varying(
        "state",
        0.5,
        tuple(f"S{i:03d}" for i in range(q)),
        *(np.round(rng.normal(size=s), 6) for s in (q, (q, k), q, q)),
    )
    cov = np.eye(k)
    one = replace(
        ESTIMATE,
        names=("x",) * k,
        mode=np.zeros(k),
        shift=np.zeros(k),
        covariance=cov,
        naive=cov,
        varying=(levels,),
        records=(),
    )
    assert len(posterior(Both(), one).to_json()) < 2e6 / 20, "twenty such processes are two megabytes"


def test_shipped_processes_have_levels_only_if_they_ask_for_them():
    theta = SHIPPED.draw(KEY, 3)
    asked = {p.name for p in MODEL if set(p.varies) - {"era"}}
    assert set(SHIPPED.levels(KEY, theta, MODEL, ("USA", "JPN"))) == asked
    assert set(SHIPPED.eras(KEY, theta, np.array([2025]))) == {p.name for p in MODEL if "era" in p.varies}
