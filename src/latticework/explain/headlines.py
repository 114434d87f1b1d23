"""Headlines are the numbers of a run that a reader asks of first, path by path at the end of the horizon."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from latticework.explain.ids import unit_of, word
from latticework.measures.courses import Course, blocs, courses, draws_of
from latticework.types import Float, Int

OF_TIES = {"tie strength", "weakest link"}  # what starts from a measured strength
# Which way an objective is better: more cohesion, fewer disputes.
START = 1_000_000  # more than there are posterior draws, and a multiple of every number of groups of them
OBJECTIVES = {"weakest_link": 1, "disputes": -1}


@dataclass(frozen=True)
class Headline:
    """One quantity of one unit at the end: a number per branch and path (b p); `draw` numbers the posterior draws (p).

    `by_draw` says that its band is that of a chance or a mean over draws; else it is that of the paths. `start` numbers
    the draws of the start, where it is measured with error.
    """

    quantity: str
    unit_of: str
    unit: str
    process: str
    values: Float[np.ndarray, "b p"]
    draw: Int[np.ndarray, "p"]
    by_draw: bool
    start: Int[np.ndarray, "p"] | None = None

    @property
    def all_drawn(self) -> Int[np.ndarray, "p"]:
        """A number for every combination of posterior draw and start; the draw's own is what is left of it by START."""
        return self.draw if self.start is None else self.draw + START * self.start

    @property
    def stem(self) -> str:
        """What it is of whom: the first two words of its id."""
        return f"{word(self.quantity)}:{self.unit_of}"


def headlines(
    ensemble: xr.Dataset, focus: tuple[str, ...], hub: str, rival: str, inputs: pd.DataFrame
) -> tuple[Headline, ...]:
    """The headlines of an ensemble: ties of hub and allies, their troops, pacts, votes and leaders, and disputes."""
    allies, rivals = blocs(focus, hub, rival, inputs)
    draw = draws_of(ensemble)
    start = np.asarray(ensemble["tie_draw"].values, np.int64) if "tie_draw" in ensemble.coords else None
    found = []
    for course in courses(ensemble, focus, hub, rival, inputs):
        for u, pair in enumerate(course.units):
            if _asked(course, pair, allies, rivals):
                found.append(_of(course, u, draw, start if course.quantity in OF_TIES else None))
    return (*found, *_cohesion(found, allies, draw), _disputes(ensemble, draw))


def _asked(course: Course, pair: tuple[str, str], allies: tuple[str, ...], rivals: tuple[str, ...]) -> bool:
    """Whether a course of a unit is a headline."""
    ends = set(pair) - {""}
    match course.quantity:
        case "tie strength" | "agreement ends":
            return ends <= set(allies)
        case "cut by a fifth or more":
            return ends <= set(allies)
        case "distance in UN votes":
            return course.kind == "tie" and ends <= set(allies)
        case "leader leaves office":
            return ends <= set(allies)
        case "dispute":
            blocs_too = "+" in "".join(pair)
            return blocs_too or (len(ends & set(allies)) == 1 and len(ends & set(rivals)) == 1)
    return False


def _of(course: Course, u: int, draw: Int[np.ndarray, "p"], start: Int[np.ndarray, "p"] | None) -> Headline:
    values = np.asarray(course.values[:, :, -1, u], np.float64)
    unit = unit_of(*course.units[u])
    return Headline(
        course.quantity, unit, course.unit, course.process, values, draw, bool(course.probability_of), start
    )


def _cohesion(found: list[Headline], allies: tuple[str, ...], draw: Int[np.ndarray, "p"]) -> Iterator[Headline]:
    """The weakest of the ties among every three allies."""
    ties = {h.unit_of: h for h in found if h.quantity == "tie strength"}
    for three in combinations(sorted(allies), 3):
        pairs = ["-".join(pair) for pair in combinations(three, 2)]
        if all(pair in ties for pair in pairs):
            least = np.min([ties[pair].values for pair in pairs], axis=0)
            one = ties[pairs[0]]
            yield Headline("weakest link", "-".join(three), "0-100", one.process, least, draw, False, one.start)


def _disputes(ensemble: xr.Dataset, draw: Int[np.ndarray, "p"]) -> Headline:
    """Disputes that begin among all states by the end; the number that is told is their expectation."""
    total = ensemble["disputes_among_all"].transpose("branch", "path", "time").values.sum(axis=-1)
    return Headline("disputes", "all", "number", "dispute_onset", np.asarray(total, np.float64), draw, True)
