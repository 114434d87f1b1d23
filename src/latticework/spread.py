"""Work spread over processes: each task writes one file, so that what is done stays done, whoever did it.

A task is done if its file is there; its numbers depend on its arguments alone. So any split gives the same files, a run
that was stopped goes on where it was, and a worker that is killed costs the task that it was at.
"""

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from latticework.errors import InputError, LatticeworkError

TRIES = 3  # how often a task may take its worker with it
ANSWER = 10.0  # seconds in which a scheduler must answer
PATIENCE = 30.0  # seconds until a file that another machine wrote must be seen here
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Task:
    """A call that writes the file `out`; `title` is what progress shows. `run` and `args` can be pickled."""

    title: str
    run: Callable[..., None]
    args: tuple[Any, ...]
    out: Path

    @property
    def done(self) -> bool:
        """Whether the file is there."""
        return self.out.exists()

    def __call__(self) -> None:
        """Do the task, if nobody has."""
        if not self.done:
            self.run(*self.args, self.out)


def spread(
    tasks: Sequence[Task],
    workers: int,
    scheduler: str | None = None,
    progress: Progress = lambda what, share: None,
) -> None:
    """Do all tasks that are not done, here in `workers` processes (1: in this one), or on the Dask scheduler named.

    InputError if a task kills its worker TRIES times, if Dask is asked for and not installed or not to be reached.
    """
    left = [task for task in tasks if not task.done]
    if scheduler is not None:
        _over_dask(left, scheduler, progress)
    elif workers == 1 or len(left) < 2:
        for number, task in enumerate(left):
            progress(task.title, number / len(left))
            task()
    else:
        _Crew(left, min(workers, len(left)), progress).work()


class _Crew:
    """Worker processes, one task at a time each; one that dies is replaced and its task done again."""

    def __init__(self, tasks: Sequence[Task], size: int, progress: Progress) -> None:
        self.waiting, self.size, self.progress = deque(tasks), size, progress
        self.total, self.finished = len(tasks), 0
        self.tries = dict.fromkeys((task.out for task in tasks), 0)
        self.context = multiprocessing.get_context("spawn")
        self.at: dict[Connection, tuple[Any, int, Task]] = {}

    def work(self) -> None:
        """Until all is done, or a task fails."""
        try:
            for slot in range(self.size):
                self.hire(slot)
            while self.at:
                for line in wait(list(self.at)):
                    self.hear(line)  # pyright: ignore[reportArgumentType]
        finally:
            for process, _, _ in self.at.values():
                process.kill()

    def hire(self, slot: int) -> None:
        """A new worker at the next task, if there is one."""
        if not self.waiting:
            return
        here, there = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(there, slot), daemon=True)
        process.start()
        there.close()
        self.give(here, process, slot)

    def give(self, line: Connection, process: Any, slot: int) -> None:
        """The next task to a worker, or leave to go."""
        if not self.waiting:
            self.at.pop(line, None)
            _told(line, None)
            return
        task = self.waiting.popleft()
        self.at[line] = process, slot, task
        self.progress(task.title, self.finished / self.total)
        _told(line, task)

    def hear(self, line: Connection) -> None:
        """A worker has done its task, failed at it, or died."""
        process, slot, task = self.at[line]
        try:
            fault = line.recv()
        except (EOFError, ConnectionResetError):
            del self.at[line]
            process.join()
            self.tries[task.out] += 1
            if self.tries[task.out] >= TRIES:
                raise InputError(
                    f"'{task.title}' ended its worker {TRIES} times, perhaps for want of memory. Use fewer --workers."
                ) from None
            self.waiting.appendleft(task)
            self.hire(slot)
            return
        if fault is not None:
            raise fault
        self.finished += 1
        self.give(line, process, slot)


def _told(line: Connection, task: Task | None) -> None:
    try:
        line.send(task)
    except (BrokenPipeError, ConnectionResetError):
        return  # it died at once: it will be heard of


def _serve(line: Connection, slot: int) -> None:
    """A worker: a task, an answer, until there is none; on a core of its own where there are several."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[slot % len(cores)]})
    while (task := line.recv()) is not None:
        try:
            task()
            line.send(None)
        except (LatticeworkError, Exception) as fault:
            line.send(fault)


def _over_dask(tasks: Sequence[Task], scheduler: str, progress: Progress) -> None:
    try:
        from distributed import Client, KilledWorker, as_completed  # pyright: ignore[reportMissingImports]
    except ImportError as fault:
        raise InputError(
            "--scheduler needs Dask, which is not installed: pip install 'latticework[cluster]', or leave it out."
        ) from fault
    try:
        client = Client(scheduler, timeout=ANSWER)
    except (OSError, ValueError) as fault:
        raise InputError(f"No Dask scheduler answers at '{scheduler}' ({fault}). Is the address right?") from fault
    with client:
        progress("on the cluster, once it has a worker", 0.0)
        at = {client.submit(task, pure=False, retries=TRIES - 1): task for task in tasks}
        for number, future in enumerate(as_completed(at)):
            try:
                future.result()
            except KilledWorker as fault:
                raise InputError(
                    f"'{at[future].title}' ended its worker again and again, perhaps for want of memory. Give the "
                    "cluster's workers more of it."
                ) from fault
            progress("on the cluster", (number + 1) / len(tasks))
    _seen(tasks)


def _seen(tasks: Sequence[Task]) -> None:
    """Wait until the files that other machines wrote are seen here; InputError if one is not."""
    until = time.monotonic() + PATIENCE
    while missing := [task for task in tasks if not task.done]:
        if time.monotonic() > until:
            raise InputError(
                f"A worker of the cluster has done '{missing[0].title}', but '{missing[0].out}' is not here. Workers "
                "and this process must share that folder, under the same name."
            )
        time.sleep(0.1)


def shard_of(words: str | None) -> tuple[int, int]:
    """The number of a shard from 0 and how many there are, from "2/8"; (0, 1) for none. InputError."""
    if words is None:
        return 0, 1
    number, _, count = words.partition("/")
    if not (number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count)):
        raise InputError(f"--shard is '{words}'; it is written as 2/8: the second of eight.")
    return int(number) - 1, int(count)
