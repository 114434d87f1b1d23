"""Changes of a scenario's text for one run: a path and a value, put in before the text is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from latticework.errors import InputError, suggestion
from latticework.scenario.fields import keys_of
from latticework.scenario.schema import block_at, models_in
from latticework.yaml_text import Loc, parse, plain

NAMES = ("id", "state", "process", "name", "layer")  # by which an item of a list is called, the first that it has
EXAMPLE = "--set interventions.kor-pay-more.size.mean=1.0"
MADE = "the user, on the command line"
ORIGIN = ("assumed_by", "reason", "source")


@dataclass(frozen=True)
class Change:
    """One `--set path=value`: the option as it was written, its path in steps, and its value as YAML reads it."""

    written: str
    steps: tuple[str, ...]
    value: Any


@dataclass(frozen=True)
class Changed:
    """What a change did: where in the text, and the value before it (None where nothing stood)."""

    change: Change
    loc: Loc
    before: Any


def read_change(written: str) -> Change:
    """The change that an option asks for; InputError if it is not a path, '=' and a value in YAML."""
    path, equals, text = written.partition("=")
    steps = tuple(step.strip() for step in path.split("."))
    if not equals or not all(steps):
        raise InputError(f"--set {plain(written, 80)}: write path=value, as in {EXAMPLE}.")
    source = parse(f"value: {text.strip()}", "a value", "value: 1.0")
    if source.faults or list(source.data) != ["value"]:
        why = plain(source.faults[0].message, 200) if source.faults else "it has more than one value"
        raise InputError(f"--set {plain(written, 80)}: the value cannot be read: {why}.")
    return Change(written, steps, source.data["value"])


def apply(data: Any, changes: Sequence[Change]) -> tuple[Changed, ...]:
    """Put the changes into a text's data, in place and in order; InputError says which path leads nowhere, and why.

    A block whose number was changed says who did so: the origin of a changed value is assumed, by the user.
    """
    made = tuple(_applied(data, change) for change in changes)
    for one in made:
        _own(data, one)
    return made


def told(text: str, sets: Sequence[str]) -> tuple[str, ...]:
    """What a brief says of the changes of a text: each with the value that the file has."""
    made = apply(parse(text, "a scenario", "id: asia-2025").data, [read_change(written) for written in sets])
    return tuple(
        f"changed on the command line (assumed, by the user): {plain(one.change.written, 120)}; in the file it is "
        f"{'not set' if one.before is None else plain(one.before, 60)}"
        for one in made
    )


def _applied(data: Any, change: Change) -> Changed:
    here, loc = data, ()
    for step in change.steps[:-1]:
        key = _key(here, loc, step, change, data)
        if isinstance(here, dict) and key not in here and _own_words((*loc, key), data):
            here[key] = {}
        if isinstance(here, dict) and key not in here:
            tail = ".".join(change.steps[len(loc) + 1 :])
            raise _fault(change, f"{_words(loc, data)} has no '{step}' yet: set the whole of it, with '{tail}' in it")
        here, loc = here[key], (*loc, key)
    last = _key(here, loc, change.steps[-1], change, data)
    before = here.get(last) if isinstance(here, dict) else here[last]
    here[last] = change.value
    return Changed(change, (*loc, last), before)


def _key(here: Any, loc: Loc, step: str, change: Change, data: Any) -> Any:
    """The key or index that a step of a path means."""
    if isinstance(here, dict):
        possible, last = _possible(loc, here, data), len(loc) + 1 == len(change.steps)
        new = _own_words(loc, data) and (last or not possible)
        if step not in here and step not in possible and not new:
            raise _fault(change, f"{_words(loc, data)} has no key '{step}'. {suggestion(step, possible, most=30)}")
        return step
    if isinstance(here, list):
        return _index(here, loc, step, change, data)
    raise _fault(change, f"{_words(loc, data)} is the value '{plain(here, 40)}' and has nothing in it called '{step}'")


def _possible(loc: Loc, here: dict[str, Any], data: Any) -> tuple[str, ...]:
    """The keys that a block may have; those that it has where they are free, as parameters are."""
    field = _field(loc, data)
    known = field is None or models_in(field.annotation)
    return tuple(here) if _own_words(loc, data) or not known else keys_of(block_at(loc, data))


def _own_words(loc: Loc, data: Any) -> bool:
    """Whether a block has no keys of the language, as parameters have not: what they may be is checked later."""
    field = _field(loc, data)
    return field is not None and "dict[" in str(field.annotation)


def _field(loc: Loc, data: Any) -> FieldInfo | None:
    """What the language says of the key at a place; None for the whole file, an item of a list or an unknown key."""
    if not loc or not isinstance(loc[-1], str):
        return None
    fields = block_at(loc[:-1], data).model_fields.items()
    return next((f for n, f in fields if loc[-1] in (n, f.alias)), None)


def _index(here: list[Any], loc: Loc, step: str, change: Change, data: Any) -> int:
    """The place of an item of a list, called by its id, its state or its number from 0."""
    called = [next((str(i[n]) for n in NAMES if n in i), "") if isinstance(i, dict) else "" for i in here]
    found = [i for i, name in enumerate(called) if name == step]
    if len(found) == 1:
        return found[0]
    if step.isdigit() and int(step) < len(here):
        return int(step)
    numbers = f"a number from 0 to {len(here) - 1}" if here else "nothing: it is empty"
    if found:
        raise _fault(change, f"{_words(loc, data)} has {len(found)} items '{step}'. Possible: {numbers}")
    named = suggestion(step, sorted(set(filter(None, called))), most=30).rstrip(".") if any(called) else "Possible"
    raise _fault(
        change, f"{_words(loc, data)} has no item '{step}'. {named}{', or ' if any(called) else ': '}{numbers}"
    )


def _own(data: Any, made: Changed) -> None:
    """Write into the block around a change that the user made it; words about an origin stay as they were set."""
    if made.loc[-1] in ORIGIN:
        return
    block = next((b for b in _around(data, made.loc) if any(key in b for key in ORIGIN)), None)
    if block is None:
        return
    where, was = ".".join(made.change.steps), "nothing" if made.before is None else plain(made.before, 60)
    told = f"Set on the command line: {where} = {plain(made.change.value, 60)} (in the file: {was})."
    if "assumed_by" in block:
        block["assumed_by"] = block["assumed_by"] if MADE in str(block["assumed_by"]) else MADE
        block["reason"] = f"{told} {block.get('reason') or ''}".strip()
    elif made.loc[0] == "values":  # a fact no longer: the source does not say this value
        block.pop("source", None)
        block |= {"assumed_by": MADE, "reason": told}
    else:
        block["source"] = f"{told} {block['source']}"


def _around(data: Any, loc: Loc) -> list[dict[str, Any]]:
    """The blocks around a place, the closest first."""
    blocks = []
    for step in loc:
        blocks += [data] if isinstance(data, dict) else []
        data = data[step]
    return blocks[:0:-1]


def _words(loc: Loc, data: Any) -> str:
    """A place in words, the items of lists by their names."""
    words = []
    for step in loc:
        data = data[step]
        name = next((data[n] for n in NAMES if n in data), step) if isinstance(data, dict) else step
        words.append(str(name if isinstance(step, int) else step))
    return f"'{'.'.join(words)}'" if words else "a scenario"


def _fault(change: Change, why: str) -> InputError:
    return InputError(f"--set {plain(change.written, 80)}: {why.rstrip('.')}{'' if why.endswith('?') else '.'}")
