"""A patron's troops in a host: they are held, drawn down or surged."""

from dataclasses import replace
from typing import ClassVar, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from latticework.effects import (
    FightsElsewhere,
    InArmedConflict,
    LogTroops,
    NewLeader,
    Not,
    OfDyad,
    OfReceiver,
    OfSender,
    Since,
    WarTheatre,
    autocratic,
)
from latticework.processes.base import (
    AbstractUnitwise,
    Anchor,
    Coefficient,
    Predictor,
    Push,
    Rows,
    among,
    designed,
    of_senders,
    sending,
    with_senders,
)
from latticework.processes.families import log_chance, t4_cdf, t4_log_density, t4_quantile
from latticework.processes.noise import fold_in, uniform
from latticework.types import Array, Float, Key
from latticework.world import World

RATES = "Own re-estimate on the classic US troop series, yearly changes by size of host"
PER_DECADE = "slope per tenfold troops, from the rates of hosts with at least 100, 1,000 and 10,000"
ALL_HOSTS = ", hosts of 1,000 or more with and without a pact; the estimate is for hosts without one"
ANCHORS = {
    ("draw-down", "intercept"): Anchor(
        -1.75,
        None,
        RATES,
        "0.159 a year" + ALL_HOSTS,
    ),
    ("draw-down", "log10 troops from 1,000"): Anchor(-0.20, None, RATES, PER_DECADE),
    ("surge", "intercept"): Anchor(
        -2.20,
        None,
        RATES,
        "0.105 a year" + ALL_HOSTS,
    ),
    ("surge", "log10 troops from 1,000"): Anchor(-0.49, None, RATES, PER_DECADE),
    ("noise of what is held", "intercept"): Anchor(-2.21, None, RATES, "MAD-sd 0.110, all hosts of 1,000 or more"),
    ("noise of what is held", "log10 troops from 1,000"): Anchor(-0.22, None, RATES, PER_DECADE),
}
FALL_SHAPE = 2.0
FEWEST = 100.0
DOWN = float(np.log(0.8))
UP = float(np.log(1.2))


def fall_log_density(x: Float[Array, "..."], scale: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Log density of a draw-down's log size beyond the threshold: Lomax, $(a/m)(1 + x/m)^{-a-1}$ with shape a = 2.

    Most draw-downs are moderate and some are exits: an exponential law of the same mean halves garrisons too often.
    """
    return jnp.log(FALL_SHAPE) - jnp.log(scale) - (FALL_SHAPE + 1) * jnp.log1p(x / scale)


def fall_quantile(u: Float[Array, "..."], scale: Float[Array, "..."]) -> Float[Array, "..."]:
    """A draw-down's log size beyond the threshold that is exceeded with chance u."""
    return scale * (u ** (-1 / FALL_SHAPE) - 1)


class Laws(NamedTuple):
    """Yearly hazards of draw-down and surge, scales of their log sizes beyond the threshold, scale of what is held."""

    down: Float[Array, "..."]
    up: Float[Array, "..."]
    fall: Float[Array, "..."]
    rise: Float[Array, "..."]
    noise: Float[Array, "..."]


class TroopChange(AbstractUnitwise):
    r"""Troops of a sender in a host with at least a hundred: hold, draw-down or surge (each a fifth or more).

    Draw-down and surge are competing hazards; the log size beyond the threshold is Lomax for the one (exits) and
    exponential for the other; what is held moves by a Student-t change of scale $\sigma \sqrt{dt}$ between the
    thresholds. theta holds five linear predictors: the log hazards of draw-down and surge, the log scales of both
    sizes, and log sigma. A push raises the log hazard of a draw-down. One sender may send nearly all troops, so
    dependence is taken to run through hosts.
    Hosts in or next to a war of the sender are a class of their own: else the logistics of Vietnam, Iraq and
    Afghanistan would set the hazards of garrisons in peace. Wars stand still in a simulation.
    Garrisons are opened by `GarrisonOpened`, which says with how many.
    `senders` are those whose ordered dyads are drawn (None for all): those of whose troops there is a count.
    """

    name = "troop_change"
    title = "Troops are drawn down or surged"
    unit = "ordered dyad"
    grid = "year"
    observed = "troops"
    reads = (
        "troops",
        "defence",
        "democracy",
        "tenure",
        "year",
        "war_theatre",
        "civil_conflict",
        "interstate_conflict",
    )
    writes = ("troops",)
    given: ClassVar[tuple[str, ...]] = ("troops_placed",)
    varies: ClassVar[tuple[str, ...]] = ("receiver",)
    senders: tuple[int, ...] | None = eqx.field(static=True, default=None)

    def garrison(self) -> tuple[Coefficient, ...]:
        """What everything depends on: the size of the garrison, the pact, and the class of wartime hosts."""
        size, pact, theatre = LogTroops(), OfDyad("defence"), WarTheatre()
        return (
            Coefficient("intercept", None, prior_sd=5.0),
            Coefficient("log10 troops from 1,000", size),
            Coefficient("defence pact", pact),
            Coefficient("defence pact x log10 troops", pact * size),
            Coefficient("war theatre", theatre),
            Coefficient("war theatre x log10 troops", theatre * size),
        )

    def since_vietnam(self) -> Coefficient:
        """Large garrisons of allies have moved less since 1975."""
        effect = OfDyad("defence") * LogTroops() * OfSender(Since(1975.0))
        return Coefficient("defence pact x log10 troops x since 1975", effect)

    def hazard_effects(self) -> tuple[Coefficient, ...]:
        """What draw-down and surge depend on."""
        peaceful = Not(WarTheatre())
        return (
            *self.garrison(),
            self.since_vietnam(),
            Coefficient("sender fights elsewhere", FightsElsewhere()),
            Coefficient("host in armed conflict", OfReceiver(InArmedConflict()) * peaceful),
            Coefficient("new leader of an autocratic host", OfReceiver(NewLeader() * autocratic())),
            Coefficient("new leader of the sender", OfSender(NewLeader())),
        )

    def predictors(self) -> tuple[Predictor, ...]:
        """Draw-down, surge, their sizes, noise."""
        size, noise = "log of the scale of log size beyond a fifth", "log of log change per root year"
        parts = (
            ("draw-down", self.hazard_effects(), "log hazard"),
            ("surge", self.hazard_effects(), "log hazard"),
            ("size of draw-down", self.garrison(), size),
            ("size of surge", self.garrison(), size),
            ("noise of what is held", (*self.garrison(), self.since_vietnam()), noise),
        )
        return tuple(
            Predictor(part, tuple(replace(c, unit=unit, anchor=ANCHORS.get((part, c.name))) for c in effects))
            for part, effects, unit in parts
        )

    def laws(self, etas: tuple[Float[Array, "*u"], ...], dt: Float[Array, "..."], push: Push) -> Laws:
        """The numbers that rule each row's change."""
        down, up, fall, rise, noise = etas
        return Laws(
            jnp.exp(down + push.shift) + push.hazard,
            jnp.exp(up),
            jnp.exp(fall),
            jnp.exp(rise),
            jnp.exp(noise) * jnp.sqrt(dt),
        )

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of hosts with at least a hundred troops; the outcome is the change of log troops."""
        design = designed(self.coefficients(), before, self.unit)
        old, new = jnp.asarray(before.dyad("troops")), jnp.asarray(after.dyad("troops"))
        risk = among(self.unit, before, after) & (old >= FEWEST) & jnp.isfinite(new) & jnp.isfinite(design).all(-1)
        change = jnp.log(jnp.maximum(new, 1.0)) - jnp.log(jnp.maximum(old, 1.0))
        design, change = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, change, 0.0)
        return Rows(design, jnp.where(risk, old, 0.0), change, risk, jnp.full((1, 1), dt))

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log density of the change of log troops."""
        down, up, fall, rise, noise = self.laws(etas, rows.dt, Push())
        total, change = down + up, rows.outcome
        moved = log_chance(total * rows.dt) - jnp.log(total)
        fell = moved + jnp.log(down) + fall_log_density(jnp.maximum(DOWN - change, 0.0), fall)
        rose = moved + jnp.log(up) + -jnp.log(rise) - jnp.maximum(change - UP, 0.0) / rise
        inside = jnp.log(t4_cdf(UP / noise) - t4_cdf(DOWN / noise))
        held = -total * rows.dt + t4_log_density(change / noise) - jnp.log(noise) - inside
        return jnp.where(change <= DOWN, fell, jnp.where(change >= UP, rose, held))

    def narrowed(self, worlds: World) -> "TroopChange":
        """Only senders are drawn of whose troops there is a count in one of the worlds: a garrison may open there."""
        return TroopChange(sending(among(self.unit, worlds) & jnp.isfinite(jnp.asarray(worlds.dyad("troops")))))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the troops dt years on; hosts with fewer than a hundred keep what they have, or get what is placed."""
        mine, troops = self.senders, jnp.asarray(before.dyad("troops"))
        old, etas = of_senders(troops, mine), self.etas(theta, before, push, mine)
        risk = of_senders(among(self.unit, before), mine) & (old >= FEWEST) & jnp.isfinite(sum(etas))
        etas = tuple(jnp.where(risk, eta, 0.0) for eta in etas)
        pushed = Push(of_senders(push.shift, mine), of_senders(push.hazard, mine))
        down, up, fall, rise, noise = self.laws(etas, dt, pushed)
        which, size, rest = (uniform(fold_in(key, k), self.unit, troops.shape, mine) for k in range(3))
        total = down + up
        moved, fell = which < -jnp.expm1(-total * dt), which < -jnp.expm1(-total * dt) * down / total
        low, high = t4_cdf(DOWN / noise), t4_cdf(UP / noise)
        held = noise * t4_quantile(low + (high - low) * rest)
        jump = jnp.where(fell, DOWN - fall_quantile(size, fall), UP - rise * jnp.log(size))
        placed = of_senders(jnp.asarray(before.dyad("troops_placed")), mine)
        small = jnp.where((placed > 0) & (old < FEWEST), placed, old)
        new = jnp.where(risk, old * jnp.exp(jnp.where(moved, jump, held)), small)
        return before.replace(dyads={"troops": with_senders(new, mine, troops)})

    def tally(
        self, theta: Float[Array, "k"], rows: Rows, offset: Float[Array, "*u"] | float = 0.0
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Draw-downs that happened and draw-downs expected, row by row."""
        down = self.laws(self.weighed(theta, rows.design, offset), rows.dt, Push()).down
        return (rows.outcome <= DOWN).astype(rows.outcome.dtype), down * rows.dt

    def count_events(self, data: Rows) -> int:
        """Draw-downs and surges."""
        change = np.asarray(data.outcome)
        return int(((change <= DOWN) | (change >= UP)).sum())
