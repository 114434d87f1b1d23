"""A free run over past years: the whole model from a day on, given only what no process moves, beside what happened."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

from latticework.actions.compiled import keep_compiled
from latticework.actions.opening import with_places
from latticework.actions.posterior import load_posterior
from latticework.actions.run import unexplained
from latticework.data import load_panel
from latticework.effects import PoliticallyRelevant
from latticework.errors import InputError
from latticework.evaluate import AT_RISK, FEWEST_PATHS, checks, layers_of, load_at_risk
from latticework.fit import Posterior
from latticework.processes import MODEL
from latticework.scenario.controls import Controls
from latticework.simulate import PRESENT, Calendar, Keep, press, simulate
from latticework.types import Array, Float
from latticework.world import Panel, World

FIRST, LAST = 1990, 2018
PATHS = 40
AT_ONCE = 4  # paths whose quarters are in memory together
PLACES = 40  # for pacts that are founded in three decades
OF_STATES = ("turnover", "exit_irregular", "coalition_change", "membership_joined", "membership_left")
VISITS = ("visit_president", "visit_secretary")
OF_DYADS = ("agreement_ended", "dispute", "dispute_force", "dispute_deaths", "exercise", *VISITS)
EVENTS = (*OF_STATES, *OF_DYADS)
COUNTED = ("coalition_change", "membership_joined", "membership_left", "exercise", *VISITS)  # the others: yes or no
Progress = Callable[[str, float], None]


def free_run(
    first: int = FIRST,
    last: int = LAST,
    paths: int = PATHS,
    seed: int = 1,
    progress: Progress = lambda what, share: None,
) -> pd.DataFrame:
    """The checks of `latticework.evaluate.checks` on paths that run freely from the end of the year before `first`.

    All states of the world. What no process moves is history's: which states there are, regimes, economies, rivalries,
    wars, the calendar of votes. A cell of what is moved that is empty when the run begins (a new state's) enters with
    its first value on record. Nothing else of the years simulated is seen, but the coefficients were fitted to them.
    """
    if not 1951 <= first <= last <= LAST:
        raise InputError(
            f"A free run is of years from 1951 to {LAST}, the first before the last; not {first} to {last}."
        )
    if paths < FEWEST_PATHS:
        raise InputError(f"A band of paths needs at least {FEWEST_PATHS} of them, not {paths}.")
    keep_compiled()
    progress("reading history", 0.0)
    needed = dict.fromkeys(layer for process in MODEL for layer in process.reads)
    history = load_panel(start=first - 1, end=last, step="quarter", layers=needed)
    simulated = _simulated(history, load_posterior(), paths, seed, progress)
    progress("judging", 1.0)
    return checks(simulated, load_at_risk(last), _pairs(history.world.n))


def _simulated(
    history: Panel, posterior: Posterior, paths: int, seed: int, progress: Progress
) -> dict[str, np.ndarray]:
    """Layers of the paths by year: states (p, y, n), dyads (p, y, q)."""
    begin = 3  # the last quarter of the first year
    start, settings = opening_of(history, begin), settings_of(history, begin)
    key = jax.random.key(seed)
    theta = posterior.draw(jax.random.fold_in(key, 1), paths)
    years = history.dates[begin + 1 :].astype("datetime64[Y]").astype(int) + 1970
    always, eras = unexplained(posterior, theta, history.codes, years, key)
    pressure = press(Controls({}, {}, {}, {}, settings), jax.random.fold_in(key, 2), paths, MODEL, always, eras)
    calendar = Calendar(history.dt[begin:].astype(np.float32), 0, (0,) * len(MODEL))
    judged = [name for name in layers_of() if name != "democracy"]  # which no process moves
    states = tuple(name for name in judged if name in start.states or name in OF_STATES)
    dyads = tuple(name for name in judged if name not in states)
    keep = Keep(states, dyads, _pairs(history.world.n))
    found: dict[str, np.ndarray] = {}
    for number in range(0, paths, AT_ONCE):
        progress("running freely", number / paths)
        now = np.arange(number, min(number + AT_ONCE, paths))
        part = simulate(MODEL, theta, start, pressure, calendar, keep, jax.random.fold_in(key, 3), now)
        for name, layer in part.items():
            yearly = by_year(name, np.asarray(layer))
            if name not in found:  # filled as paths come: gigabytes are not held twice
                found[name] = np.empty((paths, *yearly.shape[1:]), yearly.dtype)
            found[name][now] = yearly
    return found | as_recorded(found, history, begin, theta["alignment"][:, -1], seed)


def as_recorded(
    found: dict[str, np.ndarray], history: Panel, begin: int, error: Float[Array, "d"], seed: int
) -> dict[str, np.ndarray]:
    """What the record would show of the paths, where it shows something else than the process moves.

    Regimes are history's. Ideal points are published with an error, whose log factor to its published sd is estimated.
    Disputes begin between politically relevant dyads alone: of the others the simulation knows nothing.
    """
    paths, ends = len(found["ideal_point"]), slice(begin + 4, None, 4)
    rule, sd = (np.asarray(history.world.state(name))[ends] for name in ("democracy", "ideal_point_sd"))
    noise = np.random.default_rng(seed).standard_normal(found["ideal_point"].shape)
    factor = np.exp(np.asarray(error))[:paths, None, None]
    published = found["ideal_point"] + factor * np.nan_to_num(sd) * noise
    begun = range(begin, len(history.dates) - 1, 4)  # the quarters with which the years begin
    near = np.stack([np.asarray(PoliticallyRelevant()(history.at(t))) for t in begun])
    relevant = near[:, *_pairs(history.world.n).T] > 0
    disputes = {name: np.where(relevant, found[name], np.nan) for name in AT_RISK}
    return {"democracy": np.repeat(rule[None], paths, axis=0), "ideal_point": published.astype(np.float32), **disputes}


def opening_of(history: Panel, begin: int) -> World:
    """The world in which the run begins: of the pacts those in force, and free places."""
    now = history.at(begin)
    held = np.asarray(now.in_force)
    bare = World(now.present, now.states, now.dyads)
    found = World(
        now.present,
        {},
        {},
        {name: np.asarray(layer)[held] for name, layer in now.pacts.items()},
        {name: np.asarray(layer)[held] for name, layer in now.memberships.items()},
    )
    return with_places(bare, found, PLACES).mapped(jnp.asarray)


def settings_of(history: Panel, begin: int) -> dict[str, Array]:
    """What history sets, step by step: all that no process moves, who there is, and first values of what is moved.

    `begin` is the end of a year. What is given of the step itself is a yearly figure, of its year.
    """
    moved = {layer for process in MODEL for layer in process.writes}
    given = {layer for process in MODEL for layer in process.given}
    ends = np.repeat(np.arange(begin, len(history.dates) - 4, 4) + 4, 4)
    settings: dict[str, Array] = {PRESENT: np.asarray(history.world.present)[begin:-1].astype(np.float32)}
    for home in (history.world.states, history.world.dyads):
        for name, layer in home.items():
            values = np.asarray(layer)
            if name not in moved:
                settings[name] = values[ends] if name in given else values[begin:-1]
            elif name not in EVENTS:
                settings[name] = entries(values[begin:-1])
    return settings


def entries(values: np.ndarray) -> np.ndarray:
    """Of a layer through time only the first value of each cell that is empty at first; NaN elsewhere."""
    known = np.isfinite(values)
    seen = np.maximum.accumulate(known, axis=0)
    before = np.concatenate([np.ones_like(seen[:1]), seen[:-1]])
    return np.where(known & ~before, values, np.float32(np.nan)).astype(np.float32)


def by_year(name: str, layer: np.ndarray) -> np.ndarray:
    """Quarters as years: counts added up, events that happened or not, levels as of the end."""
    quarters = layer.reshape(layer.shape[0], -1, 4, *layer.shape[2:])
    if name in COUNTED:
        return quarters.sum(axis=2)
    return quarters.max(axis=2) if name in EVENTS else quarters[:, :, -1]


def _pairs(n: int) -> np.ndarray:
    return np.stack(np.triu_indices(n, 1), axis=1)
