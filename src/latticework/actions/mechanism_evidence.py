"""What the mechanisms of a scenario say beside its futures: parameters, the split of the burden, the game, stances."""

from collections.abc import Mapping
from pathlib import Path

import jax
import numpy as np
import pandas as pd
import xarray as xr

from latticework.actions.assembling import mechanisms_of
from latticework.actions.burden_split import foretold, splits
from latticework.actions.deterrence_outlook import deterrence_outlook, targets
from latticework.actions.evidence import CLAIMS, load_claims, ties_as_known
from latticework.actions.opening import Opening
from latticework.actions.strength import HOME, SHARED
from latticework.audit import pairs_of
from latticework.errors import PanelError
from latticework.measures.courses import blocs
from latticework.measures.hedging import hedging
from latticework.mechanisms import KINDS, Assembled, Bargain, Hedging, parameters_of
from latticework.report.mechanism_results import MechanismResults
from latticework.scenario.schema import Scenario
from latticework.store import sha256
from latticework.types import Key


def mechanism_evidence(
    scenario: Scenario, path: Path, begin: Opening, ensemble: xr.Dataset, key: Key, scales: Mapping[str, float]
) -> MechanismResults:
    """All that the mechanisms of a run say. PanelError if a shipped file cannot be read.

    `key` is that from which the run draws the mechanisms' parameters, `path` the scenario's file, `scales` the units of
    history.
    """
    made = mechanisms_of(scenario)
    named = {type(mechanism): mechanism for mechanism in made.mechanisms}
    allies = [c for c in blocs(scenario.focus, scenario.hub, scenario.rival, begin.inputs)[0] if c != scenario.hub]
    bargain, played = named.get(Bargain), deterrence_outlook(scenario, begin.world, ensemble, allies)
    split = pd.DataFrame()
    if isinstance(bargain, Bargain):
        theta = np.asarray(made.theta(key, {}, ensemble.attrs["draws"])[bargain.name], float)
        branches = tuple(ensemble["branch"].values.tolist())
        split = splits(scenario, branches, bargain, theta, jax.tree.map(np.asarray, begin.world), scales)
    return MechanismResults(
        parameters=parameters(scenario, made),
        split=split,
        fit=foretold() if len(split) else pd.DataFrame(),
        game=played,
        targets=targets() if len(played) else pd.DataFrame(),
        stance=stances_now(scenario, path, allies) if Hedging in named and allies else pd.DataFrame(),
    )


def parameters(scenario: Scenario, made: Assembled) -> pd.DataFrame:
    """Every parameter of the scenario's mechanisms: its law, its origin, the reason and the source."""
    kinds = {name: kind for kind in (m.kind for m in scenario.mechanisms) for name, _ in parameters_of(kind)}
    rows = [
        {
            "kind": KINDS[kinds[name]].title,
            "parameter": name,
            "unit": p.unit,
            "mean": p.prior_mean,
            "sd": p.prior_sd,
            "sign": p.sign,
            "origin": p.origin,
            "because": p.because,
            "source": p.source,
        }
        for name, p in made.parameters()
        if name in kinds
    ]
    return pd.DataFrame(rows)


def stances_now(scenario: Scenario, path: Path, allies: list[str]) -> pd.DataFrame:
    """How allies stand between hub and rival on the baseline day, as known then; empty without the shipped ties.

    The ties are those that the audit has measured, if it has measured these on that day.
    """
    wanted = {tuple(sorted((ally, pole))) for ally in allies for pole in (scenario.hub, scenario.rival)}
    day, pairs = str(scenario.baseline), tuple(sorted(wanted))
    if (path.parent / CLAIMS).is_file():
        claims = load_claims(path.parent / CLAIMS)
        read = tuple(sorted(pairs_of(claims.claims)))
        if str(claims.dated) == day and wanted <= {tuple(sorted(pair)) for pair in read}:
            pairs = read
    try:
        draws = ties_as_known(pairs, day, sha256(HOME / SHARED))
    except PanelError:
        return pd.DataFrame()
    tables = [hedging(draws, ally, scenario.hub, scenario.rival) for ally in allies]
    last = max(date for table in tables for date in table["date"] if date <= day)
    return pd.concat([table[table["date"] == last] for table in tables], ignore_index=True)
