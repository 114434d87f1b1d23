"""Headlines are the numbers of a run that a reader asks of first, path by path at the end of the horizon."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from latticework.explain.ids import unit_of, word
from latticework.measures.courses import Course, blocs, courses, draws_of
from latticework.measures.side_by_side import RESPONSES, TIMES
from latticework.types import Float, Int

OF_TIES = {"tie strength", "weakest link"}  # what starts from a measured strength
OBJECTIVES = {"weakest_link": 1, "disputes": -1}  # which way an objective is better: more cohesion, fewer disputes


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
    def stem(self) -> str:
        """What it is of whom: the first two words of its id."""
        return f"{word(self.quantity)}:{self.unit_of}"


def headlines(
    ensemble: xr.Dataset,
    focus: tuple[str, ...],
    hub: str,
    rival: str,
    inputs: pd.DataFrame,
    known: Iterable[Course] | None = None,
) -> tuple[Headline, ...]:
    """The headlines of an ensemble: ties of hub and allies, their troops, pacts, votes and leaders, what allies believe
    and do by the mechanisms, and disputes. `known` are the ensemble's courses, if they have been read off already.
    """
    allies, rivals = blocs(focus, hub, rival, inputs)
    draw = draws_of(ensemble)
    start = np.asarray(ensemble["tie_draw"].values, np.int64) if "tie_draw" in ensemble.coords else None
    found = []
    for course in known or courses(_among(ensemble, {*allies, *rivals}), focus, hub, rival, inputs):
        for u, pair in enumerate(course.units):
            if _asked(course, pair, allies, rivals):
                found.append(_of(course, u, draw, start if course.quantity in OF_TIES else None))
    responses = _responses(ensemble, tuple(code for code in allies if code != hub), draw)
    return (*found, *_cohesion(found, allies, draw), *responses, _disputes(ensemble, draw))


def _among(ensemble: xr.Dataset, states: set[str]) -> xr.Dataset:
    """The ensemble of some states and their dyads alone."""
    ends = zip(ensemble["dyad_state"].values, ensemble["dyad_partner"].values, strict=True)
    dyads = [i for i, pair in enumerate(ends) if set(pair) <= states]
    few = ensemble.isel(dyad=dyads).sel(state=[code for code in ensemble["state"].values if code in states])
    if "tie" not in few.dims:
        return few
    ties = zip(few["tie_state"].values, few["tie_partner"].values, strict=True)
    return few.isel(tie=[i for i, pair in enumerate(ties) if set(pair) <= states])


def _asked(course: Course, pair: tuple[str, str], allies: tuple[str, ...], rivals: tuple[str, ...]) -> bool:
    """Whether a course of a unit is a headline."""
    ends = set(pair) - {""}
    match course.quantity:
        case "tie strength" | "agreement ends" | "cut by a fifth or more" | "leader leaves office":
            return ends <= set(allies)
        case "distance in UN votes":
            return course.kind == "tie" and ends <= set(allies)
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


def _responses(ensemble: xr.Dataset, allies: tuple[str, ...], draw: Int[np.ndarray, "p"]) -> Iterator[Headline]:
    """The layers of allies that mechanisms move, at the end."""
    for layer in (name for name in RESPONSES if name in ensemble):
        what, unit = RESPONSES[layer][:2]
        end = ensemble[layer].isel(time=-1)
        for ally in allies:
            values = end.sel(state=ally).transpose("branch", "path").values.astype(np.float64)
            values = np.exp(values) if unit == TIMES else values  # payments are simulated as logs
            yield Headline(what, ally, unit, layer, values, draw, False)


def _disputes(ensemble: xr.Dataset, draw: Int[np.ndarray, "p"]) -> Headline:
    """Disputes that begin among all states by the end; the number that is told is their expectation."""
    total = ensemble["disputes_among_all"].transpose("branch", "path", "time").values.sum(axis=-1)
    return Headline("disputes", "all", "number", "dispute_onset", np.asarray(total, np.float64), draw, True)
