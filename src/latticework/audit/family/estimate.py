"""An effect that the shipped posterior holds, or a sum of several: its size, its band, what it rests on."""

from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field
from scipy.stats import norm

from latticework.audit.base import CAUSAL, Compared, Found, MissingEvidenceError, one_of
from latticework.audit.evidence import Evidence
from latticework.fit.records import BADGES
from latticework.processes import LEARNED
from latticework.scenario.fields import Info, Number, Words

EFFECTS = {process.name: tuple(c.name for c in process.coefficients()) for process in LEARNED}


def _process(name: str) -> str:
    return one_of("fitted process", [name for name, effects in EFFECTS.items() if effects], name)


def _effects(weights: dict[str, float], info: Info) -> dict[str, float]:
    for effect in weights:
        one_of("effect", EFFECTS.get(info.data.get("process", ""), (effect,)), effect)
    return weights


class Estimate(Compared):
    """A weighted sum of the coefficients of one process, on the scale of its law (log hazards are not transformed)."""

    test: Literal["estimate"]
    process: Annotated[Words, AfterValidator(_process)]
    effects: Annotated[dict[str, Number], Field(min_length=1), AfterValidator(_effects)]

    def found(self, evidence: Evidence) -> Found:
        """The sum with its normal band; the badge is that of the part that rests on least."""
        estimate = evidence.posterior.estimate(self.process)
        missing = [effect for effect in self.effects if effect not in estimate.names]
        if missing:
            raise MissingEvidenceError(f"the estimates of '{self.process}' have no effect '{missing[0]}'")
        weight = np.array([self.effects.get(name, 0.0) for name in estimate.names])
        mean, sd = float(weight @ estimate.mode), float(np.sqrt(weight @ estimate.covariance @ weight))
        half = float(norm.ppf((1 + CAUSAL) / 2)) * sd
        records = [r for r in estimate.records if r.effect in self.effects]
        badge = max((r.badge for r in records), key=BADGES.index, default="mixed")
        events = min((r.events for r in records), default=estimate.events)
        origin = "assumed" if any(r.origin == "assumed" for r in records) else "estimated"
        effects = " + ".join(_term(effect, w) for effect, w in self.effects.items())
        note = f"process {self.process}: {effects}; {events:,} events behind it, {estimate.rows:,} rows"
        note += "" if estimate.trusted else "; the fit did not converge"
        return Found(mean, mean - half, mean + half, "coefficient", origin, badge, note, CAUSAL)


def _term(effect: str, weight: float) -> str:
    return f"'{effect}'" if weight == 1 else f"{weight:g} x '{effect}'"
