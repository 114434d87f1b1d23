"""American leaders visit: the host's weight, pacts, troops, distance and habit say how often, and who is in office."""

from typing import TYPE_CHECKING

import jax.numpy as jnp

from latticework.effects import (
    AtLeast,
    Logged,
    LoggedCount,
    NewLeader,
    OfDyad,
    OfReceiver,
    OfSender,
    OfState,
    Since,
    democratic,
)
from latticework.processes.base import Coefficient
from latticework.processes.families import AbstractCount, remembered
from latticework.types import Array, Bool, Float
from latticework.world import World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name

RATE = "log rate"
READS = (
    "capability",
    "civil_conflict",
    "defence",
    "democracy",
    "distance",
    "election_ahead",
    "election_past",
    "major_power",
    "rivalry",
    "tenure",
    "troops",
    "year",
)


class AbstractVisits(AbstractCount):
    """Visits of a high official to a host, from the states whose visits are on record (the United States).

    `recent` is the layer of what a host remembers of past visits (each fades with its age); it is moved here, and it
    is known for the senders on record alone: they are at risk. `eras` are the years from which the rate differs.
    """

    recent: AbstractClassVar[str]
    eras: AbstractClassVar[tuple[float, ...]]

    def rate_effects(self) -> tuple[Coefficient, ...]:
        """The host's pact, troops, weight, place, regime and troubles; the sender's leader and elections; habit."""
        power = OfReceiver(Logged(OfState("capability"), 1e-5, 0.01))
        troubles = OfReceiver(AtLeast(OfState("civil_conflict"), 1.0))
        vote = OfSender(OfState("election_ahead"))
        eras = (Coefficient(f"since {era:.0f}", OfSender(Since(era)), RATE) for era in self.eras)
        return (
            Coefficient("intercept", None, RATE, -3.0, 5.0),
            *eras,
            Coefficient("defence pact", OfDyad("defence"), RATE),
            Coefficient("log troops", LoggedCount(OfDyad("troops"), 100.0), "log rate per log(1 + hundreds)"),
            Coefficient("log capability of the host", power, "log rate per log capability"),
            Coefficient("host a major power", OfReceiver(OfState("major_power")), RATE),
            Coefficient("log distance", Logged(OfDyad("distance"), 100.0, 1000.0), "log rate per log km"),
            Coefficient("host democratic", OfReceiver(democratic()), RATE),
            Coefficient("rivalry", OfDyad("rivalry"), RATE),
            Coefficient("civil conflict of the host", troubles, RATE),
            Coefficient("first year of the sender's leader", OfSender(NewLeader()), RATE),
            Coefficient("sender votes", vote, RATE),
            Coefficient(
                "log past visits", LoggedCount(OfDyad(self.recent), 0.1), "log rate per log(1 + tenths of a visit)"
            ),
        )

    def at_risk(self, before: World) -> Bool[Array, "*t n n"]:
        """Hosts of the senders whose visits are on record."""
        return jnp.isfinite(jnp.asarray(before.dyad(self.recent)))

    def advance(self, before: World, tally: Float[Array, "n n"], dt: Float[Array, ""]) -> World:
        """The hosts remember the visits."""
        recent = jnp.asarray(before.dyad(self.recent))
        return before.replace(dyads={self.recent: remembered(recent, tally, dt)})


class PresidentVisits(AbstractVisits):
    """Visits of the president."""

    name = "visits_president"
    title = "The president visits"
    unit = "ordered dyad"
    grid = "quarter"
    observed = "visit_president"
    tally = "visit_president"
    recent = "visit_president_recent"
    eras = (1974.0, 1990.0)
    most = 8
    reads = (*READS, "visit_president", "visit_president_recent")
    writes = ("visit_president", "visit_president_recent")
    varies = ("receiver", "era")
    since = 1953


class SecretaryVisits(AbstractVisits):
    """Visits of the secretary of state."""

    name = "visits_secretary"
    title = "The secretary of state visits"
    unit = "ordered dyad"
    grid = "quarter"
    observed = "visit_secretary"
    tally = "visit_secretary"
    recent = "visit_secretary_recent"
    eras = (1970.0, 1990.0)
    most = 12
    reads = (*READS, "visit_secretary", "visit_secretary_recent")
    writes = ("visit_secretary", "visit_secretary_recent")
    varies = ("receiver", "era")
    since = 1953


class DefenceVisits(AbstractVisits):
    """Visits of the secretaries of the services and of commanders, as far as a list that is a sample has them.

    A host that the list does not name in a year in which it names another counts as not visited; a year of which it
    names nobody (1993, 2003) says nothing. So the rate is one of being listed. A fit ends with 2009, since two fifths
    of the list are of 2010 and 2011: its ups and downs are those of its making as much as of the visits.
    """

    name = "visits_defence"
    title = "Heads of the services and commanders visit"
    unit = "ordered dyad"
    grid = "quarter"
    observed = "visit_defence"
    tally = "visit_defence"
    recent = "visit_defence_recent"
    eras = ()
    most = 8
    reads = (*READS, "visit_defence", "visit_defence_recent")
    writes = ("visit_defence", "visit_defence_recent")
    varies = ("receiver", "era")
    since = 1992
    until = 2009

    def tallied(self, after: World) -> Float[Array, "*t n n"]:
        """Visits on the list; none where it names another host of the sender in the step."""
        listed = jnp.asarray(after.dyad(self.tally))
        some = jnp.isfinite(listed).any(-1, keepdims=True)
        return jnp.where(some, jnp.nan_to_num(listed), jnp.nan)
