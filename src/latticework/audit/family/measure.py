"""A measure read off the ties of the past: tie strength, cohesion, tilt, hedging, the place of a tie among others."""

from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from latticework.audit.base import USUAL, Compared, Found, MissingEvidenceError, Pairs
from latticework.audit.evidence import Evidence
from latticework.fit.records import ENOUGH, badge
from latticework.measures.cohesion import dyads_of
from latticework.measures.hedging import stance
from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.domains import in_domains
from latticework.measures.strength.summary import score
from latticework.scenario.fields import Day, Entry, StateCode
from latticework.types import Bool, Float

SCORE, FEWEST = "score, 0 to 100", 3
QUANTITIES = {
    "tie strength": (2, SCORE, 100.0),
    "weakest link": (FEWEST, SCORE, 100.0),
    "mean tie": (FEWEST, SCORE, 100.0),
    "tilt": (1, "-1 (rival) to 1 (hub)", 2.0),
    "hedging": (1, "0 to 1", 1.0),
    "place of the tie": (2, "place", 0.0),
}
States = Annotated[tuple[StateCode, ...], Field(min_length=1)]


class Less(Entry):
    """The other unit whose value is taken off."""

    of: States


class Measure(Compared):
    """A measure at the last quarter that had ended by a day; less another's, less its own of a day before, or its peak.

    The place of a tie is that among the ties of the second state with the states `among`. Tilt and hedging are between
    `hub` and `rival`. With `since`, the change since that day; with `peak_from`, the level less the highest one between
    that day and `since`.
    """

    test: Literal["measure"]
    quantity: Literal["tie strength", "weakest link", "mean tie", "tilt", "hedging", "place of the tie"]
    of: States
    on: Day | None = None
    since: Day | None = None
    peak_from: Day | None = None
    less: Less | None = None
    among: tuple[StateCode, ...] = ()
    hub: StateCode = "USA"
    rival: StateCode = "CHN"

    def pairs(self) -> Pairs:
        """The dyads whose strength is read."""
        found: set[tuple[str, str]] = set()
        for states in (self.of, self.less.of if self.less else ()):
            if self.quantity in ("tilt", "hedging"):
                found |= {(s, pole) for s in states for pole in (self.hub, self.rival)}
            elif len(states) > 1:
                found |= set(dyads_of(states))
        if self.quantity == "place of the tie" and len(self.of) == 2:
            found |= {(s, self.of[1]) for s in self.among}
        return frozenset((min(p), max(p)) for p in found if p[0] != p[1])

    def found(self, evidence: Evidence) -> Found:
        """The median of the draws, with their band."""
        draws, (_, unit, span) = evidence.ties(), QUANTITIES[self.quantity]
        on, what = self.on or evidence.day, f"{self.quantity} of {'-'.join(self.of)}"
        values, t = self._at(draws, self.of, on)
        now, note = values[:, t], f"{what} on {_day(draws, t)}"
        prior = span**2 / 12
        if self.less:
            other, u = self._at(draws, self.less.of, on)
            now, prior = now - other[:, u], 2 * prior
            note += f", less that of {'-'.join(self.less.of)}"
        if self.since:
            before, told = self._before(draws, values, self.since)
            now, prior = now - before, 2 * prior
            note += told
        lower, value, upper = np.quantile(now, ((1 - USUAL) / 2, 0.5, (1 + USUAL) / 2))
        learnt = 1 - now.var(ddof=1) / prior if prior else 1.0
        note += f"; {len(now)} draws, as known on {evidence.day}"
        return Found(
            float(value), float(lower), float(upper), unit, "estimated", badge(learnt, ENOUGH, False), note, USUAL
        )

    def _at(self, draws: TieDraws, of: tuple[str, ...], on: date) -> tuple[Float[np.ndarray, "s t"], int]:
        """The measure by draw and quarter, and which quarter had ended by a day."""
        values, there = self._series(draws, of)
        t = _quarter(draws, on)
        if not there[t]:
            raise MissingEvidenceError(f"not all of {', '.join(of)} exist on {on}")
        return values, t

    def _before(
        self, draws: TieDraws, values: Float[np.ndarray, "s t"], since: date
    ) -> tuple[Float[np.ndarray, "s"], str]:
        """The earlier level, or the peak up to it."""
        t = _quarter(draws, since)
        if self.peak_from is None:
            return values[:, t], f", less its level on {_day(draws, t)}"
        first = _quarter(draws, self.peak_from)
        if first > t:
            raise MissingEvidenceError(f"'peak_from' {self.peak_from} is after 'since' {since}")
        return values[:, first : t + 1].max(1), f", less its peak from {_day(draws, first)} to {_day(draws, t)}"

    def _series(self, draws: TieDraws, of: tuple[str, ...]) -> tuple[Float[np.ndarray, "s t"], Bool[np.ndarray, "t"]]:
        fewest = QUANTITIES[self.quantity][0]
        if len(of) != fewest and not (fewest == FEWEST and len(of) > FEWEST):
            raise MissingEvidenceError(f"'{self.quantity}' is of {fewest} states, not of {len(of)}")
        if fewest == 1:
            poles = [draws.of(of[0], pole) for pole in (self.hub, self.rival)]
            told = stance(in_domains(draws, of[0], self.hub), in_domains(draws, of[0], self.rival))
            return getattr(told, self.quantity), np.all(draws.alive[:, poles], axis=1)
        at = [draws.of(*pair) for pair in dyads_of(of)]
        scores, there = score(draws.strength[:, :, at]), np.all(draws.alive[:, at], axis=1)
        match self.quantity:
            case "weakest link":
                return scores.min(2), there
            case "mean tie":
                return scores.mean(2), there
            case "tie strength":
                return scores[..., 0], there
        others = [draws.of(s, of[1]) for s in self.among if s not in of]
        if not others:
            raise MissingEvidenceError("the place of a tie needs other states: name some with 'among'")
        ahead = (score(draws.strength[:, :, others]) > scores) & draws.alive[:, others]
        return 1.0 + ahead.sum(2), there


def _quarter(draws: TieDraws, on: date) -> int:
    """The last quarter that had ended by a day."""
    t = int(np.searchsorted(draws.dates.astype("datetime64[D]"), np.datetime64(on), side="right")) - 1
    if t < 0:
        raise MissingEvidenceError(f"ties are measured from {_day(draws, 0)} on, not on {on}")
    return t


def _day(draws: TieDraws, t: int) -> str:
    return str(draws.dates.astype("datetime64[D]")[t])
