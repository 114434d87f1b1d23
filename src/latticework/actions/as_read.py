"""The texts that a run was made from, as they were read: they are kept in the run folder with their hashes."""

import hashlib
from pathlib import Path

from latticework.actions.evidence import CLAIMS
from latticework.actions.scenarios import FILE
from latticework.store import RunFolder

TEXTS = {"scenario": FILE, "claims": CLAIMS}  # by their names among the inputs


def texts_of(path: Path) -> dict[str, bytes]:
    """The scenario's file, and the claims beside it if there are any, by their names among the inputs."""
    claims = path.parent / CLAIMS
    return {"scenario": path.read_bytes()} | ({"claims": claims.read_bytes()} if claims.is_file() else {})


def hashes_of(texts: dict[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each text."""
    return {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}


def keep_texts(texts: dict[str, bytes], folder: RunFolder) -> None:
    """Put the texts into a run folder."""
    for name, text in texts.items():
        folder.write_bytes(TEXTS[name], text)
