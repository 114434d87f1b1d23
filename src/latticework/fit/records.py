"""What is known of a coefficient: where it comes from, what stands behind it, whether it held in both eras."""

from dataclasses import dataclass

import numpy as np

ORIGINS = ("estimated", "published prior", "assumed")
BADGES = ("data-driven", "mixed", "prior-dominated", "assumed")
MUCH, LITTLE = 0.5, 0.2  # contraction
ENOUGH = 50  # events


@dataclass(frozen=True)
class Record:
    """One coefficient, so that it can be audited.

    `rows` and `events` stand behind it (of an effect that is 0 or 1 in a law of events, the events where it was 1).
    `contraction` is 1 - posterior / prior variance: one where the data say all, zero where they are silent, below zero
    where dependence through states leaves more doubt than the prior. `early` and `late` are estimates from before 1991
    and from 1991 on, None where one of the two has fewer than 30 events.
    """

    effect: str
    origin: str
    source: str
    rows: int
    events: int
    prior_mean: float
    prior_sd: float
    because: str
    mean: float
    sd: float
    sd_naive: float
    contraction: float
    badge: str
    early: float | None = None
    early_sd: float | None = None
    late: float | None = None
    late_sd: float | None = None

    @property
    def ratio(self) -> float:
        """Robust over naive sd: above 1.3 states differ in ways that nothing in the model tells."""
        return self.sd / self.sd_naive

    @property
    def shift(self) -> float | None:
        """The difference of the two eras' estimates in units of its sd."""
        if self.early is None or self.late is None or self.early_sd is None or self.late_sd is None:
            return None
        return (self.late - self.early) / float(np.hypot(self.early_sd, self.late_sd))


def badge(contraction: float, events: int, assumed: bool) -> str:
    """Whether data or prior rule."""
    if assumed:
        return "assumed"
    if contraction < LITTLE:
        return "prior-dominated"
    return "data-driven" if contraction > MUCH and events >= ENOUGH else "mixed"
