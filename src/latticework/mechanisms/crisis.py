"""Domestic crisis: it begins and ends at a rate, and a government in it decides less."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects import Filled, NewLeader, Not, OfState
from latticework.mechanisms.base import Parameter, Poles, with_signals
from latticework.processes import AbstractHazard, Predictor
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

IMPEACHED = "The layer `impeachment`: KOR in 2004, 2016 and twice in December 2024, each under a minority government"
ENDED = "KOR: the court ruled after 63 days in 2004 and after 91 in 2017, a vote followed 60 days later"


class Crisis(AbstractHazard):
    """A domestic crisis begins where there is none and ends where there is one.

    The record names crises of one state and is no list (see the layer `impeachment`), so the rates are assumed: one in
    fifty years, three times that under a minority government, over after half a year, and sooner with a new leader.
    """

    name = "crisis"
    title = "Domestic crisis begins or ends"
    unit = "state"
    grid = "quarter"
    observed = None
    event = "crisis_turn"
    chance = "crisis_turn_chance"
    reads = ("minority_government", "tenure")
    writes = ("crisis_turn", "crisis_turn_chance", "crisis")
    poles: Poles = eqx.field(static=True, kw_only=True)

    def predictors(self) -> tuple[Predictor, ...]:
        """One rate for the beginning, one for the end."""
        crisis = OfState("crisis")
        calm, minority = Not(crisis), Filled(OfState("minority_government"), 0.0)
        new = Filled(NewLeader(0.25), 0.0)
        return (
            Predictor(
                "",
                (
                    Parameter("begins", calm, "log hazard", -3.9, 0.7, because="guess: rare outside of Korea"),
                    Parameter(
                        "begins, minority government",
                        calm * minority,
                        "log hazard",
                        1.1,
                        0.6,
                        because="all on record fell under a minority; three times the rate is ours",
                        sign=1,
                        source=IMPEACHED,
                    ),
                    Parameter("ends", crisis, "log hazard", 0.7, 0.4, because="half a year", source=ENDED),
                    Parameter(
                        "ends, new leader",
                        crisis * new,
                        "log hazard",
                        1.5,
                        0.7,
                        because="it was about the leader",
                        sign=1,
                    ),
                ),
            ),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """Every state."""
        return jnp.isfinite(jnp.asarray(before.state("crisis")))

    def advance(self, before: World, event: Float[Array, "n"], dt: Float[Array, ""]) -> World:
        """What was not is, what was is not."""
        crisis = jnp.asarray(before.state("crisis"))
        return before.replace({"crisis": jnp.abs(crisis - event)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """No crisis but those that a scenario sets."""
        ready = super().start(key, theta, with_signals(world, self.poles.hub))
        return ready.replace(
            {"minority_government": jnp.asarray(world.states.get("minority_government", jnp.zeros(world.n)))}
        )
