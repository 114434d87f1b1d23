"""A drift that is struck now and then: most years bring little, and a few bring a break."""

import abc

import jax.numpy as jnp

from latticework.processes.base import Coefficient, Predictor, Push, Rows, standing
from latticework.processes.families.drift import AbstractDrift
from latticework.processes.families.student import FREEDOM, t4_quantile
from latticework.processes.noise import exponential, fold_in, uniform
from latticework.types import Array, Float, Key
from latticework.world import World


class AbstractJumpDrift(AbstractDrift):
    r"""A drift with jumps (Merton 1976): struck in a step with chance $1 - e^{-\lambda dt}$, it is shaken by more.

    The innovation of a step without a jump is that of the drift; with one its variance is larger by $\tau^2$, whatever
    the step's length. Tails that four degrees of freedom do not reach come from it, and four quarters have those of a
    year, which sums of Student-t innovations have not. theta ends with log lambda and log tau. Layers of states only.
    """

    @abc.abstractmethod
    def jumps(self) -> tuple[Coefficient, Coefficient]:
        """Log lambda and log tau, with their priors."""

    def predictors(self) -> tuple[Predictor, ...]:
        """Those of the drift, log lambda and log tau."""
        rate, size = self.jumps()
        return (*super().predictors(), Predictor("", (rate,)), Predictor("", (size,)))

    def struck(
        self, etas: tuple[Float[Array, "..."], ...], mean: Float[Array, "*u"], dt: Float[Array, "..."]
    ) -> tuple[Float[Array, "*u"], Float[Array, "..."]]:
        """Mean of the level after a step with a jump, and the variance that it adds."""
        return mean, jnp.exp(2 * etas[4])

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log density of the new level: with a jump or without."""
        mean, variance = self.moments(etas, rows.level, rows.dt)
        hazard, (after, more) = jnp.exp(etas[3]) * rows.dt, self.struck(etas, mean, rows.dt)
        calm = self.innovation_log_density(rows.outcome - mean, variance) - hazard
        struck = self.innovation_log_density(rows.outcome - after, variance + more)
        return jnp.logaddexp(calm, struck + jnp.log(-jnp.expm1(-hazard)))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the level dt years on; a push adds level per year. What is missing stays as it is."""
        level, etas = self.level(before), self.etas(theta, before, push)
        mean, variance = self.moments(etas, level, dt)
        struck = exponential(fold_in(key, 1), self.unit, level.shape) < jnp.exp(etas[3]) * dt
        after, more = self.struck(etas, mean, dt)
        mean, shaken = jnp.where(struck, after, mean), variance + struck * more
        u = uniform(key, self.unit, level.shape)
        new = mean + push.shift * dt + jnp.sqrt(shaken * (FREEDOM - 2) / FREEDOM) * t4_quantile(u)
        risk = standing(self.unit, before) & self.at_risk(before) & jnp.isfinite(new)
        return self.lay(before, jnp.where(risk, new, level))
