"""A run explained: what a variant makes is what a run without the intervention shows; what is gone is gone."""

import importlib
import json

import numpy as np
import pytest

from latticework.actions import Options, run
from latticework.actions.explain import PATHS as FEW
from latticework.actions.explain_number import explain_number
from latticework.errors import PanelError, UnknownNameError
from latticework.measures.chances import monte_carlo_se
from latticework.simulate import paths
from latticework.store import open_run
from tests.actions.runs import TEXT, written

PATHS = 400
ALLIES = TEXT.replace("focus: [USA]", "focus: [USA, KOR]").replace(
    "branches:\n",
    """\
  - id: seoul-turns
    operator: shift
    process: alignment
    on: [KOR]
    size: {mean: -1.0, sd: 0.5}
    unit: turnover_shift
    assumed_by: us
    reason: because
branches:
""",
)
TWO = ALLIES.replace("interventions: [pressure]}", "interventions: [pressure, seoul-turns]}")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """How to run a text without tie strength, whose start takes longer than all the rest."""

    def without_ties(*_):
        raise PanelError("no ties here")

    def make(text: str, name: str):
        home = tmp_path_factory.mktemp(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(importlib.import_module("latticework.actions.run"), "tie_start", without_ties)
            return run(str(written(home, text)), Options(paths=PATHS, seed=3, out=home / "run"))

    return make


def programs() -> int:
    """How many simulators have been compiled by this process."""
    return paths._simulate._cached._cache_size()  # pyright: ignore


@pytest.fixture(scope="module")
def compiled(made):
    """A run, and how many programs it needed."""
    before = programs()
    return made(TWO, "two"), programs() - before


@pytest.fixture(scope="module")
def ran(compiled):
    return compiled[0]


def test_what_an_intervention_makes_is_what_a_run_without_it_shows(ran, made):
    results, _ = ran
    rows = results.explanation.drivers.set_index(["quantity", "of", "kind", "what"])
    row = rows.loc[("distance in UN votes", "KOR-USA", "without", "seoul-turns")]
    other = made(ALLIES, "one")[0].ensemble.sel(branch="hub")
    apart = [
        np.abs(d["ideal_point"].sel(state="KOR") - d["ideal_point"].sel(state="USA")).isel(time=-1, path=slice(FEW))
        for d in (results.ensemble.sel(branch="hub"), other)
    ]
    paired = (apart[0] - apart[1]).values.astype(float)
    assert row["paths"] == FEW
    assert row["makes"] == pytest.approx(paired.mean(), rel=1e-4)
    assert row["mc_se"] == pytest.approx(monte_carlo_se(paired, results.ensemble["draw"].values[:FEW]), rel=1e-4)
    assert row["clear"]
    assert rows.loc[("distance in UN votes", "KOR-USA", "without", "pressure"), "makes"] == pytest.approx(0, abs=1e-4)


def test_the_variants_run_through_the_program_of_the_run(compiled):
    assert compiled[1] == 1


def test_the_brief_and_the_folder_have_the_explanation(ran):
    results, folder = ran
    assert 'id="explained"' in (folder / "brief.html").read_text()
    tables = open_run(folder).manifest["artefacts"]
    assert {f"tables/{name}.csv" for name in ("variance", "drivers", "tornado", "flips", "assumptions")} <= set(tables)
    assert "explain" not in open_run(folder).manifest["options"]
    assert results.explanation.variance["measurement"].fillna(0).eq(0).all(), "no tie was measured"


def test_every_number_of_the_run_can_be_traced(ran):
    _, folder = ran
    ids = explain_number(folder)["id"].tolist()
    run_tables = {n: open_run(folder).table(f"tables/{n}") for n in ("outlook", "contrast", "sides", "variance")}
    for table in run_tables.values():
        assert set(table["id"]) <= set(ids)
    some = [*ids[:: max(len(ids) // 40, 1)], "un_distance:KOR-USA:2025-06-30:hub"]
    for number in some:
        parts = explain_number(folder, number)
        assert len(parts), number
    parts = explain_number(folder, "un_distance:KOR-USA:2025-06-30:hub")
    assert {"number", "share", "tornado", "assumption", "estimate", "input"} <= set(parts["part"])
    assert "seoul-turns" in set(parts["what"])


def test_an_assumption_that_is_taken_out_has_no_effect_and_no_row(ran, made):
    _, with_it = ran
    bare = TWO.replace("interventions: [pressure, seoul-turns]}", "interventions: [pressure]}")
    start = bare.index("  - id: seoul-turns")
    bare = bare[:start] + bare[bare.index("branches:") :]
    results, folder = made(bare, "bare")
    hub, base = (results.ensemble["ideal_point"].sel(branch=b).values for b in ("hub", "base"))
    np.testing.assert_allclose(hub, base, atol=1e-5)
    for place in (with_it, folder):
        found = json.dumps(open_run(place).table("tables/assumptions").to_dict("records"), default=str)
        assert ("seoul-turns" in found) == (place == with_it)
    assert "seoul-turns" not in (folder / "brief.html").read_text()
    with pytest.raises(UnknownNameError, match="There is no number 'assumption:seoul-turns'"):
        explain_number(folder, "assumption:seoul-turns")
    assert len(explain_number(with_it, "assumption:seoul-turns")) == 1


def test_a_run_that_is_not_explained_says_so_in_its_manifest(made, tmp_path):
    results, folder = run(str(written(tmp_path)), Options(paths=2, seed=3, out=tmp_path / "run", explain=False))
    assert results.explanation is None
    assert open_run(folder).manifest["options"]["explain"] is False
    assert 'id="explained"' not in (folder / "brief.html").read_text()
