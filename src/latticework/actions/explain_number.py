"""Explain a number of a run folder, or list the ids of those that it has."""

from pathlib import Path

import pandas as pd

from latticework.errors import InputError
from latticework.explain.trace import listed, traced
from latticework.store import Run, open_run


def explain_number(folder: Path, number: str | None = None) -> pd.DataFrame:
    """What a run says of a number with this id, a row per part; for none the ids of all its numbers.

    Errors: InputError (no run folder, or one of an earlier version), UnknownNameError (an id, with suggestions).
    """
    tables = _tables(open_run(folder))
    if "id" not in tables.get("outlook", pd.DataFrame()):
        raise InputError(f"{folder} was made by an earlier version, whose numbers have no ids. Run the scenario again.")
    return listed(tables) if number is None else traced(tables, number, f"the run {folder}")


def _tables(run: Run) -> dict[str, pd.DataFrame]:
    names = [Path(name) for name in run.manifest.get("artefacts", {}) if name.endswith(".parquet")]
    return {path.stem: run.table(path.with_suffix("").as_posix()) for path in names}
