"""Tie strength in a run: what it starts from, what is left out without its files, the same numbers every time."""

import importlib

import numpy as np
import pytest

from latticework.actions import Options, run
from latticework.actions.strength import shipped_ties
from latticework.errors import PanelError
from latticework.store import open_run

RUN = importlib.import_module("latticework.actions.run")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return run("asia-2025", Options(paths=400, seed=3, out=tmp_path_factory.mktemp("ties") / "asia", explain=False))


def test_every_tie_of_the_focus_states_is_measured_on_every_path(ran):
    data = ran[0].ensemble
    assert data.sizes["tie"] == 21
    assert data["tie_strength"].dims == ("branch", "path", "time", "tie")
    strength = data["tie_strength"].values
    assert np.isfinite(strength).all()
    assert ((strength >= 0) & (strength <= 100)).all()
    assert data.attrs["tie_strength_day"] == "2024-12-31"
    assert "tie_strength" in open_run(ran[1]).manifest["inputs"]


APART = 2.0  # points by which the band of one run of the chains may miss the value of another: see tie-strength.md


def test_today_is_near_what_is_shipped_and_four_years_move_it_little(ran):
    data = ran[0].ensemble
    for tie in ("JPN-USA", "KOR-USA", "JPN-KOR", "CHN-USA"):
        begin = data["tie_strength_start"].sel(tie=tie)
        shipped = shipped_ties(*tie.split("-")).iloc[-1]
        least, most = float(begin.sel(level=0.1)) - APART, float(begin.sel(level=0.9)) + APART
        assert least < shipped["value"] < most, tie
        ends = data["tie_strength"].sel(tie=tie).isel(time=-1)
        assert abs(float(ends.median()) - float(begin.sel(level=0.5))) < 10, tie
        assert 0.2 < float(data["tie_weaker"].sel(tie=tie).isel(time=-1).mean()) < 0.9, tie


def test_a_tie_whose_treaty_ends_is_weaker_than_one_whose_treaty_holds(ran):
    data = ran[0].ensemble.isel(time=-1)
    fallen, held = [], []
    for tie in ("JPN-USA", "KOR-USA", "CHN-PRK", "PRK-RUS"):
        weaker = data["tie_weaker"].sel(tie=tie)
        ended = data["defence"].sel(dyad=tie) == 0
        fallen += [float(weaker.where(ended).sum()), float(ended.sum())]
        held += [float(weaker.where(~ended).sum()), float((~ended).sum())]
    share = [sum(counts[::2]) / sum(counts[1::2]) for counts in (fallen, held)]
    assert sum(fallen[1::2]) > 50
    assert share[0] > share[1] + 0.15


@pytest.mark.slow
def test_without_the_files_of_tie_strength_the_rest_is_told_and_why(tmp_path, monkeypatch):
    def missing(scenario):
        raise PanelError("The file of tie strength 'x' cannot be read. Rebuild it with 'latticework fit tie-strength'.")

    monkeypatch.setattr(RUN, "tie_start", missing)
    results, folder = run("asia-2025", Options(("status-quo",), paths=20, out=tmp_path / "run", explain=False))
    assert "tie_strength" not in results.ensemble
    assert any("fit tie-strength" in note for note in results.notes)
    brief = (folder / "brief.html").read_text()
    assert "Tie strength is left out" in brief
    assert "not measured in this run" in brief
    assert "tie_strength" not in open_run(folder).manifest["inputs"]
