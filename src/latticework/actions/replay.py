"""Replay a run from its manifest: the same texts, options and seed, and whether the same tables come out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latticework.actions.as_read import TEXTS
from latticework.actions.chunks import code_sha256
from latticework.actions.posterior import load_posterior
from latticework.actions.run import Options, posterior_sha256, run
from latticework.actions.scenarios import FILE
from latticework.actions.strength import HOME, SHARED
from latticework.data import panel_sha256
from latticework.errors import InputError
from latticework.report.results import Results
from latticework.store import MANIFEST, Run, open_run, sha256, versions

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Replayed:
    """A run made again: its results and folder, and by table or store whether its bytes are those of the first."""

    results: Results
    folder: Path
    equal: dict[str, bool]

    @property
    def unequal(self) -> tuple[str, ...]:
        """What did not come out the same."""
        return tuple(name for name, same in self.equal.items() if not same)


def replay(manifest: Path, out: Path | None, anyway: bool, progress: Progress) -> Replayed:
    """Make the run of a manifest again, in a folder beside it (`<name>-replay`) unless `out` says where.

    InputError if the folder is damaged or holds too little, or if what the numbers depend on differs from the manifest
    and `anyway` is not said: the message names what differs.
    """
    done = open_run(manifest.parent if manifest.name == MANIFEST else manifest)
    told = done.manifest
    _check_texts(done)
    different = differences(told)
    if different and not anyway:
        lines = "\n".join(f"  {line}" for line in different)
        raise InputError(
            f"The run in {done.path} cannot be made again as it was; this differs:\n{lines}\n"
            "Say --anyway to run it with what is here now and see which tables differ."
        )
    target = (out or done.path.parent / f"{done.path.resolve().name}-replay").expanduser()
    if target.resolve() == done.path.resolve():
        raise InputError(f"--out {target} is the run that is replayed. Choose another folder.")
    chosen = told["options"]
    sets, explain = tuple(chosen.get("set", ())), bool(chosen.get("explain", True))
    options = Options(tuple(chosen["branches"]), chosen["paths"], told["seed"], target, sets, explain)
    results, folder = run(str(done.path / FILE), options, progress)
    return Replayed(results, folder, _equal(told, open_run(folder).manifest))


def differences(manifest: Any) -> list[str]:
    """What the numbers of a run depend on and is not here as the manifest says, a line each."""
    here = {"code": code_sha256(), "panel": panel_sha256(), "posterior": posterior_sha256(load_posterior())}
    here["tie_strength"] = sha256(HOME / SHARED) if (HOME / SHARED).is_file() else "missing"
    then = {name: digest for name, digest in manifest["inputs"].items() if name not in TEXTS}
    pairs = [(name, digest[:12], here.get(name, "unknown")[:12]) for name, digest in then.items()]
    pairs += [
        (f"version of {name}", text, versions().get(name, "missing")) for name, text in manifest["versions"].items()
    ]
    return [f"{name}: {a} in the manifest, {b} here" for name, a, b in pairs if a != b]


def _check_texts(done: Run) -> None:
    """InputError unless the folder holds the texts of its inputs, unchanged."""
    kept = done.manifest.get("artefacts", {})
    for name, file in TEXTS.items():
        digest = done.manifest["inputs"].get(name)
        if digest is None:
            continue
        if file not in kept:
            raise InputError(
                f"{done.path} does not hold its {file}: an older version wrote it. Run the scenario again."
            )
        if kept[file]["sha256"] != digest:
            raise InputError(
                f"In {done.path}, {file} is not the text that the run was made from: it was changed since."
            )


def _equal(before: Any, after: Any) -> dict[str, bool]:
    """By table and ensemble of either run, whether the bytes are the same."""
    a, b = (m["artefacts"] for m in (before, after))
    names = [n for n in dict.fromkeys((*a, *b)) if n.startswith("tables/") or n.endswith(".zarr")]
    return {name: a.get(name) == b.get(name) for name in names}
