"""The place of a state or dyad among others by a layer of the panel: the greatest value is the first."""

from typing import Literal

from latticework.audit.base import Compared, Found, MissingEvidenceError
from latticework.audit.evidence import Evidence
from latticework.scenario.fields import Day, LayerName, StateCode, Unit


class Rank(Compared):
    """The place of a unit on a day; of a dyad, that of the partner among the partners of the first state.

    The others are `among` some states, or all that have a value of the same year.
    """

    test: Literal["rank"]
    layer: LayerName
    of: Unit
    on: Day | None = None
    among: tuple[StateCode, ...] = ()

    def found(self, evidence: Evidence) -> Found:
        """The place, from 1."""
        on = self.on or evidence.day
        value, day = evidence.value(self.layer, self.of, on)
        record, rows = evidence.record(self.layer), evidence.rows(self.layer)
        first, _, partner = self.of.partition("-")
        side = "partner" if partner else "state"
        if partner:
            rows = rows[rows["state"] == first]
        rows = rows[(rows["date"] <= str(on)) & (rows["date"] >= f"{day[:4]}-01-01")]
        if record["frequency"] == "spells":
            raise MissingEvidenceError(f"the layer '{self.layer}' says yes or no: it has no places")
        last = rows.groupby(side)["value"].last().drop(partner or first, errors="ignore")
        if self.among:
            last = last[last.index.isin(self.among)]
        if last.empty:
            raise MissingEvidenceError(f"nobody beside {self.of} has a value of '{self.layer}' in {day[:4]}")
        place, ahead = 1 + int((last > value).sum()), ", ".join(last[last > value].sort_values().index[::-1][:5])
        note = f"{record['title']}: {self.of} has {value:,.4g} as of {day}, place {place} of {len(last) + 1}"
        note += f", behind {ahead}" if ahead else ""
        return Found.observed(float(place), "place", f"{note} ({record['source']})")
