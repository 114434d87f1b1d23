"""The strength of ties in a simulation: what it starts from, read off the panel, and what every path makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from latticework.actions.beside import beside
from latticework.actions.kept import kept
from latticework.actions.strength import HOME, SHARED, load_shared, loader
from latticework.measures.strength.layers import Held, held, readings
from latticework.measures.strength.readings import eras_of, ties_of
from latticework.measures.strength.simulated import Law, Steps, law_of, simulated_strength
from latticework.measures.strength.start import Start, started
from latticework.measures.strength.summary import score
from latticework.scenario.schema import Scenario
from latticework.store import sha256
from latticework.types import Float, Key

DYAD_LAYERS = ("agreement", "defence", "troops", "dispute")
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
AT_ONCE = 200
ABREAST = 2  # branches
EACH = ("branch", "path", "time", "tie")


@dataclass(frozen=True)
class TieStart:
    """Where the ties of a scenario start: their posterior at the end of a quarter, and what the simulation holds."""

    start: Start
    law: Law
    stood: Held
    day: np.datetime64


def tie_start(scenario: Scenario) -> TieStart:
    """The start of the ties among the focus states, from what was known on the baseline day.

    Errors: PanelError if the shipped files of tie strength are missing or damaged.
    """
    load_shared()
    return _started(str(scenario.baseline), tuple(sorted(scenario.focus)), sha256(HOME / SHARED))


@lru_cache(maxsize=4)
def _started(baseline: str, focus: tuple[str, ...], file: str) -> TieStart:
    """The start of a scenario's ties: a dozen seconds, so once for every state of the file."""
    return kept("tie-start", (baseline, focus, file), lambda: _made(baseline, focus))


def _made(baseline: str, focus: tuple[str, ...]) -> TieStart:
    shared, load = load_shared(), loader(baseline)
    pairs = list(combinations(focus, 2))
    ties, dates = ties_of(pairs, load, shared.units)
    quarter = int(np.searchsorted(dates, np.datetime64(baseline), side="right")) - 1
    with threadpool_limits(1):
        start = started(shared, ties, quarter).pinned()
    return TieStart(start, law_of(shared, start), held(load, ties.dyads, quarter, shared.units), dates[quarter])


def with_tie_strength(ensemble: xr.Dataset, ties: TieStart, key: Key) -> xr.Dataset:
    """The ensemble with the strength of each tie on every path (0-100) and whether it is below that of the start.

    A path starts from its draw of today's strength, of which simulated layers tell nothing. `tie_strength_start`
    (level, tie) has the quantiles at the start, `tie_strength_day` in `attrs` its date. Branches share their noise.
    """
    steps, late = _steps(ensemble["time"].values, ties.day)
    names, draws = ties.start.dyads.names, ties.start.strength
    draw = np.arange(ensemble.sizes["path"]) % len(draws)

    def of(branch: str) -> tuple[np.ndarray, np.ndarray]:
        read = _read(ensemble.sel(branch=branch), ties, steps.quarter[late:])
        lead = np.full((late, *read.shape[1:]), np.nan, np.float32)
        now = np.moveaxis(_all_paths(ties, steps, np.concatenate([lead, read]), key), 0, 1)[:, late:]
        return score(now).astype(np.float32), (now < draws[draw][:, None]).astype(np.int8)

    with beside(ABREAST) as threads:
        strength, weaker = zip(*threads.map(of, ensemble["branch"].values), strict=True)
    coords = {
        "tie": np.array(["-".join(pair) for pair in names], object),
        "tie_draw": ("path", draw),
        "level": np.array(LEVELS),
        "tie_state": ("tie", np.array([a for a, _ in names], object)),
        "tie_partner": ("tie", np.array([b for _, b in names], object)),
        "tie_strength_start": (("level", "tie"), score(np.quantile(draws, LEVELS, axis=0))),
    }
    variables = {"tie_strength": (EACH, np.stack(strength)), "tie_weaker": (EACH, np.stack(weaker))}
    added = ensemble.assign(variables).assign_coords(coords)
    return added.assign_attrs(tie_strength_day=str(ties.day.astype("datetime64[D]")))


def _steps(ends: np.ndarray, day: np.datetime64) -> tuple[Steps, int]:
    """The steps from the start on, and how many of them lie between the start and the first simulated one."""
    months = np.arange(day.astype("datetime64[M]"), ends[-1].astype("datetime64[M]"), 3) + 3
    steps = Steps(tuple((months.astype(int) % 12 // 3 + 1).tolist()), tuple(eras_of(months).tolist()))
    return steps, len(months) - len(ends)


def _read(worlds: xr.Dataset, ties: TieStart, quarter: Sequence[int]) -> Float[np.ndarray, "t k p d"]:
    """The readings on all paths of one branch."""
    dyads = ties.start.dyads
    at = [worlds["dyad"].values.tolist().index("-".join(pair)) for pair in dyads.names]
    layers = {name: _numbers(worlds[name].isel(dyad=at), "dyad") for name in DYAD_LAYERS}
    codes = tuple(worlds["state"].values.tolist())
    return readings(ties.stood, dyads, layers, _numbers(worlds["ideal_point"], "state"), codes, tuple(quarter))


def _numbers(layer: xr.DataArray, last: str) -> Float[np.ndarray, "p t u"]:
    """A layer as numbers, NaN where whole numbers have none."""
    values = layer.transpose("path", "time", last).values
    return np.where(values < 0, np.nan, values).astype(np.float64) if values.dtype.kind == "i" else values


def _all_paths(
    ties: TieStart, steps: Steps, read: Float[np.ndarray, "t k p d"], key: Key
) -> Float[np.ndarray, "t p d"]:
    """Strength on all paths, AT_ONCE at a time; the last share is filled up, so that all run through one program."""
    count, parts = read.shape[2], []
    for first in range(0, count, AT_ONCE):
        paths = np.arange(first, first + AT_ONCE)
        share = read[:, :, np.minimum(paths, count - 1)]
        parts.append(simulated_strength(ties.law, ties.start, steps, share, key, paths))
    return np.concatenate(parts, axis=1)[:, :count]
