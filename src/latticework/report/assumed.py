"""What a scenario assumes, who says so and why, and on which numbers it acts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from latticework.report.numbers import chance, number
from latticework.scenario.schema import EVERY, Clamp, Event, Scenario, Set, Shift

LAYER_PROCESS = {
    "troops": "troop_change",
    "ideal_point": "alignment",
    "defence": "agreement_end",
    "agreement": "agreement_end",
    "dispute": "dispute_onset",
    "turnover": "leader_exit",
    "tenure": "leader_exit",
}
UNIT_WORDS = {
    "history_sd": "of the usual difference between states",
    "turnover_shift": "of a usual shift after a change of leader",
    "log_hazard": "on the log hazard",
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
    """Every intervention that one of the branches makes, then every start value that nobody observed."""
    chosen = {b: {entry.id for entry in scenario.interventions_of(b)} for b in branches}
    made = [
        _of(entry, tuple(b for b in branches if entry.id in chosen[b]))
        for entry in scenario.interventions
        if any(entry.id in ids for ids in chosen.values())
    ]
    given = [
        Assumption(
            f"{v.layer}-{v.state}".lower(),
            branches,
            v.layer.replace("_", " "),
            _pair(v.state, v.partner),
            "at the start",
            number(v.value),
            v.assumed_by or "",
            v.reason or "",
            "",
        )
        for v in scenario.values
        if v.source is None
    ]
    return (*made, *given)


def acts_on(scenario: Scenario) -> Callable[[str, str, tuple[str, str]], bool]:
    """Whether an intervention of a branch acts directly on a process of a state or dyad: f(branch, process, unit)."""

    @cache
    def targets(branch: str) -> dict[str, list[frozenset[str]]]:
        found: dict[str, list[frozenset[str]]] = {}
        for entry in scenario.interventions_of(branch):
            process = LAYER_PROCESS.get(entry.layer, "") if isinstance(entry, Set) else entry.process
            found.setdefault(process, []).extend(frozenset(unit.split("-")) for unit in entry.on)
        return found

    def acts(branch: str, process: str, unit: tuple[str, str]) -> bool:
        ends = {code for code in unit if code}
        return any(_covers(target, ends, process) for target in targets(branch).get(process, ()))

    return acts


def _covers(target: frozenset[str], ends: set[str], process: str) -> bool:
    """Whether a target (KOR; KOR-USA; USA-all) covers a unit; a shift of one state's alignment moves its distances."""
    named = set(target) - {EVERY}
    if process == "alignment":
        return bool(named & ends) or not named
    return named == ends or (EVERY in target and named <= ends)


def _pair(state: str, partner: str | None) -> str:
    return f"{state}-{partner}" if partner else state


def _of(entry: Shift | Event | Set | Clamp, branches: tuple[str, ...]) -> Assumption:
    process = entry.layer if isinstance(entry, Set) else entry.process
    when = _when(entry)
    return Assumption(
        entry.id,
        branches,
        process.replace("_", " "),
        ", ".join(entry.on),
        when,
        _size(entry),
        entry.assumed_by,
        entry.reason,
        entry.source or "",
    )


def _when(entry: Shift | Event | Set | Clamp) -> str:
    if isinstance(entry, Event) and entry.date is not None:
        return f"on {entry.date}"
    begin = f"from {entry.from_}" if entry.from_ else "from the start"
    return f"{begin} to {entry.until}" if entry.until else f"{begin} on"


def _size(entry: Shift | Event | Set | Clamp) -> str:
    match entry:
        case Event():
            return f"happens with chance {chance(entry.chance)}"
        case Set():
            return f"held at {number(entry.value)}"
        case Clamp():
            return "ruled out"
    fading = f", halving every {number(entry.half_life)} years" if entry.half_life else ""
    return f"{number(entry.size.mean, sign=True)} ± {number(entry.size.sd)} {UNIT_WORDS[entry.unit]}{fading}"
