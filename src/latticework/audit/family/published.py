"""An effect that a study published: its size, its error, and what is left of it after a time."""

from typing import Annotated, Literal

from pydantic import Field
from scipy.stats import norm

from latticework.audit.base import CAUSAL, Compared, Found
from latticework.audit.evidence import Evidence
from latticework.scenario.fields import Confidence, Number, Words

Positive = Annotated[Number, Field(gt=0)]


class Published(Compared):
    """A published effect with its standard error; with a `half_life` in weeks, as left `after` so many weeks."""

    test: Literal["published"]
    size: Number
    se: Annotated[Number, Field(ge=0)] | None = None
    unit: Words
    half_life: Positive | None = None
    after: Annotated[Number, Field(ge=0)] = 0.0
    source: Words
    confidence: Confidence

    def found(self, evidence: Evidence) -> Found:
        """The size and its band, faded."""
        left = 0.5 ** (self.after / self.half_life) if self.half_life else 1.0
        half = float(norm.ppf((1 + CAUSAL) / 2)) * (self.se or 0.0)
        lower, value, upper = (left * x for x in (self.size - half, self.size, self.size + half))
        note = f"{self.size:g} {self.unit} published"
        if self.half_life:
            note += f", {100 * left:.0f} % of it left after {self.after:g} weeks (half-life {self.half_life:g})"
        note += f" ({self.source}; confidence {self.confidence})"
        band = CAUSAL if self.se else None
        return Found(value, lower, upper, self.unit, "published", "mixed", note, band)
