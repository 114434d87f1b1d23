"""Signals are what a scenario sets for mechanisms: each lasts for the steps in which it is set."""

import equinox as eqx
import jax.numpy as jnp

from latticework.mechanisms.base import SIGNALS, Poles, with_signals
from latticework.processes import Push
from latticework.processes.base import AbstractBookkeeping
from latticework.types import Array, Float, Key
from latticework.world import World

STANDING = ("demand",)  # it stands until it is settled, which is the bargain's business


class Signals(AbstractBookkeeping):
    """Signals fall silent at the end of every step, after all mechanisms have read them; nothing here is uncertain."""

    name = "signals"
    title = "Signals fall silent"
    unit = "state"
    grid = "quarter"
    observed = None
    reads = ()
    writes = tuple(name for name in SIGNALS if name not in STANDING)
    poles: Poles = eqx.field(static=True, kw_only=True)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """All signals at zero but those that stand."""
        return before.replace(dict.fromkeys(self.writes, jnp.zeros(before.n)))

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Every layer that mechanisms read."""
        return with_signals(world, self.poles.hub)
