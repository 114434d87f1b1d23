"""`latticework explain` as a user meets it: every number of a run by its id, and one clear message for a wrong one."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from latticework.explain import Drawn, explained, headlines, sized
from latticework.report.artefacts import tables
from latticework.report.brief import brief
from latticework.store import RunFolder
from tests.report.futures import FOCUS, inputs, results
from tests.report.mechanisms import CHALLENGE, PAYS, made

DISPUTE = "dispute:CHN-JPN:2028:transactional-hub"


@pytest.fixture(scope="module")
def run():
    """A run of a made-up ensemble in which one size was drawn, explained without runs beside it."""
    plain = results()
    found = headlines(plain.ensemble, FOCUS, "USA", "CHN", inputs())
    rng, draws = np.random.default_rng(1), len(np.unique(plain.ensemble["draw"]))
    sizes = tuple(Drawn(one, rng.standard_normal(draws)) for one in sized(plain.scenario))
    return replace(plain, explanation=explained(found, plain.branches, plain.dates[-1], sizes))


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "asia"
    with RunFolder(out, seed=1, command="run", options={"scenario": "asia-2025"}, inputs={}) as made:
        for name, table in tables(run).items():
            made.write_table(name, table)
    return str(out)


def test_a_number_is_followed_to_its_shares_assumptions_estimates_and_value(lw, folder, run):
    code, out, err = lw("explain", folder, DISPUTE, "--format", "json")
    assert (code, err) == (0, "")
    rows = json.loads(out)
    row = run.outlook.set_index("id").loc[DISPUTE]
    assert rows[0]["part"] == "number"
    assert rows[0]["value"] == pytest.approx(row["value"])
    assert {r["part"] for r in rows} >= {"number", "share", "tornado", "assumption", "estimate"}
    shares = {r["what"]: r["value"] for r in rows if r["part"] == "share"}
    assert sum(shares[p] for p in ("process", "parameter", "measurement", "assumption")) == pytest.approx(1)
    assert [r["what"] for r in rows if r["part"] == "assumption"] == ["promises-doubted"]
    assert next(r["source"] for r in rows if r["part"] == "assumption").startswith("https://example.org")


def test_what_is_not_assumed_in_a_branch_is_not_told_of_it(lw, folder):
    _, out, _ = lw("explain", folder, "dispute:CHN-JPN:2028:status-quo", "--format", "json")
    assert "promises-doubted" not in out


def test_inputs_estimates_assumptions_and_differences_have_ids_too(lw, folder):
    for number, part, text in (
        ("input:troops:KOR-USA", "input", "dmdc"),
        ("assumption:promises-doubted", "assumption", "Doubt invites tests"),
        ("estimate:dispute_onset:rivalry", "estimate", "data-driven"),
        ("dispute:CHN-JPN:2028:transactional-hub-vs-status-quo", "number", "less that of"),
        ("disputes:all:2028:status-quo", "number", "branch"),
    ):
        code, out, err = lw("explain", folder, number, "--format", "json")
        assert (code, err) == (0, ""), number
        rows = json.loads(out)
        assert rows[0]["part"] == part
        assert text in out


def test_the_list_has_every_number_of_every_table_and_headlines_first(lw, folder, run):
    code, out, _ = lw("explain", folder, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    ids = [r["id"] for r in rows]
    assert len(ids) == len(set(ids))
    assert set(run.outlook["id"]) | set(run.contrasts["id"]) | set(run.explanation.variance["id"]) <= set(ids)
    flags = [r["headline"] == "True" for r in rows]
    assert flags == sorted(flags, reverse=True)


def test_what_mechanisms_say_beside_the_futures_has_ids_that_can_be_followed(lw, tmp_path):
    run = made()
    written = tables(run)
    with RunFolder(tmp_path / "m", seed=1, command="run", options={}, inputs={}) as folder:
        for name, table in written.items():
            folder.write_table(name, table)
    _, out, _ = lw("explain", str(tmp_path / "m"), "--format", "json")
    listed = {r["id"]: r for r in json.loads(out)}
    for name in ("bargain", "bargain_split", "bargain_fit", "stances", "deterrence", "hedging"):
        ids = written[f"tables/{name}"]["id"]
        assert ids.is_unique, name
        assert set(ids) <= set(listed), name
    for number, value, behind in (
        ("bargain_payment:KOR:2028:transactional-hub", PAYS, "pay"),
        ("split_what_is_usual:KOR:2025-03-31:transactional-hub", -0.4, "pay"),
        ("game_challenge:PRK-KOR:2028:transactional-hub", CHALLENGE["transactional-hub"], None),
        ("stance_tilt:KOR:2024:measured", 0.52, None),
    ):
        code, out, err = lw("explain", str(tmp_path / "m"), number, "--format", "json")
        assert (code, err) == (0, ""), number
        rows = json.loads(out)
        assert rows[0]["value"] == pytest.approx(value, rel=1e-4)
        assert listed[number]["value"] == rows[0]["value"]
        assert behind is None or behind in [r["what"] for r in rows], number


def test_one_id_is_one_number(run):
    for table in (run.outlook, run.contrasts):
        values = table.groupby("id")["value"].nunique()
        assert (values <= 1).all(), values[values > 1].index.tolist()


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("dispute:CHN-JPN:2028:transactional-hubb", f"Did you mean '{DISPUTE}'?"),
        ("Dispute:chn-jpn:2028:transactional-hub", f"Did you mean '{DISPUTE}'?"),
        ("nothing", "Possible: "),
    ],
)
def test_an_unknown_id_is_one_message_with_a_suggestion(lw, folder, number, hint):
    code, out, err = lw("explain", folder, number)
    assert (code, out) == (1, "")
    assert err.startswith(f"There is no number '{number}' in the run ")
    assert hint in err
    assert len(err.splitlines()) == 1


def test_what_is_no_run_or_an_old_one_is_told(lw, folder, run, tmp_path):
    code, _, err = lw("explain", str(tmp_path))
    assert code == 1
    assert "is not a run folder" in err
    with RunFolder(tmp_path / "old", seed=1, command="run", options={}, inputs={}) as made:
        made.write_table("tables/outlook", run.outlook.drop(columns="id"))
    code, _, err = lw("explain", str(tmp_path / "old"))
    assert code == 1
    assert "earlier version" in err


def test_the_table_of_a_number_and_the_page(lw, folder, run):
    code, out, _ = lw("explain", folder, DISPUTE)
    assert code == 0
    assert "promises-doubted" in out
    page = brief(run)
    assert 'id="explained"' in page
    assert "What the bands are made of" in page
    assert 'id="explained"' not in brief(replace(run, explanation=None))
