"""Domestic crises of asia-2025 on the real model: they put settlements off, and their rows go with them."""

import numpy as np
import pytest

from latticework.actions.assembling import mechanisms_of
from latticework.actions.chunks import Chunks
from latticework.actions.opening import opening
from latticework.actions.posterior import load_posterior
from latticework.actions.run import Options, simulate_scenario
from latticework.actions.scenarios import find_scenario
from latticework.processes import MODEL
from latticework.report.assumed import assumptions

BRANCH, PATHS = "transactional-hub", 200


def played(scenario):
    begin = opening(scenario, mechanisms_of(scenario).model(MODEL))
    return simulate_scenario(scenario, (BRANCH,), load_posterior(), begin, Options((BRANCH,), PATHS), Chunks())


@pytest.fixture(scope="module")
def both():
    _, whole = find_scenario("asia-2025")
    return [(s, played(s)) for s in (whole, whole.model_copy(update={"crises": ()}))]


def settled(ensemble, state: str, step: int) -> np.ndarray:
    return (ensemble["settled"].sel(branch=BRANCH, state=state).values[:, : step + 1] > 0).any(axis=1)


@pytest.mark.slow
def test_the_korean_crisis_puts_the_settlement_off(both):
    (_, crisis), (_, calm) = both
    for step in (1, 2):
        slow, quick = settled(crisis, "KOR", step), settled(calm, "KOR", step)
        assert not (slow & ~quick).any(), "on the same random numbers nobody settles earlier in a crisis"
        assert slow.sum() < quick.sum()
    assert settled(crisis, "KOR", 15).mean() > 0.9 * settled(calm, "KOR", 15).mean(), "it is put off, not called off"


@pytest.mark.slow
def test_without_the_crises_their_rows_are_gone(both):
    (whole, _), (calm, _) = both
    ids = {entry.id for entry in whole.crises}
    assert ids == {"kor-martial-law", "jpn-minority"}
    assert ids <= {row.id for row in assumptions(whole, (BRANCH,))}
    assert not ids & {row.id for row in assumptions(calm, (BRANCH,))}
