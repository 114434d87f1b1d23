"""Ctrl-C and SIGTERM end a long command with one message that says what is kept."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from latticework.errors import Interrupted


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM stop a command as Ctrl-C does; exit code 130 or 143.

    The process ends at once: threads that measure something in the background are not waited for.
    """
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except KeyboardInterrupt as stop:
        number = stop.signal if isinstance(stop, Interrupted) else signal.SIGINT
        print(stop.message if isinstance(stop, Interrupted) else "Stopped.", file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(128 + number)
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt(number)
