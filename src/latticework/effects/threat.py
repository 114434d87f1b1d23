"""Disputes between two states, their record, and the wars in which states fight."""

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


class DisputeHistory(AbstractEffect):
    """Log of one plus the dyad's past disputes, each of which counts for half after every ten years."""

    formula = r"$\log(1 + \sum_k 2^{-(t - t_k)/10})$"
    reference = "Crescenzi and Enterline 2001: an interaction history that grows with events and decays"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Zero for a dyad without a record."""
        return jnp.log1p(jnp.asarray(world.dyad("dispute_history")))


class WarTheatre(AbstractEffect):
    """One where the first state fights in the second or next to it: a host of wartime logistics."""

    formula = r"$1[\exists k: w_{ik} = 1 \land (k = j \lor c_{kj} = 1)]$"
    reference = "Gleditsch et al. 2002: parties and supporters in armed conflicts"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """1, 0 or NaN."""
        return jnp.asarray(world.dyad("war_theatre"))


class FightsElsewhere(AbstractEffect):
    """One where the first state fights, but neither in the second nor next to it."""

    formula = r"$1[\exists k: w_{ik} = 1] (1 - \mathrm{theatre}_{ij})$"
    reference = "Pettyjohn and Kavanagh 2016: forces are moved between hosts for wars"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """1, 0 or NaN."""
        theatre = jnp.asarray(world.dyad("war_theatre"))
        fights = (jnp.nan_to_num(theatre) > 0).any(-1, keepdims=True)
        return jnp.where(jnp.isnan(theatre), jnp.nan, (fights & (theatre == 0)).astype(jnp.float32))


class InArmedConflict(AbstractEffect):
    """One for a state in an armed conflict with another state, or at war within (1,000 battle deaths a year)."""

    formula = r"$1[\exists j: w_{ij} \geq 1 \lor v_i = 2]$"
    reference = "Gleditsch et al. 2002"

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """1, 0 or NaN."""
        within, between = jnp.asarray(world.state("civil_conflict")), jnp.asarray(world.dyad("interstate_conflict"))
        fights = (within >= 2) | (jnp.nan_to_num(between) >= 1).any(-1)
        return jnp.where(jnp.isnan(within), jnp.nan, fights.astype(jnp.float32))
