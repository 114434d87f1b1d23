"""What a scenario assumes, who says so and why, and on which numbers it acts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from latticework.explain.variants import LAYER_PROCESS
from latticework.report.numbers import chance, number
from latticework.scenario.rules import AFTER
from latticework.scenario.schema import (
    EVERY,
    AnyIntervention,
    Clamp,
    Condition,
    Crisis,
    Demand,
    Event,
    Rule,
    Scenario,
    Set,
    Size,
    Succession,
)
from latticework.scenario.targets import TARGETS

UNIT_WORDS = {
    "history_sd": "of the usual difference between states",
    "turnover_shift": "of a usual shift after a change of leader",
    "log_hazard": "on the log hazard",
    "log_rate": "on the log rate",
    "log_odds": "on the log odds",
    "per_year": "a year",
}


@dataclass(frozen=True)
class Assumption:
    """One thing that is assumed: on what, how much (in units of history), when, by whom, why, on what source."""

    id: str
    branches: tuple[str, ...]
    acts: str
    on: str
    when: str
    size: str
    assumed_by: str
    reason: str
    source: str


def assumptions(scenario: Scenario, branches: tuple[str, ...]) -> tuple[Assumption, ...]:
    """All that is assumed in one of the branches.

    First every intervention that one of them makes or makes under a rule, then demands, successions and crises, then
    every start value that nobody observed.
    """
    made = {b: dict(acting(scenario, b)) for b in branches}
    found = []
    for entry in scenario.interventions:
        where = tuple(b for b in branches if entry.id in made[b])
        if where:
            found.append(_of(entry, where, made[where[0]][entry.id]))
    for demand in scenario.demands:
        where = tuple(b for b in branches if demand in scenario.demands_of(b))
        found += _demand(demand, where) if where else ()
    for succession in scenario.successions:
        found += _succession(succession, branches)
    for crisis in scenario.crises:
        found += _crisis(crisis, bool(scenario.mechanisms), branches)
    for v in (value for value in scenario.values if value.source is None):
        pair = f"{v.state}-{v.partner}" if v.partner else v.state
        text = (v.layer.replace("_", " "), pair, "at the start", number(v.value))
        found.append(
            Assumption(f"{v.layer}-{v.state}".lower(), branches, *text, v.assumed_by or "", v.reason or "", "")
        )
    return tuple(found)


def acting(scenario: Scenario, branch: str) -> Iterator[tuple[str, Rule | None]]:
    """The ids of the interventions that act in a branch, each with the rule under which it acts, if there is one."""
    for entry in scenario.interventions_of(branch):
        yield entry.id, None
        if isinstance(entry, Rule):
            yield from ((name, entry) for name in entry.then)


def acts_on(scenario: Scenario) -> Callable[[str, str, tuple[str, str]], bool]:
    """Whether an assumption of a branch acts directly on a process of a state or dyad: f(branch, process, unit)."""

    @cache
    def targets(branch: str) -> dict[str, list[frozenset[str]]]:
        found: dict[str, list[frozenset[str]]] = {}
        for process, units in _targets(scenario, branch):
            found.setdefault(process, []).extend(frozenset(unit.split("-")) for unit in units)
        return found

    def acts(branch: str, process: str, unit: tuple[str, str]) -> bool:
        ends = {code for code in unit if code}
        return any(_covers(target, ends, process) for target in targets(branch).get(process, ()))

    return acts


def _targets(scenario: Scenario, branch: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each process that something in a branch acts on, with the states or dyads."""
    for name, _ in acting(scenario, branch):
        entry = scenario.intervention(name)
        if isinstance(entry, Set):
            yield LAYER_PROCESS.get(entry.layer, ""), entry.on
        elif not isinstance(entry, Rule):
            yield entry.process, entry.on
    yield from (("alignment", (succession.state,)) for succession in scenario.successions)
    yield from ((slowed.process, (_slowed_on(c, slowed.process),)) for c in scenario.crises for slowed in c.slows)


def _covers(target: frozenset[str], ends: set[str], process: str) -> bool:
    """Whether a target (KOR; KOR-USA; USA-all) covers a unit; a shift of one state's alignment moves its distances."""
    named = set(target) - {EVERY}
    if process == "alignment":
        return bool(named & ends) or not named
    return named == ends or (EVERY in target and named <= ends)


def _of(entry: AnyIntervention, branches: tuple[str, ...], rule: Rule | None) -> Assumption:
    match entry:
        case Rule():
            acts, on, when = "rule", entry.when.on, _while(entry)
        case Set():
            acts, on, when = entry.layer, ", ".join(entry.on), _when(entry)
        case _:
            acts, on, when = entry.process, ", ".join(entry.on), _when(entry)
    if rule is not None:
        when = f"{when}, under {rule.id}"
    text = (acts.replace("_", " "), on, when, _size(entry))
    return Assumption(entry.id, branches, *text, entry.assumed_by, entry.reason, entry.source or "")


def _demand(entry: Demand, branches: tuple[str, ...]) -> Iterator[Assumption]:
    """What is asked, where it has a sum; a demand without one acts through its interventions alone."""
    if entry.amount and entry.agreed and entry.agreed.value:
        size = f"{number(entry.amount.value / entry.agreed.value)} times what is agreed"
        when = f"from {entry.from_} on" if entry.from_ else "from the start"
        said = (entry.assumed_by, entry.reason, entry.source or "")
        yield Assumption(entry.id, branches, "demand", entry.of, when, size, *said)


def _succession(entry: Succession, branches: tuple[str, ...]) -> Iterator[Assumption]:
    for candidate in entry.candidates:
        size = f"{_law(candidate.orientation, 'turnover_shift')}, towards the hub"
        when = f"within {number(AFTER)} year of the first change of leader, with chance {chance(candidate.chance)}"
        yield Assumption(
            f"{entry.state}: {candidate.name}",
            branches,
            "alignment",
            entry.state,
            when,
            size,
            candidate.assumed_by,
            candidate.reason,
            candidate.source or "",
        )


def _crisis(entry: Crisis, mechanisms: bool, branches: tuple[str, ...]) -> Iterator[Assumption]:
    end = f"to {entry.until}" + (", or with the leader of the baseline day" if entry.ends_with_leader else "")
    end += f" and {number(entry.interregnum)} years" if entry.interregnum else ""
    when, who = f"from {entry.from_} {end}, with chance {chance(entry.chance)}", (entry.assumed_by, entry.reason)
    told = [("crisis", entry.state, f"held at {number(entry.depth)}")] if mechanisms else []
    for slowed in entry.slows:
        size = f"slowed by {_law(slowed.size, slowed.unit)}"
        told.append((slowed.process.replace("_", " "), _slowed_on(entry, slowed.process), size))
    for acts, on, size in told:
        yield Assumption(entry.id, branches, acts, on, when, size, *who, entry.source or "")


def _slowed_on(crisis: Crisis, process: str) -> str:
    return crisis.state if TARGETS[process].on == "state" else f"{crisis.state}-{EVERY}"


def _when(entry: AnyIntervention) -> str:
    if isinstance(entry, Event) and entry.date is not None:
        return f"on {entry.date}"
    begin = f"from {entry.from_}" if entry.from_ else "from the start"
    return f"{begin} to {entry.until}" if entry.until else f"{begin} on"


def _while(rule: Rule) -> str:
    """When a rule makes its interventions act."""
    limit = f", for {number(rule.for_)} years at most" if rule.for_ else ""
    return f"{_when(rule)}, {condition(rule.when)}{limit}"


def condition(when: Condition) -> str:
    """A condition in words."""
    what = f"{when.layer.replace('_', ' ')} of {when.on}"
    if when.happened:
        return f"once there has been a {what}"
    bounds = [f"{word} {number(b)}" for word, b in (("above", when.above), ("below", when.below)) if b is not None]
    return f"while {what} is {' and '.join(bounds)}"


def _size(entry: AnyIntervention) -> str:
    match entry:
        case Rule():
            return f"makes {', '.join(entry.then)} act"
        case Event():
            does = f"happens with chance {chance(entry.chance)}"
        case Set():
            does = f"held at {number(entry.value)}"
        case Clamp():
            does = "ruled out"
        case _:
            does = _law(entry.size, entry.unit)
    onset = f", building up over {number(entry.onset)} years" if entry.onset else ""
    fading = f", halving every {number(entry.half_life)} years" if entry.half_life else ""
    return f"{does}{onset}{fading}"


def _law(size: Size, unit: str) -> str:
    return f"{number(size.mean, sign=True)} ± {number(size.sd)} {UNIT_WORDS[unit]}"
