"""A backtest that is spread gives the same numbers, and a worker that is killed midway costs the forecast it was at."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from latticework.actions.backtest import Asked, run_backtest
from tests.clusters import cluster

pytestmark = pytest.mark.slow  # every worker reads the panel and compiles
YEARS = (2000, 2005, 2010)  # of a quick backtest


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> pd.DataFrame:
    """The records of a quick backtest that one process made."""
    found = run_backtest(Asked(quick=True, work=tmp_path_factory.mktemp("whole") / "work", workers=1)).records
    assert len(found)
    return found


def files(work: Path) -> dict[str, int]:
    """What is done, and when each file was written."""
    return {str(path): path.stat().st_mtime_ns for path in work.glob("*/*.json")} | {
        str(path): path.stat().st_mtime_ns for path in work.glob("origin-*.npz")
    }


def killed_midway(work: Path, worker: Callable[[], int | None]) -> tuple[threading.Thread, dict[str, int]]:
    """A thread that kills a worker once the first forecast is there, and what was done by then."""
    before: dict[str, int] = {}

    def watch() -> None:
        for _ in range(60_000):
            if list(work.glob("origin-*.npz")) and (pid := worker()):
                before.update(files(work))
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread, before


def test_a_process_that_is_killed_costs_its_forecast_and_nothing_else(whole, tmp_path):
    work = tmp_path / "work"

    def one_of_two() -> int | None:
        children = multiprocessing.active_children()
        return children[0].pid if len(children) == 2 else None

    thread, before = killed_midway(work, one_of_two)
    found = run_backtest(Asked(quick=True, work=work, workers=2))
    thread.join()
    assert 2 <= len(before) < 1 + len(YEARS)
    assert before.items() <= files(work).items()
    pd.testing.assert_frame_equal(found.records, whole)


def test_over_dask_the_numbers_are_the_same_though_a_worker_is_killed(whole, tmp_path, monkeypatch):
    """Workers stand in another folder than whoever asks, who names the work folder by a path from his own."""
    monkeypatch.chdir(tmp_path)
    with cluster(tmp_path / "cluster", 2) as made:
        thread, before = killed_midway(tmp_path / "work", lambda: made.workers[0].pid)
        found = run_backtest(Asked(quick=True, work=Path("work"), scheduler=made.address))
        thread.join()
        assert sorted(worker.poll() is None for worker in made.workers) == [False, True]
    assert 2 <= len(before) < 1 + len(YEARS)
    assert before.items() <= files(tmp_path / "work").items()
    pd.testing.assert_frame_equal(found.records, whole)
