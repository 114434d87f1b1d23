"""The three families of laws: a hazard for events, a drift for continuous layers, a count for tallies."""

import abc
from dataclasses import replace
from typing import TYPE_CHECKING

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln

from latticework.processes.base import (
    AbstractProcess,
    Coefficient,
    Push,
    Rows,
    among,
    cells_of,
    designed,
    mirrored,
    picked,
    predictor,
    spread,
    uniform,
)
from latticework.types import Array, Bool, Float, Int, Key
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name

MOST_HAZARD = 60.0


def log_chance(exposure: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""The log of $1 - e^{-H}$, exact for small and large cumulative hazards H."""
    return jnp.log(-jnp.expm1(-exposure))


class AbstractHazard(AbstractProcess):
    r"""Events at a rate: $P = 1 - \exp(-e^{x\theta} dt)$, a complementary log-log link with offset $\log dt$.

    A leaf names the `event` layer (1 where it happened in the step that ends at a world), who is `at_risk`, and how the
    world `advance`s. `cells` are the dyads that are drawn (None for all): those that can ever be at risk.
    """

    event: AbstractClassVar[str]
    chance: AbstractClassVar[str]
    cells: tuple[int, ...] | None = eqx.field(static=True, default=None)

    @abc.abstractmethod
    def at_risk(self, before: World) -> Bool[Array, "*u"]:
        """Which units can have the event."""

    @abc.abstractmethod
    def advance(self, before: World, event: Float[Array, "*u"], dt: Float[Array, ""]) -> World:
        """The world after the events: clocks go on or start anew, ties end."""

    def layer(self, world: World, name: str) -> Float[Array, "*u"]:
        """A layer of this process's kind of unit."""
        return world.state(name) if self.unit == "state" else world.dyad(name)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every unit at risk whose effects and outcome are known."""
        design = designed(self.coefficients(), before, self.unit)
        outcome = jnp.asarray(self.layer(after, self.event))
        risk = among(self.unit, before, after) & self.at_risk(before)
        risk = risk & jnp.isfinite(design).all(-1) & jnp.isfinite(outcome)
        design, outcome = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, outcome, 0.0)
        return Rows(design, jnp.zeros_like(outcome), outcome, risk, jnp.full((1,) * outcome.ndim, dt))

    def density(self, theta: Float[Array, "k"], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of event or no event."""
        exposure = jnp.minimum(jnp.exp(rows.design @ theta) * rows.dt, MOST_HAZARD)
        return rows.outcome * log_chance(exposure) - (1 - rows.outcome) * exposure

    def tally(self, theta: Float[Array, "k"], rows: Rows) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Events that happened and events expected, row by row."""
        return rows.outcome, jnp.exp(rows.design @ theta) * rows.dt

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the events of one step; the chance of each is kept beside it."""
        cells = self.drawn(before.n)
        eta = picked(predictor(self.coefficients(), theta, before, self.unit), cells)
        risk = picked(among(self.unit, before) & self.at_risk(before), cells) & jnp.isfinite(eta)
        rate = jnp.exp(eta + picked(push.shift, cells)) + picked(push.hazard, cells)
        chance = jnp.where(risk, -jnp.expm1(-rate * dt), 0.0)
        happened = uniform(key, np.arange(before.n) if cells is None else cells) < chance
        chance, happened = (spread(x.astype(eta.dtype), cells, before.n) for x in (chance, happened))
        layers = {self.event: happened, self.chance: chance}
        world = before.replace(states=layers) if self.unit == "state" else before.replace(dyads=layers)
        return self.advance(world, happened, dt)

    def drawn(self, n: int) -> Int[np.ndarray, "q"] | None:
        """The dyads to draw; None where the units are states."""
        if self.unit == "state":
            return None
        return np.array(cells_of(np.triu(np.ones((n, n), bool), 1)) if self.cells is None else self.cells, int)

    def narrowed(self, worlds: World) -> "AbstractHazard":
        """Only the dyads that are at risk in one of the worlds are drawn."""
        if self.unit == "state":
            return self
        return replace(self, cells=cells_of(among(self.unit, worlds) & self.at_risk(worlds)))

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Event and chance layers at zero."""
        shape = world.present.shape if self.unit == "state" else (world.n, world.n)
        clear = {self.event: jnp.zeros(shape), self.chance: jnp.zeros(shape)}
        return world.replace(states=clear) if self.unit == "state" else world.replace(dyads=clear)


FREEDOM = 4.0


def t4_log_density(z: Float[Array, "..."]) -> Float[Array, "..."]:
    """Log density of Student's t with four degrees of freedom: fat tails, and everything in closed form."""
    return jnp.log(0.375) - 2.5 * jnp.log1p(z**2 / FREEDOM)


def t4_cdf(z: Float[Array, "..."]) -> Float[Array, "..."]:
    """Distribution function of Student's t with four degrees of freedom."""
    w = z**2 / (FREEDOM + z**2)
    return 0.5 + jnp.sign(z) * jnp.sqrt(w) * (3 - w) / 4


def t4_quantile(u: Float[Array, "..."]) -> Float[Array, "..."]:
    """The inverse of `t4_cdf` (Shaw 2006, Journal of Computational Finance 9(4): 37-73)."""
    root = jnp.sqrt(jnp.clip(4 * u * (1 - u), 1e-12, 1.0))
    q = jnp.cos(jnp.arccos(root) / 3) / root
    return jnp.sign(u - 0.5) * 2 * jnp.sqrt(jnp.maximum(q - 1, 0.0))


class AbstractDrift(AbstractProcess):
    r"""An Ornstein-Uhlenbeck drift of a state layer with its exact discretisation and Student-t tails.

    Over dt the mean is $\mu + (x - \mu) e^{-\kappa dt}$ and the variance $\sigma^2 (1 - e^{-2 \kappa dt}) / 2\kappa$,
    $\mu$ = mean effects . theta, $\sigma$ multiplied by exp(scale effects . theta). theta is in the order mean effects,
    log kappa, log sigma, scale effects. The innovation is Student-t with four degrees of freedom, scaled to that
    variance.
    """

    layer: AbstractClassVar[str]

    @abc.abstractmethod
    def mean_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the level to which the layer reverts."""

    @abc.abstractmethod
    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Log kappa and log sigma, with their priors."""

    @abc.abstractmethod
    def scale_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the log of the innovation's scale."""

    def coefficients(self) -> tuple[Coefficient, ...]:
        """Mean effects, log kappa, log sigma, scale effects."""
        return (*self.mean_effects(), *self.pace(), *self.scale_effects())

    def effects(self, world: World) -> Float[Array, "*t n m"]:
        """The values of mean and scale effects, side by side."""
        return designed((*self.mean_effects(), *self.scale_effects()), world, self.unit)

    def moments(
        self, theta: Float[Array, "k"], design: Float[Array, "*u m"], level: Float[Array, "*u"], dt: Float[Array, "..."]
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Mean and variance of the layer dt years on."""
        m, m_pace = len(self.mean_effects()), len(self.mean_effects()) + 2
        target = design[..., :m] @ theta[:m]
        kappa, sigma = jnp.exp(theta[m]), jnp.exp(theta[m + 1] + design[..., m:] @ theta[m_pace:])
        mean = target + (level - target) * jnp.exp(-kappa * dt)
        return mean, sigma**2 * -jnp.expm1(-2 * kappa * dt) / (2 * kappa)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every state whose layer and effects are known."""
        design = self.effects(before)
        level, outcome = jnp.asarray(before.state(self.layer)), jnp.asarray(after.state(self.layer))
        risk = among(self.unit, before, after) & jnp.isfinite(design).all(-1) & jnp.isfinite(level + outcome)
        design = jnp.where(risk[..., None], design, 0.0)
        return Rows(design, jnp.where(risk, level, 0.0), jnp.where(risk, outcome, 0.0), risk, jnp.full((1,), dt))

    def density(self, theta: Float[Array, "k"], rows: Rows) -> Float[Array, "*u"]:
        """Log density of the new level."""
        mean, variance = self.moments(theta, rows.design, rows.level, rows.dt)
        return self.innovation_log_density(rows.outcome - mean, variance)

    def innovation_log_density(self, error: Float[Array, "*u"], variance: Float[Array, "*u"]) -> Float[Array, "*u"]:
        """Log density of a Student-t error with the given variance."""
        scale = jnp.sqrt(variance * (FREEDOM - 2) / FREEDOM)
        return t4_log_density(error / scale) - jnp.log(scale)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the level dt years on; a push adds level per year. A missing level stays missing."""
        level = jnp.asarray(before.state(self.layer))
        mean, variance = self.moments(theta, jnp.nan_to_num(self.effects(before)), level, dt)
        scale = jnp.sqrt(variance * (FREEDOM - 2) / FREEDOM)
        noise = t4_quantile(jax.random.uniform(key, level.shape, level.dtype))
        return before.replace(states={self.layer: mean + push.shift * dt + scale * noise})


class AbstractCount(AbstractProcess):
    r"""Tallies: negative binomial with log-rate offset $\log dt$, variance $m + m^2 / r$; theta ends with log r.

    A leaf names the `tally` layer: the number of events in the step that ends at a world.
    """

    tally: AbstractClassVar[str]

    @abc.abstractmethod
    def rate_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the log rate per year."""

    def coefficients(self) -> tuple[Coefficient, ...]:
        """Rate effects, then the log of the dispersion r."""
        return (*self.rate_effects(), Coefficient("log dispersion", None, "log r", 0.0, 2.0))

    def layer(self, world: World) -> Float[Array, "*u"]:
        """The tally of this process's kind of unit."""
        return world.state(self.tally) if self.unit == "state" else world.dyad(self.tally)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every unit whose effects and tally are known."""
        design = designed(self.rate_effects(), before, self.unit)
        outcome = jnp.asarray(self.layer(after))
        risk = among(self.unit, before, after) & jnp.isfinite(design).all(-1) & jnp.isfinite(outcome)
        design, outcome = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, outcome, 0.0)
        return Rows(design, jnp.zeros_like(outcome), outcome, risk, jnp.full((1,) * outcome.ndim, dt))

    def density(self, theta: Float[Array, "k"], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of the tally."""
        mean, r, y = jnp.exp(rows.design @ theta[:-1]) * rows.dt, jnp.exp(theta[-1]), rows.outcome
        ways = gammaln(y + r) - gammaln(r) - gammaln(y + 1)
        return ways + r * jnp.log(r / (r + mean)) + y * jnp.log(mean / (r + mean))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the tallies of one step: a Poisson count with a gamma rate."""
        eta = predictor(self.rate_effects(), theta[:-1], before, self.unit)
        known = among(self.unit, before) & jnp.isfinite(eta)
        rate = jnp.where(known, jnp.exp(eta + push.shift) + push.hazard, 0.0)
        spread, arrive = jax.random.split(key)
        r = jnp.exp(theta[-1])
        rate = rate * dt * jax.random.gamma(spread, r, rate.shape, rate.dtype) / r
        tally = jnp.where(known, jax.random.poisson(arrive, rate), 0).astype(rate.dtype)
        tally = {self.tally: mirrored(tally, self.unit)}
        return before.replace(states=tally) if self.unit == "state" else before.replace(dyads=tally)
