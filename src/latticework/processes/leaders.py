"""Leaders leave office: the election calendar, their time in office and the kind of regime say how fast."""

import jax.numpy as jnp

from latticework.effects import LogTenure, Not, OfState, democratic
from latticework.processes.base import Anchor, Coefficient, Predictor, Push, anchored
from latticework.processes.families import AbstractHazard
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

REIGN = "REIGN leader and election lists, March 2021: rates per quarter, 1950-2020"
NEAR = "0.143 against 0.021, this or previous quarter, others"
NEAR_IN_DEMOCRACIES = "0.255/0.030 against 0.143/0.021"
ANCHORS = {
    "intercept": Anchor(-2.46, None, REIGN, "0.021 a quarter without an election, others"),
    "democracy": Anchor(0.36, None, REIGN, "0.030 against 0.021 a quarter without an election"),
    "election this quarter": Anchor(1.98, None, REIGN, NEAR),
    "election last quarter": Anchor(1.98, None, REIGN, NEAR),
    "democracy x election this quarter": Anchor(0.29, None, REIGN, NEAR_IN_DEMOCRACIES),
    "democracy x election last quarter": Anchor(0.29, None, REIGN, NEAR_IN_DEMOCRACIES),
}


class LeaderExit(AbstractHazard):
    """The effective leader leaves office, by whatever way."""

    name = "leader_exit"
    title = "Leader leaves office"
    unit = "state"
    grid = "quarter"
    observed = None
    event = "turnover"
    chance = "turnover_chance"
    reads = ("democracy", "election_ahead", "election_past", "fixed_term", "tenure", "turnover")
    writes = ("turnover", "turnover_chance", "tenure", "incumbent")

    def predictors(self) -> tuple[Predictor, ...]:
        """Elections of this and the last quarter by regime and form of government, and tenure by regime."""
        ahead, fixed = OfState("election_ahead"), OfState("fixed_term")
        past = OfState("election_past") * Not(ahead)  # a vote in both quarters counts once
        rule, tenure = democratic(), LogTenure()
        table = (
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
        )
        return (Predictor("", anchored(table, ANCHORS)),)

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """Every state with a known leader."""
        return jnp.isfinite(jnp.asarray(before.state("tenure")))

    def advance(self, before: World, event: Float[Array, "n"], dt: Float[Array, ""]) -> World:
        """A new leader has been in office for half the step, any other for one step more."""
        tenure = jnp.asarray(before.state("tenure"))
        first = before.states.get("incumbent", jnp.ones_like(tenure))
        left = event > 0
        return before.replace(
            states={"tenure": jnp.where(left, dt / 2, tenure + dt), "incumbent": jnp.where(left, 0.0, first)}
        )

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the exits of one step; `exit_due` is an extra hazard per year of the leader of the opening alone."""
        if "exit_due" in before.states:
            due = jnp.asarray(before.state("exit_due")) * jnp.asarray(before.state("incumbent"))
            push = Push(push.shift, push.hazard + due, push.offset)
        return super().sample(key, theta, before, dt, push)

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Every leader of the opening is an incumbent, and nothing is due."""
        clear = {"incumbent": jnp.ones(world.n), "exit_due": jnp.zeros(world.n)}
        return super().start(key, theta, world.replace(states=clear))
