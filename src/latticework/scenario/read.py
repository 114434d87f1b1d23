"""Reading a scenario: text in, a checked Scenario out, or every fault at once with its line and column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from latticework.errors import InputError, ScenarioError, suggestion
from latticework.scenario.changes import Change, Changed, apply
from latticework.scenario.checks import check
from latticework.scenario.schema import OPERATORS, Scenario, block_at, keys_of
from latticework.scenario.targets import PROCESS_UNIT
from latticework.yaml_text import Fault, Loc, Source, parse, plain

ID = "an id is of small letters, digits and '-'"


@dataclass(frozen=True)
class Known:
    """What a scenario may name: the states, layers and processes that exist, and the days that have data.

    `resolve` turns a state's name (ISO3 or COW abbreviation) into its ISO3 code or raises UnknownNameError; `layers`
    and `processes` say for each name whether it is about a "state" or a "dyad".
    """

    resolve: Callable[[str], str]
    layers: Mapping[str, str]
    first_date: date
    last_date: date
    processes: Mapping[str, str]

    @classmethod
    def of(cls, resolve: Callable[[str], str], layers: Mapping[str, str], first_date: date, last_date: date) -> "Known":
        """With the processes that this package has."""
        return cls(resolve, layers, first_date, last_date, PROCESS_UNIT)


def read_scenario(text: str, name: str, known: Known, changes: Sequence[Change] = ()) -> Scenario:
    """The scenario in a text, with changes; `name` is the file as the reader knows it.

    States come out as ISO3 codes. Raises ScenarioError whose message has one line per fault:
    `file:line:column: path: what was found, what is possible`. InputError, which names the option, if the text by
    itself has no fault and a change makes one.
    """
    if changes:
        read_scenario(text, name, known)
    source = parse(text, "a scenario", "id: asia-2025")
    scenario, made = None, ()
    if source.data is not None:
        made = apply(source.data, changes)
        try:
            scenario = Scenario.model_validate(source.data, context=known)
        except ValidationError as error:
            source.faults.extend(_schema_faults(error, source))
        source.faults.extend(check(source.data, known))
    if source.faults and made:
        raise InputError("\n".join(dict.fromkeys(_change_fault(source, fault, made) for fault in source.faults)))
    if source.faults or scenario is None:
        raise ScenarioError("\n".join(source.lines(name)))
    return scenario


def _change_fault(source: Source, fault: Fault, made: Sequence[Changed]) -> str:
    """A fault that a change made: the option whose place it is nearest to, the path, what is possible."""

    def shared(one: Changed) -> int:
        same = [a == b for a, b in zip(one.loc, fault.loc, strict=False)]
        return [*same, False].index(False)

    option = max(reversed(made), key=shared).change.written
    return f"--set {plain(option, 80)}: {source.path(fault.loc)}: {plain(fault.message, 2000)}"


def _schema_faults(error: ValidationError, source: Source) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_input=False):
        loc = _plain_loc(found["loc"])
        yield _schema_fault(found, loc, source)


def _schema_fault(found: Any, loc: Loc, source: Source) -> Fault:
    match found["type"]:
        case "missing":
            return Fault(loc[:-1], f"the key '{loc[-1]}' is missing")
        case "extra_forbidden":
            possible = keys_of(block_at(loc[:-1], source.data))
            return Fault(loc, f"unknown key '{loc[-1]}'. {suggestion(str(loc[-1]), possible, most=30)}", at="key")
        case "union_tag_invalid":
            tag = str(found["ctx"]["tag"])
            return Fault((*loc, "operator"), f"unknown operator '{tag}'. {suggestion(tag, OPERATORS)}")
        case "union_tag_not_found":
            return Fault(loc, f"the key 'operator' is missing. Possible: {', '.join(OPERATORS)}.")
        case "literal_error":
            value, possible = source.value(loc), _literals(found["ctx"]["expected"])
            return Fault(loc, f"unknown word {_shown(value)}. {suggestion(str(value), possible)}")
        case "string_pattern_mismatch":
            wanted = "a currency is three capital letters" if loc[-1] == "currency" else ID
            return Fault(loc, f"{wanted}, found {_shown(source.value(loc))}")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Fault(loc, f"a block of keys is needed here, found {_shown(source.value(loc))}")
        case "tuple_type":
            return Fault(loc, f"a list is needed here, found {_shown(source.value(loc))}")
        case "too_short":
            return Fault(loc, f"at least {found['ctx']['min_length']} needed, found {found['ctx']['actual_length']}")
        case kind if kind in ("day", "state", "unit", "layer", "process"):
            return Fault(loc, found["msg"])
        case _:
            wanted = found["msg"].removeprefix("Input should be ").removeprefix("Input ")
            return Fault(loc, f"should be {wanted}, found {_shown(source.value(loc))}")


def _plain_loc(loc: Loc) -> Loc:
    """Pydantic's path without the operator that it inserts after the index of an intervention."""
    if len(loc) > 2 and loc[0] == "interventions" and loc[2] in OPERATORS:
        return (*loc[:2], *loc[3:])
    return loc


def _literals(expected: str) -> list[str]:
    return [word.strip().strip("'").lower() for word in expected.replace(" or ", ", ").split(",") if word.strip()]


def _shown(value: object) -> str:
    """A value as the reader wrote it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        return "a block of keys" if isinstance(value, dict) else "a list"
    return f"'{plain(str(value).lower() if isinstance(value, bool) else value, 40)}'"
