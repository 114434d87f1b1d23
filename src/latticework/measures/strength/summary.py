"""What draws say of ties: a band for every quarter, chances of a fall and of a break, what each layer adds.

Strength theta has mean 0 and sd 1 over all dyads of 2000-2009; on the scale from 0 to 100 it is 100 Phi(theta).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import ndtr

from latticework.measures.strength.attribution import Attribution
from latticework.measures.strength.conditional import LARGE, TieDraws
from latticework.measures.strength.hidden import Ties, innovations
from latticework.measures.strength.posterior import Draw, Sweep, scale_of
from latticework.measures.strength.smoother import QUARTERS
from latticework.types import Float

BAND = (0.1, 0.9)
WINDOW = 8  # quarters over which a fall is judged
TIES = (
    "date",
    "state",
    "partner",
    "value",
    "lower",
    "upper",
    "strength",
    "sd",
    "fell",
    "broke",
    "security",
    "diplomacy",
    "economy",
)
LAYERS = ("date", "state", "partner", "layer", "added")


def score(strength: Float[np.ndarray, "..."] | float) -> Float[np.ndarray, "..."]:
    """Tie strength from 0 to 100."""
    return np.asarray(100 * ndtr(np.asarray(strength, np.float64)))


def fell(strength: Float[np.ndarray, "s t ..."], alive: np.ndarray, window: int = WINDOW) -> Float[np.ndarray, "t ..."]:
    """The chance that strength is lower than `window` quarters before; NaN where the dyad was not there then."""
    share = np.full(strength.shape[1:], np.nan)
    share[window:] = (strength[:, window:] < strength[:, :-window]).mean(0)
    there = alive.copy()
    there[window:] &= alive[:-window]
    there[:window] = False
    return np.where(there, share, np.nan)


def broke(shock: Float[np.ndarray, "s t d"]) -> Float[np.ndarray, "t d"]:
    """The chance that at least one of the four quarters up to each had an innovation beyond three scales."""
    large = np.abs(shock) > LARGE
    within = large.copy()
    for lag in range(1, QUARTERS):
        within[:, lag:] |= large[:, :-lag]
    return within.mean(0)


def table(draws: TieDraws) -> pd.DataFrame:
    """A row for every dyad and quarter in which both states exist (columns: TIES)."""
    q = np.quantile(draws.strength, (0.5, *BAND), axis=0)
    columns = {
        "value": score(q[0]),
        "lower": score(q[1]),
        "upper": score(q[2]),
        "strength": draws.strength.mean(0),
        "sd": draws.strength.std(0, ddof=1),
        "fell": fell(draws.strength, draws.alive),
        "broke": broke(draws.shock),
    }
    factor = np.repeat(draws.factor.mean(0), QUARTERS, axis=0)
    columns |= {name: factor[:, m] for m, name in enumerate(("security", "diplomacy", "economy"))}
    return _rows(columns, draws.alive, draws.dates, draws.names)[list(TIES)]


def layer_table(
    parts: Float[np.ndarray, "k t d"],
    rest: Float[np.ndarray, "t d"],
    names: Sequence[str],
    alive: np.ndarray,
    dates: np.ndarray,
    dyads: Sequence[tuple[str, str]],
    last: int | None = None,
) -> pd.DataFrame:
    """What each layer adds to strength at the end of every year, in sd (columns: LAYERS); "standing" is the rest.

    With the number of a `last` quarter at its end too, and nothing after it.
    """
    ends = np.arange(QUARTERS - 1, len(dates), QUARTERS)
    if last is not None:
        ends = np.union1d(ends[ends < last], [last])
    tables = []
    for name, part in zip((*names, "standing"), (*parts, rest), strict=True):
        found = _rows({"added": part[ends]}, alive[ends], dates[ends], dyads)
        tables.append(found.assign(layer=name))
    return pd.concat(tables, ignore_index=True)[list(LAYERS)]


def _rows(
    columns: dict[str, np.ndarray], alive: np.ndarray, dates: np.ndarray, dyads: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    d, t = np.nonzero(alive.T)
    ends = np.array(dyads, dtype=object)
    days = np.array([str(day)[:10] for day in dates.astype("datetime64[D]")], dtype=object)
    told = {"date": days[t], "state": ends[d, 0], "partner": ends[d, 1]}
    return pd.DataFrame(told | {name: np.asarray(values, float)[t, d] for name, values in columns.items()})


@dataclass
class Gatherer:
    """Keeps of every sweep what the tables need; strength and shocks to three digits, contributions now and then."""

    ties: Ties
    dates: np.ndarray
    every: int = 4
    draws: list[Draw] = field(default_factory=list)
    strength: list[np.ndarray] = field(default_factory=list)
    shock: list[np.ndarray] = field(default_factory=list)
    factor: list[np.ndarray] = field(default_factory=list)
    attribution: Attribution = field(init=False)

    def __post_init__(self) -> None:
        self.attribution = Attribution(self.ties)

    def __call__(self, sweep: Sweep) -> None:
        """Take in one sweep."""
        hidden, dynamics = sweep.hidden, sweep.dynamics
        centre, spread = scale_of(hidden.strength, self.ties, self.dates)
        draw = Draw(sweep.items, dynamics, centre, spread)
        if len(self.draws) % self.every == 0:
            self.attribution.add(hidden, sweep.own, draw)
        self.draws.append(draw)
        self.strength.append(((hidden.strength - centre) / spread).astype(np.float16))
        moved = innovations(hidden.deviation, self.ties.quarters, dynamics.rho)
        self.shock.append((moved / dynamics.sigma[self.ties.dyads.patron]).astype(np.float16))
        self.factor.append(hidden.factor.astype(np.float16))

    def tables(self, block: int = 250) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The tables of ties and of layers, dyads in blocks so that memory stays small."""
        parts, names = self.attribution.parts(), self.ties.dyads.names
        whole, layers = [], []
        for first in range(0, len(names), block):
            part = slice(first, first + block)
            arrays = [
                np.stack([a[..., part] for a in kept]).astype(float)
                for kept in (self.strength, self.factor, self.shock)
            ]
            rest = arrays[0].mean(0) - parts[..., part].sum(0)
            alive = self.ties.dyads.alive[:, part]
            strength, factor, shock = arrays
            draws = TieDraws(names[part], self.dates, alive, strength, factor, shock, parts[..., part], rest)
            whole.append(table(draws))
            indicators = [rows.indicator.name for rows in self.ties.rows]
            layers.append(layer_table(draws.parts, rest, indicators, alive, self.dates, names[part]))
        return pd.concat(whole, ignore_index=True), pd.concat(layers, ignore_index=True)
