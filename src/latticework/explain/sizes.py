"""The sizes of a scenario's assumptions: their laws, and what was drawn of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import truncnorm

from latticework.scenario.interventions import Rule, Shift
from latticework.scenario.schema import Scenario
from latticework.types import Float

QUANTILE = 1.2815515655446004  # sds from the mean of a normal law to its 90 % quantile


@dataclass(frozen=True)
class Sized:
    """An assumption whose size is drawn, with mean and sd in its `unit`; `branches` are those in which it acts.

    `low` and `high` are its 10 and 90 % quantiles in sds from the mean. `label` names the numbers behind it; `place`
    is its number among the assumptions that act on its process, -1 for one that acts on some paths only.
    """

    id: str
    process: str
    mean: float
    sd: float
    unit: str
    branches: tuple[str, ...]
    label: str
    place: int = -1
    low: float = -QUANTILE
    high: float = QUANTILE


@dataclass(frozen=True)
class Drawn:
    """A size with what was drawn of it, in sds from its mean, once per posterior draw (d)."""

    of: Sized
    normal: Float[np.ndarray, "d"]


def bounded(name: str, process: str, law: tuple[float, float, int], unit: str, branches: tuple[str, ...]) -> Sized:
    """A size with the law N(mean, sd), cut off at zero where its sign (+1, -1) is imposed."""
    mean, sd, sign = law
    if not sign:
        return Sized(name, process, mean, sd, unit, branches, name)
    edges = (-mean / sd, np.inf) if sign > 0 else (-np.inf, -mean / sd)
    left = truncnorm(*edges, loc=mean, scale=sd)
    middle, spread = float(left.mean()), float(left.std())
    low, high = ((float(left.ppf(q)) - middle) / spread for q in (0.1, 0.9))
    return Sized(name, process, middle, spread, unit, branches, name, low=low, high=high)


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
