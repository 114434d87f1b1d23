"""The explanation on the page: what matters is shown, what is chance or small is left to the tables of the run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from latticework.explain import Drawn, Headline, Sized, Variant, explained
from latticework.report.explain_page import TOO_FEW, explain_section
from latticework.report.explain_terminal import shown as told
from latticework.report.explain_text import explain_text
from latticework.report.markdown import markdown
from latticework.report.terminal import blocks
from tests.report.futures import results

DRAWS, EACH, DAY = 200, 10, "2028-12-31"
DRAW = np.tile(np.arange(DRAWS), EACH)
FIRST, OTHER = "status-quo", "transactional-hub"


def made(push: float, sd: float) -> object:
    """Results of two branches that differ by a size `push` with mean 1 and spread sd, and nothing else."""
    rng = np.random.default_rng(1)
    base, normal = 60 + rng.standard_normal(DRAWS * EACH), rng.standard_normal(DRAWS)
    values = np.stack([base, base + push * (1 + sd * normal[DRAW]) + 0.01 * rng.standard_normal(DRAWS * EACH)])
    found = (Headline("weakest link", "JPN-KOR-USA", "0-100", "alignment", values, DRAW, False),)
    sizes = (Drawn(Sized("promises-doubted", "alignment", 1.0, sd, "per_year", (OTHER,), "x", 0), normal),)
    asked = (Variant(OTHER, "without", "promises-doubted", (), same=FIRST),)
    plain = results()
    return replace(plain, explanation=explained(found, (FIRST, OTHER), DAY, sizes, asked))


@pytest.fixture(scope="module")
def shown():
    return explain_section(made(-1.0, 0.8))


def test_a_difference_of_assumption_alone_is_said_to_be_mostly_assumption(shown):
    (line,) = [s for s in shown.sentences if "mostly assumption" in s]
    assert line.startswith("“Transactional hub”: the bands of the differences from the first branch of weakest link")


def test_the_answers_say_how_much_is_mostly_assumption(shown):
    assert "0 of 2 numbers of branches and 1 of 1 clear differences between branches" in shown.answer


def test_its_driver_flip_and_bars_are_shown(shown):
    drivers, flips = shown.tables
    assert [cell.text for cell in drivers.rows[0]][3] == "promises-doubted"
    assert drivers.rows[0][4].text.startswith("−")
    assert abs(float(flips.rows[0][3].text.replace("−", "-"))) < 0.05, "no push, no difference"
    assert len(shown.charts) == 2
    assert all("<title" in chart and "<desc" in chart for chart in shown.charts)


def test_the_preferred_branch_and_its_nearest_flip_are_told(shown):
    (line,) = [s for s in shown.sentences if s.startswith("By weakest link")]
    assert "“Status quo” does best; the nearest flip, to “Transactional hub”, is promises-doubted at" in line


def test_control_what_is_too_small_to_matter_is_not_shown():
    quiet = explain_section(made(-0.02, 0.8))
    assert [len(table.rows) for table in quiet.tables] == []
    assert len(quiet.charts) == 1


def test_control_a_certain_push_is_not_called_assumption():
    certain = explain_section(made(-1.0, 0.0))
    assert not any("are mostly assumption" in s for s in certain.sentences)
    assert any("No band of a headline is mostly assumption" in s for s in certain.sentences)


def test_a_run_that_was_not_explained_has_no_section():
    assert explain_section(results()) is None


def test_without_charts_their_numbers_are_tables():
    section = explain_text(made(-1.0, 0.8))
    tables = {table.id: table for table in section.tables}
    assert set(tables) == {"shares", "drivers", "flips", "tornado"}
    parts = [float(cell.text.removesuffix(" %")) for cell in tables["shares"].rows[0][1:]]
    assert sum(parts) == pytest.approx(100, abs=2)
    (row,) = tables["tornado"].rows
    assert row[2].text == "promises-doubted"
    low, high = (float(end.replace("−", "-")) for end in row[3].text.split(" to "))
    assert (low, high) == pytest.approx((-1 + 0.8 * 1.2816, -1 - 0.8 * 1.2816), abs=0.15)


def test_markdown_and_the_whole_terminal_have_the_explanation():
    whole = made(-1.0, 0.8)
    text = markdown(whole)
    assert "## What drives the numbers" in text
    assert "mostly assumption" in text
    assert "## What drives the numbers" not in markdown(replace(whole, explanation=None)), "control"
    titles = [str(getattr(block, "title", "")) for block in blocks(whole)]
    assert "What drives the numbers" in titles


def test_from_too_few_paths_nothing_is_said_to_be_free_of_assumption():
    whole = made(-1.0, 0.8)
    names = ["assumption_of_band", "process", "parameter", "measurement", "assumption"]
    blind = whole.explanation.variance.assign(says="", **dict.fromkeys(names, np.nan))
    shown = explain_section(replace(whole, explanation=replace(whole.explanation, variance=blind)))
    assert shown.answer == TOO_FEW == shown.sentences[0]
    assert not [line for line in shown.sentences if line.startswith("No band")]


def test_a_trace_claims_no_certainty_and_prints_no_missing_unit():
    rest = {"part": "number", "what": "x", "says": "", "source": ""}
    rows = [
        {**rest, "value": 0.9996, "lower": 0.998, "upper": 1.0, "unit": "chance"},
        {**rest, "value": 5.0, "lower": None, "upper": None, "unit": float("nan")},
    ]
    assert told(pd.DataFrame(rows))["number"].tolist() == [">99 % (>99 % to >99 %)", "5"]
