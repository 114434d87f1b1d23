"""The faults of a user's file, told all at once: each kind where it is met first, and how often it comes again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from latticework.data.added.cells import shown
from latticework.errors import PanelError

FAULTS = 20  # kinds of fault that are told at once


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a file: the line (in Parquet the row), the number of the field from 1, and why."""

    line: int
    field: int
    why: str


@runtime_checkable
class File(Protocol):
    """A table in a file."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        ...

    @property
    def counted(self) -> str:
        """What its rows are counted in: lines or rows."""
        ...

    def rows(self, fields: Sequence[int]) -> Iterator[tuple[int, list[str]] | Wrong]:
        """The chosen cells (counted from 0) of every row, with its line; what is no row as what is wrong with it."""
        ...

    def place(self, line: int, field: int) -> str:
        """Where a cell stands, in words."""
        ...


@dataclass
class Faults:
    """The faults of a file, as they are met."""

    file: File
    found: dict[tuple[int, str], int] = field(default_factory=dict)
    again: Counter[tuple[int, str]] = field(default_factory=Counter)

    def add(self, wrong: Wrong) -> None:
        """Note a fault; PanelError with all of them once there are too many to go on."""
        kind = (wrong.field, wrong.why)
        if kind in self.found:
            self.again[kind] += 1
            return
        self.found[kind] = wrong.line
        if len(self.found) == FAULTS:
            self.stop("There may be more: the rest of the file was not read.")

    def stop(self, last: str = "") -> None:
        """PanelError with a line `FILE:LINE:COLUMN: fault` for each kind of fault, if there is any."""
        if self.found:
            lines = [self._line(kind, line) for kind, line in self.found.items()]
            raise PanelError("\n".join([*lines, *([last] if last else [])]))

    def _line(self, kind: tuple[int, str], line: int) -> str:
        number, why = kind
        column = f"column {shown(self.file.names[number - 1])}: " if 0 < number <= len(self.file.names) else ""
        more = f" (in {self.again[kind] + 1} rows)" if self.again[kind] else ""
        return f"{self.file.place(line, number)}: {column}{why}{more}"
