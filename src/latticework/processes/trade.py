"""Two states trade: their flow reverts to what is usual for them, moved by weight, pacts, alignment and spats."""

from dataclasses import replace

import jax.numpy as jnp

from latticework.effects import (
    AtLeast,
    LandNeighbours,
    Logged,
    Not,
    OfDyad,
    OfSender,
    OfState,
    Since,
    both,
    either,
    gap,
)
from latticework.processes.base import Anchor, Coefficient, Push, Rows
from latticework.processes.families import AbstractDrift
from latticework.types import Array, Float, Key
from latticework.world import World

LOG = "log trade"
USUAL_FADE = 5.0  # years, as in the layer `trade_usual`
SMALLEST = 30.0  # millionths of world trade: smaller flows are whole millions of dollars of 1950, few at a time
TYPICAL = 1000.0
SLOPE_SD = 3.0  # 0.1 a year, the width for effects on yearly log changes, over a yearly speed of reversion of 0.03
FAN = "Fan, Wo and Xiang 2025, arXiv, Geopolitical Barriers to Globalization (abstract)"
SLOW = "20 % after ten years per sd of alignment (0.91 ideal points), over a target's ten-year response of 0.25"
INFORMED = {
    "distance of ideal points": {
        "prior_mean": -0.81,
        "prior_sd": 0.4,
        "anchor": Anchor(-0.81, None, FAN, SLOW + "; their alignment is one of events"),
        "because": FAN + ": half its size for its sd, since it is another measure",
    },
    "log usual trade": {"prior_mean": 0.5, "prior_sd": 0.5},
}


class Trade(AbstractDrift):
    """The trade of two states, both ways, beside the world's, on a log scale: an error-correction model.

    The layer `trade` is in millionths of world trade, so that neither prices nor the world's growth move it. It
    reverts to a level that effects set, most of all to the dyad's own usual trade (`trade_usual`, a fading mean that
    is moved here too), since what gravity says of a dyad's level is poor. Dyads without trade do not begin to trade.
    A fit reads flows of at least `SMALLEST`: in smaller ones rounding rules, and many end in a zero that the log
    cannot take.
    """

    name = "trade"
    title = "Trade moves"
    unit = "dyad"
    grid = "year"
    observed = "exports"
    drifting = "trade"
    reads = (
        "trade",
        "trade_usual",
        "capability",
        "contiguity",
        "defence",
        "distance",
        "ideal_point",
        "peace_years",
        "year",
    )
    writes = ("trade", "trade_usual")
    varies = ("state", "era")
    until = 2014

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """What is usual for the two, gravity, alliance, alignment, spats and the era."""
        power = Logged(OfState("capability"), 1e-5, 0.01)
        usual = Logged(OfDyad("trade_usual"), 1e-6, TYPICAL)
        table = (
            Coefficient("intercept", None, LOG),
            Coefficient("since 1990", OfSender(Since(1990.0)), LOG),
            Coefficient("log usual trade", usual, "log trade per log trade"),
            Coefficient("log capability of the weaker", both(power), "log trade per log capability"),
            Coefficient("log capability of the stronger", either(power), "log trade per log capability"),
            Coefficient("log distance", Logged(OfDyad("distance"), 100.0, 1000.0), "log trade per log km"),
            Coefficient("land neighbours", LandNeighbours(), LOG),
            Coefficient("defence pact", OfDyad("defence"), LOG),
            Coefficient("distance of ideal points", gap(OfState("ideal_point")), "log trade per ideal point"),
            Coefficient("dispute in the last year", Not(AtLeast(OfDyad("peace_years"), 1.0)), LOG),
        )
        wide = (replace(c, prior_sd=SLOPE_SD) for c in table)
        return tuple(replace(c, **INFORMED.get(c.name, {})) for c in wide)

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Speed of reversion and yearly diffusion at a flow of a thousandth of world trade."""
        return (
            Coefficient("log kappa", None, "log 1/year", -1.0, 1.0),
            Coefficient("log sigma", None, "log of log trade per root year", -1.5, 1.0),
        )

    def scale_effects(self) -> tuple[Coefficient, ...]:
        """Small flows are shaken more; those below what a fit reads, no more than the smallest that it reads."""
        size = Logged(OfDyad("trade"), SMALLEST, TYPICAL)
        return (
            Coefficient("log trade", size, "log scale per log trade"),
            Coefficient("shaken since 1990", OfSender(Since(1990.0)), "log scale"),
        )

    def level(self, world: World) -> Float[Array, "*t n n"]:
        """Log trade from a thousandth of world trade; minus infinity where there is none."""
        return jnp.log(jnp.asarray(world.dyad("trade")) / TYPICAL)

    def lay(self, world: World, level: Float[Array, "n n"]) -> World:
        """Trade from its log."""
        return world.replace(dyads={"trade": jnp.exp(level) * TYPICAL})

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of dyads that trade before and after, the smallest flows left out."""
        rows = super().rows(before, after, dt)
        return replace(rows, at_risk=rows.at_risk & (jnp.asarray(before.dyad("trade")) >= SMALLEST))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the trade dt years on; what is usual follows it."""
        after = super().sample(key, theta, before, dt, push)
        usual, trade = (jnp.asarray(world.dyad(name)) for world, name in ((before, "trade_usual"), (after, "trade")))
        moved = usual * jnp.exp(-jnp.expm1(-dt / USUAL_FADE) * jnp.log(trade / usual))
        return after.replace(dyads={"trade_usual": jnp.where(trade > 0, moved, usual)})
