"""Where the published tables lie, for the tests that rebuild the panel from them."""

import os
from pathlib import Path

import pytest

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
