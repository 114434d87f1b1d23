"""Opinion: answers about another state, dated by the end of the month of the poll."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.sources import polls

HEADER = "date,pollster,respondents,target,question,value,unit,source,confidence,note"


@pytest.fixture(scope="module")
def table(folders: tuple[Path, ...]) -> pd.DataFrame:
    return polls.build(folders)["opinion"]


def test_days_and_what_is_no_dyad(tmp_path):
    lines = [
        "2022-12,A,JPN,JPN,arm,68,pct,page,high,",
        "2022-12,A,JPN,USA,trust,58,pct,page,high,51 in 2020",
        "2018,A,JPN,USA,trust,30,pct,page,high,",
        "2024-02-10,B,USA,EU,trust,50,pct,page,low,",
        "2024-02,B,KOR,JPN,like,12.7,pct,page,medium,",
    ]
    (tmp_path / "polls.csv").write_text("\n".join([HEADER, *lines]))
    rows = polls.build(tmp_path)["opinion"]
    assert list(zip(rows["date"], rows["state"], rows["partner"], rows["value"], rows["known"], strict=True)) == [
        ("2018-12-31", "JPN", "USA", 30.0, "2019-01-31"),
        ("2022-12-31", "JPN", "USA", 58.0, "2023-01-31"),
        ("2024-02-29", "KOR", "JPN", 12.7, "2024-03-31"),
    ]
    assert rows["source"].tolist() == ["fact: page"] * 3


def test_every_answer_about_another_state_is_there(table, folders):
    with (folders[1] / "polls.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    others = [line for line in lines if line["respondents"] != line["target"]]
    assert (len(lines), len(others), len(table)) == (23, 19, 19)
    expected = sorted((f["respondents"], f["target"], f["question"], float(f["value"])) for f in others)
    assert sorted(zip(table["state"], table["partner"], table["question"], table["value"], strict=True)) == expected


def test_known_answers(table):
    trust = table.query("question == 'trust the United States'")
    assert trust[["date", "state", "partner", "value"]].to_numpy().tolist() == [["2024-11-30", "JPN", "USA", 34.0]]
    assert table.query("pollster.str.startswith('NHK')")["known"].tolist() == ["2020-05-29"]
    assert table["value"].between(0, 100).all()
    assert (table["known"] > table["date"]).all()
