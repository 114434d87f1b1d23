"""The past of some ties as known on a day, and where they start from then: one chain, so that the two meet."""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from latticework.actions.strength import LAST_YEAR, load_shared, loader
from latticework.actions.tie_outlook import TieStart
from latticework.measures.strength.attribution import Attribution
from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.hidden import Hidden, Ties, innovations
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.layers import held
from latticework.measures.strength.posterior import Draw
from latticework.measures.strength.readings import ties_of
from latticework.measures.strength.simulated import law_of
from latticework.measures.strength.start import started
from latticework.measures.strength.summary import layer_table, table
from latticework.scenario.schema import Scenario


@dataclass(frozen=True)
class TiePast:
    """The ties among the focus states up to the last quarter that had ended on the baseline day.

    `ties` and `layers` have the columns of the shipped files, `read` a row (state, partner, date, layer)
    for every reading, and all of them only what was known on the day. The last rows of `ties` are the law of `start`.
    """

    start: TieStart
    ties: pd.DataFrame
    layers: pd.DataFrame
    read: pd.DataFrame
    draws: int


def tie_past(scenario: Scenario) -> TiePast:
    """The past of a scenario's ties; PanelError if the shipped files of tie strength are missing or damaged."""
    shared, day = load_shared(), scenario.baseline
    load = loader(str(day), min(day.year, LAST_YEAR))
    ties, dates = ties_of(list(combinations(sorted(scenario.focus), 2)), load, shared.units)
    quarter = int(np.searchsorted(dates, np.datetime64(day), side="right")) - 1
    seen = _Seen(ties)
    with threadpool_limits(1):
        start = started(shared, ties, quarter, watch=seen).pinned()
        draws = seen.draws(dates)
    stands = held(load, ties.dyads, quarter, shared.units)
    names = [indicator.name for indicator in INDICATORS]
    layers = layer_table(draws.parts, draws.rest, names, draws.alive, draws.dates, draws.names, quarter)
    told = table(draws)
    last = str(dates[quarter].astype("datetime64[D]"))
    return TiePast(
        start=TieStart(start, law_of(shared, start), stands, dates[quarter]),
        ties=told[told["date"] <= last].reset_index(drop=True),
        layers=layers[layers["date"] <= last].reset_index(drop=True),
        read=_read(ties, dates, last),
        draws=len(shared.draws),
    )


@dataclass
class _Seen:
    """Keeps of every draw what tells the past: strength, shocks, factors and what each layer adds."""

    ties: Ties
    strength: list[np.ndarray] = field(default_factory=list)
    shock: list[np.ndarray] = field(default_factory=list)
    factor: list[np.ndarray] = field(default_factory=list)
    attribution: Attribution = field(init=False)

    def __post_init__(self) -> None:
        self.attribution = Attribution(self.ties)

    def __call__(self, hidden: Hidden, own: tuple[np.ndarray, ...], draw: Draw) -> None:
        """Take in one draw."""
        moved = innovations(hidden.deviation, self.ties.quarters, draw.dynamics.rho)
        self.strength.append((hidden.strength - draw.centre) / draw.spread)
        self.shock.append(moved / draw.dynamics.sigma[self.ties.dyads.patron])
        self.factor.append(hidden.factor)
        self.attribution.add(hidden, own, draw)

    def draws(self, dates: np.ndarray) -> TieDraws:
        """All draws, with what each layer adds to their mean."""
        arrays, parts = (np.array(a) for a in (self.strength, self.factor, self.shock)), self.attribution.parts()
        strength, factor, shock = arrays
        dyads, rest = self.ties.dyads, strength.mean(0) - parts.sum(0)
        return TieDraws(dyads.names, dates, dyads.alive, strength, factor, shock, parts, rest)


def _read(ties: Ties, dates: np.ndarray, last: str) -> pd.DataFrame:
    """A row for every reading up to a day."""
    days = np.array([str(d)[:10] for d in dates], dtype=object)
    ends = np.array(ties.dyads.names, dtype=object)
    parts = [
        pd.DataFrame(
            {
                "state": ends[rows.d, 0],
                "partner": ends[rows.d, 1],
                "date": days[rows.t],
                "layer": rows.indicator.name,
            }
        )
        for rows in ties.rows
    ]
    found = pd.concat(parts, ignore_index=True)
    return found[found["date"] <= last].reset_index(drop=True)
