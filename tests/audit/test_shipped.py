"""The shipped claims of asia-2025: all of them, with tests that bear on them, sourced facts, and no typed verdict."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from latticework.actions.evidence import known, load_claims
from latticework.audit import read_claims
from latticework.audit.verdict import Verdict
from latticework.errors import ScenarioError

PATH = Path(__file__).parents[2] / "scenarios" / "asia-2025" / "claims.yaml"
CLAIMS = load_claims(PATH)


def bears(claim) -> bool:
    return any(test.test != "not_testable" and not test.premise for test in claim.tests)


def test_all_61_claims_are_there_in_the_order_of_the_text():
    assert [claim.id for claim in CLAIMS.claims] == [f"C{i:02}" for i in range(1, 62)]
    places = [(claim.paragraph, claim.sentence) for claim in CLAIMS.claims]
    assert places == sorted(places)
    assert Counter(claim.kind for claim in CLAIMS.claims) == {
        "fact": 28, "causal": 24, "forecast": 4, "recommendation": 5
    }  # fmt: skip


def test_most_have_a_test_that_bears_on_them_and_the_others_say_why_not():
    assert sum(map(bears, CLAIMS.claims)) >= 45
    for claim in CLAIMS.claims:
        for test in claim.tests:
            if test.test == "not_testable":
                assert test.because
                assert test.needed


def test_no_causal_claim_rests_on_a_level_or_a_count_alone_without_saying_so():
    plain = {"value", "rank", "count", "dated_fact", "measure"}
    for claim in CLAIMS.claims:
        if claim.kind == "causal" and bears(claim) and all(t.test in plain for t in claim.tests if not t.premise):
            assert claim.leaves_open, claim.id


def test_facts_have_sources_and_were_known_on_the_day():
    for fact in CLAIMS.facts:
        assert fact.source
        assert fact.date <= CLAIMS.dated == date(2025, 1, 24)
        assert not fact.id.startswith("E") or fact.confidence != "low"
    used = {test.fact for claim in CLAIMS.claims for test in claim.tests if test.test == "dated_fact"}
    assert {fact.id for fact in CLAIMS.facts} >= used


def test_no_verdict_is_typed_into_the_file():
    text = PATH.read_text()
    assert not re.search(rf"verdict:|:\s*({'|'.join(Verdict)})\s*$", text, re.M)
    with pytest.raises(ScenarioError, match="unknown key 'verdict'"):
        read_claims(text.replace("    kind: fact\n", "    kind: fact\n    verdict: supported\n", 1), "f", known())
