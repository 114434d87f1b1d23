"""What followed events of one kind, against the years without them: a difference in differences over the panel."""

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from latticework.audit.base import CAUSAL, Compared, Found, MissingEvidenceError
from latticework.audit.bootstrap import band, cluster_sums, resampled
from latticework.audit.evidence import TIE_STRENGTH, Evidence, Yearly
from latticework.fit.records import ENOUGH
from latticework.scenario.fields import Day, StateCode

FEWEST = 5  # clusters, or events, below which nothing is computed


class EventStudy(Compared):
    """The mean change of an outcome around events, less that of unit-years without one.

    The change is from the end of the year before the event to the end of the year `years` after it. Units are the dyads
    of `partner` with the `states`, or without a partner the states. `at` says who has the event: the state of the
    unit, the partner, or a `third` state. `where` keeps unit-years in which that layer is above 0. Years are compared
    within themselves, unless all units share the event, as it is the partner's or a third state's; then the years are
    the clusters of the bootstrap, else the states are.
    """

    test: Literal["event_study"]
    outcome: Yearly
    event: Yearly
    at: Literal["state", "partner", "third"] = "state"
    states: Annotated[tuple[StateCode, ...], Field(min_length=2)]
    partner: StateCode | None = None
    third: StateCode | None = None
    where: Yearly | None = None
    years: Annotated[int, Field(strict=True, ge=0, le=10)] = 1
    first: Day
    size: Literal["signed", "absolute"] = "signed"

    def found(self, evidence: Evidence) -> Found:
        """The difference and its band."""
        if self.at != "state" and not getattr(self, self.at):
            raise MissingEvidenceError(f"'at: {self.at}' needs a '{self.at}'")
        shared = self.at != "state"
        rows = self.changes(evidence)
        events = int(rows["event"].sum())
        cluster = pd.factorize(rows["year" if shared else "unit"])[0]
        sums = cluster_sums(_moments(rows, not shared), cluster)
        if events < FEWEST or len(sums) < FEWEST:
            raise MissingEvidenceError(f"only {events} events in {len(sums)} clusters: too few to tell")
        value, replicates = _slope(sums.sum(0)), _slope(resampled(sums))
        lower, upper = band(np.asarray(replicates))
        badge = "data-driven" if events >= ENOUGH and len(sums) >= 2 * FEWEST else "mixed"
        what = "absolute change" if self.size == "absolute" else "change"
        note = (
            f"{what} of {self.outcome} from the year before to {self.years} after '{self.event}' of the {self.at}: "
            f"{events} events, {len(rows) - events} unit-years without, {rows['year'].min()} to {rows['year'].max()}, "
            f"bootstrap over {len(sums)} {'years' if shared else 'states'}"
        )
        if self.outcome == TIE_STRENGTH:
            note += "; tie strength as estimated from all years, later ones too"
        return Found(float(value), lower, upper, "difference", "estimated", badge, note, CAUSAL)

    def changes(self, evidence: Evidence) -> pd.DataFrame:
        """A row per unit and year: unit, year, change, event (0 or 1)."""
        table = self._table(evidence)
        table = table.sort_values(["unit", "year"])
        groups = table.groupby("unit")["outcome"]
        change = groups.shift(-self.years) - groups.shift(1)
        apart = table.groupby("unit")["year"].shift(-self.years) - table.groupby("unit")["year"].shift(1)
        before = table.groupby("unit")["where"].shift(1)
        keep = change.notna() & table["event"].notna() & (apart == self.years + 1) & (before > 0)
        keep &= table["year"] >= self.first.year
        made = table.assign(change=change.abs() if self.size == "absolute" else change)[keep]
        if made.empty:
            raise MissingEvidenceError(f"the panel has no '{self.outcome}' around '{self.event}' for these states")
        return made.assign(event=(made["event"] > 0).astype(float))[["unit", "year", "change", "event"]]

    def _table(self, evidence: Evidence) -> pd.DataFrame:
        """Columns unit, year, outcome, event, where."""
        if self.third and self.at == "third":
            others = evidence.table("state", (self.event,), (self.third,))
            by_year = others.set_index("year")[self.event]
            wide, unit = self._units(evidence, ())
            return _columns(
                wide.assign(**{self.event: wide["year"].map(by_year)}), unit, self.outcome, self.event, self.where
            )
        wide, unit = self._units(evidence, (self.event,))
        if self.partner:
            if f"{self.event}_1" not in wide:
                raise MissingEvidenceError(f"'{self.event}' is not about states")
            first = (wide["state"] == self.partner).to_numpy()
            wanted = first if self.at == "partner" else ~first
            wide = wide.assign(**{self.event: wide[f"{self.event}_1"].where(wanted, wide[f"{self.event}_2"])})
        return _columns(wide, unit, self.outcome, self.event, self.where)

    def _units(self, evidence: Evidence, event: tuple[str, ...]) -> tuple[pd.DataFrame, pd.Series]:
        """The rows of the units by year, and the state that stands for each."""
        layers = tuple(dict.fromkeys(x for x in (self.outcome, *event, self.where) if x))
        if not self.partner:
            wide = evidence.table("state", layers, self.states)
            return wide, wide["state"]
        wide = evidence.table("dyad", layers, (*self.states, self.partner))
        wide = wide[(wide["state"] == self.partner) | (wide["partner"] == self.partner)]
        return wide, wide["partner"].where(wide["state"] == self.partner, wide["state"])


def _columns(wide: pd.DataFrame, unit: pd.Series, outcome: str, event: str, where: str | None) -> pd.DataFrame:
    for name in (outcome, event, *([where] if where else [])):
        if name not in wide:
            raise MissingEvidenceError(f"'{name}' has no single value for these units")
    there = wide[where] if where else 1.0
    return pd.DataFrame({"unit": unit, "year": wide["year"], "outcome": wide[outcome], "event": wide[event]}).assign(
        where=there
    )


def _moments(rows: pd.DataFrame, within_years: bool) -> np.ndarray:
    """Products of event and change about their means, of the year or of all, by row: (xy, xx)."""
    x, y = rows["event"], rows["change"]
    if within_years:
        by = rows["year"]
        x, y = x - x.groupby(by).transform("mean"), y - y.groupby(by).transform("mean")
    else:
        x, y = x - x.mean(), y - y.mean()
    return np.column_stack([x * y, x * x])


def _slope(sums: np.ndarray) -> np.ndarray:
    """The regression slope of the change on the event."""
    xy, xx = sums[..., 0], sums[..., 1]
    return np.divide(xy, xx, out=np.full(np.shape(xy), np.nan), where=xx > 0)
