"""What is wrong with the blocks of a file, as pydantic finds it, in words for its reader."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from latticework.errors import suggestion
from latticework.scenario.fields import keys_of
from latticework.yaml_text import Fault, Loc, Source, plain

TOLD = ("bounds", "day", "layer", "named", "process", "state", "unit")  # errors of our own: their message is whole


@dataclass(frozen=True)
class Kind:
    """What the faults of one kind of file need to be told.

    `tag` is the key that says of which kind a block is ("operator"), `words` what it may say; `within` gives the path
    as the file has it of one into which pydantic put such a word, `block` the kind of block at a path, `pattern` how a
    word at a path is written.
    """

    tag: str
    words: Collection[str]
    within: Callable[[Loc], Loc]
    block: Callable[[Loc, Source], type[BaseModel]]
    pattern: Callable[[Loc], str]


def faults(error: ValidationError, source: Source, kind: Kind) -> Iterator[Fault]:
    """Every fault that pydantic found; a list that is called short for the faults in it is not told again."""
    every: list[Any] = error.errors(include_url=False, include_input=False)
    for found in every:
        loc = kind.within(found["loc"])
        if found["type"] != "too_short" or not _is_long_enough(source.value(loc), found["ctx"]["min_length"]):
            yield _fault(found, loc, source, kind)


def _is_long_enough(value: object, least: int) -> bool:
    return isinstance(value, (list, dict)) and len(value) >= least


def _fault(found: Any, loc: Loc, source: Source, kind: Kind) -> Fault:
    match found["type"]:
        case "missing":
            return Fault(loc[:-1], f"the key '{loc[-1]}' is missing")
        case "extra_forbidden":
            possible = keys_of(kind.block(loc[:-1], source))
            return Fault(loc, f"unknown key '{loc[-1]}'. {suggestion(str(loc[-1]), possible, most=30)}", at="key")
        case "union_tag_invalid":
            word = str(found["ctx"]["tag"])
            why = f"unknown {kind.tag} '{plain(word, 40)}'. {suggestion(word, kind.words, most=30)}"
            return Fault((*loc, kind.tag), why)
        case "union_tag_not_found":
            return Fault(loc, f"the key '{kind.tag}' is missing. Possible: {', '.join(kind.words)}.")
        case "literal_error":
            value, possible = source.value(loc), _literals(found["ctx"]["expected"])
            return Fault(loc, f"unknown word {_shown(value)}. {suggestion(str(value), possible)}")
        case "string_pattern_mismatch":
            return Fault(loc, f"{kind.pattern(loc)}, found {_shown(source.value(loc))}")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Fault(loc, f"a block of keys is needed here, found {_shown(source.value(loc))}")
        case "tuple_type":
            return Fault(loc, f"a list is needed here, found {_shown(source.value(loc))}")
        case "too_short":
            return Fault(loc, f"at least {found['ctx']['min_length']} needed, found {found['ctx']['actual_length']}")
        case told if told in TOLD:
            return Fault(loc, found["msg"])
        case _:
            wanted = found["msg"].removeprefix("Input should be ").removeprefix("Input ")
            return Fault(loc, f"should be {wanted}, found {_shown(source.value(loc))}")


def _literals(expected: str) -> list[str]:
    return [word.strip().strip("'").lower() for word in expected.replace(" or ", ", ").split(",") if word.strip()]


def _shown(value: object) -> str:
    """A value as the reader wrote it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        return "a block of keys" if isinstance(value, dict) else "a list"
    return f"'{plain(str(value).lower() if isinstance(value, bool) else value, 40)}'"
