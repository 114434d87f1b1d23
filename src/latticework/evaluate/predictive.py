"""Does a free-running simulation stay inside history? Statistics of its paths beside what happened, with a pass band.

The rule: what free-running paths do must be what history did, and must stay where history has been. A statistic is
`inside` if both hold:

- `covered`: what was observed lies in the central 90 % of the paths. Alone it is passed by a simulation so vague that
  it holds anything;
- `in_history`: the median path lies between the least and the greatest of the decades since 1950. Alone it is passed
  by one that halves a rate: history is wide, since the number of states doubled.

Where fewer than five decades are known their range says too little (that of k decades has the middle of their law in
it with chance 1 - 2^(1-k), 94 % for five), and `covered` decides alone. A simulation that is right has about nine in
ten of its statistics inside (of 40 paths, whose band has drawn ends, 86 %), not all, and they are not independent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from latticework.errors import InputError
from latticework.evaluate.history import STATISTICS, historical, known_years, layers_of, seen
from latticework.evaluate.statistic import Statistic, cut
from latticework.types import Array, Bool, Float, Int
from latticework.world import Panel, World

CENTRAL = 0.9
FEWEST_PATHS = 40  # two beyond each end of the band
FEWEST_DECADES = 5
ROUNDING = 1e-6  # relative: layers are single precision


def checks(
    simulated: Mapping[str, Array],
    observed: Panel,
    pairs: Int[np.ndarray, "q 2"] | None = None,
    statistics: Sequence[Statistic] = STATISTICS,
) -> pd.DataFrame:
    """Every statistic of the paths beside history, one row each.

    `simulated` has by layer what `simulate` returns: states (p, s, n), dyads (p, s, n, n), or (p, s, q) at `pairs` (one
    direction of a pair stands for both unless both are listed). `observed` is history since 1950 in the same steps
    (`load_history`); the last s of its steps are those simulated, from the world before them on, and its states'
    existence is taken as given. Both sides are read where both know: see `overlap`. A layer that is not simulated but
    read, such as the regime, is for the caller to give.

    Columns: those of `historical` without the decades, `paths`, `median`, `lower` and `upper` (the central 90 % of the
    paths), `covered`, `in_history` and `inside` (missing where the simulation lacks a layer or nothing is known).
    InputError for fewer than 40 paths or arrays that do not fit.
    """
    needed = {name: np.asarray(simulated[name]) for name in layers_of(statistics) if name in simulated}
    paths, steps = _sizes(needed, observed, pairs)
    history = seen(observed)
    begin = len(observed.dates) - steps - 1
    span, known = overlap(cut(history, begin, len(observed.dates)), needed, pairs)
    years = span.dates[1:].astype("datetime64[Y]").astype(int) + 1970
    judged = [s for s in statistics if set(s.layers) <= needed.keys()]
    drawn = np.array([[s(path) for s in judged] for path in _paths(needed, span, known, pairs)])
    table = historical(observed, int(years[0]), int(years[-1]), statistics)
    decades = [name for name in map(str, table) if name.endswith("0s")]
    counted = np.isfinite(table[decades].to_numpy(float)).sum(axis=1)
    rows = [_row(s, span, drawn[:, judged.index(s)] if s in judged else np.full(paths, np.nan)) for s in statistics]
    found = table.drop(columns=[*decades, "from", "to", "observed"]).merge(pd.DataFrame(rows), on="statistic")
    return ruled(found, counted)


def ruled(table: pd.DataFrame, decades: Int[np.ndarray, "r"]) -> pd.DataFrame:
    """The table with `covered`, `in_history` and `inside` by the rule; `decades` are those known of each statistic."""
    known = table[["observed", "median"]].notna().all(axis=1)
    covered = _between(table["observed"], table["lower"], table["upper"])
    within = _between(table["median"], table["low"], table["high"])
    long = decades >= FEWEST_DECADES
    return table.assign(
        covered=covered.where(known),
        in_history=within.where(known & long),
        inside=(covered & (within | ~long)).where(known),
    )


def share_inside(table: pd.DataFrame, column: str = "inside") -> float:
    """The share of the statistics judged that are inside (or `covered`, or `in_history`); NaN if none was judged."""
    judged = table[column].dropna()
    return float(judged.mean()) if len(judged) else np.nan


def overlap(
    span: Panel, simulated: Mapping[str, Array], pairs: Int[np.ndarray, "q 2"] | None = None
) -> tuple[Panel, dict[str, Bool[np.ndarray, "t ..."]]]:
    """History where the simulation knows too, and which cells of each layer both know.

    A cell of a step is known to the simulation if it is on every path; the opening is history's.
    """
    states, dyads, known = dict(span.world.states), dict(span.world.dyads), {}
    for name, values in simulated.items():
        home = states if name in states else dyads
        there = np.isfinite(values).all(axis=0)
        if name in dyads and there.ndim == 2 and pairs is not None:
            there = spread_out(there.astype(np.float32), pairs, span.world.n) > 0
        opening = np.isfinite(home[name][:1])
        known[name] = np.isfinite(home[name]) & np.concatenate([opening, there])
        home[name] = np.where(known[name], home[name], np.nan)
    return replace(span, world=World(span.world.present, states, dyads)), known


def spread_out(values: Float[np.ndarray, "s q"], pairs: Int[np.ndarray, "q 2"], n: int) -> Float[np.ndarray, "s n n"]:
    """Values at pairs as a matrix; the other direction of a pair has the same unless it is listed itself."""
    out = np.full((len(values), n, n), np.nan, dtype=np.float32)
    out[:, pairs[:, 1], pairs[:, 0]] = values
    out[:, pairs[:, 0], pairs[:, 1]] = values
    return out


def _paths(
    simulated: Mapping[str, Array], span: Panel, known: Mapping[str, np.ndarray], pairs: Int[np.ndarray, "q 2"] | None
) -> Iterator[Panel]:
    """Each path as a panel from the opening on, read where both sides know."""
    for path in range(len(next(iter(simulated.values()), ()))):
        layers: tuple[dict[str, Array], dict[str, Array]] = {}, {}
        for name, values in simulated.items():
            of_state = name in span.world.states
            home = span.world.states if of_state else span.world.dyads
            drawn = np.asarray(values[path], np.float32)
            if not of_state and drawn.ndim == 2 and pairs is not None:
                drawn = spread_out(drawn, pairs, span.world.n)
            whole = np.concatenate([np.asarray(home[name][:1]), drawn])
            layers[0 if of_state else 1][name] = np.where(known[name], whole, np.float32(np.nan))
        yield replace(span, world=World(span.world.present, *layers))


def _row(statistic: Statistic, span: Panel, drawn: Float[np.ndarray, "p"]) -> dict[str, object]:
    years = known_years(span, statistic)
    values = drawn[np.isfinite(drawn)]
    tail = (1 - CENTRAL) / 2
    lower, median, upper = np.quantile(values, [tail, 0.5, 1 - tail]) if len(values) else [np.nan] * 3
    return {
        "statistic": statistic.name,
        "from": years[0] if years else 0,
        "to": years[-1] if years else 0,
        "observed": statistic(span),
        "paths": len(values),
        "median": median,
        "lower": lower,
        "upper": upper,
    }


def _between(value: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """Whether the value lies between the two, ends and rounding included."""
    slack = ROUNDING * value.abs()
    return ((value >= low - slack) & (value <= high + slack)).astype("boolean")


def _sizes(simulated: Mapping[str, Array], observed: Panel, pairs: Int[np.ndarray, "q 2"] | None) -> tuple[int, int]:
    """The number of paths and of steps; InputError if the arrays do not fit each other or history."""
    if not simulated:
        raise InputError("The simulation has no layer that a statistic reads.")
    paths, steps = next(iter(simulated.values())).shape[:2]
    if paths < FEWEST_PATHS:
        raise InputError(f"A band of paths needs at least {FEWEST_PATHS} of them, not {paths}.")
    if not 0 < steps < len(observed.dates):
        raise InputError(f"The simulation has {steps} steps; history has {len(observed.dates) - 1}.")
    n, held = observed.world.n, observed.world
    for name, values in simulated.items():
        if name not in held.states and name not in held.dyads:
            raise InputError(f"History has no layer '{name}' with which to compare the simulation.")
        fits = [(paths, steps, n)] if name in held.states else [(paths, steps, n, n)]
        fits += [(paths, steps, len(pairs))] if name in held.dyads and pairs is not None else []
        if values.shape not in fits:
            raise InputError(f"The layer '{name}' has the shape {values.shape}, not {' or '.join(map(str, fits))}.")
    return paths, steps
