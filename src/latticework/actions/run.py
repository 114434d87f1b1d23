"""Run a scenario: from its files to an ensemble of futures, a brief and a folder that says how it was made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from latticework import __version__
from latticework.actions.opening import Opening, check_leaders, opening
from latticework.actions.posterior import load_posterior
from latticework.actions.scenarios import find_scenario
from latticework.data import layers, panel_sha256
from latticework.ensemble import assemble, kept
from latticework.errors import InputError, UnknownNameError
from latticework.fit import Posterior
from latticework.processes import MODEL
from latticework.report.results import Results
from latticework.scenario.controls import compile_branch, steps
from latticework.scenario.schema import Scenario
from latticework.simulate import nowcast_calendar, press, simulate
from latticework.store import RunFolder, check_writable, sha256

DRAWS = 200
PATHS = 4000
AT_ONCE = 250
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Options:
    """What a user can choose: branches (all for none), paths per branch, seed, and where the run folder goes."""

    branches: tuple[str, ...] = ()
    paths: int | None = None
    seed: int = 1
    out: Path | None = None


def run(name: str, options: Options, progress: Progress = lambda what, share: None) -> tuple[Results, Path]:
    """Run a scenario (its name, folder or file) and write its run folder; returns the results and the folder.

    The same scenario, seed, paths and version give the same numbers. Errors: UnknownNameError (scenario, branch),
    ScenarioError (the file), InputError (paths, seed, out), PanelError (panel or posterior files).
    """
    from latticework.report.run_folder import write_run

    options = _checked(options)
    path, scenario = find_scenario(name)
    check_leaders(scenario)
    branches = _branches(scenario, options.branches)
    out = check_writable(options.out or Path("runs") / scenario.id)
    posterior = load_posterior()
    progress("reading the panel", 0.0)
    begin = opening(scenario, MODEL)
    ensemble = simulate_scenario(scenario, branches, posterior, begin, options, progress)
    results = Results(
        ensemble=ensemble, scenario=scenario, inputs=begin.inputs, posterior=posterior, model=MODEL, layers=layers(),
        version=__version__, seed=options.seed, created=datetime.now(UTC), notes=begin.notes,
    )  # fmt: skip
    progress("writing the brief", 1.0)
    inputs = {"scenario": sha256(path), "panel": panel_sha256(), "posterior": _posterior_sha256(posterior)}
    chosen = {"scenario": scenario.id, "branches": list(branches), "paths": options.paths}
    with RunFolder(out, seed=options.seed, command="run", options=chosen, inputs=inputs, now=results.created) as folder:
        write_run(results, folder)
    return results, out


def simulate_scenario(
    scenario: Scenario,
    branches: Sequence[str],
    posterior: Posterior,
    begin: Opening,
    options: Options,
    progress: Progress,
) -> xr.Dataset:
    """The ensemble of a scenario's branches; the same noise in each (common random numbers)."""
    key = jax.random.key(options.seed)
    grid, codes = steps(scenario), scenario.states
    theta = posterior.draw(jax.random.fold_in(key, 1), DRAWS)
    model = tuple(process.narrowed(begin.world) for process in MODEL)
    calendar = nowcast_calendar(grid.dt, begin.nowcast, model)
    centres = tuple(c for c in (scenario.hub, scenario.rival) if c)
    keep = kept(codes, scenario.focus, centres)
    world = jax.tree.map(jnp.asarray, begin.world)
    futures = {}
    for number, branch in enumerate(branches):
        controls = compile_branch(scenario, branch, codes, grid, posterior.scales)
        pressure = press(controls, jax.random.fold_in(key, 2), DRAWS, model, len(codes), grid.count)
        parts = []
        for first in range(0, options.paths, AT_ONCE):
            paths = np.arange(first, first + AT_ONCE)
            part = simulate(model, theta, world, pressure, calendar, keep, jax.random.fold_in(key, 3), paths)
            parts.append(jax.tree.map(np.asarray, part))
            progress(f"simulating '{branch}'", (number + (first + AT_ONCE) / options.paths) / len(branches))
        futures[branch] = {name: np.concatenate([p[name] for p in parts])[: options.paths] for name in parts[0]}
    attrs = {
        "scenario": scenario.id, "baseline": str(scenario.baseline), "hub": scenario.hub, "seed": options.seed,
        "paths": options.paths, "draws": min(DRAWS, options.paths), "version": __version__,
        "panel_sha256": panel_sha256(), "posterior_sha256": _posterior_sha256(posterior),
    }  # fmt: skip
    return assemble(futures, codes, keep, grid.end, np.arange(options.paths) % DRAWS, attrs)


def _branches(scenario: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    known = tuple(branch.id for branch in scenario.branches)
    for name in asked:
        if name not in known:
            raise UnknownNameError("branch", name, known, where=f"the scenario '{scenario.id}'")
    return tuple(b for b in known if not asked or b in asked)


def _checked(options: Options) -> Options:
    paths = PATHS if options.paths is None else options.paths
    if paths < 1:
        raise InputError(f"--paths is {paths}; a run needs at least 1 path (it makes {PATHS} if you do not say).")
    if not 0 <= options.seed < 2**32:
        raise InputError(f"--seed is {options.seed}; it must be a whole number from 0 to {2**32 - 1}.")
    return replace(options, paths=paths)


def _posterior_sha256(posterior: Posterior) -> str:
    import hashlib

    return hashlib.sha256(posterior.to_json().encode()).hexdigest()
