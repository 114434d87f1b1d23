"""The measure on simulated paths against a particle filter, which draws every innovation as the model has it."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from strength import made_up, particles, tie_of

from latticework.measures.strength.layers import FOLLOWED
from latticework.measures.strength.simulated import simulated_strength

PATHS, TIES = 2000, 2
TREATY, _, SIZE, VOTES, DISPUTES = range(len(FOLLOWED))


def scenes() -> dict[str, np.ndarray]:
    """Readings (t, k, d) of two years in which nothing happens, votes part, disputes begin, or a pact and troops go."""
    calm = made_up(np.random.default_rng(1), 8, TIES)[3]
    calm[:, DISPUTES] = 0.0
    apart, fights, leaves = calm.copy(), calm.copy(), calm.copy()
    apart[7, VOTES] += 2.0
    fights[[1, 2, 4, 6], DISPUTES] = 1.0
    leaves[7, TREATY], leaves[7, SIZE, 0] = 2.0, 0.0
    return {"calm": calm, "apart": apart, "fights": fights, "leaves": leaves}


def both(readings: np.ndarray, heard: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of strength at the end (2, d): by particles, and on our paths, which may hear other readings."""
    law, start, steps, _ = made_up(np.random.default_rng(1), 8, TIES, draws=1)
    variances = np.array([0.1, 0.3, 0.3, 0.5, 0.5, 0.2, 0.2, 0.5])
    start = replace(start, spread=np.broadcast_to(np.diag(variances)[None, ..., None], start.spread.shape))
    roots = np.sqrt(variances)[:, None, None]
    theirs = []
    for d in range(TIES):
        x, w = particles(np.random.default_rng(d), tie_of(law, start, steps, readings[..., d], 0, d), 150_000)
        theirs.append((w @ x, np.sqrt(w @ (x - w @ x) ** 2)))
    many = np.random.default_rng(3).standard_normal((len(roots), PATHS, TIES))
    parts = np.moveaxis(start.centre[0][:, None] + roots * many, 1, 0)
    mean, centre, spread = (np.repeat(values, PATHS, 0) for values in (start.mean, start.centre, start.spread))
    start = replace(start, parts=parts, mean=mean, centre=centre, spread=spread)
    law = jax.tree.map(lambda values: np.repeat(values, PATHS, 0), law)
    told = np.repeat((readings if heard is None else heard)[:, :, None], PATHS, axis=2)
    ours = simulated_strength(law, start, steps, told, jax.random.key(5), np.arange(PATHS))[-1]
    return np.array(theirs).T, np.stack([ours.mean(0), ours.std(0, ddof=1)])


@pytest.mark.parametrize("name", scenes())
def test_paths_have_the_law_of_the_particles(name: str):
    """Within the error of 2000 paths and a fifth of an sd, which collapsing the mixture every year may cost."""
    theirs, ours = both(scenes()[name])
    error = 3 * theirs[1] / np.sqrt(PATHS)
    assert (np.abs(ours[0] - theirs[0]) < error + 0.2 * theirs[1]).all(), (name, theirs, ours)
    assert (np.abs(ours[1] / theirs[1] - 1) < 0.25).all(), (name, theirs, ours)


@pytest.mark.parametrize("name", ["apart", "fights", "leaves"])
def test_control_paths_that_hear_of_nothing_have_another_law(name: str):
    theirs, ours = both(scenes()[name], heard=scenes()["calm"])
    assert (np.abs(ours[0] - theirs[0]) > 0.4 * theirs[1]).any(), (name, theirs, ours)
