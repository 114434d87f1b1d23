"""Disputes between two states, and the years of peace since the last."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class PeaceYears(AbstractEffect):
    """A power of the years since the dyad's last dispute, scaled so that its coefficient is of order one."""

    formula = r"$t_{ij}^k / s$"
    reference = "Carter and Signorino 2010: a cubic in time for duration dependence"
    power: int = eqx.field(static=True)
    scale: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """The scaled power."""
        return jnp.asarray(world.dyad("peace_years")) ** self.power / self.scale
