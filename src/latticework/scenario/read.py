"""Reading a scenario: text in, a checked Scenario out, or every fault at once with its line and column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from latticework.errors import ScenarioError
from latticework.scenario.checks import check
from latticework.scenario.faults import Kind, faults
from latticework.scenario.schema import OPERATORS, Scenario, block_at
from latticework.scenario.targets import PROCESS_UNIT
from latticework.yaml_text import Loc, parse

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
            source.faults.extend(faults(error, source, KIND))
        source.faults.extend(check(source.data, known))
    if source.faults or scenario is None:
        raise ScenarioError("\n".join(source.lines(name)))
    return scenario


def _plain_loc(loc: Loc) -> Loc:
    """Pydantic's path without the operator that it inserts after the index of an intervention."""
    if len(loc) > 2 and loc[0] == "interventions" and loc[2] in OPERATORS:
        return (*loc[:2], *loc[3:])
    return loc


def _pattern(loc: Loc) -> str:
    return "a currency is three capital letters" if loc[-1] == "currency" else ID


KIND = Kind("operator", OPERATORS, _plain_loc, lambda loc, source: block_at(loc, source.data), _pattern)
