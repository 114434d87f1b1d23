"""A measured tie is its series, what each layer adds, where readings lie, and what was promised."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from latticework.measures.strength.indicators import INDICATORS

STANDING = "standing"
TITLES = {i.name: i.title for i in INDICATORS} | {STANDING: "its long-run level"}


@dataclass(frozen=True)
class TieResult:
    """One tie up to a date, shown from `start` on.

    `ties` and `layers` have the columns of the shipped files and the rows of this dyad, `network` those of all dyads at
    its last date (empty where they cannot be compared). `readings` has a row (date, layer) for every reading of an
    indicator, `pledges` a row (date, grade, label) for every change of what the two have promised. `names` are the
    states' names, `draws` is the number of posterior draws, `origin` says where the series comes from in one sentence.
    """

    ties: pd.DataFrame
    layers: pd.DataFrame
    network: pd.DataFrame
    readings: pd.DataFrame
    pledges: pd.DataFrame
    names: Mapping[str, str]
    start: str
    draws: int
    origin: str

    @property
    def pair(self) -> tuple[str, str]:
        """The codes of the two states, in alphabetical order."""
        last = self.ties.iloc[-1]
        return str(last["state"]), str(last["partner"])

    @property
    def shown(self) -> pd.DataFrame:
        """The quarters asked for."""
        return self.ties[self.ties["date"] >= self.start].reset_index(drop=True)

    @property
    def last(self) -> str:
        """The date of the last quarter."""
        return str(self.ties["date"].iloc[-1])

    @property
    def ends(self) -> dict[str, str]:
        """The date of the last reading of each indicator that has any."""
        seen = self.readings[self.readings["date"] <= self.last]
        return {str(layer): str(day) for layer, day in seen.groupby("layer")["date"].max().items()}
