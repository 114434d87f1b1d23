"""The description of a user's layer: a small YAML file that says what the table is and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints, ValidationError

from latticework.data.added.cells import day_of, shown, words_of
from latticework.data.added.faults import FAULTS
from latticework.data.layer import Kind, Layer
from latticework.errors import InputError, suggestion
from latticework.yaml_text import Fault, Loc, Source, parse

LONGEST = 1 << 16  # bytes of a description
STANDARD = ("date", "year", "state", "partner", "value", "end", "source")  # columns that a layer has by itself
NEEDED = {"bool": "true or false", "int": "a whole number", "float": "a number", "finite": "a number"}
ONLY = {
    "partner": "only dyads have a partner",
    "end": "only spells have an end",
    "year": "only annual values have a year",
}

Words = Annotated[str, AfterValidator(words_of), StringConstraints(min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Day = Annotated[str, AfterValidator(day_of)]


class Description(BaseModel):
    """The keys of a description; those without a value here are needed. What they mean: docs/own-data.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    title: Words
    kind: Literal["state", "dyad"]
    unit: Words
    frequency: Literal["annual", "quarterly", "dated", "spells"]
    source: Words
    citation: Words
    licence: Words
    version: Words | None = None
    coverage: Words | None = None
    transformation: Words = "none"
    traps: tuple[Words, ...] = ()
    directed: bool = False
    value: Literal["number", "text"] = "number"
    event: bool = False
    bounds: tuple[FiniteFloat | None, FiniteFloat | None] = (None, None)
    lag: Annotated[int, Field(ge=0, le=600)] = 0
    absent: Literal["missing", "zero"] = "missing"
    until: Day | None = None
    missing: tuple[Words, ...] = ()
    leave_out: tuple[Words, ...] = ()
    columns: dict[Name, Words] = {}
    extras: dict[Name, Kind] = {}


@dataclass(frozen=True)
class Told:
    """A description that was read, and where its words stand."""

    path: Path
    given: Description
    source: Source

    def fault(self, key: str, why: str) -> InputError:
        """A mistake at a key of the description, to be raised."""
        return InputError(self.source.line(str(self.path), Fault((key,), why)))

    def layer(self, sha256: str) -> Layer:
        """The layer that it describes, made of a file with this SHA-256."""
        said: dict[str, Any] = {"version": f"file {sha256[:12]}", "coverage": "the rows of the file"}
        said |= self.given.model_dump(exclude={"columns", "missing", "leave_out"}, exclude_none=True)
        if self.given.frequency == "spells":
            said["extras"] = {"end": "date"} | said["extras"]
        return Layer(**said)


def read_description(path: Path) -> Told:
    """The description in a file; InputError with a line `FILE:LINE:COLUMN: key: fault` for each of its faults."""
    source, given = parse(_text(path), "a description", "name: port_calls", typed=False), None
    if source.data is not None:
        try:
            given = Description.model_validate(source.data)
        except ValidationError as error:
            source.faults += [_said(fault) for fault in error.errors(include_url=False)]
        else:
            source.faults += _contradictions(given)
    if source.faults or given is None:
        lines = source.lines(str(path))
        more = [f"{path}: and {len(lines) - FAULTS} more faults"] if len(lines) > FAULTS else []
        raise InputError("\n".join(lines[:FAULTS] + more))
    return Told(path, given, source)


def _text(path: Path) -> str:
    if not path.is_file():
        needed = ", ".join(k for k, field in Description.model_fields.items() if field.is_required())
        raise InputError(f"There is no description {path}. It is a YAML file with the keys {needed}.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"The description {path} cannot be read: {error.strerror}.") from error
    if len(content) > LONGEST:
        raise InputError(f"{path}:1:1: a description has at most {LONGEST} bytes, this one has {len(content)}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = content.count(b"\n", 0, error.start) + 1, error.start - content.rfind(b"\n", 0, error.start)
        raise InputError(f"{path}:{line}:{column}: this is no UTF-8 text; save the file as UTF-8") from error


def _said(fault: Any) -> Fault:
    """A fault of pydantic in our words."""
    loc: Loc = tuple(fault["loc"])
    if loc[-1:] == ("[key]",):
        why = "unknown key: a name is of small letters, digits and '_', and begins with a letter"
        return Fault(loc[:-1], why, at="key")
    found = _found(fault["input"])
    match fault["type"]:
        case "missing":
            return Fault(loc[:-1], f"the key '{loc[-1]}' is missing")
        case "extra_forbidden":
            meant = suggestion(str(loc[-1]), Description.model_fields, most=30)
            return Fault(loc, f"unknown key {shown(loc[-1])}. {meant}", at="key")
        case "literal_error":
            words = [w.strip(" '") for w in fault["ctx"]["expected"].replace(" or ", ", ").split(",")]
            return Fault(loc, f"unknown word {found}. {suggestion(str(fault['input']), words)}")
        case "string_pattern_mismatch":
            return Fault(loc, f"a name is of small letters, digits and '_' and begins with a letter, found {found}")
        case "string_type":
            return Fault(loc, f"words are needed here, found {found}")
        case "tuple_type" | "too_long" if loc == ("bounds",):
            return Fault(loc, "two numbers are needed here, the least and the greatest, as in [0, 100] or [0, null]")
        case "tuple_type":
            return Fault(loc, f"a list is needed here, as in [a, b], found {found}")
        case "dict_type":
            return Fault(loc, f"keys with values are needed here, found {found}")
        case "value_error":
            return Fault(loc, fault["msg"].removeprefix("Value error, "))
        case _:
            needed = NEEDED.get(fault["type"].partition("_")[0])
            return Fault(loc, f"{needed} is needed here, found {found}" if needed else f"{fault['msg']}, found {found}")


def _found(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return "a block of keys" if isinstance(value, dict) else "a list"
    return "nothing" if value is None else shown(value)


def _contradictions(given: Description) -> Iterator[Fault]:
    """What no single key shows: keys that do not go together."""
    low, high = given.bounds
    if given.directed and given.kind == "state":
        yield Fault(("directed",), "only dyads have a direction; the kind is 'state'")
    if low is not None and high is not None and low > high:
        yield Fault(("bounds",), f"the least value, {low:g}, is above the greatest, {high:g}")
    if given.value == "text" and given.event:
        yield Fault(("event",), "events are counted: their value is a number")
    if given.value == "text" and given.bounds != (None, None):
        yield Fault(("bounds",), "only numbers have bounds; the value is 'text'")
    for name, kind in given.extras.items():
        if name in STANDARD:
            yield Fault(("extras", name), f"'{name}' is a column that a layer has by itself")
        if name == "known" and kind != "date":
            yield Fault(("extras", name), "'known' is the day from which a row is known: a date")
    used = {"partner": given.kind == "dyad", "end": given.frequency == "spells", "year": given.frequency == "annual"}
    for name in given.columns:
        if name not in (*STANDARD, *given.extras):
            meant = suggestion(name, [*STANDARD, *given.extras])
            yield Fault(("columns", name), f"unknown key '{name}'. {meant} Others are named in `extras`.", at="key")
        elif not used.get(name, True):
            yield Fault(("columns", name), f"{ONLY[name]}; leave it out, or mend the kind or the frequency")
    if {"date", "year"} <= given.columns.keys():
        yield Fault(("columns", "year"), "either a date or a year, not both")
