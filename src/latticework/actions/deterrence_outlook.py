"""Extended deterrence by branch: the game played on the opening world with each path's belief in the hub at the end."""

from collections.abc import Iterator

import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr

from latticework.actions.deterrence import load_deterrence
from latticework.measures.chances import mean_of_chances, monte_carlo_se
from latticework.measures.contrast import CLEAR
from latticework.measures.courses import draws_of
from latticework.mechanisms.deterrence import LAMBDA, Setting, payoffs, play, settings
from latticework.scenario.schema import Scenario
from latticework.types import Float
from latticework.world import World

READS = ("capability", "contiguity", "defence", "major_power", "rivalry", "warheads")
QUANTITIES = {
    "challenge": "a challenge, a year",
    "without": "a challenge without the hub, a year",
    "support": "the hub stands by the ally if challenged",
    "fight": "the challenger fights if the hub stands by",
    "war": "war with the hub, a year",
}
COLUMNS = ("branch", "challenger", "ally", "quantity", "value", "lower", "upper", "loose", "strict")
COLUMNS += ("difference", "mc_se", "clear")
Played = dict[str, Float[np.ndarray, "b p"]]


def deterrence_outlook(scenario: Scenario, world: World, ensemble: xr.Dataset, allies: list[str]) -> pd.DataFrame:
    """Chances of the game for each threat and ally by branch at the end (columns: COLUMNS).

    Power, weapons and rivalries are those of the baseline day; belief in the hub and its pact are each path's. `value`
    is the mean over paths with its 80 % band (draws and Monte Carlo error) at the shipped precision, `loose` and
    `strict` the means at the other precisions on which the game was calibrated; `difference` is that from the first
    branch on the same random numbers. Empty where the world lacks a layer that the game reads, or no ally is
    threatened. PanelError without the file.
    """
    known = set(world.states) | set(world.dyads)
    threats = [code for code in (scenario.rival, scenario.second_threat) if code and code in scenario.states]
    if not set(READS) <= known or not allies or not threats:
        return pd.DataFrame(columns=list(COLUMNS))
    hub = scenario.states.index(scenario.hub)
    setting, relevant = settings(world, hub)
    draw, rows = draws_of(ensemble), []
    for threat in threats:
        for ally in allies:
            i, j = scenario.states.index(threat), scenario.states.index(ally)
            if relevant[i, j]:
                met = _setting(setting, i, j, *_paths(ensemble, scenario.hub, ally))
                rows += _rows(met, (threat, ally), ensemble["branch"].values.tolist(), draw)
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(origin="assumed, calibrated")


def _paths(ensemble: xr.Dataset, hub: str, ally: str) -> tuple[Float[np.ndarray, "b p"], Float[np.ndarray, "b p"]]:
    """Belief in the hub, and whether its pact with the ally is in force, on every path at the end."""
    end = ensemble.isel(time=-1)
    pact = end["defence"].sel(dyad="-".join(sorted((hub, ally)))).values > 0
    belief = end["credibility"].sel(state=ally).values if "credibility" in end else np.zeros(pact.shape)
    return belief.astype(float) * pact, pact.astype(float)


def _setting(
    base: Setting, i: int, j: int, belief: Float[np.ndarray, "b p"], pact: Float[np.ndarray, "b p"]
) -> Setting:
    """The setting of one challenger and ally on every path: without a pact the ally is as if alone."""
    one = Setting(*(jnp.asarray(part)[i, j] for part in base))
    held = jnp.asarray(pact)
    return Setting(
        power=jnp.where(held > 0, one.power, one.alone),
        alone=one.alone + 0 * held,
        armed=jnp.where(held > 0, one.armed, one.armed_alone),
        armed_alone=one.armed_alone + 0 * held,
        credibility=jnp.asarray(belief),
        treaty=held,
        rivalry=one.rivalry + 0 * held,
    )


def _played(setting: Setting) -> dict[float, Played]:
    """What the game gives at each precision on which it is calibrated."""
    found = {}
    for told in load_deterrence():
        pay = payoffs(setting, told.weights)
        result = play(pay, told.precision)
        alone = 1 / (1 + np.exp(-told.precision * np.asarray(pay.c_alone, float)))
        parts = {name: np.asarray(getattr(result, name), float) for name in ("challenge", "support", "fight", "war")}
        found[told.precision] = parts | {"without": alone}
    return found


def _rows(
    setting: Setting, pair: tuple[str, str], branches: list[str], draw: np.ndarray
) -> Iterator[tuple[object, ...]]:
    found = _played(setting)
    others = sorted(precision for precision in found if precision != LAMBDA)
    for quantity in QUANTITIES:
        values = found[LAMBDA][quantity]
        for b, branch in enumerate(branches):
            apart = values[b] - values[0]
            mean, error = float(apart.mean()), float(monte_carlo_se(apart, draw)) if b else 0.0
            edges = [float(found[p][quantity][b].mean()) for p in (others[0], others[-1])]
            clear = bool(b and abs(mean) > CLEAR * error)
            yield branch, *pair, quantity, *mean_of_chances(values[b], draw), *edges, mean, error, clear


def targets() -> pd.DataFrame:
    """What the calibrated game gives in the world on which it was calibrated, at each precision."""
    told = [
        {
            "precision": c.precision,
            "challenge": c.challenge,
            "fulfilled": c.fulfilled,
            "unconditional": c.unconditional,
            "pairs": c.pairs,
        }
        for c in load_deterrence()
    ]
    return pd.DataFrame(told)
