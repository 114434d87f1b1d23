"""A value of the panel on a day, alone, as a share of several, or less another."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from latticework.audit.base import Compared, Found, MissingEvidenceError
from latticework.audit.evidence import Evidence
from latticework.scenario.fields import Day, Entry, LayerName, Unit


class Other(Entry):
    """The value that is taken off."""

    layer: LayerName
    of: Unit
    on: Day | None = None


class Value(Compared):
    """The value of a layer for some states or dyads on a day: their sum, and what it is compared with.

    `share_of` divides by the sum over those units, `less` takes another value off. `oldest` is the age in years up to
    which a value stands for the day.
    """

    test: Literal["value"]
    layer: LayerName
    of: Annotated[tuple[Unit, ...], Field(min_length=1)]
    on: Day | None = None
    share_of: tuple[Unit, ...] = ()
    less: Other | None = None
    oldest: Annotated[float, Field(strict=True, gt=0)] = 5.0

    def found(self, evidence: Evidence) -> Found:
        """The value, or the share, or the difference."""
        on = self.on or evidence.day
        read = [evidence.value(self.layer, unit, on, self.oldest) for unit in self.of]
        value, days = sum(x for x, _ in read), sorted({day for _, day in read})
        record = evidence.record(self.layer)
        unit, note = str(record["unit"]), f"{record['title']}, {', '.join(self.of)}, as of {', '.join(days)}"
        if self.share_of:
            whole = sum(evidence.value(self.layer, unit, on, self.oldest)[0] for unit in self.share_of)
            if not whole > 0:
                raise MissingEvidenceError(
                    f"the values of '{self.layer}' for {', '.join(self.share_of)} add up to nothing"
                )
            value, unit = value / whole, "share, 0 to 1"
            note += f", as a share of {', '.join(self.share_of)}"
        if self.less:
            other, day = evidence.value(self.less.layer, self.less.of, self.less.on or on, self.oldest)
            value -= other
            note += f", less {evidence.record(self.less.layer)['title'].lower()}, {self.less.of}, as of {day}"
        return Found.observed(float(np.float64(value)), unit, f"{note} ({record['source']})")
