"""Backtests and the ledger on the command line: what is shown, and what is told to whoever asks amiss."""

import json
import time

import pandas as pd
import pytest
from typer.testing import CliRunner

from latticework.actions import shipped_skill
from latticework.actions.backtest import Asked, planned, run_backtest
from latticework.actions.backtests import work
from latticework.actions.compiled import keep_compiled
from latticework.cli import app
from latticework.errors import InputError, UnknownNameError
from latticework.evaluate.skill import COLUMNS
from latticework.report.skill import skill_of, verdict

RUNNER = CliRunner()


@pytest.fixture
def result(tmp_path, monkeypatch):
    """A small shipped result: one target that beats a baseline and does not beat another."""
    rows = [
        ("leader-change", "y1", "all", "Brier", "base rate", 0.12, 0.1, 0.05, 0.2, 5000, 700),
        ("leader-change", "y1", "all", "Brier", "history logit", 0.12, -0.02, -0.05, -0.01, 5000, 700),
        ("leader-change", "y1", "from 2005", "Brier", "base rate", 0.12, 0.1, -0.01, 0.2, 2000, 300),
        ("dispute", "y1", "all", "Brier", "persistence", 0.002, float("nan"), float("nan"), float("nan"), 9, 1),
    ]
    path = tmp_path / "skill.csv"
    path.write_text("# version: 0\n" + pd.DataFrame(rows, columns=COLUMNS).to_csv(index=False))
    monkeypatch.setattr(shipped_skill, "SHIPPED", path)
    return pd.read_csv(path, comment="#")


def test_the_shipped_result_is_printed_in_words_and_as_records(result):
    shown = RUNNER.invoke(app, ["backtest", "--shipped"], catch_exceptions=False).output
    assert "beats base rate" in " ".join(shown.split())
    assert "does not beat" in shown
    told = RUNNER.invoke(app, ["backtest", "leader-change", "--shipped", "--format", "json"], catch_exceptions=False)
    records = json.loads(told.output)
    assert list(records[0]) == COLUMNS
    assert {record["target"] for record in records} == {"leader-change"}
    assert len(records) == 3


def test_verdicts_are_plain(result):
    said = [verdict(row) for row in result.to_dict("records")]
    expected = ["beats base rate", "does not beat history logit", "not shown to beat base rate"]
    assert said == [*expected, "too few events to say"]


def test_a_quantity_of_the_outlook_is_told_its_skill_beside_the_hardest_baseline(result):
    words = skill_of("leader leaves office", result)
    assert "-2 %" in words.replace("−", "-").replace("%", " %").replace("  ", " ") or "-2%" in words
    assert "does not beat history logit" in words
    assert skill_of("dispute", result) == ""
    assert skill_of("nothing of the kind", result) == ""


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(since=1980), "from 1990 to 2022"),
        (Asked(since=2000, until=1999), "from 1990 to 2022"),
        (Asked(paths=1), "two or more"),
        (Asked(workers=-1), "one or more"),
    ],
)
def test_what_cannot_be_done_is_told_before_any_work(asked, message, tmp_path):
    with pytest.raises(InputError, match=message):
        planned(asked)
    assert not list(tmp_path.iterdir())


def test_an_unknown_target_is_named_with_its_likeness():
    with pytest.raises(UnknownNameError, match="Did you mean 'dispute'"):
        planned(Asked(("disputes",)))


def test_work_of_another_plan_is_not_mixed_in(tmp_path):
    work.opened(tmp_path / "work", planned(Asked(quick=True)))
    work.opened(tmp_path / "work", planned(Asked(quick=True)))
    with pytest.raises(InputError, match="another backtest"):
        work.opened(tmp_path / "work", planned(Asked(quick=True, seed=2)))


def test_work_of_other_code_or_another_machine_is_not_mixed_in(tmp_path, monkeypatch):
    keep_compiled()  # whose setting is the machine's
    plan = planned(Asked(quick=True))
    folder = work.opened(tmp_path / "work", plan)
    monkeypatch.setattr(work, "code_sha256", lambda: "of a change")
    with pytest.raises(InputError, match="with other code: delete it"):
        work.opened(folder, plan)
    monkeypatch.setattr(work, "machine", lambda: {"machine": "abacus"})
    with pytest.raises(InputError, match="other code, machine:"):
        work.opened(folder, plan)
    for task in (*work.fits(folder, plan, [2000]), *work.forecasts(folder, plan, [2000])):
        with pytest.raises(InputError, match="A worker has other code, machine"):
            task()
        assert not task.done
    monkeypatch.undo()
    assert work.opened(folder, plan) == folder


def test_a_worker_that_does_not_see_the_folder_is_told(tmp_path):
    plan = planned(Asked(quick=True))
    (task,) = work.forecasts(tmp_path / "elsewhere", plan, [2000])
    with pytest.raises(InputError, match=r"finds no work folder.*all must see the same one"):
        task()


def test_a_ledger_on_the_command_line(tmp_path):
    file = str(tmp_path / "ledger.jsonl")
    one = ["--event", "rain", "--rule", "wet", "--by", "2999-12-31", "--chance", "0.7", "--ledger", file]
    RUNNER.invoke(app, ["ledger", "add", *one], catch_exceptions=False)
    came = ["--outcome", "1=yes", "--source", "me", "--ledger", file]
    RUNNER.invoke(app, ["ledger", "score", *came], catch_exceptions=False)
    listed = RUNNER.invoke(app, ["ledger", "list", "--ledger", file, "--format", "json"], catch_exceptions=False)
    (entry,) = json.loads(listed.output)
    assert (entry["event"], entry["chance"], entry["outcome"]) == ("rain", 0.7, "yes")
    scored = RUNNER.invoke(app, ["ledger", "score", "--ledger", file, "--format", "json"], catch_exceptions=False)
    assert json.loads(scored.output)[0]["brier"] == pytest.approx(0.09)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["list"], "There is no ledger"),
        (["add", "--event", "hail", "--rule", "hard", "--by", "2999-12-31"], "--chance is -1; a forecast needs"),
        (["add", "no-such-run"], "holds no run"),
        (["score", "--outcome", "yes", "--source", "me"], "--outcome is 'yes'; it is written as ID=yes"),
    ],
)
def test_mistakes_with_the_ledger_are_one_line_and_no_success(asked, message, tmp_path, lw):
    code, out, said = lw("ledger", *asked, "--ledger", str(tmp_path / "ledger.jsonl"))
    assert (code, out) == (1, "")
    (line,) = said.strip().splitlines()
    assert message in line
    assert not list(tmp_path.iterdir())


def test_whoever_tampers_with_the_ledger_is_found_out(tmp_path, lw):
    ledger = tmp_path / "ledger.jsonl"
    for event in ("rain", "hail"):
        one = ("--event", event, "--rule", "wet", "--by", "2999-12-31", "--chance", "0.7", "--ledger", str(ledger))
        assert lw("ledger", "add", *one)[0] == 0
    honest = ledger.read_text()
    assert (
        f"Last seal: {json.loads(honest.splitlines()[-1])['seal']}" in lw("ledger", "list", "--ledger", str(ledger))[1]
    )
    ledger.write_text(honest.replace("0.7", "0.9", 1))
    for command in (["list"], ["score"], ["score", "--outcome", "1=yes", "--source", "me"], ["add", *one[:-2]]):
        before = ledger.read_text()
        code, _, said = lw("ledger", *command, "--ledger", str(ledger))
        assert (code, said.count("\n")) == (1, 1)
        assert "line 1: the seal is broken" in said
        assert ledger.read_text() == before


def test_a_quick_backtest_takes_less_than_two_minutes_of_one_core(tmp_path):
    begun = time.process_time()
    found = run_backtest(Asked(quick=True, work=tmp_path / "work", workers=1))
    assert time.process_time() - begun < 120
    assert set(found.records["target"]) == {"leader-change"}
    assert (found.done, found.wanted) == (3, 3)


@pytest.mark.slow
def test_a_quick_backtest_is_quick_and_the_same_whatever_the_split(tmp_path):
    whole = run_backtest(Asked(quick=True, work=tmp_path / "whole", workers=1))
    for shard in ("2/3", "1/3"):
        part = run_backtest(Asked(quick=True, work=tmp_path / "parts", shard=shard, workers=1))
        assert part.records.empty
        assert part.done < part.wanted == 3
    last = run_backtest(Asked(quick=True, work=tmp_path / "parts", shard="3/3", workers=2))
    pd.testing.assert_frame_equal(whole.records, last.records)
    assert len(whole.records)
