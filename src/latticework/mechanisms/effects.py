"""What mechanisms look at: the hub's presence and visits, the record of threats, dependence, who stands with whom."""

import equinox as eqx
import jax.numpy as jnp

from latticework.effects import AbstractEffect
from latticework.mechanisms.base import allied
from latticework.types import Array, Float
from latticework.world import World

MANY = 5.0  # disputes of late after which two thirds of the fear is there; Korea's record of 2014 is twice that
FEW = 100.0  # troops that make no presence: they keep the log of a small garrison from leaping


class PresenceChange(AbstractEffect):
    """Log of the hub's troops in the state over those of the start; a hundred men more in both count as none."""

    formula = r"$\log((T_{hi} + 100) / (T_{hi}^0 + 100))$"
    reference = "size of a garrison as a signal: Reiter and Poast 2021"
    hub: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero while nothing has moved; never NaN."""
        now = jnp.nan_to_num(jnp.asarray(world.dyad("troops"))[..., self.hub, :])
        return jnp.log((now + FEW) / (jnp.asarray(world.state("presence_opening")) + FEW))


class Retreat(AbstractEffect):
    """How far the hub has cut its presence in the state, on the log scale; zero where it has not."""

    formula = r"$\max(0, -\log((T_{hi} + 100) / (T_{hi}^0 + 100)))$"
    reference = "retrenchment: Kuik 2021; RAND RRA739-8"
    hub: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """At least zero."""
        return jnp.maximum(-PresenceChange(self.hub)(world), 0.0)


class ExitSeen(AbstractEffect):
    """How near the hub is to leaving, as the state believes its threats and sees its deeds; 0 to 1."""

    formula = r"$\min(1, e_i + \max(0, -\log(T_{hi} / T_{hi}^0)))$"
    reference = "credible threats to abandon: Blankenship 2021"
    hub: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero without threat and retreat."""
        return jnp.minimum(jnp.asarray(world.state("exit_threat")) + Retreat(self.hub)(world), 1.0)


class Threat(AbstractEffect):
    """What the state has to fear: its record of disputes with who threatens, and what a scenario adds; 0 to 1.

    Disputes fade by half in ten years, as in the layer `dispute_history`.
    """

    formula = r"$\min(1, 1 - e^{-\sum_k d_{ik} / 5} + r_i)$"
    reference = "credible threat: Blankenship 2021; disputes of Maoz et al. as in Crescenzi and Enterline 2001"
    threats: tuple[int, ...] = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero for a state without a record."""
        record = jnp.nan_to_num(jnp.asarray(world.dyad("dispute_history")))[..., list(self.threats)].sum(-1)
        return jnp.minimum(-jnp.expm1(-record / MANY) + jnp.asarray(world.state("threat_rise")), 1.0)


class Dependence(AbstractEffect):
    """The rival's share of the state's trade with the states of the world at hand, 0 to 1; zero if none is known."""

    formula = r"$t_{ir} / \sum_j t_{ij}$"
    reference = "trade dependence: Kuik 2021; Hirschman 1945"
    partner: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Never NaN."""
        trade = jnp.nan_to_num(jnp.asarray(world.dyad("trade")))
        total = trade.sum(-1)
        return trade[..., self.partner] / jnp.where(total > 0, total, 1.0)


class Allied(AbstractEffect):
    """One for a state with a defence pact with the hub."""

    formula = r"$d_{ih}$"
    reference = "treaty allies mostly do not hedge: Lim and Cooper 2015"
    hub: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """1 or 0."""
        return allied(world, self.hub).astype(jnp.float32)


class OfHub(AbstractEffect):
    """What the hub does to the state: its row of a directed layer, zero where nothing is on record."""

    formula = r"$y_{hi}$"
    reference = "visits: Goldsmith, Horiuchi and Matush 2021"
    layer: str = eqx.field(static=True)
    hub: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Never NaN."""
        return jnp.nan_to_num(jnp.asarray(world.dyad(self.layer))[..., self.hub, :])


class WithPole(AbstractEffect):
    """A state's value in its dyad with one pole (the hub or the rival), both ways; zero in all other dyads."""

    formula = r"$x_i 1[j = p] + x_j 1[i = p]$"
    reference = "hub indicator"
    layer: str = eqx.field(static=True)
    pole: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Symmetric."""
        value = jnp.asarray(world.state(self.layer))
        pole = (jnp.arange(world.n) == self.pole).astype(value.dtype)
        mine = value * (1 - pole)
        return mine[..., :, None] * pole + pole[:, None] * mine[..., None, :]


class OfProtege(AbstractEffect):
    """A layer of the hub's ally in a dyad with a state that neither is the hub nor has its protection."""

    formula = r"$x_i p_i (1 - p_j) + x_j p_j (1 - p_i)$, $p_i = d_{ih}$, neither the hub"
    reference = "extended deterrence of a third state: Huth 1988; Johnson and Leeds 2011"
    layer: str = eqx.field(static=True)
    hub: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n n"]:
        """Symmetric."""
        outside = (jnp.arange(world.n) != self.hub).astype(jnp.float32)
        ally = allied(world, self.hub) * outside
        mine, free = jnp.asarray(world.state(self.layer)) * ally, (1 - ally) * outside
        one = mine[..., :, None] * free[..., None, :]
        return one + jnp.swapaxes(one, -1, -2)


class Toward(AbstractEffect):
    """A layer times the way from the state to a pole in the space of United Nations votes."""

    formula = r"$x_i (a_p - a_i)$"
    reference = "attraction to a pole; the slope is assumed where it is used"
    layer: str = eqx.field(static=True)
    pole: int = eqx.field(static=True)

    def __call__(self, world: World) -> Float[Array, "*t n"]:
        """Zero for the pole itself; NaN where a position is missing."""
        place = jnp.asarray(world.state("ideal_point"))
        return jnp.asarray(world.state(self.layer)) * (place[..., self.pole, None] - place)
