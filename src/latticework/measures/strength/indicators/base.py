"""An indicator reads one thing of every tie: when, in which domain, and by which family it speaks of strength."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Family
from latticework.types import Array, Float
from latticework.world import Panel

DOMAINS = ("security", "diplomacy", "economy")
LAST_QUARTER = 4


class Reading(NamedTuple):
    """Values per quarter and dyad, NaN where nothing is read, with the sd of each where it is published (else 0)."""

    value: Float[np.ndarray, "t d"]
    sd: Float[np.ndarray, "t d"] | float = 0.0


@dataclass(frozen=True)
class Indicator:
    """One indicator of tie strength.

    `reads` names the layers, `read` makes the values from a quarterly panel of all states. `usual` is the usual
    loading, negative where more of it means a weaker tie; the loading is estimated within a factor of it, unless it
    is `fixed`: that sets the scale of strength. `patrons` are the hubs whose dyads the indicator is told of (empty:
    all dyads), `opportunity` says that neighbours do more of it whatever their tie, `alone` that it is the only
    one of its domain, so that the factor is what is lastingly special about it. An "event" is counted in its
    quarter, a "stock" is read at the end of a year, a "flow" is the sum of one.
    """

    name: str
    title: str
    domain: str
    family: Family
    usual: float
    reads: tuple[str, ...]
    read: Callable[[Panel, Dyads], Reading]
    fixed: float | None = None
    patrons: tuple[str, ...] = ()
    opportunity: bool = False
    alone: bool = False
    pace: Literal["event", "stock", "flow"] = "event"

    @property
    def flow(self) -> bool:
        """Whether a reading stands for the mean of its year's four quarters."""
        return self.pace == "flow"

    @property
    def stock(self) -> bool:
        """Whether a reading stands for the last quarter of its year."""
        return self.pace == "stock"

    @property
    def domain_index(self) -> int:
        """The place of its domain in DOMAINS."""
        return DOMAINS.index(self.domain)


def quarter_of(dates: np.ndarray) -> np.ndarray:
    """The quarter of the year, 1 to 4, of each date."""
    return (dates.astype("datetime64[M]").astype(int) % 12) // 3 + 1


def yearly(panel: Panel, values: Float[np.ndarray, "t d"]) -> Float[np.ndarray, "t d"]:
    """What stands at the end of each year and nothing else: a stock is read once a year."""
    return np.where((quarter_of(panel.dates) == LAST_QUARTER)[:, None], values, np.nan)


def either(layer: Array, dyads: Dyads) -> Float[np.ndarray, "t d"]:
    """A dyad layer in whichever direction is known, the greater of the two."""
    values = np.asarray(layer)
    return np.fmax(values[:, dyads.first, dyads.second], values[:, dyads.second, dyads.first])
