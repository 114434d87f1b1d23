"""The files of tie strength: they read back, agree with what is measured anew, and tell when they are damaged."""

import shutil

import numpy as np
import pandas as pd
import pytest

from latticework.actions import strength
from latticework.actions.strength import (
    HOME,
    JUDGED,
    SHARED,
    fit_tie_strength,
    load_shared,
    measured,
    shipped_check,
    shipped_layers,
    shipped_ties,
    tie_parameters,
    write_table,
)
from latticework.data import panel_sha256
from latticework.errors import InputError, PanelError
from latticework.measures.strength.posterior import Shared
from latticework.measures.strength.summary import score

PAIR = ("JPN", "USA")


@pytest.fixture(scope="module")
def series():
    return shipped_ties(*PAIR)


def test_the_fit_is_of_the_panel_that_is_shipped():
    assert load_shared().panel_sha256 == panel_sha256()


def test_a_series_has_every_quarter_in_either_order_of_the_states(series):
    assert series.equals(shipped_ties("USA", "JPN"))
    assert (series["date"].iloc[0], series["date"].iloc[-1]) == ("1952-06-30", "2024-12-31")
    assert len(series) == 4 * 73 - 1


def test_score_and_strength_are_the_same_on_two_scales(series):
    # the median of the score and the mean of strength differ by skewness and by rounding only
    assert np.abs(score(series["strength"].to_numpy()) - series["value"]).max() < 6
    assert ((series["lower"] <= series["value"]) & (series["value"] <= series["upper"])).all()


def test_layers_and_standing_add_up_to_strength(series):
    layers = shipped_layers(*PAIR)
    total = layers.groupby("date")["added"].sum()
    strength_then = series.set_index("date")["strength"].reindex(total.index)
    assert np.abs(total - strength_then).max() < 0.01 * (layers["layer"].nunique() + 1)


def test_what_is_measured_anew_is_what_is_shipped(series):
    draws = measured([PAIR])
    mean = draws.strength[:, draws.alive[:, 0], 0].mean(0)
    assert np.abs(mean - series["strength"].to_numpy()).max() < 1e-6


@pytest.mark.slow
def test_a_run_of_its_own_agrees_within_its_doubt(series):
    """Within a quarter more than the stated sd, on average: how far two runs lie apart is told in tie-strength.md."""
    draws = measured([PAIR], align=False)
    mean = draws.strength[:, draws.alive[:, 0], 0].mean(0)
    assert np.abs(mean - series["strength"]).mean() < 1.25 * series["sd"].mean()


def test_as_known_on_a_day_nothing_later_is_read():
    then, now = measured([PAIR], as_known_on="1990-12-31"), measured([PAIR], align=False)
    year = int(np.flatnonzero(then.dates == np.datetime64("2020-12-31"))[0])
    assert then.strength[:, year, 0].std() > 1.2 * now.strength[:, year, 0].std()


def test_shared_draws_survive_their_file():
    shared = load_shared()
    again = Shared.from_arrays(shared.to_arrays(), "here")
    assert len(again.draws) == len(shared.draws)
    assert again.units == shared.units
    for one, two in zip(shared.draws[7].items, again.draws[7].items, strict=True):
        assert np.allclose(one.loading, two.loading)
        assert np.allclose(one.scale, two.scale)


def test_numbers_survive_a_table_to_their_last_digit(tmp_path):
    table = pd.DataFrame(
        {"date": ["2000-12-31"] * 2, "state": "A", "partner": "B", "layer": "x", "added": [1.23, np.nan]}
    )
    write_table(table, tmp_path / "layers.parquet")
    read = shipped_layers("A", "B", folder=tmp_path)
    assert read["added"].tolist()[0] == 1.23
    assert np.isnan(read["added"].tolist()[1])


def test_parameters_stay_within_their_bounds():
    table = tie_parameters()
    assert ((table["lower"] >= table["least"] - 1e-6) & (table["upper"] <= table["most"] + 1e-6)).all()


@pytest.mark.parametrize("name", [SHARED, "ties.parquet", "layers.parquet", JUDGED])
@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_a_damaged_file_is_told_with_the_way_out(tmp_path, name, damage):
    shutil.copytree(HOME, tmp_path / "shipped")
    path = tmp_path / "shipped" / name
    path.unlink() if damage == "missing" else path.write_bytes(b"\x00garbage")
    read = {
        SHARED: load_shared,
        "ties.parquet": lambda folder: shipped_ties(*PAIR, folder=folder),
        "layers.parquet": lambda folder: shipped_layers(*PAIR, folder=folder),
        JUDGED: lambda folder: shipped_check(JUDGED, folder),
    }[name]
    with pytest.raises(PanelError, match="latticework fit tie-strength"):
        read(tmp_path / "shipped")


def test_a_folder_that_cannot_be_written_is_told_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(strength, "loader", lambda: pytest.fail("the panel was read"))
    with pytest.raises(InputError, match="choose a folder"):
        fit_tie_strength(tmp_path / "nowhere")
