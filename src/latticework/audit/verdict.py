"""The verdict on a claim follows from the answers of its tests by one rule; nobody types it.

A test holds if its whole band lies where the claim says, fails if none of it does, and is open otherwise. The tests
that are no premises must all hold:

- a premise that fails: contradicted;
- no test could be computed: not computed, or not testable if the file says so of each;
- all hold, so do the premises, and the file leaves nothing open: supported;
- some hold: partly supported;
- none holds and one fails: contradicted;
- none holds and none fails: unsupported.

Where every number that would decide was assumed into the run, the verdict is "mostly assumption" instead.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from latticework.audit.base import Answer, Outcome, Region


class Verdict(StrEnum):
    """What is said of a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly supported"
    ASSUMED = "mostly assumption"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    NOT_COMPUTED = "not computed"
    NOT_TESTABLE = "not testable"


class Judged(NamedTuple):
    """A verdict, the test whose number stands for it, and the reason in words."""

    verdict: Verdict
    deciding: Outcome
    reason: str


def judge(outcomes: Sequence[Outcome], leaves_open: str = "") -> Judged:
    """The verdict on the outcomes of a claim's tests."""
    verdict, deciding = _decided(outcomes, bool(leaves_open))
    parts = [told(outcome) for outcome in outcomes]
    if verdict is Verdict.ASSUMED:
        yes = deciding.answer is Answer.HOLDS
        parts.insert(0, f"The run says {'yes' if yes else 'no'}, but its assumptions decide that")
    if leaves_open and verdict in (Verdict.PARTLY, Verdict.ASSUMED, Verdict.UNSUPPORTED, Verdict.CONTRADICTED):
        parts.append(f"Left open: {leaves_open}")
    return Judged(verdict, deciding, " ".join(part.rstrip(".") + "." for part in parts))


def _decided(outcomes: Sequence[Outcome], left_open: bool) -> tuple[Verdict, Outcome]:
    premises = [o for o in outcomes if o.test.premise]
    cores = [o for o in outcomes if not o.test.premise]
    if fallen := [o for o in premises if o.answer is Answer.FAILS]:
        return Verdict.CONTRADICTED, fallen[0]
    holds, fails, undecided = (
        [o for o in cores if o.answer is answer] for answer in (Answer.HOLDS, Answer.FAILS, Answer.OPEN)
    )
    if not (holds or fails or undecided):
        every = all(o.answer is Answer.NOT_TESTABLE for o in cores)
        return (Verdict.NOT_TESTABLE if every else Verdict.NOT_COMPUTED), cores[0]
    if holds:
        if all(o.assumed for o in holds):
            return Verdict.ASSUMED, holds[0]
        sure = len(holds) == len(cores) and all(o.answer is Answer.HOLDS for o in premises) and not left_open
        if sure and any(o.assumed for o in holds):
            return Verdict.ASSUMED, next(o for o in holds if o.assumed)
        return (Verdict.SUPPORTED, holds[0]) if sure else (Verdict.PARTLY, [*fails, *holds][0])
    if fails:
        return (Verdict.ASSUMED if all(o.assumed for o in fails) else Verdict.CONTRADICTED), fails[0]
    return Verdict.UNSUPPORTED, undecided[0]


def told(outcome: Outcome) -> str:
    """An outcome in a sentence: what was tested, the number, what the claim needs, and whether it holds."""
    says = outcome.test.says.rstrip(".")
    if outcome.found is None or outcome.region is None:
        return f"{says}: {outcome.answer}, {outcome.reason}"
    found = outcome.found
    band = f" ({_short(found.lower)} to {_short(found.upper)})" if found.band else ""
    if found.unit.startswith("days outside"):
        return (
            f"{says}: {f'{found.value:,.0f} {found.unit}' if found.value else 'on the days claimed'}: {outcome.answer}"
        )
    return f"{says}: {_number(found.value, outcome.region)}{band}, claimed {outcome.region.words()}: {outcome.answer}"


def _number(value: float, region: Region) -> str:
    """A number with enough digits to tell it from the bound."""
    near = min((abs(value - edge) for edge in (region.low, region.high) if edge not in (value, -value)), default=1.0)
    return _short(value) if near > 1e-3 * abs(value) else f"{value:,.6g}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
