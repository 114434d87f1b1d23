"""A statistic is a function from worlds through time to one number, the same for observed and simulated worlds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from latticework.types import Float, Int
from latticework.world import Panel, World

DECADE = 10.0
NEAR = 0.05  # years by which a date may miss a whole number of years: leap days, not months


@dataclass(frozen=True)
class Statistic:
    """One number that sums up worlds through time: its name, title and unit, the layers it reads, and how.

    The first world is the opening: events are those of the steps after it, levels those of the worlds after it.
    """

    name: str
    title: str
    unit: str
    layers: tuple[str, ...]
    measure: Callable[[Panel], float]

    def __call__(self, panel: Panel) -> float:
        """The statistic of the panel's worlds; NaN if nothing that it needs is known."""
        return float(self.measure(panel))


def window(panel: Panel, first: int, last: int) -> Panel:
    """The panel's worlds from the last before the year `first` (the opening) to the end of the year `last`."""
    years = panel.dates.astype("datetime64[Y]").astype(int) + 1970
    begin = max(int(np.searchsorted(years, first)) - 1, 0)
    return cut(panel, begin, int(np.searchsorted(years, last, side="right")))


def cut(panel: Panel, begin: int, end: int) -> Panel:
    """The panel's worlds number `begin` to `end`, the latter left out, as NumPy arrays."""
    world = panel.world
    states = {name: np.asarray(layer[begin:end]) for name, layer in world.states.items()}
    dyads = {name: np.asarray(layer[begin:end]) for name, layer in world.dyads.items()}
    return replace(
        panel, world=World(np.asarray(world.present[begin:end]), states, dyads), dates=panel.dates[begin:end]
    )


def states(panel: Panel, layer: str) -> Float[np.ndarray, "t n"]:
    """A layer of the states."""
    return np.asarray(panel.world.state(layer))


def dyads(panel: Panel, layer: str) -> Float[np.ndarray, "t n n"]:
    """A layer of dyads in both directions, each known where one of the two is."""
    there = np.asarray(panel.world.dyad(layer))
    return np.where(np.isnan(there), np.swapaxes(there, -1, -2), there)


def pairs(panel: Panel, layer: str) -> Float[np.ndarray, "t q"]:
    """A layer of dyads, each unordered pair once."""
    above = np.triu_indices(panel.world.n, 1)
    return dyads(panel, layer)[:, *above]


def per_decade(panel: Panel, events: Float[np.ndarray, "t u"]) -> float:
    """Events per decade over the steps of which anything is known; NaN is an event not known."""
    known = np.isfinite(events[1:]).any(axis=1)
    years = panel.dt[known].sum()
    return DECADE * float(np.nansum(events[1:][known])) / years if years > 0 else np.nan


def on_average(yearly: Float[np.ndarray, "t"]) -> float:
    """The mean over the worlds after the opening of which it is known."""
    known = yearly[1:][np.isfinite(yearly[1:])]
    return float(known.mean()) if len(known) else np.nan


def apart(panel: Panel, years: int) -> tuple[Int[np.ndarray, "m"], Int[np.ndarray, "m"]]:
    """Numbers of the worlds that are whole years from the opening, paired with those so many years later."""
    elapsed = np.concatenate([[0.0], np.cumsum(panel.dt)])
    whole = {int(np.rint(time)): i for i, time in enumerate(elapsed) if abs(time - np.rint(time)) < NEAR}
    found = [(i, whole[year + years]) for year, i in whole.items() if year + years in whole]
    before, after = zip(*found, strict=True) if found else ((), ())
    return np.array(before, int), np.array(after, int)


def changes(panel: Panel, levels: Float[np.ndarray, "t u"], years: int = 1) -> Float[np.ndarray, "m u"]:
    """How much levels change over so many years, from every whole year on; NaN where one end is not known."""
    before, after = apart(panel, years)
    return levels[after] - levels[before]


def logs(levels: Float[np.ndarray, "t u"]) -> Float[np.ndarray, "t u"]:
    """Logs of positive levels; NaN of others."""
    return np.log(np.where(levels > 0, levels, np.nan))


def spread(values: Float[np.ndarray, "..."]) -> float:
    """The standard deviation of what is known; NaN of fewer than two."""
    known = values[np.isfinite(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else np.nan
