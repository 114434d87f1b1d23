"""Run a scenario: from its files to an ensemble of futures, a brief and a folder that says how it was made."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from latticework import __version__
from latticework.actions.as_read import hashes_of, keep_texts, texts_of
from latticework.actions.assembling import Coefficients, coefficients, mechanisms_of, parameters_key
from latticework.actions.beside import beside
from latticework.actions.chunks import Chunks, code_sha256, kept_chunks
from latticework.actions.compiled import keep_compiled
from latticework.actions.evidence import auditing
from latticework.actions.explain import drawn_sizes, explain_run
from latticework.actions.mechanism_evidence import mechanism_evidence
from latticework.actions.opening import Opening, opening
from latticework.actions.posterior import load_posterior
from latticework.actions.results_of import results_of
from latticework.actions.scenarios import find_scenario
from latticework.actions.shipped_skill import shipped_table
from latticework.actions.strength import HOME, SHARED
from latticework.actions.tie_outlook import tie_start, with_tie_strength
from latticework.actions.what_if import folder_of, options_of
from latticework.data import panel_sha256
from latticework.ensemble import assemble, kept
from latticework.errors import InputError, PanelError, UnknownNameError
from latticework.explain import Explanation
from latticework.fit import Posterior
from latticework.processes import LEARNED, MODEL
from latticework.report.artefacts import named, tables, texts
from latticework.report.charts import charts
from latticework.report.results import Results
from latticework.scenario.calendar import Steps
from latticework.scenario.changes import told
from latticework.scenario.controls import compile_branch, steps
from latticework.scenario.schema import Scenario
from latticework.simulate import Calendar, Keep, nowcast_calendar, press, simulate_branches
from latticework.store import RunFolder, check_writable, sha256
from latticework.types import Array, Float, Int, Key

DRAWS = 200
PATHS = 4000
AT_ONCE = DRAWS  # so that a chunk, and a variant of a branch, has every draw once
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Options:
    """What a user can choose: branches (all for none), paths per branch, seed, where the run folder goes, changes.

    `sets` are changes of the scenario's text for this run, each a path=value. `explain` asks what drives the headlines.
    """

    branches: tuple[str, ...] = ()
    paths: int | None = None
    seed: int = 1
    out: Path | None = None
    sets: tuple[str, ...] = ()
    explain: bool = True

    @property
    def count(self) -> int:
        """Paths per branch: those asked for, or the usual number."""
        return PATHS if self.paths is None else self.paths


def run(name: str, options: Options, progress: Progress = lambda what, share: None) -> tuple[Results, Path]:
    """Run a scenario (its name, folder or file) and write its run folder; returns the results and the folder.

    The same scenario, seed, paths and version give the same numbers. Errors: UnknownNameError (scenario, branch),
    ScenarioError (the file), InputError (paths, seed, out), PanelError (panel or posterior files).
    """
    keep_compiled()
    path, scenario, branches, out = checked(name, options)
    with kept_chunks(out, progress) as chunks:
        return _run(path, scenario, branches, replace(options, out=out), progress, chunks), out


def checked(name: str, options: Options) -> tuple[Path, Scenario, tuple[str, ...], Path]:
    """The scenario's file, the scenario, its branches that are asked for, and the run folder; the errors of `run`."""
    _check(options)
    path, scenario = find_scenario(name, options.sets)
    branches = _branches(scenario, options.branches)
    return path, scenario, branches, check_writable(options.out or folder_of(scenario.id, options.sets))


def _run(
    path: Path,
    scenario: Scenario,
    branches: tuple[str, ...],
    options: Options,
    progress: Progress,
    chunks: Chunks,
) -> Results:
    """The results of a run, its folder written to `options.out`; its ensemble beside all that is read off it."""
    posterior, as_read, now = load_posterior(), texts_of(path), datetime.now(UTC)
    progress("reading the panel", 0.0)
    begin = opening(scenario, mechanisms_of(scenario).model(MODEL))
    changed = told(as_read["scenario"].decode(), options.sets)
    with auditing(path) as audit_of:
        ensemble, unmeasured = _futures(scenario, branches, posterior, begin, options, progress, chunks)
        notes = (*changed, *begin.notes, *_mismatch(posterior), *unmeasured)
        inputs = _inputs(posterior, measured=not unmeasured) | hashes_of(as_read)
        asked = _asked(scenario, branches, options)
        with RunFolder(options.out or Path(), **asked, inputs=inputs, now=now) as folder, beside(3) as threads:
            writing = threads.submit(folder.write_ensemble, ensemble)
            progress("measuring what the text claims and what drives the numbers", 1.0)
            results = results_of(ensemble, scenario, posterior, begin, options.seed, now, notes)
            key = parameters_key(options.seed)
            found = mechanism_evidence(scenario, path, begin, ensemble, key, posterior.scales)
            results = replace(results, mechanisms=found, skill=shipped_table())
            explaining = threads.submit(_explained, results, posterior, begin, options) if options.explain else None
            results = results.with_audit(audit_of(results))
            drawing = threads.submit(charts, results)
            folder.write_tables(tables(results))
            if explaining:
                results = results.with_explanation(explanation := explaining.result())
                folder.write_tables(named(explanation.tables))
            progress("writing the brief", 1.0)
            keep_texts(as_read, folder)
            for name, text in texts(results, drawing.result()).items():
                folder.write_text(name, text)
            writing.result()
    return results


def _asked(scenario: Scenario, branches: Sequence[str], options: Options) -> dict[str, Any]:
    """What was asked, for the manifest."""
    chosen = {"scenario": scenario.id, "branches": list(branches), "paths": options.count}
    chosen |= options_of(options.sets) | ({} if options.explain else {"explain": False})
    return {"seed": options.seed, "command": "run", "options": chosen}


def _inputs(posterior: Posterior, measured: bool) -> dict[str, str]:
    """The hashes of what a run was made from, beside its texts."""
    inputs = {"code": code_sha256(), "panel": panel_sha256(), "posterior": posterior_sha256(posterior)}
    return inputs | ({"tie_strength": sha256(HOME / SHARED)} if measured else {})


def simulate_scenario(
    scenario: Scenario,
    branches: Sequence[str],
    posterior: Posterior,
    begin: Opening,
    options: Options,
    chunks: Chunks,
    drawn: Coefficients | None = None,
) -> xr.Dataset:
    """The ensemble of a scenario's branches; the same noise in each (common random numbers).

    `drawn` are its coefficients, if they have been drawn already.
    """
    drawn = drawn or coefficients(scenario, posterior, options.seed, DRAWS)
    simulate, keep, grid = simulator(scenario, branches, posterior, begin, options, drawn)
    parts = chunks.simulated(simulate, options.count, AT_ONCE)
    draw = np.arange(options.count) % DRAWS
    return assemble(branches, parts, scenario.states, keep, grid.end, draw, _made_by(scenario, posterior, options))


def simulator(
    scenario: Scenario,
    branches: Sequence[str],
    posterior: Posterior,
    begin: Opening,
    options: Options,
    drawn: Coefficients,
) -> tuple[Callable[..., Any], Keep, Steps]:
    """What simulates numbered paths of a scenario's branches, what it keeps of them, and the steps."""
    key = jax.random.key(options.seed)
    grid, codes = steps(scenario), scenario.states
    made, learned, theta = drawn
    model = made.model(MODEL)
    calendar = nowcast_calendar(grid.dt, begin.nowcast, model)
    keep = kept(codes, scenario.focus, (scenario.hub, scenario.rival), made.responses)
    world = jax.tree.map(jnp.asarray, begin.world)
    always, eras = unexplained(posterior, learned, codes, _years(scenario, grid, calendar), key)
    press_one = partial(press, key=jax.random.fold_in(key, 2), draws=DRAWS, model=model, always=always, eras=eras)
    controls = (compile_branch(scenario, branch, codes, grid, posterior.scales) for branch in branches)
    pressures, noise = tuple(map(press_one, controls)), jax.random.fold_in(key, 3)
    return partial(simulate_branches, model, theta, world, pressures, calendar, keep, noise), keep, grid


def _explained(results: Results, posterior: Posterior, begin: Opening, options: Options) -> Explanation:
    """What drives the headlines, with variants of the branches on the run's first paths and its random numbers."""

    drawn = coefficients(results.scenario, posterior, options.seed, DRAWS)

    def played(scenario: Scenario, branches: Sequence[str], paths: int) -> xr.Dataset:
        return simulate_scenario(scenario, branches, posterior, begin, replace(options, paths=paths), Chunks(), drawn)

    key = jax.random.fold_in(jax.random.key(options.seed), 2)
    return explain_run(results, played, drawn_sizes(results.scenario, drawn, key, DRAWS), options.seed)


def unexplained(
    posterior: Posterior,
    theta: Mapping[str, Float[Array, "d k"]],
    codes: tuple[str, ...],
    years: Int[np.ndarray, "c"],
    key: Key,
) -> tuple[dict[str, tuple[Float[Array, "d ..."], ...]], dict[str, Float[Array, "d c"]]]:
    """What the effects leave open, drawn once per posterior draw: frailties and levels of states, and of decades."""
    mine, levels, decades = (jax.random.fold_in(key, number) for number in (4, 6, 7))
    always = posterior.levels(levels, theta, LEARNED, codes)
    for name, frailty in posterior.frailties.items():
        always[name] = (*always.get(name, ()), frailty.log_draws(mine, len(next(iter(theta.values()))), codes))
    return always, posterior.eras(decades, theta, years)


def _years(scenario: Scenario, grid: Steps, calendar: Calendar) -> Int[np.ndarray, "c"]:
    """The year in which each step ends; of those before the baseline, which are a year long, the one of its middle."""
    day = scenario.baseline.year + scenario.baseline.timetuple().tm_yday / 366
    before = np.floor(day - 0.5 - np.arange(calendar.nowcast)[::-1]).astype(int)
    return np.concatenate([before, grid.end.astype("datetime64[Y]").astype(int) + 1970])


def _futures(
    scenario: Scenario,
    branches: Sequence[str],
    posterior: Posterior,
    begin: Opening,
    options: Options,
    progress: Progress,
    chunks: Chunks,
) -> tuple[xr.Dataset, tuple[str, ...]]:
    """The ensemble with the strength of ties, whose start is found while the paths are simulated.

    If the files of tie strength cannot be read, the ensemble without it and a note that says why.
    """
    if len(scenario.focus) == 1:
        return simulate_scenario(scenario, branches, posterior, begin, options, chunks), (
            "a lone focus state has no tie",
        )
    with beside() as thread:
        ties = thread.submit(tie_start, scenario)
        ensemble = simulate_scenario(scenario, branches, posterior, begin, options, chunks)
        progress("measuring ties", 1.0)
        try:
            key = jax.random.fold_in(jax.random.key(options.seed), 5)
            return with_tie_strength(ensemble, ties.result(), key), ()
        except PanelError as fault:
            return ensemble, (f"tie strength is left out: {str(fault).rstrip('.')}",)


def _mismatch(posterior: Posterior) -> tuple[str, ...]:
    """A note if the posterior was fitted to another panel than the one that the run starts from."""
    if posterior.panel_sha256 == panel_sha256():
        return ()
    return ("the estimates were fitted to another panel than the one read here: run 'latticework fit' to renew them",)


def _made_by(scenario: Scenario, posterior: Posterior, options: Options) -> dict[str, object]:
    """What an ensemble says about how it was made."""
    return {
        "scenario": scenario.id,
        "baseline": str(scenario.baseline),
        "hub": scenario.hub,
        "seed": options.seed,
        "paths": options.count,
        "draws": min(DRAWS, options.count),
        "version": __version__,
        "panel_sha256": panel_sha256(),
        "posterior_sha256": posterior_sha256(posterior),
    }


def _branches(scenario: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    known = tuple(branch.id for branch in scenario.branches)
    for name in asked:
        if name not in known:
            raise UnknownNameError("branch", name, known, where=f"the scenario '{scenario.id}'")
    return tuple(b for b in known if not asked or b in asked)


def _check(options: Options) -> None:
    if options.count < 1:
        raise InputError(
            f"--paths is {options.count}; a run needs at least 1 path (it makes {PATHS} if you do not say)."
        )
    if not 0 <= options.seed < 2**32:
        raise InputError(f"--seed is {options.seed}; it must be a whole number from 0 to {2**32 - 1}.")


def posterior_sha256(posterior: Posterior) -> str:
    """The SHA-256 of a posterior, as manifests have it: that of its file."""
    return hashlib.sha256(f"{posterior.to_json()}\n".encode()).hexdigest()
