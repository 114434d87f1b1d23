"""`latticework audit` as a user meets it: records, a table, and one clear message for every mistake."""

import json
from functools import partial
from pathlib import Path

import pytest

from latticework.store import RunFolder

MINE = """\
id: mine
title: My article
text: a draft
dated: 2025-01-24
scenario: asia-2025
claims:
  - id: A1
    text: Japan's economy is among the four largest
    kind: fact
    tests:
      - {test: rank, says: place by product, layer: gdp, of: JPN, at_most: 4}
  - id: A2
    text: China is Japan's largest partner, by far
    kind: fact
    tests:
      - {test: value, says: share of trade, layer: trade_share, of: [JPN-CHN], at_least: 0.5}
"""


@pytest.fixture
def mine(tmp_path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE)
    return path


def test_claims_that_need_no_futures_are_tested_without_a_run(lw, mine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = lw("audit", str(mine), "--format", "json")
    first, second = json.loads(out)
    assert (code, err) == (0, "")
    assert (first["id"], first["verdict"], first["value"], first["badge"]) == ("A1", "supported", 4.0, "observed")
    assert (second["verdict"], second["value"]) == ("contradicted", 0.2)
    assert not (tmp_path / "runs").exists()


def test_the_table_and_the_choice_of_claims(lw, mine):
    code, out, _ = lw("audit", str(mine), "--claims", "a2")
    assert code == 0
    assert "Contradicted (1)" in out
    assert "A1" not in out
    code, out, _ = lw("audit", str(mine), "--format", "csv")
    assert out.splitlines()[0] == "id,kind,claim,verdict,value,lower,upper,unit,origin,badge,reason"


def run_folder(path: Path, **inputs: str) -> Path:
    chosen = {"scenario": "asia-2025", "branches": [], "paths": 1}
    partial_folder = partial(RunFolder, path, seed=1, command="run", options=chosen)
    with partial_folder(inputs=inputs):
        pass
    return path


def test_mistakes_are_one_message(lw, mine, tmp_path):
    def said(*arguments: str) -> str:
        code, out, err = lw("audit", *arguments)
        assert (code, out) == (1, "")
        assert "Traceback" not in err
        return err

    assert "There is no claim 'A7' in 'mine'" in said(str(mine), "--claims", "A7")
    assert "There is no scenario 'asia-2024'" in said("asia-2024")
    mine.write_text(MINE.replace("rank", "rnak"))
    assert f"{mine}:11:16: claims.A1.tests.0.test: unknown test 'rnak'. Did you mean 'rank'?" in said(str(mine))
    mine.write_text(MINE)
    assert "is not a run folder" in said(str(mine), "--run", str(tmp_path))
    old = run_folder(tmp_path / "old", scenario="0" * 64)
    assert "was changed since the run" in said(str(mine), "--run", str(old))
    assert "is a run folder already" in said(str(old), "--run", str(old))
    mine.write_bytes(b"\xff\xfe")
    assert "is not a text file in UTF-8" in said(str(mine))
