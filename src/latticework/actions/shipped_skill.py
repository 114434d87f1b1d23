"""The result of the backtest that comes with the package."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

import latticework.evaluate
from latticework.errors import InputError, PanelError, UnknownNameError
from latticework.evaluate.targets import TARGETS

HOME = Path(latticework.evaluate.__file__).parent / "result"
SHIPPED, CALIBRATION, KNOWN_CASES = (HOME / f"{name}.csv" for name in ("skill", "calibration", "cases"))
FIRST = 1990


def shipped_table(targets: Sequence[str] = (), since: int = FIRST) -> pd.DataFrame:
    """The records of skill that come with the package, of some targets (all for none).

    InputError for another first origin than the shipped one, PanelError if the file is missing or damaged.
    """
    for name in targets:
        if name not in TARGETS:
            raise UnknownNameError("target", name, TARGETS)
    if since != FIRST:
        raise InputError(f"The shipped result is of origins from {FIRST} on; leave out --shipped for another --since.")
    table = read_result(SHIPPED)
    return table[table["target"].isin(list(targets) or list(TARGETS))].reset_index(drop=True)


def read_result(path: Path) -> pd.DataFrame:
    """A table of the shipped result; PanelError if it is missing or damaged."""
    try:
        return pd.read_csv(path, comment="#")
    except (OSError, ValueError) as fault:
        raise PanelError(f"The result of the backtest '{path}' cannot be read ({fault}).") from fault
