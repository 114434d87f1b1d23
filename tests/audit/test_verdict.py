"""The rule of verdicts, judged against a table written from the page on claims, not from the code."""

from itertools import product

import pytest

from latticework.audit.base import Answer, Found, Outcome, Region
from latticework.audit.family.value import Value
from latticework.audit.verdict import Verdict, judge

H, F, U, N, X = Answer.HOLDS, Answer.FAILS, Answer.OPEN, Answer.NOT_COMPUTED, Answer.NOT_TESTABLE
V = Verdict


def made(answer: Answer, premise: bool = False, assumed: bool = False) -> Outcome:
    test = Value.model_validate(
        {"test": "value", "says": "x", "layer": "gdp", "of": ["JPN"], "above": 0, "premise": premise}
    )
    found = None if answer in (N, X) else Found(1.0, 0.5, 1.5, "units", "estimated", "mixed", "note", 0.95)
    return Outcome(test, "value", answer, found, Region(0.0, open_low=True), "because", assumed)


CASES = [
    ((H,), (), "", V.SUPPORTED),
    ((H, H), (), "", V.SUPPORTED),
    ((H,), (H,), "", V.SUPPORTED),
    ((H,), (U,), "", V.PARTLY),
    ((H,), (N,), "", V.PARTLY),
    ((H,), (F,), "", V.CONTRADICTED),
    ((U,), (F,), "", V.CONTRADICTED),
    ((H,), (), "a rest", V.PARTLY),
    ((H, F), (), "", V.PARTLY),
    ((H, U), (), "", V.PARTLY),
    ((H, N), (), "", V.PARTLY),
    ((H, X), (), "", V.PARTLY),
    ((F,), (), "", V.CONTRADICTED),
    ((F, U), (), "", V.CONTRADICTED),
    ((F, N), (), "", V.CONTRADICTED),
    ((F,), (H,), "a rest", V.CONTRADICTED),
    ((U,), (), "", V.UNSUPPORTED),
    ((U, N), (H,), "", V.UNSUPPORTED),
    ((N,), (H,), "", V.NOT_COMPUTED),
    ((N, X), (), "", V.NOT_COMPUTED),
    ((X,), (), "", V.NOT_TESTABLE),
    ((X,), (H,), "", V.NOT_TESTABLE),
]


@pytest.mark.parametrize(("cores", "premises", "left", "expected"), CASES)
def test_verdicts_follow_the_rule(cores, premises, left, expected):
    outcomes = [made(a) for a in cores] + [made(a, premise=True) for a in premises]
    assert judge(outcomes, left).verdict is expected
    assert judge(outcomes[::-1], left).verdict is expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([(H, True)], V.ASSUMED),
        ([(F, True)], V.ASSUMED),
        ([(U, True)], V.UNSUPPORTED),
        ([(H, True), (H, False)], V.ASSUMED),
        ([(H, True), (U, False)], V.ASSUMED),
        ([(H, False), (F, True)], V.PARTLY),
        ([(F, False), (F, True)], V.CONTRADICTED),
    ],
)
def test_what_was_assumed_into_a_run_decides_nothing(outcomes, expected):
    judged = judge([made(answer, assumed=assumed) for answer, assumed in outcomes])
    assert judged.verdict is expected
    assert ("its assumptions decide" in judged.reason) == (expected is V.ASSUMED)


def test_one_more_test_that_does_not_hold_never_helps_a_claim():
    rank = [V.CONTRADICTED, V.NOT_TESTABLE, V.NOT_COMPUTED, V.UNSUPPORTED, V.PARTLY, V.SUPPORTED]
    for cores in product((H, U), repeat=2):
        before = judge([made(a) for a in cores]).verdict
        for worse in (U, N, X):
            after = judge([made(a) for a in (*cores, worse)]).verdict
            assert rank.index(after) <= rank.index(before)


def test_the_number_that_stands_for_a_claim_is_that_of_the_deciding_test():
    outcomes = [made(U), made(F), made(H, premise=True)]
    assert judge(outcomes).deciding is outcomes[1]
    assert judge([made(N), made(H)]).deciding.answer is H


def test_the_reason_tells_number_band_and_what_was_claimed():
    reason = judge([made(H)], "whether it lasts").reason
    assert reason == "x: 1 (0.5 to 1.5), claimed above 0: holds. Left open: whether it lasts."
