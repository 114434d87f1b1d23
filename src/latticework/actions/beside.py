"""Work beside the main thread, which an interruption does not wait for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def beside(threads: int = 1) -> Iterator[ThreadPoolExecutor]:
    """Threads for work in the background; their end is waited for, unless the user interrupts."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    except BaseException as error:
        pool.shutdown(wait=isinstance(error, Exception), cancel_futures=True)
        raise
    pool.shutdown()
