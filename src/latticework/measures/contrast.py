"""A contrast compares two branches path by path: they share random numbers, so what differs is the assumption."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import xarray as xr

from latticework.errors import UnknownNameError
from latticework.measures.chances import around_mean, monte_carlo_se, spread_by_draw
from latticework.measures.courses import Course, courses, draws_of
from latticework.measures.outlook import chances
from latticework.types import Int

COLUMNS = (
    "branch",
    "against",
    "kind",
    "state",
    "partner",
    "quantity",
    "unit",
    "date",
    "value",
    "mean",
    "lower",
    "upper",
    "probability_of",
    "mc_se",
    "clear",
    "draws",
    "paths",
    "origin",
)
CLEAR = 2.0  # Monte Carlo standard errors: a smaller difference may be chance


def contrast(
    ensemble: xr.Dataset,
    focus: Iterable[str],
    hub: str,
    rival: str,
    inputs: pd.DataFrame,
    branch: str,
    against: str,
    found: Iterable[Course] | None = None,
) -> pd.DataFrame:
    """How `branch` differs from `against` at each date, branch minus against (columns: COLUMNS).

    Numbers: `value` is the median of the differences path by path, `mean` their mean, which also tells of few paths
    that differ much. Chances: `value` and `mean` are the difference of the shares. `lower` and `upper` are the 80 %
    band of `mean`, which holds the spread of the posterior draws, with the assumptions' sizes, and Monte Carlo error.
    `mc_se` is the paired Monte Carlo standard error of the mean and `clear` whether the mean exceeds it twice.
    `found` are the ensemble's courses, if they have been made already.
    """
    names = ensemble["branch"].values.tolist()
    for name in (branch, against):
        if name not in names:
            raise UnknownNameError("branch", name, names, where="this ensemble")
    b, a, draw = names.index(branch), names.index(against), draws_of(ensemble)
    dates = [str(day)[:10] for day in ensemble["time"].values]
    found = courses(ensemble, tuple(focus), hub, rival, inputs) if found is None else found
    with ThreadPoolExecutor() as threads:  # NumPy sorts without the interpreter's lock
        each = [course for course in found if course.units]
        tables = list(threads.map(lambda course: _difference(course, b, a, dates, draw), each))
    whole = pd.concat(tables, ignore_index=True).assign(branch=branch, against=against, origin="estimated, assumed")
    return whole.assign(draws=len(np.unique(draw)), paths=len(draw))[list(COLUMNS)]


def _difference(course: Course, b: int, a: int, dates: list[str], draw: Int[np.ndarray, "p"]) -> pd.DataFrame:
    paired = course.values[b].astype(np.float64) - course.values[a].astype(np.float64)
    mean, error = paired.mean(axis=0), monte_carlo_se(paired, draw)
    value = mean if course.probability_of else np.median(paired, axis=0)
    lower, upper = around_mean(mean, _by_draw(course, b, a, paired, draw), error)
    clear = (np.abs(mean) > CLEAR * error) & (mean != 0)
    arrays = {"value": value, "mean": mean, "lower": lower, "upper": upper, "mc_se": error, "clear": clear}
    state, partner = (np.tile(np.array([u[side] for u in course.units], object), len(dates)) for side in (0, 1))
    return pd.DataFrame({name: array.ravel() for name, array in arrays.items()}).assign(
        kind=course.kind,
        state=state,
        partner=partner,
        quantity=course.quantity,
        unit=course.unit,
        probability_of=course.probability_of,
        date=np.repeat(dates, len(course.units)).astype(object),
    )


def _by_draw(course: Course, b: int, a: int, paired: np.ndarray, draw: Int[np.ndarray, "p"]) -> np.ndarray:
    """The mean difference, or that of the chances, draw by draw."""
    if course.chance is None:
        return spread_by_draw(paired, draw)
    return chances(course, b, draw) - chances(course, a, draw)
