"""Rules, successions and domestic crises compiled: what they do on the paths on which they come about."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from latticework.scenario.actors import Crisis, Slowing, Succession
from latticework.scenario.calendar import Steps
from latticework.scenario.contingency import Contingency, When
from latticework.scenario.fields import EVERY
from latticework.scenario.interventions import Clamp, Condition, Event, Rule, Set, Single
from latticework.scenario.schema import Scenario
from latticework.scenario.targets import TARGETS
from latticework.scenario.units import DIRECTED, SUREST, built, mask, place, scale

WHOLE = "turnover_shift"  # a size that is the whole way, where others are per unit of time or a level
AFTER = 1.0  # years after a change of leader over which a state turns to where the new one stands


def compile_contingencies(
    scenario: Scenario, branch: str, codes: Sequence[str], grid: Steps, scales: Mapping[str, float]
) -> tuple[Contingency, ...]:
    """The rules of a branch, one per intervention that a rule names, then successions and crises of every branch."""
    chosen = {entry.id for entry in scenario.interventions_of(branch)}
    found: list[Contingency] = []
    for policy in (entry for entry in scenario.made_somewhere() if isinstance(entry, Rule)):
        for name in policy.then:
            found.append(_ruled(scenario, policy, name, policy.id in chosen, codes, grid, scales))
    for succession in scenario.successions:
        found += _succession(succession, scenario.hub, codes, grid, scales)
    for crisis in scenario.crises:
        found += _crisis(crisis, bool(scenario.mechanisms), codes, grid, scales)
    return tuple(found)


def _ruled(
    scenario: Scenario,
    policy: Rule,
    name: str,
    chosen: bool,
    codes: Sequence[str],
    grid: Steps,
    scales: Mapping[str, float],
) -> Contingency:
    """One intervention that acts while the condition of a policy holds."""
    entry = scenario.intervention(name)
    assert isinstance(entry, Single)  # the checks refuse a rule that names a rule
    day = entry.date if isinstance(entry, Event) else None
    mean, sd = _size(entry, policy, scales)
    return _contingency(
        share=_share(grid, (policy.from_, entry.from_, day), (policy.until, entry.until, day)),
        where=mask(entry.on, codes, isinstance(entry, Set) and entry.layer in DIRECTED),
        size=(mean, sd),
        falls=(0.0, 1.0 if chosen else 0.0),
        name=name,
        acts=entry.operator,
        lot="always",
        on=entry.layer if isinstance(entry, Set) else entry.process,
        when=_when(policy.when, codes),
        years=policy.for_ or np.inf,
        onset=entry.onset,
        half_life=entry.half_life,
    )


def _size(entry: Single, policy: Rule, scales: Mapping[str, float]) -> tuple[float, float]:
    """The mean and sd of what an intervention under a rule does at full strength; hazards and velocities a year."""
    match entry:
        case Event():
            return -float(np.log1p(-min(entry.chance, SUREST))) / (policy.for_ or 1.0), 0.0
        case Set():
            return entry.value, 0.0
        case Clamp():
            return 1.0, 0.0
    unit = scale(entry.process, entry.unit, scales, entry.id)
    if entry.unit == WHOLE:
        unit = unit / built(policy.for_ or 1.0, entry.onset, entry.half_life)
    return unit * entry.size.mean, unit * entry.size.sd


def _succession(
    entry: Succession, hub: str, codes: Sequence[str], grid: Steps, scales: Mapping[str, float]
) -> Iterator[Contingency]:
    """After the first change of leader one candidate is drawn, and the state turns within a year."""
    unit = scale("alignment", WHOLE, scales, f"succession in {entry.state}") / AFTER
    edges = np.cumsum([0.0, *(candidate.chance for candidate in entry.candidates)])
    for k, candidate in enumerate(entry.candidates):
        yield _contingency(
            share=np.ones(grid.count),
            where=mask((entry.state,), codes),
            size=(unit * candidate.orientation.mean, unit * candidate.orientation.sd),
            falls=(edges[k] / edges[-1], edges[k + 1] / edges[-1]),
            name=f"succession {entry.state} {candidate.name}",
            acts="shift",
            on="alignment",
            lot=f"succession {entry.state}",
            when=When("turnover", place(entry.state, codes), happened=True),
            years=AFTER,
            toward=place(hub, codes)[0],
        )


def _crisis(
    entry: Crisis, mechanisms: bool, codes: Sequence[str], grid: Steps, scales: Mapping[str, float]
) -> Iterator[Contingency]:
    """The processes that a crisis slows, on the paths on which it comes, and the layer that mechanisms read."""
    for window in _windows(entry, codes, grid):
        for slowed in entry.slows:
            on = entry.state if TARGETS[slowed.process].on == "state" else f"{entry.state}-{EVERY}"
            unit = -scale(slowed.process, slowed.unit, scales, entry.id) / _way(slowed, entry, grid)
            yield _contingency(
                where=mask((on,), codes),
                size=(unit * slowed.size.mean, abs(unit) * slowed.size.sd),
                falls=(0.0, entry.chance),
                name=f"crisis {entry.id} {slowed.process}",
                acts="shift",
                on=slowed.process,
                lot=f"crisis {entry.id}",
                **window,
            )
        if mechanisms:
            yield _contingency(
                where=mask((entry.state,), codes),
                size=(entry.depth, 0.0),
                falls=(0.0, entry.chance),
                name=f"crisis {entry.id}",
                acts="set",
                on="crisis",
                lot=f"crisis {entry.id}",
                **window,
            )


def _windows(entry: Crisis, codes: Sequence[str], grid: Steps) -> Iterator[dict[str, Any]]:
    """Its days, while the leader of the baseline is in office if it ends with that; and the time after that end."""
    share, cell = _share(grid, (entry.from_,), (entry.until,)), place(entry.state, codes)
    yield {"share": share, "when": When("incumbent", cell, above=0.5) if entry.ends_with_leader else None}
    if entry.ends_with_leader and entry.interregnum:
        after = np.concatenate([[0.0], (share[:-1] > 0).astype(float)])  # an exit within its days is known a step later
        yield {"share": after, "when": When("turnover", cell, happened=True), "years": entry.interregnum}


def _way(slowed: Slowing, entry: Crisis, grid: Steps) -> float:
    """The years over which a whole size is spread; one for a size that is not a whole way."""
    return float(grid.covered(entry.from_, entry.until).sum()) if slowed.unit == WHOLE else 1.0


def _contingency(
    share: np.ndarray, where: np.ndarray, size: tuple[float, float], falls: tuple[float, float], **rest: Any
) -> Contingency:
    """With its numbers in single precision; `rest` are the other fields."""
    (mean, sd), (low, high) = size, falls
    numbers = {"share": share, "where": where, "mean": mean, "sd": sd, "low": low, "high": high}
    return Contingency(**{name: np.asarray(x, np.float32) for name, x in numbers.items()}, **rest)


def _share(grid: Steps, firsts: tuple[date | None, ...], lasts: tuple[date | None, ...]) -> np.ndarray:
    """The part of each step (s,) that lies in several windows at once."""
    first = max((day for day in firsts if day is not None), default=None)
    last = min((day for day in lasts if day is not None), default=None)
    return np.minimum(grid.covered(first, last) / grid.dt, 1.0)


def _when(condition: Condition, codes: Sequence[str]) -> When:
    above = -np.inf if condition.above is None else condition.above
    below = np.inf if condition.below is None else condition.below
    return When(condition.layer, place(condition.on, codes), above, below, bool(condition.happened))
