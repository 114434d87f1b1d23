"""Sums of coefficients: mean and band by a million draws of the same normal law."""

import numpy as np
import pytest
from pydantic import ValidationError

from latticework.audit.base import Answer, outcome
from latticework.audit.family.estimate import Estimate
from tests.audit.small import evidence, posterior

PACT, RIVALS = "defence pact between the two", "rivalry"


def estimate(effects, **keys):
    asked = {"test": "estimate", "says": "x", "process": "dispute_onset", "effects": effects, "below": 0}
    return outcome(Estimate.model_validate(asked | keys), evidence())


@pytest.mark.parametrize("effects", [{PACT: 1}, {PACT: 1, RIVALS: -2}])
def test_the_band_is_that_of_draws(effects):
    told, rng = posterior().estimate("dispute_onset"), np.random.default_rng(1)
    weight = np.array([effects.get(name, 0.0) for name in told.names])
    drawn = rng.multivariate_normal(told.mode, told.covariance, 1_000_000) @ weight
    found = estimate(effects).found
    assert found.value == pytest.approx(drawn.mean(), abs=5 * drawn.std() / 1000)
    assert [found.lower, found.upper] == pytest.approx(np.quantile(drawn, (0.025, 0.975)), abs=0.005)


def test_a_sum_rests_on_what_rests_on_least():
    assert (estimate({PACT: 1}).found.badge, estimate({PACT: 1}).found.origin) == ("data-driven", "estimated")
    assert (estimate({PACT: 1, RIVALS: 1}).found.badge, estimate({PACT: 1, RIVALS: 1}).found.origin) == (
        "assumed",
        "assumed",
    )


def test_the_band_decides_and_the_other_side_flips_it():
    assert estimate({PACT: 1}).answer is Answer.HOLDS
    assert estimate({PACT: -1}).answer is Answer.FAILS
    assert estimate({RIVALS: 1}).answer is Answer.OPEN


def test_names_that_no_model_has_are_refused_with_a_suggestion():
    with pytest.raises(ValidationError, match="Did you mean 'dispute_onset'"):
        estimate({PACT: 1}, process="dispute_onse")
    with pytest.raises(ValidationError, match=f"Did you mean '{PACT}'"):
        estimate({"defence pact between them": 1})
