"""A fit finds what made the data, within the doubt that it states, and agrees with another library."""

import itertools
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import chi2

from latticework.fit import Estimate, fit, fit_evidence, node_robust_meat
from latticework.processes import (
    AgreementEnd,
    AlignmentDrift,
    CoalitionChange,
    DefenceEffort,
    DisputeDeaths,
    DisputeEnd,
    DisputeOnset,
    Evidence,
    Exercises,
    ForceUsed,
    LeaderExit,
    PresidentVisits,
    Rows,
    SecretaryVisits,
    Trade,
    TroopChange,
    Warheads,
)
from tests.synthetic import Visits, made_up_panel

TROOPS = {
    "draw-down": [-1.7, -0.2, 0.3, 0.1, 0.5, -0.2, -0.3, -0.3, 0.5, 0.4, 0.2],
    "surge": [-2.0, -0.5, -0.2, 0.2, 0.6, 0.3, 0.3, -0.4, 0.3, 0.1, 0.3],
    "size of draw-down": [-0.7, -0.3, -0.2, 0.1, 0.2, 0.1],
    "size of surge": [-0.5, 0.1, 0.2, -0.1, 0.1, 0.3],
    "noise of what is held": [-2.2, -0.2, 0.1, 0.1, 0.3, 0.2, -0.2],
}
VIOLATED = [-3.0, -0.6, 0.7, 0.3, -0.5, 0.9, -0.3]
EFFORT = {
    "target": [-3.5, -0.1, 0.3, 0.4, 0.2, 0.05, -0.4, -0.3, 0.3, -0.05, 0.08, 0.5, 0.2, -0.3, 0.1],
    "pace": [-1.5, -1.6],
    "steadiness": [0.3, 0.2, 0.3, -0.2, -0.1],
    "jumps": [-2.0, 0.5, 0.4, 0.4, -0.1, -0.2, 0.0],
    "growth": [-0.3, -0.6],
}
EXITS = {
    "regular": [-2.2, 0.5, 1.5, 1.0, 0.4, 0.2, -0.8, 0.5, 0.3, -0.2, 0.3, -0.3, -0.2, -0.6, 0.4, -0.3],
    "irregular": [-1.9, -0.8, -0.4, 0.6, -0.4, 0.5, -0.3, -0.5, -0.5, 0.5, -0.2],
}
BACKING = [-0.5, -0.3, -1.2, -0.8, -0.9, 1.2, 0.3, 1.0, 0.8, 0.5, -0.4, 0.2]
SHAKEN = [-0.3, -0.2, 0.2, 0.5, 0.1]
EXERCISES = [-2.0, 0.0, 0.5, 0.0, 0.3, -0.4, -0.3, 0.2, 0.4, 0.2, 0.1, 0.3, 0.3, 1.0]  # no year since 1994: zeros
PRESIDENT = [-1.5, 0.3, 0.0, 0.4, 0.1, 0.3, 0.4, -0.2, 0.5, -0.6, -0.3, 0.2, -0.8, 0.3, 1.0]  # nor since 1990
SECRETARY = [-1.0, 0.0, 0.0, 0.4, 0.1, 0.3, 0.4, -0.2, 0.5, -0.6, -0.3, 0.2, -0.8, 0.3, 1.0]
TRADE = [0.2, 0.0, 0.6, 0.2, 0.1, -0.3, 0.1, 0.3, -0.6, -0.5, -1.5, -1.5, -0.2, 0.0]
ONSET = [-2.0, 0.6, 0.4, 0.1, -0.3, -0.7, 0.9, -0.28, 0.9, -0.09, -0.25, 0.2, 0.3, 0.1]
TRUE = {
    "leader_exit": (LeaderExit(), [*itertools.chain(*EXITS.values())], 72, 120, 0.25),
    "coalition_change": (CoalitionChange(), BACKING, 40, 80, 0.25),
    "agreement_end": (AgreementEnd(), [*VIOLATED, -3.5, 0.3, -4.0, 0.2], 24, 50, 1.0),
    "dispute_onset": (DisputeOnset(), ONSET, 30, 60, 1.0),
    "dispute_end": (DisputeEnd(), [0.2, -0.9, 0.3, 0.2, -0.4, 0.5, -0.3], 20, 40, 0.25),
    "force_used": (ForceUsed(), [0.8, -0.3, 0.4, -0.5, -1.0, 0.2, -0.4, -0.6, 0.3], 20, 20, 1.0),
    "dispute_deaths": (DisputeDeaths(), [-0.6, 0.3, 0.6, 0.2, -1.2, -0.3, -0.5, 0.2, -0.1], 20, 20, 1.0),
    "alignment": (AlignmentDrift(), [0.1, 0.6, 0.7, 0.3, 0.4, -1.5, -1.2, *SHAKEN, -2.5, -0.2, -0.3], 80, 60, 1.0),
    "troop_change": (TroopChange(), [*itertools.chain(*TROOPS.values())], 60, 60, 1.0),
    "defence_effort": (DefenceEffort(), [*itertools.chain(*EFFORT.values())], 60, 60, 1.0),
    "warheads": (Warheads(), [4.5, 0.25, 1.0, 0.2, -1.0, -1.5, -1.2], 30, 60, 1.0),
    "exercises": (Exercises(), EXERCISES, 30, 40, 0.25),
    "visits_president": (PresidentVisits(), PRESIDENT, 60, 80, 0.25),
    "visits_secretary": (SecretaryVisits(), SECRETARY, 60, 80, 0.25),
    "trade": (Trade(), TRADE, 20, 60, 1.0),
    "visits": (Visits(), [0.5, 0.8, 0.3], 40, 50, 1.0),
}


def misfit(estimate: Estimate, truth: np.ndarray) -> float:
    """P value of the distance between estimate and truth, in the metric of the larger of the two covariances."""
    error = estimate.mode - truth
    spread = estimate.naive + estimate.covariance  # twice the variance, so that the test is not about the sandwich
    return float(chi2.sf(2 * error @ np.linalg.solve(spread, error), len(truth)))


@pytest.fixture(scope="module")
def fits() -> dict[str, Estimate]:
    out = {}
    for name, (process, truth, n, steps, dt) in TRUE.items():
        panel = made_up_panel(process, np.array(truth), n, steps, dt)
        if name == "leader_exit":  # of the last third it is not on record how leaders left
            kinds = {k: panel.world.states[k].copy() for k in process.kinds}
            for layer in kinds.values():
                layer[2 * steps // 3 :][panel.world.states["turnover"][2 * steps // 3 :] > 0] = np.nan
            panel = replace(panel, world=panel.world.replace(kinds))
        if name == "alignment":
            noise = np.random.default_rng(8).standard_normal(panel.world.states["ideal_point"].shape)
            sd = panel.world.states["ideal_point_sd"]
            level = panel.world.states["ideal_point"] + np.exp(truth[-1]) * sd * noise
            panel = type(panel)(
                panel.world.replace({"ideal_point": level.astype(np.float32)}), panel.codes, panel.dates
            )
        out[name] = fit(process, panel)
    return out


@pytest.mark.parametrize("name", TRUE)
def test_known_coefficients_are_found(fits, name):
    estimate, truth = fits[name], np.array(TRUE[name][1])
    assert estimate.trusted
    assert estimate.events > 100, "too little happened to test anything"
    z = (estimate.mode - truth) / np.maximum(estimate.sd, estimate.sd_naive)
    assert np.abs(z).max() < 3.7, dict(zip(estimate.names, np.round(z, 1), strict=True))
    assert misfit(estimate, truth) > 1e-3


@pytest.mark.parametrize("name", TRUE)
def test_control_other_coefficients_are_not_found(fits, name):
    truth = np.array(TRUE[name][1])
    assert misfit(fits[name], truth + np.where(np.arange(len(truth)) == 0, 2.0, 0.0)) < 1e-3


def dyad_rows(rows: int = 4000, states: int = 30) -> Evidence:
    rng = np.random.default_rng(0)
    nodes = np.sort(np.stack([rng.choice(states, 2, replace=False) for _ in range(rows)]), axis=1)
    width = len(DisputeOnset().coefficients())
    design = np.column_stack([np.ones(rows), rng.standard_normal((rows, width - 1)) * 0.4])
    common = rng.standard_normal(states) * 0.8  # what the two states bring to every one of their rows
    rate = np.exp(-2 + design[:, 1] * 0.5 + common[nodes[:, 0]] + common[nodes[:, 1]])
    outcome = (rng.random(rows) < -np.expm1(-rate)).astype(float)
    data = Rows(design, np.zeros(rows), outcome, np.ones(rows, bool), np.ones(rows))
    return Evidence(data, nodes, int(outcome.sum()), ("1950", "2000"))


class Alike(DisputeOnset):
    """Disputes whose decades are alike."""

    varies = ()


class Flat(Alike):
    """The dispute likelihood without a prior worth the name, to compare with maximum likelihood elsewhere."""

    def coefficients(self):
        return tuple(replace(c, prior_sd=1e4, assumed=False) for c in super().coefficients())


def test_mode_and_naive_sd_are_those_of_statsmodels():
    evidence = dyad_rows()
    ours = fit_evidence(Flat(), evidence)
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    theirs = sm.GLM(evidence.data.outcome, evidence.data.design, family=family).fit(tol=1e-12)
    np.testing.assert_allclose(ours.mode, theirs.params, atol=1e-5)
    information = -theirs.model.hessian(theirs.params, observed=True)
    np.testing.assert_allclose(ours.sd_naive, np.sqrt(np.diag(np.linalg.inv(information))), rtol=1e-5)


def test_meat_is_the_double_sum_over_rows_that_share_a_state():
    rng = np.random.default_rng(1)
    nodes = np.sort(np.stack([rng.choice(6, 2, replace=False) for _ in range(60)]), axis=1)
    scores = rng.standard_normal((60, 3))
    brute = np.zeros((3, 3))
    for a in range(60):
        for b in range(60):
            if set(nodes[a]) & set(nodes[b]):
                brute += np.outer(scores[a], scores[b])
    values, vectors = np.linalg.eigh(brute)
    np.testing.assert_allclose(node_robust_meat(scores, nodes), (vectors * values.clip(0)) @ vectors.T, atol=1e-9)


def test_robust_sd_covers_dependence_through_states():
    estimate = fit_evidence(Flat(), dyad_rows())
    assert estimate.sd[0] / estimate.sd_naive[0] > 1.5, "the intercept shares the states' own levels"
    slopes = estimate.sd[1:] / estimate.sd_naive[1:]
    assert 0.6 < np.median(slopes) < 1.5, "covariates drawn row by row share nothing"


def test_a_silent_coefficient_keeps_the_width_of_its_prior():
    evidence = dyad_rows()
    silent = np.asarray(evidence.data.design).copy()
    silent[:, 4] = 0.0
    data = Rows(silent, evidence.data.level, evidence.data.outcome, evidence.data.at_risk, evidence.data.dt)
    estimate = fit_evidence(Alike(), Evidence(data, evidence.nodes, evidence.events, evidence.span))
    prior = DisputeOnset().coefficients()[4]
    assert estimate.sd[4] == pytest.approx(prior.prior_sd, abs=1e-6)
    assert estimate.mode[4] == pytest.approx(prior.prior_mean, abs=1e-6)


def test_terms_add_up_to_the_log_probability_of_the_panel():
    process = LeaderExit()
    panel = made_up_panel(process, np.array(TRUE["leader_exit"][1]), 6, 12, 0.25)
    theta = jnp.asarray(TRUE["leader_exit"][1])
    whole = sum(
        float(process.log_prob(theta, panel.at(t), panel.at(t + 1), jnp.asarray(panel.dt[t]))) for t in range(11)
    )
    evidence = process.evidence(panel)
    assert float(process.terms(theta, evidence.data).sum()) == pytest.approx(whole, rel=1e-4)
