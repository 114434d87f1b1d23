"""A drift with breaks: jumps that come oftener to some than to others, and that make up for part of the gap."""

import abc

import jax.numpy as jnp

from latticework.processes.base import Coefficient, Predictor
from latticework.processes.families.jumps import AbstractJumpDrift
from latticework.types import Array, Float

RAREST = 1e-9  # events in a step: what is rarer is never drawn, and a share of it is none of zero


class AbstractBreakDrift(AbstractJumpDrift):
    r"""A drift with breaks: jumps with a hazard that effects set, each of which makes up $1 / (1 + e^{-c})$ of the gap.

    A level that wars and upheavals threw far from its target comes back in breaks as well, and so the drift itself may
    be slow and breaks need not make units differ ever more. Breaks in dt years are Poisson with mean $\lambda dt$; a
    step with any is given their expected number, $\lambda dt / (1 - e^{-\lambda dt})$, as the multiple of $\tau^2$, and
    what $N$ of them leave of the gap, so that steps of any length agree in mean and added variance.
    theta is that of the drift with jumps, the effects on log lambda after log lambda, and c at the end.
    """

    @abc.abstractmethod
    def break_effects(self) -> tuple[Coefficient, ...]:
        """Coefficients of the log of the hazard of a break."""

    @abc.abstractmethod
    def pull(self) -> Coefficient:
        """The logit c of the share of the gap that a break makes up, with its prior."""

    def predictors(self) -> tuple[Predictor, ...]:
        """Those of the drift, log lambda with its effects, log tau and c."""
        *drift, rate, size = super().predictors()
        rates = Predictor(rate.name, (*rate.coefficients, *self.break_effects()))
        return (*drift, rates, size, Predictor("", (self.pull(),)))

    def struck(
        self, etas: tuple[Float[Array, "..."], ...], mean: Float[Array, "*u"], dt: Float[Array, "..."]
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Mean of the level after a step with breaks, and the variance that they add."""
        many = jnp.maximum(jnp.exp(etas[3]) * dt, RAREST)
        some = -jnp.expm1(-many)
        left = jnp.exp(-many) * jnp.expm1(many / (1 + jnp.exp(etas[5]))) / some
        return etas[0] + (mean - etas[0]) * left, jnp.exp(2 * etas[4]) * many / some
