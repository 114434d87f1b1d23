"""The types of the values of a scenario file: days, chances, sizes, names of states, layers and processes."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from latticework.errors import LatticeworkError, suggestion
from latticework.scenario.targets import TARGETS

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
Money = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e15)]
Years = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=100)]
Chance = Annotated[float, Field(strict=True, ge=0, le=1)]
Flag = Annotated[bool, Field(strict=True)]
Currency = Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")]
PriceYear = Annotated[int, Field(strict=True, ge=1900, le=2100)]
StateCode = Annotated[str, Field(strict=True), AfterValidator(_state)]
Unit = Annotated[str, Field(strict=True), AfterValidator(_unit)]
Units = Annotated[tuple[Unit, ...], Field(min_length=1)]
LayerName = Annotated[str, Field(strict=True), _named("layer", "layers")]
ProcessName = Annotated[
    str, Field(strict=True, json_schema_extra={"enum": list(TARGETS)}), _named("process", "processes")
]
SizeUnit = Literal["history_sd", "turnover_shift", "log_hazard", "log_rate", "log_odds", "per_year"]
Confidence = Literal["high", "medium", "low"]


class Entry(BaseModel):
    """A block of the file: unknown keys are refused and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


class Size(Entry):
    """How far something is pushed: drawn from a normal law, once per draw of the parameters."""

    mean: Number
    """the middle of the law"""
    sd: Annotated[Number, Field(ge=0)]
    """its width, 0 or more"""


class Assumed(Entry):
    """What somebody assumes: who, why, and a dated fact that supports it."""

    assumed_by: Words
    """who assumes it"""
    reason: Words
    """why, in plain words"""
    source: Words | None = None
    """a dated fact that supports it (may be left out)"""


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that a block of this kind may have, as written in the file."""
    return tuple(field.alias or name for name, field in model.model_fields.items())
