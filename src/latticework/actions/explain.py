"""Explain a run: beside it, on its first paths and its random numbers, what each part of it makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import xarray as xr

from latticework.actions.tie_outlook import TieStart, tie_start, with_tie_strength
from latticework.explain import Drawn, Explanation, Paired, explained, headlines, held, sized, variants
from latticework.explain.variants import with_variants
from latticework.processes import MODEL
from latticework.report.results import Results
from latticework.scenario.contingency import named_key
from latticework.scenario.schema import Scenario
from latticework.simulate import normals
from latticework.types import Float, Key

PATHS = 500  # of each variant
HELD = 1000  # of each branch with sizes or starts held
MOST = 40  # variants: beyond these no intervention is played alone, only left out
Simulate = Callable[[Scenario, Sequence[str], int], xr.Dataset]
Values = dict[str, dict[str, Float[np.ndarray, "_"]]]


def explain_run(results: Results, simulate: Simulate, seed: int, draws: int) -> Explanation:
    """What drives the headlines of a run, with the sizes at their means, one start of ties, and parts left out.

    `simulate(scenario, branches, paths)` gives an ensemble without tie strength, on the run's own random numbers.
    """
    s, branches, key = results.scenario, results.branches, jax.random.key(seed)
    found = headlines(results.ensemble, s.focus, s.hub, s.rival, results.inputs)
    beside = _Beside(results, simulate, tie_start(s) if results.ties_measured else None, jax.random.fold_in(key, 5))
    made = variants(s, branches)
    if len({one.id for one in made}) > MOST:
        made = variants(s, branches, only=False)
    sizes = drawn_sizes(s, jax.random.fold_in(key, 2), draws)
    wider, names = with_variants(s, made), list(dict.fromkeys(one.id for one in made))
    several = len(branches) > 1
    paired = Paired(
        varied=beside.of_run(),
        at_means=beside.played(held(s), branches, HELD),
        start_held=beside.start_held(),
        variants=beside.played(wider, names, PATHS) if several else {},
    )
    return explained(found, branches, results.dates[-1], sizes, made, paired)


def drawn_sizes(scenario: Scenario, key: Key, draws: int) -> tuple[Drawn, ...]:
    """The standard normals behind the size of every assumption, as `simulate.press` draws them from the key."""
    number = {process.name: n for n, process in enumerate(MODEL)}
    found = []
    for one in sized(scenario):
        if one.place >= 0:
            normal = normals(key, number[one.process], one.place, draws)
        else:
            normal = jax.random.normal(named_key(key, one.label), (draws,))
        found.append(Drawn(one, np.asarray(normal, np.float64)))
    return tuple(found)


@dataclass(frozen=True)
class _Beside:
    """What is run beside a run."""

    results: Results
    simulate: Simulate
    ties: TieStart | None
    key: Key

    def of_run(self) -> Values:
        """The run itself, on as many of its paths as are played with something held."""
        return self.read(self.results.ensemble.isel(path=slice(HELD)))

    def start_held(self) -> Values:
        """The run's own paths with the strength of ties read off them from one start: the mean of its draws."""
        if self.ties is None:
            return {}
        start = self.ties.start
        one = replace(start, parts=np.broadcast_to(start.parts.mean(axis=0), start.parts.shape).copy()).pinned()
        few = self.results.ensemble.isel(path=slice(HELD)).drop_dims(["tie", "level"])
        return self.read(with_tie_strength(few, replace(self.ties, start=one), self.key))

    def played(self, scenario: Scenario, names: Sequence[str], paths: int) -> Values:
        """Branches of a scenario made from the run's, as many at a time as the run has, so that one program plays all.

        The last share is filled up with the first of its branches.
        """
        count, found = len(self.results.branches), {}
        paths = min(paths, self.results.paths)
        for first in range(0, len(names), count):
            share = list(names[first : first + count])
            filled = [*share, *[share[0]] * (count - len(share))]
            found |= self.read(self.measured(self.simulate(scenario, filled, paths)))
        return found

    def measured(self, ensemble: xr.Dataset) -> xr.Dataset:
        """The ensemble with the strength of ties, if the run has it."""
        return ensemble if self.ties is None else with_tie_strength(ensemble, self.ties, self.key)

    def read(self, ensemble: xr.Dataset) -> Values:
        """The headlines of an ensemble by branch and stem."""
        s = self.results.scenario
        found = headlines(ensemble, s.focus, s.hub, s.rival, self.results.inputs)
        names = ensemble["branch"].values.tolist()
        return {name: {h.stem: h.values[b] for h in found} for b, name in enumerate(names)}
