"""Names: states that are listed, ids that are there once, bundles and rules that name what exists."""

from collections.abc import Iterator
from typing import Any

from latticework.scenario.checks.plain import Data, Resolve, block, blocks, code, hint, items, twice, word
from latticework.scenario.fields import EVERY
from latticework.yaml_text import Fault, Loc

ROLES = ("hub", "rival", "second_threat")
STATES = {  # keys of blocks that hold one state
    "leaders": ("state",),
    "successions": ("state",),
    "elections": ("state",),
    "crises": ("state",),
    "values": ("state", "partner"),
    "demands": ("by", "of"),
}
ONE_EACH = {
    "leaders": "has a leader already; a state has one effective leader",
    "successions": "has a succession already; put all candidates into one",
}
IDS = ("crises", "demands", "interventions", "levers", "mechanisms", "branches")
REFERS = (  # which lists of which blocks name blocks of which kind
    ("demands", "interventions", "interventions"),
    ("interventions", "then", "interventions"),
    ("levers", "interventions", "interventions"),
    ("branches", "interventions", "interventions"),
    ("branches", "levers", "levers"),
    ("branches", "demands", "demands"),
)
SINGULAR = {"interventions": "intervention", "levers": "lever", "demands": "demand"}
BUNDLES = ("branches", "levers", "demands")


def check_names(data: Data, resolve: Resolve) -> Iterator[Fault]:
    """Every fault of a name."""
    yield from _states(data, resolve)
    for key in IDS:
        yield from twice((((key, i, "id"), word(entry.get("id"))) for i, entry in blocks(data, key)))
    for key, field, kind in REFERS:
        yield from _references(data, key, field, kind)
    yield from _parents(data)
    yield from _roles(data, resolve)


def _states(data: Data, resolve: Resolve) -> Iterator[Fault]:
    """Each state is listed once, and the states named elsewhere are among those listed."""
    listed = [code(name, resolve) for name in items(data.get("states"))]
    yield from twice((("states", i), name) for i, name in enumerate(listed))
    focus: list[tuple[Loc, str | None]] = [
        (("focus", i), code(name, resolve)) for i, name in enumerate(items(data.get("focus")))
    ]
    roles: list[tuple[Loc, str | None]] = [((key,), code(data.get(key), resolve)) for key in ROLES]
    yield from twice(focus)
    yield from twice(roles)
    complete = bool(listed) and None not in listed  # an unknown name in the list may be the very one that is missing
    for loc, name in (*roles, *focus, *_named(data, resolve)):
        if complete and name is not None and name not in listed:
            yield Fault(loc, f"{name} is not among the states of this scenario; add it to `states`")
    led = {code(entry.get("state"), resolve) for _, entry in blocks(data, "leaders")}
    for i, name in enumerate(listed):
        if name is not None and name not in led:
            yield Fault(("states", i), f"{name} has no leader; add who leads it to `leaders`")
    for key, why in ONE_EACH.items():
        yield from twice((((key, i, "state"), code(e.get("state"), resolve)) for i, e in blocks(data, key)), why)


def _named(data: Data, resolve: Resolve) -> Iterator[tuple[Loc, str | None]]:
    """Every state that a block names, with its place."""
    for key, fields in STATES.items():
        for i, entry in blocks(data, key):
            yield from (((key, i, field), code(entry.get(field), resolve)) for field in fields)
    for i, entry in blocks(data, "levers"):
        yield from (
            (("levers", i, "who_pays", j), code(x, resolve)) for j, x in enumerate(items(entry.get("who_pays")))
        )
    for i, entry in blocks(data, "interventions"):
        units: list[tuple[Loc, Any]] = [
            (("interventions", i, "on", j), unit) for j, unit in enumerate(items(entry.get("on")))
        ]
        units.append((("interventions", i, "when", "on"), block(entry.get("when")).get("on")))
        for loc, unit in units:
            parts = unit.split("-") if isinstance(unit, str) else []
            yield from ((loc, code(part, resolve)) for part in parts if part != EVERY)


def _roles(data: Data, resolve: Resolve) -> Iterator[Fault]:
    """Nobody turns towards itself or asks of itself."""
    hub = code(data.get("hub"), resolve)
    for i, entry in blocks(data, "successions"):
        if hub and code(entry.get("state"), resolve) == hub:
            yield Fault(("successions", i, "state"), f"{hub} is the hub: it cannot turn towards or away from itself")
    for i, entry in blocks(data, "demands"):
        asked = code(entry.get("of"), resolve)
        if asked and code(entry.get("by"), resolve) == asked:
            yield Fault(("demands", i, "of"), f"{asked} asks this of itself")


def _references(data: Data, key: str, field: str, kind: str) -> Iterator[Fault]:
    """The names in a list are of blocks that exist, each once."""
    possible = [name for _, entry in blocks(data, kind) if (name := word(entry.get("id")))]
    for i, entry in blocks(data, key):
        names = [word(name) for name in items(entry.get(field))]
        for j, name in enumerate(names):
            if name and name not in possible:
                yield Fault((key, i, field, j), f"there is no {SINGULAR[kind]} '{name}'. {hint(name, possible)}")
        yield from twice(((key, i, field, j), name) for j, name in enumerate(names))


def _parents(data: Data) -> Iterator[Fault]:
    """A branch extends one that exists, and none extends itself by a detour."""
    parents = {word(entry.get("id")): word(entry.get("extends")) for _, entry in blocks(data, "branches")}
    for i, entry in blocks(data, "branches"):
        parent = word(entry.get("extends"))
        if parent and parent not in parents:
            why = f"there is no branch '{parent}'. {hint(parent, [p for p in parents if p])}"
            yield Fault(("branches", i, "extends"), why)
        elif parent and (circle := _circle(word(entry.get("id")), parents)):
            yield Fault(("branches", i, "extends"), f"branches extend each other in a circle: {' > '.join(circle)}")


def _circle(start: str | None, parents: dict[str | None, str | None]) -> list[str]:
    """The way from a branch back to itself, or nothing."""
    way, current = [], start
    while current is not None and current not in way:
        way.append(current)
        current = parents.get(current)
    return [*way, current] if current is not None and current == start else []


def ruled(data: Data) -> dict[str, str]:
    """The interventions that a rule names, each with a rule that does."""
    rules = [entry for _, entry in blocks(data, "interventions") if entry.get("operator") == "rule"]
    return {name: str(entry.get("id")) for entry in rules for name in items(entry.get("then")) if isinstance(name, str)}
