"""A small YAML text as plain words: keys, values and lists, each with the line and column where it stands.

Every value stays the text that was written (a version of 7.0 is "7.0"), and an empty one is None. Anchors, repeated
keys and blocks within blocks within blocks only confuse in such a text and are refused.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from latticework.data.added.cells import plain, shown

Loc = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, both from 1
DEEPEST = 2  # a mapping of mappings or lists
EMPTY = "tag:yaml.org,2002:null"


@dataclass
class Yaml:
    """What a text says, where, and what is wrong with it."""

    data: Any = None
    keys: dict[Loc, Place] = field(default_factory=dict)
    values: dict[Loc, Place] = field(default_factory=dict)
    faults: list[tuple[Place, str]] = field(default_factory=list)

    def place(self, loc: Loc, key: bool = False) -> Place:
        """Where the value (or its key) stands, or the closest block around it."""
        if key and loc in self.keys:
            return self.keys[loc]
        while loc and loc not in self.values:
            loc = loc[:-1]
        return self.values.get(loc, (1, 1))


def read_yaml(text: str) -> Yaml:
    """The text as plain data; every mistake is a fault in the result, none is raised."""
    yaml = Yaml()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ruamel warns of repeated anchors; every one is refused below
            node = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        yaml.faults.append(((1, 1), "the blocks are nested too deeply"))
    except Exception as error:  # ruamel meets garbage with many kinds of exception; none is the reader's business
        yaml.faults.append(_syntax(error, text))
    else:
        if isinstance(node, MappingNode):
            yaml.data = _value(yaml, node, (), set())
        else:
            yaml.faults.append(((1, 1), "a description is a list of keys with values (`name: port_calls`)"))
    return yaml


def _value(yaml: Yaml, node: Node, loc: Loc, seen: set[int]) -> Any:
    yaml.values[loc] = _start(node)
    if id(node) in seen:
        yaml.faults.append((_start(node), "anchors and aliases (&, *) are not used here"))
        return None
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        return None if str(node.tag) == EMPTY else str(node.value)
    if len(loc) == DEEPEST:
        yaml.faults.append((_start(node), "a single value is needed here, found a block of several"))
        return None
    if isinstance(node, SequenceNode):
        return [_value(yaml, item, (*loc, i), seen) for i, item in enumerate(node.value)]
    return dict(_pairs(yaml, node, loc, seen))


def _pairs(yaml: Yaml, node: Node, loc: Loc, seen: set[int]) -> Iterator[tuple[str, Any]]:
    for key_node, value_node in node.value:
        key, place = key_node.value, _start(key_node)
        if not isinstance(key, str):
            yaml.faults.append((place, "a key is a word"))
        elif (*loc, key) in yaml.keys:
            first = yaml.keys[*loc, key][0]
            yaml.faults.append((place, f"the key {shown(key)} is here twice (first in line {first})"))
        else:
            yaml.keys[*loc, key] = place
            yield key, _value(yaml, value_node, (*loc, key), seen)
            if value_node.value == "":  # the parser sees an empty value where the next word begins
                yaml.values[*loc, key] = place


def _start(node: Node) -> Place:
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node.start_mark else (1, 1)


def _syntax(error: Exception, text: str) -> tuple[Place, str]:
    """Where and why a text is not YAML, as far as the exception tells."""
    position = getattr(error, "position", None)
    if isinstance(position, int):
        before = text[:position]
        place = before.count("\n") + 1, position - before.rfind("\n")
        return place, f"the character {shown(text[position : position + 1])} has no place in a text"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = getattr(error, "problem", None) or getattr(error, "context", None) or type(error).__name__
    row = text.split("\n")[place[0] - 1] if place[0] <= text.count("\n") + 1 else ""
    if "\t" in row[: place[1]] and not row[: place[1] - 1].strip():
        said = "indent with spaces, not with tabs"
    return place, f"this is not YAML: {plain(said)}"
