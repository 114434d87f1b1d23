"""Forecasting is drawing over future worlds: steps in a scan, paths in parallel, the same noise in every branch."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from latticework.processes import AbstractProcess, Push
from latticework.processes.noise import fold_in
from latticework.scenario.contingency import InStep, act, falls, layers_set
from latticework.scenario.units import toward
from latticework.simulate.pressure import InTurn, Pressure
from latticework.types import Array, Float, Int, Key
from latticework.world import World

WORLDS_AT_ONCE = 64  # of all branches together: more would not stay in a core's own cache
Homes = tuple[dict[str, Array], ...]  # layers of states, dyads, pacts and memberships
PRESENT = "present"  # the setting that says which states exist, step by step: history's, in a run over past years


class Calendar(eqx.Module):
    """The steps of a simulation: years each, how many come before the baseline, and with which each process begins.

    A process whose layer was last observed before the baseline is simulated from then on, path by path (a nowcast);
    in those steps the others stand still and no control acts. From the baseline on all move.
    """

    dt: Float[np.ndarray, "s"]
    nowcast: int = eqx.field(static=True)
    begins: tuple[int, ...] = eqx.field(static=True)

    def moving(self, step: int) -> tuple[int, ...]:
        """The numbers of the processes that move in a step."""
        return tuple(number for number, begin in enumerate(self.begins) if begin <= step)


class Keep(eqx.Module):
    """What to keep of every simulated world: layers of states and pacts, dyad layers at the pairs (q, 2), totals."""

    states: tuple[str, ...] = eqx.field(static=True)
    dyads: tuple[str, ...] = eqx.field(static=True)
    pairs: Int[Array, "q 2"]
    totals: tuple[str, ...] = eqx.field(static=True, default=())
    pacts: tuple[str, ...] = eqx.field(static=True, default=())


def nowcast_calendar(
    dt: Float[np.ndarray, "s"], years_before: dict[str, int], model: tuple[AbstractProcess, ...]
) -> Calendar:
    """A calendar in which each process starts a whole number of years before the baseline, in steps of a year."""
    years = [years_before.get(process.name, 0) for process in model]
    nowcast = max(years)
    begins = tuple(nowcast - before for before in years)
    return Calendar(np.concatenate([np.ones(nowcast), dt]).astype(np.float32), nowcast, begins)


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
    """Simulated layers of the paths with the given numbers, after each step from the baseline on, in one branch.

    Path p uses posterior draw p mod d. Its noise depends on (key, p, step, process, unit) alone: branches share it,
    and any split of the paths gives the same numbers. Returns state layers (p, s, n), dyad layers (p, s, q), layers of
    pacts (p, s, m) and totals (p, s), totals over unordered dyads under the layer's name + "_total".
    """
    (only,) = simulate_branches(model, theta, start, (pressure,), calendar, keep, key, paths)
    return only


def simulate_branches(
    model: tuple[AbstractProcess, ...],
    theta: dict[str, Float[Array, "d k"]],
    start: World,
    branches: Sequence[Pressure],
    calendar: Calendar,
    keep: Keep,
    key: Key,
    paths: Int[np.ndarray, "p"],
) -> tuple[dict[str, Float[Array, "p s ..."]], ...]:
    """What `simulate` gives, of several branches: what they share, noise and nowcast, is made once.

    The branches have the same `always` and `eras`, and the same keys and shapes of controls.
    """
    parts = prepared(model, theta, start, branches)
    found = _simulate(len(branches), *parts, start, calendar, keep, key, jnp.asarray(paths))
    return tuple({name: layer[:, b] for name, layer in found.items()} for b in range(len(branches)))


def prepared(
    model: tuple[AbstractProcess, ...],
    theta: Mapping[str, Float[Array, "d _"]],
    start: World,
    branches: Sequence[Pressure],
) -> tuple[tuple[AbstractProcess, ...], dict[str, Float[Array, "d _"]], Pressure, Pressure]:
    """The processes narrowed to who can ever be at risk, coefficients for all of them, and what acts on them.

    The last two: what the branches share, and their own controls with an axis of branches before all others.
    """
    each = [_reached(start, branch.layers) for branch in branches]
    reached = jax.tree.map(lambda *parts: np.concatenate(parts), *each)
    set_on_some = layers_set(branches[0].contingencies)
    narrow = tuple(p if set_on_some & set(p.reads) else p.narrowed(reached) for p in model)
    draws = len(next(iter(theta.values())))
    whole = {p.name: jnp.zeros((draws, 0)) for p in model} | dict(theta)  # bookkeeping has no coefficients
    shared = Pressure({}, {}, {}, {}, branches[0].always, branches[0].eras)
    own = jax.tree.map(lambda *parts: jnp.stack(parts), *(replace(b, always={}, eras={}) for b in branches))
    return narrow, whole, shared, own


@eqx.filter_jit
def _simulate(count, model, theta, shared, own, start, calendar, keep, key, paths):
    """Kept layers (p b s ...). Steps are scanned and worlds mapped within a step, not steps within worlds.

    So the laws are traced once. The layers that never move are no part of what the loop carries.
    """
    draws, width = next(iter(theta.values())).shape[0], min(max(WORLDS_AT_ONCE // count, 1), len(paths))
    moving = {name for process in model for name in process.writes} | {*own.layers, *layers_set(own.contingencies)}
    step = partial(_step, model, calendar, partial(_kept, keep))

    def run(some):
        mine = {name: coefficients[some % draws] for name, coefficients in theta.items()}
        terms = {name: [term[some % draws] for term in terms] for name, terms in shared.always.items()}
        always = {name: reduce(jnp.add, found) for name, found in terms.items()}
        eras = {name: era[some % draws] for name, era in shared.eras.items()}
        paths = Path(mine, some % draws, jax.vmap(fold_in, (None, 0))(key, some), always)
        ready = jax.vmap(lambda path: _unlike(start, _opened(model, start, path.theta, path.key)))(paths)
        still, now = _parted(ready, moving)
        now = _over(_parted(_homes(start), moving)[1], now, len(some))
        now = _brought_to_baseline(step, calendar, start, paths, still, eras, now)
        return _branched(step, calendar, start, paths, still, eras, (count, own), now)

    rounds = -(-len(paths) // width)
    filled = jnp.pad(paths, (0, rounds * width - len(paths)), mode="edge").reshape(rounds, width)
    found = jax.lax.map(run, filled)
    return jax.tree.map(lambda layer: layer.reshape(-1, *layer.shape[2:])[: len(paths)], found)


def _brought_to_baseline(step, calendar, start, paths, still, eras, now):
    """What moves (w ...), after the steps before the baseline, in which the branches are one."""

    def one(path, still, now, due):
        (moved, _), _ = step(path, None, start.replace(*still), (now, None), due)
        return moved

    def each(now, due):
        return jax.vmap(one, (0, 0, 0, EACH_PATH))(paths, still, now, due), None

    steps = np.arange(calendar.nowcast)
    return _in_turn(partial(_due, calendar, eras, None), each, now, steps)[0] if calendar.nowcast else now


def _branched(step, calendar, start, paths, still, eras, branches, now):
    """What is kept (w b s ...) of the steps from the baseline on."""
    count, own = branches

    def one(path, still, pressure, carry, due):
        return step(path, pressure, start.replace(*still), carry, due)

    def each(carry, due):
        in_branches = jax.vmap(one, (None, None, 0, 0, EACH_BRANCH))
        return jax.vmap(in_branches, (0, 0, None, 0, EACH_PATH))(paths, still, own, carry, due)

    now = jax.tree.map(lambda layer: jnp.repeat(layer[:, None], count, 1), now)
    clocks = jnp.full((len(paths.draw), count, len(own.contingencies)), -1.0)
    steps = np.arange(calendar.nowcast, len(calendar.dt))
    _, recorded = _in_turn(partial(_due, calendar, eras, own), each, (now, clocks), steps)
    return jax.tree.map(lambda layer: jnp.moveaxis(layer, 0, 2), recorded)


def _in_turn(due, each, carry, steps):
    """A scan over steps, given what is due in a step. That is made at the end of the step before.

    XLA would else look it up, by the number of the step, for every unit on its own, and then work without vectors.
    """

    def go(carry, coming):
        state, now = carry
        state, kept = each(state, now)
        return (state, due(coming)), kept

    coming = jnp.asarray([*steps[1:], steps[-1]])
    (carry, _), kept = jax.lax.scan(go, (carry, due(jnp.asarray(steps[0]))), coming)
    return carry, kept


class Due(NamedTuple):
    """What sets a step apart: its number (those before the baseline count), its years, the level of each process in
    its decade, and what acts in it (nothing before the baseline).
    """

    step: Int[Array, ""]
    dt: Float[Array, ""]
    eras: Mapping[str, Float[Array, ""]]
    acting: InTurn | None


EACH_PATH, EACH_BRANCH = Due(None, None, 0, None), Due(None, None, None, 0)  # pyright: ignore[reportArgumentType]


def _due(calendar, eras, own, step):
    """What is due in a step on all paths (eras w c) and in all branches."""
    now = {name: table[:, step] for name, table in eras.items()}
    acting = None if own is None else jax.vmap(lambda one: one.at(step - calendar.nowcast))(own)
    return Due(step, jnp.asarray(calendar.dt)[step], now, acting)


class Path(NamedTuple):
    """What sets a path apart: its coefficients, the number of its posterior draw, the key of its noise, and what is
    always added to a process, in each unit.
    """

    theta: dict[str, Float[Array, "_"]]
    draw: Int[Array, ""]
    key: Key
    always: Mapping[str, Float[Array, "..."]]


def _homes(world: World) -> Homes:
    return dict(world.states), dict(world.dyads), dict(world.pacts), dict(world.memberships)


def _unlike(start: World, opened: World) -> Homes:
    """The layers that were made ready, and are no longer those of the start."""
    pairs = zip(_homes(start), _homes(opened), strict=True)
    return tuple({k: v for k, v in now.items() if v is not then.get(k)} for then, now in pairs)


def _parted(homes: Homes, moving: set[str]) -> tuple[Homes, Homes]:
    """The layers that stand still, and those that move."""
    still = tuple({k: v for k, v in home.items() if k not in moving} for home in homes)
    return still, tuple({k: v for k, v in home.items() if k in moving} for home in homes)


def _over(start: Homes, ready: Homes, count: int) -> Homes:
    """The layers of the start, the same on every path, and over them those that were made ready path by path."""
    same = jax.tree.map(lambda layer: jnp.broadcast_to(layer, (count, *layer.shape)), start)
    return tuple({**first, **then} for first, then in zip(same, ready, strict=True))


def _reached(start: World, layers: dict[str, Array]) -> World:
    """The opening, and what the scenario's settings make of it step by step (a leading time axis)."""
    times = 1 + max((len(values) for values in layers.values()), default=0)

    def course(first: Array, settings: Array | None = None) -> np.ndarray:
        if settings is None:
            return np.broadcast_to(first, (times, *first.shape))
        return np.stack(list(itertools.accumulate(np.asarray(settings), _held, initial=np.asarray(first))))

    homes = (start.states, start.dyads, start.pacts, start.memberships)
    moved = ({name: course(layer, layers.get(name)) for name, layer in home.items()} for home in homes)
    present = course(np.asarray(start.present, np.float32), layers.get(PRESENT)) > 0
    return World(present, *moved)


def _held(layer: np.ndarray, setting: np.ndarray) -> np.ndarray:
    """A setting replaces what was, and stays until the next."""
    return np.where(np.isfinite(setting), setting, layer)


def _opened(model, world, theta, key):
    """The world with every process's layers made ready."""
    opening = fold_in(key, 2**31 - 1)
    for number, process in enumerate(model):
        world = process.start(fold_in(opening, number), theta[process.name], world)
    return world


def _step(model, calendar, kept, path, pressure, world, carry, due):
    """What moves and the clocks (none before the baseline) after one step in one world, and what is kept of it."""
    (now, clocks), acting, first, live = carry, None, 0, False
    world = world.replace(*now)
    if due.acting is not None:
        first, live = calendar.nowcast, True
        made = pressure.contingencies
        world = _set(world, due.acting.layers, due.acting.hold)
        lots, sizes = falls(made, fold_in(path.key, 2**31 - 2)), pressure.sizes[path.draw]
        acting, clocks = act(made, lots, sizes, clocks, world, due.step > first, due.acting.share, due.dt)
        world = acting.laid(world)
    after, key = world, fold_in(path.key, due.step)
    for number, process in enumerate(model):
        if not live and calendar.begins[number] >= calendar.nowcast:
            continue

        def move(after, number=number, process=process):
            noise = fold_in(key, number)
            push = _push(path, pressure, process.name, due, world, acting)
            moved = process.sample(noise, path.theta[process.name], world.seeing(after, process.given), due.dt, push)
            return after.seeing(moved, process.writes)

        after = (
            move(after) if calendar.begins[number] <= first else _if(due.step >= calendar.begins[number], move, after)
        )
    moved = tuple({k: home[k] for k in old} for old, home in zip(now, _homes(after), strict=True))
    return (moved, clocks), kept(after) if live else None


def _if(begun, move, world):
    """The world moved, once the process has begun: the condition is the same on all paths, so one side is computed."""
    return jax.lax.cond(begun, lambda now: _like(move(now), now), lambda now: now, world)


def _like(world, other):
    """The world with the types of numbers that the other has."""
    return jax.tree.map(lambda new, old: jnp.asarray(new, jnp.asarray(old).dtype), world, other)


def _push(path: Path, pressure: Pressure | None, name: str, due: Due, world: World, acting: InStep | None) -> Push:
    """What acts on a process in a step; before the baseline (nothing is `acting`) only what always does."""
    always = path.always.get(name, 0.0)
    if name in due.eras:
        always = always + due.eras[name]
    if pressure is None or due.acting is None or acting is None:
        return Push(offset=always)
    sizes = pressure.size[name][path.draw] if name in pressure.size else ()
    shift = sum((size * due.acting.shift[name][a] for a, size in enumerate(sizes)), 0.0)
    pull = acting.pull(name, world)
    return Push(shift + pull.shift, (due.acting.hazard.get(name, 0.0) + pull.hazard) * pull.open, always)


def _set(world: World, layers: dict[str, Array], hold: dict[str, Array]) -> World:
    """The world with the layers, or the presence of states, that are set in this step, some a part of the way."""
    states, dyads, present = {}, {}, world.present
    for name, values in layers.items():
        if name == PRESENT:
            present = values > 0
            continue
        home, out = (world.states, states) if values.ndim == 1 else (world.dyads, dyads)
        there = toward(home[name], values, hold[name]) if name in hold else values
        out[name] = jnp.where(jnp.isfinite(values), there, home[name])
    return replace(world.replace(states, dyads), present=present)


def _kept(keep: Keep, world: World) -> dict[str, Array]:
    """What to keep of a world; of a directed layer, whichever direction of a pair is known."""
    i, j = keep.pairs.T
    kept = {name: world.state(name) for name in keep.states} | {name: world.pact(name) for name in keep.pacts}
    for name in keep.dyads:
        there, back = jnp.asarray(world.dyad(name))[i, j], jnp.asarray(world.dyad(name))[j, i]
        kept[name] = jnp.where(jnp.isnan(there), back, there)
    return kept | {f"{name}_total": jnp.nansum(jnp.triu(world.dyad(name), 1)) for name in keep.totals}
