"""Audit a text: its claims file against the panel as known on its day, the shipped estimates and a scenario's run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from latticework.actions.posterior import load_posterior
from latticework.actions.run import Options, run
from latticework.actions.scenarios import FILE, find_scenario
from latticework.actions.strength import measured, shipped_ties
from latticework.audit import Audit, Claims, Evidence, Future, Known, audited, chosen, pairs_of, read_claims
from latticework.audit.evidence import TIE_STRENGTH
from latticework.data import dense_layers, get, layers, wide_table
from latticework.data.states import resolve
from latticework.errors import InputError
from latticework.report.assumed import acts_on
from latticework.store import MANIFEST, open_run, sha256

CLAIMS = "claims.yaml"
FIRST_YEAR = 1950
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Target:
    """What is to be audited: the claims file, and the run folder whose futures it is held against (None: run it)."""

    path: Path
    folder: Path | None


def audit(
    name: str,
    ids: Sequence[str] = (),
    folder: Path | None = None,
    options: Options | None = None,
    progress: Progress = lambda what, share: None,
) -> Audit:
    """Audit a scenario's text, the text of a run folder, or a claims file.

    `folder` is the run to use; without one the scenario is run if a chosen claim needs its futures. Errors:
    UnknownNameError (scenario, claim), ScenarioError (a file), InputError (a run that does not fit).
    """
    target = find_target(name, folder)
    claims = load_claims(target.path)
    which = chosen(claims, ids)
    future = None
    if target.folder is not None:
        future = future_of(target.folder, claims)
    elif any(test.needs_run for claim in which for test in claim.tests):
        results, _ = run(claims.scenario, options or Options(), progress)
        if results.audit is not None and not ids and results.audit.claims == claims:
            return results.audit
        future = Future(results.ensemble, results.scenario, results.inputs, acts_on(results.scenario))
    return audited(claims, which, evidence(claims, which, future), progress)


def find_target(name: str, folder: Path | None = None) -> Target:
    """The claims file that a name, run folder or file stands for, and the run folder to use."""
    given = Path(name)
    if (given / MANIFEST).is_file():
        if folder is not None:
            raise InputError(f"'{name}' is a run folder already: leave out --run, or name a scenario or claims file.")
        return Target(_claims_beside(str(open_run(given).manifest["options"].get("scenario", ""))), given)
    if given.is_file() and given.name != FILE:
        return Target(given, folder)
    return Target(_claims_beside(name), folder)


def load_claims(path: Path) -> Claims:
    """The claims of a file; ScenarioError if it has faults, InputError if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise InputError(f"{path} is not a text file in UTF-8 (byte {fault.start}).") from fault
    except OSError as fault:
        raise InputError(f"{path} cannot be read: {fault.strerror}.") from fault
    return read_claims(text, str(path), known())


def known() -> Known:
    """What a claims file may name."""
    return Known(resolve, {str(r["layer"]): str(r["kind"]) for r in layers()}, dense_layers())


def future_of(folder: Path, claims: Claims) -> Future:
    """The futures of a run folder; InputError unless it is a run of the claims' scenario as it stands now."""
    done = open_run(folder)
    path, scenario = find_scenario(claims.scenario)
    if done.manifest["options"].get("scenario") != scenario.id:
        ran = done.manifest["options"].get("scenario")
        raise InputError(f"{folder} is a run of the scenario '{ran}'; the claims are about '{scenario.id}'.")
    if done.manifest["inputs"].get("scenario") != sha256(path):
        raise InputError(f"{path} was changed since the run in {folder}. Run it again: latticework run {scenario.id}.")
    return Future(done.ensemble().load(), scenario, done.table("tables/inputs"), acts_on(scenario))


def evidence(claims: Claims, which: Sequence, future: Future | None) -> Evidence:
    """What the tests of some claims may look at, read when it is first asked for."""
    day, described = str(claims.dated), {str(r["layer"]): r for r in layers()}
    pairs = sorted(pairs_of(which))
    return Evidence(
        day=claims.dated,
        facts={fact.id: fact for fact in claims.facts},
        rows=cache(lambda layer: get(layer, as_known_on=day)),
        record=lambda layer: described[layer],
        table=cache(lambda unit, names, states: yearly(unit, names, states, day)),
        ties=cache(lambda: measured(pairs, day)),
        posterior=load_posterior(),
        future=future,
    )


def yearly(unit: str, names: tuple[str, ...], states: tuple[str, ...], day: str) -> pd.DataFrame:
    """The ends of all whole years before a day: a row per state or dyad, the panel's layers as known on the day.

    Tie strength is that of the shipped estimates.
    """
    of_panel, last = tuple(name for name in names if name != TIE_STRENGTH), int(day[:4]) - 1
    kind = "dyad" if unit == "dyad" else "state"
    table = wide_table(kind, "year", sorted(set(states)), FIRST_YEAR, last, of_panel, as_known_on=day)
    if TIE_STRENGTH not in names or kind == "state":
        return table
    ties = pd.concat([shipped_ties(date=f"{year}-12-31") for year in range(FIRST_YEAR, last + 1)], ignore_index=True)
    ties = ties.assign(year=ties["date"].str[:4].astype("int32"))[["year", "state", "partner", "value"]]
    return table.merge(ties.rename(columns={"value": TIE_STRENGTH}), on=["year", "state", "partner"], how="left")


def _claims_beside(scenario: str) -> Path:
    """The claims file in a scenario's folder."""
    path = find_scenario(scenario)[0].parent / CLAIMS
    if not path.is_file():
        raise InputError(f"The scenario '{scenario}' has no claims: {path} does not exist. docs/claims.md says how.")
    return path
