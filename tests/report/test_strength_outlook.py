"""Tie strength in the outlook, the tables, the answers and the charts of a run that measured it."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from latticework.measures import contrast, courses
from latticework.measures.outlook import between
from latticework.report.basis import PARTS, SCORE
from latticework.report.brief import brief
from latticework.report.charts import charts
from latticework.report.findings import findings
from latticework.report.outlook_tables import UNMEASURED, outlook_tables
from latticework.report.tables import Finder
from tests.report.futures import FOCUS, ensemble, inputs, results
from tests.report.test_brief import Page

TIES = ("JPN-USA", "KOR-USA", "JPN-KOR", "CHN-USA")
NOW = {"JPN-USA": 80.0, "KOR-USA": 70.0, "JPN-KOR": 55.0, "CHN-USA": 20.0}
DRAWS = 50


def measured(falls: float = 6.0, seed: int = 3) -> xr.Dataset:
    """The futures of the tests with ties that walk; in the second branch they fall by so much until the end."""
    world, rng = ensemble(), np.random.default_rng(seed)
    paths, steps = world.sizes["path"], world.sizes["time"]
    draw, now = np.arange(paths) % DRAWS, np.array([NOW[tie] for tie in TIES])
    start = now + rng.normal(0, 4, (DRAWS, len(TIES)))
    walk = np.cumsum(rng.normal(0, 0.8, (paths, steps, len(TIES))), axis=1)
    course = start[draw][:, None] + walk
    both = np.stack([course, course - falls * np.linspace(0, 1, steps)[:, None]]).astype(np.float32)
    dims = ("branch", "path", "time", "tie")
    coords = {
        "tie": list(TIES),
        "tie_state": ("tie", [tie[:3] for tie in TIES]),
        "tie_partner": ("tie", [tie[4:] for tie in TIES]),
        "tie_draw": ("path", draw),
        "level": [0.1, 0.25, 0.5, 0.75, 0.9],
        "tie_strength_start": (("level", "tie"), np.quantile(start, [0.1, 0.25, 0.5, 0.75, 0.9], axis=0)),
    }
    weaker = both < start[draw][None, :, None]
    with_ties = world.assign({"tie_strength": (dims, both), "tie_weaker": (dims, weaker.astype(np.int8))})
    return with_ties.assign_coords(coords).assign_attrs(tie_strength_day="2024-12-31")


@pytest.fixture(scope="module")
def made():
    return results(measured())


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def test_a_row_starts_with_an_estimate_and_its_band_and_ends_with_those_of_the_paths(made):
    rows = between(made.outlook, branch="transactional-hub", quantity="tie strength", state="JPN", partner="USA")
    first, last = rows.iloc[0], rows.iloc[-1]
    assert (first.date, first.origin, first.unit) == ("2025-01-24", "estimated", "0-100")
    assert first.lower < first.value < first.upper
    paths = np.sort(made.ensemble["tie_strength"].sel(branch="transactional-hub", tie="JPN-USA").values[:, -1])
    assert last.value == pytest.approx((paths[199] + paths[200]) / 2, rel=1e-5)
    assert paths[39] <= last.lower <= paths[40]
    assert paths[359] <= last.upper <= paths[360]


def test_the_chance_of_a_weaker_tie_is_counted_against_the_path_s_own_start(made):
    row = between(made.outlook, branch="status-quo", quantity="weaker than today", partner="USA", state="KOR").iloc[-1]
    world = made.ensemble.sel(branch="status-quo", tie="KOR-USA")
    assert row.value == pytest.approx(float(world["tie_weaker"].isel(time=-1).mean()))
    assert row.lower < row.value < row.upper
    assert row.date == "2028-12-31"


def test_an_assumption_on_what_strength_is_read_off_is_marked(made):
    rows = between(made.outlook, quantity="tie strength", branch="transactional-hub", date="2028-12-31")
    marks = dict(zip(rows["state"] + "-" + rows["partner"], rows["origin"], strict=True))
    assert marks["JPN-USA"] == "estimated"
    shifted = made.scenario.interventions[1].on
    assert set(shifted) == {"CHN-JPN", "CHN-TWN"}
    world = measured().assign_coords(tie=["JPN-USA", "KOR-USA", "JPN-KOR", "CHN-JPN"])
    world = world.assign_coords(tie_state=("tie", ["JPN", "KOR", "JPN", "CHN"]))
    world = world.assign_coords(tie_partner=("tie", ["USA", "USA", "KOR", "JPN"]))
    rows = between(results(world).outlook, quantity="tie strength", date="2028-12-31", state="CHN")
    assert dict(zip(rows["branch"], rows["origin"], strict=True)) == {
        "status-quo": "estimated",
        "transactional-hub": "estimated, assumed",
    }


def test_the_table_has_the_strongest_tie_first_and_every_number_with_its_band(made):
    table = outlook_tables(made, made.branches)[0]
    assert (table.id, table.title) == ("strength", "Tie strength")
    assert [row[0].text for row in table.rows] == list(TIES)
    for row in table.rows:
        assert all(cell.band for cell in row[1:])
        assert abs(numbers(row[1].text)[0] - NOW[row[0].text]) < 5
        assert numbers(row[3].text)[0] < numbers(row[2].text)[0]
        assert numbers(row[5].text)[0] > numbers(row[4].text)[0] > 20
    assert "31 December 2024" in table.note


def test_the_answer_gives_now_then_and_the_chance_in_every_branch(made):
    found = findings(made)[0]
    assert found.title == "How strong are the ties, and where do they head?"
    assert "with Japan" in found.answer
    assert "with South Korea" in found.answer
    assert [point[:7] for point in found.points] == list(TIES)
    start = Finder(made).start("tie", "tie strength", ("JPN", "USA"))
    assert f"{start.text} {start.band} now" in found.points[0]
    assert found.points[0].count("Transactional hub") == 2


def test_each_tie_of_an_ally_with_the_hub_has_a_chart_that_starts_with_today_s_band(made):
    drawn = [chart for chart in charts(made) if chart.section == "strength"]
    assert [re.search(r"Tie of (.*) and", c.title).group(1) for c in drawn] == ["Japan", "South Korea"]
    for chart in drawn:
        assert ET.fromstring(chart.svg).attrib["role"] == "img"
        assert re.search(r"\d+ %", chart.title)


def test_the_page_stays_whole_and_says_no_longer_that_nothing_is_measured(made):
    page = Page(brief(made))
    assert page.faults == []
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert "strength" in ids
    assert "not measured in this run" not in page.text
    assert "is in the width of its band" in page.text
    assert "not measured in this run" in Page(brief(results())).text


def test_branches_are_compared_path_by_path():
    found = contrast(measured(), FOCUS, "USA", "CHN", inputs(), "transactional-hub", "status-quo")
    rows = between(found, quantity="tie strength", date="2028-12-31")
    np.testing.assert_allclose(rows["mean"], -6.0, atol=1e-4)
    assert rows["clear"].all()


def test_an_ensemble_without_strength_has_no_such_course():
    kinds = {course.quantity for course in courses(ensemble(), FOCUS, "USA", "CHN", inputs())}
    assert not kinds & {"tie strength", "weaker than today"}


def told(made) -> str:
    """All that the page and the terminal's tables say of what is measured."""
    tables = [table.note for table in outlook_tables(made, made.branches)]
    return " ".join([Page(brief(made)).text, *tables])


@pytest.mark.parametrize("focus", [FOCUS, ("USA", "PHL")], ids=["its ties", "another tie"])
def test_no_word_says_that_nothing_was_measured_where_something_was(focus):
    """Also where the tie measured is none among the focus states, so that there is no table of ties."""
    world = measured()
    there = results(world)
    there = replace(there, scenario=there.scenario.model_copy(update={"focus": focus}))
    assert (outlook_tables(there, there.branches)[0].id == "strength") == (focus == FOCUS)
    assert not [words for words in (PARTS, UNMEASURED.strip(), "measured in this run") if words in told(there)]
    assert SCORE in told(there)


def test_control_the_words_are_there_where_nothing_was_measured():
    without = told(results())
    assert PARTS in without
    assert UNMEASURED.strip() in without
    assert SCORE not in without
