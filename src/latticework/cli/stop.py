"""Ctrl-C and SIGTERM end a long command with one message that says what is kept."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from latticework.errors import Interrupted

SOON = 0.05


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM stop a command as Ctrl-C does; exit code 130 or 143.

    The process ends at once: threads that measure something in the background are not waited for. A signal may come
    while Python runs a callback whose exceptions it drops (of the garbage collector, for one): it is then sent again.
    """
    before, hook = signal.signal(signal.SIGTERM, _stop), sys.unraisablehook
    sys.unraisablehook = _send_again
    try:
        yield
    except KeyboardInterrupt as stop:
        number = stop.signal if isinstance(stop, Interrupted) else _number(stop)
        print(stop.message if isinstance(stop, Interrupted) else "Stopped.", file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(128 + number)
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt(number)


def _send_again(dropped: "sys.UnraisableHookArgs") -> None:
    """Interrupt once more, a moment later, if what Python dropped was an interrupt."""
    if not isinstance(dropped.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
        return
    threading.Timer(SOON, os.kill, (os.getpid(), _number(dropped.exc_value))).start()


def _number(stop: KeyboardInterrupt) -> int:
    """The signal that was raised as `stop`: Python itself gives none for Ctrl-C."""
    return next(iter(stop.args), signal.SIGINT)
