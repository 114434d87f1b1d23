"""A user's own layer: a table and its description become a layer beside the shipped panel, or nothing changes.

The user's layers lie in a folder of their own (`catalogue.added_folder`). A layer is read and checked before that
folder is touched. Then its file is renamed into its place, and last the list of layers, so that whoever reads meanwhile
sees the layers as they were or as they are, and what a process that was killed has left behind is in no list. Only in
the instant between the two in which a layer is exchanged for another may a reader be told that its file is not the one
that is listed.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from latticework.data.added.description import Told, read_description
from latticework.data.added.rows import open_table
from latticework.data.added.table import read_table, wanted
from latticework.data.catalogue import added_folder, layers, manifest
from latticework.data.catalogue import layer as record_of
from latticework.data.dense import makers
from latticework.data.files import MANIFEST, PANEL, write_layer, write_manifest
from latticework.data.layer import Layer
from latticework.errors import InputError, UnknownNameError

RESERVED = ("present", "time", "state", "partner")  # names that a Dataset of the panel has beside its layers
MOST_BYTES = 1 << 30
LOCK = ".lock"
PATIENCE = 10.0  # seconds to wait for another process


def add_layer(
    file: Path, description: Path | None = None, home: Path | None = None, replace: bool = False
) -> dict[str, Any]:
    """Add the table in a CSV or Parquet file to the user's layers; returns the record of the new layer.

    The description is the file of the same name that ends in .yaml, or the one named. `home` is the folder of the
    user's layers. The record's `added` has the name and SHA-256 of the file, and how many of its rows were left out.
    `replace` exchanges a layer that was added before. InputError for a file that is not there, a mistake in the
    description, a name that is taken or a folder that cannot be written; PanelError for mistakes in the table: each
    with the file, line and column, all at once, and the user's layers are what they were.
    """
    home = added_folder() if home is None else home
    if not file.is_file():
        raise InputError(f"There is no file {file}.")
    told = read_description(file.with_suffix(".yaml") if description is None else description)
    name = told.given.name
    if why := _taken(name, home, replace):
        raise told.fault("name", why)
    checksum = _checksum(file)
    layer = told.layer(checksum)
    table, left_out = read_table(open_table(file, wanted(layer, told.given)), layer, told.given)
    _covered(table, layer, told)
    notes = {"file": file.name, "sha256": checksum} | {f"rows {why}": count for why, count in left_out.items()}
    with _changing(home) as new:
        listed = _listed(home)
        if name in listed["layers"] and not replace:  # another process was faster
            raise told.fault("name", _taken(name, home, replace))
        record = write_layer(layer, table, new) | {"added": notes}
        write_manifest(listed["layers"] | {name: record}, listed["inputs"] | {name: checksum}, new)
        _publish(new, home, name)
        return record_of(name, home)


def remove_layer(name: str, home: Path | None = None) -> None:
    """Take a layer out of the user's layers; UnknownNameError if it is none of them, InputError if there are none."""
    home = added_folder() if home is None else home
    if not _listed(home)["layers"]:
        raise InputError(f"There are no layers of your own in {home}; those of the panel itself cannot be removed.")
    with _changing(home) as new:
        listed = _listed(home)
        if name not in listed["layers"]:
            raise UnknownNameError("layer", name, listed["layers"], where="your own layers")
        records, hashes = ({k: v for k, v in listed[part].items() if k != name} for part in ("layers", "inputs"))
        write_manifest(records, hashes, new)
        (new / MANIFEST).replace(home / MANIFEST)
        (home / f"{name}.parquet").unlink(missing_ok=True)


def _taken(name: str, home: Path, replace: bool) -> str:
    """Why a layer cannot have this name; empty if it can."""
    derived = [made for kind in makers(PANEL) for made in kind]
    if name in (*RESERVED, *derived, *(record["layer"] for record in layers(PANEL))):
        return f"the name '{name}' is taken by the panel; choose another"
    if name in _listed(home)["layers"] and not replace:
        return f"there is already an added layer '{name}'; choose another name, or --replace it"
    return ""


def _listed(home: Path) -> dict[str, Any]:
    return manifest(home) if (home / MANIFEST).is_file() else {"layers": {}, "inputs": {}}


def _checksum(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise InputError(f"The file {file} has more than {MOST_BYTES >> 20} MiB; keep only what the layer needs.")
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"The file {file} cannot be read: {error.strerror or error}.") from error


def _covered(table: pd.DataFrame, layer: Layer, told: Told) -> None:
    """InputError if the description's `until` is before the last row, or is needed and missing."""
    last = str(table["date"].max())
    if layer.until and layer.until < last:
        raise told.fault("until", f"{layer.until} is before the day of the last row, {last}")
    if layer.frequency == "spells" and not layer.until and (table["end"] == "").any():
        raise told.fault("until", "is missing: some spells have no end; say until which day the file knows them")


@contextmanager
def _changing(home: Path) -> Iterator[Path]:
    """A new folder for files that are to be moved into `home`, while no other process changes it; InputError."""
    if home.resolve() == PANEL.resolve():
        raise InputError(f"{home} is the panel's own folder; your layers need another.")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _locked(home), TemporaryDirectory(dir=home, prefix=".new-") as new:
            yield Path(new)
    except OSError as error:
        raise InputError(f"Your layers cannot be written to {home}: {error.strerror or error}.") from error


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    lock, since = home / LOCK, time.monotonic()
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() - since > PATIENCE:
                raise InputError(f"Another process is changing your layers. If none is, remove {lock}.") from None
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _publish(new: Path, home: Path, name: str) -> None:
    """Move a layer's file and the list of layers from `new` to `home`; if that fails, what was there stays."""
    file, target, old = new / f"{name}.parquet", home / f"{name}.parquet", new / "old"
    if target.exists():
        shutil.copyfile(target, old)
    file.replace(target)
    try:
        (new / MANIFEST).replace(home / MANIFEST)
    except OSError:
        if old.exists():
            old.replace(target)
        else:
            target.unlink()
        raise
