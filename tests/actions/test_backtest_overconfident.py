"""A simulated model that is too sure of itself scores worse, through the same simulation and the same judge."""

from dataclasses import replace

import numpy as np
import pytest

from latticework.actions.backtest import judged
from latticework.actions.backtests.forecast import forecast, moving, targeted
from latticework.actions.backtests.origin import origin
from latticework.actions.posterior import load_posterior
from latticework.evaluate.judge import Forecasts
from latticework.evaluate.record import Record
from latticework.evaluate.skill import MODEL, resampled
from latticework.fit import Posterior

pytestmark = pytest.mark.slow  # it compiles and simulates the world from three origins, twice
TARGETS = ("leader-change", "defence-effort")
YEARS, PATHS = (1995, 2005, 2015), 24
LAYERS = targeted(TARGETS)


def changed(posterior: Posterior, process: str, change) -> Posterior:
    """The posterior with some modes of a process changed: `change` takes a coefficient's name and its mode."""
    estimate = posterior.estimate(process)
    mode = np.array([change(name, value) for name, value in zip(estimate.names, estimate.mode, strict=True)])
    return replace(posterior, estimates={**posterior.estimates, process: replace(estimate, mode=mode)})


def too_sure(posterior: Posterior) -> Posterior:
    """Effort diffuses and jumps a sixth as far, and what bears on leaders bears on them twice as much."""
    narrow = {"log sigma": np.log(6), "log jump size": np.log(6)}
    assert set(narrow) <= set(posterior.estimate("defence_effort").names)
    calm = changed(posterior, "defence_effort", lambda name, value: value - narrow.get(name, 0.0))
    return changed(calm, "leader_exit", lambda name, value: value if name == "intercept" else 2 * value)


@pytest.fixture(scope="module")
def both():
    """What was judged of the model and of the one that is too sure, by target and horizon."""
    starts, record, posterior = [origin(year, moving(LAYERS)) for year in YEARS], Record.load(), load_posterior()
    found = []
    for model in (posterior, too_sure(posterior)):
        made = [
            Forecasts(start.year, start.year, forecast(start, model, PATHS, 1, LAYERS) | {"paths": np.array(PATHS)})
            for start in starts
        ]
        found.append({(part.target, part.horizon): part for part in judged(made, TARGETS, record)})
    return found


@pytest.mark.parametrize(
    ("target", "horizon", "score"),
    [
        *(("leader-change", horizon, score) for horizon in ("q1", "y1", "y3", "y5") for score in ("Brier", "log")),
        *(("defence-effort", horizon, "CRPS") for horizon in ("y1", "y3", "y5")),
        ("defence-effort", "y1-y5", "energy"),
    ],
)
def test_whoever_is_too_sure_scores_worse(both, target, horizon, score):
    right, sure = (found[target, horizon] for found in both)
    assert right.outcome.tolist() == sure.outcome.tolist()
    losses = {"right": right.losses[score][MODEL], "sure": sure.losses[score][MODEL]}
    assert losses["sure"].mean() > losses["right"].mean()
    drawn = resampled(right, losses, seed=1)
    assert (drawn["sure"] > drawn["right"]).mean() > 0.95  # whichever years and states had come


@pytest.mark.parametrize("horizon", ["y1", "y3", "y5"])
def test_intervals_of_whoever_is_too_sure_cover_too_little(both, horizon):
    right, sure = (found["defence-effort", horizon].inside[0.8].mean() for found in both)
    assert right > 0.7
    assert sure < right - 0.15
