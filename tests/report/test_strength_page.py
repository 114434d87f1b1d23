"""The page on tie strength shows what is shipped; that it is the one in the documentation is tested with all pages."""

from pathlib import Path

import pytest

from latticework.actions.strength import HELD_OUT, JUDGED, shipped_check, shipped_ties
from latticework.actions.tie_page import EXAMPLE, worked
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.validation import CASES

PAGE = (Path(__file__).parents[2] / "docs" / "tie-strength.md").read_text(encoding="utf-8")


def test_every_indicator_has_its_row_in_each_table():
    for indicator in INDICATORS:
        assert PAGE.count(f"| {indicator.title} |") >= 3, indicator.title


def test_every_case_is_shown_with_what_happened():
    for case in (c for kind in CASES.values() for c in kind):
        assert f"| {case.state}-{case.partner} | {case.year} | {case.what} |" in PAGE


def test_the_worked_tie_adds_up_to_what_is_shipped():
    example = worked(*EXAMPLE)
    series = shipped_ties(*EXAMPLE[:2])
    strength = float(series[series["date"] == EXAMPLE[2]]["strength"].iloc[0])
    assert example.table["added"].sum() + example.standing == pytest.approx(strength, abs=0.1)


def test_the_checks_cover_all_cases_and_all_layers():
    judged = shipped_check(JUDGED)
    assert {kind: int((judged["kind"] == kind).sum()) for kind in CASES} == {k: len(v) for k, v in CASES.items()}
    assert shipped_check(HELD_OUT)["layer"].tolist() == [i.name for i in INDICATORS]
