"""States spend on defence a share of what they earn: it drifts towards what allies, rivals and wars call for."""

import jax.numpy as jnp

from latticework.effects import (
    AtLeast,
    Beyond,
    LogOfLargest,
    Not,
    OfState,
    PartnerCount,
    PartnerMax,
    PartnerMean,
    RivalSpending,
    Since,
    Standardised,
    TroopsHosted,
    autocratic,
    democratic,
)
from latticework.processes.base import Anchor, Coefficient, Predictor, Push
from latticework.processes.families import AbstractBreakDrift
from latticework.types import Array, Float, Key
from latticework.world import World

SPENDING = "Own re-estimate on the panel of DiGiuseppe and Poast 2018, log spending 1950-2001, states' own intercepts"
HOSTS = "Own re-estimate on the same panel with US troops, after Allen, Flynn and VanDusky-Allen 2016"
ALLIES = "Own re-estimate after Plümper and Neumayer 2015: NATO without the USA, 1956-1988, CINC spending"
LAG = 0.791  # of last year's log spending in SPENDING: a state makes up for 1 - LAG of a gap within the year
USUAL_GROWTH = 0.07  # a year, of GDP in current dollars: the median of the record since 1960
OF_A_CURRENCY = 0.2  # unusual growth, up or down: what an economy itself does is rarely more
MOST_ALLIES_OF_A_BILATERAL_COMMAND = 1.0


class DefenceEffort(AbstractBreakDrift):
    """Military spending as a share of GDP drifts, on the log scale, towards a target.

    Why the share: numerator and denominator are dollars of one year at one rate, so that prices, exchange rates and
    the growth of an economy drop out; the log of spending in dollars has none of this. Why not the share alone: a
    slump raises it without a soldier more. So the growth of GDP in the year itself shifts the share at once, not its
    target, and what is modelled is spending given GDP. All other effects are as of the start of the year.
    In a simulation no process moves GDP: every economy is taken to grow as usual, so that GDP stays as it was beside
    others' and `military_spending` (thousand dollars) is the share of the GDP of the opening.
    A state that spends nothing (no forces) stays at nothing. Fitted to yearly figures once a year; from 2021 on the
    rivalries are not known, and the figures of 2023-24 have another definition.
    Allies' growth is followed here rather than offset, against the published sign; whoever rests on it should say so.
    Coefficients are long-run: of a change by one, the effort makes up 1 - exp(-kappa) within a year.
    """

    name = "defence_effort"
    title = "Defence effort drifts"
    unit = "state"
    grid = "year"
    observed = "defence_effort"
    drifting = "defence_effort"
    reads = (
        "civil_conflict",
        "defence",
        "defence_effort",
        "democracy",
        "effort_growth",
        "gdp",
        "gdp_growth",
        "integrated_defence",
        "interstate_conflict",
        "major_power",
        "military_spending",
        "rivalry",
        "troops",
        "year",
    )
    writes = ("defence_effort", "military_spending", "effort_growth")
    given = ("gdp_growth",)
    varies = ("state", "era")
    since = 1960
    until = 2021

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """Size of the economy, wars, rivals, regime, allies, foreign troops, era."""
        nato = nato_member()
        return (
            Coefficient("intercept", None, "log effort", -4.0, 1.0),
            long_run("log GDP over the largest", LogOfLargest("gdp"), 0.192 - (1 - LAG), 0.028, SPENDING),
            long_run("war", Standardised(PartnerMax("interstate_conflict"), 0.0, 2.0), 0.102, 0.028, SPENDING),
            long_run("civil war", Standardised(OfState("civil_conflict"), 0.0, 2.0), 0.069, 0.0345, SPENDING),
            Coefficient("a rival", PartnerMax("rivalry"), TARGET, 0.0, 0.5),
            long_run("log rivals' spending", RivalSpending(), 0.0107, 0.0031, SPENDING),
            long_run("democracy", OfState("democracy"), -0.0032 * 20, 0.032, SPENDING),
            long_run("pact with a democracy", PartnerMax("defence", democratic()), -0.048, 0.020, SPENDING),
            long_run("pact with another state", PartnerMax("defence", autocratic()), 0.066, 0.024, SPENDING),
            long_run("log foreign troops", TroopsHosted() * Not(nato), -0.0107, 0.0058, HOSTS),
            long_run("log foreign troops, NATO", TroopsHosted() * nato, 0.0264 - 0.0107, 0.0102, HOSTS),
            long_run("growth of allies' effort", allied_growth(), -0.30, 0.11, ALLIES),
            Coefficient("major power", OfState("major_power"), TARGET, 0.0, 0.5),
            long_run("since 1991", Since(1991.0), -0.051, 0.0255, SPENDING),
            Coefficient("since 2014", Since(2014.0), TARGET, 0.0, 0.5),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Speed of error correction and yearly diffusion."""
        kappa = Anchor(-1.45, None, SPENDING, "-log 0.791 a year; biased upwards by the states' own intercepts")
        sigma = Anchor(-1.55, None, SPENDING, "yearly change: MAD-sd 0.14 to 0.16, kurtosis 43")
        because = f"{SPENDING}: the yearly change and its dependence on last year's level"
        return (
            Coefficient("log kappa", None, "log 1/year", -1.45, 0.5, kappa, because=because),
            Coefficient("log sigma", None, "log effort per root year, log", -1.55, 0.5, sigma, because=because),
        )

    def scale_effects(self) -> tuple[Coefficient, ...]:
        """Autocracies, states at war and small economies spend less steadily, those in a joint command more so."""
        fighting = Standardised(PartnerMax("interstate_conflict"), 0.0, 2.0)
        return (
            Coefficient("steadiness: autocracy", autocratic(), "log scale", 0.0, 0.5),
            Coefficient("steadiness: war", fighting, "log scale", 0.0, 0.5),
            Coefficient(
                "steadiness: civil war", Standardised(OfState("civil_conflict"), 0.0, 2.0), "log scale", 0.0, 0.5
            ),
            Coefficient("steadiness: joint command", PartnerMax("integrated_defence"), "log scale", 0.0, 0.5),
            Coefficient("steadiness: log GDP over the largest", LogOfLargest("gdp"), "log scale", 0.0, 0.2),
        )

    def jumps(self) -> tuple[Coefficient, Coefficient]:
        """Revolutions, wars and currencies that break: some states double or halve their effort within a year."""
        because = f"{SPENDING}: kurtosis 43 of the yearly change, its ordinary sd twice the robust one"
        return (
            Coefficient("log jump hazard", None, "log 1/year", -3.0, 1.0, because=because),
            Coefficient("log jump size", None, "log effort, log", -0.5, 0.7, because=because),
        )

    def break_effects(self) -> tuple[Coefficient, ...]:
        """Autocracies, states at war and small economies break with what they spent more often."""
        fighting = Standardised(PartnerMax("interstate_conflict"), 0.0, 2.0)
        return (
            Coefficient("jumps: autocracy", autocratic()),
            Coefficient("jumps: war", fighting),
            Coefficient("jumps: civil war", Standardised(OfState("civil_conflict"), 0.0, 2.0)),
            Coefficient("jumps: log GDP over the largest", LogOfLargest("gdp"), prior_sd=0.5),
        )

    def pull(self) -> Coefficient:
        """A break may come back all the way or none of it: a wide prior, centred on half."""
        because = "any share of the gap may be made up in a jump: 90 % of the prior between 8 % and 92 %"
        return Coefficient("made up in a jump", None, "logit of share", 0.0, 1.5, because=because)

    def predictors(self) -> tuple[Predictor, ...]:
        """Those of a drift with breaks, and what the growth of GDP adds to the share in a year."""
        growth, unit = Standardised(OfState("gdp_growth"), USUAL_GROWTH, 1.0), "log effort per year"
        budgets = (
            "between 0, spending that follows GDP at once, and -1, spending that does not, with room on both sides"
        )
        currencies = (
            "beyond a fifth it is mostly the exchange rate that moved GDP, and spending may be taken at another"
        )
        shift = (
            Coefficient("unusual growth of GDP", growth, unit, -0.5, 0.5, because=budgets),
            Coefficient(
                "growth of GDP beyond a fifth", Beyond(growth, OF_A_CURRENCY), unit, 0.0, 0.5, because=currencies
            ),
        )
        return (*super().predictors(), Predictor("", shift))

    def moments(
        self, etas: tuple[Float[Array, "..."], ...], level: Float[Array, "*u"], dt: Float[Array, "..."]
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Those of the drift, the growth of GDP acting all through the step; a break's target knows nothing of it."""
        return super().moments((etas[0] + etas[6] * jnp.exp(-etas[1]), *etas[1:]), level, dt)

    def level(self, world: World) -> Float[Array, "*t n"]:
        """Log of the share; NaN for a state that spends nothing."""
        effort = jnp.asarray(world.state("defence_effort"))
        return jnp.log(jnp.where(effort > 0, effort, jnp.nan))

    def lay(self, world: World, level: Float[Array, "n"]) -> World:
        """The share and, at the GDP of the world, the spending."""
        effort = jnp.where(jnp.isfinite(level), jnp.exp(level), jnp.asarray(world.state("defence_effort")))
        return spent(world.replace({"defence_effort": effort}))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the effort dt years on; its growth in the year up to then is what allies respond to in the next step."""
        after = super().sample(key, theta, before, dt, push)
        fading = jnp.asarray(before.state("effort_growth")) * jnp.maximum(1 - dt, 0.0)
        return after.replace({"effort_growth": fading + self.level(after) - self.level(before)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """GDP grows as usual, and spending is the latest share of the latest GDP."""
        return spent(world.replace({"gdp_growth": jnp.full(world.n, USUAL_GROWTH)}))


TARGET = "log effort in the long run"


def long_run(name: str, effect, value: float, se: float, source: str) -> Coefficient:
    """A coefficient of the target whose prior is a short-run re-estimate with twice its standard error."""
    mean, sd = value / (1 - LAG), max(2 * se, 0.5 * abs(value), 0.01) / (1 - LAG)
    note = f"short run {value:.4f} (se {se:.4f}) over 1 - {LAG}"
    because = "re-estimate, standard error doubled"
    return Coefficient(name, effect, TARGET, mean, sd, Anchor(mean, se / (1 - LAG), source, note), because=because)


def nato_member():
    """One for a state whose forces are joined with those of several allies: NATO, and the Warsaw Pact to 1991.

    Japan and Korea have joined forces with the USA alone.
    """
    return AtLeast(PartnerCount("integrated_defence"), MOST_ALLIES_OF_A_BILATERAL_COMMAND + 1)


def allied_growth():
    """The last yearly growth of allies' effort, weighted by what they spend: for most, that of the patron."""
    return PartnerMean("effort_growth", "defence", "military_spending")


def spent(world: World) -> World:
    """The world with military spending (thousand dollars) equal to effort times GDP, where both are known."""
    amount = jnp.asarray(world.state("defence_effort")) * jnp.asarray(world.state("gdp")) / 1000.0
    known = jnp.isfinite(amount)
    return world.replace({"military_spending": jnp.where(known, amount, jnp.asarray(world.state("military_spending")))})
