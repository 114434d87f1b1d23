"""Two states exercise together: pacts, rivals in common, their weight, distance and habit say how often."""

import jax.numpy as jnp
import numpy as np

from latticework.effects import (
    LandNeighbours,
    Logged,
    LoggedCount,
    OfDyad,
    OfSender,
    OfState,
    SharedRivals,
    Since,
    both,
    democratic,
    either,
)
from latticework.processes.base import Coefficient, Evidence, Rows
from latticework.processes.families import AbstractCount, remembered
from latticework.types import Array, Bool, Float
from latticework.world import Panel, World

RATE = "log rate"
HABIT = "log past exercises"
ONE_LONG_AGO = 0.03  # what is remembered of an exercise ten years ago; with a whole one for a unit, habit would explode
FORGOTTEN = 0.3  # of the effect of habit: less than 0.01 of an exercise
ONE_IN = 10


class Exercises(AbstractCount):
    """Joint military exercises that begin, counted for every two of their participants.

    An exercise of many members is one event and appears in many dyads: the law says how many exercises two states
    share, and not how many exercises there are. `exercise_recent` is what the two remember of their exercises (each
    fades with its age) and is moved here. The coders' sheet of 1974 to 1979 is a sample, in which no row says
    nothing, and so no evidence for a rate.
    States have no levels of their own here: beside habit they feed on themselves, and exercises that run freely from
    1990 with such levels grow tenfold.
    """

    name = "exercises"
    title = "Exercises are held"
    unit = "dyad"
    grid = "quarter"
    observed = "exercise"
    tally = "exercise"
    most = 16
    reads = (
        "exercise",
        "exercise_recent",
        "capability",
        "contiguity",
        "defence",
        "democracy",
        "distance",
        "major_power",
        "rivalry",
        "year",
    )
    writes = ("exercise", "exercise_recent")
    since = 1983
    until = 2010

    def rate_effects(self) -> tuple[Coefficient, ...]:
        """Era, alliance, threat, gravity, hubs and habit."""
        power = Logged(OfState("capability"), 1e-5, 0.01)
        past = LoggedCount(OfDyad("exercise_recent"), ONE_LONG_AGO)  # a unit so small makes habit a power below one
        return (
            Coefficient("intercept", None, RATE, -4.0, 5.0),
            Coefficient("since 1994", OfSender(Since(1994.0)), RATE),
            Coefficient("defence pact", OfDyad("defence"), RATE),
            Coefficient("defence pact x since 1994", OfDyad("defence") * OfSender(Since(1994.0)), RATE),
            Coefficient("shared rivals", LoggedCount(SharedRivals()), "log rate per log(1 + rivals)"),
            Coefficient("rivalry", OfDyad("rivalry"), RATE),
            Coefficient("log distance", Logged(OfDyad("distance"), 100.0, 1000.0), "log rate per log km"),
            Coefficient("land neighbours", LandNeighbours(), RATE),
            Coefficient("both democratic", both(democratic()), RATE),
            Coefficient("log capability of the weaker", both(power), "log rate per log capability"),
            Coefficient("log capability of the stronger", either(power), "log rate per log capability"),
            Coefficient("major power in dyad", either(OfState("major_power")), RATE),
            Coefficient(HABIT, past, "log rate per log(1 + past exercises / 0.03)"),
        )

    def evidence(self, panel: Panel) -> Evidence:
        """Every row of dyads that remember an exercise, and one in `ONE_IN` of the others, whatever followed.

        Which rows are left out does not depend on the outcome, so that no weight is needed; it is the same each time.
        """
        whole = super().evidence(panel)
        data, units = whole.data, whole.units
        habit = [c.name for c in self.coefficients()].index(HABIT)
        number = np.arange(len(data.outcome)) if units is None else units @ np.array([7, 13]) + np.arange(len(units))
        kept = (np.asarray(data.design)[:, habit] >= FORGOTTEN) | (number % ONE_IN == 0)
        rows = Rows(*(np.asarray(x)[kept] for x in (data.design, data.level, data.outcome, data.at_risk, data.dt)))
        years = None if whole.year is None else whole.year[kept]
        units = None if units is None else units[kept]
        return Evidence(rows, whole.nodes[kept], self.count_events(rows), whole.span, units, years)

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Dyads whose past exercises are known."""
        return jnp.isfinite(jnp.asarray(before.dyad("exercise_recent")))

    def advance(self, before: World, tally: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """The dyads remember what was held."""
        recent = jnp.asarray(before.dyad("exercise_recent"))
        return before.replace(dyads={"exercise_recent": remembered(recent, tally, dt)})
