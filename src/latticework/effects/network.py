"""What a state's partners are like."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class PartnerMean(AbstractEffect):
    r"""The mean of a state layer over the states tied to it; zero for a state without ties."""

    formula = r"$\sum_j y_{ij} x_j / \max(1, \sum_j y_{ij})$"
    reference = "alter average, Snijders, van de Bunt and Steglich 2010"
    layer: str = eqx.field(static=True)
    tie: str = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The mean over partners whose value is known."""
        value = jnp.asarray(world.state(self.layer))
        known = jnp.isfinite(value).astype(jnp.float32)
        tie = jnp.nan_to_num(jnp.asarray(world.dyad(self.tie))) * known[..., None, :]
        return (tie * jnp.nan_to_num(value)[..., None, :]).sum(-1) / jnp.maximum(tie.sum(-1), 1.0)
