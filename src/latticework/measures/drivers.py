"""What moves a tie: the events of the paths, how likely they are, and how strong the tie is with and without them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from latticework.measures.courses import courses
from latticework.types import Bool

COLUMNS = ("state", "partner", "event", "of", "chance", "with_event", "without", "difference", "se")
FEWEST = 20  # paths on each side, below which no difference is told
TOLD = ("agreement ends", "cut by a fifth or more", "leader leaves office", "dispute")
APART = "farther apart in UN votes"


def drivers(ensemble: xr.Dataset, focus: tuple[str, ...], hub: str, rival: str, inputs: pd.DataFrame) -> pd.DataFrame:
    """A row per tie and event that can move it, of the first branch (columns: COLUMNS).

    `chance` is the share of paths on which the event has happened (or holds) at the end, `of` the state or dyad that
    has it; `with_event` and `without` are the mean strengths of the tie at the end on the paths with it and without,
    NaN where either are fewer than FEWEST; `se` is the Monte Carlo error of their difference. A difference is not a
    cause: paths with an event differ in more than it.
    """
    bound = inputs[(inputs["layer"] == "agreement") & (inputs["value"] > 0)]
    agreed = {frozenset(pair) for pair in zip(bound["state"], bound["partner"], strict=True)}
    happened = list(_events(ensemble, focus, hub, rival, inputs))
    rows = []
    ties = list(zip(ensemble["tie_state"].values.tolist(), ensemble["tie_partner"].values.tolist(), strict=True))
    last = ensemble["tie_strength"].isel(branch=0, time=-1).transpose("path", "tie").values.astype(np.float64)
    for number, pair in enumerate(ties):
        for name, unit, found in happened:
            possible = name != "agreement ends" or frozenset(unit) in agreed
            if possible and set(unit) - {""} <= set(pair):
                rows.append((*pair, name, "-".join(u for u in unit if u), *_compared(last[:, number], found)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _events(
    ensemble: xr.Dataset, focus: tuple[str, ...], hub: str, rival: str, inputs: pd.DataFrame
) -> Iterator[tuple[str, tuple[str, str], Bool[np.ndarray, "p"]]]:
    """The name of an event, whose it is, and on which paths it has happened at the end."""
    for course in courses(ensemble, focus, hub, rival, inputs):
        if course.probability_of and course.quantity in TOLD:
            for u, unit in enumerate(course.units):
                yield course.quantity, unit, np.asarray(course.values[0, :, -1, u] > 0)
        if course.kind == "tie" and course.quantity == "distance in UN votes":
            for u, unit in enumerate(course.units):
                if np.isfinite(course.start[u]):
                    yield APART, unit, np.asarray(course.values[0, :, -1, u] > course.start[u])


def _compared(strength: np.ndarray, found: np.ndarray) -> tuple[float, float, float, float, float]:
    chance = float(found.mean())
    sides = strength[found], strength[~found]
    if min(map(len, sides)) < FEWEST:
        return chance, np.nan, np.nan, np.nan, np.nan
    one, other = (float(side.mean()) for side in sides)
    error = float(np.sqrt(sum(side.var(ddof=1) / len(side) for side in sides)))
    return chance, one, other, one - other, error
