"""Leaders leave office by the rules or against them: elections, time in office, regime, conflict and growth tell."""

import jax.numpy as jnp

from latticework.effects import (
    AbstractEffect,
    AtLeast,
    LogTenure,
    Not,
    OfState,
    Since,
    Standardised,
    democratic,
    ruled,
)
from latticework.processes.base import Anchor, Coefficient, Predictor, Push, anchored
from latticework.processes.families import AbstractHazard
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

REIGN = "REIGN leader and election lists, March 2021: rates per quarter of any exit, 1950-2020"
NEAR = "0.143 against 0.021, this or previous quarter, others"
NEAR_IN_DEMOCRACIES = "0.255/0.030 against 0.143/0.021"
ANCHORS = {
    "intercept": Anchor(-2.46, None, REIGN, "0.021 a quarter without an election, others; irregular exits are in it"),
    "democracy": Anchor(0.36, None, REIGN, "0.030 against 0.021 a quarter without an election"),
    "election this quarter": Anchor(1.98, None, REIGN, NEAR),
    "election last quarter": Anchor(1.98, None, REIGN, NEAR),
    "democracy x election this quarter": Anchor(0.29, None, REIGN, NEAR_IN_DEMOCRACIES),
    "democracy x election last quarter": Anchor(0.29, None, REIGN, NEAR_IN_DEMOCRACIES),
}
USUAL_GROWTH, TEN_PERCENT = 0.037, 0.1  # the mean of all states and years
GROWTH_FADES = 0.36  # per year: minus the log of the correlation of one year's growth with the next, 0.70


def civil_conflict() -> AbstractEffect:
    """One where the government fought a conflict within the state, of 25 battle deaths or more, in the last year."""
    return AtLeast(OfState("civil_conflict"), 1.0)


def growth() -> AbstractEffect:
    """Last year's growth of real GDP beyond the usual, in steps of ten percent."""
    return Standardised(OfState("growth"), USUAL_GROWTH, TEN_PERCENT)


class LeaderExit(AbstractHazard):
    """The effective leader leaves office: by the rules of the state, or removed by force or the threat of it.

    Death and illness count as regular: the rules say who follows. An exit whose manner is not on record (after 2015)
    informs the sum of both hazards only. What a scenario adds as an extra hazard is regular; what it shifts, both are.
    """

    name = "leader_exit"
    title = "Leader leaves office"
    unit = "state"
    grid = "quarter"
    observed = None
    event = "turnover"
    chance = "turnover_chance"
    kinds = ("exit_regular", "exit_irregular")
    varies = ("state",)
    reads = (
        "civil_conflict",
        "democracy",
        "election_ahead",
        "election_past",
        "exit_irregular",
        "exit_regular",
        "fixed_term",
        "growth",
        "military_rule",
        "monarchy",
        "party_rule",
        "tenure",
        "turnover",
        "year",
    )
    writes = ("turnover", "turnover_chance", "exit_regular", "exit_irregular", "tenure", "incumbent", "growth")

    def predictors(self) -> tuple[Predictor, ...]:
        """The log hazards of a regular and of an irregular exit."""
        return (
            Predictor("regular", anchored(self.regular_effects(), ANCHORS)),
            Predictor("irregular", self.irregular_effects()),
        )

    def regular_effects(self) -> tuple[Coefficient, ...]:
        """Elections of this and the last quarter by regime and form of government, tenure by regime, crises."""
        ahead, fixed = OfState("election_ahead"), OfState("fixed_term")
        past = OfState("election_past") * Not(ahead)  # a vote in both quarters counts once
        rule, tenure = democratic(), LogTenure()
        return (
            Coefficient("intercept", None, prior_sd=5.0),
            Coefficient("democracy", rule),
            Coefficient("election this quarter", ahead),
            Coefficient("election last quarter", past),
            Coefficient("democracy x election this quarter", rule * ahead),
            Coefficient("democracy x election last quarter", rule * past),
            Coefficient("fixed term", rule * fixed),
            Coefficient("fixed term x election this quarter", rule * fixed * ahead),
            Coefficient("fixed term x election last quarter", rule * fixed * past),
            Coefficient("log tenure", tenure, unit="log hazard per log year"),
            Coefficient("democracy x log tenure", rule * tenure, unit="log hazard per log year"),
            Coefficient("civil conflict", civil_conflict()),
            Coefficient("growth", growth(), unit="log hazard per ten percent"),
            Coefficient("party rule", ruled("party_rule")),
            Coefficient("military rule", ruled("military_rule")),
            Coefficient("monarchy", ruled("monarchy")),
        )

    def irregular_effects(self) -> tuple[Coefficient, ...]:
        """What invites or deters a coup, a revolt or an intervention; they have become rarer since the Cold War."""
        ahead = OfState("election_ahead")
        return (
            Coefficient("intercept", None, prior_sd=5.0),
            Coefficient("democracy", democratic()),
            Coefficient("log tenure", LogTenure(), unit="log hazard per log year"),
            Coefficient("civil conflict", civil_conflict()),
            Coefficient("growth", growth(), unit="log hazard per ten percent"),
            Coefficient("election this quarter", ahead),
            Coefficient("election last quarter", OfState("election_past") * Not(ahead)),
            Coefficient("since 1991", Since(1991.0)),
            Coefficient("party rule", ruled("party_rule")),
            Coefficient("military rule", ruled("military_rule")),
            Coefficient("monarchy", ruled("monarchy")),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """Every state with a known leader."""
        return jnp.isfinite(jnp.asarray(before.state("tenure")))

    def advance(self, before: World, event: Float[Array, "n"], dt: Float[Array, ""]) -> World:
        """A new leader has been in office for half the step, any other for one step more; growth nears the usual."""
        tenure = jnp.asarray(before.state("tenure"))
        first = before.states.get("incumbent", jnp.ones_like(tenure))
        beyond = (jnp.asarray(before.state("growth")) - USUAL_GROWTH) * jnp.exp(-GROWTH_FADES * dt)
        left = event > 0
        return before.replace(
            states={
                "tenure": jnp.where(left, dt / 2, tenure + dt),
                "incumbent": jnp.where(left, 0.0, first),
                "growth": USUAL_GROWTH + beyond,
            }
        )

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the exits of one step; `exit_due` is an extra hazard per year of the leader of the opening alone."""
        if "exit_due" in before.states:
            due = jnp.asarray(before.state("exit_due")) * jnp.asarray(before.state("incumbent"))
            push = Push(push.shift, push.hazard + due, push.offset)
        return super().sample(key, theta, before, dt, push)

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Every leader of the opening is an incumbent, and nothing is due; growth that is not known is the usual."""
        growing = jnp.nan_to_num(jnp.asarray(world.state("growth")), nan=USUAL_GROWTH)
        clear = {"incumbent": jnp.ones(world.n), "exit_due": jnp.zeros(world.n), "growth": growing}
        return super().start(key, theta, world.replace(states=clear))
