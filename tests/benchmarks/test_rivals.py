"""The benchmark's rivals simulate the engine's law: same world and draws, other code and other random numbers."""

from dataclasses import replace

import mesa_model
import numpy as np
import numpy_model
import pytest
from start import Layers, Start, engine, prepare

PATHS = 2000
LARGEST_Z = 4.5  # of some 350 statistics; a normal one is as large once in 150,000
ROUNDING = 1e-6  # single precision, relative to a statistic's largest value


@pytest.fixture(scope="module")
def start() -> Start:
    return prepare()


@pytest.fixture(scope="module")
def ours(start: Start) -> Layers:
    return engine(start, np.arange(PATHS))


def statistics(layers: Layers, start: Start) -> dict[str, np.ndarray]:
    """Numbers per path (p, ...) whose means are compared: events, chances, levels and how far they spread."""
    pairs = start.keep.pairs
    known = np.isfinite(start.state("ideal_point"))
    opening = np.fmax(start.dyad("troops"), start.dyad("troops").T)[*pairs.T]
    troops = layers["troops"][:, [3, -1]][:, :, opening >= 100]
    point = layers["ideal_point"][:, -1, known]
    away = point - start.state("ideal_point")[known]
    share = troops / opening[opening >= 100]
    return {
        "exits by state": layers["turnover"].sum(1),
        "exits by step": layers["turnover"].sum(2),
        "chance of an exit by state": layers["turnover_chance"].mean(1),
        "disputes by step": layers["dispute_total"],
        "disputes of kept pairs": layers["dispute"].sum((1, 2)),
        "chance of a dispute by step": layers["dispute_chance"].mean(2),
        "pacts left by step": layers["agreement"].sum(2),
        "chance of an end by step": layers["agreement_end_chance"].sum(2),
        "defence left": layers["defence"].sum((1, 2)),
        "log troops": np.log(np.maximum(troops, 1.0)),
        "troops below thresholds": np.stack([share < c for c in (0.3, 0.5, 0.8, 1.0, 1.2)], axis=-1),
        "ideal point": point,
        "spread of ideal points": np.abs(away),
        "far ideal points": np.abs(away) > 0.3,
    }


def largest_z(rival: Layers, ours: Layers, start: Start) -> tuple[float, str]:
    """The largest standardised difference of means, path against path because both use the same draw, and its name."""
    paths = len(rival["turnover"])
    theirs, mine = statistics(rival, start), statistics({k: v[:paths] for k, v in ours.items()}, start)
    worst = (0.0, "")
    for name, values in theirs.items():
        difference = values.astype(float).reshape(paths, -1) - mine[name].astype(float).reshape(paths, -1)
        assert np.isfinite(difference).all(), name
        error = difference.std(0, ddof=1) / np.sqrt(paths) + ROUNDING * np.abs(mine[name]).max()
        z = np.abs(difference.mean(0)) / error
        worst = max(worst, (float(z.max()), name))
    return worst


def test_numpy_simulates_the_same_law(start: Start, ours: Layers):
    rival = numpy_model.simulate(start, np.arange(PATHS), seed=5)
    assert {k: v.shape for k, v in rival.items()} == {k: v.shape for k, v in ours.items()}
    assert all(np.array_equal(np.isnan(rival[k]).all(0), np.isnan(ours[k]).all(0)) for k in rival)
    z, name = largest_z(rival, ours, start)
    assert z < LARGEST_Z, name


WRONG = {
    ("leader_exit", "regular: election this quarter"): 0.3,
    ("alignment", "own mean of five years"): -0.3,
    ("alignment", "log sigma"): 0.1,
    ("agreement_end", "non-aggression pledge"): 0.5,
    ("troop_change", "draw-down: intercept"): 0.3,
    ("troop_change", "noise of what is held: defence pact"): 0.4,
    ("dispute_onset", "rivalry"): 0.2,
}


@pytest.mark.parametrize(("process", "name"), WRONG, ids=[name for _, name in WRONG])
def test_control_one_coefficient_off_is_noticed(start: Start, ours: Layers, process: str, name: str):
    wrong = start.theta[process].copy()
    wrong[:, list(start.coefficients(process)).index(name)] += WRONG[process, name]
    other = replace(start, theta={**start.theta, process: wrong})
    assert largest_z(numpy_model.simulate(other, np.arange(PATHS), seed=5), ours, start)[0] > LARGEST_Z


@pytest.mark.slow
def test_mesa_simulates_the_same_law(start: Start, ours: Layers):
    z, name = largest_z(mesa_model.simulate(start, np.arange(600), seed=5), ours, start)
    assert z < LARGEST_Z, name


def test_a_few_paths_of_mesa_are_like_ours(start: Start, ours: Layers):
    z, name = largest_z(mesa_model.simulate(start, np.arange(60), seed=6), ours, start)
    assert z < 2 * LARGEST_Z, name


def test_a_branch_that_the_rivals_do_not_know_is_refused():
    with pytest.raises(ValueError, match="also moves"):
        numpy_model.simulate(prepare(branch="transactional-hub"), np.arange(2))
