"""Forecasting is drawing over future worlds: steps in a scan, paths in parallel, the same noise in every branch."""

from dataclasses import dataclass
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from latticework.processes import AbstractProcess, Push
from latticework.scenario.controls import Controls
from latticework.types import Array, Bool, Float, Int, Key
from latticework.world import World

PATHS_AT_ONCE = 25


class Calendar(eqx.Module):
    """The steps of a simulation: years each, which processes move in each, and how many come before the baseline.

    A process whose layer was last observed before the baseline is simulated from then on, path by path (a nowcast);
    in those steps the others stand still and no control acts.
    """

    dt: Float[np.ndarray, "s"]
    active: Bool[np.ndarray, "s m"]
    nowcast: int = eqx.field(static=True)


@dataclass(frozen=True)
class Keep:
    """What to keep of every simulated world: state layers, dyad layers at the pairs (q, 2), dyad layers to total."""

    states: tuple[str, ...]
    dyads: tuple[str, ...]
    pairs: Int[np.ndarray, "q 2"]
    totals: tuple[str, ...] = ()


class Pressure(eqx.Module):
    """A branch's controls with the sizes of its assumptions drawn: per process a shift (d s *u) and a hazard (s *u)."""

    shift: dict[str, Float[Array, "d s ..."]]
    hazard: dict[str, Float[Array, "s ..."]]
    layers: dict[str, Float[Array, "s ..."]]


def nowcast_calendar(dt: Float[np.ndarray, "s"], steps_before: dict[str, int], model: tuple[AbstractProcess, ...]) -> Calendar:
    """A calendar in which each process starts `steps_before` quarters ahead of the baseline."""
    nowcast = max([0, *steps_before.values()])
    index = np.arange(nowcast + len(dt))
    first = [nowcast - steps_before.get(process.name, 0) for process in model]
    active = np.stack([index >= f for f in first], axis=1)
    return Calendar(np.concatenate([np.full(nowcast, 0.25), dt]).astype(np.float32), active, nowcast)


def press(controls: Controls, key: Key, draws: int, model: tuple[AbstractProcess, ...], n: int, steps: int) -> Pressure:
    """Draw the size of every assumption once per posterior draw and add up what acts on each process.

    Branches get the same standard normals for the same assumption, counted per process in the order of the scenario.
    """
    shift, hazard = {}, {}
    for number, process in enumerate(model):
        units = (n,) if process.unit == "state" else (n, n)
        shift[process.name] = jnp.zeros((draws, steps, *units), jnp.float32)
        hazard[process.name] = jnp.asarray(controls.hazard.get(process.name, np.zeros((steps, *units), np.float32)))
        if process.name in controls.shift:
            mean, sd = jnp.asarray(controls.mean[process.name]), jnp.asarray(controls.sd[process.name])
            keys = [jax.random.fold_in(jax.random.fold_in(key, number), a) for a in range(len(mean))]
            noise = jnp.stack([jax.random.normal(k, (draws,)) for k in keys], axis=1)
            shift[process.name] = jnp.tensordot(mean + sd * noise, jnp.asarray(controls.shift[process.name]), 1)
    return Pressure(shift, hazard, {name: jnp.asarray(v) for name, v in controls.layers.items()})


def simulate(
    model: tuple[AbstractProcess, ...],
    theta: dict[str, Float[Array, "d k"]],
    start: World,
    pressure: Pressure,
    calendar: Calendar,
    keep: Keep,
    key: Key,
    paths: Int[np.ndarray, "p"],
) -> dict[str, Float[Array, "p s ..."]]:
    """Simulated layers of the paths with the given numbers, after each step from the baseline on.

    Path p uses posterior draw p mod d. Its noise depends on (key, p, step, process) alone: branches share it, and
    any split of the paths gives the same numbers. Returns state layers (p, s, n), dyad layers (p, s, q) and totals
    (p, s), totals over unordered dyads under the layer's name + "_total".
    """
    return _simulate(model, theta, start, pressure, calendar, keep.states, keep.dyads, keep.totals, keep.pairs, key, jnp.asarray(paths))  # fmt: skip


@eqx.filter_jit
def _simulate(model, theta, start, pressure, calendar, states, dyads, totals, pairs, key, paths):
    draws = next(iter(theta.values())).shape[0]
    dt, active, nowcast = jnp.asarray(calendar.dt), jnp.asarray(calendar.active), calendar.nowcast
    one = partial(_path, model, start, pressure, dt, active, nowcast, lambda w: _kept(w, states, dyads, totals, pairs))

    def run(path):
        draw = path % draws
        return one({name: t[draw] for name, t in theta.items()}, draw, jax.random.fold_in(key, path))

    return jax.lax.map(run, paths, batch_size=PATHS_AT_ONCE)


def _path(model, start, pressure, dt, active, nowcast, kept, theta, draw, key):
    opening = jax.random.fold_in(key, 2**31 - 1)
    for number, process in enumerate(model):
        start = process.start(jax.random.fold_in(opening, number), theta[process.name], start)

    def step(world, s):
        since = jnp.maximum(s - nowcast, 0)
        world = _set(world, pressure.layers, since, s >= nowcast)
        after = world
        for number, process in enumerate(model):
            noise = jax.random.fold_in(jax.random.fold_in(key, s), number)
            live = (s >= nowcast).astype(dt.dtype)
            push = Push(pressure.shift[process.name][draw, since] * live, pressure.hazard[process.name][since] * live)
            moved = process.sample(noise, theta[process.name], world, dt[s], push)
            after = _merge(after, moved, process.writes, active[s, number])
        return after, kept(after)

    _, recorded = jax.lax.scan(step, start, jnp.arange(len(dt)))
    return jax.tree.map(lambda x: x[nowcast:], recorded)


def _set(world: World, layers: dict[str, Array], s: Array, live: Array) -> World:
    """The world with the layers that the scenario sets in this step."""
    states, dyads = {}, {}
    for name, values in layers.items():
        home, out = (world.states, states) if values.ndim == 2 else (world.dyads, dyads)
        out[name] = jnp.where(live & jnp.isfinite(values[s]), values[s], home[name])
    return world.replace(states, dyads)


def _merge(world: World, moved: World, writes: tuple[str, ...], active: Array) -> World:
    """The world with one process's own layers exchanged, where the process is active."""
    states = {w: jnp.where(active, moved.states[w], world.states[w]) for w in writes if w in moved.states}
    dyads = {w: jnp.where(active, moved.dyads[w], world.dyads[w]) for w in writes if w in moved.dyads}
    return world.replace(states, dyads)


def _kept(world: World, states, dyads, totals, pairs) -> dict[str, Array]:
    kept = {name: world.state(name) for name in states}
    kept |= {name: world.dyad(name)[pairs[:, 0], pairs[:, 1]] for name in dyads}
    return kept | {f"{name}_total": jnp.nansum(jnp.triu(world.dyad(name), 1)) for name in totals}
