"""Reading a scenario: text in, a checked Scenario out, or every fault at once with its line and column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from latticework.errors import InputError, ScenarioError
from latticework.scenario.changes import Change, Changed, apply
from latticework.scenario.checks import check
from latticework.scenario.faults import Kind, faults
from latticework.scenario.schema import OPERATORS, Scenario, block_at
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
            source.faults.extend(faults(error, source, KIND))
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


def _plain_loc(loc: Loc) -> Loc:
    """Pydantic's path without the operator that it inserts after the index of an intervention."""
    if len(loc) > 2 and loc[0] == "interventions" and loc[2] in OPERATORS:
        return (*loc[:2], *loc[3:])
    return loc


def _pattern(loc: Loc) -> str:
    return "a currency is three capital letters" if loc[-1] == "currency" else ID


KIND = Kind("operator", OPERATORS, _plain_loc, lambda loc, source: block_at(loc, source.data), _pattern)
