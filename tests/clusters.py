"""A Dask cluster of real processes on this machine: a scheduler and workers that stand in a folder of their own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass
class Cluster:
    """The scheduler's address, and the processes of the workers (no nanny starts a dead one anew)."""

    address: str
    folder: Path
    workers: list[subprocess.Popen] = field(default_factory=list)

    def hire(self) -> None:
        """Start another worker."""
        name = f"{len(self.workers)}"
        options = ["--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--local-directory", self.folder / name]
        self.workers.append(started("dask_worker", self.address, *options, "--no-dashboard", folder=self.folder))


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler with so many workers, in an empty folder; all are ended at the end."""
    pytest.importorskip("distributed")
    folder.mkdir()
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file]
    scheduler = started("dask_scheduler", *options, folder=folder)
    made = Cluster("", folder)
    try:
        made.address = address(file)
        for _ in range(workers):
            made.hire()
        yield made
    finally:
        for process in (*made.workers, scheduler):
            process.kill()
            process.wait()


def started(program: str, *arguments: object, folder: Path) -> subprocess.Popen:
    """A program of Dask as a process in a folder, which finds our modules and tests."""
    seen = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    command = [sys.executable, "-m", f"distributed.cli.{program}", *map(str, arguments)]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": seen}, stdout=log, stderr=log)


def address(file: Path) -> str:
    """The address that a scheduler wrote down, once it has."""
    for _ in range(600):
        try:
            return json.loads(file.read_text())["address"]
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")
