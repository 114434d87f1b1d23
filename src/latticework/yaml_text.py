"""YAML without surprises: plain data, the line and column of every key and value, and all that is wrong with a text.

We walk the parsed nodes ourselves, because that gives exact places, keeps dates and `NO` as they are written, and
refuses what only confuses in a small file: repeated keys, anchors, tags, characters that no text should have.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Loc = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, both from 1
TAG = "tag:yaml.org,2002:"
BLOCKS = (f"{TAG}map", f"{TAG}seq")
TRUTH = {"true": True, "false": False}
LARGEST = 10**15  # whole numbers that a float still tells apart
GARBAGE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # what an escape in quotes can smuggle in


@dataclass(frozen=True)
class Fault:
    """One mistake: where (a path of keys and indices), what is wrong, and whether the key or its value is meant."""

    loc: Loc
    message: str
    at: str = "value"
    place: Place | None = None


@dataclass
class Source:
    """What a text says, where every key and value of it stands, and what is wrong with it."""

    data: Any = None
    keys: dict[Loc, Place] = field(default_factory=dict)
    values: dict[Loc, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def value(self, loc: Loc) -> Any:
        """The value at `loc`; None if there is nothing."""
        here = self.data
        for step in loc:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def place(self, loc: Loc, at: str = "value") -> Place:
        """Line and column of the key or value at `loc`, or of the closest block around it."""
        if at == "key" and loc in self.keys:
            return self.keys[loc]
        while loc and loc not in self.values:
            loc = loc[:-1]
        return self.values.get(loc, (1, 1))

    def path(self, loc: Loc) -> str:
        """The path in words: `branches.hub.interventions.2`, a list item with an id named by it."""
        words = []
        for i, step in enumerate(loc, 1):
            here = self.value(loc[:i])
            name = here.get("id") if isinstance(step, int) and isinstance(here, dict) else None
            words.append(plain(name if isinstance(name, str) and name else step, 80))
        return ".".join(words)

    def line(self, name: str, fault: Fault) -> str:
        """A fault for its reader: `file:line:column: path: what is wrong`."""
        line, column = fault.place or self.place(fault.loc, fault.at)
        path = f"{self.path(fault.loc)}: " if fault.loc else ""
        return f"{name}:{line}:{column}: {path}{plain(fault.message, 2000)}"

    def lines(self, name: str) -> list[str]:
        """A line per fault, in the order of the file; the same line once."""
        ordered = sorted(self.faults, key=lambda fault: fault.place or self.place(fault.loc, fault.at))
        return list(dict.fromkeys(self.line(name, fault) for fault in ordered))


def parse(text: str, noun: str, example: str, typed: bool = True) -> Source:
    """Data and places of a YAML text that has keys at its top; every mistake is a fault in the result, none is raised.

    Messages call the text by its `noun` ("a scenario") and show an `example` of a key with a value. A value is a word,
    number, truth value or None, and a date a word; if not `typed` it is the text that was written ("1.10"), or None.
    """
    source = Source()
    try:
        _read(source, text, noun, example, typed)
    except RecursionError:
        source.faults.append(Fault((), "the blocks are nested too deeply"))
    return source


def plain(text: object, most: int = 200) -> str:
    """A text for a message: in one line, short, and without what a terminal would act on."""
    line = " ".join(str(text)[: 4 * most].split())
    line = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
    return line if len(line) <= most else line[: most - 3] + "..."


def _read(source: Source, text: str, noun: str, example: str, typed: bool) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ruamel warns of repeated anchors; we refuse every one below
            node = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        raise
    except Exception as error:  # ruamel meets garbage with many kinds of exception; none is the reader's business
        source.faults.append(_syntax(error, text))
        return
    needed = f"{noun} is a list of keys with values (`{example}`)"
    if node is None:
        source.faults.append(Fault((), f"the file is empty; {needed}"))
    elif not isinstance(node, MappingNode):
        source.faults.append(Fault((), needed, place=_start(node)))
    else:
        source.data = _Walk(source, text, noun, typed).value(node, ())


@dataclass
class _Walk:
    """The way through the nodes of a text."""

    source: Source
    text: str
    noun: str
    typed: bool
    seen: set[int] = field(default_factory=set)

    def value(self, node: Node, loc: Loc) -> Any:
        again, nothing = id(node) in self.seen, node.start_mark.index == node.end_mark.index
        key = self.source.keys.get(loc) if again or nothing else None  # an alias and an empty value stand at their key
        self.source.values[loc] = key or _start(node)
        if again:  # its anchor is refused, once
            return None
        self.seen.add(id(node))
        self.judge(node, loc)
        if isinstance(node, MappingNode):
            return dict(self.pairs(node, loc))
        if isinstance(node, SequenceNode):
            return [self.value(item, (*loc, i)) for i, item in enumerate(node.value)]
        try:
            return _scalar(node, self.typed)
        except ValueError:
            self.source.faults.append(Fault(loc, f"'{plain(node.value, 40)}' is no number, or too large"))
            return None

    def pairs(self, node: Node, loc: Loc) -> Iterator[tuple[str, Any]]:
        for key_node, value_node in node.value:
            key, place = key_node.value, _start(key_node)
            if not isinstance(key, str):
                self.source.faults.append(Fault(loc, "a key is a word", place=place))
            elif (*loc, key) in self.source.keys:
                first = self.source.keys[*loc, key][0]
                why = f"the key '{plain(key, 40)}' is here twice (first in line {first})"
                self.source.faults.append(Fault(loc, why, place=place))
            else:
                self.source.keys[*loc, key] = place
                self.judge(key_node, loc)
                yield key, self.value(value_node, (*loc, key))

    def judge(self, node: Node, loc: Loc) -> None:
        """Refuse what has no place in such a text, though it is YAML."""
        scalar = isinstance(node, ScalarNode)
        if node.anchor:
            why = f"anchors and aliases (&, *) are not used in {self.noun}"
        elif self.text.startswith("!", node.start_mark.index) if scalar else node.tag not in BLOCKS:
            why = f"tags ({plain(node.tag, 40)}) are not used in {self.noun}"
        elif scalar and (found := GARBAGE.search(node.value)):
            why = f"the character {found.group()!a} has no place in a text"
        else:
            return
        self.source.faults.append(Fault(loc, why, place=_start(node)))


def _scalar(node: Node, typed: bool) -> Any:
    """A word, number, truth value or None, or the text that was written; ValueError for a number that is none."""
    kind, text = str(node.tag).removeprefix(TAG), str(node.value)
    if kind == "null":
        return None
    if not typed:
        return text
    if kind == "bool":
        return TRUTH.get(text.lower(), text)
    if kind == "float":
        return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())
    if kind != "int":
        return text
    digits = text.replace("_", "")
    based = digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b")
    number = int(digits, 0 if based else 10)
    if abs(number) > LARGEST:
        raise ValueError
    return number


def _syntax(error: Exception, text: str) -> Fault:
    """Where and why a text is not YAML, as far as the exception tells."""
    position = getattr(error, "position", None)
    if isinstance(position, int):
        why = f"the character {text[position : position + 1]!a} has no place in a text"
        return Fault((), why, place=(text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)))
    problem, began = getattr(error, "problem", None), getattr(error, "context", None)
    mark, began_mark = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    said = str(problem or began or f"it cannot be read ({type(error).__name__})")
    if mark and _indents_with_tab(text, mark.index):
        said = "indent with spaces, not with tabs"
    elif began and problem:
        line = f" (it began in line {began_mark.line + 1})" if began_mark else ""
        said = f"{began}{line}: {problem}"
    mark = mark or began_mark
    return Fault((), f"this is not YAML: {said}", place=(mark.line + 1, mark.column + 1) if mark else None)


def _indents_with_tab(text: str, position: int) -> bool:
    row = text.rfind("\n", 0, position) + 1
    return "\t" in text[row : position + 1] and not text[row:position].strip()


def _start(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
