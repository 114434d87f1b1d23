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


class RivalSpending(AbstractEffect):
    """Log of one plus the military spending of a state's rivals in percent of its own GDP.

    Without unit, so that no deflator enters. A rival whose spending is not known counts as none: the indicator of a
    rivalry stands beside it.
    """

    formula = r"$\log(1 + 100 \sum_j r_{ij} M_j / Y_i)$"
    reference = "DiGiuseppe and Poast 2018: log of the rivals' military spending"

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero without a rival; NaN where GDP or the list of rivals is missing."""
        rivalry = jnp.asarray(world.dyad("rivalry"))
        thousands = jnp.nan_to_num(jnp.asarray(world.state("military_spending")))
        spent = (jnp.nan_to_num(rivalry) * thousands[..., None, :]).sum(-1) * 1000.0
        share = jnp.log1p(100.0 * spent / jnp.asarray(world.state("gdp")))
        return jnp.where(jnp.isfinite(rivalry).any(-1), share, jnp.nan)


class SharedRivals(AbstractEffect):
    """The rivals that two states have in common."""

    formula = r"$\sum_k r_{ik} r_{jk}$"
    reference = "common threat as in Kuo and Blankenship 2022; rivalries of Thompson and Dreyer 2012"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """A number from 0; NaN where it is not known whether the two are rivals themselves."""
        rivalry = jnp.asarray(world.dyad("rivalry"))
        known = jnp.nan_to_num(rivalry)
        return known @ jnp.swapaxes(known, -1, -2) + 0 * rivalry
