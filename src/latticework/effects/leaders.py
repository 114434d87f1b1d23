"""Who leads, since when, and when they must face an election."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


class LogTenure(AbstractEffect):
    """Log of one plus the leader's years in office, measured from a leader of four years."""

    formula = r"$\log((1 + \tau_i) / 5)$"
    reference = "Bienen and van de Walle 1991: the risk of losing office falls with time in it"

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero for a leader of four years."""
        return jnp.log1p(jnp.asarray(world.state("tenure"))) - jnp.log(5.0)


class NewLeader(AbstractEffect):
    """One while the leader has been in office for less than `years`."""

    formula = r"$1[\tau_i < y]$"
    reference = "Mattes, Leeds and Carroll 2015: policy moves in the first year after a turnover"
    years: float = eqx.field(static=True, default=1.0)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """1, 0 or NaN."""
        tenure = jnp.asarray(world.state("tenure"))
        return jnp.where(jnp.isnan(tenure), jnp.nan, (tenure < self.years).astype(jnp.float32))


class NewCoalition(AbstractEffect):
    """One while it is less than `years` since the leader came to rest on other groups in society."""

    formula = r"$1[a_i < y]$"
    reference = "Mattes, Leeds and Matsumura 2016: changes in the source of leader support"
    years: float = eqx.field(static=True, default=1.0)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """1, 0 or NaN."""
        age = jnp.asarray(world.state("coalition_age"))
        return jnp.where(jnp.isnan(age), jnp.nan, (age < self.years).astype(jnp.float32))
