"""What the blocks of a scenario must agree on: names used exist, dates lie inside, no circle of branches.

Checks read plain data (before types are checked) and skip what is not of the right type, so that all faults of a file
are found in one reading: the wrong types are the schema's business.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from latticework.errors import LatticeworkError, suggestion
from latticework.scenario.calendar import horizon
from latticework.scenario.schema import EVERY, HAZARDS
from latticework.yaml_text import Fault, Loc

Data = dict[str, Any]
Resolve = Callable[[str], str]
MOST_QUARTERS = 80


def check(data: Data, known: Any) -> Iterator[Fault]:
    """Every fault that concerns more than one value. `known` is what the panel knows (read.Known)."""
    yield from _states(data, known.resolve)
    yield from _ids(data)
    yield from _branches(data)
    yield from _dates(data, known)
    for i, entry in blocks(data, "interventions"):
        yield from _units(("interventions", i), entry, known)
    for i, entry in blocks(data, "values"):
        yield from _value(("values", i), entry, known)


def blocks(data: Data, key: str) -> list[tuple[int, Data]]:
    """The items of a list of blocks that are blocks, with their index."""
    return [(i, item) for i, item in enumerate(_list(data.get(key))) if isinstance(item, dict)]


def _states(data: Data, resolve: Resolve) -> Iterator[Fault]:
    """Each state is listed once, and the states named elsewhere are among those listed."""
    listed = [_code(name, resolve) for name in _list(data.get("states"))]
    yield from _twice((("states", i), code) for i, code in enumerate(listed))
    focus = [_code(name, resolve) for name in _list(data.get("focus"))]
    yield from _twice((("focus", i), code) for i, code in enumerate(focus))
    named: list[tuple[Loc, str | None]] = [((key,), _code(data.get(key), resolve)) for key in ROLES]
    yield from _twice(named)
    named += [(("focus", i), code) for i, code in enumerate(focus)]
    for key in ("leaders", "elections", "values"):
        named += [((key, i, "state"), _code(entry.get("state"), resolve)) for i, entry in blocks(data, key)]
    named += [(("values", i, "partner"), _code(v.get("partner"), resolve)) for i, v in blocks(data, "values")]
    for i, entry in blocks(data, "interventions"):
        for j, unit in enumerate(_list(entry.get("on"))):
            parts = unit.split("-") if isinstance(unit, str) else []
            named += [(("interventions", i, "on", j), _code(part, resolve)) for part in parts if part != EVERY]
    complete = bool(listed) and None not in listed  # an unknown name in the list may be the very one that is missing
    for loc, code in named:
        if complete and code is not None and code not in listed:
            yield Fault(loc, f"{code} is not among the states of this scenario; add it to `states`")
    leaders = [(("leaders", i, "state"), _code(entry.get("state"), resolve)) for i, entry in blocks(data, "leaders")]
    yield from _twice(leaders, "has a leader already; a state has one effective leader")


ROLES = ("hub", "rival", "second_threat")


def _ids(data: Data) -> Iterator[Fault]:
    for key in ("interventions", "branches"):
        yield from _twice((((key, i, "id"), _word(entry.get("id"))) for i, entry in blocks(data, key)))


def _branches(data: Data) -> Iterator[Fault]:
    """Branches name interventions and branches that exist, and no branch extends itself by a detour."""
    interventions = [name for _, entry in blocks(data, "interventions") if (name := _word(entry.get("id")))]
    parents = {_word(entry.get("id")): _word(entry.get("extends")) for _, entry in blocks(data, "branches")}
    for i, entry in blocks(data, "branches"):
        names = [_word(name) for name in _list(entry.get("interventions"))]
        for j, name in enumerate(names):
            if name and name not in interventions:
                why = f"there is no intervention '{name}'. {_hint(name, interventions)}"
                yield Fault(("branches", i, "interventions", j), why)
        yield from _twice((("branches", i, "interventions", j), name) for j, name in enumerate(names))
        parent = _word(entry.get("extends"))
        if parent and parent not in parents:
            why = f"there is no branch '{parent}'. {_hint(parent, [p for p in parents if p])}"
            yield Fault(("branches", i, "extends"), why)
        elif parent and (circle := _circle(_word(entry.get("id")), parents)):
            yield Fault(("branches", i, "extends"), f"branches extend each other in a circle: {' > '.join(circle)}")


def _circle(start: str | None, parents: dict[str | None, str | None]) -> list[str]:
    """The way from a branch back to itself, or nothing."""
    way, current = [], start
    while current is not None and current not in way:
        way.append(current)
        current = parents.get(current)
    return [*way, current] if current is not None and current == start else []


def _dates(data: Data, known: Any) -> Iterator[Fault]:
    baseline, quarters = _day(data.get("baseline")), data.get("quarters", 16)
    if baseline is None:
        return
    if not known.first_date <= baseline <= known.last_date:
        why = f"{baseline} is outside the data, which reach from {known.first_date} to {known.last_date}"
        yield Fault(("baseline",), why)
    if type(quarters) is not int or not 1 <= quarters <= MOST_QUARTERS or baseline.year > date.max.year - 30:
        return
    last = horizon(baseline, quarters)
    for i, entry in blocks(data, "interventions"):
        yield from _window(("interventions", i), entry, baseline, last)
    for i, entry in blocks(data, "leaders"):
        since = _day(entry.get("since"))
        if since and since > baseline:
            yield Fault(("leaders", i, "since"), f"{since} is after the baseline {baseline}")
    for i, entry in blocks(data, "elections"):
        day, held = _day(entry.get("date")), entry.get("status") == "held"
        if day and held != (day < baseline) and entry.get("status", "scheduled") in ("held", "scheduled"):
            why = f"held on {day}, after" if held else f"scheduled for {day}, before"
            yield Fault(("elections", i, "date"), f"{why} the baseline {baseline}; check date and `status`")


def _window(loc: Loc, entry: Data, baseline: date, last: date) -> Iterator[Fault]:
    days = {key: day for key in ("date", "from", "until") if (day := _day(entry.get(key)))}
    for key, day in days.items():
        if not baseline <= day <= last:
            yield Fault((*loc, key), f"{day} is outside the horizon from {baseline} to {last}")
    if "from" in days and "until" in days and days["until"] < days["from"]:
        yield Fault((*loc, "until"), f"{days['until']} comes before `from`, {days['from']}")
    if entry.get("operator") == "event":
        if "date" in entry and ("from" in entry or "until" in entry):
            yield Fault((*loc, "date"), "an event has a `date`, or `from` and `until`, not both", at="key")
        if "date" not in entry and not ("from" in entry and "until" in entry):
            yield Fault(loc, "an event needs a `date`, or `from` and `until`")


def _units(loc: Loc, entry: Data, known: Any) -> Iterator[Fault]:
    """A process or layer of states is changed on states, one of dyads on dyads; and sizes have a unit that fits."""
    process, layer = _word(entry.get("process")), _word(entry.get("layer"))
    name = process or layer
    kind = known.processes.get(process) if process else known.layers.get(layer)
    for j, unit in enumerate(_list(entry.get("on"))):
        found = "dyad" if isinstance(unit, str) and "-" in unit else "state"
        if kind and isinstance(unit, str) and found != kind:
            example = "KOR or all" if kind == "state" else "KOR-USA or USA-all"
            yield Fault((*loc, "on", j), f"'{name}' is about a {kind} ({example}), found the {found} '{unit}'")
    if not process or process not in known.processes:
        return
    hazard, unit = process in HAZARDS, entry.get("unit")
    if unit == "turnover_shift" and hazard:
        yield Fault((*loc, "unit"), f"'{process}' is a hazard: its shift is in history_sd or log_hazard")
    if unit in ("log_hazard", "history_sd") and not hazard:
        yield Fault((*loc, "unit"), f"'{process}' is no hazard: its shift is in turnover_shift")
    if entry.get("operator") == "clamp" and not hazard:
        yield Fault((*loc, "process"), f"'{process}' is no event that could be ruled out. Possible: {_ors(HAZARDS)}.")
    if entry.get("operator") == "event" and process not in EVENTS:
        yield Fault((*loc, "process"), f"'{process}' is no event that can happen on a date. Possible: {_ors(EVENTS)}.")
    if entry.get("of_baseline_leader") and process != "leader_exit":
        yield Fault((*loc, "of_baseline_leader"), f"'{process}' is not about leaders: only leader_exit can have this")


EVENTS = ("leader_exit", "agreement_end", "dispute_onset")


def _value(loc: Loc, entry: Data, known: Any) -> Iterator[Fault]:
    kind = known.layers.get(_word(entry.get("layer")))
    if kind == "dyad" and "partner" not in entry:
        yield Fault(loc, f"'{entry['layer']}' is about a dyad: a `partner` is missing")
    if kind == "state" and "partner" in entry:
        yield Fault((*loc, "partner"), f"'{entry['layer']}' is about a state: it has no partner", at="key")
    if "source" not in entry and not ("reason" in entry and "assumed_by" in entry):
        yield Fault(loc, "a value needs a `source`, or a `reason` and who it is `assumed_by`")


def _twice(named: Iterable[tuple[Loc, str | None]], why: str = "is here twice") -> Iterator[Fault]:
    seen: set[str] = set()
    for loc, name in named:
        if name is not None and name in seen:
            yield Fault(loc, f"'{name}' {why}")
        if name is not None:
            seen.add(name)


def _hint(name: str, possible: list[str]) -> str:
    return suggestion(name, possible) if possible else "There are none yet."


def _ors(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _code(name: object, resolve: Resolve) -> str | None:
    if not isinstance(name, str):
        return None
    try:
        return resolve(name)
    except LatticeworkError:
        return None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
