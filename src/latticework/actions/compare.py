"""Compare two runs, or two branches of runs: what they were made from, and what that does to the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from latticework.actions.scenario_view import told_differences
from latticework.actions.scenarios import FILE, find_scenario
from latticework.errors import InputError, UnknownNameError
from latticework.measures.comparison import Futures, compared
from latticework.measures.courses import draws_of
from latticework.report.comparison import Comparison
from latticework.scenario.schema import Scenario
from latticework.store import ENSEMBLE, Run, open_run

NEEDED = (ENSEMBLE, "tables/inputs.parquet", FILE)
SHORT = 12
AUDITED = ("verdict", "value", "lower", "upper")


@dataclass(frozen=True)
class _Side:
    """A run folder, read: its scenario with changes, and the branch that was named, if any."""

    name: str
    run: Run
    scenario: Scenario
    branch: str

    @property
    def manifest(self) -> Mapping[str, Any]:
        return self.run.manifest

    @property
    def branches(self) -> list[str]:
        return [self.branch] if self.branch else list(self.manifest["options"]["branches"])

    def futures(self) -> Futures:
        s = self.scenario
        data = self.run.ensemble().sel(branch=self.branches).load()
        return Futures(data, s.focus, s.hub, s.rival, self.run.table("tables/inputs"))


def compare(a: str, b: str) -> Comparison:
    """Compare two run folders, or two branches (RUN:BRANCH), of one run or of two.

    InputError for a folder that is not a run, is damaged or holds too little; UnknownNameError for a branch.
    """
    one, other = _side(a), _side(b)
    if bool(one.branch) != bool(other.branch):
        raise InputError(f"'{a}' and '{b}' cannot be compared: name a branch of both, as in runs/x:hub, or of none.")
    if one.branch:
        pairs = {
            f"{one.branch} / {other.branch}" if one.branch != other.branch else one.branch: (one.branch, other.branch)
        }
    else:
        pairs = {name: (name, name) for name in one.branches if name in other.branches}
    if not pairs:
        raise InputError(f"{a} and {b} have no branch in common; name one of each, as in {a}:{one.branches[0]}.")
    left, right = one.futures(), other.futures()
    paired = one.manifest["seed"] == other.manifest["seed"] and np.array_equal(
        draws_of(left.ensemble), draws_of(right.ensemble)
    )
    numbers = compared(left, right, pairs, paired)
    claims = pd.DataFrame() if one.branch else _claims(one.run, other.run)
    return Comparison(a, b, _made(one, other), numbers, claims, paired)


def _side(name: str) -> _Side:
    folder, branch = (name, "") if Path(name).is_dir() else _split(name)
    run = open_run(folder)
    try:
        branches, sets = list(run.manifest["options"]["branches"]), tuple(run.manifest["options"].get("set", ()))
    except (KeyError, TypeError) as error:
        raise InputError(f"The manifest of {folder} does not say which branches were run: run it again.") from error
    for needed in NEEDED:
        if needed not in run.manifest["artefacts"]:
            raise InputError(f"{folder} does not hold {needed}: an older version wrote it. Run the scenario again.")
    if branch and branch not in branches:
        raise UnknownNameError("branch", branch, branches, where=f"the run {folder}")
    return _Side(name, run, find_scenario(str(Path(folder) / FILE), sets)[1], branch)


def _split(name: str) -> tuple[str, str]:
    folder, _, branch = name.rpartition(":")
    return (folder, branch) if folder else (name, "")


def _made(a: _Side, b: _Side) -> pd.DataFrame:
    """What the runs were made from and differs: a row each (of, what, a, b)."""
    rows = []
    for of, one, other in (
        ("option", _options(a), _options(b)),
        ("input", _short(a.manifest["inputs"]), _short(b.manifest["inputs"])),
        ("version", dict(a.manifest["versions"]), dict(b.manifest["versions"])),
    ):
        names = [n for n in dict.fromkeys((*one, *other)) if one.get(n) != other.get(n)]
        rows += [(of, name, str(one.get(name, "")), str(other.get(name, ""))) for name in names]
    told = told_differences((a.scenario, a.branch), (b.scenario, b.branch))
    rows += [("scenario", what, x, y) for what, x, y in told]
    return pd.DataFrame(rows, columns=["of", "what", "a", "b"])


def _options(side: _Side) -> dict[str, str]:
    chosen = side.manifest["options"]
    branches = {} if side.branch else {"branches": ", ".join(chosen["branches"])}
    sets = {"set": "; ".join(chosen.get("set", ()))}
    return {"seed": str(side.manifest["seed"]), "paths": str(chosen["paths"]), **branches, **sets}


def _short(inputs: Mapping[str, str]) -> dict[str, str]:
    return {name: digest[:SHORT] for name, digest in inputs.items()}


def _claims(a: Run, b: Run) -> pd.DataFrame:
    """The claims whose verdict or number differs: of each column the value in a and in b."""
    if any("tables/audit.parquet" not in run.manifest["artefacts"] for run in (a, b)):
        return pd.DataFrame()
    columns = ["id", "claim", *AUDITED]
    both = a.table("tables/audit")[columns].merge(b.table("tables/audit")[columns], on="id", suffixes=("_a", "_b"))
    same = pd.Series(True, index=both.index)
    for name in AUDITED:
        x, y = both[f"{name}_a"], both[f"{name}_b"]
        same &= (x == y) | (x.isna() & y.isna())
    shown = ["id", "claim_a", "verdict_a", "verdict_b", "value_a", "value_b"]
    return both.loc[~same, shown].rename(columns={"claim_a": "claim"}).reset_index(drop=True)
