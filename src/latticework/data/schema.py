"""A layer's description as a schema: what every column of its table must hold, cell by cell, and how rows differ."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

from latticework.data.layer import Kind, Layer
from latticework.data.states import CODES

ISO_DAY = r"\d{4}-\d{2}-\d{2}"
ROW = "row"  # a fault of a whole row stands under no column


@dataclass(frozen=True)
class Fault:
    """What is wrong in a table: the column (empty if the row or the table is), the row's number from 0, and why."""

    column: str
    row: int | None
    why: str

    def __str__(self) -> str:
        """The fault in words."""
        return f"column {self.column} {self.why}" if self.column else self.why


def faults(layer: Layer, table: pd.DataFrame) -> list[Fault]:
    """Everything that is wrong with a table as a table of this layer, in the order of its rows; empty if nothing is."""
    if tuple(table.columns) != layer.columns:
        return [Fault("", None, f"has the columns {', '.join(table.columns)} instead of {', '.join(layer.columns)}")]
    if table.empty:
        return [Fault("", None, "has no rows")]
    table = table.reset_index(drop=True)
    try:
        schema_of(layer).validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cells = error.failure_cases
        return sorted(map(_fault, cells.to_dict("records")), key=lambda fault: (fault.row or 0, fault.column))
    return _of_rows(layer, table)


def schema_of(layer: Layer) -> pa.DataFrameSchema:
    """The pandera schema of a layer's table: kinds of the columns, known states, ISO days, bounds of the value."""
    columns = {}
    for name, kind in layer.kinds.items():
        extra = name in layer.extras
        checks = _codes() if name in ("state", "partner") else _of_kind(kind, extra)
        if name == "value":
            checks += _within(layer.bounds)
        columns[name] = pa.Column(float if kind == "number" else None, checks, nullable=extra)
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def _of_kind(kind: Kind, extra: bool) -> list[pa.Check]:
    """Texts and dates may be empty only in extra columns, and numbers missing."""
    if kind == "number":
        return [_check(lambda v: not np.isinf(v), "has {}, which is missing or infinite")]
    checks = [_check(lambda v: isinstance(v, str) and (extra or v != ""), "has {}, which is not text or empty")]
    return checks + ([_check(_is_day, "has '{}', which is no ISO date")] if kind == "date" else [])


def _codes() -> list[pa.Check]:
    return [_check(frozenset(CODES).__contains__, "has the unknown state {}")]


def _within(bounds: tuple[int | float | None, int | float | None]) -> list[pa.Check]:
    low, high = bounds
    return [
        *([] if low is None else [pa.Check.ge(low, error=f"has {{}}, which is below {low:g}")]),
        *([] if high is None else [pa.Check.le(high, error=f"has {{}}, which is above {high:g}")]),
    ]


def _check(accepts, why: str) -> pa.Check:
    """A check of the distinct values of a column, which are far fewer than its cells."""

    def column(cells: pd.Series) -> pd.Series:
        index, values = pd.factorize(cells, use_na_sentinel=False)
        return pd.Series(np.array([bool(accepts(v)) for v in values])[index], index=cells.index)

    return pa.Check(column, error=why, ignore_na=False)


def _is_day(value: object) -> bool:
    if value == "":
        return True
    try:
        return isinstance(value, str) and np.datetime_as_string(np.datetime64(value, "D")) == value
    except ValueError:
        return False


def _fault(case: dict) -> Fault:
    """A failure case of pandera in our words."""
    check, found, row = str(case["check"]), case["failure_case"], case["index"]
    if check.startswith("dtype"):
        return Fault(str(case["column"]), None, f"does not hold numbers but {found}")
    if check == "not_nullable":
        check = "has a value that is missing or infinite"
    return Fault(str(case["column"]), None if row is None else int(row), check.replace("{}", str(found)))


def _of_rows(layer: Layer, table: pd.DataFrame) -> list[Fault]:
    """Rows that are there twice, out of order, of a state with itself or a spell that ends before it begins."""
    keys = table[list(layer.keys)]
    found = [Fault("", row, f"has two rows for {_words(keys, row)}") for row in _where(keys.duplicated())]
    if not found and not keys.equals(keys.sort_values(list(layer.keys), kind="stable")):
        found.append(Fault("", None, f"is not sorted by {', '.join(layer.keys)}"))
    if layer.kind == "dyad":
        wrong = table["state"] == table["partner"] if layer.directed else table["state"] >= table["partner"]
        order, ends = "has a dyad in the wrong order: ", table[["state", "partner"]]
        found += [Fault("", row, order + _words(ends, row)) for row in _where(wrong)]
    if "end" in layer.extras:
        before = (table["end"] != "") & (table["end"] < table["date"])
        found += [Fault("end", row, f"has {table['end'][row]}, before the first day") for row in _where(before)]
    return found


def _where(mask: pd.Series) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


def _words(table: pd.DataFrame, row: int) -> str:
    return ", ".join(map(str, table.iloc[row]))
