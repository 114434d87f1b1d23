"""Two runs side by side: what made them differ, and which numbers do."""

import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from latticework.actions import Options, run
from latticework.actions.compare import compare
from latticework.cli import app
from latticework.errors import InputError, UnknownNameError
from latticework.store import MANIFEST, open_run
from tests.actions.runs import PATHS


@pytest.fixture(scope="module")
def other_seed(small, tmp_path_factory):
    return run(str(small), Options(paths=PATHS, seed=5, out=tmp_path_factory.mktemp("runs") / "other"))[1]


def test_control_a_run_does_not_differ_from_itself(first):
    found = compare(str(first), str(first))
    assert found.paired
    assert (len(found.made), int(found.numbers["clear"].sum())) == (0, 0)
    assert len(found.numbers) > 20
    assert found.numbers["mc_se"].max() == 0


def test_a_what_if_differs_where_it_acts_and_nowhere_else(first, what_if):
    found = compare(str(first), str(what_if))
    assert found.paired
    assert set(found.made["of"]) == {"option", "scenario"}
    sizes = found.made[found.made["what"] == "interventions.pressure.size.mean"]
    assert sizes[["a", "b"]].values.tolist() == [["3.0", "0.0"]]
    clear = found.numbers[found.numbers["clear"]]
    assert set(clear["branch"]) == {"hub"}, "the other branch shares every random number"
    assert found.numbers.iloc[0]["kind"] == "troops", "the largest first"
    assert found.numbers.iloc[0]["partner"] == "KOR"
    cut = clear[(clear["quantity"] == "cut by a fifth or more") & (clear["table"] == "outlook")]
    assert (cut["difference"] < 0).all()
    sizes = found.numbers["standardised"].abs().to_numpy()
    assert (np.diff(sizes) <= 0).all()


def test_another_seed_is_noise_and_is_called_so(first, other_seed):
    found = compare(str(first), str(other_seed))
    assert not found.paired
    assert found.made["what"].tolist() == ["seed"]
    last = found.numbers[found.numbers["date"] == found.numbers["date"].max()]
    assert (last["difference"] != 0).mean() > 0
    assert last["clear"].mean() < 0.25, "one in twenty, of numbers that hang together"


def test_branches_of_a_run_differ_as_its_contrast_says(first):
    found = compare(f"{first}:base", f"{first}:hub")
    contrast = open_run(first).table("tables/contrast")
    key = ["kind", "state", "partner", "quantity", "date"]
    both = contrast.merge(found.numbers, on=key, suffixes=("_own", ""))
    assert len(both) == len(contrast) == len(found.numbers)
    np.testing.assert_allclose(both["difference"], both["mean"], atol=1e-9)
    np.testing.assert_allclose(both["mc_se"], both["mc_se_own"], atol=1e-9)
    assert (both["clear"] == both["clear_own"]).all()
    assert "interventions.pressure" in found.made["what"].tolist()


def test_it_prints_as_table_json_and_csv(first, what_if):
    table, data, csv = (
        CliRunner().invoke(app, ["compare", str(first), str(what_if), "--format", form])
        for form in ("table", "json", "csv")
    )
    assert "USA-KOR" in table.output
    assert "interventions.pressure.size.mean" in table.output
    assert "same random numbers" in " ".join(table.output.split())
    assert {"made", "numbers", "claims", "paired"} <= set(json.loads(data.output))
    assert csv.output.startswith("table,branch,against,kind,state,partner")


def test_folders_that_cannot_be_compared_are_told_so(first, tmp_path):
    with pytest.raises(InputError, match="is not a run folder"):
        compare(str(first), str(tmp_path / "none"))
    with pytest.raises(UnknownNameError, match="There is no branch 'hb'"):
        compare(f"{first}:base", f"{first}:hb")
    with pytest.raises(InputError, match="name a branch of both"):
        compare(f"{first}:base", str(first))
    damaged = shutil.copytree(first, tmp_path / "damaged")
    (damaged / "tables" / "outlook.csv").write_text("x")
    with pytest.raises(InputError, match="is not what the manifest says"):
        compare(str(first), str(damaged))
    old = shutil.copytree(first, tmp_path / "old")
    manifest = json.loads((old / MANIFEST).read_text())
    del manifest["artefacts"]["scenario.yaml"]
    (old / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"does not hold scenario\.yaml: an older version"):
        compare(str(first), str(old))
