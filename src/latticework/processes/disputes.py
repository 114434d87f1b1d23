"""Disputes: two states enter one, at a rate that place, power, pacts, regimes and past peace set; and it ends."""

from dataclasses import replace

import jax.numpy as jnp

from latticework.effects import (
    AbstractEffect,
    AlliesInDispute,
    CapabilityRatio,
    DisputesElsewhere,
    LandNeighbours,
    OfDyad,
    OfState,
    OutsidePact,
    PeaceYears,
    PoliticallyRelevant,
    both,
    either,
)
from latticework.processes.base import Anchor, Coefficient, Predictor, Push
from latticework.processes.families import AbstractHazard
from latticework.processes.noise import exponential
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

TABLE = "Own re-estimate on GML dispute onsets, politically relevant dyads 1950-2010, node-robust sd"
PRIOR = f"{TABLE}: its value, with twice its sd or half its size, whichever is larger"
MOST_PEACE = 60.0
HALF_LIFE = 10.0  # years; as in the layer of the panel
POLITY_PER_POLYARCHY = 20.0
STANDING = (
    "Johnson and Leeds 2011 find that defence pacts of the target deter; a plain fit of who begins disputes finds the "
    "opposite, for threatened states ally: the record cannot tell. Whether a pact applies is not in the data"
)
HALF = "log of one half: it has had half of the step"
PER_POLYARCHY = "log hazard per unit of polyarchy"
FORMED = (
    "Kenwick, Vasquez and Powers 2015: more disputes around the formation of a pact; selection as for standing pacts"
)


class DisputeOnset(AbstractHazard):
    """A militarised interstate dispute begins between two states.

    The dyad's record of disputes moves with it, for the severity of disputes reads it, but is no effect here: it stands
    in for rivalry and parity, whose coefficients it halves, and foretells no better than the frailties of dyads do.
    States and decades have levels of their own, fitted beside the years of peace, which else stand in for what lasts.
    While a dispute goes on no other begins: how long is for `DisputeEnd` to say. Years of peace count from its end.
    """

    name = "dispute_onset"
    title = "Dispute begins"
    unit = "dyad"
    grid = "quarter"
    observed = "dispute"
    event = "dispute"
    chance = "dispute_chance"
    varies = ("state", "era")
    reads = (
        "dispute",
        "dispute_ongoing",
        "dispute_history",
        "peace_years",
        "capability",
        "contiguity",
        "defence",
        "defence_years",
        "democracy",
        "major_power",
        "rivalry",
    )
    writes = ("dispute", "dispute_chance", "dispute_history", "peace_years", "defence_years")

    def predictors(self) -> tuple[Predictor, ...]:
        """The covariates of the onset literature, a cubic in the years of peace, outside pacts, other disputes."""
        polity = "per unit of polyarchy; the table's -0.035 (0.013) per Polity point times 20"
        table = (
            Coefficient("intercept", None, prior_sd=5.0, anchor=Anchor(-1.852, None, TABLE, "at polity 0")),
            informed("land contiguity", LandNeighbours(), 0.569, 0.130),
            informed("capability ratio", CapabilityRatio(), 0.382, 0.240),
            informed("major power in dyad", either(OfState("major_power")), 0.062, 0.230),
            informed("defence pact between the two", OfDyad("defence"), -0.293, 0.096),
            replace(
                informed(
                    "weaker democracy of the two",
                    both(OfState("democracy")),
                    -0.035 * POLITY_PER_POLYARCHY,
                    0.013 * POLITY_PER_POLYARCHY,
                    polity,
                ),
                unit=PER_POLYARCHY,
            ),
            informed("rivalry", OfDyad("rivalry"), 0.901, 0.111, "Thompson-Dreyer rivalries"),
            Coefficient("peace years", PeaceYears(1, 1.0), "log hazard per year", anchor=Anchor(-0.287, None, TABLE)),
            Coefficient("peace years squared / 100", PeaceYears(2, 100.0), anchor=Anchor(0.931, None, TABLE)),
            Coefficient("peace years cubed / 1000", PeaceYears(3, 1000.0), anchor=Anchor(-0.092, None, TABLE)),
        )
        clumps = (
            Coefficient("disputes with others within a year", DisputesElsewhere(), "log hazard per log number"),
            Coefficient("allies in dispute with the other", AlliesInDispute(), "log hazard per log number"),
        )
        return (Predictor("", (*table, *deterrence(), *clumps)),)

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Politically relevant dyads that are not in a dispute which goes on."""
        ongoing = jnp.asarray(before.dyad("dispute_ongoing")) > 0
        return (PoliticallyRelevant()(before) > 0) & ~ongoing

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """Peace starts anew after a dispute, the record of disputes fades and grows, pacts in force grow older."""
        peace, record = jnp.asarray(before.dyad("peace_years")), jnp.asarray(before.dyad("dispute_history"))
        disputed = (event > 0) | (jnp.asarray(before.dyad("dispute_ongoing")) > 0)
        pact, age = jnp.asarray(before.dyad("defence")), jnp.asarray(before.dyad("defence_years"))
        return before.replace(
            dyads={
                "peace_years": jnp.where(disputed, 0.0, jnp.minimum(peace + dt, MOST_PEACE)),
                "dispute_history": record * 0.5 ** (dt / HALF_LIFE) + event,
                "defence_years": jnp.where(pact > 0, jnp.nan_to_num(age) + dt, 0.0),
            }
        )


class DisputeEnd(AbstractHazard):
    """A dispute that goes on ends, in the step in which it began or later.

    The record has months of onset, but of the end only the year: a dispute goes on to the end of its last year, and the
    yearly hazard is that of such ends. A dispute that began in the step has had half of it, so that its hazard is
    expected to be half of the others'.
    """

    name = "dispute_end"
    title = "Dispute ends"
    unit = "dyad"
    grid = "quarter"
    observed = "dispute"
    event = "dispute_ended"
    chance = "dispute_end_chance"
    given = ("dispute",)
    reads = (
        "capability",
        "contiguity",
        "democracy",
        "dispute",
        "dispute_ended",
        "dispute_ongoing",
        "dispute_open",
        "major_power",
        "rivalry",
        "year",
    )
    writes = ("dispute_ended", "dispute_end_chance", "dispute_ongoing")

    def predictors(self) -> tuple[Predictor, ...]:
        """Its age, place, parity, power, regimes, enmity."""
        return (
            Predictor(
                "",
                (
                    Coefficient("intercept", None, prior_sd=5.0),
                    Coefficient("began in the step", OfDyad("dispute"), prior_mean=-0.69, prior_sd=0.5, because=HALF),
                    Coefficient("land contiguity", LandNeighbours()),
                    Coefficient("capability ratio", CapabilityRatio()),
                    Coefficient("major power in dyad", either(OfState("major_power"))),
                    Coefficient("weaker democracy of the two", both(OfState("democracy")), PER_POLYARCHY),
                    Coefficient("rivalry", OfDyad("rivalry")),
                ),
            ),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Dyads in a dispute, be it of this step."""
        begun = jnp.nan_to_num(jnp.asarray(before.dyad("dispute"))) > 0
        return begun | (jnp.asarray(before.dyad("dispute_ongoing")) > 0)

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """What has not ended goes on."""
        ongoing = self.at_risk(before) & ~(event > 0)
        return before.replace(dyads={"dispute_ongoing": ongoing.astype(event.dtype)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """A dispute of which it is not known whether it goes on is over with the chance of the part of the year gone.

        The day of a snapshot does not tell the disputes of its year that are over from the others; the law does.
        """
        calm = world.replace(dyads={"dispute": jnp.zeros(world.shape(self.unit))})
        (eta,) = self.etas(theta, calm, Push())
        gone = jnp.exp(eta) * (jnp.asarray(world.state("year")) % 1.0)[:, None]
        over = exponential(key, self.unit, eta.shape) < gone
        known = jnp.nan_to_num(jnp.asarray(world.dyad("dispute_open"))) == 0
        ongoing = jnp.asarray(world.dyad("dispute_ongoing"))
        left = jnp.where(over & ~known, 0.0, ongoing)
        return super().start(key, theta, world).replace(dyads={"dispute_ongoing": left})


def informed(name: str, effect: AbstractEffect, value: float, sd: float, note: str = "") -> Coefficient:
    """A coefficient whose prior is the table's value with doubled doubt."""
    wide = max(2 * sd, 0.5 * abs(value))
    return Coefficient(
        name, effect, prior_mean=value, prior_sd=wide, anchor=Anchor(value, sd, TABLE, note), because=PRIOR
    )


def deterrence() -> tuple[Coefficient, ...]:
    """What allies outside the dyad do, which is assumed: pacts a year old or older deter, new ones provoke."""
    return (
        Coefficient(
            "standing outside pact (share of the two)",
            OutsidePact(least=1.0),
            prior_mean=-0.25,
            prior_sd=0.25,
            assumed=True,
            because=STANDING,
        ),
        Coefficient(
            "outside pact formed within a year (share of the two)",
            OutsidePact(less_than=1.0),
            prior_mean=0.2,
            prior_sd=0.3,
            assumed=True,
            because=FORMED,
        ),
    )
