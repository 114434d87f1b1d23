"""A run whose paths are simulated in shards gives the same bytes, and a job that is killed costs its chunk."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from latticework.actions import Options
from latticework.actions.run import AT_ONCE
from latticework.actions.run_spread import Spread, chunk_tasks, run_spread, simulate_chunk
from latticework.errors import InputError
from latticework.store import open_run
from tests.actions.runs import PATHS
from tests.clusters import cluster

pytestmark = pytest.mark.slow  # each process reads the panel and compiles
COMMAND = "from latticework.cli import main; main()"
CHUNKS = -(-PATHS // AT_ONCE)


def hashes(folder: Path) -> dict[str, object]:
    """The SHA-256 of every table and ensemble of a run."""
    made = open_run(folder).manifest["artefacts"]
    found = {name: made[name] for name in made if name.startswith("tables/") or name.endswith(".zarr")}
    assert len(found) > 5
    return found


def shard(small: Path, out: Path, number: int) -> subprocess.Popen:
    asked = ["run", str(small), "--paths", str(PATHS), "--seed", "3", "--out", str(out), "--shard", f"{number}/2"]
    return subprocess.Popen([sys.executable, "-c", COMMAND, *asked], stdout=subprocess.PIPE, text=True)


def kept(out: Path) -> dict[str, int]:
    """The chunks that are kept, and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in out.parent.glob(f".{out.name}.kept/*/[0-9]*.npz")}


def killed_midway(out: Path, wanted: int, worker: Callable[[], int]) -> tuple[threading.Thread, dict[str, int]]:
    """A thread that kills a worker once so many chunks are kept, and what was kept then."""
    before: dict[str, int] = {}

    def watch() -> None:
        for _ in range(60_000):
            if len(kept(out)) >= wanted:
                before.update(kept(out))
                os.kill(worker(), signal.SIGKILL)
                return
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread, before


def test_shards_and_workers_give_the_bytes_of_one_process(small, first, tmp_path):
    options = Options(paths=PATHS, seed=3, out=tmp_path / "run")
    part = run_spread(str(small), options, Spread("2/2"))
    assert (part.results, part.done, part.wanted) == (None, CHUNKS // 2, CHUNKS)
    assert not (tmp_path / "run").exists()
    whole = run_spread(str(small), options, Spread("1/2", workers=2))
    assert whole.results is not None
    assert hashes(whole.folder) == hashes(first)
    assert not kept(whole.folder)


def test_a_job_that_is_killed_costs_the_chunk_that_it_was_at(small, first, tmp_path):
    out = tmp_path / "run"
    job = shard(small, out, 1)
    for _ in range(60_000):
        if kept(out) or job.poll() is not None:
            break
        time.sleep(0.01)
    job.send_signal(signal.SIGKILL)
    job.communicate(timeout=60)
    before = kept(out)
    assert 1 <= len(before) < CHUNKS // 2
    said, _ = shard(small, out, 1).communicate(timeout=600)
    assert f"{CHUNKS // 2} of {CHUNKS} chunks" in said
    assert before.items() <= kept(out).items()
    whole = run_spread(str(small), Options(paths=PATHS, seed=3, out=out), Spread("2/2"))
    assert whole.results is not None
    assert hashes(out) == hashes(first)


def test_a_worker_that_is_not_alike_is_refused(small, tmp_path):
    options = Options(paths=PATHS, seed=3, out=tmp_path / "run")
    (task, *_) = chunk_tasks(str(small), options)
    other = chunk_tasks(str(small), replace(options, seed=4))[0]
    assert task.out.parent != other.out.parent
    with pytest.raises(InputError, match="alike"):
        simulate_chunk(str(small), options, 0, other.out)


def test_a_process_that_is_killed_costs_the_chunk_that_it_was_at(small, first, tmp_path):
    out = tmp_path / "run"
    options = Options(paths=PATHS, seed=3, out=out)
    thread, before = killed_midway(out, 2, lambda: multiprocessing.active_children()[0].pid or 0)
    part = run_spread(str(small), options, Spread("1/2", workers=2))
    thread.join()
    assert (part.done, len(before)) == (CHUNKS // 2, 2)
    assert before.items() <= kept(out).items()
    assert run_spread(str(small), options, Spread("2/2")).results is not None
    assert hashes(out) == hashes(first)


def test_over_dask_the_bytes_are_the_same_though_a_worker_is_killed(small, first, tmp_path, monkeypatch):
    """Workers stand in another folder than whoever asks, who names scenario and run by paths from his own."""
    monkeypatch.chdir(small.parent)
    out = tmp_path / "run"
    options = Options(paths=PATHS, seed=3, out=Path(os.path.relpath(out)))
    with cluster(tmp_path / "cluster", 2) as made:
        thread, before = killed_midway(out, 2, lambda: made.workers[0].pid)
        part = run_spread(small.name, options, Spread("1/2", scheduler=made.address))
        thread.join()
        assert sorted(worker.poll() is None for worker in made.workers) == [False, True]
        assert (part.done, len(before)) == (CHUNKS // 2, 2)
        assert before.items() <= kept(out).items()
        whole = run_spread(small.name, options, Spread(scheduler=made.address))
    assert whole.results is not None
    assert hashes(out) == hashes(first)
