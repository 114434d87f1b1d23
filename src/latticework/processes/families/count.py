"""Tallies: how many events fall in a step."""

import abc
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln

from latticework.processes.base import (
    AbstractUnitwise,
    Coefficient,
    Predictor,
    Push,
    Rows,
    among,
    designed,
    of_senders,
    sending,
    standing,
    with_senders,
)
from latticework.processes.noise import uniform
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name

MOST_EVENTS = 60
TERMS = 16  # added up in one pass over the units: a pass for every term would read and write them all each time
FADE = 3.0  # years after which an event counts for 1/e of itself in what is remembered


def negative_binomial(
    u: Float[Array, "..."], mean: Float[Array, "..."], r: Float[Array, "..."], most: int = MOST_EVENTS
) -> Float[Array, "..."]:
    r"""The negative binomial quantile of u, at most `most`: adds up $P(y) = P(y-1) \frac{y-1+r}{y} \frac{m}{m+r}$."""
    u, mean, r = jax.lax.optimization_barrier((u, mean, r))  # worked out once, not again for every term
    ratio = mean / (mean + r)
    p = jnp.exp(r * (jnp.log(r) - jnp.log(r + mean)))

    def add(carry):
        p, total, count, y = carry
        for _ in range(min(most, TERMS)):
            count = count + ((u >= total) & (y < most))
            p = p * ((y + r) / (y + 1) * ratio)
            total, y = total + p, y + 1
        return p, total, count, y

    carry = add((p, p, jnp.zeros_like(u), jnp.zeros((), u.dtype)))
    if most > TERMS:
        carry = jax.lax.while_loop(lambda c: (c[3] < most) & (u >= c[1]).any(), add, carry)
    return carry[2]


def remembered(
    recent: Float[Array, "..."], tally: Float[Array, "..."], dt: Float[Array, ""], fade: float = FADE
) -> Float[Array, "..."]:
    r"""What is remembered after a step: $m e^{-dt/f} + y\,(1 - e^{-dt/f}) f / dt$, events spread over the step."""
    return recent * jnp.exp(-dt / fade) - tally * jnp.expm1(-dt / fade) * fade / dt


class AbstractCount(AbstractUnitwise):
    r"""Tallies: negative binomial with log-rate offset $\log dt$, variance $m + m^2 / (r\,dt)$; theta ends with log r.

    The dispersion r is that of a year. Four quarters add up to a year in law: the rate is the same in mean, and shaken
    anew in every step (a negative binomial process, not a unit's lasting frailty, which the effects must tell).
    A leaf names the `tally` layer: the number of events in the step that ends at a world. At most
    `most` are drawn in one step; of ordered dyads, those of `senders` are drawn (None for all).
    """

    tally: AbstractClassVar[str]
    most: ClassVar[int] = MOST_EVENTS
    senders: tuple[int, ...] | None = eqx.field(static=True, default=None)

    @abc.abstractmethod
    def rate_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the log rate per year."""

    def predictors(self) -> tuple[Predictor, ...]:
        """The log rate, and the log of the dispersion r."""
        dispersion = Coefficient("log dispersion", None, "log r", 0.0, 2.0)
        return Predictor("", self.rate_effects()), Predictor("", (dispersion,))

    def at_risk(self, before: World) -> Bool[Array, "*u"]:
        """Which units can have events: all, if a leaf does not say otherwise."""
        return jnp.ones(before.shape(self.unit), bool)

    def tallied(self, after: World) -> Float[Array, "*u"]:
        """How many events there were; NaN where that is not known."""
        return jnp.asarray(after.layer(self.unit, self.tally))

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every unit whose effects and tally are known."""
        design, outcome = designed(self.coefficients(), before, self.unit), self.tallied(after)
        risk = among(self.unit, before, after) & self.at_risk(before)
        risk = risk & jnp.isfinite(design).all(-1) & jnp.isfinite(outcome)
        design, outcome = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, outcome, 0.0)
        return Rows(design, jnp.zeros_like(outcome), outcome, risk, jnp.full((1,) * outcome.ndim, dt))

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of the tally."""
        mean, r, y = jnp.exp(etas[0]) * rows.dt, jnp.exp(etas[1]) * rows.dt, rows.outcome
        ways = gammaln(y + r) - gammaln(r) - gammaln(y + 1)
        return ways - r * jnp.log1p(mean / r) + y * (etas[0] + jnp.log(rows.dt) - jnp.log(r + mean))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the tallies of one step."""
        log_rate, log_r = self.etas(theta, before, push, self.senders)
        told = standing(self.unit, before) & self.at_risk(before)
        risk = of_senders(told, self.senders) & jnp.isfinite(log_rate)
        shift, hazard = (of_senders(x, self.senders) for x in (push.shift, push.hazard))
        mean = jnp.where(risk, (jnp.exp(log_rate + shift) + hazard) * dt, 0.0)
        u = uniform(key, self.unit, before.shape(self.unit), self.senders)
        tally = negative_binomial(u, mean, jnp.exp(log_r) * dt, self.most)
        drawn = with_senders(tally, self.senders, jnp.zeros(before.shape(self.unit), tally.dtype))
        world = self.advance(before.with_layers(self.unit, {self.tally: drawn}), drawn, dt)
        if self.unit != "ordered dyad":
            return world  # of other senders nothing is on record
        return world.with_layers(self.unit, {self.tally: jnp.where(told, drawn, jnp.nan)})

    def advance(self, before: World, tally: Float[Array, "*u"], dt: Float[Array, ""]) -> World:
        """The world after the events: nothing else moves, if a leaf does not say otherwise."""
        return before

    def narrowed(self, worlds: World) -> "AbstractCount":
        """Of ordered dyads, only those of senders that can have events in one of the worlds are drawn."""
        if self.unit != "ordered dyad":
            return self
        return replace(self, senders=sending(among(self.unit, worlds) & self.at_risk(worlds)))

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The tally at zero."""
        return world.with_layers(self.unit, {self.tally: jnp.zeros(world.shape(self.unit))})

    def count_events(self, data: Rows) -> int:
        """All events together."""
        return int(np.asarray(data.outcome).sum())
