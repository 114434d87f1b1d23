"""A bilateral agreement ends: regimes, shifts of power, new leaders, its pledges and its age say how fast."""

import jax.numpy as jnp

from latticework.effects import NewLeader, OfDyad, Standardised, autocratic, both, democratic, either
from latticework.processes.base import Anchor, Coefficient, Predictor, anchored
from latticework.processes.families import AbstractHazard
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

TABLE = "Own re-estimate on ATOP 4.01 bilateral alliances 1919-2001, any end, alliance-clustered sd"
ANCHORS = {
    "intercept": Anchor(-3.649, None, TABLE),
    "both democracies": Anchor(-0.595, 0.230, TABLE),
    "capability shifted since signature": Anchor(0.698, 0.184, TABLE),
    "defence pledge": Anchor(0.335, 0.177, TABLE),
    "non-aggression pledge": Anchor(-0.505, 0.175, TABLE),
    "new leader of an autocracy": Anchor(
        0.955, 0.274, TABLE, "SOLS change in the year before: 0.955 (0.274); any new leader is a weaker signal"
    ),
}


class AgreementEnd(AbstractHazard):
    """The last bilateral agreement between two states ends while both exist.

    Multilateral treaties are one object with many members and never end dyad by dyad: a defence obligation that does
    not rest on a bilateral agreement stays.
    """

    name = "agreement_end"
    title = "Bilateral agreement ends"
    unit = "dyad"
    grid = "year"
    observed = "agreement"
    until = 2016  # what runs on after ATOP 4.01 is carried, not seen
    event = "agreement_ended"
    chance = "agreement_end_chance"
    reads = (
        "agreement",
        "agreement_age",
        "agreement_defence",
        "agreement_ended",
        "agreement_nonaggression",
        "agreement_shift",
        "defence",
        "democracy",
        "tenure",
    )
    writes = ("agreement_ended", "agreement_end_chance", "agreement", "agreement_age", "defence")

    def predictors(self) -> tuple[Predictor, ...]:
        """The covariates of the termination literature and a cubic in the agreement's age."""
        age = Standardised(OfDyad("agreement_age"), 0.0, 10.0)
        table = (
            Coefficient("intercept", None, prior_sd=5.0),
            Coefficient("both democracies", both(democratic())),
            Coefficient("capability shifted since signature", OfDyad("agreement_shift")),
            Coefficient("defence pledge", OfDyad("agreement_defence")),
            Coefficient("non-aggression pledge", OfDyad("agreement_nonaggression")),
            Coefficient("new leader of an autocracy", either(NewLeader() * autocratic())),
            Coefficient("age", age, "log hazard per decade"),
            Coefficient("age squared", age * age, "log hazard per decade squared"),
            Coefficient("age cubed", age * age * age, "log hazard per decade cubed"),
        )
        return (Predictor("", anchored(table, ANCHORS)),)

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Dyads with a bilateral agreement in force."""
        return jnp.asarray(before.dyad("agreement")) > 0

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """An ended agreement takes its defence obligation with it."""
        ended = event > 0
        age = jnp.asarray(before.dyad("agreement_age"))
        return before.replace(
            dyads={
                "agreement": jnp.where(ended, 0.0, before.dyad("agreement")),
                "agreement_age": jnp.where(ended, 0.0, age + dt),
                "defence": jnp.where(ended, before.dyad("defence_elsewhere"), before.dyad("defence")),
            }
        )

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Remember which defence obligations do not rest on a bilateral agreement."""
        bilateral = jnp.nan_to_num(jnp.asarray(world.dyad("agreement_defence")))
        elsewhere = jnp.asarray(world.dyad("defence")) * (1 - bilateral)
        age = jnp.nan_to_num(jnp.asarray(world.dyad("agreement_age")))
        return super().start(key, theta, world.replace(dyads={"defence_elsewhere": elsewhere, "agreement_age": age}))
