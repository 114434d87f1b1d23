"""The words of a scenario file: every key, its type and what it means.

Each value is a fact with a `source` and a `confidence`, or an assumption with a `reason` and an `assumed_by`.
`docs/scenarios.md` explains every key (a test compares the two).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from latticework.errors import LatticeworkError, UnknownNameError, suggestion

# Process -> what it acts on. The names are those of latticework.processes; hazards are all but alignment.
PROCESS_UNIT: dict[str, Literal["state", "dyad"]] = {
    "leader_exit": "state",
    "alignment": "state",
    "agreement_end": "dyad",
    "troop_change": "dyad",
    "dispute_onset": "dyad",
}
HAZARDS = ("leader_exit", "agreement_end", "troop_change", "dispute_onset")
EVERY = "all"
Info = Any  # pydantic's ValidationInfo, a protocol that beartype cannot check


def _day(value: object) -> object:
    """A day written YYYY-MM-DD, and nothing else (pydantic would take a number for seconds since 1970)."""
    if not isinstance(value, str):
        raise PydanticCustomError("day", "a date is written as YYYY-MM-DD, found {found}", {"found": repr(value)})
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "day", "'{found}' is not a date of the calendar, written as YYYY-MM-DD", {"found": value}
        ) from None


def _state(value: str, info: Info) -> str:
    """The ISO3 code of a state that the panel knows; the resolver comes with the validation context."""
    try:
        return info.context.resolve(value) if info.context else value
    except LatticeworkError as error:
        raise PydanticCustomError("state", "{why}", {"why": _lower_first(str(error))}) from None


def _unit(value: str, info: Info) -> str:
    """A state (`KOR`, `all`) or a dyad (`KOR-USA`, `USA-all`, `all-all`), in ISO3 codes."""
    parts = value.split("-")
    if len(parts) > 2 or not all(parts):
        raise PydanticCustomError(
            "unit", "'{found}' is neither a state (KOR, all) nor a dyad (KOR-USA, USA-all)", {"found": value}
        )
    codes = [part if part == EVERY else _state(part, info) for part in parts]
    if len(codes) == 2 and codes[0] == codes[1] != EVERY:
        raise PydanticCustomError("unit", "'{found}' pairs a state with itself", {"found": value})
    return "-".join(codes)


def _named(kind: Literal["layer", "process"], attribute: str) -> AfterValidator:
    def check(value: str, info: Info) -> str:
        possible = getattr(info.context, attribute) if info.context else {value: ""}
        if value not in possible:
            why = f"there is no {kind} '{value}'. {suggestion(value, possible)}"
            raise PydanticCustomError(kind, "{why}", {"why": why})
        return value

    return AfterValidator(check)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, Field(strict=True, min_length=1)]
Slug = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e12, le=1e12)]
Chance = Annotated[float, Field(strict=True, ge=0, le=1)]
StateCode = Annotated[str, Field(strict=True), AfterValidator(_state)]
Unit = Annotated[str, Field(strict=True), AfterValidator(_unit)]
LayerName = Annotated[str, Field(strict=True), _named("layer", "layers")]
ProcessName = Annotated[str, Field(strict=True), _named("process", "processes")]
Confidence = Literal["high", "medium", "low"]


class Entry(BaseModel):
    """A block of the file: unknown keys are refused and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Leader(Entry):
    """The effective leader of a state on the baseline day."""

    state: StateCode
    name: Words
    office: Words
    since: Day
    source: Words
    confidence: Confidence
    note: Words | None = None


class Election(Entry):
    """A vote on the calendar as it was known on the baseline day.

    `decides_leader` says whether it can change the effective leader after the baseline and within the horizon.
    """

    state: StateCode
    date: Day
    kind: Literal["presidential", "lower", "upper", "legislative", "party", "midterm", "local"]
    what: Words
    status: Literal["scheduled", "held"] = "scheduled"
    decides_leader: Annotated[bool, Field(strict=True)]
    source: Words
    confidence: Confidence


class Value(Entry):
    """A value for the baseline that the panel lacks: a sourced fact, or an assumption with a reason."""

    layer: LayerName
    state: StateCode
    partner: StateCode | None = None
    value: Number
    source: Words | None = None
    reason: Words | None = None
    assumed_by: Words | None = None


class Size(Entry):
    """The size of a shift, drawn once per posterior draw from a normal law."""

    mean: Number
    sd: Annotated[Number, Field(ge=0)]


class Intervention(Entry):
    """What every intervention has: a name, who assumes it and why, and a source where a dated fact supports it."""

    id: Slug
    assumed_by: Words
    reason: Words
    source: Words | None = None


class Shift(Intervention):
    """Raise or lower a process: the size in the unit given, from the first to the last day."""

    operator: Literal["shift"]
    process: ProcessName
    on: Annotated[tuple[Unit, ...], Field(min_length=1)]
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    size: Size
    unit: Literal["log_hazard", "history_sd", "turnover_shift"]
    half_life: Annotated[Number | None, Field(gt=0)] = None


class Event(Intervention):
    """Something that happens with a stated chance, on a date or at some time between two dates.

    `of_baseline_leader`, for leader_exit: it can happen only to who was in office on the baseline day and still is.
    """

    operator: Literal["event"]
    process: ProcessName
    on: Annotated[tuple[Unit, ...], Field(min_length=1)]
    date: Day | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    chance: Chance
    of_baseline_leader: Annotated[bool, Field(strict=True)] = False


class Set(Intervention):
    """Hold a layer at a value, whatever the processes would do."""

    operator: Literal["set"]
    layer: LayerName
    on: Annotated[tuple[Unit, ...], Field(min_length=1)]
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    value: Number


class Clamp(Intervention):
    """Rule an event out for a time."""

    operator: Literal["clamp"]
    process: ProcessName
    on: Annotated[tuple[Unit, ...], Field(min_length=1)]
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None


OPERATORS: dict[str, type[Intervention]] = {"shift": Shift, "event": Event, "set": Set, "clamp": Clamp}
AnyIntervention = Annotated[Shift | Event | Set | Clamp, Field(discriminator="operator")]


class Branch(Entry):
    """One course of events: the interventions of the branch that it extends, then its own."""

    id: Slug
    title: Words
    summary: Words
    extends: Slug | None = None
    interventions: tuple[Slug, ...] = ()


class Scenario(Entry):
    """What is done to the world, when, by whom assumed, and what is asked."""

    id: Slug
    title: Words
    question: Words
    baseline: Day
    quarters: Annotated[int, Field(strict=True, ge=1, le=80)] = 16
    hub: StateCode
    rival: StateCode
    second_threat: StateCode | None = None
    focus: Annotated[tuple[StateCode, ...], Field(min_length=1)]
    states: Annotated[tuple[StateCode, ...], Field(min_length=2)]
    leaders: tuple[Leader, ...] = ()
    elections: tuple[Election, ...] = ()
    values: tuple[Value, ...] = ()
    interventions: tuple[AnyIntervention, ...] = ()
    branches: Annotated[tuple[Branch, ...], Field(min_length=1)]
    questions: tuple[Words, ...] = ()

    def branch(self, branch_id: str) -> Branch:
        """The branch with this id; UnknownNameError if there is none."""
        return _by_id("branch", branch_id, self.branches, self.id)

    def interventions_of(self, branch_id: str) -> tuple[Shift | Event | Set | Clamp, ...]:
        """The interventions of a branch, those of the branches it extends first, each once."""
        lineage, current = [], self.branch(branch_id)
        while True:
            lineage.append(current)
            if current.extends is None:
                break
            current = self.branch(current.extends)
        names = dict.fromkeys(name for branch in reversed(lineage) for name in branch.interventions)
        return tuple(_by_id("intervention", name, self.interventions, self.id) for name in names)


# Where a list of blocks sits -> what its items are (interventions depend on their operator).
PARTS: dict[str, type[Entry]] = {"leaders": Leader, "elections": Election, "values": Value, "branches": Branch}


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that a block of this kind may have, as written in the file."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _by_id(kind: str, name: str, entries: tuple[Any, ...], scenario: str) -> Any:
    for entry in entries:
        if entry.id == name:
            return entry
    raise UnknownNameError(kind, name, [entry.id for entry in entries], where=f"scenario '{scenario}'")
