"""Disputes between two states and their record, the wars in which states fight, and rivals."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects.base import AbstractEffect
from latticework.effects.geography import PoliticallyRelevant
from latticework.types import Array, Float
from latticework.world import World


class PeaceYears(AbstractEffect):
    """A power of the years since the dyad's last dispute, scaled so that its coefficient is of order one."""

    formula = r"$t_{ij}^k / s$"
    reference = "Carter and Signorino 2010: a cubic in time for duration dependence"
    power: int = eqx.field(static=True)
    scale: float = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """The scaled power."""
        return jnp.asarray(world.dyad("peace_years")) ** self.power / self.scale


class RivalSpending(AbstractEffect):
    """Log of one plus the military spending of a state's rivals in percent of its own GDP.

    Without unit, so that no deflator enters. A rival whose spending is not known counts as none: the indicator of a
    rivalry stands beside it.
    """

    formula = r"$\log(1 + 100 \sum_j r_{ij} M_j / Y_i)$"
    reference = "DiGiuseppe and Poast 2018: log of the rivals' military spending"

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero without a rival; NaN where GDP or the list of rivals is missing."""
        rivalry = jnp.asarray(world.dyad("rivalry"))
        thousands = jnp.nan_to_num(jnp.asarray(world.state("military_spending")))
        spent = (jnp.nan_to_num(rivalry) * thousands[..., None, :]).sum(-1) * 1000.0
        share = jnp.log1p(100.0 * spent / jnp.asarray(world.state("gdp")))
        return jnp.where(jnp.isfinite(rivalry).any(-1), share, jnp.nan)


class SharedRivals(AbstractEffect):
    """The rivals that two states have in common."""

    formula = r"$\sum_k r_{ik} r_{jk}$"
    reference = "common threat as in Kuo and Blankenship 2022; rivalries of Thompson and Dreyer 2012"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """A number from 0; NaN where it is not known whether the two are rivals themselves."""
        rivalry = jnp.asarray(world.dyad("rivalry"))
        known = jnp.nan_to_num(rivalry)
        return known @ jnp.swapaxes(known, -1, -2) + 0 * rivalry


class DisputeHistory(AbstractEffect):
    """Log of one plus the dyad's past disputes, each of which counts for half after every ten years."""

    formula = r"$\log(1 + \sum_k 2^{-(t - t_k)/10})$"
    reference = "Crescenzi and Enterline 2001: an interaction history that grows with events and decays"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Zero for a dyad without a record."""
        return jnp.log1p(jnp.asarray(world.dyad("dispute_history")))


class DisputesElsewhere(AbstractEffect):
    """How many other states each of the two had a dispute with that went on within the last year, as a log; the mean.

    Disputes come in clumps around a state: one that has some is likelier to have more, with others too.
    """

    formula = r"$\tfrac12(\log(1 + z_{ij}) + \log(1 + z_{ji})),\ z_{ij} = \sum_{k \ne j} 1[t_{ik} < 1]$"
    reference = "Bremer 1982: the contagiousness of coercion"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Zero where neither has one."""
        recent = in_dispute(world)
        others = jnp.log1p(recent.sum(-1)[..., :, None] - recent)
        return (others + jnp.swapaxes(others, -1, -2)) / 2


class AlliesInDispute(AbstractEffect):
    """Log of one plus the defence partners of either that had a dispute with the other within the last year."""

    formula = r"$\log(1 + \sum_k (d_{ik} 1[t_{kj} < 1] + d_{jk} 1[t_{ki} < 1]))$"
    reference = "Corbetta and Dixon 2005: third parties join disputes; Siverson and Starr 1990: beside allies"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Zero where there is none."""
        pact = (jnp.asarray(world.dyad("defence")) > 0).astype(jnp.float32)
        joined = pact @ in_dispute(world)
        return jnp.log1p(joined + jnp.swapaxes(joined, -1, -2))


def in_dispute(world: World) -> Float[Array, "*t n n"]:
    """1 for two states that had a dispute within the last year, 0 for others and where that is not known.

    Of politically relevant dyads: no process begins the disputes of others, and a simulation would lack them.
    """
    near = PoliticallyRelevant()(world)
    return near * (jnp.asarray(world.dyad("peace_years")) < 1.0)


class WarTheatre(AbstractEffect):
    """One where the first state fights in the second or next to it: a host of wartime logistics."""

    formula = r"$1[\exists k: w_{ik} = 1 \land (k = j \lor c_{kj} = 1)]$"
    reference = "Gleditsch et al. 2002: parties and supporters in armed conflicts"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """1, 0 or NaN."""
        return jnp.asarray(world.dyad("war_theatre"))


class FightsElsewhere(AbstractEffect):
    """One where the first state fights, but neither in the second nor next to it."""

    formula = r"$1[\exists k: w_{ik} = 1] (1 - \mathrm{theatre}_{ij})$"
    reference = "Pettyjohn and Kavanagh 2016: forces are moved between hosts for wars"

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """1, 0 or NaN."""
        theatre = jnp.asarray(world.dyad("war_theatre"))
        fights = (jnp.nan_to_num(theatre) > 0).any(-1, keepdims=True)
        return jnp.where(jnp.isnan(theatre), jnp.nan, (fights & (theatre == 0)).astype(jnp.float32))


class InArmedConflict(AbstractEffect):
    """One for a state in an armed conflict with another state, or at war within (1,000 battle deaths a year)."""

    formula = r"$1[\exists j: w_{ij} \geq 1 \lor v_i = 2]$"
    reference = "Gleditsch et al. 2002"

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """1, 0 or NaN."""
        within, between = jnp.asarray(world.state("civil_conflict")), jnp.asarray(world.dyad("interstate_conflict"))
        fights = (within >= 2) | (jnp.nan_to_num(between) >= 1).any(-1)
        return jnp.where(jnp.isnan(within), jnp.nan, fights.astype(jnp.float32))
