"""A new leader rests on other groups in society than the last: in democracies and after coups more often."""

import jax.numpy as jnp

from latticework.effects import LogTenure, Not, OfState, democratic, ruled
from latticework.processes.base import Anchor, Coefficient, Predictor, Push, anchored
from latticework.processes.families import AbstractMark
from latticework.processes.noise import logistic
from latticework.types import Array, Float, Key
from latticework.world import World

CHISOLS = "CHISOLS 4.0, 1950-2008: changes of coalition over changes of leader, a year"
ANCHORS = {
    "intercept": Anchor(0.10, None, CHISOLS, "personal rule: 0.044 of 0.084; all non-democracies 0.37"),
    "democracy": Anchor(0.12, None, CHISOLS, "0.139 of 0.251 against personal rule"),
    "party rule": Anchor(-1.99, None, CHISOLS, "0.011 of 0.084 against personal rule"),
    "military rule": Anchor(-0.60, None, CHISOLS, "0.067 of 0.178 against personal rule"),
    "monarchy": Anchor(-2.77, None, CHISOLS, "0.006 of 0.093 against personal rule"),
}


class CoalitionChange(AbstractMark):
    """Whether a change of leader changes the groups on which the leader rests (a SOLS change)."""

    name = "coalition_change"
    title = "New leader rests on other groups"
    unit = "state"
    grid = "quarter"
    observed = None  # a scenario opens with what is likely of its new leaders: see `start`
    given = ("turnover", "exit_irregular")
    varies = ("era",)
    mark = "coalition_change"
    until = 2008
    reads = (
        "coalition_age",
        "coalition_change",
        "democracy",
        "election_ahead",
        "election_past",
        "exit_irregular",
        "military_rule",
        "monarchy",
        "party_rule",
        "tenure",
        "turnover",
    )
    writes = ("coalition_change", "coalition_age")

    def predictors(self) -> tuple[Predictor, ...]:
        """The log odds, by who rules and by how and when the leader left."""
        ahead, forced = OfState("election_ahead"), OfState("exit_irregular")
        past = OfState("election_past") * Not(ahead)
        table = (
            Coefficient("intercept", None, prior_sd=5.0),
            Coefficient("democracy", democratic()),
            Coefficient("party rule", ruled("party_rule")),
            Coefficient("military rule", ruled("military_rule")),
            Coefficient("monarchy", ruled("monarchy")),
            Coefficient("irregular exit", forced),
            Coefficient("democracy x irregular exit", democratic() * forced),
            Coefficient("election this quarter", ahead),
            Coefficient("election last quarter", past),
            Coefficient("democracy x election this quarter", democratic() * ahead),
            Coefficient("democracy x election last quarter", democratic() * past),
            Coefficient("log tenure", LogTenure(), unit="log odds per log year"),
        )
        odds = tuple(
            Coefficient(c.name, c.effect, "log odds" if c.unit == "log hazard" else c.unit, c.prior_mean, c.prior_sd)
            for c in table
        )
        return (Predictor("", anchored(odds, ANCHORS)),)

    def marked(self, after: World) -> Float[Array, "*u"]:
        """1 for one change or more in the step."""
        return jnp.minimum(jnp.asarray(after.state("coalition_change")), 1.0)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the changes of one step; the clock of a new coalition stands at half the step."""
        after = super().sample(key, theta, before, dt, push)
        age = jnp.asarray(before.state("coalition_age")) + dt
        return after.replace({"coalition_age": jnp.where(jnp.asarray(after.state(self.mark)) > 0, dt / 2, age)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """No change yet. Where the coalition's age is not on record, that of a leader of under a year is drawn.

        It began with the leader, with the odds of a regular exit, or else at least a year before.
        """
        world = super().start(key, theta, world)
        tenure = jnp.nan_to_num(jnp.asarray(world.state("tenure")), nan=jnp.inf)
        (odds,) = self.etas(theta, world.replace({"exit_irregular": jnp.zeros(world.n)}), Push())
        changed = logistic(key, self.unit, tenure.shape) < odds
        likely = jnp.where(changed, tenure, tenure + 1)
        age = jnp.asarray(world.state("coalition_age"))
        return world.replace({"coalition_age": jnp.where(jnp.isnan(age), likely, age)})
