"""One start for every engine: asia-2025's opening, branch, calendar and posterior draws, as plain arrays."""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np

from latticework.actions.opening import opening
from latticework.actions.posterior import load_posterior
from latticework.actions.run import DRAWS, _years, unexplained
from latticework.actions.scenarios import find_scenario
from latticework.ensemble import kept
from latticework.processes import MODEL, AbstractProcess
from latticework.scenario.controls import compile_branch, steps
from latticework.simulate import Calendar, Keep, Pressure, nowcast_calendar, press, simulate
from latticework.types import Key
from latticework.world import World

Layers = dict[str, np.ndarray]
# Something of every process, so that a compiler cannot leave any of them out.
STATES = (
    "turnover", "turnover_chance", "exit_irregular", "coalition_change", "coalition_age", "ideal_point",
    "defence_effort", "military_spending", "nuclear_status", "nuclear_step_chance", "warheads",
    "membership_joined", "membership_left",
)  # fmt: skip
DYADS = (
    "agreement", "agreement_age", "agreement_signed_chance", "agreement_end_chance", "agreement_violated",
    "agreement_defence", "agreement_nonaggression", "defence", "troops", "exercise", "exercise_recent",
    "visit_president_recent", "visit_secretary_recent", "visit_defence_recent", "trade", "trade_usual",
    "dispute", "dispute_chance", "dispute_force", "dispute_deaths", "dispute_history", "peace_years",
    "dispute_ended", "dispute_end_chance", "dispute_ongoing",
)  # fmt: skip
TOTALS = ("dispute", "agreement_defence", "agreement_nonaggression")  # the last two, for few kept pairs sign anything
PACTS = ("pact_age", "pact_size", "pact_founded", "pact_ended", "pact_ended_chance")


@dataclass(frozen=True)
class Start:
    """What a simulation starts from; arrays are NumPy's. `theta` is (draws, coefficients) per process.

    `names` are those of the coefficients; `states` and `dyads` are the layers of the world for those without JAX.
    """

    model: tuple[AbstractProcess, ...]
    theta: dict[str, np.ndarray]
    world: World
    pressure: Pressure
    calendar: Calendar
    keep: Keep
    key: Key
    names: dict[str, tuple[str, ...]]
    states: dict[str, np.ndarray]
    dyads: dict[str, np.ndarray]

    @property
    def draws(self) -> int:
        """The number of posterior draws."""
        return len(next(iter(self.theta.values())))

    @property
    def pacts(self) -> int:
        """The number of places for pacts."""
        return len(self.world.pacts["pact_age"])

    def state(self, layer: str) -> np.ndarray:
        """A state layer of the opening."""
        return self.states[layer]

    def dyad(self, layer: str) -> np.ndarray:
        """A dyad layer of the opening."""
        return self.dyads[layer]

    def coefficients(self, process: str) -> dict[str, np.ndarray]:
        """A process's draws by the names of its coefficients."""
        return {name: self.theta[process][:, i] for i, name in enumerate(self.names[process])}


def prepare(scenario: str = "asia-2025", branch: str = "status-quo", seed: int = 1) -> Start:
    """The start of a scenario's branch, made as `latticework run` makes it."""
    _, found = find_scenario(scenario)
    key, grid, posterior = jax.random.key(seed), steps(found), load_posterior()
    begin = opening(found, MODEL)
    theta = posterior.draw(jax.random.fold_in(key, 1), DRAWS)
    calendar = nowcast_calendar(grid.dt, begin.nowcast, MODEL)
    always, eras = unexplained(posterior, theta, found.states, _years(found, grid, calendar), key)
    controls = compile_branch(found, branch, found.states, grid, posterior.scales)
    acting = {name: course for name, course in controls.layers.items() if np.isfinite(course).any()}  # not mechanisms'
    controls = replace(controls, layers=acting, contingencies=())  # successions and crises, which no rival knows
    pressure = press(controls, jax.random.fold_in(key, 2), DRAWS, MODEL, always, eras)
    pairs = kept(found.states, found.focus, tuple(c for c in (found.hub, found.rival) if c)).pairs
    world = jax.tree.map(np.asarray, begin.world)
    return Start(
        model=MODEL,
        theta={name: np.asarray(values) for name, values in theta.items()},
        world=world,
        pressure=jax.tree.map(np.asarray, pressure),
        calendar=calendar,
        keep=Keep(STATES, DYADS, pairs, TOTALS, PACTS),
        key=jax.random.fold_in(key, 3),
        names={process.name: tuple(c.name for c in process.coefficients()) for process in MODEL},
        states=dict(world.states),
        dyads=dict(world.dyads),
    )


def engine(start: Start, paths: np.ndarray) -> Layers:
    """The paths as this engine simulates them."""
    theta, world, pressure = jax.tree.map(jnp.asarray, (start.theta, start.world, start.pressure))
    layers = simulate(start.model, theta, world, pressure, start.calendar, start.keep, start.key, paths)
    return jax.tree.map(np.asarray, layers)
