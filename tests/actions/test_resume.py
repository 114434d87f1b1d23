"""A run that is stopped midway goes on with the same command, to the same bytes."""

import importlib
import os
import signal
import subprocess
import sys
import time

import pytest

from latticework.actions import Options, run
from latticework.errors import Interrupted
from latticework.simulate import simulate_branches
from latticework.store import open_run
from tests.actions.runs import PATHS

COMMAND = "from latticework.cli import main; main()"
CHUNKS = 8


@pytest.fixture(scope="module")
def stopped(small, tmp_path_factory):
    """The run folder to be of a process that was sent SIGTERM once a chunk was kept, and what it said."""
    out = tmp_path_factory.mktemp("stopped") / "run"
    command = [
        sys.executable,
        "-c",
        COMMAND,
        "run",
        str(small),
        "--paths",
        str(PATHS),
        "--seed",
        "3",
        "--out",
        str(out),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    for _ in range(60_000):
        if process.poll() is not None or list(out.parent.glob(".run.kept/*/*.npz")):
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=600)
    return out, said, process.returncode


def counted(monkeypatch, stop: bool = False) -> list[int]:
    """The first paths of the chunks that are simulated from here on; the first one is interrupted if so asked."""
    asked: list[int] = []

    def simulate(*arguments):
        asked.append(int(arguments[-1][0]))
        if stop:
            raise KeyboardInterrupt(2)
        return simulate_branches(*arguments)

    simulate.__module__, simulate.__qualname__ = simulate_branches.__module__, simulate_branches.__qualname__
    monkeypatch.setattr(importlib.import_module("latticework.actions.run"), "simulate_branches", simulate)
    return asked


def test_one_message_says_how_far_it_came(stopped):
    out, said, code = stopped
    assert code == 128 + signal.SIGTERM, said
    (line,) = [line for line in said.splitlines() if "Stopped" in line]
    assert f"of {PATHS:,} paths. They are kept in {out.parent / '.run.kept'}: the same command goes on" in line
    assert "Traceback" not in said
    assert [path.name for path in out.parent.iterdir()] == [".run.kept"]


def test_control_another_seed_begins_at_the_first_path(stopped, small, monkeypatch):
    asked = counted(monkeypatch, stop=True)
    with pytest.raises(Interrupted, match=f"0 of {PATHS:,} paths; nothing was kept"):
        run(str(small), Options(paths=PATHS, seed=4, out=stopped[0]))
    assert asked == [0]


def test_the_same_command_goes_on_to_the_same_bytes(stopped, small, first, monkeypatch):
    out, _, _ = stopped
    kept = len(list(out.parent.glob(".run.kept/*/*.npz")))
    asked = counted(monkeypatch)
    run(str(small), Options(paths=PATHS, seed=3, out=out))
    assert 1 <= kept < CHUNKS
    assert len(asked) == CHUNKS - kept
    assert [path.name for path in out.parent.iterdir()] == ["run"]
    whole, gone_on = (open_run(folder).manifest["artefacts"] for folder in (first, out))
    numbers = [name for name in whole if name.startswith("tables/") or name.endswith(".zarr")]
    assert len(numbers) > 5
    assert {name: gone_on[name] for name in numbers} == {name: whole[name] for name in numbers}
