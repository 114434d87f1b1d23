"""Explain a run: from its own paths, and from some of them played again with a part of a branch left out."""

from collections.abc import Callable, Iterator, Sequence

import jax
import numpy as np
import xarray as xr

from latticework.actions.assembling import Coefficients
from latticework.actions.tie_outlook import TieStart, tie_start, with_tie_strength
from latticework.explain import Drawn, Explanation, bounded, explained, headlines, sized, variants
from latticework.explain.variants import with_variants
from latticework.processes import MODEL
from latticework.report.results import Results
from latticework.scenario.contingency import named_key
from latticework.scenario.schema import Scenario
from latticework.simulate import normals
from latticework.types import Float, Key

PATHS = 200  # of each variant
ASSUMED = ("assumed", "published")  # origins of parameters that no record of ours decides
Simulate = Callable[[Scenario, Sequence[str], int], xr.Dataset]
Values = dict[str, dict[str, Float[np.ndarray, "_"]]]


def explain_run(results: Results, simulate: Simulate, sizes: Sequence[Drawn], seed: int) -> Explanation:
    """What drives the headlines of a run: the sizes of its assumptions, and every part of a branch.

    `simulate(scenario, branches, paths)` gives an ensemble without tie strength, on the run's own random numbers.
    """
    s, branches = results.scenario, results.branches
    asked = variants(s, branches)
    names = list(dict.fromkeys(one.id for one in asked if not one.same))
    ties = tie_start(s) if names and results.ties_measured else None
    wider, key = with_variants(s, asked), jax.random.fold_in(jax.random.key(seed), 5)
    played: Values = {}
    for share in _shares(names, len(branches)):
        ensemble = simulate(wider, share, min(PATHS, results.paths)).isel(branch=slice(len(set(share))))
        played |= _read(_measured(ensemble, ties, key), results)
    found = headlines(results.ensemble, s.focus, s.hub, s.rival, results.inputs, results.courses)
    return explained(found, branches, results.dates[-1], sizes, asked, played)


def drawn_sizes(scenario: Scenario, drawn: Coefficients, key: Key, draws: int) -> tuple[Drawn, ...]:
    """What was drawn of the size of every assumption: as `simulate.press` does from the key, and of mechanisms."""
    number = {process.name: n for n, process in enumerate(drawn.made.model(MODEL))}
    found = []
    for one in sized(scenario):
        if one.place >= 0:
            normal = normals(key, number[one.process], one.place, draws)
        else:
            normal = jax.random.normal(named_key(key, one.label), (draws,))
        found.append(Drawn(one, np.asarray(normal, np.float64)))
    return (*found, *_of_mechanisms(drawn, tuple(b.id for b in scenario.branches)))


def _of_mechanisms(drawn: Coefficients, branches: tuple[str, ...]) -> Iterator[Drawn]:
    """What was drawn of the parameters of mechanisms that are assumed; they act in every branch."""
    values = drawn.of_mechanisms()
    for name, p in drawn.made.parameters():
        if p.origin in ASSUMED and p.prior_sd > 0:
            size = bounded(name, name.split(":")[0], (p.prior_mean, p.prior_sd, p.sign), p.unit, branches)
            yield Drawn(size, (np.asarray(values[name], np.float64) - size.mean) / size.sd)


def _shares(names: Sequence[str], count: int) -> Iterator[list[str]]:
    """Variants as many at a time as the run has branches, so that its program plays them; the last share is filled."""
    for first in range(0, len(names), count):
        share = list(names[first : first + count])
        yield [*share, *[share[0]] * (count - len(share))]


def _measured(ensemble: xr.Dataset, ties: TieStart | None, key: Key) -> xr.Dataset:
    """The ensemble with the strength of ties, if the run has it."""
    return ensemble if ties is None else with_tie_strength(ensemble, ties, key)


def _read(ensemble: xr.Dataset, results: Results) -> Values:
    """The headlines of an ensemble by branch and stem."""
    s, names = results.scenario, ensemble["branch"].values.tolist()
    found = headlines(ensemble, s.focus, s.hub, s.rival, results.inputs)
    return {name: {h.stem: h.values[b] for h in found} for b, name in enumerate(names)}
