"""The work folder of a backtest: a posterior per cut and process, a forecast per origin, and the plan of both."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from latticework.actions.backtests.cuts import cut_before, fitted_at, together
from latticework.actions.backtests.forecast import forecast, given_votes, moving, targeted
from latticework.actions.backtests.origin import origin
from latticework.actions.chunks import code_sha256, machine
from latticework.actions.compiled import keep_compiled
from latticework.actions.posterior import SHIPPED, chosen
from latticework.data import panel_sha256
from latticework.errors import InputError
from latticework.evaluate.judge import Forecasts
from latticework.evaluate.targets import GIVEN
from latticework.fit import Posterior
from latticework.processes import AbstractProcess
from latticework.spread import Task
from latticework.store import sha256, versions

PLAN = "plan.json"


@dataclass(frozen=True)
class Plan:
    """What is forecast: targets, origins (years), cuts at which the model is trained, paths per origin, seed."""

    targets: tuple[str, ...]
    origins: tuple[int, ...]
    cuts: tuple[int, ...]
    paths: int
    seed: int

    @property
    def model(self) -> tuple[AbstractProcess, ...]:
        """The processes that bear on the targets."""
        return moving(targeted(self.targets))

    def record(self) -> dict[str, object]:
        """What must be the same for work to be gone on with, for equal records mean equal numbers; origins may differ.

        Code, versions and machine are those of whoever asks.
        """
        told = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items() if name != "origins"}
        return told | {"panel": panel_sha256(), "posterior": sha256(SHIPPED), "code": code_sha256(), **_runs_on()}


def _runs_on() -> dict[str, object]:
    return {"versions": versions(), "machine": machine()}


def opened(folder: Path, plan: Plan) -> Path:
    """The work folder, made if need be; InputError if it holds the work of another plan or cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = folder / PLAN
        if held.exists():
            if others := _differing(held, plan):
                raise InputError(
                    f"'{folder}' holds another backtest's work, with other {', '.join(others)}: delete it, or choose "
                    "another folder with --work."
                )
            return folder
        _put(held, (json.dumps(plan.record(), indent=1) + "\n").encode())
    except (OSError, ValueError) as fault:
        raise InputError(f"The work folder '{folder}' cannot be used ({fault}). Choose another with --work.") from fault
    return folder


def _differing(held: Path, plan: Plan) -> list[str]:
    """What of a plan that was written down is not as in this one, as seen from here."""
    there, here = json.loads(held.read_text(encoding="utf-8")), plan.record()
    return [name for name in here if there.get(name) != here[name]]


def alike(folder: Path, plan: Plan) -> None:
    """InputError where a worker would give other digits than the process that asks it, or works elsewhere."""
    try:
        others = _differing(folder / PLAN, plan)
    except (OSError, ValueError) as fault:
        raise InputError(f"A worker finds no work folder '{folder}' ({fault}): all must see the same one.") from fault
    if others:
        raise InputError(f"A worker has other {', '.join(others)} than the process that asks it. Use machines alike.")


def fits(folder: Path, plan: Plan, origins: Sequence[int]) -> list[Task]:
    """A task per process and cut that some origin needs, early cuts first."""
    cuts = sorted({cut_before(year, plan.cuts) for year in origins})
    learned = [process.name for process in plan.model if process.coefficients()]
    return [
        Task(f"training {name} to {cut}", fit_one, (folder, plan, name, cut), folder / f"cut-{cut}" / f"{name}.json")
        for cut in cuts
        for name in learned
    ]


def forecasts(folder: Path, plan: Plan, origins: Sequence[int]) -> list[Task]:
    """A task per origin."""
    return [
        Task(f"forecasting from {year}", forecast_one, (folder, plan, year), folder / f"origin-{year}.npz")
        for year in origins
    ]


def fit_one(folder: Path, plan: Plan, name: str, cut: int, out: Path) -> None:
    """Train one process at a cut and write its posterior."""
    keep_compiled()
    alike(folder, plan)
    (process,) = chosen([name])
    _put(out, fitted_at(process, cut).to_json().encode())


def posterior_at(folder: Path, plan: Plan, cut: int) -> Posterior:
    """The posterior of the processes that bear on the targets, trained at a cut."""
    names = [process.name for process in plan.model if process.coefficients()]
    files = [folder / f"cut-{cut}" / f"{name}.json" for name in names]
    return together([Posterior.from_json(file.read_text(encoding="utf-8"), str(file)) for file in files])


def forecast_one(folder: Path, plan: Plan, year: int, out: Path) -> None:
    """Forecast from one origin with the model trained at the last cut before it, and write what the paths say."""
    keep_compiled()
    alike(folder, plan)
    cut = cut_before(year, plan.cuts)
    start, posterior = origin(year, plan.model), posterior_at(folder, plan, cut)
    found = forecast(start, posterior, plan.paths, plan.seed, targeted(plan.targets))
    if "leader-change-votes" in plan.targets:
        found[GIVEN] = given_votes(start, posterior, 10 * plan.paths, plan.seed)
    stored = {name: np.asarray(values) for name, values in (found | {"paths": plan.paths, "cut": cut}).items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    with aside.open("wb") as file:
        np.savez_compressed(file, **stored)  # pyright: ignore[reportArgumentType]
    aside.replace(out)


def read(folder: Path, year: int) -> Forecasts:
    """The forecast from an origin; InputError if its file is damaged."""
    path = folder / f"origin-{year}.npz"
    try:
        with np.load(path) as held:
            values = dict(held)
    except (OSError, ValueError, KeyError) as fault:
        raise InputError(f"The forecast '{path}' cannot be read ({fault}). Delete it and run again.") from fault
    return Forecasts(year, int(values["cut"]), values)


def _put(out: Path, content: bytes) -> None:
    """Write beside the file, then rename, so that a file that is there is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.replace(out)
