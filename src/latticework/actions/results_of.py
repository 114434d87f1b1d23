"""What is known of futures with where they start, what they rest on, and when and by which version they were made."""

from datetime import datetime

import xarray as xr

from latticework import __version__
from latticework.actions.opening import Opening
from latticework.data import layers
from latticework.data.states import name_of
from latticework.fit import Posterior
from latticework.processes import LEARNED
from latticework.report.results import Results
from latticework.scenario.schema import Scenario


def results_of(
    ensemble: xr.Dataset,
    scenario: Scenario,
    posterior: Posterior,
    begin: Opening,
    seed: int,
    now: datetime,
    notes: tuple[str, ...],
) -> Results:
    """The results of a scenario that began at an opening, made with a seed, at a time, with notes."""
    return Results(
        ensemble=ensemble,
        scenario=scenario,
        inputs=begin.inputs,
        posterior=posterior,
        model=LEARNED,
        layers=layers(),
        version=__version__,
        seed=seed,
        created=now,
        names={code: name_of(code) for code in scenario.states},
        notes=notes,
    )
