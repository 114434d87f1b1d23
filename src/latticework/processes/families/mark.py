"""Marks: what kind of event it was, once it has happened."""

import abc
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp

from latticework.processes.base import (
    AbstractUnitwise,
    Push,
    Rows,
    among,
    designed,
    standing,
)
from latticework.processes.noise import logistic
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name


class AbstractMark(AbstractUnitwise):
    r"""A yes or no of an event of this same step: $P = 1 / (1 + e^{-x\theta})$, whatever the step's length.

    A leaf names the `mark` layer (1 yes, 0 no or no event) and the layer of the event, the first in `given`.
    """

    mark: AbstractClassVar[str]

    @abc.abstractmethod
    def marked(self, after: World) -> Float[Array, "*u"]:
        """1 where the event is so, 0 where not, NaN where not known."""

    def possible(self, world: World) -> Bool[Array, "*u"]:
        """Where the event can happen at all: everywhere, if a leaf does not say otherwise."""
        return jnp.ones(world.shape(self.unit), bool)

    def happened(self, seen: World) -> Bool[Array, "*u"]:
        """Where the event happened in this step."""
        return jnp.nan_to_num(jnp.asarray(seen.layer(self.unit, self.given[0]))) > 0

    def advance(self, before: World, mark: Float[Array, "*u"]) -> World:
        """The world after the marks: nothing else moves, if a leaf does not say otherwise."""
        return before

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every unit with an event whose effects and mark are known; `before` shows this step's events."""
        design, outcome = designed(self.coefficients(), before, self.unit), self.marked(after)
        risk = among(self.unit, before, after) & self.happened(before)
        risk = risk & jnp.isfinite(design).all(-1) & jnp.isfinite(outcome)
        design, outcome = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, outcome, 0.0)
        return Rows(design, jnp.zeros_like(outcome), outcome, risk, jnp.full((1,) * outcome.ndim, dt))

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of yes or no."""
        return rows.outcome * jax.nn.log_sigmoid(etas[0]) + (1 - rows.outcome) * jax.nn.log_sigmoid(-etas[0])

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the marks of this step's events; where an effect is missing the answer is no."""
        (eta,) = self.etas(theta, before, push)
        eta = eta + push.shift
        risk = standing(self.unit, before) & self.happened(before) & jnp.isfinite(eta)
        drawn = (risk & (logistic(key, self.unit, risk.shape) < eta)).astype(jnp.float32)
        return self.advance(before.with_layers(self.unit, {self.mark: drawn}), drawn)

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The mark at zero."""
        clear = jnp.zeros(world.shape(self.unit))
        return world.with_layers(self.unit, {self.mark: clear})

    def tally(
        self, theta: Float[Array, "k"], rows: Rows, offset: Float[Array, "*u"] | float = 0.0
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Marks that are yes and the number expected, row by row."""
        return rows.outcome, jax.nn.sigmoid(self.weighed(theta, rows.design, offset)[0])
