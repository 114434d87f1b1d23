"""A layer on a grid: for every day, state and dyad, the row of the layer's table that holds there."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from latticework.data.catalogue import REBUILD, describe, described, layer, path_of
from latticework.data.known import known_until
from latticework.data.layer import Layer
from latticework.data.read import known_rows, query
from latticework.data.states import CODES
from latticework.errors import PanelError

NONE = -1  # no row
YEAR = np.timedelta64(365, "D")


@dataclass(frozen=True)
class Rows:
    """A layer's rows as arrays, sorted by date; `state` and `partner` index the grid's states, an open day is NaT."""

    described: Layer
    since: np.datetime64  # first and last day of the layer's coverage
    until: np.datetime64
    date: np.ndarray
    state: np.ndarray
    partner: np.ndarray | None
    columns: dict[str, np.ndarray]

    @property
    def value(self) -> np.ndarray:
        """The value column."""
        return self.columns["value"]

    @property
    def place(self) -> tuple[np.ndarray, ...]:
        """The index of each row's state, or of its state and partner."""
        return (self.state,) if self.partner is None else (self.state, self.partner)

    def take(self, which: np.ndarray) -> "Rows":
        """Some of the rows: a mask, or their indices in the order wanted."""
        partner = None if self.partner is None else self.partner[which]
        columns = {name: column[which] for name, column in self.columns.items()}
        return replace(self, date=self.date[which], state=self.state[which], partner=partner, columns=columns)

    def with_both_directions(self) -> "Rows":
        """Undirected dyads once in each direction; anything else as it is."""
        if self.partner is None or self.described.directed:
            return self
        twice = self.take(np.repeat(np.arange(len(self.date)), 2))
        flip, ends = np.tile([False, True], len(self.date)), twice.place
        return replace(twice, state=np.where(flip, ends[1], ends[0]), partner=np.where(flip, ends[0], ends[1]))


def rows_of(
    name: str, codes: tuple[str, ...] = CODES, as_known_on: str | None = None, folder: Path | None = None
) -> Rows:
    """The rows of a layer whose states are all among `codes`, as known on an ISO day if one is named."""
    record = layer(name, folder)
    description = described(name, record)
    columns = dict(_columns(name, path_of(name, folder), record["sha256"], as_known_on))
    grid = np.full(len(CODES), NONE)
    grid[[CODES.index(c) for c in codes]] = np.arange(len(codes))
    ends = [grid[columns.pop(e)] for e in ("state", "partner") if e in columns]
    kept = np.logical_and.reduce([e != NONE for e in ends])
    state, partner = ends[0][kept], ends[1][kept] if len(ends) > 1 else None
    columns = {c: v[kept] for c, v in columns.items()}
    until = known_until(description, np.datetime64(record["to"], "D"), as_known_on)
    covers = np.datetime64(record["from"], "D"), until
    return Rows(description, *covers, columns.pop("date"), state, partner, columns).with_both_directions()


@lru_cache(maxsize=64)
def _columns(name: str, path: Path, checksum: str, as_known_on: str | None) -> dict[str, np.ndarray]:
    """The file's columns by date: days as datetime64, states as indices into CODES, numbers and texts as they are."""
    layer = describe(name, path.parent)
    texts = [c for c, kind in layer.kinds.items() if kind != "number"]
    if as_known_on is None:
        try:
            table = pq.read_table(path, read_dictionary=texts)
        except (pa.ArrowException, OSError) as error:
            raise PanelError(f"The panel file {path.name} cannot be read. {REBUILD}") from error
    else:
        rows, values = known_rows(layer, path, as_known_on)
        order = ", ".join(f'"{c}"' for c in layer.keys)
        table = query(f"SELECT * FROM ({rows}) ORDER BY {order}", values, layer.name)
        table = pa.table({c: table[c].dictionary_encode() if c in texts else table[c] for c in table.column_names})
    kinds: dict[str, Any] = {**layer.kinds, "state": "code", "partner": "code"}
    return {c: _array(table.column(c).combine_chunks(), kinds[c]) for c in layer.columns}


def _array(column: Any, kind: str) -> np.ndarray:
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy(zero_copy_only=False)
    words, index = column.dictionary.to_pylist(), column.indices.to_numpy(zero_copy_only=False)
    if kind == "code":
        return np.array([CODES.index(w) for w in words], dtype=np.int64)[index]
    return np.array(words, dtype="datetime64[D]" if kind == "date" else object)[index]


def holding(rows: Rows, days: np.ndarray, n: int, reach: np.timedelta64 | np.ndarray = YEAR) -> np.ndarray:
    """The index of the row that holds on each day, per state (t n) or ordered dyad (t n n); NONE where no row does.

    A spell holds from its first to its last day, an open one for ever; another row holds for less than `reach` (one
    span, or one per row) after its date. The last row wins, which is the newest unless the rows were put in another
    order. What holds after the layer's coverage is for the caller to judge.
    """
    held = np.full((len(days), *([n] * len(rows.place))), NONE, dtype=np.int32)
    first = np.searchsorted(days, rows.date, side="left")
    if rows.described.frequency == "spells":
        end = rows.columns["end"]
        last = np.where(np.isnat(end), len(days), np.searchsorted(days, end, side="right"))
    else:
        last = np.searchsorted(days, rows.date + reach, side="left")
    lengths = np.maximum(last - first, 0)
    index = np.repeat(np.arange(len(first)), lengths)
    offset = np.arange(len(index)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    held[(first[index] + offset, *(p[index] for p in rows.place))] = index
    return held


def values(rows: Rows, held: np.ndarray) -> np.ndarray:
    """The rows' numbers where one holds, NaN elsewhere, as float32."""
    numbers = np.append(rows.value, np.nan).astype(np.float32)
    return numbers[held]
