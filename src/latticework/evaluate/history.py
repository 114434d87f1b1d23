"""History in the numbers of the statistics: decade by decade, and over the years that a simulation is compared with."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from latticework.data import load_panel
from latticework.effects import PoliticallyRelevant
from latticework.evaluate.events import EVENTS
from latticework.evaluate.levels import LEVELS
from latticework.evaluate.networks import NETWORKS
from latticework.evaluate.statistic import Statistic, window
from latticework.world import Panel, World

STATISTICS: tuple[Statistic, ...] = (*EVENTS, *NETWORKS, *LEVELS)
FIRST, LAST = 1990, 2018
BEGINS = 1950  # the first world of the panel: its first decade has the nine years after it
FEWEST = 5  # years of which a decade must be known to count

AT_RISK = ("dispute", "dispute_force", "dispute_deaths")  # layers that `load_at_risk` cuts

# The last year that was seen, where the panel carries on what ran then; other layers are NaN after their coverage.
SEEN_TO = {
    "agreement": 2015,  # ATOP 4.01 has the first half of 2016
    "agreement_ended": 2015,
    "agreement_signed": 2015,
    "membership_joined": 2015,
    "membership_left": 2015,
    "defence": 2018,  # ATOP 5.1
    "exit_irregular": 2015,  # Archigos; of later exits the manner is not on record
}


def layers_of(statistics: Iterable[Statistic] = STATISTICS) -> tuple[str, ...]:
    """The layers that some statistics read."""
    return tuple(dict.fromkeys(layer for statistic in statistics for layer in statistic.layers))


def load_history(last: int = LAST, step: str = "year") -> Panel:
    """The shipped panel's worlds from 1950 to the year `last`, with the layers of all statistics."""
    return load_panel(start=BEGINS, end=last, step=step, layers=layers_of())  # pyright: ignore[reportArgumentType]


def load_at_risk(last: int = LAST, step: str = "year") -> Panel:
    """The same history with the disputes that a process can begin, and no others.

    They are of politically relevant dyads (in the record four in five are), of which none went on when the step began.
    """
    needed = (*layers_of(), "contiguity", "major_power", "dispute_ongoing")
    panel = load_panel(start=BEGINS, end=last, step=step, layers=needed)  # pyright: ignore[reportArgumentType]
    near = (np.asarray(PoliticallyRelevant()(panel.world)) > 0) & ~(np.asarray(panel.world.dyad("dispute_ongoing")) > 0)
    before = np.concatenate([near[:1], near[:-1]])  # when the step began
    held = {name: np.where(before, np.asarray(panel.world.dyad(name)), np.float32(np.nan)) for name in AT_RISK}
    return replace(panel, world=panel.world.replace(dyads=held))


def seen(panel: Panel) -> Panel:
    """The panel without what is only carried on (SEEN_TO), as NumPy arrays."""
    years = _years(panel)

    def kept(name: str, layer: np.ndarray) -> np.ndarray:
        values = np.array(layer)
        values[years > SEEN_TO.get(name, years.max())] = np.nan
        return values

    states = {name: kept(name, np.asarray(layer)) for name, layer in panel.world.states.items()}
    dyads = {name: kept(name, np.asarray(layer)) for name, layer in panel.world.dyads.items()}
    return replace(panel, world=World(np.asarray(panel.world.present), states, dyads))


def historical(
    panel: Panel, first: int = FIRST, last: int = LAST, statistics: Sequence[Statistic] = STATISTICS
) -> pd.DataFrame:
    """What history says of every statistic, one row each.

    Columns: statistic, title, unit, layers, source, `from` and `to` (the years of the span in which all its layers are
    known), `observed` over the years `first` to `last`, one column per decade ("1950s"), and `low` and `high`, the
    least and the greatest of the decades. A decade counts if at least FEWEST years of it are known; NaN if it does not.
    """
    history = seen(panel)
    span = window(history, first, last)
    decades = decades_of(history)
    rows = []
    for statistic in statistics:
        values = [statistic(p) if len(known_years(p, statistic)) >= FEWEST else np.nan for p in decades.values()]
        years = known_years(span, statistic)
        known = [value for value in values if np.isfinite(value)]
        rows.append(
            {
                "statistic": statistic.name,
                "title": statistic.title,
                "unit": statistic.unit,
                "layers": " ".join(statistic.layers),
                "source": "; ".join(dict.fromkeys(panel.sources.get(layer, "") for layer in statistic.layers)),
                "from": years[0] if years else 0,
                "to": years[-1] if years else 0,
                "observed": statistic(span),
                **dict(zip(decades, values, strict=True)),
                "low": min(known, default=np.nan),
                "high": max(known, default=np.nan),
            }
        )
    return pd.DataFrame(rows)


def decades_of(panel: Panel) -> dict[str, Panel]:
    """The panel by decades of its steps, each with its opening."""
    begins = np.unique(_years(panel)[1:] // 10 * 10).tolist()
    return {f"{begin}s": window(panel, begin, begin + 9) for begin in begins}


def known_years(panel: Panel, statistic: Statistic) -> list[int]:
    """The years after the opening in which something of every layer of the statistic is known."""
    there = np.ones(len(panel.dates), dtype=bool)
    for name in statistic.layers:
        held = panel.world.states if name in panel.world.states else panel.world.dyads
        there &= np.isfinite(np.asarray(held[name])).reshape(len(there), -1).any(axis=1)
    return [int(year) for year in np.unique(_years(panel)[1:][there[1:]])]


def _years(panel: Panel) -> np.ndarray:
    return panel.dates.astype("datetime64[Y]").astype(int) + 1970
