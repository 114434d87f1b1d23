"""Chunks of paths: kept while a run goes on, found again by the same run only, gone when it is whole."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import jax
import numpy as np
import pytest

from latticework.actions.chunks import Chunks, fingerprint, kept_chunks
from latticework.errors import InputError, Interrupted

COUNT, AT_ONCE = 10, 4


class Simulator:
    """Paths whose numbers depend on a seed; counts how often it is asked, and stops the run before a chunk."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.asked, self.stop_at = 0, stop_at

    def made(self, key, scale, paths):
        if paths[0] == self.stop_at:
            raise KeyboardInterrupt(15)
        self.asked += 1
        rng = np.random.default_rng([*np.asarray(jax.random.key_data(key)).tolist(), int(paths[0])])
        return tuple({"x": scale * rng.random((len(paths), 3), np.float32)} for _ in range(2))


def simulated(out: Path, simulator: Simulator, seed: int = 1, fail: Exception | None = None) -> np.ndarray:
    def call(key, scale, paths):
        return simulator.made(key, scale, paths)

    with kept_chunks(out, lambda what, share: None) as chunks:
        parts = list(chunks.simulated(partial(call, jax.random.key(seed), np.float32(2)), COUNT, AT_ONCE))
        if fail:
            raise fail
    return np.concatenate([part[1]["x"] for part in parts])


@pytest.fixture
def stopped(tmp_path):
    with pytest.raises(Interrupted) as told:
        simulated(tmp_path / "run", Simulator(stop_at=8))
    return tmp_path / "run", told.value


def test_a_stopped_run_says_how_far_it_came_and_goes_on_from_there(stopped, tmp_path):
    out, told = stopped
    assert "Stopped after 8 of 10 paths" in told.message
    assert "the same command goes on" in told.message
    assert told.signal == 15
    again, whole = Simulator(), Simulator()
    np.testing.assert_array_equal(simulated(out, again), simulated(tmp_path / "whole", whole))
    assert (again.asked, whole.asked) == (1, 3)
    assert list(tmp_path.iterdir()) == [], "a whole run leaves no chunks"


def test_control_another_seed_does_not_go_on_from_there(stopped, tmp_path):
    out, _ = stopped
    other = Simulator()
    numbers = simulated(out, other, seed=2)
    assert other.asked == 3
    assert not np.array_equal(numbers, simulated(tmp_path / "whole", Simulator()))


def test_a_damaged_chunk_is_simulated_again(stopped, tmp_path):
    out, _ = stopped
    first, second = sorted((tmp_path / ".run.kept").rglob("*.npz"))
    first.write_bytes(first.read_bytes()[:-40])
    content = bytearray(second.read_bytes())
    content[200] ^= 1
    second.write_bytes(content)
    again = Simulator()
    np.testing.assert_array_equal(simulated(out, again), simulated(tmp_path / "whole", Simulator()))
    assert again.asked == 3


def test_a_run_that_fails_leaves_no_chunks(tmp_path):
    with pytest.raises(InputError):
        simulated(tmp_path / "run", Simulator(), fail=InputError("no"))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_chunk_costs_the_way_back_and_not_the_run(tmp_path):
    (tmp_path / ".run.kept").write_text("a file where the folder should be")
    assert len(simulated(tmp_path / "run", Simulator())) == 12
    with pytest.raises(Interrupted, match="nothing was kept"):
        simulated(tmp_path / "run", Simulator(stop_at=8))


def test_the_hash_sees_every_argument():
    def call(*_, **__):
        return ()

    base = (jax.random.key(1), {"theta": np.arange(3.0)}, (np.float32(1),))
    one = fingerprint(partial(call, *base))
    assert one == fingerprint(partial(call, *base))
    others = [
        (jax.random.key(2), *base[1:]),
        (base[0], {"theta": np.array([0, 1, 2.0000001])}, base[2]),
        (base[0], {"eta": np.arange(3.0)}, base[2]),
        (base[0], {"theta": np.arange(3)}, base[2]),
        (*base[:2], (np.float32(1), np.float32(1))),
    ]
    assert len({one, *(fingerprint(partial(call, *other)) for other in others)}) == 1 + len(others)


KILLED = """
import os, signal, sys
from functools import partial
from pathlib import Path
import numpy as np
from latticework.actions.chunks import kept_chunks
from tests.actions.test_chunks import slow
with kept_chunks(Path(sys.argv[1]), lambda what, share: None) as chunks:
    for part in chunks.simulated(partial(slow, 3.0, int(sys.argv[2])), 10, 4):
        pass
"""


def slow(scale, die_at, paths):
    """A simulator whose process is killed, without a chance to tidy up, before a chunk."""
    if paths[0] == int(os.environ.get("DIE_AT", "-1")):
        os.kill(os.getpid(), signal.SIGKILL)
    asked = Path(os.environ["ASKED"])
    asked.write_text((asked.read_text() if asked.exists() else "") + "x")
    return ({"x": scale * np.arange(float(len(paths)))},)


def test_a_process_that_was_killed_is_gone_on_with_by_another(tmp_path):
    asked = tmp_path / "asked"
    environment = {**os.environ, "ASKED": str(asked)}
    command = [sys.executable, "-c", KILLED, str(tmp_path / "run"), "0"]
    dead = subprocess.run(command, env={**environment, "DIE_AT": "8"}, timeout=300)
    assert dead.returncode == -signal.SIGKILL
    assert asked.read_text() == "xx"
    assert subprocess.run(command, env=environment, timeout=300).returncode == 0
    assert asked.read_text() == "xxx"
    assert not (tmp_path / ".run.kept").exists()


def test_without_a_home_nothing_is_kept(tmp_path):
    simulator = Simulator()
    list(Chunks().simulated(partial(simulator.made, jax.random.key(1), 1.0), COUNT, AT_ONCE))
    assert simulator.asked == 3
