"""Do states stray as far in the UN as the drift of alignment says, in one decade as in another?

From 1975 to 1984 85 % of the moves are inside: one trend is not all of it.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.actions.posterior import load_posterior
from latticework.data import load_panel
from latticework.processes import AlignmentDrift, Push
from latticework.processes.base import designed
from latticework.world import World

DRAWS, CENTRAL = 59, 0.8
DECADES = (1985, 1995, 2005, 2015)


@pytest.fixture(scope="module")
def votes():
    process = AlignmentDrift()
    return load_panel(start=DECADES[0], end=2023, step="year", layers=process.reads)


def covered(votes, first: int, year: float | None = None) -> tuple[float, int]:
    """The share of a decade's yearly moves inside the central 80 % of draws; all taken for those of a `year`."""
    process = AlignmentDrift()
    theta = jnp.asarray(load_posterior().draw(jax.random.key(1), DRAWS)["alignment"])
    inside = []
    for t in range(first - DECADES[0], min(first + 9 - DECADES[0], len(votes.dates) - 1)):
        before, after = votes.at(t).mapped(jnp.asarray), votes.at(t + 1)
        world = before.seeing(after.mapped(jnp.asarray), process.given)
        if year is not None:
            world = world.replace({"year": jnp.full(before.n, year)})
        level, sd = (np.asarray(after.state(name)) for name in ("ideal_point", "ideal_point_sd"))
        drawn = np.asarray(jax.vmap(lambda k, mine, w=world: moved(process, k, mine, w))(keys(t), theta))
        error = np.exp(np.asarray(theta)[:, -1:]) * sd * np.random.default_rng(t).standard_normal(drawn.shape)
        low, high = np.quantile(drawn + error, [(1 - CENTRAL) / 2, (1 + CENTRAL) / 2], axis=0, method="weibull")
        told = np.isfinite(designed(process.coefficients(), world, process.unit)).all(-1)  # the others stay put
        known = np.isfinite(level) & np.isfinite(low) & np.asarray(told)
        inside.append(((level >= low) & (level <= high))[known])
    found = np.concatenate(inside)
    return float(found.mean()), len(found)


def keys(number: int) -> jax.Array:
    return jax.random.split(jax.random.key(number), DRAWS)


def moved(process: AlignmentDrift, key: jax.Array, theta: jax.Array, world: World) -> jax.Array:
    """A latent position that the published one may stand for, a year on."""
    first, second = jax.random.split(key)
    begun = process.start(first, theta, world)
    return jnp.asarray(process.sample(second, theta, begun, jnp.asarray(1.0), Push()).state("ideal_point"))


@pytest.mark.parametrize("first", DECADES)
def test_four_moves_in_five_are_inside_in_every_decade(votes, first):
    share, count = covered(votes, first)
    assert count > 900
    assert 0.76 < share < 0.84


def test_control_with_the_spread_of_twenty_years_before_too_many_are_inside(votes):
    share, _ = covered(votes, 2015, year=1990.0)
    assert share > 0.86
