"""What takes seconds and follows from files alone is kept in the user's cache folder, as compiled programs are."""

import hashlib
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import platformdirs

from latticework.actions.chunks import code_sha256
from latticework.data import layers
from latticework.store import versions

MOST = 24  # of a kind: the oldest go first
What = TypeVar("What")


def kept(kind: str, of: tuple[object, ...], make: Callable[[], What]) -> What:
    """What `make` gives, from the cache if it was made before of the same things, layers, code and versions.

    `of` names what determines it, beside those. A file that cannot be read or written costs the work and nothing else.
    """
    made_of = repr((of, layers(), code_sha256(), sorted(versions().items())))
    file = cache_folder() / "kept" / kind / f"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}.pickle"
    try:
        return pickle.loads(file.read_bytes())
    except (OSError, EOFError, ValueError, AttributeError, ImportError, IndexError, pickle.UnpicklingError):
        made = make()
        with suppress(OSError):
            _write(file, pickle.dumps(made))
        return made


def cache_folder() -> Path:
    """The folder for what can be made again: that of compiled programs."""
    named = os.environ.get("JAX_COMPILATION_CACHE_DIR")
    return Path(named or platformdirs.user_cache_dir("latticework", appauthor=False))


def _write(file: Path, content: bytes) -> None:
    """Write aside and rename, so that a file is whole or not there; then drop the oldest beyond MOST."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.replace(file)
    for old in sorted(file.parent.glob("*.pickle"), key=lambda one: one.stat().st_mtime)[:-MOST]:
        old.unlink(missing_ok=True)
