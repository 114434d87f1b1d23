"""One start for every engine: asia-2025's opening, branch, calendar and posterior draws, as plain arrays."""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np

from latticework.actions.opening import opening
from latticework.actions.posterior import load_posterior
from latticework.actions.run import DRAWS
from latticework.actions.scenarios import find_scenario
from latticework.ensemble import kept
from latticework.processes import MODEL, AbstractProcess
from latticework.scenario.controls import Controls, compile_branch, steps
from latticework.simulate import Calendar, Keep, Pressure, nowcast_calendar, press, simulate
from latticework.types import Key
from latticework.world import World

Layers = dict[str, np.ndarray]


@dataclass(frozen=True)
class Start:
    """What a simulation starts from; arrays are NumPy's. `theta` is (draws, coefficients) per process."""

    model: tuple[AbstractProcess, ...]
    theta: dict[str, np.ndarray]
    world: World
    pressure: Pressure
    calendar: Calendar
    keep: Keep
    key: Key

    @property
    def draws(self) -> int:
        """The number of posterior draws."""
        return len(next(iter(self.theta.values())))

    def state(self, layer: str) -> np.ndarray:
        """A state layer of the opening."""
        return np.asarray(self.world.state(layer))

    def dyad(self, layer: str) -> np.ndarray:
        """A dyad layer of the opening."""
        return np.asarray(self.world.dyad(layer))

    def coefficients(self, process: str) -> dict[str, np.ndarray]:
        """A process's draws by the names of its coefficients."""
        names = next(p for p in self.model if p.name == process).coefficients()
        return {c.name: self.theta[process][:, i] for i, c in enumerate(names)}


def prepare(scenario: str = "asia-2025", branch: str = "status-quo", seed: int = 1) -> Start:
    """The start of a scenario's branch, made as `latticework run` makes it."""
    _, found = find_scenario(scenario)
    key, grid, posterior = jax.random.key(seed), steps(found), load_posterior()
    begin = opening(found, MODEL)
    controls = compile_branch(found, branch, found.states, grid, posterior.scales)
    controls = plainer(controls)
    pressure = press(controls, jax.random.fold_in(key, 2), DRAWS, MODEL)
    theta = posterior.draw(jax.random.fold_in(key, 1), DRAWS)
    return Start(
        model=MODEL,
        theta={name: np.asarray(values) for name, values in theta.items()},
        world=jax.tree.map(np.asarray, begin.world),
        pressure=jax.tree.map(np.asarray, pressure),
        calendar=nowcast_calendar(grid.dt, begin.nowcast, MODEL),
        keep=kept(found.states, found.focus, tuple(c for c in (found.hub, found.rival) if c)),
        key=jax.random.fold_in(key, 3),
    )


def plainer(controls: Controls) -> Controls:
    """Controls that the rivals know too: an exit due falls on the office, and a vote in both quarters counts once."""
    layers = dict(controls.layers)
    extra = controls.hazard.get("leader_exit", 0.0) + layers.pop("exit_due")
    layers["election_past"] = layers["election_past"] * (1 - layers["election_ahead"])
    return replace(controls, layers=layers, hazard={**controls.hazard, "leader_exit": extra})


def engine(start: Start, paths: np.ndarray) -> Layers:
    """The paths as this engine simulates them."""
    theta, world, pressure = jax.tree.map(jnp.asarray, (start.theta, start.world, start.pressure))
    layers = simulate(start.model, theta, world, pressure, start.calendar, start.keep, start.key, paths)
    return jax.tree.map(np.asarray, layers)
