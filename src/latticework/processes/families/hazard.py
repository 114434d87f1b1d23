"""Events at a rate: of one kind, or of several that compete."""

import abc
from typing import TYPE_CHECKING, ClassVar

import jax.numpy as jnp

from latticework.processes.base import AbstractUnitwise, Push, Rows, among, designed, standing
from latticework.processes.noise import exponential, fold_in, uniform
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name

MOST_HAZARD = 60.0
UNTOLD = -1.0  # the outcome of a row whose event happened in a manner that nobody recorded


def log_chance(exposure: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""The log of $1 - e^{-H}$, exact for small and large cumulative hazards H."""
    return jnp.log(-jnp.expm1(-exposure))


class AbstractHazard(AbstractUnitwise):
    r"""Events at a rate: $P = 1 - \exp(-h\,dt)$, $h = \sum_k e^{x\theta_k}$: complementary log-log, offset $\log dt$.

    A leaf names the `event` layer (1 where it happened in the step that ends at a world), who is `at_risk`, and how the
    world `advance`s. If the event can happen in several ways, `kinds` names a layer for each, in the order of the
    predictors: competing risks, of which kind k happens with chance $P\,h_k / h$. An event whose kind is not on record
    counts as an event of some kind.
    """

    event: AbstractClassVar[str]
    chance: AbstractClassVar[str]
    kinds: ClassVar[tuple[str, ...]] = ()

    @abc.abstractmethod
    def at_risk(self, before: World) -> Bool[Array, "*u"]:
        """Which units can have the event."""

    @abc.abstractmethod
    def advance(self, before: World, event: Float[Array, "*u"], dt: Float[Array, ""]) -> World:
        """The world after the events: clocks go on or start anew, ties end."""

    def outcome(self, after: World) -> Float[Array, "*u"]:
        """0 for no event, else the number of its kind from 1, UNTOLD if that is not on record; NaN if unknown."""
        event = jnp.asarray(after.layer(self.unit, self.event))
        if not self.kinds:
            return (event > 0).astype(jnp.float32) + 0 * event
        told = [jnp.nan_to_num(jnp.asarray(after.layer(self.unit, kind))) > 0 for kind in self.kinds]
        number = jnp.select(told, [k + 1.0 for k in range(len(told))], UNTOLD)
        return jnp.where(event > 0, number, 0.0 * event)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every unit at risk whose effects and outcome are known."""
        design, outcome = designed(self.coefficients(), before, self.unit), self.outcome(after)
        risk = among(self.unit, before, after) & self.at_risk(before)
        risk = risk & jnp.isfinite(design).all(-1) & jnp.isfinite(outcome)
        design, outcome = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, outcome, 0.0)
        return Rows(design, jnp.zeros_like(outcome), outcome, risk, jnp.full((1,) * outcome.ndim, dt))

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of no event, or of an event of its kind."""
        total = sum(jnp.exp(eta) for eta in etas)
        exposure = jnp.minimum(total * rows.dt, MOST_HAZARD)
        happened = log_chance(exposure)
        if len(etas) > 1:
            kind = sum((rows.outcome == k + 1) * (eta - jnp.log(total)) for k, eta in enumerate(etas))
            happened = happened + kind
        return jnp.where(rows.outcome != 0, happened, -exposure)

    def tally(
        self, theta: Float[Array, "k"], rows: Rows, offset: Float[Array, "*u"] | float = 0.0
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Events that happened and events expected, row by row."""
        rate = sum(jnp.exp(eta) for eta in self.weighed(theta, rows.design, offset))
        return (rows.outcome != 0).astype(rows.outcome.dtype), rate * rows.dt

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the events of one step; the chance of each is kept beside it. Extra events are of the first kind."""
        etas = self.etas(theta, before, push)
        rates = [jnp.exp(eta + push.shift) + (0.0 if k else push.hazard) for k, eta in enumerate(etas)]
        total = sum(rates)
        risk = standing(self.unit, before) & self.at_risk(before) & jnp.isfinite(total)
        exposure = jnp.where(risk, total * dt, 0.0)
        event = exponential(key, self.unit, exposure.shape) < exposure
        layers = {self.event: event, self.chance: -jnp.expm1(-exposure)}
        if self.kinds:
            below, point = 0.0, total * uniform(fold_in(key, 1), self.unit, exposure.shape)
            for kind, rate in zip(self.kinds, rates, strict=False):
                layers[kind], below = event & (point >= below) & (point < below + rate), below + rate
        drawn = {name: jnp.asarray(layer, exposure.dtype) for name, layer in layers.items()}
        return self.advance(before.with_layers(self.unit, drawn), drawn[self.event], dt)

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Event and chance layers at zero."""
        shape = world.shape(self.unit)
        return world.with_layers(self.unit, {k: jnp.zeros(shape) for k in (self.event, self.chance, *self.kinds)})
