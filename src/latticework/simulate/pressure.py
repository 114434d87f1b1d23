"""What acts on the processes of a branch: its controls, with the sizes of its assumptions drawn."""

from collections.abc import Mapping
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp

from latticework.processes import AbstractProcess
from latticework.scenario.contingency import Contingency, sizes
from latticework.scenario.controls import Controls
from latticework.types import Array, Float, Key


class Pressure(eqx.Module):
    """A branch's controls with the sizes of its assumptions drawn: per process shifts (a s *u), each times its size
    (d a), and a hazard (s *u).

    `always` has terms, each of which broadcasts to (d *u), that are added to a process's first linear predictor in
    every step, those before the baseline too: frailties and the levels of states. `eras` (d c) is added in every step
    of the calendar, those before the baseline first: the levels of decades. `contingencies` act on some paths only,
    with `sizes` (d r). `hold` (s *u) is the part of the way to its setting that a layer goes, where that is not all.
    """

    shift: dict[str, Float[Array, "a s ..."]]
    size: dict[str, Float[Array, "d a"]]
    hazard: dict[str, Float[Array, "s ..."]]
    layers: dict[str, Float[Array, "s ..."]]
    always: dict[str, tuple[Float[Array, "d ..."], ...]] = eqx.field(default_factory=dict)
    eras: dict[str, Float[Array, "d c"]] = eqx.field(default_factory=dict)
    contingencies: tuple[Contingency, ...] = ()
    sizes: Float[Array, "d r"] = eqx.field(default_factory=lambda: jnp.zeros((1, 0)))
    hold: dict[str, Float[Array, "s ..."]] = eqx.field(default_factory=dict)

    def at(self, step: Array) -> "InTurn":
        """What of it acts in a step, counted from the baseline."""
        shift = {name: table[:, step] for name, table in self.shift.items()}
        tables = (self.hazard, self.layers, self.hold)
        hazard, layers, hold = ({k: v[step] for k, v in table.items()} for table in tables)
        return InTurn(shift, hazard, layers, tuple(jnp.asarray(one.share)[step] for one in self.contingencies), hold)


class InTurn(NamedTuple):
    """What of a branch's controls acts in one step: per process shifts (a *u) and a hazard (*u), settings of layers,
    the part of the step in which each contingency may act, and the part of the way that settings go.
    """

    shift: dict[str, Float[Array, "a ..."]]
    hazard: dict[str, Float[Array, "..."]]
    layers: dict[str, Float[Array, "..."]]
    share: tuple[Float[Array, ""], ...]
    hold: dict[str, Float[Array, "..."]]


def press(
    controls: Controls,
    key: Key,
    draws: int,
    model: tuple[AbstractProcess, ...],
    always: Mapping[str, tuple[Float[Array, "d ..."], ...]] | None = None,
    eras: Mapping[str, Float[Array, "d c"]] | None = None,
) -> Pressure:
    """Draw the size of every assumption once per posterior draw and add up what acts on each process.

    Branches get the same standard normals for the same assumption, counted per process in the order of the scenario.
    """
    shift, size, hazard = {}, {}, {}
    for number, process in enumerate(model):
        if process.name in controls.hazard:
            hazard[process.name] = jnp.asarray(controls.hazard[process.name])
        if process.name in controls.shift:
            mean, sd = jnp.asarray(controls.mean[process.name]), jnp.asarray(controls.sd[process.name])
            noise = jnp.stack([normals(key, number, a, draws) for a in range(len(mean))], axis=1)
            shift[process.name], size[process.name] = jnp.asarray(controls.shift[process.name]), mean + sd * noise
    made = controls.contingencies
    return Pressure(
        shift,
        size,
        hazard,
        {name: jnp.asarray(values) for name, values in controls.layers.items()},
        dict(always or {}),
        dict(eras or {}),
        made,
        sizes(made, key, draws),
        {name: jnp.asarray(values) for name, values in controls.hold.items()},
    )


def normals(key: Key, process: int, place: int, draws: int) -> Float[Array, "d"]:
    """The standard normals of an assumption's size, by the numbers of its process and of its place in that process."""
    return jax.random.normal(jax.random.fold_in(jax.random.fold_in(key, process), place), (draws,))
