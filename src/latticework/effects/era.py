"""When it is: one era's laws need not be another's."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class Since(AbstractEffect):
    """One from a year on, zero before it."""

    formula = r"$1[t \geq y]$"
    reference = "era intercept"
    first: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The same for every state."""
        return (jnp.asarray(world.state("year")) >= self.first).astype(jnp.float32)


class Decades(AbstractEffect):
    """Decades that have gone by since a year, fewer than none before it."""

    formula = r"$(t - y) / 10$"
    reference = "linear trend"
    centre: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The same for every state."""
        return (jnp.asarray(world.state("year")) - self.centre) / 10
