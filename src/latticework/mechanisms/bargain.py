"""Burden bargaining: what an ally pays more when the hub asks for more, and when the two settle."""

from collections.abc import Mapping

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import ndtri

from latticework.effects import AbstractEffect, Filled, OfState
from latticework.mechanisms.base import Parameter, Poles, allied, with_signals
from latticework.mechanisms.effects import ExitSeen, Threat
from latticework.processes import AbstractUnitwise, Predictor, Push, Rows
from latticework.processes.base import among, designed
from latticework.processes.families import log_chance
from latticework.processes.noise import fold_in, uniform
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

NASH = "Nash 1950 in the form of Rubinstein 1982 with outside options; signs as in Blankenship 2021, 2023"
RECORD = "posterior of the Korean and Japanese settlements (bargain.json)"
TALKS = "the 10th Korean agreement took eleven months, the 11th eighteen (from first talks to signature)"
SHARE = "share of twice the pie"
LEAST = 0.0  # the split is a share of what is asked


def learned(
    name: str, effect: AbstractEffect | None, unit: str, mean: float, sd: float, because: str, sign: int = 0
) -> Parameter:
    """A parameter that is fitted to the record of settlements, with its prior."""
    return Parameter(name, effect, unit, mean, sd, because=because, sign=sign, origin="fitted", source=RECORD)


def split(advantage: Float[Array, "*u"]) -> Float[Array, "*u"]:
    r"""The hub's share of what it asks, $s^* = \tfrac12 (1 + a)$ within 0 and 1, a the advantage of its outside option.

    The Nash solution of one unit to divide where the hub's outside option is worth $(1 + a)/2 - c$ and the ally's
    $(1 - a)/2 - c$ with the same c: what is gained over both is shared half and half.
    """
    return jnp.clip(0.5 * (1 + advantage), LEAST, 1.0)


class Bargain(AbstractUnitwise):
    r"""An ally of whom the hub asks more settles at a rate, for a share of what is asked.

    Log payment rises by $s^* D + \varepsilon$: D the log of the payment asked over what is paid, $s^* = \tfrac12 [1 +
    (v_P - v_A) + \kappa T]$ with $v_P - v_A$ = usual + exit threat + minority government, T the threat, and
    $\varepsilon$ normal: a logit (quantal) response with a quadratic loss around the split. The exit that counts is
    what the ally believes (signal `exit_threat`) plus what it sees (retreat). A settled demand is gone.
    """

    name = "bargain"
    title = "The hub and an ally settle what the ally pays"
    unit = "state"
    grid = "quarter"
    observed = None
    reads = ("defence", "dispute_history", "minority_government", "troops")
    writes = ("payment", "settled", "demand")
    poles: Poles = eqx.field(static=True, kw_only=True)

    def predictors(self) -> tuple[Predictor, ...]:
        """The log rate of settling, the advantage of the hub, log of the noise."""
        return (
            self.pace(),
            self.advantage(),
            self.noise(),
        )

    def pace(self) -> Predictor:
        """How fast the two settle."""
        return Predictor(
            "pace",
            (
                Parameter("log rate", None, "log 1/year", 0.0, 0.3, because="talks took a year or more", source=TALKS),
                Parameter(
                    "crisis",
                    OfState("crisis"),
                    "log hazard",
                    -0.7,
                    0.4,
                    because="a crisis halves the pace; size ours",
                    sign=-1,
                ),
            ),
        )

    def advantage(self) -> Predictor:
        """What the outside options of both are worth."""
        minority = Filled(OfState("minority_government"), 0.0)
        exit_, threat = ExitSeen(self.poles.hub), Threat(self.poles.threats)
        return Predictor(
            "split",
            (
                learned("usual", None, SHARE, -0.6, 0.3, "of what is asked a fifth is paid"),
                learned("exit threat", exit_, SHARE, 0.3, 0.3, NASH, sign=1),
                learned("threat", threat, SHARE, 0.2, 0.2, NASH, sign=1),
                learned("minority government", minority, SHARE, 0.0, 0.2, "two-level games: either sign"),
            ),
        )

    def noise(self) -> Predictor:
        """How far settlements lie from the split."""
        return Predictor(
            "",
            (
                Parameter(
                    "log noise",
                    None,
                    "log of log payment",
                    -2.3,
                    0.5,
                    because="settlements differ by a tenth",
                    origin="fitted",
                    source=RECORD,
                ),
            ),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """Allies of whom something is asked."""
        asked = jnp.nan_to_num(jnp.asarray(before.state("demand"))) > 0
        return asked & allied(before, self.poles.hub) & (jnp.arange(before.n) != self.poles.hub)

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of no settlement (outcome 0), or log density of the change of log payment."""
        exposure, tau = jnp.exp(etas[0]) * rows.dt, jnp.exp(etas[2])
        z = (rows.outcome - split(etas[1]) * rows.level) / tau
        settled = log_chance(exposure) - 0.5 * z**2 - jnp.log(tau) - 0.5 * jnp.log(2 * jnp.pi)
        return jnp.where(rows.outcome != 0, settled, -exposure)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """A row per ally of whom something is asked; `level` is the demand."""
        design, level = designed(self.coefficients(), before, self.unit), jnp.asarray(before.state("demand"))
        change = jnp.asarray(after.state("payment")) - jnp.asarray(before.state("payment"))
        risk = (
            among(self.unit, before, after) & self.at_risk(before) & jnp.isfinite(design).all(-1) & jnp.isfinite(change)
        )
        values = (jnp.where(risk[..., None], design, 0.0), jnp.where(risk, level, 0.0), jnp.where(risk, change, 0.0))
        return Rows(*values, risk, jnp.full((1,) * change.ndim, dt))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw who settles and for how much; a push is one on the log rate of settling."""
        rate, advantage, noise = self.etas(theta, before, push)
        demand, payment = (jnp.asarray(before.state(name)) for name in ("demand", "payment"))
        when, size = (uniform(fold_in(key, k), self.unit, demand.shape) for k in range(2))
        chance = -jnp.expm1(-(jnp.exp(rate + push.shift) + push.hazard) * dt)
        settled = among(self.unit, before) & self.at_risk(before) & (when < chance)
        rise = split(advantage) * demand + jnp.exp(noise) * jax.scipy.special.ndtri(size)
        moved = jnp.where(settled, payment + rise, payment)
        return before.replace({"payment": moved, "settled": settled * 1.0, "demand": jnp.where(settled, 0.0, demand)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Nothing settled yet."""
        zero, ready = jnp.zeros(world.n), with_signals(world, self.poles.hub)
        minority = jnp.asarray(world.states.get("minority_government", zero))
        return ready.replace({"payment": zero, "settled": zero, "minority_government": minority})


def settlements(
    theta: Mapping[str, Float[np.ndarray, "d"]],
    demand: float,
    exit_threat: float,
    threat: float,
    minority: float,
    quantiles: Float[np.ndarray, "q"],
) -> Float[np.ndarray, "q"]:
    """Quantiles of the change of log payment for a demand: over the draws of the split and, within each, its noise.

    `theta` holds draws of "usual", "exit threat", "threat", "minority government" and "log noise"; `demand` is the log
    of the payment asked over what is paid.
    """
    lifted = theta["usual"] + theta["exit threat"] * exit_threat + theta["threat"] * threat
    shares = np.asarray(split(jnp.asarray(lifted + theta["minority government"] * minority)))
    z = ndtri((np.arange(100) + 0.5) / 100)
    return np.quantile(shares[:, None] * demand + np.exp(theta["log noise"])[:, None] * z, quantiles)
