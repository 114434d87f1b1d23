"""Results are what one run hands to its report: futures, scenario, inputs, estimates and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import pandas as pd
import xarray as xr

from latticework.audit import Audit
from latticework.explain import Explanation, identified
from latticework.measures import contrast, outlook
from latticework.measures.burden import burden
from latticework.measures.courses import Course, blocs, courses
from latticework.measures.outlook import each
from latticework.measures.side_by_side import side_by_side
from latticework.measures.stances import stances
from latticework.report.assumed import acts_on
from latticework.report.mechanism_results import MechanismResults
from latticework.scenario.schema import Scenario


@runtime_checkable
class Estimate(Protocol):
    """What a report needs of the posterior of one process."""

    names: tuple[str, ...]
    mode: np.ndarray
    rows: int
    events: int
    span: tuple[str, str]

    @property
    def varying(self) -> Any:
        """The levels that differ between states or decades: `by`, `sigma` and `names` of each kind."""
        ...

    @property
    def records(self) -> Any:
        """What is known of each coefficient."""
        ...

    @property
    def sd(self) -> Any:
        """Posterior sd of each coefficient."""
        ...

    @property
    def sd_naive(self) -> Any:
        """The same, as if rows were independent."""
        ...

    @property
    def trusted(self) -> bool:
        """Whether the fit converged."""
        ...


@runtime_checkable
class Posterior(Protocol):
    """What a report needs of a posterior."""

    @property
    def scales(self) -> Mapping[str, float]:
        """The units of history in which assumptions are quoted."""
        ...

    @property
    def panel_sha256(self) -> str:
        """The panel that it was fitted to."""
        ...

    def estimate(self, process: str) -> Any:
        """The Estimate of one process."""
        ...


@runtime_checkable
class Process(Protocol):
    """What a report needs of a process: names, and coefficients with `name`, `unit` and `anchor`."""

    name: ClassVar[str]
    title: ClassVar[str]

    def coefficients(self) -> tuple[Any, ...]:
        """The coefficients in the order of the estimate."""
        ...


@dataclass(frozen=True)
class Results:
    """One run, whole.

    `inputs` has a row per value that the worlds start from (layer, state, partner, value, date, age_years, source,
    origin), `layers` the records of the panel's layers (`layer`, `title`, `unit`, `to`, `source`, `version`,
    `citation`, `licence`), `names` the English names of states, `notes` what the run has to say about missing inputs,
    `audit` the claims of the scenario's text, if it has any, `mechanisms` what its mechanisms say beside the futures,
    `explanation` what drives the headlines, `skill` the records of the backtest, or none.
    """

    ensemble: xr.Dataset
    scenario: Scenario
    inputs: pd.DataFrame
    posterior: Posterior
    model: tuple[Process, ...]
    layers: tuple[Mapping[str, Any], ...]
    version: str
    seed: int
    created: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    audit: Audit | None = None
    skill: pd.DataFrame = field(default_factory=pd.DataFrame)
    mechanisms: MechanismResults = field(default_factory=MechanismResults)
    explanation: Explanation | None = None

    def with_audit(self, audit: Audit | None) -> "Results":
        """The same with the claims of the text."""
        return self._with(audit=audit)

    def with_explanation(self, explanation: Explanation) -> "Results":
        """The same with what drives the headlines."""
        return self._with(explanation=explanation)

    def _with(self, **more: Any) -> "Results":
        """The same with more in it; what has been made of the ensemble is not made again."""
        other = replace(self, **more)
        other.__dict__.update({name: made for name, made in self.__dict__.items() if name not in other.__dict__})
        return other

    @cached_property
    def branches(self) -> tuple[str, ...]:
        """The branches that were simulated, the first being the one with which the others are compared."""
        return tuple(self.ensemble["branch"].values.tolist())

    @property
    def paths(self) -> int:
        """Simulated futures per branch."""
        return int(self.ensemble.sizes["path"])

    @property
    def draws(self) -> int:
        """Posterior draws over which the paths are spread."""
        return len(np.unique(self.ensemble["draw"].values))

    @property
    def ties_measured(self) -> bool:
        """Whether the run measured the strength of ties."""
        return "tie_strength" in self.ensemble

    @property
    def dates(self) -> tuple[str, ...]:
        """The end of every step."""
        return tuple(str(day)[:10] for day in self.ensemble["time"].values)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """Every quantity through simulated time, in all branches."""
        s = self.scenario
        return tuple(courses(self.ensemble, s.focus, s.hub, s.rival, self.inputs))

    @cached_property
    def outlook(self) -> pd.DataFrame:
        """The table of `measures.outlook`, with the assumptions of the scenario and the ids of its numbers."""
        s = self.scenario
        about = (self.ensemble, s.focus, s.hub, s.rival, self.inputs)
        return identified(outlook(*about, acts_on(s), self.courses))

    @cached_property
    def rows(self) -> dict[tuple[str, ...], Any]:
        """The rows of the outlook by branch, kind, quantity, state, partner and date."""
        keys = ("branch", "kind", "quantity", "state", "partner", "date")
        return {tuple(str(getattr(row, key)) for key in keys): row for row in each(self.outlook)}

    @cached_property
    def acted(self) -> dict[tuple[str, str], dict[tuple[str, str], None]]:
        """The units on which an assumption of some branch acts directly, by kind and quantity."""
        found: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
        for (_, kind, quantity, state, partner, _), row in self.rows.items():
            if "assumed" in row.origin:
                found.setdefault((kind, quantity), {})[state, partner] = None
        return found

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """The tables of `measures.contrast` of every other branch against the first; empty with one branch."""
        s, first = self.scenario, self.branches[0]
        about = (self.ensemble, s.focus, s.hub, s.rival, self.inputs)
        tables = [contrast(*about, branch, first, self.courses) for branch in self.branches[1:]]
        return identified(pd.concat(tables, ignore_index=True)) if tables else pd.DataFrame()

    @cached_property
    def sides(self) -> pd.DataFrame:
        """The table of `measures.side_by_side`; empty with one branch, or without an ally of the hub in the focus."""
        s, allies = self.scenario, self.allies
        if len(self.branches) < 2 or not allies:
            return pd.DataFrame()
        threats = [code for code in (s.rival, s.second_threat) if code and code in s.focus]
        return identified(side_by_side(self.ensemble, s.hub, allies, threats), self.dates[-1])

    @cached_property
    def burden(self) -> pd.DataFrame:
        """The table of `measures.burden` for what the hub asks of its allies; empty where it asks nothing."""
        asked: dict[str, dict[str, float]] = {b: {} for b in self.branches}
        for branch, allies in asked.items():
            for demand in self.scenario.demands_of(branch):
                ours = demand.by == self.scenario.hub and demand.of in self.scenario.states
                if ours and demand.amount and demand.agreed and demand.amount.value > demand.agreed.value:
                    allies[demand.of] = demand.amount.value / demand.agreed.value
        return burden(self.ensemble, asked)

    @cached_property
    def stances(self) -> pd.DataFrame:
        """The table of `measures.stances` for the hub's allies in the focus; empty where no choice is simulated."""
        return stances(self.ensemble, self.allies)

    @property
    def allies(self) -> tuple[str, ...]:
        """The hub's allies among the focus states."""
        s = self.scenario
        return tuple(code for code in blocs(s.focus, s.hub, s.rival, self.inputs)[0] if code != s.hub)

    def title_of(self, branch: str) -> str:
        """The title of a branch."""
        return self.scenario.branch(branch).title

    def name_of(self, state: str) -> str:
        """The English name of a state without what stands in brackets; its code if no name was given."""
        return self.names.get(state, state).split(" (")[0]
