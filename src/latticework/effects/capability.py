"""How strong two states are beside each other."""

import equinox as eqx
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


class LogOfLargest(AbstractEffect):
    """Log of a state's value over the largest in the world: without unit, so that no deflator enters."""

    formula = r"$\log(x_i / \max_j x_j)$"
    reference = "relative size; Olson and Zeckhauser 1966"
    layer: str = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero for the largest, below zero for all others; NaN where the value is missing or not positive."""
        value = jnp.asarray(world.state(self.layer))
        value = jnp.where(value > 0, value, jnp.nan)
        largest = jnp.max(jnp.nan_to_num(value), axis=-1, keepdims=True)
        return jnp.log(value / jnp.where(largest > 0, largest, 1.0))
