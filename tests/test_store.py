"""A run folder is whole or it is not there, whatever happens while it is written."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from latticework.errors import InputError
from latticework.store import RunFolder, as_json, check_writable, open_run, sha256

NOON = datetime(2025, 1, 24, 12, 0, tzinfo=UTC)


def folder(out: Path, seed: int = 7, **more) -> RunFolder:
    options = {"paths": 20, "out": out}
    return RunFolder(out, seed=seed, command="run", options=options, inputs={"panel": "ab" * 32}, now=NOON, **more)


def ensemble() -> xr.Dataset:
    """Two branches, 50 paths, four quarters, 40 dyads."""
    rng = np.random.default_rng(3)
    dims, shape = ("branch", "path", "time", "dyad"), (2, 50, 4, 40)
    dyads = [f"{a}-USA" for a in [f"A{k:02d}" for k in range(40)]]
    return xr.Dataset(
        {"dispute": (dims, rng.integers(0, 2, shape, dtype=np.int8)), "troops": (dims, rng.random(shape, np.float32))},
        {
            "branch": ["status-quo", "hub"],
            "time": pd.date_range("2025-03-31", periods=4, freq="QE").to_numpy(),
            "dyad": dyads,
            "dyad_state": ("dyad", [d[:3] for d in dyads]),
            "draw": ("path", np.arange(50)),
        },
        {"scenario": "asia-2025", "seed": 7},
    )


def fill(run: RunFolder) -> None:
    run.write_text("brief.html", "<p>Łódź</p>")
    run.write_json("answers.json", {"band": [0.1, np.float32(0.25), float("nan")], "n": np.int64(3)})
    run.write_table("tables/ties", pd.DataFrame({"state": ["JPN", "KOR"], "value": [1.5, np.nan]}))
    run.write_ensemble(ensemble())


def test_a_run_comes_back_as_it_was_written(tmp_path):
    with folder(tmp_path / "deep" / "run") as run:
        fill(run)
    read = open_run(tmp_path / "deep" / "run")
    back = read.ensemble()
    xr.testing.assert_equal(back.load(), ensemble())
    assert back.attrs == ensemble().attrs
    assert float(back.troops.sel(dyad="A07-USA", branch="hub").mean()) == pytest.approx(
        float(ensemble().troops.sel(dyad="A07-USA", branch="hub").mean())
    )
    assert read.table("tables/ties").value.isna().tolist() == [False, True]
    assert (read.path / "tables" / "ties.csv").read_text() == "state,value\nJPN,1.5\nKOR,\n"
    assert json.loads((read.path / "answers.json").read_text()) == {"band": [0.1, 0.25, None], "n": 3}
    assert sorted(p.name for p in (tmp_path / "deep").iterdir()) == ["run"]


def test_the_ensemble_opens_with_xarray_alone_and_few_chunks_hold_one_dyad(tmp_path):
    with folder(tmp_path / "run") as run:
        run.write_ensemble(ensemble())
    store = xr.open_zarr(tmp_path / "run" / "ensemble.zarr", consolidated=False)
    assert store.troops.encoding["chunks"] == (1, 50, 4, 16)
    assert store.troops.dtype == np.float32
    assert store.dispute.dtype == np.int8


def test_the_manifest_says_what_made_the_run(tmp_path):
    with folder(tmp_path / "run") as run:
        fill(run)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["created"] == "2025-01-24T12:00:00+00:00"
    assert manifest["seed"] == 7
    assert manifest["inputs"] == {"panel": "ab" * 32}
    assert manifest["options"]["paths"] == 20
    assert manifest["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"latticework", "jax", "numpy"} <= manifest["versions"].keys()
    named = {"answers.json", "brief.html", "ensemble.zarr", "tables/ties.csv", "tables/ties.parquet"}
    assert manifest["artefacts"].keys() == named
    brief = hashlib.sha256("<p>Łódź</p>".encode()).hexdigest()
    assert manifest["artefacts"]["brief.html"]["sha256"] == brief


def test_the_same_run_has_the_same_hashes(tmp_path):
    for name in ("a", "b"):
        with folder(tmp_path / name) as run:
            fill(run)
    first, second = (open_run(tmp_path / name).manifest["artefacts"] for name in ("a", "b"))
    assert first == second


@pytest.mark.parametrize("change", ["brief.html", "ensemble.zarr/zarr.json", "tables/ties.parquet"])
def test_a_changed_artefact_is_noticed(tmp_path, change):
    with folder(tmp_path / "run") as run:
        fill(run)
    with (tmp_path / "run" / change).open("ab") as file:
        file.write(b" ")
    with pytest.raises(InputError, match="not what the manifest says"):
        open_run(tmp_path / "run")


def test_a_lost_artefact_is_noticed(tmp_path):
    with folder(tmp_path / "run") as run:
        fill(run)
    shutil.rmtree(tmp_path / "run" / "ensemble.zarr")
    with pytest.raises(InputError, match=r"has lost ensemble\.zarr"):
        open_run(tmp_path / "run")


@pytest.mark.parametrize("text", [None, "{", "[]", '{"format": "other"}'])
def test_a_folder_without_our_manifest_is_not_a_run(tmp_path, text):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="is not a run folder"):
        open_run(tmp_path)


def test_a_failed_run_leaves_nothing(tmp_path):
    def fail() -> None:
        with folder(tmp_path / "run") as run:
            fill(run)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from latticework.store import RunFolder
with RunFolder(sys.argv[1], seed=1, command="run", options={}, inputs={}) as run:
    run.write_text("brief.html", "half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_no_folder_that_looks_whole(tmp_path):
    with folder(tmp_path / "run") as run:
        run.write_text("brief.html", "first")
    before = sha256(tmp_path / "run")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "run")], check=False)
    assert done.returncode == -9
    assert sha256(tmp_path / "run") == before  # the earlier run is untouched
    (left,) = [p for p in tmp_path.iterdir() if p.name != "run"]
    assert left.name.startswith(".run.partial-")
    assert [p.name for p in left.iterdir()] == ["brief.html"]
    with pytest.raises(InputError, match="is not a run folder"):
        open_run(left)


def test_an_earlier_run_is_replaced_only_when_the_new_one_is_complete(tmp_path):
    for seed in (1, 2):
        with folder(tmp_path / "run", seed=seed) as run:
            assert seed == 1 or open_run(tmp_path / "run").manifest["seed"] == 1
            run.write_text(f"brief-{seed}.html", "x")
    assert open_run(tmp_path / "run").manifest["seed"] == 2
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == ["brief-2.html", "manifest.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_the_earlier_run_comes_back_if_the_last_rename_fails(tmp_path, monkeypatch):
    with folder(tmp_path / "run", seed=1) as run:
        run.write_text("brief.html", "x")
    rename = Path.rename

    def failing(self, target):
        if ".partial-" in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(InputError, match="No space left"), folder(tmp_path / "run", seed=2) as run:
        run.write_text("brief.html", "y")
    assert open_run(tmp_path / "run").manifest["seed"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_an_empty_folder_is_used_and_a_full_one_is_left_alone(tmp_path):
    (tmp_path / "empty").mkdir()
    with folder(tmp_path / "empty") as run:
        run.write_text("brief.html", "x")
    assert open_run(tmp_path / "empty").manifest["seed"] == 7
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(InputError, match="not empty and not a run"):
        folder(tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


@pytest.mark.parametrize("out", ["file", "file/run", "file/a/b/run"])
def test_a_file_in_the_way_is_named(tmp_path, out):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="file"):
        check_writable(tmp_path / out)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write to")
def test_a_folder_that_cannot_be_written_is_told_before_the_work():
    with pytest.raises(InputError, match="Cannot write to /proc/run"):
        check_writable("/proc/run")


def test_a_full_disk_is_told_before_the_work(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    with pytest.raises(InputError, match="200 MB are needed and 1 MB are free"):
        folder(tmp_path / "run", need=200_000_000)
    assert check_writable(tmp_path / "run", need=10**6).name == "run"


def test_a_disk_that_fills_up_is_one_message_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(InputError, match="No space left on device"), folder(tmp_path / "run") as run:
        fill(run)
    assert list(tmp_path.iterdir()) == []


def test_checking_leaves_no_trace(tmp_path):
    assert check_writable(tmp_path / "a" / "b" / ".." / "c") == tmp_path / "a" / "c"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../escape", "/etc/x", "manifest.json"])
def test_an_artefact_stays_inside(tmp_path, name):
    with pytest.raises(ValueError, match="cannot be named"), folder(tmp_path / "run") as run:
        run.write_text(name, "x")


def test_json_is_plain():
    values = {"a": np.array([1.0, np.inf]), "d": np.datetime64("2025-01-24"), "p": Path("x"), "t": (True, None), 3: "ü"}
    assert json.loads(as_json(values)) == {"a": [1.0, None], "d": "2025-01-24", "p": "x", "t": [True, None], "3": "ü"}


def test_a_leftover_of_the_same_process_id_is_no_hindrance(tmp_path):
    (tmp_path / f".run.partial-{os.getpid()}").mkdir()
    (tmp_path / f".run.partial-{os.getpid()}" / "old.txt").write_text("old")
    with folder(tmp_path / "run") as run:
        run.write_text("brief.html", "x")
    assert open_run(tmp_path / "run").manifest["artefacts"].keys() == {"brief.html"}
