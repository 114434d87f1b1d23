"""Paths per second of this engine beside plain NumPy and Mesa 3: same machine, run, opening, calendar and draws."""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import agents
import numpy as np
import plain
from roofline import roofline
from start import Layers, Start, engine, prepare

Engine = Callable[[Start, np.ndarray], Layers]


@dataclass(frozen=True)
class Timing:
    """What one engine took: its first call (compilation included), then calls with paths and seconds."""

    name: str
    first: float
    calls: int
    paths: int
    wall: float
    cpu: float

    @property
    def compile(self) -> float:
        """Seconds that the first call took longer than a later one."""
        return max(self.first - self.wall / self.calls, 0.0)

    @property
    def rates(self) -> tuple[float, float]:
        """Paths per second and per CPU second."""
        return self.paths / self.wall, self.paths / self.cpu


def timed(name: str, simulate: Engine, start: Start, paths: int, seconds: float) -> Timing:
    """Simulate `paths` paths at a time, as often as fits into the seconds; the first call is kept apart."""
    numbers, calls = np.arange(paths), 0
    began = time.perf_counter()
    simulate(start, numbers)
    first = time.perf_counter() - began
    wall, cpu = time.perf_counter(), time.process_time()
    while calls == 0 or time.perf_counter() - wall < seconds:
        calls += 1
        simulate(start, numbers + calls * paths)
    return Timing(name, first, calls, calls * paths, time.perf_counter() - wall, time.process_time() - cpu)


def table(timings: list[Timing]) -> str:
    """A line per engine: seconds, rates, and how many times the first engine is as fast."""
    wall, cpu = timings[0].rates
    head = ("", "compile s", "paths", "wall s", "CPU s", "cores used", "paths/s", "times", "paths/CPU s", "times")
    rows = [head] + [
        (
            t.name, f"{t.compile:.1f}", f"{t.paths:,}", f"{t.wall:.1f}", f"{t.cpu:.1f}", f"{t.cpu / t.wall:.2f}",
            f"{t.rates[0]:,.1f}", f"{wall / t.rates[0]:.1f}", f"{t.rates[1]:,.1f}", f"{cpu / t.rates[1]:.1f}",
        )
        for t in timings
    ]  # fmt: skip
    return "\n".join(f"{name:20}" + "".join(f"{cell:>12}" for cell in cells) for name, *cells in rows)


def main() -> None:
    """Time all engines, print the table and what limits this one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--paths", type=int, default=1000, help="paths per call; 1 in 50 for rivals without a batch")
    options.add_argument("--seconds", type=float, default=45.0, help="time for all engines together (default 45)")
    asked = options.parse_args()
    if asked.paths < 1 or asked.seconds <= 0:
        options.error("--paths and --seconds must be positive")
    start, each, few = prepare(), asked.seconds / 4, max(asked.paths // 50, 1)
    steps, nowcast = len(start.calendar.dt), start.calendar.nowcast
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"asia-2025, status quo: {start.world.n} states, {nowcast} nowcast years and {steps - nowcast} quarters.")
    print(f"{cores} cores may be used. Wall times are those of an idle machine only; 'times': this engine is as fast.")
    timings = [
        timed("this engine", engine, start, asked.paths, each),
        timed("NumPy, one path", partial(plain.simulate, batch=1), start, few, each),
        timed("NumPy, batched", plain.simulate, start, asked.paths, each),
        timed("Mesa 3, agents", agents.simulate, start, few, each),
    ]
    print(table(timings))
    print()
    print(roofline(start))


if __name__ == "__main__":
    main()
