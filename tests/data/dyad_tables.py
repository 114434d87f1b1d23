"""The dyad layers that the tests judge: built from the raw inputs where there are any, else as they are shipped."""

import os
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from latticework.data.read import get
from latticework.data.sources import (
    atop,
    atop_agreements,
    atop_integration,
    contiguity,
    disputes,
    distance,
    rivalry,
    troops,
)

INPUTS = Path(os.environ.get("LATTICEWORK_INPUTS", Path(__file__).parents[3] / "shared" / "data"))
MODULES = (atop, atop_agreements, atop_integration, contiguity, disputes, distance, rivalry, troops)


def raw(name: str) -> pd.DataFrame:
    """A published table; the test is skipped where the inputs are not there."""
    path = INPUTS / f"{name}.parquet"
    if not path.is_file():
        pytest.skip(f"no {path.name} in {INPUTS}: set LATTICEWORK_INPUTS to the folder of the input tables")
    return pd.read_parquet(path)


@cache
def table(layer: str) -> pd.DataFrame:
    """The layer's rows: built now from the inputs, or the shipped ones."""
    module = next(m for m in MODULES if layer in [made.name for made in m.LAYERS])
    if all((INPUTS / f"{name}.parquet").is_file() for name in module.INPUTS):
        return module.build(INPUTS)[layer]
    return get(layer)


def spells(layer: str, state: str, partner: str) -> list[tuple[str, str]]:
    """First and last days of the dyad's spells, in order."""
    rows = table(layer).query("state == @state and partner == @partner").sort_values("date")
    return list(zip(rows["date"], rows["end"], strict=True))


def holds(layer: str, state: str, partner: str, day: str) -> bool:
    """Whether a spell of the dyad covers the day."""
    return any(first <= day and (last == "" or day <= last) for first, last in spells(layer, state, partner))


def overlapping(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The spells that begin before an earlier one of the same key has ended."""
    rows = rows.assign(last=rows["end"].replace("", "9999-12-31")).sort_values([*key, "date"])
    before = rows.groupby(key)["last"].shift()
    return rows[(rows["date"] <= before.fillna(""))]
