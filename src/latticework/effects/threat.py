"""Disputes between two states, the years of peace since the last, and rivals that two have in common."""

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


class SharedRivals(AbstractEffect):
    """The rivals that two states have in common."""

    formula = r"$\sum_k r_{ik} r_{jk}$"
    reference = "common threat as in Kuo and Blankenship 2022; rivalries of Thompson and Dreyer 2012"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """A number from 0; NaN where it is not known whether the two are rivals themselves."""
        rivalry = jnp.asarray(world.dyad("rivalry"))
        known = jnp.nan_to_num(rivalry)
        return known @ jnp.swapaxes(known, -1, -2) + 0 * rivalry
