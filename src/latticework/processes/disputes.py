"""Two states enter a militarised dispute: place, parity, power, pacts, regimes, rivalry and past peace say how fast."""

from dataclasses import replace

import jax.numpy as jnp

from latticework.effects import (
    AbstractEffect,
    CapabilityRatio,
    LandNeighbours,
    OfDyad,
    OfState,
    OutsidePact,
    PeaceYears,
    PoliticallyRelevant,
    both,
    either,
)
from latticework.processes.base import Anchor, Coefficient, Predictor
from latticework.processes.families import AbstractHazard
from latticework.types import Array, Bool, Float
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
FORMED = (
    "Kenwick, Vasquez and Powers 2015: more disputes around the formation of a pact; selection as for standing pacts"
)


class DisputeOnset(AbstractHazard):
    """A militarised interstate dispute begins between two states.

    The dyad's record of disputes moves with it, for the severity of disputes reads it, but is no effect here: it stands
    in for rivalry and parity, whose coefficients it halves, and foretells no better than the frailties of dyads do.
    """

    name = "dispute_onset"
    title = "Dispute begins"
    unit = "dyad"
    grid = "year"
    observed = "dispute"
    event = "dispute"
    chance = "dispute_chance"
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
        """The covariates of the dispute onset literature, outside pacts, and a cubic in the years of peace."""
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
                unit="log hazard per unit of polyarchy",
            ),
            informed("rivalry", OfDyad("rivalry"), 0.901, 0.111, "Thompson-Dreyer rivalries"),
            Coefficient("peace years", PeaceYears(1, 1.0), "log hazard per year", anchor=Anchor(-0.287, None, TABLE)),
            Coefficient("peace years squared / 100", PeaceYears(2, 100.0), anchor=Anchor(0.931, None, TABLE)),
            Coefficient("peace years cubed / 1000", PeaceYears(3, 1000.0), anchor=Anchor(-0.092, None, TABLE)),
        )
        return (Predictor("", (*table, *deterrence())),)

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Politically relevant dyads that are not in a dispute which goes on."""
        ongoing = jnp.asarray(before.dyad("dispute_ongoing")) > 0
        return (PoliticallyRelevant()(before) > 0) & ~ongoing

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """Peace starts anew after a dispute, the record of disputes fades and grows, pacts in force grow older."""
        peace, record = jnp.asarray(before.dyad("peace_years")), jnp.asarray(before.dyad("dispute_history"))
        pact, age = jnp.asarray(before.dyad("defence")), jnp.asarray(before.dyad("defence_years"))
        return before.replace(
            dyads={
                "peace_years": jnp.where(event > 0, 0.0, jnp.minimum(peace + dt, MOST_PEACE)),
                "dispute_history": record * 0.5 ** (dt / HALF_LIFE) + event,
                "defence_years": jnp.where(pact > 0, jnp.nan_to_num(age) + dt, 0.0),
            }
        )


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
