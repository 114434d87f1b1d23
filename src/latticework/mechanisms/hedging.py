"""Hedging as a choice: to balance with the hub, to hedge, or to bandwagon with the rival."""

import equinox as eqx
import jax
import jax.numpy as jnp

from latticework.effects import OfState
from latticework.mechanisms.base import Parameter, Poles, with_signals
from latticework.mechanisms.effects import Allied, Dependence, Retreat, Threat
from latticework.processes import AbstractUnitwise, Predictor, Push, Rows
from latticework.processes.base import among, designed
from latticework.processes.noise import uniform
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

BALANCE, HEDGE, BANDWAGON = 0.0, 1.0, 2.0
CHANCES = ("balance_chance", "hedge_chance", "bandwagon_chance")
UTILITY = "log utility"
KUIK = "Kuik 2021: retreat of the hub turns states to the rival, a threat across the board to the hub, else they hedge"
LIM = "Lim and Cooper 2015: treaty allies mostly do not hedge"
SIZE = "the sign is Kuik's, the size ours"


class Hedging(AbstractUnitwise):
    r"""A state's stance between hub and rival: a multinomial logit that is revised at a rate.

    $P(s) \propto e^{u_s}$ with $u_b$ rising in the hub's credibility and the threat, $u_h$ in doubt of the hub and its
    retreat, $u_w$ in retreat and in the share of trade with the rival: the signs are imposed. A stance is thought over
    $\rho$ times a year and then drawn anew: over dt it is kept with chance $e^{-\rho dt} + (1 - e^{-\rho dt}) P(s)$.
    `turn` is $\tfrac12 P(h) + P(w)$ less what it was at the start: 0 to 1 from the hub to the rival, which is what
    couples to other processes. As retreat counts and reinforcement does not, garrisons that only wander turn allies a
    little in every branch: what a branch does shows beside another.
    """

    name = "hedging"
    title = "States choose between hub and rival"
    unit = "state"
    grid = "quarter"
    observed = None
    reads = ("defence", "dispute_history", "trade", "troops")
    writes = ("stance", *CHANCES, "turn")
    poles: Poles = eqx.field(static=True, kw_only=True)

    def predictors(self) -> tuple[Predictor, ...]:
        """Utility of balancing, hedging, bandwagoning, and the log rate of thinking it over."""
        return (
            self.balance(),
            self.hedge(),
            self.bandwagon(),
            self.revision(),
        )

    def balance(self) -> Predictor:
        """Utility of standing with the hub."""
        ally = Allied(self.poles.hub)
        return Predictor(
            "balance",
            (
                Parameter(
                    "intercept", None, UTILITY, -1.0, 0.7, because="without a pact hedging is the rule", source=KUIK
                ),
                Parameter("ally of the hub", ally, UTILITY, 2.5, 0.7, because="size ours", sign=1, source=LIM),
                Parameter(
                    "credibility of the hub",
                    OfState("credibility"),
                    "per log odds",
                    0.7,
                    0.4,
                    because=SIZE,
                    sign=1,
                    source=KUIK,
                ),
                Parameter("threat", Threat(self.poles.threats), UTILITY, 1.0, 0.6, because=SIZE, sign=1, source=KUIK),
            ),
        )

    def hedge(self) -> Predictor:
        """Utility of standing with neither."""
        retreat = Retreat(self.poles.hub)
        return Predictor(
            "hedge",
            (
                Parameter("retreat of the hub", retreat, "per log troops", 0.7, 0.5, because=SIZE, sign=1, source=KUIK),
                Parameter(
                    "doubt of the hub", OfState("patron_doubt"), "per sd", 0.5, 0.4, because=SIZE, sign=1, source=KUIK
                ),
            ),
        )

    def bandwagon(self) -> Predictor:
        """Utility of standing with the rival."""
        retreat = Retreat(self.poles.hub)
        return Predictor(
            "bandwagon",
            (
                Parameter("intercept", None, UTILITY, -2.5, 0.7, because="few go over", source=KUIK),
                Parameter(
                    "dependence on the rival",
                    Dependence(self.poles.rival),
                    "per whole of trade",
                    3.0,
                    1.5,
                    because=SIZE,
                    sign=1,
                    source=KUIK,
                ),
                Parameter("retreat of the hub", retreat, "per log troops", 0.7, 0.5, because=SIZE, sign=1, source=KUIK),
            ),
        )

    def revision(self) -> Predictor:
        """How often a stance is thought over."""
        return Predictor(
            "",
            (
                Parameter(
                    "log rate of revision", None, "log 1/year", 0.0, 0.4, because="policy is thought over once a year"
                ),
            ),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """Every state but hub and rival."""
        numbers = jnp.arange(before.n)
        return (
            jnp.isfinite(jnp.asarray(before.state("stance")))
            & (numbers != self.poles.hub)
            & (numbers != self.poles.rival)
        )

    def chances(self, etas: tuple[Float[Array, "*u"], ...]) -> Float[Array, "*u 3"]:
        """What a state that thinks it over chooses."""
        return jax.nn.softmax(jnp.stack(jnp.broadcast_arrays(*etas[:3]), -1), axis=-1)

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of the stance that follows."""
        think = -jnp.expm1(-jnp.exp(etas[3]) * rows.dt)
        picked = jnp.take_along_axis(self.chances(etas), rows.outcome.astype(int)[..., None], -1)[..., 0]
        return jnp.log((1 - think) * (rows.outcome == rows.level) + think * picked)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """A row per state that chooses."""
        design, level = designed(self.coefficients(), before, self.unit), jnp.asarray(before.state("stance"))
        outcome = jnp.asarray(after.state("stance"))
        risk = (
            among(self.unit, before, after)
            & self.at_risk(before)
            & jnp.isfinite(design).all(-1)
            & jnp.isfinite(outcome)
        )
        values = (jnp.where(risk[..., None], design, 0.0), jnp.where(risk, level, 0.0), jnp.where(risk, outcome, 0.0))
        return Rows(*values, risk, jnp.full((1,) * outcome.ndim, dt))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the stance dt years on; a push is one on the utility of balancing."""
        etas = self.etas(theta, before, push)
        chances = self.chances((etas[0] + push.shift, *etas[1:]))
        risk = among(self.unit, before) & self.at_risk(before)
        u = uniform(key, self.unit, (before.n,))
        think = -jnp.expm1(-jnp.exp(etas[3]) * dt)
        anew = drawn_stance(u / think, chances)
        old = jnp.asarray(before.state("stance"))
        moved = jnp.where(risk & (u < think), anew, old)
        turn = lean(chances) - jnp.asarray(before.state("turn_opening"))
        layers = {name: jnp.where(risk, chances[..., k], 0.0) for k, name in enumerate(CHANCES)}
        return before.replace({"stance": moved, "turn": jnp.where(risk, turn, 0.0), **layers})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Stances as the law has them on the first day, and no turn yet."""
        ready = with_signals(world, self.poles.hub).replace({"stance": jnp.zeros(world.n)})
        chances, risk = self.chances(self.etas(theta, ready, Push())), self.at_risk(ready)
        stance = drawn_stance(uniform(key, self.unit, (world.n,)), chances)
        layers = {name: jnp.where(risk, chances[..., k], 0.0) for k, name in enumerate(CHANCES)}
        layers |= {"turn": jnp.zeros(world.n), "turn_opening": lean(chances)}
        return ready.replace({"stance": jnp.where(risk, stance, 0.0), **layers})


def drawn_stance(u: Float[Array, "n"], chances: Float[Array, "n 3"]) -> Float[Array, "n"]:
    """The stance that numbers between 0 and 1 pick."""
    edges = jnp.cumsum(chances, -1)[..., :2]
    return (u[..., None] >= edges).sum(-1).astype(jnp.float32)


def lean(chances: Float[Array, "*u 3"]) -> Float[Array, "*u"]:
    """0 for a state that balances for sure, 1/2 for one that hedges, 1 for one that bandwagons."""
    return 0.5 * chances[..., 1] + chances[..., 2]
