"""The catalogue: what layers there are, the shipped ones and those that the user added, and where their files lie."""

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from latticework.data.files import MANIFEST, PANEL, sha256
from latticework.data.layer import Layer
from latticework.errors import PanelError, UnknownNameError

REBUILD = "Rebuild the panel with `latticework data build --inputs DIR`, or install the package again."
ADDED = "LATTICEWORK_LAYERS"  # the environment variable that names the folder of the layers that the user added


def added_folder() -> Path:
    """Where the user's own layers lie: the folder in LATTICEWORK_LAYERS, else one in the user's data folder."""
    named = os.environ.get(ADDED)
    return Path(named) if named else user_data_path("latticework", appauthor=False) / "layers"


def folders(folder: Path | None = None) -> tuple[Path, ...]:
    """The folders of the catalogue: the one named, or the shipped panel's and, if there is one, the user's."""
    if folder is not None:
        return (folder,)
    added = added_folder()
    return (PANEL, added) if (added / MANIFEST).is_file() else (PANEL,)


def layers(folder: Path | None = None) -> tuple[dict[str, Any], ...]:
    """A record per layer: `layer` (its name), what Layer describes, `from`, `to` (ISO days), `rows` and `sha256`."""
    listed = [item for home in folders(folder) for item in manifest(home)["layers"].items()]
    return tuple({"layer": name} | record for name, record in listed)


def layer(name: str, folder: Path | None = None) -> dict[str, Any]:
    """The record of one layer; UnknownNameError if the panel has no such layer."""
    return {"layer": name} | manifest(home_of(name, folder))["layers"][name]


def home_of(name: str, folder: Path | None = None) -> Path:
    """The folder that holds the layer; UnknownNameError."""
    known = {name: home for home in reversed(folders(folder)) for name in manifest(home)["layers"]}
    if name not in known:
        raise UnknownNameError("layer", name, sorted(known), where="the panel")
    return known[name]


def describe(name: str, folder: Path | None = None) -> Layer:
    """The layer's description as the object that its source gave."""
    return described(name, layer(name, folder))


def described(name: str, record: Mapping[str, Any]) -> Layer:
    """A layer's record as the description that it was made from."""
    given: dict[str, Any] = {f.name: record[f.name] for f in fields(Layer) if f.name in record}
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
    values["name"] = name
    return Layer(**values)


def inputs(folder: Path = PANEL) -> dict[str, str]:
    """The SHA-256 of every input table that the panel was built from."""
    return dict(manifest(folder)["inputs"])


def panel_sha256(folder: Path = PANEL) -> str:
    """One number for the whole panel: the SHA-256 of its list of layers, which holds that of every file."""
    return sha256(folder / MANIFEST)


def path_of(name: str, folder: Path | None = None) -> Path:
    """The layer's file, once it is known to be the one that was built; else PanelError."""
    home = home_of(name, folder)
    path = home / f"{name}.parquet"
    fault = _fault_of(path, manifest(home)["layers"][name]["sha256"])
    if fault:
        raise PanelError(f"The panel file {path.name} in {home} {fault}. {_remedy(home)}")
    return path


def manifest(folder: Path) -> dict[str, Any]:
    """The list of layers in a folder; PanelError if there is none or it cannot be read."""
    path = folder / MANIFEST
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PanelError(f"There is no panel in {folder}. {REBUILD}") from error
    except (ValueError, TypeError) as error:
        raise PanelError(f"The panel's list of layers, {path}, cannot be read. {_remedy(folder)}") from error


def _remedy(folder: Path) -> str:
    own = folder == added_folder()
    return f"Remove {folder} and add its layers again with `latticework data add`." if own else REBUILD


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, Any]:
    content = json.loads(text)
    if not isinstance(content, dict) or not all(isinstance(content.get(key), dict) for key in ("layers", "inputs")):
        raise ValueError
    return content


def _fault_of(path: Path, expected: str) -> str:
    try:
        status = path.stat()
    except OSError:
        return "is missing"
    return "" if _hash(path, status.st_mtime_ns, status.st_size) == expected else "is corrupt: its checksum is wrong"


@lru_cache(maxsize=128)
def _hash(path: Path, modified: int, size: int) -> str:
    """The file's hash, computed once for each state of the file."""
    return sha256(path)
