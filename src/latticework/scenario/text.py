"""Scenario text is YAML without surprises: plain data, and the line and column of every key and value.

We walk the parsed nodes ourselves, because that gives exact places, keeps dates and `NO` as they are written, and
refuses what only confuses in such a file: repeated keys, anchors, tags.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Loc = tuple[str | int, ...]
TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Fault:
    """One mistake: where (a path of keys and indices), what is wrong, and whether the key or its value is meant."""

    loc: Loc
    message: str
    at: str = "value"
    place: tuple[int, int] | None = None


@dataclass
class Source:
    """Plain data read from a text, with the place (line, column; both from 1) of every key and value."""

    data: Any = None
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, loc: Loc, at: str = "value") -> tuple[int, int]:
        """Line and column of the key or value at `loc`, or of the closest block around it."""
        if at == "key" and loc in self.keys:
            return self.keys[loc]
        while loc not in self.values and loc:
            loc = loc[:-1]
        return self.values.get(loc, (1, 1))

    def path(self, loc: Loc) -> str:
        """The path in words: `branches.hub.interventions.2`, a list item with an id named by it."""
        words, here = [], self.data
        for step in loc:
            here = _child(here, step)
            name = here.get("id") if isinstance(step, int) and isinstance(here, dict) else None
            words.append(name if isinstance(name, str) and name else str(step))
        return ".".join(words)


def parse(text: str) -> Source:
    """Data and places of a YAML text; every mistake is a fault in the result, none is raised."""
    source = Source()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ruamel warns of repeated anchors; we refuse every one below
            node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        source.faults.append(_syntax_fault(error, text))
    except ReaderError as error:
        place = _place_of(text, error.position)
        source.faults.append(
            Fault((), f"the character U+{_number(error.character):04X} has no place in a text", place=place)
        )
    except RecursionError:
        source.faults.append(Fault((), "the blocks are nested too deeply"))
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError) as error:
        # ruamel meets garbage with many kinds of exception; none of them is the reader's business
        source.faults.append(Fault((), f"this is not YAML: {_one_line(error)}"))
    else:
        _read_top(source, node)
    return source


def _read_top(source: Source, node: Node | None) -> None:
    if node is None:
        source.faults.append(Fault((), "the file is empty; a scenario needs at least id, title and baseline"))
    elif not isinstance(node, MappingNode):
        source.faults.append(Fault((), "a scenario is a list of keys with values (`id: asia-2025`)", place=_mark(node)))
    else:
        try:
            source.data = _value(source, node, (), set())
        except RecursionError:
            source.faults.append(Fault((), "the blocks are nested too deeply"))


def _value(source: Source, node: Node, loc: Loc, seen: set[int]) -> Any:
    source.values[loc] = _mark(node)
    if id(node) in seen:
        source.faults.append(Fault(loc, "anchors and aliases (&, *) are not used in scenario files"))
        return None
    seen.add(id(node))
    if isinstance(node, MappingNode):
        return dict(_pairs(source, node, loc, seen))
    if isinstance(node, SequenceNode):
        return [_value(source, item, (*loc, i), seen) for i, item in enumerate(node.value)]
    return _scalar(source, node, loc)


def _pairs(source: Source, node: MappingNode, loc: Loc, seen: set[int]) -> Iterator[tuple[str, Any]]:
    found: dict[str, tuple[int, int]] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, ScalarNode) else None
        if not isinstance(key, str):
            source.faults.append(Fault(loc, "a key is a word", place=_mark(key_node)))
            continue
        if key in found:
            why = f"the key '{key}' is here twice (first in line {found[key][0]})"
            source.faults.append(Fault((*loc, key), why, place=_mark(key_node)))
            continue
        found[key] = source.keys[*loc, key] = _mark(key_node)
        yield key, _value(source, value_node, (*loc, key), seen)


def _scalar(source: Source, node: Node, loc: Loc) -> Any:
    """A word, number, truth value or nothing; dates stay as they are written."""
    kind, text = str(node.tag).removeprefix(TAG), node.value
    try:
        if kind in ("str", "timestamp"):
            return str(text)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return _whole(text)
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())
    except (ValueError, OverflowError, AttributeError):
        source.faults.append(Fault(loc, f"'{_short(text)}' is not a number"))
        return None
    source.faults.append(Fault(loc, f"tags ({_short(node.tag)}) are not used in scenario files"))
    return None


def _whole(text: str) -> int:
    digits = text.replace("_", "")
    based = digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b")
    number = int(digits, 0 if based else 10)
    if abs(number) > 10**15:
        raise ValueError
    return number


def _syntax_fault(error: MarkedYAMLError, text: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(error.problem or error.context or "this is not YAML").strip()
    lines = text.splitlines()
    row = lines[line - 1] if line <= len(lines) else ""
    if "\t" in row[: max(column, 1)] and not row[: column - 1].strip():
        problem = "indent with spaces, not with tabs"
    elif error.context and error.context != error.problem:
        began = f" (it began in line {error.context_mark.line + 1})" if error.context_mark else ""
        problem = f"{str(error.context).strip()}{began}: {problem}"
    return Fault((), f"this is not YAML: {_one_line(problem)}", place=(line, column))


def _mark(node: Node) -> tuple[int, int]:
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node.start_mark else (1, 1)


def _number(character: object) -> int:
    return ord(character[:1]) if isinstance(character, str) and character else int(str(character))


def _place_of(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


def _child(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    return here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else None


def _short(value: object, most: int = 40) -> str:
    text = _one_line(value)
    return text if len(text) <= most else text[: most - 3] + "..."


def _one_line(value: object) -> str:
    return " ".join(str(value).split())
