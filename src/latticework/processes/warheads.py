"""The few states with nuclear warheads enlarge or reduce their stockpiles; others take steps towards a first weapon."""

from dataclasses import replace

import jax.numpy as jnp

from latticework.effects import AtLeast, LogOnePlus, OfState, PartnerMax, Since
from latticework.processes.base import Coefficient, Predictor, Push
from latticework.processes.families import AbstractDrift, AbstractHazard
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

POSSESSES = 3.0  # the highest rung of the layer `nuclear_status`
FIRST_STOCKPILE = 2.0  # warheads; the first published counts of eight states are 1, 1, 2, 2, 3, 3, 4 and 5
LADDER = "Own count on nuclear_status 1951-2022: 23 steps up from none, 15 from considering, 8 from pursuing"
BLEEK_LORBER = "Bleek and Lorber 2014: guarantees make a state less likely to proliferate; the size is ours"


class Warheads(AbstractDrift):
    """The stockpile drifts, on the log scale, towards a target: a small one grows fast, a large one hardly at all.

    Growth a year is kappa times the gap to the target, which follows the largest stockpile among rivals; Student-t
    noise, since most years bring little and a few a treaty. Warheads in the military stockpile, deployed or in reserve.
    A state without stays without, until its nuclear status says that it has a weapon: it then begins with a few.
    A published figure is often last year's until it is revised: a quarter of the yearly changes are exactly zero.
    """

    name = "warheads"
    title = "Warhead stockpiles change"
    unit = "state"
    grid = "year"
    observed = "warheads"
    drifting = "warheads"
    reads = ("major_power", "nuclear_status", "rivalry", "warheads", "year")
    writes = ("warheads",)
    varies = ("state",)
    until = 2021

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """Rivals' stockpiles, rank and the end of the Cold War."""
        unit, rank = "log warheads in the long run", OfState("major_power")
        return (
            Coefficient("intercept", None, unit, 4.5, 1.5),
            Coefficient("log of the largest rival stockpile", largest_rival_stockpile(), unit, 0.25, 0.25),
            Coefficient("major power", rank, unit, 1.0, 1.0),
            Coefficient("since 1991", Since(1991.0), unit, 0.0, 1.0),
            Coefficient("since 1991 x major power", Since(1991.0) * rank, unit, -0.5, 1.0),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Speed of approach and yearly diffusion."""
        return (
            Coefficient("log kappa", None, "log 1/year", -2.5, 0.7),
            Coefficient("log sigma", None, "log warheads per root year, log", -2.0, 0.7),
        )

    def scale_effects(self) -> tuple[Coefficient, ...]:
        """None: with nine states there is little to tell them apart by."""
        return ()

    def level(self, world: World) -> Float[Array, "*t n"]:
        """Log of the stockpile; NaN for a state without."""
        warheads = jnp.asarray(world.state("warheads"))
        return jnp.log(jnp.where(warheads > 0, warheads, jnp.nan))

    def lay(self, world: World, level: Float[Array, "n"]) -> World:
        """The stockpile, zero where there is none."""
        warheads = jnp.where(jnp.isfinite(level), jnp.exp(level), jnp.asarray(world.state("warheads")))
        return world.replace({"warheads": warheads})

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the stockpiles dt years on; a state that has got a weapon since begins with a few."""
        warheads = jnp.asarray(before.state("warheads"))
        new = (jnp.asarray(before.state("nuclear_status")) >= POSSESSES) & (warheads == 0)
        return super().sample(
            key, theta, before.replace({"warheads": jnp.where(new, FIRST_STOCKPILE, warheads)}), dt, push
        )


class NuclearStep(AbstractHazard):
    """A state takes a step towards nuclear weapons: it considers them, pursues them, has one.

    Assumed, not estimated: eight states took the last step since 1950, and all of them had pursued a weapon before.
    The rates of the three rungs are those of the record; what a nuclear rival and a nuclear ally change has the sign
    of the literature and a guessed size. The record alone would say that a nuclear ally makes steps more likely:
    threatened states seek both. Steps down are not drawn.
    """

    name = "nuclear_step"
    title = "Step towards nuclear weapons"
    unit = "state"
    grid = "year"
    observed = "nuclear_status"
    event = "nuclear_step"
    chance = "nuclear_step_chance"
    reads = ("defence", "nuclear_status", "nuclear_step", "rivalry")
    writes = ("nuclear_step", "nuclear_step_chance", "nuclear_status")
    until = 2021

    def predictors(self) -> tuple[Predictor, ...]:
        """The rung on which the state stands, a rival with nuclear weapons, an ally with them."""
        status = OfState("nuclear_status")
        armed = AtLeast(status, POSSESSES)
        table = (
            Coefficient("none", None, prior_mean=-5.93, prior_sd=0.4, because=LADDER),
            Coefficient("considers", AtLeast(status, 1.0), prior_mean=2.95, prior_sd=0.5, because=LADDER),
            Coefficient(
                "pursues, beyond considers", AtLeast(status, 2.0), prior_mean=-0.48, prior_sd=0.5, because=LADDER
            ),
            Coefficient(
                "nuclear rival",
                PartnerMax("rivalry", armed),
                prior_mean=0.7,
                prior_sd=0.5,
                because="a nuclear rival is the common motive (Debs and Monteiro 2014); the size is ours",
            ),
            Coefficient(
                "nuclear ally", PartnerMax("defence", armed), prior_mean=-0.5, prior_sd=0.5, because=BLEEK_LORBER
            ),
        )
        return (Predictor("", tuple(held(c) for c in table)),)

    def at_risk(self, before: World) -> Bool[Array, "*t n"]:
        """Every state below the last rung."""
        return jnp.asarray(before.state("nuclear_status")) < POSSESSES

    def advance(self, before: World, event: Float[Array, "n"], dt: Float[Array, ""]) -> World:
        """One rung up."""
        return before.replace({"nuclear_status": jnp.asarray(before.state("nuclear_status")) + event})


def held(coefficient: Coefficient) -> Coefficient:
    """The same coefficient, assumed."""
    return replace(coefficient, assumed=True)


def largest_rival_stockpile() -> LogOnePlus:
    """Log of one plus the largest stockpile among the state's rivals."""
    return LogOnePlus(PartnerMax("rivalry", OfState("warheads")))
