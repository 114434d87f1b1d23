"""The audit of a text: every claim with its verdict, the number behind it and the tests that made it, as records."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from latticework.audit.base import Answer, Outcome, Pairs, outcome
from latticework.audit.evidence import Evidence
from latticework.audit.schema import Claim, Claims
from latticework.audit.verdict import Judged, Verdict, judge
from latticework.errors import UnknownNameError

COLUMNS = ("id", "kind", "claim", "verdict", "value", "lower", "upper", "unit", "origin", "badge", "reason")
NOTHING = float("nan")


@dataclass(frozen=True)
class Answered:
    """A claim, what came of its tests, and the verdict."""

    claim: Claim
    outcomes: tuple[Outcome, ...]
    judged: Judged

    @property
    def computed(self) -> bool:
        """Whether a test that bears on the claim gave a number."""
        answers = (Answer.HOLDS, Answer.FAILS, Answer.OPEN)
        return any(o.answer in answers and not o.test.premise for o in self.outcomes)


@dataclass(frozen=True)
class Audit:
    """A text, claim by claim."""

    claims: Claims
    answered: tuple[Answered, ...]

    @cached_property
    def records(self) -> pd.DataFrame:
        """A row per claim (columns: COLUMNS), in the order of the text."""
        return pd.DataFrame([_record(a) for a in self.answered], columns=list(COLUMNS))

    @cached_property
    def tests(self) -> pd.DataFrame:
        """A row per test: what it tests, its answer, number and band, what was claimed, what the number rests on."""
        return pd.DataFrame([_test(a.claim, o) for a in self.answered for o in a.outcomes])

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many claims got each verdict."""
        return {v: n for v in Verdict if (n := sum(a.judged.verdict is v for a in self.answered))}

    @property
    def computed(self) -> int:
        """How many claims got a number from a test that bears on them."""
        return sum(a.computed for a in self.answered)


def chosen(claims: Claims, ids: Collection[str] = ()) -> tuple[Claim, ...]:
    """The claims with these ids, all for none; UnknownNameError for an id that no claim has."""
    known = {claim.id.casefold(): claim for claim in claims.claims}
    for name in ids:
        if name.casefold() not in known:
            raise UnknownNameError("claim", name, [c.id for c in claims.claims], where=f"'{claims.id}'")
    wanted = {name.casefold() for name in ids} or set(known)
    return tuple(claim for key, claim in known.items() if key in wanted)


def pairs_of(claims: Collection[Claim]) -> Pairs:
    """The dyads whose tie strength the tests read."""
    return frozenset(pair for claim in claims for test in claim.tests for pair in test.pairs())


def audited(
    claims: Claims,
    which: Collection[Claim],
    evidence: Evidence,
    progress: Callable[[str, float], None] = lambda what, share: None,
) -> Audit:
    """The verdict on each of some claims of a text."""
    found = []
    for number, claim in enumerate(which):
        progress(f"testing {claim.id}", number / len(which))
        outcomes = tuple(outcome(test, evidence) for test in claim.tests)
        found.append(Answered(claim, outcomes, judge(outcomes, claim.leaves_open or "")))
    return Audit(claims, tuple(found))


def _record(answered: Answered) -> dict[str, object]:
    verdict, deciding, reason = answered.judged
    found, claim = deciding.found, answered.claim
    number: dict[str, object] = {"value": NOTHING, "lower": NOTHING, "upper": NOTHING}
    number |= {"unit": "", "origin": "", "badge": ""}
    if found:
        number = {name: getattr(found, name) for name in number}
    told: dict[str, object] = {"id": claim.id, "kind": claim.kind, "claim": claim.text, "verdict": str(verdict)}
    return told | number | {"reason": reason}


def _test(claim: Claim, outcome: Outcome) -> dict[str, object]:
    found = outcome.found
    number: dict[str, object] = {"value": NOTHING, "lower": NOTHING, "upper": NOTHING, "band": NOTHING}
    number |= {"unit": ""} | {"origin": "", "badge": ""}
    if found:
        number = {name: getattr(found, name) for name in number}
        number["band"] = found.band or NOTHING
    return {
        "id": claim.id,
        "test": outcome.name,
        "says": outcome.test.says,
        "premise": outcome.test.premise,
        "answer": str(outcome.answer),
        **number,
        "claimed": outcome.region.words() if outcome.region else "",
        "low": outcome.region.low if outcome.region else NOTHING,
        "high": outcome.region.high if outcome.region else NOTHING,
        "note": outcome.reason,
    }
