"""How the futures of two runs differ: quantity by quantity, paired path by path where the runs share their noise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from jaxtyping import Shaped

from latticework.measures.chances import monte_carlo_se
from latticework.measures.contrast import CLEAR
from latticework.measures.courses import Course, courses, draws_of
from latticework.types import Float, Int

COLUMNS = (
    "table",
    "branch",
    "against",
    "kind",
    "state",
    "partner",
    "quantity",
    "unit",
    "date",
    "a",
    "b",
    "difference",
    "mc_se",
    "standardised",
    "paired",
    "clear",
)


@dataclass(frozen=True)
class Futures:
    """The futures of one run and what its quantities are read off with: focus states, hub, rival, opening values."""

    ensemble: xr.Dataset
    focus: tuple[str, ...]
    hub: str
    rival: str
    inputs: pd.DataFrame

    @property
    def branches(self) -> list[str]:
        """The branches that were simulated."""
        return list(self.ensemble["branch"].values.tolist())

    @property
    def dates(self) -> list[str]:
        """The end of every step."""
        return [str(day)[:10] for day in self.ensemble["time"].values]

    def courses(self) -> dict[tuple[str, str], list[Course]]:
        """The courses by kind and quantity."""
        found: dict[tuple[str, str], list[Course]] = {}
        for course in courses(self.ensemble, self.focus, self.hub, self.rival, self.inputs):
            found.setdefault((course.kind, course.quantity), []).append(course)
        return found

    def drawn(self, course: Course) -> Int[np.ndarray, "p"]:
        """The posterior draw of each path, for a course."""
        return draws_of(self.ensemble) if course.draw is None else np.asarray(course.draw, np.int64)


def compared(a: Futures, b: Futures, branches: Mapping[str, tuple[str, str]], paired: bool) -> pd.DataFrame:
    """How the means of run b differ from those of run a, b minus a (columns: COLUMNS), largest first.

    `branches` maps a label to a branch of a and one of b. Means are over paths: of numbers, or shares for chances. The
    table "contrast" has differences from the first of the branches, where both runs have it. `mc_se` is the Monte Carlo
    standard error: of path-by-path differences if `paired` (the runs share seed, draws and number of paths), else of
    two independent means. `clear` says whether the difference exceeds it twice. `standardised` is the difference over
    the standard deviation of paths, both runs pooled. What only one run has is left out.
    """
    dates = [day for day in a.dates if day in set(b.dates)]
    one, other = a.courses(), b.courses()
    tables = [
        table
        for key, mine in one.items()
        for x in mine
        for y in other.get(key, ())
        for table in _tables(a, b, x, y, branches, paired, dates)
    ]
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    whole = whole.drop_duplicates(list(COLUMNS[:9]))
    order = whole["standardised"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return whole.loc[order, list(COLUMNS)].reset_index(drop=True)


def _tables(
    a: Futures,
    b: Futures,
    x: Course,
    y: Course,
    branches: Mapping[str, tuple[str, str]],
    paired: bool,
    dates: list[str],
) -> Iterator[pd.DataFrame]:
    """The differences of one course: of every branch, and of every branch's distance from the first."""
    units = [unit for unit in x.units if unit in set(y.units)]
    if not units or not dates:
        return
    left, right = _at(a, x, units, dates), _at(b, y, units, dates)
    draws, first = (a.drawn(x), b.drawn(y)), next(iter(branches))
    at = {label: (a.branches.index(m), b.branches.index(n)) for label, (m, n) in branches.items()}
    for label, (i, j) in at.items():
        pairs = [("outlook", "", left[i], right[j])]
        if label != first:
            base, other = at[first]
            pairs.append(("contrast", first, left[i] - left[base], right[j] - right[other]))
        for table, against, values, others in pairs:
            found = difference(values, others, *draws, paired)
            yield _labelled(found, x, units, dates).assign(table=table, branch=label, against=against, paired=paired)


def _at(
    futures: Futures, course: Course, units: list[tuple[str, str]], dates: list[str]
) -> Float[np.ndarray, "b p s u"]:
    """A course's values at some dates and of some units."""
    when = [futures.dates.index(day) for day in dates]
    who = [course.units.index(unit) for unit in units]
    return np.asarray(course.values[:, :, when][..., who], np.float64)


def difference(
    a: Shaped[np.ndarray, "p s u"],
    b: Shaped[np.ndarray, "q s u"],
    draw_a: Int[np.ndarray, "p"],
    draw_b: Int[np.ndarray, "q"],
    paired: bool,
) -> dict[str, np.ndarray]:
    """The means of two sets of paths, b minus a with its Monte Carlo standard error, and that in units of spread."""
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    apart = np.hypot(monte_carlo_se(a, draw_a), monte_carlo_se(b, draw_b))
    error = monte_carlo_se(b - a, draw_a) if paired else apart
    gap, spread = mean_b - mean_a, np.sqrt((a.var(axis=0) + b.var(axis=0)) / 2)
    size = np.divide(gap, spread, out=np.where(gap == 0, 0.0, np.copysign(np.inf, gap)), where=spread > 0)
    return {"a": mean_a, "b": mean_b, "difference": gap, "mc_se": error, "standardised": size}


def _labelled(
    found: dict[str, Float[np.ndarray, "..."]], course: Course, units: list[tuple[str, str]], dates: list[str]
) -> pd.DataFrame:
    table = pd.DataFrame({name: np.asarray(array, float).ravel() for name, array in found.items()})
    state, partner = (np.tile(np.array([u[side] for u in units], object), len(dates)) for side in (0, 1))
    labels = {"kind": course.kind, "quantity": course.quantity, "unit": course.unit}
    clear = (table["difference"].abs() > CLEAR * table["mc_se"]) & (table["difference"] != 0)
    when = np.repeat(np.array(dates, object), len(units))
    return table.assign(**labels, state=state, partner=partner, date=when, clear=clear)
