"""A run folder is written aside and renamed when complete, so that what has a manifest is whole.

While a run is being written its folder is the hidden sibling `.<name>.partial-<process id>`; the manifest is its last
file, and the rename its last act. A run that fails takes the hidden folder with it; one that is killed leaves it
behind, without a manifest and never under the final name.

An existing target is used if it is empty and refused if it holds anything but a run. An earlier run in it is replaced,
in two renames, once the new one is complete: what lies in the folder is what the last command said, and an
earlier run can be had again from its seed. Two runs that must both be kept go to two folders.
"""

import hashlib
import json
import math
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr
from zarr.codecs import BloscCodec

from latticework import __version__
from latticework.errors import InputError

FORMAT = "latticework-run/1"
MANIFEST = "manifest.json"
ENSEMBLE = "ensemble.zarr"
CHUNKS = {"branch": 1, "path": 4096, "dyad": 16, "state": 16}  # all of time in one chunk: one dyad's fan is one read


class RunFolder:
    """A run folder in the making; use it in a `with` block, which makes it whole or leaves nothing.

    `out` is the final folder, `seed`, `command` and `options` are what was asked, `inputs` maps the name of each input
    to its sha256, and `now` is the moment to record (the clock's, in UTC, by default). `need` is the
    number of bytes that must be free. InputError, before any work, if `out` cannot be written.
    """

    def __init__(
        self,
        out: Path | str,
        *,
        seed: int,
        command: str,
        options: Mapping[str, object],
        inputs: Mapping[str, str],
        now: datetime | None = None,
        need: int = 0,
    ) -> None:
        self.out = check_writable(out, need)
        self.record = {
            "format": FORMAT,
            "created": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
            "command": command,
            "options": dict(options),
            "seed": seed,
            "versions": versions(),
            "inputs": dict(inputs),
        }
        self.partial = self.out.parent / f".{self.out.name}.partial-{os.getpid()}"

    def __enter__(self) -> "RunFolder":
        with _explained(self.out):
            self.out.parent.mkdir(parents=True, exist_ok=True)
            _remove(self.partial)  # left by a killed run that had the same process id
            self.partial.mkdir()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            _remove(self.partial)

    def write_text(self, name: str, text: str) -> None:
        """Write a text file (UTF-8), such as `brief.html`."""
        with self._place(name) as path:
            path.write_text(text, encoding="utf-8")

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file as it is, such as a copy of what a run was made from."""
        with self._place(name) as path:
            path.write_bytes(content)

    def write_json(self, name: str, value: object) -> None:
        """Write a JSON file; a number that is missing or infinite becomes null."""
        self.write_text(name, as_json(value))

    def write_tables(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Write tables by their names."""
        for name, table in tables.items():
            self.write_table(name, table)

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Write a table twice, as `name.csv` for people and `name.parquet` for programs, without its index."""
        with self._place(f"{name}.csv") as path:
            table.to_csv(path, index=False, lineterminator="\n")
        with self._place(f"{name}.parquet") as path:
            table.to_parquet(path, index=False, compression="zstd")

    def write_ensemble(self, ensemble: xr.Dataset, name: str = ENSEMBLE) -> None:
        """Write an ensemble as Zarr, version 3: chunks of a few dyads with all their paths and times."""
        ensemble = _storable(ensemble)
        codec = BloscCodec(cname="lz4", clevel=1, shuffle="shuffle")  # half the time of zstd, a fifth more disk
        encoding = {v: {"compressors": (codec,), "chunks": _chunks(ensemble[v])} for v in map(str, ensemble.data_vars)}
        with self._place(name) as path:
            ensemble.to_zarr(path, mode="w", encoding=encoding, consolidated=False, zarr_format=3)

    @contextmanager
    def _place(self, name: str) -> Iterator[Path]:
        """The path of an artefact, its folder made; errors of the disk are the user's to mend."""
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts or name == MANIFEST:
            raise ValueError(f"an artefact cannot be named {name!r}")
        path = self.partial / parts
        with _explained(self.out):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield path

    def _finish(self) -> None:
        """Write the manifest, then give the folder its final name."""
        artefacts = {name: {"sha256": sha256(self.partial / name)} for name in _artefacts(self.partial)}
        replaced = self.out.parent / f".{self.out.name}.replaced-{os.getpid()}"
        with _explained(self.out):
            (self.partial / MANIFEST).write_text(as_json({**self.record, "artefacts": artefacts}), encoding="utf-8")
            check_target(self.out)
            if self.out.exists():
                self.out.rename(replaced)
            try:
                self.partial.rename(self.out)
            except OSError:
                if replaced.exists():
                    replaced.rename(self.out)
                raise
            _remove(replaced)


@dataclass(frozen=True)
class Run:
    """A run folder that is whole: where it lies, and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]

    def ensemble(self, name: str = ENSEMBLE) -> xr.Dataset:
        """The ensemble, read when it is used."""
        return xr.open_zarr(self.path / name, consolidated=False)

    def table(self, name: str) -> pd.DataFrame:
        """One of the run's tables."""
        return pd.read_parquet(self.path / f"{name}.parquet")


def open_run(path: Path | str) -> Run:
    """Open a run folder after checking every artefact against the manifest; InputError says which one differs."""
    path = Path(path)
    manifest = _manifest(path)
    if manifest is None:
        raise InputError(f"{path} is not a run folder of Latticework: it has no {MANIFEST} of ours.")
    recorded = cast(dict[str, dict[str, str]], manifest.get("artefacts", {}))
    for name, entry in recorded.items():
        if not (path / name).exists():
            raise InputError(f"The run folder {path} has lost {name}. Run it again: its seed is {manifest['seed']}.")
        if sha256(path / name) != entry["sha256"]:
            raise InputError(f"In the run folder {path}, {name} is not what the manifest says: it was changed since.")
    return Run(path, manifest)


def check_writable(out: Path | str, need: int = 0) -> Path:
    """The absolute path of a folder that a run can be written to, or InputError; leaves no trace.

    `need` is the number of bytes that must be free. Call it before the work whose result is to be written.
    """
    path = Path(os.path.abspath(Path(out).expanduser()))  # noqa: PTH100  (takes out `..`, leaves links alone)
    check_target(path)
    home = next(p for p in path.parents if os.path.lexists(p))
    if not home.is_dir():
        raise InputError(f"Cannot write to {path}: {home} is a file, not a folder. Choose another --out.")
    with _explained(path):
        Path(tempfile.mkdtemp(prefix=f".{path.name}.partial-", dir=home)).rmdir()
        free = shutil.disk_usage(home).free
    if free < need:
        raise InputError(f"Cannot write to {path}: {need / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free.")
    return path


def check_target(out: Path) -> None:
    """InputError unless `out` does not exist, is an empty folder or is an earlier run."""
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        raise InputError(f"Cannot write to {out}: it is not a folder. Choose another --out.")
    with _explained(out):
        empty = not any(out.iterdir())
    if not empty and _manifest(out) is None:
        raise InputError(f"{out} is not empty and not a run of Latticework, so it is left alone. Choose another --out.")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, or of a folder: of its files' names and hashes in alphabetical order."""
    if path.is_dir():
        files = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
        return hashlib.sha256("".join(f"{sha256(path / f)}  {f}\n" for f in files).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """The versions of what a run's numbers depend on."""
    packages = {name: metadata.version(name) for name in ("jax", "jaxlib", "numpy", "scipy", "xarray", "zarr")}
    return {"latticework": __version__, "python": platform.python_version(), **packages}


def as_json(value: object) -> str:
    """JSON text of records, arrays, dates and paths; missing and infinite numbers are null."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _plain(value: object) -> object:
    """The value in the types that JSON has."""
    match value:
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case float() | np.floating():
            return float(value) if math.isfinite(value) else None
        case np.datetime64():
            return None if np.isnat(value) else str(value)
        case np.ndarray() if value.dtype.kind == "M":
            return [_plain(v) for v in value]
        case np.ndarray() | np.generic():
            return _plain(value.tolist())
        case list() | tuple():
            return [_plain(v) for v in value]
        case None | bool() | int() | str():
            return value
    return None if value is pd.NaT else str(value)


def _storable(ensemble: xr.Dataset) -> xr.Dataset:
    """The ensemble with texts as variable-length strings (fixed-length ones have no Zarr 3 specification)."""
    texts = [name for name, array in ensemble.variables.items() if array.dtype.kind in "UOT"]
    return ensemble.drop_encoding().assign_coords({name: ensemble[name].astype(object) for name in texts})


def _chunks(array: xr.DataArray) -> tuple[int, ...]:
    return tuple(max(1, min(size, CHUNKS.get(str(dim), size))) for dim, size in array.sizes.items())


def _artefacts(folder: Path) -> list[str]:
    """What a manifest lists: every file, and every Zarr store as one thing."""
    stores = [p for p in folder.rglob("*.zarr") if p.is_dir()]
    files = [p for p in folder.rglob("*") if p.is_file() and not any(s in p.parents for s in stores)]
    return sorted(p.relative_to(folder).as_posix() for p in (*stores, *files))


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a run folder, or None if there is none of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("format") == FORMAT else None


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    """Turn an error of the file system into one that says which folder could not be written and why."""
    try:
        yield
    except OSError as error:
        raise InputError(f"Cannot write to {out}: {error.strerror or error}. Choose another --out.") from error
