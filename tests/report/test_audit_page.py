"""The audit in print: counts, what is against the text first, whole pictures, no words of users as code."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from latticework.audit import audited
from latticework.report.artefacts import tables
from latticework.report.audit_page import audit_section, summary
from latticework.report.audit_picture import drawable, picture
from latticework.report.audit_terminal import print_audit
from latticework.report.brief import brief
from tests.audit.small import HEAD, claims, evidence
from tests.report.futures import results

MORE = """\
  - id: C2
    text: pacts keep <b>peace</b> & more
    kind: causal
    tests:
      - {test: estimate, says: a pact, process: dispute_onset, effects: {defence pact between the two: 1}, below: 0}
  - id: C3
    text: rivals do not fight
    kind: causal
    tests:
      - {test: estimate, says: one <i>, process: dispute_onset, effects: {defence pact between the two: -1}, below: 0}
  - id: C4
    text: nobody knows
    kind: fact
    tests:
      - {test: not_testable, says: what, because: none, needed: some}
  - id: C5
    text: next year
    kind: forecast
    tests:
      - {test: forecast, says: a dispute, quantity: dispute, of: CHN-JPN, branch: elsewhere, above: 0.5}
"""


@pytest.fixture(scope="module")
def audit():
    told = claims(HEAD + MORE)
    return audited(told, told.claims, evidence())


def test_records_have_the_columns_and_verdicts_by_the_rule(audit):
    assert list(audit.records.columns) == [
        "id", "kind", "claim", "verdict", "value", "lower", "upper", "unit", "origin", "badge", "reason"
    ]  # fmt: skip
    verdicts = ["supported", "supported", "contradicted", "not testable", "not computed"]
    assert audit.records["verdict"].tolist() == verdicts
    assert audit.computed == 3
    assert len(audit.tests) == 5


def test_the_summary_counts_every_claim_once(audit):
    words = summary(audit)
    assert words.startswith("5 claims: 1 contradicted, 2 supported, 1 not computed and 1 not testable.")
    assert sum(map(int, re.findall(r"(\d+) (?:contr|supp|not)", words))) == 5


def test_the_terminal_fits_and_says_what_is_against_the_text_first(audit):
    out = StringIO()
    print_audit(audit, Console(file=out, width=100))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 100
    heads = [line for line in lines if re.match(r"^[A-Z][a-z ]+\(\d\)", line)]
    assert heads[0].startswith("Contradicted (1)")
    assert all(code in out.getvalue() for code in ("C1", "C2", "C3", "C4", "C5"))


def test_the_brief_shows_every_claim_and_escapes_what_users_wrote(audit):
    page = brief(replace(results(), audit=audit))
    for code in ("C1", "C2", "C3", "C4", "C5"):
        assert f'id="{code}"' in page
    assert "pacts keep &lt;b&gt;peace&lt;/b&gt; &amp; more" in page
    assert "<i>" not in page
    assert 'href="#audit"' in page


def test_a_brief_without_claims_has_no_such_part():
    assert "claim by claim" not in brief(results())
    assert "tables/audit" not in tables(results())


def test_a_run_keeps_the_records_and_the_tests(audit):
    kept = tables(replace(results(), audit=audit))
    assert kept["tables/audit"].equals(audit.records)
    assert len(kept["tables/audit_tests"]) == 5


def test_a_picture_stands_where_there_is_a_band_and_shows_number_band_and_bound(audit):
    outcomes = [o for a in audit.answered for o in a.outcomes]
    drawn = [o for o in outcomes if drawable(o)]
    assert [o.name for o in drawn] == ["estimate", "estimate"]
    for o in drawn:
        root = ET.fromstring(picture(o, "x"))
        dot, band, region = (root.find(f"{{*}}{tag}") for tag in ("circle", "line", "rect"))
        low, mid, high = float(band.get("x1")), float(dot.get("cx")), float(band.get("x2"))
        assert 0 < low < mid < high < 240
        inside = float(region.get("x")) <= low and high <= float(region.get("x")) + float(region.get("width"))
        assert inside == (o.answer == "holds")
        assert root.find("{*}title").text


def test_the_section_is_whole_without_a_deciding_number(audit):
    section = audit_section(audit)
    empty = [c for g in section["groups"] for c in g["claims"] if c["id"] in ("C4", "C5")]
    assert all(c["number"] == "" and c["marks"] == "" and c["reason"] for c in empty)
