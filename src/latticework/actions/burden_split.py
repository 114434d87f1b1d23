"""What the split of a burden is made of: each outside option's part in the share of a demand that an ally pays."""

from collections.abc import Iterator, Mapping

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

from latticework.actions.bargain import load_bargain
from latticework.mechanisms import SIGNALS, Bargain, split
from latticework.processes.base import designed
from latticework.scenario.calendar import Steps
from latticework.scenario.controls import Controls, compile_branch, steps
from latticework.scenario.schema import Scenario
from latticework.scenario.units import toward
from latticework.types import Float
from latticework.world import World

EVEN, PAID = "an even split", "share that is paid"
TERMS = {
    "split: usual": "what is usual",
    "split: exit threat": "exit that is believed or seen",
    "split: threat": "threat to the ally",
    "split: minority government": "government without a majority",
}
BAND = (0.1, 0.9)


def splits(
    scenario: Scenario,
    branches: tuple[str, ...],
    bargain: Bargain,
    theta: Float[np.ndarray, "d k"],
    world: World,
    scales: Mapping[str, float],
) -> pd.DataFrame:
    """By branch and ally of whom something is asked: what each term adds to the share of the (log) demand.

    Columns: branch, state, date, term, value (of what the term weighs), mean, lower, upper (80 % band over the draws of
    the parameters). Told for the first step and, where it differs, for the step in which the share is largest; troops
    and majorities are those of the opening but for what the branch sets.
    """
    grid, rows = steps(scenario), []
    for branch in branches:
        controls = compile_branch(scenario, branch, scenario.states, grid, scales)
        for demand in scenario.demands_of(branch):
            if demand.by == scenario.hub and demand.of in scenario.states and demand.amount and demand.agreed:
                unit = scenario.states.index(demand.of)
                rows += _of_ally(branch, demand.of, unit, bargain, theta, world, controls, grid)
    columns = ("branch", "state", "date", "term", "value", "mean", "lower", "upper")
    return pd.DataFrame(rows, columns=list(columns)).assign(origin="estimated, assumed")


def _of_ally(
    branch: str,
    ally: str,
    unit: int,
    bargain: Bargain,
    theta: Float[np.ndarray, "d k"],
    world: World,
    controls: Controls,
    grid: Steps,
) -> Iterator[tuple[object, ...]]:
    """The rows of one ally: those of the first step, and of the step with the largest share if that is another."""
    table = bargain.coefficients()
    places = [k for k, c in enumerate(table) if c.name in TERMS]
    weights = theta[:, places]
    ready = bargain.start(jax.random.key(0), jnp.zeros(len(table)), world)  # it draws nothing
    values = np.array(
        [
            np.asarray(designed(tuple(table[k] for k in places), laid(ready, controls, s), "state"))[unit]
            for s in range(grid.count)
        ]
    )
    shares = np.asarray(split(jnp.asarray(values @ weights.T)))
    most = int(shares.mean(1).argmax())
    chosen = dict.fromkeys([0] if np.isclose(shares[most].mean(), shares[0].mean(), atol=5e-4) else [0, most])
    for s in chosen:
        date = str(grid.end[s].astype("datetime64[D]"))
        yield branch, ally, date, EVEN, np.nan, 0.5, np.nan, np.nan
        for k, place in enumerate(places):
            added = 0.5 * weights[:, k] * values[s, k]
            told = TERMS[table[place].name]
            yield branch, ally, date, told, float(values[s, k]), float(added.mean()), *_band(added)
        yield branch, ally, date, PAID, np.nan, float(shares[s].mean()), *_band(shares[s])


def _band(values: Float[np.ndarray, "d"]) -> tuple[float, float]:
    low, high = np.quantile(values, BAND)
    return float(low), float(high)


def laid(world: World, controls: Controls, step: int) -> World:
    """The world with what a branch has set by a step: signals of that step alone, other layers as last set."""
    states, dyads = {}, {}
    for name, values in controls.layers.items():
        home, out = (world.states, states) if values.ndim == 2 else (world.dyads, dyads)
        if name not in home:
            continue
        now = jnp.asarray(home[name], jnp.float32)
        for s in range(step if name in SIGNALS else 0, step + 1):
            there = toward(now, values[s], controls.hold[name][s]) if name in controls.hold else values[s]
            now = jnp.where(np.isfinite(values[s]), there, now)
        out[name] = now
    return world.replace(states, dyads)


def foretold() -> pd.DataFrame:
    """How well the fitted bargain foretells its own record, settlement by settlement left out, beside a naive law."""
    fitted = load_bargain()
    inside = np.mean([BAND[0] <= share <= BAND[1] for share in fitted.left_out])
    told = {
        "settlements": fitted.settlements,
        "after a demand on record": fitted.with_demand,
        "mean log score": fitted.log_score,
        "mean log score of a normal law": fitted.naive,
        "settlements inside their 80 % band": float(inside),
    }
    return pd.DataFrame(list(told.items()), columns=["name", "value"])
