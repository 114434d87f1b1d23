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


class OutsidePact(AbstractEffect):
    r"""How many of the two states, as a share, have a defence pact with a third one that has none with the other.

    The pacts meant are between `least` and `less_than` years old. A directed law has the hazard that i starts a dispute
    rise by the factor $e^{b z_j}$, with $z_j$ one if the target j has such an ally; the hazard of a dispute between the
    two, whoever starts it, then rises by about $e^{b (z_i + z_j)/2}$: this effect with the same coefficient.
    """

    formula = r"$\tfrac12(z_{ij} + z_{ji}),\ z_{ij} = 1[\sum_{k \ne j} d_{ik} (1 - d_{jk}) > 0]$"
    reference = "Johnson and Leeds 2011; Kenwick, Vasquez and Powers 2015: standing and new pacts of the target"
    least: float = eqx.field(static=True, default=0.0)
    less_than: float = eqx.field(static=True, default=float("inf"))

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """0, 1/2 or 1."""
        pact = (jnp.nan_to_num(jnp.asarray(world.dyad("defence"))) > 0).astype(jnp.float32)
        age = jnp.nan_to_num(jnp.asarray(world.dyad("defence_years")))
        meant = pact * ((age >= self.least) & (age < self.less_than))
        outside = meant @ jnp.swapaxes(1 - pact, -1, -2) - meant  # the other state is no third one
        covered = (outside > 0.5).astype(jnp.float32)
        return (covered + jnp.swapaxes(covered, -1, -2)) / 2
