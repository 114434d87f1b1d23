"""Audit a text: a scenario's claims, or a file of one's own, against the evidence and a run of the scenario."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from latticework.actions.evidence import CLAIMS, evidence, future_of, load_claims
from latticework.actions.run import Options, run
from latticework.actions.scenarios import FILE, find_scenario
from latticework.audit import Audit, Claims, Future, audited, chosen
from latticework.errors import InputError
from latticework.report.assumed import acts_on
from latticework.store import MANIFEST, open_run, sha256

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
    """Audit a scenario's text, the text of a run folder, or a claims file; the claims with these ids, all for none.

    `folder` is the run to use; without one the scenario is run if a chosen claim needs its futures. Errors:
    UnknownNameError (scenario, claim), ScenarioError (a file), InputError (a run that does not fit).
    """
    target = find_target(name, folder)
    claims = load_claims(target.path)
    which = chosen(claims, ids)
    future = None
    if target.folder is not None:
        future = stored(target.folder, claims)
    elif any(test.needs_run for claim in which for test in claim.tests):
        results, _ = run(claims.scenario, options or Options(), progress)
        if results.audit is not None and results.audit.claims == claims:
            return replace(results.audit, answered=tuple(a for a in results.audit.answered if a.claim in which))
        future = future_of(results)
    return audited(claims, which, evidence(claims, which, future), progress)


def find_target(name: str, folder: Path | None = None) -> Target:
    """The claims file that a name, run folder or file stands for, and the run folder to use."""
    given = Path(name)
    if (given / MANIFEST).is_file():
        if folder is not None:
            raise InputError(f"'{name}' is a run folder already: leave out --run, or name a scenario or claims file.")
        return Target(_claims_of(str(open_run(given).manifest["options"].get("scenario", ""))), given)
    if given.is_file() and given.name != FILE:
        return Target(given, folder)
    return Target(_claims_of(name), folder)


def stored(folder: Path, claims: Claims) -> Future:
    """The futures of a run folder; InputError unless it is a run of the claims' scenario as it stands now."""
    done = open_run(folder)
    path, scenario = find_scenario(claims.scenario, done.manifest["options"].get("set", ()))
    if done.manifest["options"].get("scenario") != scenario.id:
        ran = done.manifest["options"].get("scenario")
        raise InputError(f"{folder} is a run of the scenario '{ran}'; the claims are about '{scenario.id}'.")
    if done.manifest["inputs"].get("scenario") != sha256(path):
        raise InputError(f"{path} was changed since the run in {folder}. Run it again: latticework run {scenario.id}.")
    return Future(done.ensemble().load(), scenario, done.table("tables/inputs"), acts_on(scenario))


def _claims_of(scenario: str) -> Path:
    """The claims file in a scenario's folder."""
    path = find_scenario(scenario)[0].parent / CLAIMS
    if not path.is_file():
        raise InputError(f"The scenario '{scenario}' has no claims: {path} does not exist. docs/claims.md says how.")
    return path
