"""Where the published tables lie, for the tests that rebuild the panel from them."""

import os
from pathlib import Path

import pytest

from tests.data.added_files import giver

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def folders(inputs: Path) -> tuple[Path, ...]:
    """Both folders of inputs: the published tables and the dated facts, which lie beside them."""
    facts = inputs.parent / "facts"
    if not (facts / "leaders.csv").is_file():
        pytest.skip(f"no dated facts in {facts}")
    return (inputs, facts)


@pytest.fixture(scope="session")
def inputs() -> Path:
    """The folder of published tables: LATTICEWORK_INPUTS, or shared/data beside the repository."""
    folder = Path(os.environ.get("LATTICEWORK_INPUTS", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "cow_states_2016.parquet").is_file():
        pytest.skip(f"no published tables in {folder}: name their folder in LATTICEWORK_INPUTS")
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder of the user's layers, empty and out of the way of the user's own."""
    folder = tmp_path / "home" / "layers"
    monkeypatch.setenv("LATTICEWORK_LAYERS", str(folder))
    return folder


@pytest.fixture
def give(tmp_path):
    """Write a table and its description, and add them."""
    return giver(tmp_path)
