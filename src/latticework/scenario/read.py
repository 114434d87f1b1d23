"""Reading a scenario: text in, a checked Scenario out, or every fault at once with its line and column."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from latticework.errors import ScenarioError, suggestion
from latticework.scenario.checks import check
from latticework.scenario.schema import OPERATORS, Scenario, block_at, keys_of
from latticework.scenario.targets import PROCESS_UNIT
from latticework.yaml_text import Fault, Loc, Source, parse, plain

ID = "an id is of small letters, digits and '-'"


@dataclass(frozen=True)
class Known:
    """What a scenario may name: the states, layers and processes that exist, and the days that have data.

    `resolve` turns a state's name (ISO3 or COW abbreviation) into its ISO3 code or raises UnknownNameError; `layers`
    and `processes` say for each name whether it is about a "state" or a "dyad". `mechanisms` are the kinds with their
    parameters, each with the sign that is imposed on it (0 for none); `signals` the layers that only they read.
    """

    resolve: Callable[[str], str]
    layers: Mapping[str, str]
    first_date: date
    last_date: date
    processes: Mapping[str, str]
    mechanisms: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    signals: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        resolve: Callable[[str], str],
        layers: Mapping[str, str],
        first_date: date,
        last_date: date,
        mechanisms: Mapping[str, Mapping[str, int]] | None = None,
        signals: tuple[str, ...] = (),
    ) -> "Known":
        """With the processes that this package has."""
        every = {**layers, **dict.fromkeys(signals, "state")}
        return cls(resolve, every, first_date, last_date, PROCESS_UNIT, mechanisms or {}, signals)


def read_scenario(text: str, name: str, known: Known) -> Scenario:
    """The scenario in a text; `name` is the file as the reader knows it.

    States come out as ISO3 codes. Raises ScenarioError whose message has one line per fault:
    `file:line:column: path: what was found, what is possible`.
    """
    source = parse(text, "a scenario", "id: asia-2025")
    scenario = None
    if source.data is not None:
        try:
            scenario = Scenario.model_validate(source.data, context=known)
        except ValidationError as error:
            source.faults.extend(_schema_faults(error, source))
        source.faults.extend(check(source.data, known))
    if source.faults or scenario is None:
        raise ScenarioError("\n".join(source.lines(name)))
    return scenario


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
