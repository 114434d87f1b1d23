"""A layer drifts towards a level that effects set, and is shaken on the way."""

import abc
from typing import TYPE_CHECKING

import jax.numpy as jnp

from latticework.processes.base import (
    AbstractUnitwise,
    Coefficient,
    Predictor,
    Push,
    Rows,
    among,
    designed,
    standing,
)
from latticework.processes.families.student import FREEDOM, t4_log_density, t4_quantile
from latticework.processes.noise import uniform
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name


class AbstractDrift(AbstractUnitwise):
    r"""An Ornstein-Uhlenbeck drift of a layer of states or dyads with its exact discretisation and Student-t tails.

    Over dt the mean is $\mu + (x - \mu) e^{-\kappa dt}$ and the variance $\sigma^2 (1 - e^{-2 \kappa dt}) / 2\kappa$,
    $\mu$ = mean effects . theta, $\sigma$ multiplied by exp(scale effects . theta): an error-correction model whose
    short-run response is $1 - e^{-\kappa dt}$ of the long-run one. theta is in the order mean effects, log kappa, log
    sigma, scale effects. The innovation is Student-t with four degrees of freedom, scaled to that variance.
    `level` and `lay` convert between the layer and the scale on which it drifts (for trade, its log).
    """

    drifting: AbstractClassVar[str]

    @abc.abstractmethod
    def mean_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the level to which the layer reverts."""

    @abc.abstractmethod
    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Log kappa and log sigma, with their priors."""

    @abc.abstractmethod
    def scale_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the log of the innovation's scale."""

    def predictors(self) -> tuple[Predictor, ...]:
        """The level to which the layer reverts, log kappa, and log sigma with its effects."""
        kappa, sigma = self.pace()
        return (
            Predictor("", self.mean_effects()),
            Predictor("", (kappa,)),
            Predictor("", (sigma, *self.scale_effects())),
        )

    def level(self, world: World) -> Float[Array, "..."]:
        """The layer on the scale on which it drifts."""
        return jnp.asarray(world.layer(self.unit, self.drifting))

    def lay(self, world: World, level: Float[Array, "*u"]) -> World:
        """The world with the layer at a new level (given on the scale on which it drifts)."""
        return world.with_layers(self.unit, {self.drifting: level})

    def at_risk(self, before: World) -> Bool[Array, "*u"]:
        """Which units move at all: those whose level is known."""
        return jnp.isfinite(self.level(before))

    def moments(
        self, etas: tuple[Float[Array, "..."], ...], level: Float[Array, "*u"], dt: Float[Array, "..."]
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Mean and variance of the layer dt years on, given target, log kappa and log sigma."""
        target, kappa, sigma = etas[0], jnp.exp(etas[1]), jnp.exp(etas[2])
        mean = target + (level - target) * jnp.exp(-kappa * dt)
        return mean, sigma**2 * -jnp.expm1(-2 * kappa * dt) / (2 * kappa)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of every unit whose layer and effects are known."""
        design = designed(self.coefficients(), before, self.unit)
        level, outcome = self.level(before), self.level(after)
        risk = among(self.unit, before, after) & self.at_risk(before)
        risk = risk & jnp.isfinite(design).all(-1) & jnp.isfinite(level + outcome)
        design = jnp.where(risk[..., None], design, 0.0)
        step = jnp.full((1,) * outcome.ndim, dt)
        return Rows(design, jnp.where(risk, level, 0.0), jnp.where(risk, outcome, 0.0), risk, step)

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log density of the new level."""
        mean, variance = self.moments(etas, rows.level, rows.dt)
        return self.innovation_log_density(rows.outcome - mean, variance)

    def innovation_log_density(self, error: Float[Array, "*u"], variance: Float[Array, "*u"]) -> Float[Array, "*u"]:
        """Log density of a Student-t error with the given variance."""
        scale = jnp.sqrt(variance * (FREEDOM - 2) / FREEDOM)
        return t4_log_density(error / scale) - jnp.log(scale)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the level dt years on; a push adds level per year. A missing level stays missing.

        Where an effect is missing the unit keeps its level.
        """
        old = self.level(before)
        mean, variance = self.moments(self.etas(theta, before, push), old, dt)
        scale = jnp.sqrt(variance * (FREEDOM - 2) / FREEDOM)
        new = mean + push.shift * dt + scale * t4_quantile(uniform(key, self.unit, old.shape))
        moves = standing(self.unit, before) & self.at_risk(before) & jnp.isfinite(new)
        return self.lay(before, jnp.where(moves, new, old))

    def count_events(self, data: Rows) -> int:
        """Observed moves."""
        return len(data.outcome)
