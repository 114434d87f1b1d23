"""Evidence is what a test may look at: the panel as known on the day of the text, dated facts, estimates, futures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, Field

from latticework.audit.base import MissingEvidenceError, one_of
from latticework.audit.future import Future
from latticework.fit import Posterior
from latticework.measures.strength.conditional import TieDraws
from latticework.scenario.fields import Confidence, Day, Entry, Info, Number, Words

TIE_STRENGTH = "tie_strength"  # among the columns of a table of dyads
OLDEST = 5.0  # years: an older value does not stand for the day asked for
Label = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]


def _yearly(name: str, info: Info) -> str:
    known = (*info.context.dense, TIE_STRENGTH) if info.context else (name,)
    return one_of("layer", known, name)


Yearly = Annotated[str, Field(strict=True), AfterValidator(_yearly)]  # a layer of the yearly tables


class Fact(Entry):
    """Something that the panel does not hold: a day, what was observed, by whom, and how sure that is."""

    id: Label
    date: Day
    what: Words
    value: Number | None = None
    unit: Words | None = None
    source: Words
    confidence: Confidence


@dataclass(frozen=True)
class Evidence:
    """Where tests get their numbers; all that is of the panel is as known on `day`.

    `rows` gives the rows of a layer, `record` its description, `table` a row per state (or dyad) and year with some
    layers ("state" or "dyad", layers, states), `ties` draws of tie strength. `future` is None without a run.
    """

    day: date
    facts: Mapping[str, Fact]
    rows: Callable[[str], pd.DataFrame]
    record: Callable[[str], Mapping[str, Any]]
    table: Callable[[str, tuple[str, ...], tuple[str, ...]], pd.DataFrame]
    ties: Callable[[], TieDraws]
    posterior: Posterior
    future: Future | None = None

    def of_unit(self, layer: str, unit: str) -> pd.DataFrame:
        """The rows of a state or dyad, oldest first; MissingEvidenceError if the layer is about the other kind."""
        rows, record, ends = self.rows(layer), self.record(layer), unit.split("-")
        needed = 2 if record["kind"] == "dyad" else 1
        if len(ends) != needed:
            kind = "dyads, as in JPN-USA" if needed == 2 else "states, as in JPN"
            raise MissingEvidenceError(f"the layer '{layer}' is about {kind}, not about '{unit}'")
        if needed == 1:
            return rows[rows["state"] == unit]
        if not record["directed"]:
            ends = sorted(ends)
        return rows[(rows["state"] == ends[0]) & (rows["partner"] == ends[1])]

    def value(self, layer: str, unit: str, on: date, oldest: float = OLDEST) -> tuple[float, str]:
        """The value that held on a day and the day that it stands for; 0 where a complete list has none."""
        rows, record = self.of_unit(layer, unit), self.record(layer)
        if record["value"] != "number":
            raise MissingEvidenceError(f"the layer '{layer}' holds words, not numbers; count its rows instead")
        held = rows[rows["date"] <= str(on)]
        spells = record["frequency"] == "spells"
        if spells:
            held = held[(held["end"] == "") | (held["end"] >= str(on))]
        if len(held):
            last = held.iloc[-1]
            day = str(on) if spells else str(last["date"])
            if (on - date.fromisoformat(day)).days > 365.25 * oldest:
                raise MissingEvidenceError(f"the last value of '{layer}' for {unit} is of {day}")
            return float(last["value"]), day
        if record["absent"] == "zero" and str(on) <= str(record["to"]):
            return 0.0, str(on)
        raise MissingEvidenceError(f"the panel has no value of '{layer}' for {unit} on {on}")

    def simulated(self) -> Future:
        """The futures; MissingEvidenceError if there is no run."""
        if self.future is None:
            raise MissingEvidenceError("no scenario was run")
        return self.future
