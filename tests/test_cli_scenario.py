"""Scenarios on the command line: a new one passes its own check, one is shown, two are compared."""

import csv
import io
import json
from pathlib import Path

import pytest

from latticework import cli

SHIPPED = Path(__file__).parents[1] / "scenarios" / "asia-2025" / "scenario.yaml"


@pytest.fixture
def lw(capsys, monkeypatch):
    """Run a command line; gives exit code, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["latticework", "scenario", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return call


def test_a_new_scenario_passes_its_check_and_knows_what_the_panel_knew(lw, tmp_path):
    folder = str(tmp_path / "strait")
    code, out, err = lw("new", "strait", "--states", "TWN,JPN,KOR,PAK", "--out", folder)
    assert (code, err) == (0, "")
    assert folder in out
    assert (tmp_path / "strait" / "scenario.schema.json").is_file()
    assert lw("check", folder)[1].endswith("no mistake; 6 states, 6 leaders, 1 interventions, 0 levers, 1 branches.\n")
    made = json.loads(lw("show", folder, "--format", "json")[1])
    leaders = {leader["state"]: leader for leader in made["leaders"]}
    assert leaders["JPN"]["name"] == "Shigeru Ishiba"
    assert leaders["KOR"]["note"] == "acting"
    assert leaders["PAK"]["confidence"] == "low"  # the record ends in 2021
    assert ("TWN", "2028-01-15") in {(vote["state"], vote["date"]) for vote in made["elections"]}
    assert lw("new", "strait", "--out", folder)[0] == 1  # it is there already


def test_a_new_scenario_of_the_past_has_the_leaders_of_its_day_and_the_hubs_allies(lw, tmp_path):
    assert (
        lw("new", "old", "--hub", "GBR", "--rival", "RUS", "--on", "2010-06-30", "--out", str(tmp_path / "old"))[0] == 0
    )
    made = json.loads(lw("show", str(tmp_path / "old"), "--format", "json")[1])
    assert made["states"][:3] == ["GBR", "RUS", "USA"]
    assert len(made["states"]) == 8
    assert next(leader for leader in made["leaders"] if leader["state"] == "GBR")["since"] == "2010-05-11"


def test_a_scenario_is_shown_with_branches_sizes_and_origins(lw):
    code, out, _ = lw("show", "asia-2025")
    words = " ".join(out.split())
    assert code == 0
    assert "── transactional-hub" in out
    assert "kor-pay-more troop change: KOR-USA, from 2025-01-24 to 2028-12-31: +0.5 ± 0.5 of the usual" in words
    assert "by Latticework, scenario authors, on http://world.kbs.co.kr" in words
    rows = list(csv.DictReader(io.StringIO(lw("show", "asia-2025", "--format", "csv")[1])))
    assert {"id", "size", "assumed_by", "reason", "source"} <= set(rows[0])


def test_two_branches_and_two_scenarios_are_compared(lw, tmp_path):
    rows = json.loads(lw("diff", "asia-2025:status-quo", "asia-2025:transactional-hub", "--format", "json")[1])
    assert all(row["what"].startswith(("interventions.", "demands.")) for row in rows)
    assert [row["a"] for row in rows] == [""] * len(rows)
    assert "interventions.kor-pay-more" in {row["what"] for row in rows}
    assert lw("diff", "asia-2025", "asia-2025")[1] == "asia-2025 and asia-2025 do not differ.\n"
    text = SHIPPED.read_text(encoding="utf-8").replace("chance: 0.7\n", "chance: 0.4\n")
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    (row,) = json.loads(lw("diff", "asia-2025", str(tmp_path), "--format", "json")[1])
    assert row == {"what": "interventions.kor-removal.chance", "a": "0.7", "b": "0.4"}


MISTAKES = {
    ("check", "asia-2024"): "Did you mean 'asia-2025'?",
    ("new", "x", "--hub", "USQ"): "There is no state 'USQ'",
    ("new", "x", "--on", "soon"): "--on is 'soon'",
    ("new", "Not A Name"): "an id is of small letters",
    ("diff", "asia-2025", "asia-2025:status-quo"): "name a branch of both",
    ("diff", "asia-2025:status-qo", "asia-2025:status-quo"): "Did you mean 'status-quo'?",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_message_and_exit_code_one(lw, arguments, tmp_path, monkeypatch):
    if arguments[0] == "new":
        monkeypatch.chdir(tmp_path)
    code, out, err = lw(*arguments)
    assert (code, out) == (1, "")
    assert MISTAKES[arguments] in err
    assert "Traceback" not in err
