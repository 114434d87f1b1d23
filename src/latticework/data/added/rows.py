"""A table in a user's file, CSV or Parquet, as rows of text, each with the line or row in which it stands."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq

from latticework.data.added.cells import plain
from latticework.data.added.faults import File, Wrong
from latticework.errors import InputError

SEPARATORS = (",", ";", "\t")
TEXTS = (".csv", ".tsv", ".tab", ".txt")
PARQUETS = (".parquet", ".pq")
BATCH = 1 << 14
CAUSES = {
    "unexpected end of data": 'a quote (") that opens in this row is never closed',
    "new-line character": "a carriage return stands alone; save the file with usual line ends",
    "field larger": "a cell is longer than 131072 characters; is a quote not closed?",
}


@dataclass(frozen=True)
class CsvFile:
    """A CSV file in UTF-8 with the names of its columns in the first line."""

    path: Path
    separator: str
    names: tuple[str, ...]
    counted = "line"  # what its rows are counted in

    def rows(self, fields: Sequence[int]) -> Iterator[tuple[int, list[str]] | Wrong]:
        """The chosen cells of every row with its first line; a row that is no row as what is wrong with it."""
        records, width = _records(self.path, self.separator), len(self.names)
        next(records)
        for record in records:
            if isinstance(record, Wrong):
                yield record
            elif len(record[1]) != width:
                line, cells = record
                why = f"this row has {len(cells)} cells and the first line has {width} names"
                yield Wrong(line, min(len(cells), width) + 1, why)
            else:
                line, cells = record
                yield line, [cells[i].strip() for i in fields]

    def place(self, line: int, field: int) -> str:
        """Where a cell stands, in words."""
        return f"{self.path}:{line}:{field}"


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file; its rows are counted from 1."""

    path: Path
    names: tuple[str, ...]
    counted = "row"

    def rows(self, fields: Sequence[int]) -> Iterator[tuple[int, list[str]] | Wrong]:
        """The chosen cells of every row, as text, with its number."""
        names, count = [self.names[i] for i in fields], 0
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(BATCH, columns=names):
                    for cells in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
                        count += 1
                        yield count, [_as_text(cell) for cell in cells]
        except Exception as error:  # Arrow and what it calls fail in many ways of their own
            yield Wrong(count + 1, 1, f"this is no Parquet file that can be read: {_first_line(error)}")

    def place(self, line: int, field: int) -> str:
        """Where a cell stands, in words."""
        return f"{self.path}: row {line}"


def open_table(path: Path, wanted: Iterable[str]) -> File:
    """The table in a file; `wanted` are the columns by which to know what separates its cells. InputError."""
    ending = path.suffix.lower()
    if ending not in TEXTS + PARQUETS:
        raise InputError(f"{path}:1:1: no table is read from '{ending}'. Possible: {', '.join(TEXTS + PARQUETS)}.")
    try:
        return _parquet(path) if ending in PARQUETS else _csv(path, {name.casefold() for name in wanted})
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error.strerror or error}.") from error


def _csv(path: Path, wanted: set[str]) -> CsvFile:
    """The CSV file, its cells separated by what splits the first line into most of the wanted names."""
    heads = {}
    for separator in SEPARATORS:
        first = next(_records(path, separator), Wrong(1, 1, "the file is empty; its first line names the columns"))
        heads[separator] = first if isinstance(first, Wrong) else tuple(name.strip() for name in first[1])
    read = {separator: names for separator, names in heads.items() if not isinstance(names, Wrong)}
    if not read:
        wrong = heads[SEPARATORS[0]]
        raise InputError(f"{path}:{wrong.line}:{wrong.field}: {wrong.why}")
    best = max(read, key=lambda s: (sum(name.casefold() in wanted for name in read[s]), len(read[s])))
    return CsvFile(path, best, read[best])


def _parquet(path: Path) -> ParquetFile:
    try:
        with pq.ParquetFile(path) as file:
            return ParquetFile(path, tuple(file.schema_arrow.names))
    except Exception as error:
        raise InputError(f"{path}: row 1: this is no Parquet file that can be read: {_first_line(error)}") from error


def _records(path: Path, separator: str) -> Iterator[tuple[int, list[str]] | Wrong]:
    """Every record with its first line, blank ones left out; it ends with the first that cannot be read."""
    with path.open("rb") as file:
        reader = csv.reader(_lines(file), delimiter=separator, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                field = error.object[: error.start].count(separator.encode()) + 1
                why = f"the byte {error.object[error.start]:#04x} is not UTF-8; save the file as 'CSV UTF-8'"
                yield Wrong(reader.line_num + 1, field, why)
                return
            except csv.Error as error:
                said = str(error)
                why = next((cause for sign, cause in CAUSES.items() if said.startswith(sign)), f"no CSV: {plain(said)}")
                yield Wrong(line, 1, why)
                return
            if cells:
                yield line, cells


def _lines(file: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(file):
        text = line.decode("utf-8")
        yield text if number else text.removeprefix("\ufeff")


def _as_text(cell: Any) -> str:
    """A cell of a Parquet file as a CSV file would have it."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, bool) else str(cell).strip()


def _first_line(error: Exception) -> str:
    return plain(next(iter(str(error).splitlines()), "") or type(error).__name__)
