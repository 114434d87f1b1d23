"""The page on skill is that of the shipped result, and says plainly what does not hold."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from latticework.actions.backtest import shipped
from latticework.evaluate.targets import TARGETS
from latticework.report.case_charts import told
from latticework.report.skill import QUANTITIES, skill_of
from latticework.report.skill_page import demanded, hardest, page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def written():
    spec = importlib.util.spec_from_file_location("docs_skill", DOCS / "skill.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.files()


@pytest.mark.parametrize("name", ["skill.md", "skill-chances.svg", "skill-ranks.svg", "skill-cases.svg"])
def test_the_page_is_that_of_the_shipped_result(written, name):
    assert (DOCS / name).read_text(encoding="utf-8") == written[name], "run `python docs/skill.py --shipped`"


def test_the_shipped_result_has_every_target_beside_every_baseline():
    result = shipped()
    assert set(result.records["target"]) == set(TARGETS)
    for name, baselines in result.records.groupby("target")["baseline"]:
        assert len(set(baselines)) >= 5, name
    assert result.made["origins"]


def test_every_quantity_of_the_outlook_that_was_scored_is_told_with_its_baseline():
    table = shipped().records
    told = {quantity: skill_of(quantity, table) for quantity in QUANTITIES}
    assert all("skill" in words and "baseline" in words for words in told.values())


def test_what_is_demanded_is_held_against_the_numbers():
    result = shipped()
    lines = demanded(result.records, result.calibration)
    table = result.records
    mine = (table["target"] == "dispute") & (table["horizon"] == "y1") & (table["block"] == "all")
    skill = table[mine & (table["score"] == "Brier") & (table["baseline"] == "base rate")]["skill"].iloc[0]
    assert lines[0].endswith("not held" if skill < 0.12 else "held")
    late = table[(table["target"] == "leader-change") & (table["block"] == "all") & (table["score"] == "Brier")]
    late = late[late["baseline"] == "base rate"].set_index("horizon")["skill"]
    assert ", ".join(f"{late[horizon]:.3f}" for horizon in ("q2", "q3", "q4")) in lines[4]
    better = table.assign(skill=np.where(mine, 0.5, table["skill"]))
    assert "0.500" in demanded(better, result.calibration)[0]
    assert demanded(better, result.calibration)[0].endswith(": held")


def test_the_hardest_baseline_is_the_one_that_leaves_least():
    table = shipped().records
    row = hardest(table, "dispute", "y1")
    mine = (table["target"] == "dispute") & (table["horizon"] == "y1") & (table["block"] == "all")
    assert row["skill"] == table[mine & (table["score"] == "Brier")]["skill"].min()


def test_a_page_without_a_target_says_so():
    result = shipped()
    rest = result.records[result.records["target"] != "dispute"]
    moves = pd.DataFrame([{"whose": "hub", "ties": 2, "n": 1400, "falls": 1, "rises": 3, "sd": 0.314}])
    text = page(rest, result.calibration, result.cases, result.made, moves)
    assert "Nothing to judge in this result." in text
    assert "Of the ties of the United States, 2 in 1,400 years, 1 fell and 3 rose as far; the posterior sd" in text
    assert "sd of a strength is 0.31." in text


def test_a_case_is_told_with_what_was_given_to_what_came():
    from latticework.evaluate.cases import CASES, COLUMNS

    troops, members = (next(case for case in CASES if case.kind == kind) for kind in ("troops", "members"))
    rows = [(troops.name, troops.title, "troops", 1977, 30.0, 20.0, 40.0, 45.0, 1990)]
    rows += [
        (members.name, members.title, "members", 1985 + k, 0.1, np.nan, np.nan, float(k == 1), 1990) for k in (0, 1)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    assert "outside the band" in told(troops, table)
    assert "10.0% was given to 1986" in told(members, table)
