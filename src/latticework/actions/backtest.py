"""A backtest: forecasts from every year since 1990 as they could have been made, their skill beside each baseline."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from latticework import __version__
from latticework.actions.backtests import work
from latticework.actions.backtests.cuts import CUTS, cut_before
from latticework.actions.backtests.forecast import PATHS
from latticework.actions.backtests.origin import expected_votes, last_day, quarters_after
from latticework.actions.compiled import keep_compiled
from latticework.actions.posterior import SHIPPED as SHIPPED_POSTERIOR
from latticework.actions.shipped_skill import CALIBRATION, HOME, KNOWN_CASES, SHIPPED, read_result
from latticework.data import panel_sha256
from latticework.errors import InputError, UnknownNameError
from latticework.evaluate.calibration import calibrated
from latticework.evaluate.cases import cases
from latticework.evaluate.judge import Forecasts, Judge
from latticework.evaluate.record import FIRST as RECORD_FIRST
from latticework.evaluate.record import LAST as RECORD_LAST
from latticework.evaluate.record import Record
from latticework.evaluate.skill import COLUMNS, Judged, skills
from latticework.evaluate.targets import TARGETS, Events
from latticework.spread import shard_of, spread
from latticework.store import sha256
from latticework.types import Float

EARLIER = (1976, 1984)  # origins of known cases before the first cut
FIRST, LAST = 1990, 2022  # of the last one a year is on record, where its layer is
QUICK_TARGETS, QUICK_YEARS, QUICK_PATHS = ("leader-change",), (2000, 2005, 2010), 16
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Asked:
    """What a user asks: targets (all for none), the first origin, where work is kept, how it is spread, how large."""

    targets: tuple[str, ...] = ()
    since: int = FIRST
    until: int = LAST
    paths: int = PATHS
    seed: int = 1
    quick: bool = False
    work: Path = Path("runs") / "backtest"
    shard: str | None = None
    workers: int = 0
    scheduler: str | None = None


@dataclass(frozen=True)
class Backtest:
    """The records of skill (see `latticework.evaluate.skill`), what they were made from, and how much is done.

    `records` is empty while forecasts of other shards are missing; `calibration` and `cases` are those of
    `latticework.evaluate`.
    """

    records: pd.DataFrame
    calibration: pd.DataFrame
    cases: pd.DataFrame
    made: dict[str, str]
    done: int
    wanted: int


def run_backtest(asked: Asked, progress: Progress = lambda what, share: None) -> Backtest:
    """Train at the cuts, forecast from the origins, judge; what is in the work folder already is not done again.

    The same targets, paths, seed, panel and version give the same numbers, however the work is spread. Errors:
    UnknownNameError (a target), InputError (years, paths, shard, workers, the folder, the scheduler).
    """
    plan = planned(asked)
    number, count = shard_of(asked.shard)
    keep_compiled()
    folder = work.opened(asked.work.absolute(), plan)  # a worker may stand in another folder
    mine = [list(part) for part in np.array_split(plan.origins, count)][number]
    origins = [int(year) for year in mine]
    workers = asked.workers or os.cpu_count() or 1
    spread(work.fits(folder, plan, origins), workers, asked.scheduler, progress)
    earlier = EARLIER if whole(plan) else ()
    tasks = work.forecasts(folder, plan, [*origins, *(earlier if number == 0 else ())])
    spread(tasks[:1], 1, asked.scheduler, progress)  # it compiles, and keeps for the others what it compiled
    spread(tasks, workers, asked.scheduler, progress)
    there = [task.done for task in work.forecasts(folder, plan, [*plan.origins, *earlier])]
    made = made_from(plan)
    if not all(there):
        return Backtest(pd.DataFrame(columns=COLUMNS), pd.DataFrame(), pd.DataFrame(), made, sum(there), len(there))
    progress("reading history", 0.0)
    record, held = Record.load(), [work.read(folder, year) for year in plan.origins]
    found = judged(held, plan.targets, record, progress)
    known = cases(held + [work.read(folder, year) for year in earlier], record) if whole(plan) else pd.DataFrame()
    return Backtest(table(found), calibrated(found), known, made, len(there), len(there))


def whole(plan: work.Plan) -> bool:
    """Whether all targets are forecast from all origins, so that the known cases can be shown."""
    return plan.targets == tuple(TARGETS) and plan.origins == tuple(range(FIRST, LAST + 1))


def made_from(plan: work.Plan) -> dict[str, str]:
    """What a result was made from, in words, for the foot of a page."""
    return {
        "version": __version__,
        "panel": panel_sha256()[:12],
        "posterior": sha256(SHIPPED_POSTERIOR)[:12],
        "origins": f"{plan.origins[0]} to {plan.origins[-1]}",
        "cuts": ", ".join(str(cut) for cut in sorted({cut_before(year, plan.cuts) for year in plan.origins})),
        "paths": str(plan.paths),
        "seed": str(plan.seed),
    }


def planned(asked: Asked) -> work.Plan:
    """The plan of what is asked; UnknownNameError, InputError."""
    for name in asked.targets:
        if name not in TARGETS:
            raise UnknownNameError("target", name, TARGETS)
    if not FIRST <= asked.since <= asked.until <= LAST:
        raise InputError(
            f"Forecasts stand at the ends of years from {FIRST} to {LAST}, not {asked.since} to {asked.until}."
        )
    if asked.paths < 2:
        raise InputError(f"--paths is {asked.paths}; a forecast needs two or more.")
    if asked.workers < 0:
        raise InputError(f"--workers is {asked.workers}; it must be one or more, or left out for all cores.")
    targets = asked.targets or (QUICK_TARGETS if asked.quick else tuple(TARGETS))
    targets = tuple(name for name in TARGETS if name in targets)
    if asked.quick:
        return work.Plan(targets, QUICK_YEARS, QUICK_YEARS[:1], QUICK_PATHS, asked.seed)
    return work.Plan(targets, tuple(range(asked.since, asked.until + 1)), CUTS, asked.paths, asked.seed)


def judged(
    forecasts: Sequence[Forecasts],
    targets: Sequence[str],
    record: Record,
    progress: Progress = lambda what, share: None,
) -> list[Judged]:
    """Forecasts of every target at every horizon beside what happened."""
    judge, found = Judge(record, votes_expected()), []
    for number, name in enumerate(targets):
        target = TARGETS[name]
        for horizon in target.horizons:
            progress(f"judging {name}", number / len(targets))
            of = judge.events if isinstance(target, Events) else judge.levels
            part = of(target, horizon, forecasts)  # pyright: ignore[reportArgumentType]
            found += [part] if part is not None else []
        if not isinstance(target, Events) and (course := judge.courses(target, forecasts)) is not None:
            found.append(course)
    return found


def table(found: Sequence[Judged], seed: int = 1) -> pd.DataFrame:
    """The records of skill of judged forecasts."""
    return pd.DataFrame([row for part in found for row in skills(part, seed)], columns=COLUMNS)


def votes_expected() -> Float[np.ndarray, "t s n"]:
    """The votes that were expected at the end of every year of the record."""
    years = range(RECORD_FIRST, RECORD_LAST + 1)
    return np.stack([expected_votes(last_day(year), quarters_after(year)) for year in years])


def ship(found: Backtest) -> None:
    """Write a result into the package, each table with what it was made from in its first lines."""
    HOME.mkdir(exist_ok=True)
    head = "".join(f"# {name}: {value}\n" for name, value in found.made.items())
    for path, rows in ((SHIPPED, found.records), (CALIBRATION, found.calibration), (KNOWN_CASES, found.cases)):
        text = rows.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        path.write_text(head + text, encoding="utf-8")


def shipped() -> Backtest:
    """The result that comes with the package; PanelError."""
    skill, calibration, known = (read_result(path) for path in (SHIPPED, CALIBRATION, KNOWN_CASES))
    lines = [line[1:].partition(":") for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line[:1] == "#"]
    made = {name.strip(): value.strip() for name, _, value in lines}
    return Backtest(skill, calibration, known, made, 0, 0)
