"""How many events, or years, or states of a layer there were; and whether a spell of many events was unusual."""

from datetime import date, timedelta
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field
from scipy.stats import beta

from latticework.audit.base import CAUSAL, Compared, Found, MissingEvidenceError
from latticework.audit.evidence import Evidence
from latticework.scenario.fields import EVERY, Day, LayerName, Number, Unit

Layers = Annotated[tuple[LayerName, ...], Field(min_length=1)]
Units = Annotated[tuple[Unit, ...], Field(min_length=1)]


def counted(evidence: Evidence, layers: tuple[str, ...], units: tuple[str, ...], least: float) -> pd.DataFrame:
    """The rows of some layers that are about one of the units and, if numbers, at least so great; acting leaders not.

    `all` stands for any state; the two sides of a dyad count in either order.
    """
    found = []
    for layer in layers:
        rows = evidence.rows(layer)
        if evidence.record(layer)["value"] == "number":
            rows = rows[rows["value"] >= least]
        if "acting" in rows:
            rows = rows[rows["acting"].fillna(0) != 1]
        keep = np.zeros(len(rows), bool)
        for unit in units:
            a, _, b = unit.partition("-")
            if b and "partner" not in rows:
                raise MissingEvidenceError(f"the layer '{layer}' is about states, not about '{unit}'")
            ways = [(a, b), (b, a)] if b else [(a, EVERY), (EVERY, a)] if "partner" in rows else [(a, "")]
            for one, other in ways:
                side = rows["state"].eq(one) | (one == EVERY)
                keep |= (side & (rows["partner"].eq(other) | (other == EVERY)) if other else side).to_numpy()
        found.append(rows[keep].assign(layer=layer))
    return pd.concat(found, ignore_index=True)


def source_of(evidence: Evidence, layers: tuple[str, ...]) -> str:
    """The titles and sources of some layers."""
    return "; ".join(f"{evidence.record(name)['title']} ({evidence.record(name)['source']})" for name in layers)


class Count(Compared):
    """The number of rows that began between two days, or that were in force on a day (`on`, of spells)."""

    test: Literal["count"]
    layers: Layers
    of: Units
    since: Day | None = None
    until: Day | None = None
    on: Day | None = None
    value_at_least: Number = 1.0

    def found(self, evidence: Evidence) -> Found:
        """The number of events or spells."""
        rows = counted(evidence, self.layers, self.of, self.value_at_least)
        if self.on:
            if "end" not in rows:
                raise MissingEvidenceError(f"{', '.join(self.layers)} tells of no spells: say 'since' and 'until'")
            rows = rows[(rows["date"] <= str(self.on)) & ((rows["end"] == "") | (rows["end"] >= str(self.on)))]
            when, keys = f"on {self.on}", [c for c in ("state", "partner") if c in rows]
            rows = rows.drop_duplicates(keys)
        else:
            first, last = self.since or date(1, 1, 1), self.until or evidence.day
            rows = rows[(rows["date"] >= str(first)) & (rows["date"] <= str(last))]
            when = f"from {first} to {last}" if self.since else f"to {last}"
        names = _listed(rows)
        return Found.observed(float(len(rows)), "number", f"{source_of(evidence, self.layers)}, {when}: {names}")


class Unusual(Compared):
    """The share of earlier spells of equal length, half-overlapping, that had fewer events than the last one."""

    test: Literal["unusual"]
    layers: Layers
    of: Units
    first: Day
    since: Day
    until: Day | None = None
    value_at_least: Number = 1.0

    def found(self, evidence: Evidence) -> Found:
        """The share, from 0 to 1."""
        until = self.until or evidence.day
        rows = counted(evidence, self.layers, self.of, self.value_at_least)
        days = np.sort(rows["date"].to_numpy(str).astype("datetime64[D]"))
        length = max((until - self.since).days + 1, 1)
        ends, end = [], self.since - timedelta(days=1)
        while end - timedelta(days=length - 1) >= self.first:
            ends.append(np.datetime64(end))
            end -= timedelta(days=max(length // 2, 1))
        if len(ends) < 10:
            raise MissingEvidenceError(
                f"between {self.first} and {self.since} lie only {len(ends)} spells to compare with"
            )
        before = np.array([((days <= e) & (days > e - np.timedelta64(length, "D"))).sum() for e in ends])
        now = int(((days >= np.datetime64(self.since)) & (days <= np.datetime64(until))).sum())
        note = f"{source_of(evidence, self.layers)}: {now} events from {self.since} to {until}"
        note += f"; {len(ends)} earlier spells as long since {self.first} had {before.mean():.1f} on average"
        return Found.observed(
            float((before < now).mean()), "share of earlier spells", f"{note}, {before.max()} at most"
        )


class Trend(Compared):
    """The ratio of the yearly rates of events in two spells, later over earlier, with its exact band.

    Given their sum, the later count is binomial if events come at constant rates (Przyborowski and Wilenski 1940).
    """

    test: Literal["trend"]
    layers: Layers
    of: Units
    first: Day
    since: Day
    until: Day
    value_at_least: Number = 1.0

    def found(self, evidence: Evidence) -> Found:
        """The ratio of the rates."""
        if not self.first < self.since <= self.until:
            raise MissingEvidenceError("'first', 'since' and 'until' must follow each other")
        for layer in self.layers:
            if str(self.until) > str(evidence.record(layer)["to"]):
                raise MissingEvidenceError(
                    f"the layer '{layer}' ends on {evidence.record(layer)['to']}, before {self.until}"
                )
        rows = counted(evidence, self.layers, self.of, self.value_at_least)
        early = int(((rows["date"] >= str(self.first)) & (rows["date"] < str(self.since))).sum())
        late = int(((rows["date"] >= str(self.since)) & (rows["date"] <= str(self.until))).sum())
        exposure = ((self.until - self.since).days + 1) / (self.since - self.first).days
        if early + late == 0:
            raise MissingEvidenceError(f"{source_of(evidence, self.layers)} has no event in either spell")
        lower, upper = (odds / exposure for odds in _odds_band(late, early))
        value = late / early / exposure if early else float("inf")
        note = f"{source_of(evidence, self.layers)}: {early} from {self.first} to {self.since}, {late} to {self.until}"
        badge = "data-driven" if early + late >= 50 else "mixed"
        return Found(value, lower, upper, "ratio of rates", "estimated", badge, note, CAUSAL)


def _odds_band(late: int, early: int) -> tuple[float, float]:
    """Clopper and Pearson's band of a share as odds."""
    tail = (1 - CAUSAL) / 2
    low = float(beta.ppf(tail, late, early + 1)) if late else 0.0
    high = float(beta.ppf(1 - tail, late + 1, early)) if early else 1.0
    return low / (1 - low), high / (1 - high) if high < 1 else float("inf")


def _listed(rows: pd.DataFrame) -> str:
    """The rows in words, the last few of them."""
    if rows.empty:
        return "none"
    words = []
    for row in rows.sort_values("date").tail(6).to_dict("records"):
        unit = f"{row['state']}-{row['partner']}" if isinstance(row.get("partner"), str) else row["state"]
        words.append(f"{row['date']} {unit}" + (f" {row['value']}" if isinstance(row["value"], str) else ""))
    return (f"the last of {len(rows)}: " if len(rows) > 6 else "") + ", ".join(words)
