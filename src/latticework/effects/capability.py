"""How strong two states are beside each other."""

import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class CapabilityRatio(AbstractEffect):
    """The weaker state's share of material capability over the stronger one's."""

    formula = r"$\min(c_i, c_j) / \max(c_i, c_j)$"
    reference = "Singer, Bremer and Stuckey 1972; parity as in Bremer 1992"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Between 0 and 1; NaN where either is missing."""
        value = jnp.asarray(world.state("capability"))
        a, b = value[..., :, None], value[..., None, :]
        return jnp.minimum(a, b) / jnp.maximum(jnp.maximum(a, b), 1e-9)
