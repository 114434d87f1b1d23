"""What the futures of a run say about one quantity of one state, dyad or group, path by path."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from latticework.audit.base import MissingEvidenceError
from latticework.errors import suggestion
from latticework.measures.chances import chance_by_draw, spread_by_draw
from latticework.measures.courses import READ_OFF, Course, courses, draws_of
from latticework.measures.primacy import tied_share
from latticework.scenario.schema import Scenario
from latticework.types import Float, Int

WEAKEST, MEAN, PRIMACY, TIE = "weakest link", "mean tie", "primacy", "tie strength"

FEWEST = 100  # paths


@dataclass(frozen=True)
class Read:
    """One quantity on the paths of one branch at one date: a number per path, and its mean per posterior draw.

    `event` says that the values are whether something has happened; `start` is the value of the first day (or NaN).
    """

    values: Float[np.ndarray, "p"]
    by_draw: Float[np.ndarray, "d"]
    draw: Int[np.ndarray, "p"]
    unit: str
    event: bool
    start: float
    process: str
    ends: tuple[str, str]


@dataclass(frozen=True)
class Future:
    """The ensemble of a run with the scenario and the first values that it began from.

    `acts(branch, process, unit)` says whether an assumption of a branch acts on a process of a unit directly. `made`
    are the ensemble's courses, if they have been made already.
    """

    ensemble: xr.Dataset
    scenario: Scenario
    inputs: pd.DataFrame
    acts: Callable[[str, str, tuple[str, str]], bool]
    made: tuple[Course, ...] | None = None

    @cached_property
    def branches(self) -> list[str]:
        """The branches that were simulated."""
        return [str(name) for name in self.ensemble["branch"].values]

    @cached_property
    def found(self) -> dict[str, list[Course]]:
        """The courses by quantity."""
        s, named = self.scenario, {}
        made = courses(self.ensemble, s.focus, s.hub, s.rival, self.inputs) if self.made is None else self.made
        for course in made:
            named.setdefault(course.quantity, []).append(course)
        if TIE in named:
            for course in _of_ties(named[TIE][0], s, self.inputs):
                named.setdefault(course.quantity, []).append(course)
        return named

    def read(self, quantity: str, of: str, branch: str, on: date | None = None) -> Read:
        """A quantity of a unit (`KOR`, `JPN-USA`) on a branch at the last step ended by a day (the last for none)."""
        course, u = self._course(quantity, of)
        if branch not in self.branches:
            raise MissingEvidenceError(f"the run has no branch '{branch}'")
        if self.ensemble.sizes["path"] < FEWEST:
            raise MissingEvidenceError(f"the run has {self.ensemble.sizes['path']} paths; a band needs {FEWEST}")
        b, s = self.branches.index(branch), self._step(on)
        values = np.asarray(course.values[b, :, s, u], np.float64)
        draw = draws_of(self.ensemble) if course.draw is None else course.draw
        if course.chance is None:
            by_draw = spread_by_draw(values[:, None], draw)[:, 0]
        else:
            by_draw = chance_by_draw(course.chance[b], course.values[b], draw)[:, s, u]
        start = float(course.start[u]) if not course.probability_of else float("nan")
        event = bool(course.probability_of)
        return Read(values, by_draw, draw, course.unit, event, start, course.process, course.units[u])

    def direct(self, branch: str, read: Read) -> bool:
        """Whether an assumption of the branch acts on the quantity directly."""
        ends = [read.ends] if "+" not in "".join(read.ends) else list(combinations(_members(read.ends), 2))
        return any(self.acts(branch, process, pair) for process in read.process.split("+") for pair in ends)

    def _course(self, quantity: str, of: str) -> tuple[Course, int]:
        if quantity not in self.found:
            raise MissingEvidenceError(f"the run has no quantity '{quantity}'. {suggestion(quantity, self.found)}")
        ends = set(of.split("-"))
        for course in self.found[quantity]:
            for u, unit in enumerate(course.units):
                if set(_members(unit)) == ends:
                    return course, u
        known = ["-".join(end for end in unit if end) for c in self.found[quantity] for unit in c.units]
        raise MissingEvidenceError(f"the run has no '{quantity}' of {of}. {suggestion(of, known)}")

    def _step(self, on: date | None) -> int:
        ends = [str(day)[:10] for day in self.ensemble["time"].values]
        if on is None:
            return len(ends) - 1
        before = [s for s, end in enumerate(ends) if end <= str(on)]
        if not before or str(on)[:7] > ends[-1][:7]:
            raise MissingEvidenceError(f"the run covers {ends[0]} to {ends[-1]}, not {on}")
        return before[-1]


def _members(unit: tuple[str, str]) -> tuple[str, ...]:
    """The states of a unit, of a group (`A+B`) too."""
    return tuple(code for end in unit for code in end.split("+") if code)


def _of_ties(ties: Course, scenario: Scenario, inputs: pd.DataFrame) -> list[Course]:
    """Cohesion of every three of the focus states, and primacy among those that are neither hub nor rival."""
    index = {frozenset(unit): u for u, unit in enumerate(ties.units)}
    made = []
    for three in combinations(sorted(scenario.focus), 3):
        at = [index[frozenset(pair)] for pair in combinations(three, 2) if frozenset(pair) in index]
        if len(at) == 3:
            for name, of in ((WEAKEST, np.min), (MEAN, np.mean)):
                made.append(_like(ties, name, "0-100", "+".join(three), of(ties.values[..., at], axis=-1)))
    others = [s for s in scenario.focus if s not in (scenario.hub, scenario.rival)]
    toward = [[frozenset((s, pole)) for s in others] for pole in (scenario.hub, scenario.rival)]
    if others and all(pair in index for pairs in toward for pair in pairs):
        near, far = ([index[pair] for pair in pairs] for pairs in toward)
        known = inputs[inputs["layer"] == "capability"].set_index("state")["value"]
        weight = np.array([float(known.get(s, np.nan)) for s in others])
        share = tied_share(ties.values[..., near], ties.values[..., far], weight)
        made.append(_like(ties, PRIMACY, "share, 0 to 1", scenario.hub, share))
    return made


def _like(ties: Course, quantity: str, unit: str, of: str, values: np.ndarray) -> Course:
    nothing = (np.full(1, np.nan), ("",), ("estimated",))
    return Course("tie", quantity, unit, READ_OFF, ((of, ""),), values[..., None], *nothing)
