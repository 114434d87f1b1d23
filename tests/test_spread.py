"""Work that is spread gives the same files, and survives its workers."""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from latticework.errors import InputError, LatticeworkError, UnknownNameError
from latticework.spread import TRIES, Task, shard_of, spread
from tests.clusters import cluster


def write(number: int, out: Path) -> None:
    """A small pure task: numbers that depend on the argument alone."""
    out.write_bytes(np.random.default_rng(number).standard_normal(5).tobytes())


def kill_once(number: int, folder: Path, out: Path) -> None:
    """Ends its own worker the first time that number 3 is at work."""
    seen = folder / f"seen-{number}-{os.getpid()}"
    seen.touch()
    if number == 3 and len(list(folder.glob("seen-3-*"))) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    write(number, out)


def kill_always(out: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(out: Path) -> None:
    raise InputError("as it should")


def misname(out: Path) -> None:
    raise UnknownNameError("state", "JAP", ["JPN", "USA"], "a file")


def tasks(folder: Path) -> list[Task]:
    folder.mkdir()
    return [Task(f"number {k}", write, (k,), folder / f"{k}.bin") for k in range(7)]


def found(work: list[Task]) -> list[bytes]:
    return [task.out.read_bytes() for task in work]


def test_the_same_files_whatever_the_split(tmp_path):
    alone, crew, shards = (tasks(tmp_path / name) for name in ("alone", "crew", "shards"))
    spread(alone, 1)
    spread(crew, 3)
    for part in (shards[4:], shards[:2], shards[2:4]):
        spread(part, 2)
    assert found(alone) == found(crew) == found(shards)


def only_the_killed_began_twice(jobs: list[Task], seen: Path, place: Path) -> None:
    """Of six tasks the fourth killed its worker: it was begun again, the others were not, and all files are there."""
    starts = {k: len(list(seen.glob(f"seen-{k}-*"))) for k in range(6)}
    assert starts == dict.fromkeys(range(6), 1) | {3: 2}
    plain = tasks(place / "plain")[:6]
    spread(plain, 1)
    assert found(jobs) == found(plain)


def test_a_killed_worker_costs_its_task_and_nothing_else(tmp_path):
    work, seen = tmp_path / "work", tmp_path / "seen"
    work.mkdir(), seen.mkdir()
    jobs = [Task(f"number {k}", kill_once, (k, seen), work / f"{k}.bin") for k in range(6)]
    spread(jobs, 2)
    assert all(job.done for job in jobs)
    only_the_killed_began_twice(jobs, seen, tmp_path)


def test_what_is_done_is_not_done_again(tmp_path):
    work = tasks(tmp_path / "work")
    work[2].out.write_bytes(b"mine")
    spread(work, 1)
    assert work[2].out.read_bytes() == b"mine"
    assert all(task.done for task in work)


def test_a_task_that_always_kills_its_worker_is_told(tmp_path):
    jobs = [Task("the deadly one", kill_always, (), tmp_path / "a"), Task("another", write, (1,), tmp_path / "b")]
    with pytest.raises(InputError, match=f"the deadly one.*{TRIES} times"):
        spread(jobs, 2)


@pytest.mark.parametrize(
    ("faulty", "message"), [(fail, "as it should"), (misname, "There is no state 'JAP' in a file. Did you mean 'JPN'")]
)
def test_a_fault_in_a_worker_is_raised_here(tmp_path, faulty, message):
    jobs = [Task("faulty", faulty, (), tmp_path / "a"), Task("another", write, (1,), tmp_path / "b")]
    with pytest.raises(LatticeworkError, match=message):
        spread(jobs, 2)


@pytest.mark.parametrize(("words", "expected"), [(None, (0, 1)), ("1/4", (0, 4)), ("4/4", (3, 4))])
def test_shards_are_read(words, expected):
    assert shard_of(words) == expected


@pytest.mark.parametrize("words", ["0/4", "5/4", "two", "1/", "-1/3"])
def test_shards_that_make_no_sense_are_told(words):
    with pytest.raises(InputError, match="2/8"):
        shard_of(words)


def test_without_dask_a_scheduler_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="latticework\\[cluster\\]"):
        spread(tasks(tmp_path / "work"), 1, "tcp://127.0.0.1:1")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """A Dask cluster of real processes."""
    with cluster(tmp_path_factory.mktemp("dask") / "cluster", 2) as made:
        yield made


def nothing(out: Path) -> None:
    """Writes no file that is seen here."""


def test_over_dask_the_files_are_the_same(tmp_path, two_workers):
    alone, over = tasks(tmp_path / "alone"), tasks(tmp_path / "over")
    spread(alone, 1)
    spread(over, 1, two_workers.address)
    assert found(alone) == found(over)


def test_over_dask_a_fault_is_raised_here(tmp_path, two_workers):
    with pytest.raises(InputError, match="as it should"):
        spread([Task("faulty", fail, (), tmp_path / "a")], 1, two_workers.address)


def test_over_dask_a_folder_that_is_not_shared_is_told(tmp_path, two_workers, monkeypatch):
    monkeypatch.setattr("latticework.spread.PATIENCE", 0.0)
    with pytest.raises(InputError, match="must share that folder"):
        spread([Task("elsewhere", nothing, (), tmp_path / "a")], 1, two_workers.address)


def test_over_dask_a_killed_worker_costs_its_task_and_nothing_else(tmp_path):
    work, seen = tmp_path / "work", tmp_path / "seen"
    work.mkdir(), seen.mkdir()
    jobs = [Task(f"number {k}", kill_once, (k, seen), work / f"{k}.bin") for k in range(6)]
    with cluster(tmp_path / "cluster", 2) as mine:
        spread(jobs, 1, mine.address)
        assert sorted(worker.poll() is None for worker in mine.workers) == [False, True]
    only_the_killed_began_twice(jobs, seen, tmp_path)


def test_over_dask_a_task_that_always_kills_its_worker_is_told(tmp_path):
    with cluster(tmp_path / "cluster", 4) as mine, pytest.raises(InputError, match=r"the deadly one.*again and again"):
        spread([Task("the deadly one", kill_always, (), tmp_path / "a")], 1, mine.address)


def test_a_scheduler_that_does_not_answer_is_told(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("latticework.spread.ANSWER", 0.5)
    with pytest.raises(InputError, match=r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:1'"):
        spread(tasks(tmp_path / "work"), 1, "tcp://127.0.0.1:1")
