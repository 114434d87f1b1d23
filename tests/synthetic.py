"""Made-up worlds with every layer that the processes read, and a process of each family that no scenario uses."""

import jax
import jax.numpy as jnp
import numpy as np

from latticework.effects import OfState
from latticework.processes import AbstractCount, AbstractProcess, Coefficient, Push
from latticework.world import Panel, World

EVENTS = ("signed", "ended", "violated", "expired", "renegotiated")


def symmetric(values: np.ndarray) -> np.ndarray:
    upper = np.triu(values, 1)
    return (upper + np.swapaxes(upper, -1, -2)).astype(np.float32)


def made_up_world(n: int, seed: int = 0, hub: int = 0) -> World:
    """One world of n states: every unit at risk of every process, troops of the hub in every other state."""
    rng = np.random.default_rng(seed)
    states = made_up_states(rng, n, 1955.0 + seed % 50) | made_up_rule(np.random.default_rng([seed, 1]), n)
    dyads = made_up_dyads(rng, n, hub)
    arms = np.random.default_rng(seed + 1_000_003)  # its own stream, so that the layers above keep their values
    states, dyads = states | made_up_arms(arms, n), dyads | made_up_conflicts(arms, n)
    dyads |= made_up_ties(np.random.default_rng(seed + 3_000_003), n, hub)
    dyads["shared_igos"] = symmetric(np.random.default_rng(seed + 4_000_003).poisson(32.0, (n, n)))
    pacts, memberships = made_up_pacts(np.random.default_rng(seed + 2_000_003), n)
    return World(np.ones(n, bool), states, dyads, pacts, memberships).mapped(jnp.asarray)


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


def made_up_arms(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    gdp = np.exp(rng.uniform(22, 30, n))
    effort = np.exp(rng.normal(-4.0, 0.7, n))
    layers = {
        "gdp": gdp,
        "gdp_growth": rng.normal(0.07, 0.1, n),
        "defence_effort": effort,
        "military_spending": gdp * effort / 1000,
        "effort_growth": rng.normal(0.0, 0.1, n),
        "civil_conflict": rng.integers(0, 3, n),
        "nuclear_status": np.arange(n) % 3,
        "nuclear_step": np.zeros(n),
        "warheads": np.exp(rng.uniform(2, 9, n)),
    }
    return {name: values.astype(np.float32) for name, values in layers.items()}


def made_up_conflicts(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    return {
        "integrated_defence": symmetric(rng.random((n, n)) < 3 / n),
        "interstate_conflict": symmetric(2.0 * (rng.random((n, n)) < 0.3 / n)),
    }


def made_up_rule(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """How states are ruled: half of the leaders leave in the step, a third of them by force."""

    def share(p: float) -> np.ndarray:
        return (rng.random(n) < p).astype(np.float32)

    left, forced = share(0.5), share(0.35)
    age = rng.uniform(0, 4, n).astype(np.float32)
    return {
        "civil_conflict": rng.choice([0, 1, 2], n, p=[0.6, 0.25, 0.15]).astype(np.float32),
        "growth": (0.037 + 0.1 * rng.standard_normal(n)).astype(np.float32),
        "turnover": left,
        "exit_regular": left * (1 - forced),
        "exit_irregular": left * forced,
        "coalition_change": left * share(0.5),
        "coalition_age": np.where(share(0.2) > 0, np.float32(np.nan), age),
        "party_rule": share(0.3),
        "military_rule": share(0.3),
        "monarchy": share(0.3),
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
        **{f"agreement_{event}": np.zeros((n, n), np.float32) for event in EVENTS},
        "troops": troops,
        "troops_placed": np.zeros((n, n), np.float32),
        "dispute": np.zeros((n, n), np.float32),
        "dispute_ongoing": np.zeros((n, n), np.float32),
        "dispute_open": np.zeros((n, n), np.float32),
        "dispute_ended": np.zeros((n, n), np.float32),
        "peace_years": symmetric(rng.uniform(0, 30, (n, n))),
        "contiguity": symmetric(rng.integers(1, 6, (n, n))),
        "distance": symmetric(rng.uniform(100, 9000, (n, n))),
        "rivalry": some(0.2),
    } | made_up_record(rng.spawn(1)[0], n)


def made_up_pacts(rng: np.random.Generator, n: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Two pacts in force, of all states but one and of the first three, and a free place."""
    member = np.zeros((3, n), np.float32)
    member[0, 1:], member[1, :3] = 1, 1
    size = member.sum(-1) + np.array([4, 0, 0], np.float32)  # the first has members elsewhere
    none = np.zeros(3, np.float32)
    return {
        "pact_age": rng.uniform(0, 40, 3).astype(np.float32),
        "pact_defence": np.array([1, 0, 0], np.float32),
        "pact_nonaggression": np.array([0, 1, 0], np.float32),
        "pact_size": size,
        "pact_founded": none,
        "pact_ended": none,
    }, {"pact_member": member, "pact_joined": 0 * member, "pact_left": 0 * member}


def made_up_ties(rng: np.random.Generator, n: int, hub: int) -> dict[str, np.ndarray]:
    """Exercises, the hub's visits and trade, and what is remembered of them."""
    visited = np.full((n, n), np.nan, np.float32)
    visited[hub] = rng.exponential(1.0, n)
    visited[hub, hub] = np.nan
    visits = ("visit_president", "visit_secretary", "visit_defence")
    return {
        "exercise": np.zeros((n, n), np.float32),
        "exercise_recent": symmetric(rng.exponential(1.0, (n, n))),
        "trade": symmetric(np.exp(rng.uniform(np.log(100), np.log(1e4), (n, n)))),
        "trade_usual": symmetric(np.exp(rng.uniform(np.log(100), np.log(1e4), (n, n)))),
        **{name: np.zeros((n, n), np.float32) for name in visits},
        **{f"{name}_recent": visited.copy() for name in visits},
    }


def happened(rng: np.random.Generator, world: World, events: tuple[str, ...]) -> World:
    """The world with every second of some events of dyads having happened, where none has."""
    some = {
        name: jnp.asarray(symmetric(rng.random((world.n, world.n)) < 0.5))
        for name in events
        if name in world.dyads and not np.asarray(world.dyads[name]).any()
    }
    return world.replace(dyads=some)


def made_up_panel(
    process: AbstractProcess,
    truth: np.ndarray,
    n: int,
    steps: int,
    dt: float,
    seed: int = 1,
    offset: np.ndarray | None = None,
) -> Panel:
    """What a process with known coefficients does over many worlds; what it does not move is drawn anew each step.

    `offset` (steps, *units) goes onto the first linear predictor.
    """
    theta = jnp.asarray(truth, jnp.float32)
    worlds, current = [], process.start(jax.random.key(seed), theta, made_up_world(n, seed))
    fading = ("growth", "ideal_point_usual")  # which follow what they stand beside, and would tell nothing
    kept = tuple(name for name in process.writes if name not in fading)
    length = jnp.asarray(dt, jnp.float32)
    sample = jax.jit(lambda key, world, off: process.sample(key, theta, world, length, Push(offset=off)))
    for step in range(steps):
        worlds.append(current)
        extra = jnp.asarray(0.0 if offset is None else offset[step], jnp.float32)
        fresh = made_up_world(n, seed * 7919 + step)
        given = happened(np.random.default_rng(seed * 31 + step), fresh, process.given)
        after = sample(jax.random.key(seed * 100_003 + step), current.seeing(given, process.given), extra)
        fresh = fresh.seeing(given, process.given)
        states = {k: v for k, v in after.states.items() if k in kept or k not in fresh.states}
        dyads = {k: v for k, v in after.dyads.items() if k in kept or k not in fresh.dyads}
        pacts = {k: v for k, v in after.pacts.items() if k in kept or k not in fresh.pacts}
        memberships = {k: v for k, v in after.memberships.items() if k in kept or k not in fresh.memberships}
        current = fresh.replace(states, dyads, pacts, memberships)
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
        dict(world.pacts),
        {name: v[:, order] for name, v in world.memberships.items()},
    )
