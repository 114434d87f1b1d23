"""How much a value of the panel changed between two days."""

from typing import Literal

from latticework.audit.base import Compared, Found, MissingEvidenceError
from latticework.audit.evidence import Evidence
from latticework.scenario.fields import Day, LayerName, Unit


class Change(Compared):
    """The change of a layer for a state or dyad from one day to another, in its unit or in per cent."""

    test: Literal["change"]
    layer: LayerName
    of: Unit
    since: Day
    on: Day | None = None
    unit: Literal["its own", "percent"] = "its own"

    def found(self, evidence: Evidence) -> Found:
        """The later value less the earlier, or that over the earlier."""
        before, first = evidence.value(self.layer, self.of, self.since)
        after, last = evidence.value(self.layer, self.of, self.on or evidence.day)
        if first >= last:
            raise MissingEvidenceError(f"'{self.layer}' has no value for {self.of} after that of {first}")
        record = evidence.record(self.layer)
        note = f"{record['title']}, {self.of}: {before:,.4g} as of {first}, {after:,.4g} as of {last}"
        if self.unit == "percent":
            if before == 0:
                raise MissingEvidenceError(f"'{self.layer}' for {self.of} was 0 on {first}: no change in per cent")
            return Found.observed(100 * (after / before - 1), "per cent", f"{note} ({record['source']})")
        return Found.observed(after - before, str(record["unit"]), f"{note} ({record['source']})")
