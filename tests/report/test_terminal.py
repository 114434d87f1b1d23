"""The terminal says the same as the tables, in a hundred columns, and without colour in a pipe."""

import io
import json
import re

import pytest
from rich.console import Console

from latticework.report.assumed import assumptions
from latticework.report.records import records
from latticework.report.terminal import print_outlook
from tests.report.futures import ensemble, results


def printed(made, width: int = 140, **options) -> str:
    out = io.StringIO()
    print_outlook(made, Console(file=out, width=width, **options))
    return out.getvalue()


@pytest.fixture(scope="module")
def made():
    return results()


@pytest.fixture(scope="module")
def text(made):
    return printed(made)


def test_the_first_page_has_the_answers_and_says_where_the_rest_is(made, text):
    out = io.StringIO()
    print_outlook(made, Console(file=out, width=140), full=False)
    page = out.getvalue()
    assert len(page.splitlines()) < 0.6 * len(text.splitlines())
    assert max(len(line) for line in page.splitlines()) <= 100
    words = " ".join(page.split())
    assert made.scenario.question in words
    assert page.index("Answers") < page.index("What it rests on")
    assert f"{len(assumptions(made.scenario, made.branches))} assumptions" in words
    assert "--full" in words
    assert "promises-doubted" not in words


def test_nothing_is_wider_than_a_hundred_columns(text):
    assert max(len(line) for line in text.splitlines()) <= 100


def test_nothing_is_cut_off(text, made):
    assert "…" not in text
    words = " ".join(text.split())
    for part in (
        made.scenario.question,
        made.scenario.interventions[1].reason,
        "52,603",
        "Leader of KOR",
        "promises-doubted",
    ):
        assert part in words


def test_there_is_no_colour_in_a_pipe(text):
    assert "\x1b" not in text
    assert "\x1b" in printed(results(), force_terminal=True, color_system="standard")


def test_every_part_is_there(text):
    for title in (
        "Ties",
        "troops by host",
        "Alignment",
        "Leaders",
        "Disputes",
        "What it rests on",
        "Estimated",
        "Assumed",
    ):
        assert title in text
    assert "Where data end: dispute 31 December 2014" in text
    assert "+0.5 ± 0.3 of the usual difference" in " ".join(text.split())
    assert "was not measured in this run" in " ".join(text.split())


def test_no_chance_is_bare(text):
    assert not re.search(r"(?<![\d.<>–(])(0|100) %", text)


def test_one_branch_and_few_paths_print_too():
    small = results(ensemble(paths=3, draws=3).sel(branch=["status-quo"]))
    text = printed(small)
    assert "Transactional" not in text
    assert "<50 %" in text  # three paths cannot tell a rare event from a coin
    assert small.contrasts.empty


def test_three_branches_stand_in_two_groups():
    import xarray as xr

    world = ensemble(paths=60, draws=10)
    three = xr.concat([world, world.isel(branch=[1]).assign_coords(branch=["third"])], "branch")
    made = results(three)
    third = {"id": "third", "title": "Third course", "summary": "More.", "interventions": ["promises-doubted"]}
    branches = (*(b.model_dump() for b in made.scenario.branches), third)
    scenario = made.scenario.model_validate(
        {**made.scenario.model_dump(by_alias=True, mode="json"), "branches": branches}
    )
    text = printed(type(made)(**{**{k: getattr(made, k) for k in made.__dataclass_fields__}, "scenario": scenario}))
    assert "Third course minus status quo" in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_records_are_plain_and_complete(made):
    told = json.loads(json.dumps(records(made), allow_nan=False))
    assert len(told["outlook"]) == len(made.outlook)
    row = next(r for r in told["outlook"] if r["quantity"] == "troops" and r["partner"] == "KOR" and r["lower"] is None)
    assert (row["value"], row["origin"], row["date"]) == (23291.0, "observed", "2025-01-24")
    assert {e["process"] for e in told["estimates"]} == {p.name for p in made.model}
    assert [a["id"] for a in told["assumptions"]] == ["kor-removal", "promises-doubted", "democracy-phl"]
    assert told["assumptions"][1]["branches"] == ["transactional-hub"]
