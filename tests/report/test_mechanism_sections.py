"""Bargain, deterrence, hedging and parameters: every number is that of the run, and what is not there has no row."""

from dataclasses import replace

import pytest

from latticework.report.artefacts import tables
from latticework.report.bargain_section import bargain_section
from latticework.report.brief import brief, mechanism_sections
from latticework.report.deterrence_section import deterrence_section, small
from latticework.report.hedging_section import hedging_section
from latticework.report.mechanism_results import MechanismResults
from latticework.report.parameters_table import origins, parameters_table
from tests.report.futures import results
from tests.report.mechanisms import CHALLENGE, PAYS, made
from tests.report.test_brief import Page


@pytest.fixture(scope="module")
def run():
    return made()


@pytest.fixture(scope="module")
def page(run):
    return Page(brief(run))


def cells(table) -> list[list[str]]:
    return [[f"{cell.text} {cell.band}".strip() for cell in row] for row in table.rows]


def test_the_bargain_tells_what_is_asked_and_paid(run):
    section = bargain_section(run)
    asked, settled, split = section.tables
    assert cells(asked) == [
        ["South Korea", "1 billion USD (2025)", "9 billion USD (2025)", "9 times", "to leave", "Transactional hub"]
    ]
    (row,) = cells(settled)
    assert row[:3] == ["South Korea: Transactional hub", ">99 % (>99)", f"{PAYS:.2f} ({PAYS:.2f}–{PAYS:.2f})"]
    assert row[3].startswith("1.8 billion")
    assert row[4] == "10 % (10–10)", "of the rise from one to nine billion a tenth is paid"
    assert [c[0] for c in cells(split)] == ["an even split", "what is usual", "share in logs that is paid"]
    assert cells(split)[1][1] == "−40 points (−50 to −30)"


def test_the_bargain_says_how_well_it_foretells(run):
    assert "worse than a normal law" in section_text(bargain_section(run))
    better = run.mechanisms.fit.assign(value=[17, 2, 0.4, 0.3, 0.75])
    assert "better than a normal law" in section_text(
        bargain_section(replace(run, mechanisms=replace(run.mechanisms, fit=better)))
    )


def section_text(section) -> str:
    return " ".join(section.words)


def test_deterrence_tells_chances_changes_and_targets(run):
    game, branches, targets = deterrence_section(run).tables
    assert cells(game)[0] == ["PRK → KOR: a challenge, a year", "4.3 % (3.3–5.3)", "2.0 %", "20 %"]
    assert [row[1] for row in cells(branches)] == ["4.3 % (3.3–5.3)", "+1.8", "="]
    assert [row[0] for row in cells(targets)] == ["0.5", "1", "3"]
    assert "North Korea challenges South Korea in 4.3 % of years" in section_text(deterrence_section(run))
    assert CHALLENGE["transactional-hub"] - CHALLENGE["status-quo"] == pytest.approx(0.018)


def test_small_chances_keep_their_digits():
    assert [small(x) for x in (0.00001, 0.0012, 0.0312, 0.31, 0.999)] == ["<0.01 %", "0.12 %", "3.1 %", "31 %", ">99 %"]


def test_hedging_tells_the_measure_and_the_choice(run):
    section = hedging_section(run)
    stance, choice = section.tables
    assert cells(stance)[0][:2] == ["South Korea", "0.52 (0.47–0.57)"]
    assert "most in security (0.61), least in diplomacy (0.33)" in section_text(section)
    assert cells(choice)[1][1] == "−20", "the second branch turns allies by a fifth"
    assert cells(choice)[2][1] == "="
    assert "moves most by −20 points in “Transactional hub”" in section_text(section)


def test_parameters_have_their_law_origin_and_reason(run, page):
    table = parameters_table(run)
    assert [row[2] for row in table.rows] == [("−0.6 ± 0.3", "", "E"), ("0.5 ± 0.35 ≥ 0", "", "A")]
    assert origins(run) == "1 assumed, 1 fitted"
    for row in table.rows:
        assert row[0].text in page.text
        assert row[5].text in page.text


def test_what_no_mechanism_says_has_neither_section_nor_row():
    bare = results()
    assert mechanism_sections(bare) == []
    assert parameters_table(bare) is None
    assert origins(bare) == ""
    text = Page(brief(bare)).text
    assert "Deterrence" not in text
    assert "Parameters of the mechanisms" not in text


def test_a_parameter_that_is_gone_has_no_row(run):
    fewer = replace(run, mechanisms=replace(run.mechanisms, parameters=run.mechanisms.parameters.iloc[:1]))
    assert "credibility: log presence" not in Page(brief(fewer)).text


def test_the_page_has_the_sections_in_their_order(page):
    order = ["answers", "strength", "sides", "contrast", "bargain", "deterrence", "hedging", "rests", "sources", "cite"]
    ids = [a["id"] for tag, a in page.tags if tag == "section"]
    assert [i for i in ids if i in order] == order
    assert page.faults == []
    every = [a["id"] for _, a in page.tags if "id" in a]
    assert len(every) == len(set(every))


def test_a_run_leaves_the_tables_of_its_mechanisms(run):
    left = set(tables(run))
    names = ("bargain", "stances", "parameters", "bargain_split", "bargain_fit", "deterrence", "hedging")
    assert {f"tables/{name}" for name in names} <= left
    assert MechanismResults().tables() == {}
