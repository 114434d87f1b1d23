"""An outlook: any states, any day from 1990, without a scenario file: where their ties head, beside what happened."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import jax

from latticework.actions.chunks import Chunks
from latticework.actions.compiled import keep_compiled
from latticework.actions.new_scenario import on_day, scenario_text
from latticework.actions.opening import opening
from latticework.actions.outlook_cast import cast
from latticework.actions.posterior import load_posterior
from latticework.actions.results_of import results_of
from latticework.actions.run import Options, simulate_scenario
from latticework.actions.scenarios import FILE, known
from latticework.actions.since import later_ties, seen
from latticework.actions.strength import HOME, SHARED
from latticework.actions.tie_outlook import with_tie_strength
from latticework.actions.tie_past import tie_past
from latticework.data import layer, panel_sha256
from latticework.data.states import resolve_all
from latticework.errors import InputError
from latticework.measures.drivers import drivers
from latticework.measures.since import beside
from latticework.processes import MODEL
from latticework.report.outlook_page import outlook_page
from latticework.report.outlook_records import outlook_records, tie_records
from latticework.report.outlook_result import DayOutlook
from latticework.scenario.calendar import horizon
from latticework.scenario.read import read_scenario
from latticework.scenario.schema import Scenario
from latticework.store import RunFolder, check_writable, sha256

FIRST = date(1990, 1, 1)
LAST_OF = "leader"  # the layer whose end is the last day of the panel
PATHS, MOST_PATHS, MOST_YEARS = 1000, 20_000, 10
BRANCH, FOLDER = "status-quo", "outlook"
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Asked:
    """What a user asks: the states, the day, how many years ahead, paths, seed, and where the folder goes."""

    states: Sequence[str]
    on: str
    years: int = 3
    paths: int = PATHS
    seed: int = 1
    out: Path | None = None


def outlook(asked: Asked, progress: Progress = lambda what, share: None) -> tuple[DayOutlook, Path]:
    """The outlook for the ties among some states as known on a day, and the folder in which it was written.

    The same states, day, seed, paths and version give the same numbers. Errors: UnknownNameError (a state), InputError
    (day, years, paths, seed, folder, too few or too many states), PanelError (panel or posterior files).
    """
    day = _checked(asked)
    out = check_writable(asked.out or Path("runs") / _name(asked, day))
    keep_compiled()
    progress("reading the panel", 0.0)
    text, scenario = scenario_of(asked, day)
    found = looked_ahead(scenario, asked, progress)
    progress("writing", 1.0)
    _write(found, text, asked, out)
    return found, out


def scenario_of(asked: Asked, day: date) -> tuple[str, Scenario]:
    """The scenario that is behind an outlook, its text and as read: one branch that assumes last terms and no more."""
    who = cast(asked.states, day)
    quarters = 4 * asked.years  # and one more where the quarter of the day is not at its end
    quarters += horizon(day, quarters) < date(day.year + asked.years, day.month, min(day.day, 28))
    text = scenario_text(_name(asked, day), (who.hub, who.rival), day, who.states, who.asked, quarters)
    return text, read_scenario(text, FILE, known())


def looked_ahead(scenario: Scenario, asked: Asked, progress: Progress = lambda what, share: None) -> DayOutlook:
    """The outlook of a scenario's first branch; its ties are measured while its paths are simulated."""
    posterior, begin = load_posterior(), opening(scenario, MODEL)
    options = Options((BRANCH,), asked.paths, asked.seed)
    with ThreadPoolExecutor(1) as beside_it:
        measuring = beside_it.submit(tie_past, scenario)
        ensemble = simulate_scenario(scenario, (BRANCH,), posterior, begin, options, Chunks(tell=progress))
        progress("measuring ties", 1.0)
        past = measuring.result()
    ensemble = with_tie_strength(ensemble, past.start, jax.random.fold_in(jax.random.key(asked.seed), 5))
    results = results_of(ensemble, scenario, posterior, begin, asked.seed, datetime.now(UTC), begin.notes)
    later = later_ties(scenario.focus)
    found = seen(scenario, later, str(ensemble.attrs["tie_strength_day"]), results.dates)
    moved = drivers(ensemble, scenario.focus, scenario.hub, scenario.rival, begin.inputs)
    since = beside(results.outlook, found)
    return DayOutlook(results, past.ties, past.layers, past.read, later, moved, since, past.draws)


def _write(found: DayOutlook, text: str, asked: Asked, out: Path) -> None:
    """The run folder: the page, the ensemble, the tables, and the scenario from which it can be changed and run."""
    inputs = {"panel": panel_sha256(), "tie_strength": sha256(HOME / SHARED)}
    inputs["posterior"] = str(found.results.ensemble.attrs["posterior_sha256"])
    chosen = {"states": list(found.results.scenario.focus), "on": found.day, "years": asked.years, "paths": asked.paths}
    now = found.results.created
    with RunFolder(out, seed=asked.seed, command="outlook", options=chosen, inputs=inputs, now=now) as folder:
        folder.write_ensemble(found.results.ensemble)
        tables = {"ties": tie_records(found), "since": found.since, "drivers": found.drivers}
        tables |= {"outlook": found.results.outlook, "inputs": found.results.inputs}
        for name, table in tables.items():
            folder.write_table(f"tables/{name}", table)
        folder.write_json("outlook.json", outlook_records(found))
        folder.write_text(FILE, text)
        folder.write_text("outlook.html", outlook_page(found))


def _name(asked: Asked, day: date) -> str:
    """The name of an outlook, of its scenario and its folder: jpn-kor-usa-2016-11-08."""
    return "-".join([FOLDER, *(code.lower() for code in sorted(set(resolve_all(asked.states)))), str(day)])


def _checked(asked: Asked) -> date:
    """The day, once all that was asked can be had."""
    day, last = on_day(asked.on), date.fromisoformat(str(layer(LAST_OF)["to"])[:10])
    if not FIRST <= day <= last:
        raise InputError(f"--on is {day}; an outlook stands on a day from {FIRST} to {last}, where the panel ends.")
    if not 1 <= asked.years <= MOST_YEARS:
        raise InputError(f"--years is {asked.years}; an outlook looks 1 to {MOST_YEARS} years ahead.")
    if not 1 <= asked.paths <= MOST_PATHS:
        raise InputError(f"--paths is {asked.paths}; an outlook takes 1 to {MOST_PATHS} paths ({PATHS} unless said).")
    if not 0 <= asked.seed < 2**32:
        raise InputError(f"--seed is {asked.seed}; it must be a whole number from 0 to {2**32 - 1}.")
    return day
