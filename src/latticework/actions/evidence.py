"""The evidence for an audit: the panel as known on the day of the text, ties measured on it, estimates, futures."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from latticework.actions.beside import beside
from latticework.actions.kept import kept
from latticework.actions.posterior import load_posterior
from latticework.actions.strength import HOME, SHARED, measured, shipped_ties
from latticework.audit import Audit, Claim, Claims, Evidence, Future, Known, audited, pairs_of, read_claims
from latticework.audit.evidence import TIE_STRENGTH
from latticework.data import dense_layers, get, layers, panel_sha256, wide_table
from latticework.data.states import resolve
from latticework.errors import InputError
from latticework.measures.strength.conditional import TieDraws
from latticework.report.assumed import acts_on
from latticework.report.results import Results
from latticework.store import sha256

CLAIMS = "claims.yaml"
FIRST_YEAR = 1950


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


@contextmanager
def auditing(scenario: Path) -> Iterator[Callable[[Results], Audit | None]]:
    """The audit of the claims beside a scenario's file, as a function of the run's results; None if it has no claims.

    The claims are read at once, so that a fault in them stops the run before it begins, and the ties that they ask for
    are measured beside the simulation.
    """
    path = scenario.parent / CLAIMS
    if not path.is_file():
        yield lambda results: None
        return
    claims = load_claims(path)
    pairs = tuple(sorted(pairs_of(claims.claims)))
    with beside() as thread:
        ties = thread.submit(ties_as_known, pairs, str(claims.dated), sha256(HOME / SHARED)) if pairs else None
        yield lambda results: audited(
            claims,
            claims.claims,
            evidence(claims, claims.claims, future_of(results), ties.result if ties else None),
        )


def future_of(results: Results) -> Future:
    """The futures of a run that has just been made."""
    return Future(results.ensemble, results.scenario, results.inputs, acts_on(results.scenario), results.courses)


def evidence(
    claims: Claims, which: Collection[Claim], future: Future | None, ties: Callable[[], TieDraws] | None = None
) -> Evidence:
    """What the tests of some claims may look at, read when it is first asked for."""
    day, described = str(claims.dated), {str(r["layer"]): r for r in layers()}
    pairs = tuple(sorted(pairs_of(which)))
    return Evidence(
        day=claims.dated,
        facts={fact.id: fact for fact in claims.facts},
        rows=cache(lambda layer: get(layer, as_known_on=day)),
        record=lambda layer: described[layer],
        table=lambda unit, names, states: yearly(unit, names, states, day, panel_sha256()),
        ties=ties or (lambda: ties_as_known(pairs, day, sha256(HOME / SHARED))),
        posterior=load_posterior(),
        future=future,
    )


@lru_cache(maxsize=2)
def ties_as_known(pairs: tuple[tuple[str, str], ...], day: str, file: str) -> TieDraws:
    """Draws of some ties as known on a day: half a minute, so once for every state of the file of tie strength."""
    return kept("ties", (pairs, day, file), lambda: measured(pairs, day))


@lru_cache(maxsize=16)
def yearly(unit: str, names: tuple[str, ...], states: tuple[str, ...], day: str, _panel: str = "") -> pd.DataFrame:
    """The ends of all whole years before a day: a row per state or dyad, the panel's layers as known on the day.

    Tie strength is that of the shipped estimates.
    """
    of_panel, last = tuple(name for name in names if name != TIE_STRENGTH), int(day[:4]) - 1
    kind = "dyad" if unit == "dyad" else "state"
    table = wide_table(kind, "year", sorted(set(states)), FIRST_YEAR, last, of_panel, as_known_on=day)
    if TIE_STRENGTH not in names or kind == "state":
        return table
    ties = shipped_ties(dates=[f"{year}-12-31" for year in range(FIRST_YEAR, last + 1)])
    ties = ties.assign(year=ties["date"].str[:4].astype("int32"))[["year", "state", "partner", "value"]]
    return table.merge(ties.rename(columns={"value": TIE_STRENGTH}), on=["year", "state", "partner"], how="left")
