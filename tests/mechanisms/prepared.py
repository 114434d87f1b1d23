"""A world of a hub, a rival, a second threat and allies, for the tests of mechanisms."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from latticework.mechanisms import SIGNALS, Poles
from latticework.mechanisms.base import drawn
from latticework.processes import Push
from latticework.types import Array
from latticework.world import World
from tests.synthetic import made_up_world

HUB, RIVAL, SECOND, ALLY, FREE = range(5)
POLES = Poles(HUB, RIVAL, SECOND)
CODES = ("HUB", "RIV", "SEC", "ALL", "FRE")
QUARTER, YEAR = jnp.asarray(0.25), jnp.asarray(1.0)
KEY = jax.random.key(11)


def system(**signals: float) -> World:
    """Five states, the fourth allied with the hub and hosting its troops; signals act on the fourth alone."""
    world = made_up_world(5, 3)
    defence = np.zeros((5, 5), np.float32)
    defence[HUB, ALLY] = defence[ALLY, HUB] = 1.0
    troops = np.zeros((5, 5), np.float32)
    troops[HUB, ALLY] = 20_000.0
    history = np.full((5, 5), 0.5, np.float32)
    trade = np.full((5, 5), 100.0, np.float32) * (1 - np.eye(5, dtype=np.float32))
    visits = {name: jnp.zeros((5, 5)) for name in ("visit_president", "visit_secretary")}
    dyads = {"defence": defence, "troops": troops, "dispute_history": history, "trade": trade}
    states = {name: jnp.zeros(5).at[ALLY].set(signals.get(name, 0.0)) for name in SIGNALS}
    return world.replace(states, {name: jnp.asarray(v) for name, v in dyads.items()} | visits)


def expected(process, **override: float) -> Array:
    """Coefficients at the means of their priors, with some replaced."""
    return jnp.asarray([override.get(c.name, c.prior_mean) for c in process.coefficients()], jnp.float32)


def started(process, theta: Array, **signals: float) -> World:
    """The system with a mechanism ready to move, and signals on."""
    world = process.start(KEY, theta, system())
    return world.replace({name: jnp.zeros(5).at[ALLY].set(value) for name, value in signals.items()})


def priors(process, draws: int = 200) -> Array:
    """Draws of all coefficients from their priors."""
    return drawn(jax.random.key(3), process.coefficients(), draws)


def moved(process, theta: Array, world: World, keys: int = 400, dt: Array = QUARTER) -> World:
    """Many draws of the next world: a leading axis of draws on every layer."""
    return _moved(process, theta, world, dt, jax.random.split(KEY, keys))


@eqx.filter_jit
def _moved(process, theta: Array, world: World, dt: Array, keys: Array) -> World:
    return jax.vmap(lambda k: process.sample(k, theta, world, dt, Push()))(keys)


@eqx.filter_jit
def log_probs(process, theta: Array, before: World, layer: str, values: Array, dt: Array) -> Array:
    """Log probability of worlds that differ from the one before in a layer, by its values (a leading axis)."""
    return jax.vmap(lambda v: process.log_prob(theta, before, before.replace({layer: v}), dt))(values)
