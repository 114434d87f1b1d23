"""The benchmark's rivals simulate the engine's law: same world and draws, other code and other random numbers."""

from dataclasses import replace

import agents
import numpy as np
import plain
import pytest
from start import Layers, Start, engine, prepare

PATHS = 1500
LARGEST_Z = 5.0  # of some 11,000 statistics; a normal one is as large once in 1.7 million
ROUNDING = 1e-6  # single precision, relative to a statistic's largest value
LOGGED = ("troops", "trade", "trade_usual", "defence_effort", "military_spending", "warheads")
LED = ("military_spending",)  # layers in which states may follow the largest
SMALL = 1e-3  # of the mean size of a unit's moves: what is less is rounding
FINEST = 1e3 * np.finfo(np.float32).eps  # of a level: a unit that moves less is still, but for rounding
FEWEST_PATHS = 20  # with an event of a kind in one of the two engines, below which a mean is far from normal


@pytest.fixture(scope="module")
def start() -> Start:
    return prepare()


@pytest.fixture(scope="module")
def ours(start: Start) -> Layers:
    return engine(start, np.arange(PATHS))


def statistics(name: str, layer: np.ndarray, ours: np.ndarray) -> dict[str, np.ndarray]:
    """Numbers per path (p, q) of one layer (p, s, u): by unit, by step, first and last, how it spreads and moves.

    Moves from step to step are measured in the mean size of ours and bounded: a law of many small moves and a few
    large ones has means that the large ones hide. What happens seldom is counted over all units and steps.
    """
    if layer.ndim == 2:
        return {name: layer}
    moves, size = np.diff(layer, axis=1), np.abs(np.diff(ours, axis=1)).mean((0, 1))
    bounded = np.tanh(moves / np.where(size > FINEST * np.abs(ours).max((0, 1)), size, np.inf))
    found = {
        f"{name} by unit": layer.mean(1),
        f"{name} by step": layer.mean(2),
        f"{name} at first": layer[:, 0],
        f"{name} at last": layer[:, -1],
        f"{name} from its centre": np.abs(layer[:, -1] - ours[:, -1].mean(0)),
        f"{name} moves": np.abs(bounded).mean(1),
        f"{name} rises": (bounded > SMALL).sum((1, 2))[:, None],
        f"{name} falls": (bounded < -SMALL).sum((1, 2))[:, None],
    }
    if name in LED:  # whoever moves after the largest did
        largest = np.argmax(ours.mean((0, 1)))
        found[f"{name} follows"] = (bounded[:, 1:] * bounded[:, :-1, largest : largest + 1]).mean(1)
    return found


def told(name: str, layer: np.ndarray, units: np.ndarray) -> np.ndarray:
    """A layer in double precision, the units that are never known left out; amounts on a log scale."""
    values = np.asarray(layer, float)[..., units]
    return np.log(np.maximum(values, 1e-3)) if name in LOGGED else values


def distances(rival: Layers, ours: Layers) -> dict[str, float]:
    """The largest standardised difference of means of each statistic, path against path: both use the same draw."""
    found = {}
    for name in ours:
        paths = len(rival[name])
        units = ~np.isnan(ours[name]).all(axis=tuple(range(ours[name].ndim - 1)))
        assert np.array_equal(units, ~np.isnan(rival[name]).all(axis=tuple(range(rival[name].ndim - 1)))), name
        theirs, mine = (told(name, x[:paths], units) for x in (rival[name], ours[name]))
        own = statistics(name, mine, mine)
        for what, a in statistics(name, theirs, mine).items():
            b = own[what]
            difference = a - b
            assert np.isfinite(difference).all(), what
            error = difference.std(0, ddof=1) / np.sqrt(paths) + ROUNDING * np.abs(b).max() + 1e-12
            enough = (difference != 0).sum(0) >= FEWEST_PATHS
            found[what] = float((np.abs(difference.mean(0)) / error * enough).max())
    return found


def worst(rival: Layers, ours: Layers) -> tuple[float, str]:
    return max((z, name) for name, z in distances(rival, ours).items())


@pytest.mark.slow
def test_numpy_simulates_the_same_law(start: Start, ours: Layers):
    rival = plain.simulate(start, np.arange(PATHS), seed=5)
    assert {k: v.shape for k, v in rival.items()} == {k: v.shape for k, v in ours.items()}
    z, name = worst(rival, ours)
    assert z < LARGEST_Z, name


@pytest.mark.slow
def test_every_process_has_a_layer_that_is_compared(start: Start, ours: Layers):
    keep = start.keep
    kept = {*keep.states, *keep.dyads, *keep.pacts}
    marks = {"defence_pledged": "agreement_defence", "nonaggression_pledged": "agreement_nonaggression"}
    joins = {"pact_joined": "membership_joined", "pact_left": "membership_left"}
    shown = marks | joins | {"garrison_opened": "troops"}  # laid down by the process that moves them
    missed = [p.name for p in start.model if not kept & {*p.writes, shown.get(p.name)}]
    assert not missed
    moves = [name for name in keep.dyads if np.nanmax(np.ptp(ours[name], axis=0)) > 0]  # in whichever step
    assert set(moves) == set(keep.dyads), "a layer that never moves is no evidence"


WRONG = {
    ("leader_exit", "regular: election this quarter"): 0.3,
    ("leader_exit", "irregular: intercept"): 0.5,
    ("coalition_change", "intercept"): 0.5,
    ("agreement_signed", "intercept"): 1.0,
    ("defence_pledged", "intercept"): 3.0,
    ("nonaggression_pledged", "intercept"): -3.0,
    ("agreement_end", "violated: intercept"): 1.5,
    ("pact_founded", "begun: intercept"): 1.0,
    ("pact_joined", "defence obligation, mean over members"): 1.5,
    ("pact_left", "intercept"): 1.5,
    ("pact_ended", "intercept"): 1.0,
    ("alignment", "own mean of five years"): -0.3,
    ("alignment", "log sigma"): 0.1,
    ("alignment", "log jump hazard"): 0.7,
    ("garrison_opened", "opening: intercept"): 1.0,
    ("garrison_opened", "size: intercept"): 1.0,
    ("troop_change", "draw-down: intercept"): 0.4,
    ("troop_change", "noise of what is held: defence pact"): 0.5,
    ("exercises", "log past exercises"): 0.05,
    ("visits_president", "defence pact"): 0.3,
    ("visits_secretary", "log distance"): 0.3,
    ("visits_defence", "log troops"): 0.2,
    ("trade", "log usual trade"): 0.2,
    ("trade", "log sigma"): 0.1,
    ("defence_effort", "growth of allies' effort"): 4.0,
    ("defence_effort", "log sigma"): 0.1,
    ("defence_effort", "log jump size"): 0.5,
    ("defence_effort", "made up in a jump"): 2.0,
    ("nuclear_step", "none"): 1.5,
    ("warheads", "log of the largest rival stockpile"): 0.2,
    ("dispute_onset", "rivalry"): 0.4,
    ("force_used", "intercept"): 0.8,
    ("dispute_deaths", "intercept"): 1.5,
    ("dispute_end", "intercept"): 0.5,
    ("dispute_end", "began in the step"): 1.0,
}


@pytest.mark.slow
@pytest.mark.parametrize(("process", "name"), WRONG, ids=[" ".join(key) for key in WRONG])
def test_control_one_coefficient_off_is_noticed(start: Start, ours: Layers, process: str, name: str):
    wrong = start.theta[process].copy()
    wrong[:, list(start.coefficients(process)).index(name)] += WRONG[process, name]
    other = replace(start, theta={**start.theta, process: wrong})
    assert worst(plain.simulate(other, np.arange(PATHS), seed=5), ours)[0] > LARGEST_Z


@pytest.mark.slow
def test_mesa_simulates_the_same_law(start: Start, ours: Layers):
    z, name = worst(agents.simulate(start, np.arange(600), seed=5), ours)
    assert z < LARGEST_Z, name


@pytest.mark.slow
def test_a_few_paths_of_mesa_are_like_ours(start: Start, ours: Layers):
    z, name = worst(agents.simulate(start, np.arange(30), seed=6), ours)
    assert z < 2 * LARGEST_Z, name


def test_a_branch_that_the_rivals_do_not_know_is_refused():
    with pytest.raises(ValueError, match="also moves"):
        plain.simulate(prepare(branch="transactional-hub"), np.arange(2))
