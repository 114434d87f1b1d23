"""A run whose paths are simulated by several processes, by a Dask cluster, or by the jobs of an array.

Each chunk of paths is a task that writes the file which `latticework.actions.chunks` keeps anyway: whoever finds all of
them there makes the run of them. The numbers of a chunk depend on the run and on the numbers of its paths alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import jax
import numpy as np

from latticework.actions.assembling import coefficients, mechanisms_of
from latticework.actions.chunks import chunk_file, fingerprint, home_of, kept_part
from latticework.actions.compiled import keep_compiled
from latticework.actions.opening import opening
from latticework.actions.posterior import load_posterior
from latticework.actions.run import AT_ONCE, DRAWS, Options, Progress, checked, run, simulator
from latticework.errors import InputError, Interrupted
from latticework.processes import MODEL
from latticework.report.results import Results
from latticework.spread import Task, shard_of, spread


@dataclass(frozen=True)
class Spread:
    """How a run is spread: the shard that is done here (as 2/8), processes here, the address of a Dask scheduler."""

    shard: str | None = None
    workers: int = 1
    scheduler: str | None = None


@dataclass(frozen=True)
class Share:
    """What came of it: the results, or None while chunks of other shards are missing; chunks that are there, of all."""

    results: Results | None
    folder: Path
    done: int
    wanted: int


def run_spread(name: str, options: Options, how: Spread, progress: Progress = lambda what, share: None) -> Share:
    """Simulate the chunks of a shard, spread as told; whoever has the last of all chunks makes the run.

    Numbers and files are those of `run`, whatever the split. Errors: those of `run`; InputError (shard, workers,
    scheduler); Interrupted.
    """
    number, count = shard_of(how.shard)
    if how.workers < 1:
        raise InputError(f"--workers is {how.workers}; it must be one or more.")
    if how == Spread():
        return Share(*run(name, options, progress), 0, 0)
    path, _, _, out = checked(name, options)
    options = replace(options, out=out.absolute())
    progress("reading the panel", 0.0)
    tasks = chunk_tasks(str(path.absolute()), options)  # a worker may stand in another folder
    mine = tasks[number::count]
    try:
        spread(mine[:1], 1, how.scheduler, progress)  # it compiles, and keeps for the others what it compiled
        spread(mine, how.workers, how.scheduler, progress)
    except KeyboardInterrupt as stop:
        done, home = sum(task.done for task in tasks), tasks[0].out.parent.parent
        told = (
            f"Stopped after {done} of {len(tasks)} chunks of paths. They are kept in {home}: the same command goes on."
        )
        raise Interrupted(told, *stop.args) from stop
    done = sum(task.done for task in tasks)
    results = run(name, options, progress)[0] if done == len(tasks) else None
    return Share(results, out, done, len(tasks))


def chunk_tasks(name: str, options: Options) -> list[Task]:
    """A task per chunk of paths of a run to `options.out`."""
    simulate, home = _simulator(name, options), home_of(options.out or Path())
    return [
        Task(
            f"simulating paths {first:,} to {min(first + AT_ONCE, options.count) - 1:,}",
            simulate_chunk,
            (name, options, first),
            chunk_file(home, simulate, first, AT_ONCE),
        )
        for first in range(0, options.count, AT_ONCE)
    ]


def simulate_chunk(name: str, options: Options, first: int, out: Path) -> None:
    """Simulate one chunk of a run and keep it; InputError where this machine or its code would give other digits."""
    simulate = _simulator(name, options)
    if out.parent.name != fingerprint(simulate):
        raise InputError(
            "A worker has another version, panel or processor than the process that asks it: its digits would differ. "
            "Use machines that are alike."
        )
    part = jax.tree.map(np.asarray, simulate(np.arange(first, first + AT_ONCE)))
    if not kept_part(out, part):
        raise InputError(f"Simulated paths cannot be kept in '{out.parent}': is the disk full?")


@lru_cache(maxsize=1)
def _simulator(name: str, options: Options) -> Callable:
    """What simulates numbered paths of a run."""
    keep_compiled()
    _, scenario, branches, _ = checked(name, options)
    begin, posterior = opening(scenario, mechanisms_of(scenario).model(MODEL)), load_posterior()
    drawn = coefficients(scenario, posterior, options.seed, DRAWS)
    return simulator(scenario, branches, posterior, begin, options, drawn)[0]
