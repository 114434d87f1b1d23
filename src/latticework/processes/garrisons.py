"""A patron opens a garrison where it had none: a post of fewer than a hundred becomes a hundred or more."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from latticework.effects import (
    FightsElsewhere,
    InArmedConflict,
    Not,
    OfDyad,
    OfReceiver,
    OfSender,
    Since,
    Standardised,
    WarTheatre,
)
from latticework.processes.base import (
    AbstractUnitwise,
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
from latticework.processes.families import log_chance
from latticework.processes.noise import fold_in, uniform
from latticework.processes.troops import FEWEST
from latticework.types import Array, Float, Key
from latticework.world import World

MOST = float(np.log(1500.0))  # log size over FEWEST: no garrison on record opened with more (136,000 in Iraq, 2003)
SMALL = -1.0  # the outcome of a post that stayed below FEWEST


class GarrisonOpened(AbstractUnitwise):
    r"""A post of fewer than a hundred troops becomes a garrison of a hundred or more.

    The chance in a step is $1 - e^{-h\,dt}$; the log of the new size over a hundred is exponential, cut off where no
    opening on record went: garrisons open with a few hundred, and now and then with an army. theta holds two linear
    predictors: log h, and the log of the scale of that size. A push raises the first. Below a hundred, troops (the
    marines of an embassy, attachés) stand still, and say how near to a garrison a post is.
    What is placed is `TroopChange`'s to lay down: from then on the garrison is held, drawn down or surged.
    `senders` are those whose ordered dyads are drawn (None for all): those of whose troops there is a count.
    """

    name = "garrison_opened"
    title = "Garrison is opened"
    unit = "ordered dyad"
    grid = "year"
    observed = "troops"
    reads = ("troops", "defence", "year", "war_theatre", "civil_conflict", "interstate_conflict")
    writes = ("troops_placed",)
    senders: tuple[int, ...] | None = eqx.field(static=True, default=None)

    def predictors(self) -> tuple[Predictor, ...]:
        """How often, and with how many."""
        post, theatre = Standardised(OfDyad("troops"), 0.0, FEWEST), WarTheatre()
        torn = OfReceiver(InArmedConflict()) * Not(theatre)
        size = "log of the scale of log size over 100"
        return (
            Predictor(
                "opening",
                (
                    Coefficient("intercept", None, prior_mean=-5.0, prior_sd=3.0),
                    Coefficient("hundreds of troops there", post, "log hazard per 100", prior_sd=3.0),
                    Coefficient("defence pact", OfDyad("defence")),
                    Coefficient("war theatre", theatre),
                    Coefficient("sender fights elsewhere", FightsElsewhere()),
                    Coefficient("host in armed conflict", torn),
                    Coefficient("since 1991", OfSender(Since(1991.0))),
                ),
            ),
            Predictor(
                "size",
                (
                    Coefficient("intercept", None, size),
                    Coefficient("hundreds of troops there", post, size),
                    Coefficient("war theatre", theatre, size),
                    Coefficient("host in armed conflict", torn, size),
                ),
            ),
        )

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of posts below a hundred; the outcome is the log size over a hundred of what was opened, else SMALL."""
        design = designed(self.coefficients(), before, self.unit)
        old, new = jnp.asarray(before.dyad("troops")), jnp.asarray(after.dyad("troops"))
        risk = among(self.unit, before, after) & (old < FEWEST) & jnp.isfinite(new) & jnp.isfinite(design).all(-1)
        size = jnp.clip(jnp.log(jnp.maximum(new, 1.0) / FEWEST), 0.0, MOST)
        outcome = jnp.where(risk & (new >= FEWEST), size, SMALL)
        design, old = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, old, 0.0)
        return Rows(design, old, outcome, risk, jnp.full((1, 1), dt))

    def law(self, etas: tuple[Float[Array, "*u"], ...], rows: Rows) -> Float[Array, "*u"]:
        """Log probability of no opening, or density of one of its size."""
        exposure, scale = jnp.exp(etas[0]) * rows.dt, jnp.exp(etas[1])
        size = jnp.maximum(rows.outcome, 0.0)
        density = -size / scale - jnp.log(scale) - log_chance(MOST / scale)
        return jnp.where(rows.outcome >= 0, log_chance(exposure) + density, -exposure)

    def narrowed(self, worlds: World) -> "GarrisonOpened":
        """Only senders are drawn of whose troops there is a count in one of the worlds."""
        return GarrisonOpened(sending(among(self.unit, worlds) & jnp.isfinite(jnp.asarray(worlds.dyad("troops")))))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the garrisons opened in dt years: the troops placed, zero where none are."""
        mine, troops = self.senders, jnp.asarray(before.dyad("troops"))
        old, (opening, size) = of_senders(troops, mine), self.etas(theta, before, push, mine)
        risk = of_senders(among(self.unit, before), mine) & (old < FEWEST) & jnp.isfinite(opening + size)
        rate = jnp.exp(opening + of_senders(push.shift, mine)) + of_senders(push.hazard, mine)
        when, how = (uniform(fold_in(key, k), self.unit, troops.shape, mine) for k in range(2))
        scale = jnp.exp(size)
        placed = FEWEST * jnp.exp(-scale * jnp.log1p(how * jnp.expm1(-MOST / scale)))
        opened = jnp.where(risk & (when < -jnp.expm1(-rate * dt)), placed, 0.0)
        layer = with_senders(opened, mine, jnp.zeros(troops.shape, opened.dtype))
        return before.replace(dyads={"troops_placed": layer})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """None placed yet."""
        return world.replace(dyads={"troops_placed": jnp.zeros((world.n, world.n))})

    def tally(
        self, theta: Float[Array, "k"], rows: Rows, offset: Float[Array, "*u"] | float = 0.0
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Garrisons opened and garrisons expected, row by row."""
        rate = jnp.exp(self.weighed(theta, rows.design, offset)[0])
        return (rows.outcome >= 0).astype(rows.outcome.dtype), rate * rows.dt

    def count_events(self, data: Rows) -> int:
        """Garrisons opened."""
        return int((np.asarray(data.outcome) >= 0).sum())
