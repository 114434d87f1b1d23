"""A run is made again from its manifest, or is told why it cannot be."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from latticework.actions.replay import replay
from latticework.cli import app
from latticework.errors import InputError
from latticework.scenario.changes import MADE
from latticework.store import MANIFEST, open_run, sha256


def quietly(what, share):
    """Progress that nobody watches."""


def changed(run, folder, **values):
    """A copy of a run whose manifest says something else."""
    shutil.copytree(run, folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    for name, value in values.items():
        inner = manifest[name]
        manifest[name] = {**inner, **value} if isinstance(inner, dict) else value
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def test_a_what_if_says_what_was_set_and_by_whom(what_if):
    manifest, brief = open_run(what_if).manifest, (what_if / "brief.html").read_text()
    assert manifest["options"]["set"] == ["interventions.pressure.size={mean: 0, sd: 0}"]
    assert "changed on the command line: assumed" in manifest["options"]["set_origin"]
    assert "Changed on the command line (assumed, by the user): interventions.pressure.size" in brief
    assert MADE in brief


def test_a_run_folder_holds_its_scenario_as_it_was_read(first, small):
    assert (first / "scenario.yaml").read_bytes() == small.read_bytes()
    assert open_run(first).manifest["inputs"]["scenario"] == sha256(small)
    assert "set" not in open_run(first).manifest["options"]


def test_the_same_numbers_come_out_again(what_if, small, tmp_path):
    again = replay(what_if / MANIFEST, tmp_path / "again", False, quietly)
    assert {"ensemble.zarr", "tables/outlook.csv", "tables/contrast.parquet"} <= set(again.equal)
    assert again.unequal == ()


def test_inputs_that_differ_are_named_and_stop_it(first, tmp_path):
    run = changed(first, tmp_path / "run", inputs={"panel": "ab" * 32}, versions={"jax": "0.0.1"})
    with pytest.raises(InputError) as told:
        replay(run / MANIFEST, tmp_path / "again", False, quietly)
    assert "panel: abababababab in the manifest" in str(told.value)
    assert "version of jax: 0.0.1 in the manifest" in str(told.value)
    assert "posterior" not in str(told.value)
    assert not (tmp_path / "again").exists()


def test_control_another_seed_gives_other_tables_and_an_exit_code(first, tmp_path):
    run = changed(first, tmp_path / "run", seed=4, versions={"jax": "0.0.1"})
    said = CliRunner().invoke(app, ["run", "--replay", str(run / MANIFEST), "--anyway"])
    assert said.exit_code == 1
    assert "Not equal: " in said.output
    assert "tables/outlook.csv" in said.output.split("Not equal: ")[1]
    assert "tables/inputs.csv" not in said.output.split("Not equal: ")[1]
    assert (tmp_path / "run-replay" / MANIFEST).is_file()


def test_what_cannot_be_replayed_is_told_so(first, tmp_path):
    run = changed(first, tmp_path / "old")
    manifest = json.loads((run / MANIFEST).read_text())
    del manifest["artefacts"]["scenario.yaml"]
    (run / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"does not hold its scenario\.yaml"):
        replay(run / MANIFEST, None, False, quietly)
    run = changed(first, tmp_path / "other", inputs={"scenario": "ab" * 32})
    with pytest.raises(InputError, match="is not the text that the run was made from"):
        replay(run / MANIFEST, None, False, quietly)
    with pytest.raises(InputError, match="is the run that is replayed"):
        replay(first / MANIFEST, first, False, quietly)
    with pytest.raises(InputError, match="is not a run folder"):
        replay(tmp_path / "none" / MANIFEST, None, False, quietly)


def test_a_run_of_nothing_is_a_command_that_does_not_exist():
    said = CliRunner().invoke(app, ["run"])
    assert said.exit_code == 2
    assert "Name a scenario" in said.output


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["asia-2025", "--replay", "x/manifest.json"], "come from the manifest"),
        (["--replay", "x/manifest.json", "--set", "quarters=2"], "come from the manifest"),
        (["asia-2025", "--anyway"], "--anyway is for --replay"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments, why):
    said = CliRunner().invoke(app, ["run", *arguments])
    assert isinstance(said.exception, InputError)
    assert why in str(said.exception)
