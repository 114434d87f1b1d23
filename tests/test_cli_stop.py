"""A signal stops a command, also one that comes while Python drops exceptions."""

import signal
import subprocess
import sys

import pytest

DROPPED = """
import signal, sys, time
from latticework.cli.stop import stoppable

class Gone:
    def __del__(self):
        signal.raise_signal(signal.{name})

with stoppable():
    {undo}
    Gone()
    print("went on", flush=True)
    time.sleep({wait})
print("came through")
"""


def ends(**parts):
    text = DROPPED.format(**parts)
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_an_interrupt_that_was_dropped_comes_again(name):
    done = ends(name=name, undo="", wait=30)
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.Signals[name], "went on\n", "Stopped.\n")


def test_control_without_the_hook_it_is_lost():
    done = ends(name="SIGTERM", undo="sys.unraisablehook = sys.__unraisablehook__", wait=0.2)
    assert (done.returncode, done.stdout) == (0, "went on\ncame through\n")
    assert "Exception ignored" in done.stderr
