"""Multilateral agreements: members join and leave them, and they end."""

import jax.numpy as jnp

from latticework.effects import (
    AbstractEffect,
    Filled,
    LandNeighbours,
    Logged,
    LogMembers,
    LogPactAge,
    MeanOverMembers,
    MeanToMembers,
    NewLeader,
    OfDyad,
    OfEachPact,
    OfEachState,
    OfPact,
    OfState,
    Standardised,
    autocratic,
    democratic,
    gap,
)
from latticework.processes.base import Coefficient, Predictor
from latticework.processes.families import AbstractHazard
from latticework.types import Array, Bool, Float
from latticework.world import World

LEAST = 2  # members of a pact in force
USUAL_SEATS = 32.0  # organizations that two states share on average since 2000
PACTS = ("pact_member", "pact_age", "pact_defence", "pact_size")


def nearness() -> tuple[tuple[str, AbstractEffect, str], ...]:
    """How near two states are: in place, in regime, in what they belong to, and in what they owe or grudge each other.

    Organizations in common are on record to 2014; where their number is not known it counts as the usual one.
    """
    seats = Filled(Standardised(OfDyad("shared_igos"), USUAL_SEATS, 10.0), 0.0)
    return (
        ("log distance from 3,000 km", Logged(OfDyad("distance"), 100.0, 3000.0), "per log km"),
        ("land contiguity", LandNeighbours(), ""),
        ("gap in democracy", gap(OfState("democracy")), "per unit of polyarchy"),
        ("organizations in common from the usual 32", seats, "per ten"),
        ("defence obligation", OfDyad("defence"), ""),
        ("rivalry", OfDyad("rivalry"), ""),
    )


def towards_members(unit: str = "log hazard") -> tuple[Coefficient, ...]:
    """A coefficient for each kind of nearness to a pact's members, in the mean."""
    return tuple(
        Coefficient(f"{name}, mean over members", MeanToMembers(effect), f"{unit} {per}".strip())
        for name, effect, per in nearness()
    )


class PactJoined(AbstractHazard):
    """A state joins a multilateral agreement in force."""

    name = "pact_joined"
    title = "State joins a multilateral agreement"
    unit = "membership"
    grid = "year"
    observed = "membership"
    until = 2016
    event = "pact_joined"
    chance = "pact_joined_chance"
    reads = (*PACTS, "pact_joined", "contiguity", "defence", "democracy", "distance", "rivalry", "shared_igos")
    writes = ("pact_joined", "pact_joined_chance")

    def predictors(self) -> tuple[Predictor, ...]:
        """Nearness to the members, and the pact's age, size and pledge."""
        table = (
            Coefficient("intercept", None, prior_mean=-6.0, prior_sd=3.0),
            *towards_members(),
            Coefficient("log members from ten", OfEachPact(LogMembers())),
            Coefficient("log age from ten years", OfEachPact(LogPactAge())),
            Coefficient("defence pledge", OfEachPact(OfPact("pact_defence"))),
        )
        return (Predictor("", table),)

    def at_risk(self, before: World) -> Bool[Array, "*t m n"]:
        """States that are not members."""
        return jnp.asarray(before.membership("pact_member")) == 0

    def advance(self, before: World, event: Float[Array, "m n"], dt: Float[Array, ""]) -> World:
        """What it puts into force is the treaties' own bookkeeping."""
        return before


class PactLeft(AbstractHazard):
    """A member leaves, or is put out of, a multilateral agreement that goes on without it."""

    name = "pact_left"
    title = "Member leaves a multilateral agreement"
    unit = "membership"
    grid = "year"
    observed = "membership"
    until = 2016
    event = "pact_left"
    chance = "pact_left_chance"
    reads = (*PACTS, "pact_left", "democracy", "rivalry", "tenure")
    writes = ("pact_left", "pact_left_chance")

    def predictors(self) -> tuple[Predictor, ...]:
        """Regime, new leaders, rivals among the members, and the pact's age and size."""
        because = "bilateral ends after a change of coalition: 0.955 (0.274); any new leader is a weaker signal"
        new = OfEachState(NewLeader() * autocratic())
        rivals = MeanToMembers(OfDyad("rivalry"))
        table = (
            Coefficient("intercept", None, prior_mean=-6.0, prior_sd=3.0),
            Coefficient("democracy", OfEachState(democratic())),
            Coefficient("new leader of an autocracy", new, prior_mean=0.955, prior_sd=0.55, because=because),
            Coefficient("share of members that are rivals", rivals, "log hazard per unit of share"),
            Coefficient("log members from ten", OfEachPact(LogMembers())),
            Coefficient("log age from ten years", OfEachPact(LogPactAge())),
        )
        return (Predictor("", table),)

    def at_risk(self, before: World) -> Bool[Array, "*t m n"]:
        """Members of pacts that would go on without them."""
        member = jnp.nan_to_num(jnp.asarray(before.membership("pact_member")))
        return (member > 0) & (member.sum(-1) > LEAST)[..., None]

    def advance(self, before: World, event: Float[Array, "m n"], dt: Float[Array, ""]) -> World:
        """What it takes out of force is the treaties' own bookkeeping."""
        return before


class PactEnded(AbstractHazard):
    """A multilateral agreement ends for all its members."""

    name = "pact_ended"
    title = "Multilateral agreement ends"
    unit = "pact"
    grid = "year"
    observed = "membership"
    until = 2016
    event = "pact_ended"
    chance = "pact_ended_chance"
    reads = (*PACTS, "pact_ended", "democracy", "tenure")
    writes = ("pact_ended", "pact_ended_chance")

    def predictors(self) -> tuple[Predictor, ...]:
        """Size, age, pledge, the members' regimes."""
        table = (
            Coefficient("intercept", None, prior_mean=-4.0, prior_sd=2.0),
            Coefficient("log members from ten", LogMembers()),
            Coefficient("log age from ten years", LogPactAge()),
            Coefficient("defence pledge", OfPact("pact_defence")),
            Coefficient("share of members that are democracies", MeanOverMembers(democratic())),
        )
        return (Predictor("", table),)

    def at_risk(self, before: World) -> Bool[Array, "*t m"]:
        """Pacts in force."""
        return before.in_force

    def advance(self, before: World, event: Float[Array, "m"], dt: Float[Array, ""]) -> World:
        """What it takes out of force is the treaties' own bookkeeping."""
        return before
