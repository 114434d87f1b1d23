"""Made-up worlds with every layer that the processes read, and a process of each family that no scenario uses."""

import jax
import jax.numpy as jnp
import numpy as np

from latticework.effects import OfState
from latticework.processes import AbstractCount, AbstractProcess, Coefficient, Push
from latticework.world import Panel, World


def symmetric(values: np.ndarray) -> np.ndarray:
    upper = np.triu(values, 1)
    return (upper + np.swapaxes(upper, -1, -2)).astype(np.float32)


def made_up_world(n: int, seed: int = 0, hub: int = 0) -> World:
    """One world of n states: every unit at risk of every process, troops of the hub in every other state."""
    rng = np.random.default_rng(seed)
    states = made_up_states(rng, n, 1970.0 + seed % 10)
    dyads = made_up_dyads(rng, n, hub)
    return World(
        jnp.ones(n, bool),
        {name: jnp.asarray(v) for name, v in states.items()},
        {name: jnp.asarray(v) for name, v in dyads.items()},
    )


def made_up_states(rng: np.random.Generator, n: int, year: float) -> dict[str, np.ndarray]:
    def share(p: float) -> np.ndarray:
        return (rng.random(n) < p).astype(np.float32)

    return {
        "capability": rng.uniform(0.001, 0.2, n).astype(np.float32),
        "democracy": rng.random(n).astype(np.float32),
        "ideal_point": rng.standard_normal(n).astype(np.float32),
        "ideal_point_usual": rng.standard_normal(n).astype(np.float32),
        "ideal_point_sd": np.full(n, 0.15, np.float32),
        "major_power": share(0.3),
        "fixed_term": share(0.4),
        "tenure": rng.uniform(0, 8, n).astype(np.float32),
        "turnover": np.zeros(n, np.float32),
        "year": np.full(n, year, np.float32),
        "election_ahead": share(0.2),
        "election_past": share(0.2),
        "visits": np.zeros(n, np.float32),
    } | made_up_force(rng.spawn(1)[0], n)


def made_up_force(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Wars and weapons of states; from a generator of its own, so that other layers stay what they were."""
    return {
        "civil_conflict": rng.integers(0, 3, n).astype(np.float32),
        "nuclear_status": rng.choice([0, 3], n).astype(np.float32),
    }


def made_up_record(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Wars, past disputes and the age of pacts between states."""
    pairs, zero = (n, n), np.zeros((n, n), np.float32)
    return {
        "defence_years": symmetric(rng.uniform(0, 5, pairs)),
        "dispute_history": symmetric(rng.exponential(1.0, pairs)),
        "dispute_force": zero,
        "dispute_deaths": zero,
        "interstate_conflict": symmetric(rng.random(pairs) < 0.5 / n),
        "war_theatre": (rng.random(pairs) < 0.2).astype(np.float32) * (1 - np.eye(n, dtype=np.float32)),
    }


def made_up_dyads(rng: np.random.Generator, n: int, hub: int) -> dict[str, np.ndarray]:
    def some(p: float) -> np.ndarray:
        return symmetric(rng.random((n, n)) < p)

    troops = np.full((n, n), np.nan, np.float32)
    troops[hub] = np.exp(rng.uniform(np.log(200), np.log(60_000), n))
    troops[hub, hub] = np.nan
    return {
        "defence": some(0.3),
        "agreement": symmetric(np.ones((n, n))),
        "agreement_age": symmetric(rng.uniform(0, 40, (n, n))),
        "agreement_defence": some(0.3),
        "agreement_nonaggression": some(0.3),
        "agreement_shift": some(0.4),
        "agreement_ended": np.zeros((n, n), np.float32),
        "troops": troops,
        "dispute": np.zeros((n, n), np.float32),
        "dispute_ongoing": np.zeros((n, n), np.float32),
        "peace_years": symmetric(rng.uniform(0, 30, (n, n))),
        "contiguity": symmetric(rng.integers(1, 6, (n, n))),
        "distance": symmetric(rng.uniform(100, 9000, (n, n))),
        "rivalry": some(0.2),
    } | made_up_record(rng.spawn(1)[0], n)


def made_up_panel(process: AbstractProcess, truth: np.ndarray, n: int, steps: int, dt: float, seed: int = 1) -> Panel:
    """What a process with known coefficients does over many worlds; what it does not move is drawn anew each step."""
    theta = jnp.asarray(truth, jnp.float32)
    worlds, current = [], process.start(jax.random.key(seed), theta, made_up_world(n, seed))
    kept = tuple(process.writes)
    sample = jax.jit(lambda key, world: process.sample(key, theta, world, jnp.asarray(dt, jnp.float32), Push()))
    for step in range(steps):
        worlds.append(current)
        fresh = made_up_world(n, seed * 7919 + step)
        rng = np.random.default_rng(seed * 31 + step)
        given = {name: jnp.asarray(symmetric(rng.random((n, n)) < 0.5)) for name in process.given}
        after = sample(jax.random.key(seed * 100_003 + step), current.replace(dyads=given))
        fresh = fresh.replace(dyads=given)
        states = {k: v for k, v in after.states.items() if k in kept or k not in fresh.states}
        dyads = {k: v for k, v in after.dyads.items() if k in kept or k not in fresh.dyads}
        if process.name == "agreement_end":  # an ended agreement is replaced at once, so that evidence goes on
            dyads |= {"agreement": fresh.dyads["agreement"]}
        current = fresh.replace(states, dyads)
    stacked = jax.tree.map(lambda *xs: np.stack([np.asarray(x) for x in xs]), *worlds)
    days = np.datetime64("1950-12-31") + np.round(np.arange(steps) * dt * 365.25).astype("timedelta64[D]")
    return Panel(stacked, tuple(f"S{i:02d}" for i in range(n)), days)


class Visits(AbstractCount):
    """A tally for the tests of its family."""

    name = "visits"
    title = "Visits"
    unit = "state"
    grid = "year"
    observed = "visits"
    tally = "visits"
    reads = ("visits", "democracy")
    writes = ("visits",)

    def rate_effects(self) -> tuple[Coefficient, ...]:
        return (Coefficient("intercept", None), Coefficient("democracy", OfState("democracy")))


def permuted(world: World, order: np.ndarray) -> World:
    """The same world with its states named in another order."""
    return World(
        world.present[order],
        {name: v[order] for name, v in world.states.items()},
        {name: v[np.ix_(order, order)] for name, v in world.dyads.items()},
    )
