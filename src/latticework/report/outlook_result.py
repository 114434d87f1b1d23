"""An outlook: a scenario of one branch from a day, with the past of its ties and what happened since."""

from dataclasses import dataclass

import pandas as pd

from latticework.measures.since import Tally, tally
from latticework.report.results import Results

HINDSIGHT = (
    "The state of the world is that known on {day}; the laws of motion and how layers speak of strength were learned "
    "from all years, later ones too, and so were the levels of single states and dyads. What happened is therefore no "
    "test of the model on years that it had not seen."
)


@dataclass(frozen=True)
class DayOutlook:
    """One outlook, whole.

    `past` and `layers` have the columns of the shipped files of tie strength, as known on the day; `read` a row (state,
    partner, date, layer) for every reading behind them. `later` has the columns of `past`, from all years. `drivers` is
    the table of `measures.drivers`, `since` that of `measures.since`.
    """

    results: Results
    past: pd.DataFrame
    layers: pd.DataFrame
    read: pd.DataFrame
    later: pd.DataFrame
    drivers: pd.DataFrame
    since: pd.DataFrame
    tie_draws: int

    @property
    def day(self) -> str:
        """The day on which it stands."""
        return str(self.results.scenario.baseline)

    @property
    def start(self) -> str:
        """The end of the last quarter before the day, from which ties start."""
        return str(self.results.ensemble.attrs["tie_strength_day"])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The ties, the strongest first."""
        now = self.past[self.past["date"] == self.start].sort_values("value", ascending=False)
        return [(str(r.state), str(r.partner)) for r in now.itertuples()]

    @property
    def tally(self) -> Tally:
        """What the comparison with the record adds up to."""
        return tally(self.since)

    def of(self, table: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
        """The rows of a table that are about a tie."""
        return table[(table["state"] == pair[0]) & (table["partner"] == pair[1])].reset_index(drop=True)
