"""Whole runs of a small scenario that several tests look at."""

from pathlib import Path

import pytest

from latticework.actions import Options, run
from tests.actions.runs import PATHS, written


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    """The scenario's file."""
    return written(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def first(small, tmp_path_factory) -> Path:
    """The folder of a run of it."""
    return run(str(small), Options(paths=PATHS, seed=3, out=tmp_path_factory.mktemp("runs") / "first"))[1]


@pytest.fixture(scope="session")
def what_if(small, tmp_path_factory) -> Path:
    """The folder of the same run without pressure."""
    sets = ("interventions.pressure.size={mean: 0, sd: 0}",)
    return run(str(small), Options(paths=PATHS, seed=3, out=tmp_path_factory.mktemp("runs") / "set", sets=sets))[1]
