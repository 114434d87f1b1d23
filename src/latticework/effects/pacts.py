"""What a pact is like, who belongs to it, and how near a state is to those who do."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.types import Array, Float
from latticework.world import World


def _members(world: World) -> Float[Array, "*t m n"]:
    return jnp.nan_to_num(jnp.asarray(world.membership("pact_member")))


class OfPact(AbstractEffect):
    """A layer of the pacts, as it is."""

    formula = r"$z_k$"
    reference = "identity"
    layer: str = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t m"]:
        """The layer's value."""
        return jnp.asarray(world.pact(self.layer))


class LogMembers(AbstractEffect):
    """Log of a pact's number of members, in the world and not only among the states that are looked at, over ten."""

    formula = r"$\log(\sum_i y_{ki} / 10)$"
    reference = "Fordham and Poast 2016: the size of a coalition limits its growth"

    def __call__(self, world: World) -> Float[Array, "*t m"]:
        """Zero at ten members."""
        return jnp.log(jnp.maximum(jnp.asarray(world.pact("pact_size")), 1.0) / 10)


class LogPactAge(AbstractEffect):
    """Log of one plus the years since a pact began, measured from ten years."""

    formula = r"$\log((1 + a_k) / 11)$"
    reference = "duration dependence; Leeds and Savun 2007"

    def __call__(self, world: World) -> Float[Array, "*t m"]:
        """Zero at ten years; NaN while the pact is not in force."""
        return jnp.log((1 + jnp.asarray(world.pact("pact_age"))) / 11)


class MeanOverMembers(AbstractEffect):
    """The mean of a state effect over a pact's members; those for whom it is missing are left out."""

    formula = r"$\sum_i y_{ki} x_i / \sum_i y_{ki}$"
    reference = "k-adic covariates, Poast 2010"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "*t m"]:
        """NaN where it is known for no member."""
        value = self.effect(world)[..., None, :]
        counted = _members(world) * jnp.isfinite(value)
        total = (counted * jnp.nan_to_num(value)).sum(-1)
        return jnp.where(counted.sum(-1) > 0, total / jnp.maximum(counted.sum(-1), 1.0), jnp.nan)


class OfEachPact(AbstractEffect):
    """An effect of the pact, for every state beside it."""

    formula = r"$z_k$"
    reference = "pact effect on its memberships"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "*t m n"]:
        """The pact's value, in each column."""
        value = self.effect(world)
        return jnp.broadcast_to(value[..., :, None], world.shape("membership"))


class OfEachState(AbstractEffect):
    """An effect of the state, for every pact beside it."""

    formula = r"$x_i$"
    reference = "state effect on its memberships"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "*t m n"]:
        """The state's value, in each row."""
        return jnp.broadcast_to(self.effect(world)[..., None, :], world.shape("membership"))


class MeanToMembers(AbstractEffect):
    """The mean of a symmetric dyad effect between a state and a pact's members, itself and missing values left out."""

    formula = r"$\sum_j y_{kj} x_{ij} / \sum_j y_{kj}$, $j \neq i$"
    reference = "k-adic covariates, Poast 2010; who joins is near to those who belong"
    effect: AbstractEffect

    def __call__(self, world: World) -> Float[Array, "*t m n"]:
        """NaN where it is known towards no member."""
        value = self.effect(world)
        known = jnp.isfinite(value) & ~jnp.eye(world.n, dtype=bool)
        members = _members(world)
        total = members @ jnp.where(known, value, 0.0)
        count = members @ known.astype(members.dtype)
        return jnp.where(count > 0, total / jnp.maximum(count, 1.0), jnp.nan)
