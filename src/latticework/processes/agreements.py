"""Bilateral agreements: two states sign one, say what it pledges, and let it lapse, renegotiate or break it."""

from dataclasses import replace

import jax.numpy as jnp

from latticework.effects import (
    AtLeast,
    LandNeighbours,
    Logged,
    LogOnePlus,
    NewLeader,
    Not,
    OfDyad,
    OfState,
    Standardised,
    autocratic,
    both,
    democratic,
    either,
    gap,
)
from latticework.processes.base import Anchor, Coefficient, Predictor
from latticework.processes.families import AbstractHazard, AbstractMark
from latticework.types import Array, Bool, Float
from latticework.world import World

ENDS = "Own re-estimate on ATOP 4.01 bilateral alliances 1919-2001, alliance-clustered sd"
VIOLATION = {  # logit of TERM = 2; models.md 1.4
    "intercept": Anchor(-4.004, None, ENDS),
    "both democracies": Anchor(-1.202, 0.409, ENDS),
    "capability shifted since signature": Anchor(1.125, 0.267, ENDS),
    "defence pledge": Anchor(0.329, 0.282, ENDS),
    "non-aggression pledge": Anchor(-0.608, 0.283, ENDS),
    "new leader of an autocracy": Anchor(
        1.053, 0.399, ENDS, "change of coalition in the year before; any new leader is a weaker signal"
    ),
}
TIES = "Own re-estimate on alliance ties of 164 states 1981-2000, separable formation model, node-robust sd where given"
FORMATION = {
    "land contiguity": Anchor(2.43, 0.13, TIES, "ties of any treaty, multilateral ones included"),
    "gap in democracy": Anchor(-1.9, 0.84, TIES, "-0.095 (0.042) per Polity point times 20"),
    "dispute within a year": Anchor(-0.57, 0.31, TIES),
}
TREATIES = ("agreement", "agreement_age", "agreement_defence", "agreement_nonaggression", "agreement_shift")


def informed(coefficients: tuple[Coefficient, ...], anchors: dict[str, Anchor]) -> tuple[Coefficient, ...]:
    """The coefficients with their anchors as priors: N(value, the larger of twice its sd and half of the value)."""
    out = []
    for c in coefficients:
        anchor = anchors.get(c.name)
        if anchor is None or anchor.sd is None:
            out.append(replace(c, anchor=anchor))
            continue
        sd = max(2 * anchor.sd, 0.5 * abs(anchor.value))
        out.append(replace(c, anchor=anchor, prior_mean=anchor.value, prior_sd=sd, because=anchor.source))
    return tuple(out)


class AgreementSigned(AbstractHazard):
    """Two states without a bilateral agreement in force sign one."""

    name = "agreement_signed"
    title = "Bilateral agreement is signed"
    unit = "dyad"
    grid = "year"
    observed = "agreement"
    until = 2016
    varies = ("state", "era")
    event = "agreement_signed"
    chance = "agreement_signed_chance"
    reads = (
        "agreement",
        "agreement_signed",
        "capability",
        "contiguity",
        "defence",
        "democracy",
        "distance",
        "major_power",
        "peace_years",
        "rivalry",
    )
    writes = ("agreement_signed", "agreement_signed_chance")

    def predictors(self) -> tuple[Predictor, ...]:
        """Nearness, likeness of regimes, power, enmity and existing obligations."""
        table = (
            Coefficient("intercept", None, prior_mean=-7.0, prior_sd=3.0),
            Coefficient("land contiguity", LandNeighbours()),
            Coefficient(
                "log distance from 3,000 km", Logged(OfDyad("distance"), 100.0, 3000.0), unit="log hazard per log km"
            ),
            Coefficient("gap in democracy", gap(OfState("democracy")), unit="log hazard per unit of polyarchy"),
            Coefficient(
                "weaker member's capability",
                Standardised(both(OfState("capability")), 0.0, 0.01),
                "log hazard per 1 % of CINC",
            ),
            Coefficient("major power in dyad", either(OfState("major_power"))),
            Coefficient("dispute within a year", Not(AtLeast(OfDyad("peace_years"), 1.0))),
            Coefficient("rivalry", OfDyad("rivalry")),
            Coefficient("defence obligation already", OfDyad("defence")),
        )
        return (Predictor("", informed(table, FORMATION)),)

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Dyads without a bilateral agreement."""
        return jnp.asarray(before.dyad("agreement")) == 0

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """What it puts into force is the treaties' own bookkeeping."""
        return before


class _Pledge(AbstractMark):
    """What a signed agreement pledges, by the regimes of the two, their nearness and the power of either."""

    unit = "dyad"
    grid = "year"
    observed = "agreement"
    until = 2016
    given = ("agreement_signed",)

    def predictors(self) -> tuple[Predictor, ...]:
        """Regimes, nearness, power."""
        return (
            Predictor(
                "",
                (
                    Coefficient("intercept", None, "log odds", prior_sd=2.0),
                    Coefficient("both democracies", both(democratic()), "log odds"),
                    Coefficient("land contiguity", LandNeighbours(), "log odds"),
                    Coefficient("major power in dyad", either(OfState("major_power")), "log odds"),
                ),
            ),
        )


class DefencePledged(_Pledge):
    """A signed bilateral agreement pledges defence."""

    name = "defence_pledged"
    title = "Signed agreement pledges defence"
    mark = "signed_defence"
    reads = ("agreement_signed", "agreement_defence", "contiguity", "democracy", "major_power")
    writes = ("signed_defence",)

    def marked(self, after: World) -> Float[Array, "*t n n"]:
        """The pledge of the agreement in force after the signature."""
        return jnp.asarray(after.dyad("agreement_defence"))


class NonaggressionPledged(_Pledge):
    """A signed bilateral agreement pledges non-aggression."""

    name = "nonaggression_pledged"
    title = "Signed agreement pledges non-aggression"
    mark = "signed_nonaggression"
    reads = ("agreement_signed", "agreement_nonaggression", "contiguity", "democracy", "major_power")
    writes = ("signed_nonaggression",)

    def marked(self, after: World) -> Float[Array, "*t n n"]:
        """The pledge of the agreement in force after the signature."""
        return jnp.asarray(after.dyad("agreement_nonaggression"))


class AgreementEnd(AbstractHazard):
    """The last bilateral agreement between two states ends while both exist: violated, expired or renegotiated away.

    An agreement that is renegotiated into another at once goes on. Multilateral agreements are objects of their own.
    """

    name = "agreement_end"
    title = "Bilateral agreement ends"
    unit = "dyad"
    grid = "year"
    observed = "agreement"
    until = 2016  # what runs on after ATOP 4.01 is carried, not seen
    event = "agreement_ended"
    chance = "agreement_end_chance"
    kinds = ("agreement_violated", "agreement_expired", "agreement_renegotiated")
    reads = (*TREATIES, "agreement_ended", *kinds, "democracy", "tenure")
    writes = ("agreement_ended", "agreement_end_chance", *kinds)

    def predictors(self) -> tuple[Predictor, ...]:
        """Violation: the covariates of the termination literature and log age; the others: level and age.

        The cubic in age of that literature says little, and badly, about agreements of sixty years and more, of which
        few are on record: see docs/nuts.md.
        """
        age = Standardised(OfDyad("agreement_age"), 0.0, 10.0)
        violation = (
            Coefficient("intercept", None, prior_sd=5.0),
            Coefficient("both democracies", both(democratic())),
            Coefficient("capability shifted since signature", OfDyad("agreement_shift")),
            Coefficient("defence pledge", OfDyad("agreement_defence")),
            Coefficient("non-aggression pledge", OfDyad("agreement_nonaggression")),
            Coefficient("new leader of an autocracy", either(NewLeader() * autocratic())),
            Coefficient("log age", LogOnePlus(OfDyad("agreement_age")), "log hazard per log year"),
        )
        lapse = (
            Coefficient("intercept", None, prior_mean=-6.0, prior_sd=3.0),
            Coefficient("age", age, "log hazard per decade"),
        )
        return (
            Predictor("violated", informed(violation, VIOLATION)),
            Predictor("expired", lapse),
            Predictor("renegotiated", lapse),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Dyads with a bilateral agreement in force."""
        return jnp.asarray(before.dyad("agreement")) > 0

    def advance(self, before: World, event: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """What it takes out of force is the treaties' own bookkeeping."""
        return before
