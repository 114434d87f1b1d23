"""NUTS and the Laplace posterior agree, and where events are few they differ by as much as the skew says."""

import functools
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpyro.infer.util import log_density
from scipy import stats

from latticework.fit import fit_evidence
from latticework.fit.varying import groups
from latticework.processes import DefencePledged, ForceUsed, Predictor
from tests.validation.nuts import CASES, CENTRED, DRAWN, HELD, QUICK, Case, Target, drawn, estimate_of, evidence_of
from tests.validation.nuts_compared import DOUBT, MEAN, compared, skew_shift
from tests.validation.nuts_page import PAGE, rows_of

WELL_MIXED = 1.01
MOST_DIVERGENT = 0.01  # of draws, where the sd makes a funnel
FEW_EVENTS = ("pact_left", "pact_ended")
SLOW = [pytest.param(case, id=case.key, marks=pytest.mark.slow) for case in CASES if case is not QUICK]
draws_of, shift_of = functools.cache(drawn), functools.cache(skew_shift)


class Sceptical(DefencePledged):
    """The same with priors a third as wide."""

    def predictors(self) -> tuple[Predictor, ...]:
        (only,) = super().predictors()
        return (Predictor("", tuple(replace(c, prior_sd=c.prior_sd / 3) for c in only.coefficients)),)


@pytest.mark.parametrize("case", [pytest.param(QUICK, id=QUICK.key), *SLOW])
def test_laplace_is_what_nuts_finds(case: Case):
    draws = draws_of(case)
    coefficients, levels = compared(case, draws)
    expected = shift_of(case)
    assert draws.rhat < WELL_MIXED
    assert draws.divergent <= (MOST_DIVERGENT * draws.values[..., 0].size if case.sds == DRAWN else 0)
    assert coefficients.has_power()
    assert coefficients.sds_agree()
    assert coefficients.means_agree(expected)
    assert coefficients.means_agree() or np.abs(expected).max() > MEAN
    if case.sds == HELD and case.process.varies:
        assert levels.has_power()
        assert levels.sds_agree()


@pytest.mark.parametrize("case", [pytest.param(QUICK, id=QUICK.key), *SLOW])
def test_control_a_mode_that_is_off_by_half_an_sd_is_caught(case: Case):
    estimate = estimate_of(type(case.process))
    for k in np.flatnonzero([not c.assumed for c in case.process.coefficients()]):
        for side in (-0.5, 0.5):
            mode = estimate.mode.copy()
            mode[k] += side * estimate.sd_naive[k]
            coefficients, _ = compared(case, draws_of(case), replace(estimate, mode=mode))
            assert not coefficients.means_agree(shift_of(case)), estimate.names[k]


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case.process.name in FEW_EVENTS], ids=lambda case: case.key)
def test_the_skew_of_few_events_is_a_difference_that_is_seen(case: Case):
    coefficients, _ = compared(case, draws_of(case))
    assert not coefficients.means_agree()
    assert coefficients.names[coefficients.worst] == "intercept"
    assert coefficients.mean[coefficients.worst] < 0


def test_control_sds_that_are_a_third_too_small_are_caught():
    estimate = estimate_of(DefencePledged)
    coefficients, _ = compared(QUICK, draws_of(QUICK), replace(estimate, naive=estimate.naive / 1.5**2))
    assert not coefficients.sds_agree()


def test_control_another_prior_is_caught():
    other = fit_evidence(Sceptical(), evidence_of(DefencePledged))
    coefficients, _ = compared(QUICK, draws_of(QUICK), other)
    assert not (coefficients.means_agree(shift_of(QUICK)) and coefficients.sds_agree())


def test_the_target_is_the_log_posterior_written_by_hand():
    evidence, process = evidence_of(DefencePledged), DefencePledged()
    theta = np.random.default_rng(0).normal(size=len(process.coefficients()))
    chance = 1 / (1 + np.exp(-np.asarray(evidence.data.design) @ theta))
    by_hand = stats.bernoulli.logpmf(np.asarray(evidence.data.outcome).astype(int), chance).sum()
    by_hand += sum(
        stats.norm.logpdf(x, c.prior_mean, c.prior_sd) for x, c in zip(theta, process.coefficients(), strict=True)
    )
    with jax.enable_x64(True):
        data = jax.tree.map(jnp.asarray, evidence.data)
        model = Target(QUICK, evidence, ()).model
        found = jax.jit(lambda x, data: log_density(model, (data,), {}, {"free": x})[0])(jnp.asarray(theta), data)
    assert float(found) == pytest.approx(by_hand, rel=1e-10)


@pytest.mark.slow
def test_the_walk_of_decades_has_the_precision_of_the_fit():
    """The same prior written twice: steps added up here, a precision matrix in the fit."""
    (group,) = groups(ForceUsed(), evidence_of(ForceUsed))
    q, sd = group.size, 0.4
    walk = np.tril(np.ones((q, q - 1)), -1) * sd
    made = np.column_stack([np.full(q, CENTRED), walk - walk.mean(0)])
    np.testing.assert_allclose(np.linalg.inv(made @ made.T), group.precision(sd**2), rtol=1e-6, atol=1e-6)


def test_the_page_tells_of_every_case():
    assert list(rows_of(PAGE.read_text(encoding="utf-8"))) == [case.key for case in CASES]


@pytest.mark.parametrize("case", [pytest.param(QUICK, id=QUICK.key), *SLOW])
def test_the_page_says_what_was_found(case: Case):
    """Draws differ between versions of JAX: the page may differ by Monte Carlo error."""
    row, (now, _) = rows_of(PAGE.read_text(encoding="utf-8"))[case.key], compared(case, draws_of(case))
    doubt = DOUBT * np.sqrt(2) * now.mean_doubt.max()
    assert abs(float(row["largest difference of means"]) - np.abs(now.mean).max()) < doubt + 0.01
    assert row["coefficients"] == str(len(now.names))
    assert float(row["largest expected from the skew"]) == pytest.approx(np.abs(shift_of(case)).max(), abs=0.006)
