"""What a patron places abroad."""

import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class LogTroops(AbstractEffect):
    """Log (base 10) of the sender's troops on the host's soil, measured from a thousand."""

    formula = r"$\log_{10} T_{ij} - 3$"
    reference = "Allen, Flynn and VanDusky-Allen 2016"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Zero at a thousand troops; NaN where there are none."""
        troops = jnp.asarray(world.dyad("troops"))
        return jnp.where(troops > 0, jnp.log10(jnp.maximum(troops, 1e-6)) - 3, jnp.nan)


class TroopsHosted(AbstractEffect):
    """Log of one plus the foreign troops on the state's soil, all senders together."""

    formula = r"$\log(1 + \sum_i T_{ij})$"
    reference = "Allen, Flynn and VanDusky-Allen 2016"

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero for a state that no report lists as a host."""
        return jnp.log1p(jnp.nan_to_num(jnp.asarray(world.dyad("troops"))).sum(-2))
