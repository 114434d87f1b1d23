"""Two states enter a militarised dispute: place, parity, power, pacts, regimes, rivalry and past peace say how fast."""

import jax.numpy as jnp

from latticework.effects import (
    CapabilityRatio,
    LandNeighbours,
    OfDyad,
    OfState,
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
MOST_PEACE = 60.0
POLITY_PER_POLYARCHY = 20.0


class DisputeOnset(AbstractHazard):
    """A militarised interstate dispute begins between two states."""

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
        "peace_years",
        "capability",
        "contiguity",
        "defence",
        "democracy",
        "major_power",
        "rivalry",
    )
    writes = ("dispute", "dispute_chance", "peace_years")

    def predictors(self) -> tuple[Predictor, ...]:
        """The covariates of the dispute onset literature and a cubic in the years of peace."""
        polity = "per unit of polyarchy; the table's -0.035 (0.013) per Polity point times 20"
        table = (
            Coefficient("intercept", None, prior_sd=5.0, anchor=Anchor(-1.852, None, TABLE, "at polity 0")),
            Coefficient("land contiguity", LandNeighbours(), anchor=Anchor(0.569, 0.130, TABLE)),
            Coefficient("capability ratio", CapabilityRatio(), anchor=Anchor(0.382, 0.240, TABLE)),
            Coefficient("major power in dyad", either(OfState("major_power")), anchor=Anchor(0.062, 0.230, TABLE)),
            Coefficient("defence pact between the two", OfDyad("defence"), anchor=Anchor(-0.293, 0.096, TABLE)),
            Coefficient(
                "weaker democracy of the two",
                both(OfState("democracy")),
                unit="log hazard per unit of polyarchy",
                anchor=Anchor(-0.035 * POLITY_PER_POLYARCHY, 0.013 * POLITY_PER_POLYARCHY, TABLE, polity),
            ),
            Coefficient("rivalry", OfDyad("rivalry"), anchor=Anchor(0.901, 0.111, TABLE, "Thompson-Dreyer rivalries")),
            Coefficient("peace years", PeaceYears(1, 1.0), "log hazard per year", anchor=Anchor(-0.287, None, TABLE)),
            Coefficient("peace years squared / 100", PeaceYears(2, 100.0), anchor=Anchor(0.931, None, TABLE)),
            Coefficient("peace years cubed / 1000", PeaceYears(3, 1000.0), anchor=Anchor(-0.092, None, TABLE)),
        )
        return (Predictor("", table),)

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Politically relevant dyads that are not in a dispute which goes on."""
        ongoing = jnp.asarray(before.dyad("dispute_ongoing")) > 0
        return (PoliticallyRelevant()(before) > 0) & ~ongoing

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """Peace starts anew after a dispute."""
        peace = jnp.asarray(before.dyad("peace_years"))
        return before.replace(dyads={"peace_years": jnp.where(event > 0, 0.0, jnp.minimum(peace + dt, MOST_PEACE))})
