"""What a state's partners are like."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Bool, Float, UInt32
from latticework.world import World

WORD = 32


class PartnerMean(AbstractEffect):
    r"""The mean of a state layer over the states tied to it, weighted by another layer if one is named.

    Zero for a state without ties.
    """

    formula = r"$\sum_j y_{ij} w_j x_j / \sum_j y_{ij} w_j$"
    reference = "alter average, Snijders, van de Bunt and Steglich 2010; weighted: a spatial lag"
    layer: str = eqx.field(static=True)
    tie: str = eqx.field(static=True)
    weight: str | None = eqx.field(static=True, default=None)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The mean over partners whose value (and weight) is known."""
        value = jnp.asarray(world.state(self.layer))
        weight = jnp.ones_like(value) if self.weight is None else jnp.asarray(world.state(self.weight))
        weight = jnp.where(jnp.isfinite(value), jnp.nan_to_num(weight), 0.0)
        tie = jnp.nan_to_num(jnp.asarray(world.dyad(self.tie))) * weight[..., None, :]
        total = tie.sum(-1)
        return (tie * jnp.nan_to_num(value)[..., None, :]).sum(-1) / jnp.where(total > 0, total, 1.0)


class PartnerMax(AbstractEffect):
    r"""The highest of a tie, or of a tie times an effect of the partner, over all partners.

    For an indicator it is one where any partner has it; zero for a state without ties. A partner of whom the effect is
    not known does not count; where no tie of the state is known the value is missing.
    """

    formula = r"$\max_j y_{ij} x_j$"
    reference = "any-partner indicator, DiGiuseppe and Poast 2018"
    tie: str = eqx.field(static=True)
    effect: AbstractEffect | None = None

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The highest value, at least zero."""
        tie = jnp.asarray(world.dyad(self.tie))
        value = jnp.ones(tie.shape[:-1]) if self.effect is None else jnp.nan_to_num(self.effect(world))
        highest = jnp.maximum((jnp.nan_to_num(tie) * value[..., None, :]).max(-1), 0.0)
        return jnp.where(known(tie), highest, jnp.nan)


class PartnerCount(AbstractEffect):
    r"""The sum of a state's ties; missing where none of them is known."""

    formula = r"$\sum_j y_{ij}$"
    reference = "degree"
    tie: str = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """The number of partners, if the tie is 1 or 0."""
        tie = jnp.asarray(world.dyad(self.tie))
        return jnp.where(known(tie), jnp.nan_to_num(tie).sum(-1), jnp.nan)


def known(tie: Float[Array, "*t n n"]) -> Bool[Array, "*t n"]:
    """Whether anything is known of a state's ties."""
    return jnp.isfinite(tie).any(-1)


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
        pact = jnp.asarray(world.dyad("defence")) > 0
        age = jnp.nan_to_num(jnp.asarray(world.dyad("defence_years")))
        meant = pact & (age >= self.least) & (age < self.less_than)
        third = packed(~pact & ~jnp.eye(world.n, dtype=bool))  # the other state is no third one
        covered = ((packed(meant)[..., :, None, :] & third[..., None, :, :]) != 0).any(-1).astype(jnp.float32)
        return (covered + jnp.swapaxes(covered, -1, -2)) / 2


def packed(marks: Bool[Array, "*t n m"]) -> UInt32[Array, "*t n w"]:
    """Each row's marks as the bits of 32-bit words: what two rows have in common is one operation per word."""
    gap = -marks.shape[-1] % WORD
    wide = jnp.pad(marks, [(0, 0)] * (marks.ndim - 1) + [(0, gap)]).reshape(*marks.shape[:-1], -1, WORD)
    return (wide.astype(jnp.uint32) << jnp.arange(WORD, dtype=jnp.uint32)).sum(-1, dtype=jnp.uint32)
