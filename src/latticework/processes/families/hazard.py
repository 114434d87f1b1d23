"""Events at a rate: of one kind, or of several that compete."""

import abc
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from latticework.processes.base import (
    AbstractUnitwise,
    Push,
    Rows,
    among,
    cells_of,
    designed,
    dyads_drawn,
    picked,
    spread,
    uniform,
)
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
    `cells` are the dyads that are drawn (None for all): those that can ever be at risk.
    """

    event: AbstractClassVar[str]
    chance: AbstractClassVar[str]
    kinds: ClassVar[tuple[str, ...]] = ()
    cells: tuple[int, ...] | None = eqx.field(static=True, default=None)

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
        cells = dyads_drawn(self.unit, before.n, self.cells)
        etas = self.etas(theta, before, push, cells)
        risk = picked(among(self.unit, before) & self.at_risk(before), cells)
        shift, hazard = picked(push.shift, cells), picked(push.hazard, cells)
        rates = [jnp.exp(eta + shift) + (0.0 if k else hazard) for k, eta in enumerate(etas)]
        total = sum(rates)
        risk = risk & jnp.isfinite(total)
        chance = jnp.where(risk, -jnp.expm1(-total * dt), 0.0)
        count = int(np.prod(before.shape(self.unit)))
        u = uniform(key, np.arange(count) if cells is None else cells).reshape(chance.shape)
        layers = {self.event: u < chance, self.chance: chance}
        below = jnp.zeros_like(chance)
        for kind, rate in zip(self.kinds, rates, strict=False):
            above = below + jnp.where(risk, rate / total, 0.0) * chance
            layers[kind], below = (u >= below) & (u < above), above
        drawn = {k: spread(jnp.asarray(v, chance.dtype), cells, before.n, self.unit) for k, v in layers.items()}
        return self.advance(before.with_layers(self.unit, drawn), drawn[self.event], dt)

    def narrowed(self, worlds: World) -> "AbstractHazard":
        """Only the dyads that are at risk in one of the worlds are drawn."""
        if self.unit not in ("dyad", "ordered dyad"):
            return self
        return replace(self, cells=cells_of(among(self.unit, worlds) & self.at_risk(worlds)))

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Event and chance layers at zero."""
        shape = world.shape(self.unit)
        return world.with_layers(self.unit, {k: jnp.zeros(shape) for k in (self.event, self.chance, *self.kinds)})
