"""The command line as a user meets it: records, exit codes, and one clear message for every mistake."""

import csv
import io
import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from latticework.data import get
from latticework.data.files import PANEL

SCENARIO = Path(__file__).parents[1] / "scenarios" / "asia-2025" / "scenario.yaml"


def test_layers_are_listed_with_what_a_program_needs(lw):
    code, out, err = lw("data", "list", "--format", "json")
    records = json.loads(out)
    assert code == 0
    assert err == ""
    assert {"layer", "unit", "from", "to", "rows", "source", "licence"} <= set(records[0])
    assert {"troops", "defence", "ideal_point", "dispute", "leader", "capability"} <= {r["layer"] for r in records}
    assert all(r["rows"] > 0 and r["source"] and r["licence"] for r in records)


def test_records_of_a_layer_carry_date_state_partner_value_source(lw):
    code, out, _ = lw(
        "data", "get", "troops", "--states", "ROK", "--from", "2024-12-31", "--to", "2024", "--format", "json"
    )
    (record,) = json.loads(out)
    assert code == 0
    assert (record["date"], record["state"], record["partner"], record["value"]) == ("2024-12-31", "USA", "KOR", 23291)
    assert record["source"]
    code, out, _ = lw(
        "data", "get", "democracy", "--states", "jpn", "--from", "2020", "--to", "2022", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [r["date"][:4] for r in rows] == ["2020", "2021", "2022"]


def test_estimates_are_records_and_a_table(lw):
    code, out, err = lw("model", "show", "dispute_onset", "--format", "json")
    records = json.loads(out)
    assert code == 0
    assert err == ""
    keys = {"process", "effect", "estimate", "sd", "sd_naive", "unit", "origin", "source", "events"}
    assert keys <= set(records[0])
    assert {r["process"] for r in records} == {"dispute_onset"}
    code, out, _ = lw("model", "show")
    assert code == 0
    assert "leader_exit" in out
    assert "troop_change" in out


def test_a_snapshot_is_a_page_by_layer_and_every_value_on_request(lw):
    code, out, _ = lw("data", "snapshot", "asia-2025")
    assert code == 0
    assert "out of date" in out
    assert "external_threat" in out
    code, out, _ = lw("data", "snapshot", "asia-2025", "--states", "KOR", "--layers", "troops", "--format", "json")
    (row,) = json.loads(out)
    assert (row["state"], row["partner"], row["value"], row["date"]) == ("USA", "KOR", 23111, "2024-09-30")
    assert {"age_years", "source", "origin"} <= set(row)


def test_a_table_is_exported_with_its_sources(lw, tmp_path):
    code, out, _ = lw(
        *("data", "export", str(tmp_path / "t.csv"), "--states", "JPN,USA", "--from", "2010", "--to", "2011"),
        *("--layers", "troops,defence"),
    )
    assert code == 0
    assert "2 rows" in out
    header, first, *_ = (tmp_path / "t.csv").read_text().splitlines()
    assert "JPN" in first
    assert {"troops_21", "defence"} <= set(header.replace('"', "").split(","))
    assert (tmp_path / "t.sources.csv").read_text().startswith("column,layer")


def test_a_layer_of_ones_own_comes_and_goes(lw, tmp_path):
    (tmp_path / "calls.csv").write_text("year,state,partner,value\n2019,USA,JPN,3\n")
    (tmp_path / "calls.yaml").write_text(
        "name: calls\ntitle: Calls\nkind: dyad\ndirected: true\nunit: calls\nfrequency: annual\n"
        "source: me\ncitation: me\nlicence: mine\n"
    )
    assert lw("data", "add", str(tmp_path / "calls.csv"))[:2] == (
        0,
        "Added 'calls': 1 rows, 2019-12-31 to 2019-12-31.\n",
    )
    assert json.loads(lw("data", "get", "calls", "--format", "json")[1])[0]["value"] == 3
    assert lw("data", "remove", "calls")[:2] == (0, "Removed 'calls'.\n")
    assert lw("data", "get", "calls")[0] == 1


def test_panel_is_whole(lw):
    code, out, _ = lw("data", "verify", "--format", "json")
    assert code == 0
    checks = json.loads(out)
    assert {c["result"] for c in checks} == {"passed"}
    assert {"file", "as published", "no count is doubled", "successor states"} <= {c["check"] for c in checks}


MISTAKES = {
    ("data", "get", "trops"): "Did you mean 'troops'?",
    ("data", "show", "defense"): "Did you mean 'defence'?",
    ("data", "get", "troops", "--states", "KORR"): "KORR",
    ("data", "get", "troops", "--from", "soon"): "soon",
    ("data", "build", "--inputs", "no/such/folder"): "no/such/folder",
    ("model", "show", "leader_exits"): "Did you mean 'leader_exit'?",
    ("fit", "disputes"): "process",
    ("run", "asia-2024"): "Did you mean 'asia-2025'?",
    ("run", "asia-2025", "--branch", "status-qo"): "Did you mean 'status-quo'?",
    ("run", "asia-2025", "--paths", "0"): "--paths is 0",
    ("run", "asia-2025", "--seed", "-1"): "--seed is -1",
    ("run", "asia-2025", "--out", "/dev/null/run"): "/dev/null",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_message_and_exit_code_one(lw, arguments):
    code, out, err = lw(*arguments)
    assert code == 1
    assert MISTAKES[arguments] in err
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [("data", "lst"), ("run",), ("data", "list", "--format", "xml")], ids=" ".join)
def test_a_command_that_does_not_exist_is_exit_code_two(lw, arguments):
    code, _, err = lw(*arguments)
    assert code == 2
    assert err


def test_faults_of_a_scenario_are_told_with_line_and_column(lw, tmp_path):
    text = SCENARIO.read_text().replace("hub: USA", "hub: USSA").replace("quarters: 16", "quaters: 16")
    (tmp_path / "scenario.yaml").write_text(text)
    code, out, err = lw("run", str(tmp_path), "--out", str(tmp_path / "run"))
    where = next(i for i, line in enumerate(text.splitlines(), 1) if line.startswith("quaters"))
    assert code == 1
    assert out == ""
    assert f"scenario.yaml:{where}:1:" in err
    assert "'quarters'" in err
    assert "USSA" in err
    assert not (tmp_path / "run").exists()


def test_garbage_is_no_traceback(lw, tmp_path):
    (tmp_path / "scenario.yaml").write_bytes(bytes(range(256)))
    code, _, err = lw("run", str(tmp_path))
    assert code == 1
    assert "UTF-8" in err


def test_a_damaged_panel_is_named(lw, tmp_path, monkeypatch):
    shutil.copytree(PANEL, tmp_path / "panel")
    file = tmp_path / "panel" / "troops.parquet"
    file.write_bytes(file.read_bytes()[:-50])
    monkeypatch.setattr("latticework.actions.panel.data.get", partial(get, folder=tmp_path / "panel"))
    code, out, err = lw("data", "get", "troops")
    assert code == 1
    assert out == ""
    assert "troops" in err
    assert "Traceback" not in err
