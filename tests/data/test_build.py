"""Building is all or nothing, and the same inputs give the same bytes."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from latticework.data import build
from latticework.data.catalogue import inputs as inputs_of
from latticework.data.files import PANEL
from latticework.data.layer import Layer, tidy
from latticework.data.sources import SOURCES
from latticework.errors import InputError, PanelError

RAIN = Layer(
    name="rain",
    title="Rain",
    kind="state",
    unit="mm",
    frequency="annual",
    source="nobody",
    version="1",
    citation="none",
    licence="none",
    transformation="none",
    coverage="two states",
)


def source(value=1.0, inputs=("weather",)):
    """A source of one layer from one input."""
    table = pd.DataFrame({"date": "2000-12-31", "state": ["JPN", "USA"], "value": value, "source": "w"})
    return SimpleNamespace(LAYERS=(RAIN,), INPUTS=inputs, build=lambda folder: {"rain": tidy(RAIN, table)})


@pytest.fixture
def weather(tmp_path):
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "weather.parquet").write_bytes(b"rain")
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_build_makes_a_file_per_layer_and_a_list(weather, tmp_path):
    log = build(weather, tmp_path / "panel", [source()])
    assert log[0].startswith("input weather.parquet: ")
    assert log[1:] == ["layer rain: 2 rows, 2 states, 2000-12-31 to 2000-12-31; sources: w 2"]
    assert (tmp_path / "panel" / "build.log").read_text().splitlines() == log
    assert set(contents(tmp_path / "panel")) == {"rain.parquet", "panel.json", "build.log"}
    assert list(tmp_path.iterdir()) == [weather, tmp_path / "panel"] or len(list(tmp_path.iterdir())) == 2


def test_a_second_build_gives_the_same_bytes_and_another_value_gives_others(weather, tmp_path):
    for name, value in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        build(weather, tmp_path / name, [source(value)])
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


def test_a_missing_input_is_named_with_its_folder(tmp_path):
    with pytest.raises(PanelError, match=r"No table weather in") as error:
        build(tmp_path, tmp_path / "panel", [source()])
    assert str(tmp_path) in str(error.value)
    assert not (tmp_path / "panel").exists()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(PanelError, match="no folder"):
        build(tmp_path / "nowhere", tmp_path / "panel", [source()])


def test_a_bad_table_stops_the_build_and_leaves_the_old_panel(weather, tmp_path):
    build(weather, tmp_path / "panel", [source()])
    before = contents(tmp_path / "panel")
    with pytest.raises(PanelError, match=r"'rain'.*missing or infinite"):
        build(weather, tmp_path / "panel", [source(np.nan)])
    assert contents(tmp_path / "panel") == before
    assert len(list(tmp_path.iterdir())) == 2  # the inputs and the panel, nothing half-written


def test_a_folder_that_cannot_be_made_is_an_input_error(weather, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        build(weather, tmp_path / "file" / "panel", [source()])


def test_every_source_declares_what_it_makes_and_reads():
    names = [layer.name for s in SOURCES for layer in s.LAYERS]
    assert len(names) == len(set(names))
    assert all(s.INPUTS for s in SOURCES)
    described = [layer for s in SOURCES for layer in s.LAYERS]
    assert all(d.citation and d.licence and d.unit and d.coverage and d.transformation and d.traps for d in described)


def test_the_published_tables_give_the_shipped_panel_twice(folders, tmp_path):
    build(folders, tmp_path / "panel")
    first = contents(tmp_path / "panel")
    build(folders, tmp_path / "panel")
    assert contents(tmp_path / "panel") == first
    recorded = json.loads(first["panel.json"])
    assert recorded["inputs"] == inputs_of()
    shipped = {k: v for k, v in contents(PANEL).items() if k.endswith((".parquet", ".json", ".log"))}
    assert shipped.keys() == first.keys()
    for name in first:  # what is in the files; the bytes also depend on the version of Arrow that wrote them
        if name.endswith(".parquet"):
            pd.testing.assert_frame_equal(
                pd.read_parquet(tmp_path / "panel" / name), pd.read_parquet(PANEL / name), check_exact=True
            )


def test_the_panel_is_small():
    assert sum(path.stat().st_size for path in PANEL.iterdir()) < 15e6
