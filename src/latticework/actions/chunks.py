"""Chunks of paths that are simulated are kept until the run is whole, so that a stopped run goes on where it was.

They lie in the hidden sibling `.<name>.kept` of the run folder, under a hash of all that determines their numbers:
what is handed to the simulator, array by array, the code, the versions and the machine. Another seed, scenario or
version has another hash and finds none of them. A chunk is written aside and renamed, so that it is whole or not there.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from latticework.actions.beside import beside
from latticework.actions.scenarios import PACKAGE
from latticework.errors import Interrupted
from latticework.store import versions

ABREAST = 2  # one program leaves cores idle between its parts
Part = tuple[dict[str, np.ndarray], ...]  # of each branch its layers, paths first
ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # of a function in memory: another in every process


@dataclass
class Chunks:
    """The chunks of one run: where they are kept (None: nowhere), and how many paths of how many are done."""

    home: Path | None = None
    done: int = 0
    count: int = 0
    at_once: int = 0
    folder: Path | None = None
    tell: Callable[[str, float], None] = field(default=lambda what, share: None)

    def simulated(self, simulate: Callable[..., Any], count: int, at_once: int) -> Iterator[Part]:
        """The parts of `count` paths, read where they are kept, else made by `simulate(paths)` and kept.

        `simulate` is a partial whose arguments determine the numbers, with the numbers of the paths.
        """
        self.count, self.done, self.at_once = count, 0, at_once
        self.folder = folder = self.home and self.home / fingerprint(simulate)
        with beside(ABREAST) as threads:
            begun: deque[Future[Part]] = deque()
            for first in range(0, count, at_once):
                file = folder and folder / named(first, at_once)
                begun.append(threads.submit(_part, simulate, np.arange(first, first + at_once), file))
                if len(begun) == ABREAST or not first:  # the first alone: two threads would trace the program twice
                    yield self._next(begun, at_once)
            while begun:
                yield self._next(begun, at_once)
        self.tell(f"simulated {count:,} paths", 1.0)

    def _next(self, begun: "deque[Future[Part]]", at_once: int) -> Part:
        """The first part of those that were begun, once it is there."""
        self.tell(f"simulating: {self.done:,} of {self.count:,} paths", self.done / self.count)
        part = begun.popleft().result()
        self.done = min(self.done + at_once, self.count)
        return part

    def told(self) -> str:
        """How far the run came, and what to do."""
        if not self.count:
            before = self.home is not None and self.home.exists()
            return "Stopped before the simulation began." + (" What was kept before is still kept." if before else "")
        kept = self.at_once * len(list(self.folder.glob("*.npz"))) if self.folder else 0
        far = f"Stopped after {min(max(self.done, kept), self.count):,} of {self.count:,} paths"
        if not kept:
            return f"{far}; nothing was kept."
        return f"{far}. They are kept in {self.home}: the same command goes on from there."


@contextmanager
def kept_chunks(out: Path, tell: Callable[[str, float], None]) -> Iterator[Chunks]:
    """The chunks of a run to the folder `out`; Interrupted, which says how far it came, if the user stops it.

    A run that is whole, or that fails, leaves none.
    """
    chunks = Chunks(home_of(out), tell=tell)
    try:
        yield chunks
    except KeyboardInterrupt as stop:
        raise Interrupted(chunks.told(), *stop.args) from stop
    except Exception:
        _remove(chunks.home)
        raise
    _remove(chunks.home)


def home_of(out: Path) -> Path:
    """Where the chunks of a run to the folder `out` are kept."""
    return out.parent / f".{out.name}.kept"


def chunk_file(home: Path, simulate: Any, first: int, at_once: int) -> Path:
    """The file of one chunk of a run."""
    return home / fingerprint(simulate) / named(first, at_once)


def named(first: int, at_once: int) -> str:
    """The name of the file of a chunk, by its first path and its size."""
    return f"{first}-{at_once}.npz"


def fingerprint(simulate: Any) -> str:
    """A hash of the arguments of a partial, with code, versions and machine: equal hashes, equal numbers."""
    leaves, tree = jax.tree.flatten((simulate.args, simulate.keywords))
    known = {"versions": versions(), "code": code_sha256(), "machine": machine(), "of": _named(simulate.func)}
    digest = hashlib.sha256(json.dumps([known, ADDRESS.sub("", str(tree))], sort_keys=True).encode())
    for leaf in leaves:
        keyed = isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
        array = np.asarray(jax.random.key_data(leaf) if keyed else leaf)
        if array.dtype == object:
            digest.update(ADDRESS.sub("", repr(leaf)).encode())
            continue
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]


@cache
def code_sha256() -> str:
    """A hash of the package's own modules."""
    files = sorted(PACKAGE.rglob("*.py"))
    named = ((f.relative_to(PACKAGE).as_posix(), hashlib.sha256(f.read_bytes()).hexdigest()) for f in files)
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in named).encode()).hexdigest()


def machine() -> dict[str, str]:
    """What of the machine and the compiler's settings can move a last digit."""
    device = jax.devices()[0]
    flags = os.environ.get("XLA_FLAGS", "")
    return {"machine": platform.machine(), "device": f"{device.platform} {device.device_kind}", "flags": flags}


def _named(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _part(simulate: Callable[..., Any], paths: np.ndarray, file: Path | None) -> Part:
    """A chunk, read where it is kept, else made and kept."""
    part = _read(file) if file else None
    if part is None:
        part = jax.tree.map(np.asarray, simulate(paths))
        if file:
            kept_part(file, part)
    return part


def _read(file: Path) -> Part | None:
    """A chunk that is kept; None if there is none, or it is damaged (its checksums say so)."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None
    branches = 1 + max(int(name.partition("/")[0]) for name in arrays)
    part: list[dict[str, np.ndarray]] = [{} for _ in range(branches)]
    for name, array in arrays.items():
        branch, _, layer = name.partition("/")
        part[int(branch)][layer] = array
    return tuple(part)


def kept_part(file: Path, part: Part) -> bool:
    """Keep a chunk; False if the disk does not take it, which costs the way back and not the run."""
    arrays: dict[str, Any] = {f"{b}/{name}": array for b, layers in enumerate(part) for name, array in layers.items()}
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as stream:
            np.savez(stream, **arrays)
        aside.replace(file)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        return False
    return True


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
