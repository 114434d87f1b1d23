"""The sizes of a scenario's assumptions: their laws, and the standard normals that were drawn for them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from latticework.scenario.interventions import Rule, Shift
from latticework.scenario.schema import Scenario
from latticework.types import Float


@dataclass(frozen=True)
class Sized:
    """An assumption whose size is drawn N(mean, sd) in its `unit`; `label` names its normals, `branches` where it acts.

    `place` is its number among the assumptions that act on its process, -1 for one that acts on some paths only.
    """

    id: str
    process: str
    mean: float
    sd: float
    unit: str
    branches: tuple[str, ...]
    label: str
    place: int = -1


@dataclass(frozen=True)
class Drawn:
    """A size with what was drawn for it: size = mean + sd * normal, once per posterior draw (d)."""

    of: Sized
    normal: Float[np.ndarray, "d"]


def sized(scenario: Scenario) -> tuple[Sized, ...]:
    """Every assumption of a scenario whose size is not certain."""
    found = [*_shifts(scenario), *_ruled(scenario), *_everywhere(scenario)]
    return tuple(one for one in found if one.sd > 0)


def _shifts(scenario: Scenario) -> Iterator[Sized]:
    made = {b.id: {entry.id for entry in scenario.interventions_of(b.id)} for b in scenario.branches}
    places: dict[str, int] = {}
    for entry in (entry for entry in scenario.made_somewhere() if isinstance(entry, Shift)):
        place = places.setdefault(entry.process, 0)
        places[entry.process] += 1
        where = tuple(b for b in made if entry.id in made[b])
        yield Sized(entry.id, entry.process, entry.size.mean, entry.size.sd, entry.unit, where, entry.id, place)


def _ruled(scenario: Scenario) -> Iterator[Sized]:
    for policy in (entry for entry in scenario.made_somewhere() if isinstance(entry, Rule)):
        where = tuple(b.id for b in scenario.branches if policy in scenario.interventions_of(b.id))
        for entry in map(scenario.intervention, policy.then):
            if isinstance(entry, Shift):
                name, size = f"{entry.id} under {policy.id}", entry.size
                yield Sized(name, entry.process, size.mean, size.sd, entry.unit, where, entry.id)


def _everywhere(scenario: Scenario) -> Iterator[Sized]:
    """Successions and crises, which act in every branch."""
    where = tuple(b.id for b in scenario.branches)
    for succession in scenario.successions:
        for who in succession.candidates:
            name, size = f"succession {succession.state} {who.name}", who.orientation
            yield Sized(name, "alignment", size.mean, size.sd, "turnover_shift", where, name)
    for crisis in scenario.crises:
        for slowed in crisis.slows:
            name, size = f"crisis {crisis.id} {slowed.process}", slowed.size
            yield Sized(name, slowed.process, size.mean, size.sd, slowed.unit, where, name)
