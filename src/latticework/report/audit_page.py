"""The audit on a page: claims grouped by verdict, each with its number, its reason and small pictures of its bands."""

from typing import Any

from markupsafe import Markup

from latticework.audit import Audit, Verdict
from latticework.audit.base import Answer, Outcome
from latticework.audit.judged import Answered
from latticework.report.audit_picture import drawable, picture
from latticework.report.numbers import joined, number, to

# Said plainly: what is against the text comes first.
ORDER = (
    Verdict.CONTRADICTED,
    Verdict.UNSUPPORTED,
    Verdict.ASSUMED,
    Verdict.PARTLY,
    Verdict.SUPPORTED,
    Verdict.NOT_COMPUTED,
    Verdict.NOT_TESTABLE,
)
MEANING = {
    Verdict.CONTRADICTED: "the whole band lies where the claim says that it does not",
    Verdict.UNSUPPORTED: "the evidence does not decide: the band reaches to both sides of what is claimed",
    Verdict.ASSUMED: "the run decides it, but by what was assumed into it",
    Verdict.PARTLY: "some tests hold and others do not, or a part is left open",
    Verdict.SUPPORTED: "every test holds",
    Verdict.NOT_COMPUTED: "a test is written, and what it needs is not there yet",
    Verdict.NOT_TESTABLE: "no open data at hand can decide it",
}
SMALL = 0.1
RULE = (
    "Verdicts are computed from the tests by one rule: a test holds if its whole band lies where the claim says, fails "
    "if none of it does, and is open otherwise; all tests of a claim must hold. Bands of tests of causes hold 95 %, "
    "all others 80 %."
)


def ordered(audit: Audit) -> list[tuple[Verdict, list[Answered]]]:
    """The claims by verdict, what is against the text first, verdicts that no claim has left out."""
    found = [(v, [a for a in audit.answered if a.judged.verdict is v]) for v in ORDER]
    return [(verdict, answered) for verdict, answered in found if answered]


def summary(audit: Audit) -> str:
    """How many claims got which verdict, in a sentence or two."""
    parts = [f"{len(answered)} {verdict}" for verdict, answered in ordered(audit)]
    total = len(audit.answered)
    claims = f"{total} claim{'s' * (total != 1)}"
    return f"{claims}: {joined(parts)}. {audit.computed} of {total} got a number from a test that bears on the claim."


def number_of(outcome: Outcome) -> tuple[str, str, str]:
    """The number of an outcome, its band and its unit, empty where there is none; in words what is yes or no."""
    found = outcome.found
    if found is None:
        return "", "", ""
    if found.unit.startswith("days outside") and not found.value:
        return "On the days claimed", "", ""
    if found.unit == "1 = pledged":
        return "Pledged" if found.value else "Not pledged", "", ""
    band = f"({_shown(found.lower)}{to(found.lower)}{_shown(found.upper)})" if found.band else ""
    return _shown(found.value), band, "" if found.unit == "number" else found.unit


def _shown(value: float) -> str:
    """A number; small ones with four decimals, so that they do not read as nothing."""
    return number(value, 4 if abs(value) < SMALL else None)


def audit_section(audit: Audit | None) -> dict[str, Any] | None:
    """Everything that the template of the audit shows, finished; None without an audit."""
    if audit is None:
        return None
    groups = [
        {
            "id": str(verdict).replace(" ", "-"),
            "title": f"{str(verdict).capitalize()}: {MEANING[verdict]}",
            "claims": [_claim(a) for a in answered],
        }
        for verdict, answered in ordered(audit)
    ]
    claims = audit.claims
    return {
        "title": claims.title,
        "text": claims.text,
        "dated": claims.dated,
        "summary": summary(audit),
        "rule": RULE,
        "groups": groups,
    }


def _claim(answered: Answered) -> dict[str, Any]:
    claim, (_, deciding, reason) = answered.claim, answered.judged
    value, band, unit = number_of(deciding)
    found = deciding.found
    place = f"paragraph {claim.paragraph}, sentence {claim.sentence}; " if claim.paragraph and claim.sentence else ""
    by = "" if claim.said_by == "author" else f", said by {claim.said_by}"
    drawn = [o for o in answered.outcomes if drawable(o)]
    return {
        "id": claim.id,
        "text": claim.text,
        "told": f"{place}{claim.kind}{by}",
        "number": value,
        "band": band,
        "unit": unit,
        "badge": found.badge if found and found.badge != found.origin else "",
        "marks": _marks(found.origin) if found else "",
        "reason": reason,
        "pictures": [
            {"svg": Markup(picture(o, f"{claim.id}-{i}")), "says": o.test.says}  # our own, and escaped there
            for i, o in enumerate(drawn)
        ],
        "notes": [
            f"{o.test.says}: {o.reason}" + (f" [{o.found.origin}, {o.found.badge}]" if o.found else "")
            for o in answered.outcomes
            if o.answer is not Answer.NOT_TESTABLE
        ],
    }


def _marks(origin: str) -> str:
    """The letters of the origins: O, E, A; a published number is an estimate of others."""
    letters = {"observed": "O", "estimated": "E", "published": "E", "assumed": "A"}
    return "".join(letters[part.strip()] for part in origin.split(",") if part.strip() in letters)
