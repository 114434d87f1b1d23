"""What acts on what: sizes in units that fit their process, conditions that can hold, chances that sum to one."""

from collections.abc import Iterator
from math import fsum
from typing import Any

from latticework.scenario.checks.names import BUNDLES, ruled
from latticework.scenario.checks.plain import Data, block, blocks, items, number, word
from latticework.scenario.fields import EVERY
from latticework.scenario.targets import EVENT_LAYERS, LEVELS, TARGETS
from latticework.yaml_text import Fault, Loc

ROUNDING = 1e-6
HAPPEN = [name for name, target in TARGETS.items() if target.can_happen]
RULED_OUT = [name for name, target in TARGETS.items() if target.can_be_ruled_out]
WHOLE = "turnover_shift"
A_KIND = {"state": "KOR or all", "dyad": "KOR-USA or USA-all"}


def check_acts(data: Data, known: Any) -> Iterator[Fault]:
    """Every fault of what acts on what."""
    for i, entry in blocks(data, "interventions"):
        yield from _intervention(("interventions", i), entry, known)
    yield from _rules(data, known)
    for i, crisis in blocks(data, "crises"):
        for j, slowed in blocks(crisis, "slows"):
            yield from _size(("crises", i, "slows", j), slowed)
    for i, succession in blocks(data, "successions"):
        yield from _chances(("successions", i, "candidates"), succession)
    for i, entry in blocks(data, "values"):
        yield from _value(("values", i), entry, known)
    for i, lever in blocks(data, "levers"):
        low, high = (number(block(lever.get("cost")).get(end)) for end in ("low", "high"))
        if low is not None and high is not None and low > high:
            yield Fault(("levers", i, "cost", "low"), f"{low:g} is more than `high`, {high:g}")


def _intervention(loc: Loc, entry: Data, known: Any) -> Iterator[Fault]:
    """A process or layer of states is changed on states, one of dyads on dyads; and the operator fits the process."""
    process, layer = word(entry.get("process")), word(entry.get("layer"))
    kind = known.processes.get(process) if process else known.layers.get(layer)
    for j, unit in enumerate(items(entry.get("on"))):
        yield from _kind((*loc, "on", j), process or layer, kind, unit)
    yield from _size(loc, entry)
    yield from _part(loc, entry, known)
    if process not in TARGETS:
        return
    if entry.get("operator") == "clamp" and process not in RULED_OUT:
        why = f"'{process}' is no event that could be ruled out. Possible: {', '.join(RULED_OUT)}."
        yield Fault((*loc, "process"), why)
    if entry.get("operator") == "event" and process not in HAPPEN:
        why = f"'{process}' is no event that can happen on a date. Possible: {', '.join(HAPPEN)}."
        yield Fault((*loc, "process"), why)
    if entry.get("of_baseline_leader") and process != "leader_exit":
        yield Fault((*loc, "of_baseline_leader"), f"'{process}' is not about leaders: only leader_exit can have this")


def _part(loc: Loc, entry: Data, known: Any) -> Iterator[Fault]:
    """What is yes or no is held whole: it neither builds up nor fades."""
    layer = word(entry.get("layer"))
    if layer in known.layers and layer not in (*LEVELS, *known.signals):
        for key in (key for key in ("onset", "half_life") if key in entry):
            why = f"'{layer}' is no level that could be held a part of the way. Possible: {', '.join(LEVELS)}, signals."
            yield Fault((*loc, key), why, at="key")


def _kind(loc: Loc, name: str | None, kind: str | None, unit: object) -> Iterator[Fault]:
    found = "dyad" if isinstance(unit, str) and "-" in unit else "state"
    if kind and isinstance(unit, str) and found != kind:
        yield Fault(loc, f"'{name}' is about a {kind} ({A_KIND[kind]}), found the {found} '{unit}'")


def _size(loc: Loc, entry: Data) -> Iterator[Fault]:
    """The unit of a size is one of its process."""
    process, unit = word(entry.get("process")), word(entry.get("unit"))
    if process in TARGETS and unit and unit not in TARGETS[process].units:
        target = TARGETS[process]
        why = f"'{process}' is a {target.law}: its size is in {' or '.join(target.units)}, not in {unit}"
        yield Fault((*loc, "unit"), why)


def _rules(data: Data, known: Any) -> Iterator[Fault]:
    """A rule has a condition that can hold, and names interventions that can act under it and act nowhere else."""
    by_id = {word(entry.get("id")): entry for _, entry in blocks(data, "interventions")}
    for i, rule in blocks(data, "interventions"):
        if rule.get("operator") != "rule":
            continue
        yield from _condition(("interventions", i, "when"), block(rule.get("when")), known)
        for j, name in enumerate(items(rule.get("then"))):
            entry = by_id.get(word(name)) or {}
            if why := _not_under_a_rule(entry, "for" in rule):
                yield Fault(("interventions", i, "then", j), f"'{name}' {why}")
    under = ruled(data)
    for key in BUNDLES:
        for i, bundle in blocks(data, key):
            for j, name in enumerate(items(bundle.get("interventions"))):
                if word(name) in under:
                    why = f"'{name}' acts under the rule '{under[name]}': name the rule here, not what it does"
                    yield Fault((key, i, "interventions", j), why)


def _not_under_a_rule(entry: Data, limited: bool) -> str:
    """Why an intervention cannot act under a rule; nothing if it can."""
    if entry.get("operator") == "rule":
        return "is a rule; a rule names interventions that act by themselves"
    if entry.get("of_baseline_leader"):
        return "is of the baseline's leader only, which no rule can tell"
    if limited:
        return ""
    if entry.get("operator") == "event":
        return "has a chance, so the rule needs `for`: the years within which it comes"
    if entry.get("unit") == WHOLE:
        return "is a whole shift, so the rule needs `for`: the years over which it is spread"
    return ""


def _condition(loc: Loc, when: Data, known: Any) -> Iterator[Fault]:
    layer, unit = word(when.get("layer")), word(when.get("on"))
    yield from _kind((*loc, "on"), layer, known.layers.get(layer), unit)
    if unit and EVERY in unit.split("-"):
        yield Fault((*loc, "on"), "a condition is about one state or one dyad, not all")
    bounds = [key for key in ("above", "below") if key in when]
    if when and not bounds and "happened" not in when:
        yield Fault(loc, "a condition needs `above`, `below` or `happened`")
    if bounds and "happened" in when:
        yield Fault((*loc, bounds[0]), "a condition has `happened`, or `above` and `below`, not both", at="key")
    if "happened" in when and layer in known.layers and layer not in EVENT_LAYERS:
        why = f"'{layer}' is no event that could have happened. Possible: {', '.join(sorted(EVENT_LAYERS))}."
        yield Fault((*loc, "layer"), why)
    above, below = number(when.get("above")), number(when.get("below"))
    if above is not None and below is not None and above >= below:
        yield Fault((*loc, "above"), f"nothing is above {above:g} and below {below:g}")


def _chances(loc: Loc, succession: Data) -> Iterator[Fault]:
    found = items(succession.get("candidates"))
    chances = [number(entry.get("chance")) for entry in found if isinstance(entry, dict)]
    told = [chance for chance in chances if chance is not None]
    if found and len(told) == len(found) and abs(fsum(told) - 1) > ROUNDING:
        yield Fault(loc, f"the chances of the candidates sum to {fsum(told):.6g}, not to 1")


def _value(loc: Loc, entry: Data, known: Any) -> Iterator[Fault]:
    kind = known.layers.get(word(entry.get("layer")))
    if kind == "dyad" and "partner" not in entry:
        yield Fault(loc, f"'{entry['layer']}' is about a dyad: a `partner` is missing")
    if kind == "state" and "partner" in entry:
        yield Fault((*loc, "partner"), f"'{entry['layer']}' is about a state: it has no partner", at="key")
    if "source" not in entry and not ("reason" in entry and "assumed_by" in entry):
        yield Fault(loc, "a value needs a `source`, or a `reason` and who it is `assumed_by`")
