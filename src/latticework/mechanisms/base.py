"""A mechanism is a process that nobody could fit: a slow state of opinion or belief, and what moves it."""

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import ndtr

from latticework.processes import AbstractDrift, Coefficient, Predictor
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

Origin = Literal["assumed", "published", "calibrated", "fitted"]
QUIET = -4.0  # log of a diffusion that is next to none: what others do moves the layer, and nothing else

# What a scenario sets, state by state; all are zero where it says nothing.
SIGNALS: dict[str, str] = {
    "demand": "log of the payment that the hub asks over what the state pays; it stands until it is settled",
    "exit_threat": "how far the state believes that the hub will leave if it does not pay, 0 to 1",
    "public_pressure": "the hub shames the state in public for what it pays, without a threat, 0 to 1",
    "multilateral_exit": "multilateral bodies and agreements that the hub leaves in the step",
    "threat_recognised": "the hub calls the second threat a nuclear power: 1 while it does",
    "threat_rise": "how far the threat to the state has risen beyond its record of disputes, 0 to 1",
    "patron_doubt": "how unsure the state is of the hub beyond what retreat says, in sd of the tie's strength",
    "reassurance_gesture": "gestures of the hub that reassure the state, in visits of the president, in the step",
    "public_diplomacy": "campaigns of public diplomacy by the hub, in visits of a leader, in the step",
    "investment_refused": "investments of the state that the hub refuses on security grounds in the step",
    "tariff": "the tariff of the hub on the state beyond that of the baseline, as a share of the price",
    "joint_technology": "how far the state takes part in joint investment in critical technology, 0 to 1",
    "defence_cooperation": "how far the state takes part in cooperation on defence systems, 0 to 1",
    "crisis": "how deep the state is in a crisis at home, 0 to 1; the block `crises` of a scenario sets it",
}
# What mechanisms move: a deviation from the baseline, or nothing yet. Zero wherever a mechanism is not chosen.
RESPONSES = ("credibility", "reassurance", "goodwill", "opinion", "grievance", "payment", "turn")


@dataclass(frozen=True)
class Poles:
    """The states around which mechanisms turn, as numbers: the hub, and who threatens (the rival first)."""

    hub: int
    rival: int
    second: int | None = None

    @property
    def threats(self) -> tuple[int, ...]:
        """The rival and the second threat, if there is one."""
        return (self.rival,) if self.second is None else (self.rival, self.second)


@dataclass(frozen=True)
class Parameter(Coefficient):
    """A coefficient with an origin of its own; `sign` (+1, -1) is imposed: the prior is cut off at zero.

    `source` names what `because` rests on. Parameters are assumed unless they say otherwise.
    """

    assumed: bool = True
    sign: int = 0
    origin: Origin = "assumed"
    source: str = ""


@dataclass(frozen=True)
class Override:
    """What a scenario says in place of a parameter's prior: its law, by whom it is assumed, and why."""

    mean: float
    sd: float
    assumed_by: str = ""
    reason: str = ""
    source: str = ""


def with_signals(world: World, hub: int) -> World:
    """The world with every layer that mechanisms read: signals and responses at zero, the hub's troops of the start."""
    zero = jnp.zeros(world.n)
    missing = {name: zero for name in (*SIGNALS, *RESPONSES) if name not in world.states}
    if "presence_opening" not in world.states:
        missing["presence_opening"] = jnp.nan_to_num(jnp.asarray(world.dyad("troops"))[hub])
    return world.replace(missing)


def drawn(
    key: Key, coefficients: tuple[Coefficient, ...], draws: int, overrides: Mapping[str, Override] | None = None
) -> Float[Array, "d k"]:
    """Draws of coefficients from their priors, or what is said instead; cut off at zero where a sign is imposed.

    The numbers behind a coefficient depend on the key and its name alone.
    """
    said = overrides or {}
    columns = [_one(key, c, draws, said.get(c.name)) for c in coefficients]
    return jnp.stack(columns, 1) if columns else jnp.zeros((draws, 0))


def _one(key: Key, c: Coefficient, draws: int, said: Override | None) -> Float[Array, "d"]:
    mean, sd = (c.prior_mean, c.prior_sd) if said is None else (said.mean, said.sd)
    u = jax.random.uniform(jax.random.fold_in(key, named(c.name)), (draws,), minval=1e-6, maxval=1 - 1e-6)
    sign = getattr(c, "sign", 0)
    if sign and sd > 0:
        outside = float(ndtr(-sign * mean / sd))  # of the prior, on the wrong side of zero
        u = outside + (1 - outside) * u
        return sign * jnp.maximum(sign * mean + sd * jax.scipy.special.ndtri(u), 0.0)
    return mean + sd * jax.scipy.special.ndtri(u)


def named(text: str) -> int:
    """A number for a name, the same on every machine."""
    return sum(ord(c) * 31**i for i, c in enumerate(text)) % 2**31


class AbstractResponse(AbstractDrift):
    r"""A layer of states that answers: what lasts moves the level to which it returns, events push it, both fade.

    $x' = m + (x - m) e^{-\kappa dt} + J (1 - e^{-\kappa dt}) / (\kappa dt) + \varepsilon$: an Ornstein-Uhlenbeck drift
    around $m$ = standing effects . theta, with J = pulses . theta spread evenly over the step. All levels are
    deviations from the baseline day, on which they are zero, so that a mechanism by itself changes nothing.
    `allies_only`: only states with a defence pact with the hub move.
    """

    allies_only: ClassVar[bool] = True
    poles: Poles = eqx.field(static=True, kw_only=True)

    @abc.abstractmethod
    def pulses(self) -> tuple[Coefficient, ...]:
        """Coefficients of the events of the step."""

    def scale_effects(self) -> tuple[Coefficient, ...]:
        """None: nothing is known of whose beliefs are shaken more."""
        return ()

    def predictors(self) -> tuple[Predictor, ...]:
        """The level to which the layer returns, log kappa, log sigma, what the step's events push."""
        return (*super().predictors(), Predictor("", self.pulses()))

    def moments(
        self, etas: tuple[Float[Array, "..."], ...], level: Float[Array, "*u"], dt: Float[Array, "..."]
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Mean and variance of the layer dt years on."""
        mean, variance = super().moments(etas[:3], level, dt)
        fade = jnp.exp(etas[1]) * dt
        return mean - etas[3] * jnp.expm1(-fade) / fade, variance

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """All states but the hub, or its allies alone."""
        known = jnp.isfinite(self.level(before)) & (jnp.arange(before.n) != self.poles.hub)
        return known & allied(before, self.poles.hub) if self.allies_only else known

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The layer at zero, and every layer that mechanisms read."""
        return with_signals(world, self.poles.hub).replace({self.drifting: jnp.zeros(world.n)})


def allied(world: World, hub: int) -> Bool[Array, "*t n"]:
    """Which states have a defence pact with the hub."""
    return jnp.nan_to_num(jnp.asarray(world.dyad("defence"))[..., hub, :]) > 0


def half_life(years: float) -> float:
    """Log of the speed at which a deviation halves in so many years."""
    return float(np.log(np.log(2.0) / years))
