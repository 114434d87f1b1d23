"""What acts on some paths only: where a condition on the world holds, and where its lot falls.

Rules, successions and domestic crises are contingencies. A clock for each says for how many years it has acted on a
path; below zero its condition does not hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from latticework.scenario.units import CLAMPED, AnyArray, built, toward
from latticework.types import Array, Bool, Float, Key
from latticework.world import World

HALF = 0.5 - 1e-4  # a layer is set in a step of which at least half is covered
SOME = 1e-6  # and one that builds up or fades in every step in which it has a strength
DUE = ("leader_exit", "exit_due")  # the extra hazard that a layer carries, which a clamp rules out too


@dataclass(frozen=True)
class When:
    """A condition on one cell of a layer, a state or an ordered dyad: a range, or an event since the baseline."""

    layer: str
    cell: tuple[int, ...]
    above: float = -np.inf
    below: float = np.inf
    happened: bool = False

    def value(self, world: World) -> Float[Array, ""]:
        """The layer's value there; of a dyad, whichever direction is known."""
        if len(self.cell) == 1:
            return jnp.asarray(world.state(self.layer))[self.cell[0]]
        layer, (i, j) = jnp.asarray(world.dyad(self.layer)), self.cell
        return jnp.where(jnp.isnan(layer[i, j]), layer[j, i], layer[i, j])

    def holds(self, world: World, acting: Bool[Array, ""], later: Bool[Array, ""]) -> Bool[Array, ""]:
        """Whether it holds when a step begins; an event of the step before does, unless the step is the first."""
        value = self.value(world)
        if self.happened:
            return acting | ((value > 0) & later)
        return (value > self.above) & (value < self.below)


class Contingency(eqx.Module):
    """One intervention that acts on some paths only; a branch that does not make it has the same with `high` zero.

    `share` (s) is the part of each step in which it may act, `where` (*u) is 1 where it acts. Its size is drawn
    N(mean, sd) once per posterior draw; `years` is the most for which it acts. Its lot falls to a path whose uniform
    number of that `lot` is in [low, high). `acts` is the operator, `on` the process or, for "set", the layer. A shift
    with a state as `toward` goes towards where that state stands.
    """

    share: Float[AnyArray, "..."]
    where: Float[AnyArray, "..."]
    mean: Float[AnyArray, "..."]
    sd: Float[AnyArray, "..."]
    low: Float[AnyArray, "..."]
    high: Float[AnyArray, "..."]
    name: str = eqx.field(static=True)
    acts: str = eqx.field(static=True)
    on: str = eqx.field(static=True)
    lot: str = eqx.field(static=True)
    when: When | None = eqx.field(static=True, default=None)
    years: float = eqx.field(static=True, default=np.inf)
    onset: float | None = eqx.field(static=True, default=None)
    half_life: float | None = eqx.field(static=True, default=None)
    toward: int | None = eqx.field(static=True, default=None)

    @property
    def fades(self) -> bool:
        """Whether its strength builds up or fades."""
        return self.onset is not None or self.half_life is not None

    @property
    def least(self) -> float:
        """The part of a step from which on a layer is set."""
        return SOME if self.fades else HALF

    def falls(self, key: Key) -> Bool[Array, ""]:
        """Whether its lot falls to a path, given the path's key."""
        lot = jax.random.uniform(named_key(key, self.lot))
        return (lot >= self.low) & (lot < self.high)

    def size(self, key: Key, draws: int) -> Float[Array, "d"]:
        """Its size, once per posterior draw."""
        return self.mean + self.sd * jax.random.normal(named_key(key, self.name), (draws,))


class Pull(NamedTuple):
    """What contingencies add to one process in one step: a shift, the part of each unit left open, an extra hazard."""

    shift: Array | float = 0.0
    open: Array | float = 1.0
    hazard: Array | float = 0.0


class InStep(eqx.Module):
    """Contingencies in one step on one path: the `part` of the step at full strength of each (r), and its size (r)."""

    made: tuple[Contingency, ...]
    part: Float[Array, "r"]
    sizes: Float[Array, "r"]

    def laid(self, world: World) -> World:
        """The world with the layers that they set in this step."""
        states, dyads = {}, {}
        for k, one in enumerate(self.made):
            where = jnp.asarray(one.where)
            home, out = (world.states, states) if where.ndim == 1 else (world.dyads, dyads)
            if one.acts == "set":
                old = out.get(one.on, home[one.on])
                out[one.on] = jnp.where((where > 0) & (self.part[k] >= one.least), self._held(k, old), old)
            elif one.acts == "clamp" and one.on == DUE[0]:
                out[DUE[1]] = out.get(DUE[1], home[DUE[1]]) * (1 - where * self.part[k])
        return world.replace(states, dyads)

    def _held(self, k: int, old: Array) -> Array:
        """What a setting makes of a layer: its value, or the way to it that its strength goes."""
        return toward(old, self.sizes[k], self.part[k]) if self.made[k].fades else self.sizes[k]

    def pull(self, process: str, world: World) -> Pull:
        """What they add to a process in this step."""
        shift, left, hazard = 0.0, 1.0, 0.0
        for k, one in enumerate(self.made):
            if one.acts == "set" or one.on != process:
                continue
            strength = self.part[k] * jnp.asarray(one.where)
            if one.acts == "shift":
                shift = shift + self.sizes[k] * strength * _direction(one, world)
            elif one.acts == "event":
                hazard = hazard + self.sizes[k] * strength
            else:
                shift = shift + jnp.maximum(jnp.log(jnp.maximum(1 - strength, np.exp(CLAMPED))), CLAMPED)
                left = left * (1 - strength)
        return Pull(shift, left, hazard)


def act(
    made: tuple[Contingency, ...],
    falls: Bool[Array, "r"],
    sizes: Float[Array, "r"],
    clocks: Float[Array, "r"],
    world: World,
    later: Bool[Array, ""],
    share: Sequence[Float[Array, ""]],
    dt: Array,
) -> tuple[InStep, Float[Array, "r"]]:
    """How far each acts in a step that begins with this world, and the clocks when it ends.

    `later` says that the step is not the first, `share` the part of the step in which each may act.
    """
    parts, after = [], []
    for k, one in enumerate(made):
        met = True if one.when is None else one.when.holds(world, clocks[k] >= 0, later)
        begin = jnp.where(falls[k] & met, jnp.maximum(clocks[k], 0.0), -1.0)
        end = begin + share[k] * dt
        last = jnp.clip(end, 0.0, one.years)
        done = [built(jnp.clip(t, 0.0, one.years), one.onset, one.half_life, jnp) for t in (begin, last)]
        parts.append(jnp.where(begin >= 0, (done[1] - done[0]) / dt, 0.0))
        after.append(jnp.where(begin >= 0, end, -1.0))
    return InStep(made, _row(parts), sizes), _row(after)


def falls(made: tuple[Contingency, ...], key: Key) -> Bool[Array, "r"]:
    """Whether the lot of each falls to a path."""
    return jnp.stack([one.falls(key) for one in made]) if made else jnp.zeros(0, bool)


def sizes(made: tuple[Contingency, ...], key: Key, draws: int) -> Float[Array, "d r"]:
    """The size of each, once per posterior draw."""
    return jnp.stack([one.size(key, draws) for one in made], 1) if made else jnp.zeros((draws, 0))


def layers_set(made: tuple[Contingency, ...]) -> set[str]:
    """The layers that are set on some paths."""
    return {one.on for one in made if one.acts == "set"}


def named_key(key: Key, name: str) -> Key:
    """A key of its own for a name: the same whatever else a scenario has."""
    return jax.random.fold_in(key, crc32(name.encode()))


def _direction(one: Contingency, world: World) -> Array | float:
    if one.toward is None:
        return 1.0
    point = jnp.asarray(world.state("ideal_point"))
    return jnp.nan_to_num(jnp.sign(point[one.toward] - point))


def _row(values: list[Array]) -> Float[Array, "r"]:
    return jnp.stack(values) if values else jnp.zeros(0)
