"""Paths per second of this engine beside plain NumPy and Mesa 3: same machine, run, opening, calendar and draws."""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import mesa_model
import numpy as np
import numpy_model
from start import Layers, Start, engine, prepare

Engine = Callable[[Start, np.ndarray], Layers]


@dataclass(frozen=True)
class Timing:
    """What one engine took: seconds of its first call (compilation included), then paths with their seconds."""

    name: str
    first: float
    paths: int
    wall: float
    cpu: float

    @property
    def per_second(self) -> float:
        """Paths per second."""
        return self.paths / self.wall

    @property
    def per_cpu_second(self) -> float:
        """Paths per CPU second."""
        return self.paths / self.cpu


def timed(name: str, simulate: Engine, start: Start, paths: int, seconds: float) -> Timing:
    """Simulate `paths` paths at a time, as often as fits into the seconds; the first call is kept apart."""
    numbers, done = np.arange(paths), 0
    began = time.perf_counter()
    simulate(start, numbers)
    first = time.perf_counter() - began
    wall, cpu = time.perf_counter(), time.process_time()
    while done == 0 or time.perf_counter() - wall < seconds:
        simulate(start, numbers + done)
        done += paths
    return Timing(name, first, done, time.perf_counter() - wall, time.process_time() - cpu)


def table(timings: list[Timing], cores: int) -> str:
    """Rates and their ratios to the first engine, one line per engine."""
    ours = timings[0]
    lines = [
        f"{cores} cores may be used; wall time needs a machine that does nothing else, CPU seconds less so",
        f"{'':14}{'first call':>11}{'paths':>8}{'wall s':>8}{'CPU s':>8}{'paths/s':>9}{'ratio':>7}"
        f"{'paths/CPU s':>13}{'ratio':>7}",
    ]
    for t in timings:
        lines.append(
            f"{t.name:14}{t.first:>9.2f} s{t.paths:>8,}{t.wall:>8.2f}{t.cpu:>8.2f}{t.per_second:>9,.0f}"
            f"{t.per_second / ours.per_second:>7.2f}{t.per_cpu_second:>13,.0f}"
            f"{t.per_cpu_second / ours.per_cpu_second:>7.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Time all engines and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--paths", type=int, default=1000, help="paths per call; Mesa gets a twentieth (default 1000)")
    options.add_argument("--seconds", type=float, default=45.0, help="time for all engines together (default 45)")
    asked = options.parse_args()
    if asked.paths < 1 or asked.seconds <= 0:
        options.error("--paths and --seconds must be positive")
    start, each = prepare(), asked.seconds / 3
    steps, nowcast = len(start.calendar.dt), start.calendar.nowcast
    print(f"asia-2025, status quo: {start.world.n} states, {nowcast} nowcast years and {steps - nowcast} quarters")
    few = max(asked.paths // 20, 1)
    timings = [
        timed("this engine", engine, start, asked.paths, each),
        timed("NumPy, batched", numpy_model.simulate, start, asked.paths, each),
        timed("Mesa 3, agents", mesa_model.simulate, start, few, each),
    ]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(table(timings, cores))


if __name__ == "__main__":
    main()
