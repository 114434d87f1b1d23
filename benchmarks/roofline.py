"""What limits the engine: operations and bytes of a path's quarter beside what this machine can do at most."""

import time
from collections.abc import Callable
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from start import Start

from latticework.simulate import paths as simulation
from latticework.simulate.paths import WORLDS_AT_ONCE

SIDE, LONG, REPEATS = 1024, 2**24, 5
COST_OF_A_FUNCTION = 20  # operations of an exp or a log, about what its polynomial takes


def best(call: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of the fastest of some calls."""
    took = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        jax.block_until_ready(call())
        took.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(took)


def peaks() -> tuple[float, float]:
    """Operations and bytes per CPU second: a product of matrices, and a triad over arrays larger than any cache."""
    square = jnp.asarray(np.random.default_rng(0).random((SIDE, SIDE)), jnp.float32)
    long, other = jnp.ones(LONG, jnp.float32), jnp.full(LONG, 2.0, jnp.float32)
    product, triad = jax.jit(lambda a: a @ a), jax.jit(lambda a, b: a + 1.5 * b)
    jax.block_until_ready((product(square), triad(long, other)))
    return 2 * SIDE**3 / best(lambda: product(square))[1], 3 * 4 * LONG / best(lambda: triad(long, other))[1]


def quarters(start: Start) -> Start:
    """The same start without the years before the baseline: one loop, over steps in which every process moves."""
    calendar = start.calendar
    dt = calendar.dt[calendar.nowcast :]
    begins = (0,) * len(start.model)
    eras = {name: era[:, calendar.nowcast :] for name, era in start.pressure.eras.items()}
    return replace(
        start, calendar=replace(calendar, dt=dt, nowcast=0, begins=begins), pressure=replace(start.pressure, eras=eras)
    )


def compiled(start: Start) -> tuple[Callable[[], object], dict[str, float]]:
    """The compiled program of one batch, ready to run, and XLA's count of one round of its loop."""
    theta, world, pressure = jax.tree.map(jnp.asarray, (start.theta, start.world, start.pressure))
    parts = simulation.prepared(start.model, theta, world, (pressure,))
    args = (1, *parts, world, start.calendar, start.keep, start.key, jnp.arange(WORLDS_AT_ONCE))
    program = simulation._simulate.lower(*args).compile()  # pyright: ignore[reportFunctionMemberAccess]
    counts = program.compiled.cost_analysis()
    return lambda: program(*args), counts[0] if isinstance(counts, list) else counts


def roofline(start: Start) -> str:
    """The note: counted operations and bytes per path and quarter, what was reached, and the shares of both peaks."""
    short = quarters(start)
    call, counts = compiled(short)
    jax.block_until_ready(call())
    wall, cpu = best(call)
    steps = WORLDS_AT_ONCE * len(short.calendar.dt)
    functions = counts.get("transcendentals", 0.0) / WORLDS_AT_ONCE
    operations = counts["flops"] / WORLDS_AT_ONCE + COST_OF_A_FUNCTION * functions
    moved = counts["bytes accessed"] / WORLDS_AT_ONCE
    most, wide = peaks()
    rate = steps / cpu
    count = f"A quarter of a path: {operations:,.0f} operations (of them {functions:,.0f} exp, log and the like, taken"
    kind = f"as {COST_OF_A_FUNCTION} each) and {moved:,.0f} bytes read or written by XLA's count of its own kernels."
    reached = f"Reached: {rate:,.0f} path-quarters per CPU second ({steps / wall:,.0f} per second), that is"
    busy = (
        f"{operations * rate / 1e9:.1f} Gop/s, {operations * rate / most:.0%} of a matrix product's {most / 1e9:.0f},"
    )
    full = f"and {moved * rate / 1e9:.1f} GB/s, {moved * rate / wide:.0%} of a triad's {wide / 1e9:.1f} from memory."
    return "\n".join((count, kind, reached, busy, full))
