"""Plain data of a file, read without trust: what is not of the right type is nothing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from latticework.errors import LatticeworkError, suggestion
from latticework.yaml_text import Fault, Loc

Data = dict[str, Any]
Resolve = Callable[[str], str]


def blocks(data: Data, key: str) -> list[tuple[int, Data]]:
    """The items of a list of blocks that are blocks, with their index."""
    return [(i, item) for i, item in enumerate(items(data.get(key))) if isinstance(item, dict)]


def items(value: object) -> list[Any]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def block(value: object) -> Data:
    """A block of keys, or an empty one."""
    return value if isinstance(value, dict) else {}


def word(value: object) -> str | None:
    """A text, or None."""
    return value if isinstance(value, str) else None


def number(value: object) -> float | None:
    """A number, or None."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def day(value: object) -> date | None:
    """A day that is written as one, or None."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def code(name: object, resolve: Resolve) -> str | None:
    """The ISO3 code of a state that is known, or None."""
    if not isinstance(name, str):
        return None
    try:
        return resolve(name)
    except LatticeworkError:
        return None


def twice(named: Iterable[tuple[Loc, str | None]], why: str = "is here twice") -> Iterator[Fault]:
    """A fault for every name that was there before."""
    seen: set[str] = set()
    for loc, name in named:
        if name is not None and name in seen:
            yield Fault(loc, f"'{name}' {why}")
        if name is not None:
            seen.add(name)


def hint(name: str, possible: list[str]) -> str:
    """What may have been meant."""
    return suggestion(name, possible) if possible else "There are none yet."
