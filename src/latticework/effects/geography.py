"""Where states lie: neighbours by land, dyads that can reach each other."""

import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class LandNeighbours(AbstractEffect):
    """One for two states that share a land or river border (COW contiguity code 1)."""

    formula = r"$1[c_{ij} = 1]$"
    reference = "Stinnett et al. 2002, COW direct contiguity 3.2"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """1, 0 or NaN."""
        code = jnp.asarray(world.dyad("contiguity"))
        return jnp.where(jnp.isnan(code), jnp.nan, (code == 1).astype(jnp.float32))


class PoliticallyRelevant(AbstractEffect):
    """One for dyads with a major power or within 400 miles of water of each other (COW codes 1 to 5)."""

    formula = r"$1[1 \leq c_{ij} \leq 5 \lor m_i \lor m_j]$"
    reference = "Maoz and Russett 1993; Lemke and Reed 2001"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """1 or 0; a dyad whose contiguity is unknown counts by its major powers alone."""
        code = jnp.asarray(world.dyad("contiguity"))
        major = jnp.nan_to_num(jnp.asarray(world.state("major_power")))
        near = (code >= 1) & (code <= 5)
        return (near | (major[..., :, None] > 0) | (major[..., None, :] > 0)).astype(jnp.float32)
