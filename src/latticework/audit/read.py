"""Reading a claims file: text in, checked Claims out, or every fault at once with its line and column."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from latticework.audit.evidence import Fact
from latticework.audit.family import FAMILY
from latticework.audit.schema import Claim, Claims
from latticework.errors import ScenarioError, suggestion
from latticework.scenario.faults import Kind, faults
from latticework.scenario.fields import Entry
from latticework.yaml_text import Fault, Loc, Source, parse, plain

PARTS: dict[str, type[Entry]] = {"facts": Fact, "claims": Claim}
DAYS = ("on", "since", "until", "first", "peak_from")


@dataclass(frozen=True)
class Known:
    """What a claims file may name.

    `resolve` turns a state's name into its ISO3 code or raises UnknownNameError; `layers` are those of the panel with
    what they are about, `dense` those of its yearly tables.
    """

    resolve: Callable[[str], str]
    layers: Mapping[str, str]
    dense: Mapping[str, str]


def read_claims(text: str, name: str, known: Known) -> Claims:
    """The claims in a text; `name` is the file as the reader knows it.

    Raises ScenarioError whose message has one line per fault: `file:line:column: path: what was found, what is
    possible`.
    """
    source = parse(text, "a claims file", "id: asia-2025")
    claims = None
    if source.data is not None:
        try:
            claims = Claims.model_validate(source.data, context=known)
        except ValidationError as error:
            source.faults.extend(faults(error, source, KIND))
        source.faults.extend(_checks(source))
    if source.faults or claims is None:
        raise ScenarioError("\n".join(source.lines(name)))
    return claims


def _plain_loc(loc: Loc) -> Loc:
    """Pydantic's path without the word of the test that it inserts after the index of a test."""
    if len(loc) > 4 and loc[0] == "claims" and loc[2] == "tests" and loc[4] in FAMILY:
        return (*loc[:4], *loc[5:])
    return loc


def _block_at(loc: Loc, source: Source) -> type[BaseModel]:
    """The kind of block at a path."""
    if loc[:1] == ("claims",) and loc[2:3] == ("tests",) and len(loc) > 3:
        entry = source.value(loc[:4])
        kind: type[BaseModel] = FAMILY.get(str(entry.get("test")), Claim) if isinstance(entry, dict) else Claim
        for step in loc[4:]:  # a block inside the test
            kind = next((a for a in _inner(kind, step)), kind)
        return kind
    return PARTS.get(str(loc[0]), Claims) if loc else Claims


def _inner(kind: type[BaseModel], key: str | int) -> Iterator[type[BaseModel]]:
    field = kind.model_fields.get(str(key))
    for option in getattr(field and field.annotation, "__args__", ()):
        if isinstance(option, type) and issubclass(option, BaseModel):
            yield option


def _checks(source: Source) -> Iterator[Fault]:
    """What only the whole file can tell: ids that are there twice, facts that are not, days after that of the text."""
    data, dated = source.data, _date(source.data.get("dated"))
    facts = _blocks(data.get("facts"))
    yield from _twice(facts, "facts", "fact")
    yield from _twice(_blocks(data.get("claims")), "claims", "claim")
    for i, fact in facts:
        yield from _late(("facts", i, "date"), fact.get("date"), dated)
    names = [str(fact.get("id")) for _, fact in facts]
    for c, claim in _blocks(data.get("claims")):
        tests = list(_blocks(claim.get("tests")))
        if tests and all(test.get("premise") is True for _, test in tests):
            yield Fault(("claims", c, "tests"), "every test is a premise; one at least must bear on the claim itself")
        for t, test in tests:
            loc, kind = ("claims", c, "tests", t), FAMILY.get(str(test.get("test")))
            if isinstance(test.get("fact"), str) and test["fact"] not in names:
                yield Fault(
                    (*loc, "fact"), f"there is no fact '{test['fact']}' here. {suggestion(test['fact'], names)}"
                )
            if kind and kind.past and test.get("test") != "dated_fact":
                for key in DAYS:
                    yield from _late((*loc, key), test.get(key), dated)


def _late(loc: Loc, value: object, dated: date | None) -> Iterator[Fault]:
    day = _date(value)
    if day and dated and day > dated:
        yield Fault(loc, f"{day} is after {dated}, the day of the text: only what was known on it may be used")


def _twice(entries: Any, where: str, kind: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, entry in entries:
        name = str(entry.get("id")).casefold()
        if name in seen and isinstance(entry.get("id"), str):
            yield Fault((where, i, "id"), f"another {kind} has the id '{plain(entry['id'], 40)}'")
        seen.add(name)


def _blocks(entries: object) -> list[tuple[int, dict[str, Any]]]:
    return [(i, e) for i, e in enumerate(entries) if isinstance(e, dict)] if isinstance(entries, list) else []


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


KIND = Kind("test", FAMILY, _plain_loc, _block_at, lambda loc: "an id is of letters, digits and '-'")
