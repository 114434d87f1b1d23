"""The outlook says what the paths of each branch show, with 80 % bands, number by number."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from latticework.measures.chances import BAND, around, chance_by_draw, monte_carlo_se, spread_by_draw
from latticework.measures.courses import Course, courses, draws_of
from latticework.types import Float, Int

COLUMNS = (
    "branch",
    "kind",
    "state",
    "partner",
    "quantity",
    "unit",
    "date",
    "value",
    "lower",
    "upper",
    "probability_of",
    "mc_se",
    "draws",
    "paths",
    "origin",
)
Assumed = Callable[[str, str, tuple[str, str]], bool]


def outlook(
    ensemble: xr.Dataset,
    focus: Iterable[str],
    hub: str,
    rival: str,
    inputs: pd.DataFrame,
    assumed: Assumed | None = None,
    found: Iterable[Course] | None = None,
) -> pd.DataFrame:
    """A row per branch, unit, quantity and date (columns: COLUMNS).

    Numbers (persons, ideal points): median and 80 % band over paths; the value on the baseline day comes first,
    without a band if it was observed. Chances: the share of paths with its 80 % band, which holds the spread of
    the posterior draws (the parameters) and `mc_se`, the standard error from the finite number of paths.
    `assumed(branch, process, unit)` says whether an assumption of the branch acts on the unit directly; the origin is
    then "estimated, assumed", else "estimated". `found` are the ensemble's courses, if they have been made already.
    """
    draw, dates = draws_of(ensemble), [str(day)[:10] for day in ensemble["time"].values]
    acts = assumed or (lambda branch, process, unit: False)

    def of(course: Course, b: int, branch: str) -> pd.DataFrame:
        table = _summary(course, b, dates, draw if course.draw is None else course.draw)
        read_off = course.process.split("+")
        acted = [any(acts(branch, process, unit) for process in read_off) for unit in course.units]
        origins = ["estimated, assumed" if made else "estimated" for made in acted]
        table["origin"] = np.tile(np.array(origins, object), len(dates))
        start = _starts(course, str(ensemble.attrs["baseline"])[:10])
        return pd.concat([start, table], ignore_index=True).assign(branch=branch)

    branches = list(enumerate(ensemble["branch"].values.tolist()))
    every = courses(ensemble, tuple(focus), hub, rival, inputs) if found is None else found
    with ThreadPoolExecutor() as threads:  # NumPy sorts without the interpreter's lock
        tables = list(threads.map(lambda one: of(*one), [(course, *branch) for course in every for branch in branches]))
    whole = pd.concat([t for t in tables if len(t)], ignore_index=True)
    return whole.assign(draws=len(np.unique(draw)), paths=len(draw))[list(COLUMNS)]


def fan(
    course: Course, branch: int, quantiles: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9)
) -> Float[np.ndarray, "q s u"]:
    """Quantiles over the paths of one branch after each step, per unit."""
    return np.quantile(course.values[branch], quantiles, axis=0)


def _summary(course: Course, b: int, dates: list[str], draw: Int[np.ndarray, "p"]) -> pd.DataFrame:
    values = course.values[b]
    if not course.probability_of:
        lower, value, upper = np.quantile(values, (BAND[0], 0.5, BAND[1]), axis=0)
        error = np.full_like(value, np.nan)
    else:
        value, error = values.mean(axis=0), monte_carlo_se(values, draw)
        lower, upper = around(value, chances(course, b, draw), error, len(draw))
    rows = {"value": value, "lower": lower, "upper": upper, "mc_se": error}
    return pd.DataFrame({name: np.asarray(array, np.float64).ravel() for name, array in rows.items()}).assign(
        date=np.repeat(dates, len(course.units)).astype(object), **_labels(course, len(dates))
    )


def chances(course: Course, b: int, draw: Int[np.ndarray, "p"]) -> Float[np.ndarray, "d s u"]:
    """The chance of the course's event by each date, per posterior draw."""
    values = course.values[b]
    if course.chance is None:
        return spread_by_draw(values, draw)
    return chance_by_draw(course.chance[b], values, draw)


def _labels(course: Course, times: int) -> dict[str, Any]:
    state, partner = (np.tile(np.array([u[side] for u in course.units], object), times) for side in (0, 1))
    return {
        "kind": course.kind,
        "state": state,
        "partner": partner,
        "quantity": course.quantity,
        "unit": course.unit,
        "probability_of": course.probability_of,
    }


def _starts(course: Course, baseline: str) -> pd.DataFrame:
    """The values of the baseline day, with a band if they are estimates; none for events, which have not happened."""
    known = np.isfinite(course.start) & np.array([bool(day) for day in course.since], bool)
    table = pd.DataFrame({"value": course.start, "origin": np.array(course.origin, object)})
    lower, upper = (np.nan, np.nan) if course.opening is None else (course.opening[0], course.opening[-1])
    table = table.assign(date=baseline, lower=lower, upper=upper, mc_se=np.nan, **_labels(course, 1))
    return table[known]


def each(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, their columns as attributes."""
    yield from table.itertuples()


def between(table: pd.DataFrame, **equal: object) -> pd.DataFrame:
    """The rows in which every named column has the value given."""
    for column, value in equal.items():
        table = table[table[column] == value]
    return table


def year_ends(dates: Iterable[str]) -> Iterator[str]:
    """The last date of each year."""
    last = {str(day)[:4]: str(day)[:10] for day in sorted(dates)}
    yield from last.values()
