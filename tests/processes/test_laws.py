"""Every process on worlds of three states: a law sums to one and is the law that is drawn from."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import chisquare, t

from latticework.processes import LeaderExit, Push, Trade, TroopChange
from latticework.processes.base import Rows
from latticework.processes.families import (
    AbstractHazard,
    AbstractJumpDrift,
    AbstractMark,
    t4_cdf,
    t4_log_density,
    t4_quantile,
)
from latticework.processes.troops import DOWN, UP
from latticework.world import World
from tests.processes.prepared import COUNTS, DRIFTS, HAZARDS, MARKS, QUARTER, YEAR, prepared

OF_STATES = tuple(process for process in DRIFTS if process.unit == "state")
JUMPS = tuple(process for process in DRIFTS if isinstance(process, AbstractJumpDrift))
OBSERVED = {"defence_pledged": "agreement_defence", "nonaggression_pledged": "agreement_nonaggression"}
DRAWS = 200_000


def outcome_layers(process: AbstractHazard | AbstractMark, numbers: np.ndarray) -> dict[str, jnp.ndarray]:
    """The layers of events (or marks) of units with these outcomes: 0 for none, else the number of the kind."""
    if isinstance(process, AbstractMark):
        return dict.fromkeys((process.mark, OBSERVED.get(process.name, process.mark)), jnp.asarray(numbers))
    kinds = {kind: jnp.asarray(numbers == k + 1) * 1.0 for k, kind in enumerate(process.kinds)}
    return {process.event: jnp.asarray(numbers > 0) * 1.0, **kinds}


def outcomes(process: AbstractHazard | AbstractMark) -> int:
    """How many things can happen to a unit, nothing among them."""
    return 1 + max(len(getattr(process, "kinds", ())), 1)


def cells_at_risk(process: AbstractHazard | AbstractMark, before: World) -> np.ndarray:
    """The units that can have an event, each once."""
    return np.argwhere(np.asarray(process.rows(before, before, YEAR).at_risk))


def event_worlds(process: AbstractHazard | AbstractMark, before: World) -> list[World]:
    """Every possible next world, as far as the process's events go."""
    cells, shape = cells_at_risk(process, before), before.shape(process.unit)
    worlds = []
    for numbers in itertools.product(np.arange(outcomes(process), dtype=np.float32), repeat=len(cells)):
        layer = np.zeros(shape, np.float32)
        layer[tuple(cells.T)] = numbers
        layer = layer + layer.T if process.unit == "dyad" else layer
        worlds.append(before.with_layers(process.unit, outcome_layers(process, layer)))
    return worlds


def law(process, theta, before, worlds, dt) -> np.ndarray:
    return np.exp([float(process.log_prob(theta, before, world, dt)) for world in worlds])


@pytest.mark.parametrize("process", [*HAZARDS, *MARKS], ids=lambda p: p.name)
@pytest.mark.parametrize("dt", [YEAR, QUARTER], ids=["year", "quarter"])
def test_chances_of_all_next_worlds_sum_to_one(process, dt):
    theta, before = prepared(process)
    chances = law(process, theta, before, event_worlds(process, before), dt)
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert chances.min() > 1e-7, "a world that cannot happen makes this check weak"


def test_control_a_law_without_its_no_event_term_does_not_sum_to_one():
    process = LeaderExit()
    theta, before = prepared(process)

    class Broken(LeaderExit):
        def density(self, theta, rows):
            return rows.outcome * super().density(theta, rows)

    assert abs(law(Broken(), theta, before, event_worlds(process, before), YEAR).sum() - 1) > 0.1


@pytest.mark.parametrize("process", OF_STATES, ids=lambda p: p.name)
def test_drift_density_of_three_states_integrates_to_one(process):
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    mean, variance = (np.asarray(x) for x in process.moments(process.weighed(theta, rows.design), rows.level, YEAR))
    u, w = np.polynomial.legendre.leggauss(32)
    z, weight = np.sinh(5 * u), 5 * w * np.cosh(5 * u)  # the whole line, up to 74 sd
    axes = [m + np.sqrt(v) * z for m, v in zip(mean, variance, strict=True)]
    grid = jnp.asarray(np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3), jnp.float32)
    volume = (weight[:, None, None] * weight[None, :, None] * weight[None, None, :]).ravel() * np.sqrt(variance.prod())
    density = jax.vmap(lambda level: process.log_prob(theta, before, process.lay(before, level), YEAR))
    assert float(np.exp(np.asarray(density(grid), float)) @ volume) == pytest.approx(1, abs=2e-3)


def troop_integral(process, theta, before, dt) -> float:
    """Integral of the joint density of two hosts' log changes, split where the law has its corners."""
    u, w = np.polynomial.legendre.leggauss(40)
    pieces = [(-15.0, -2.0), (-2.0, DOWN), (DOWN, -0.02), (-0.02, 0.02), (0.02, UP), (UP, 12.0)]
    x = np.concatenate([(b - a) / 2 * u + (a + b) / 2 for a, b in pieces])
    weight = np.concatenate([(b - a) / 2 * w for a, b in pieces])
    old = jnp.asarray(before.dyads["troops"])

    def density(change):
        new = old.at[0, 1].mul(jnp.exp(change[0])).at[0, 2].mul(jnp.exp(change[1]))
        return process.log_prob(theta, before, before.replace(dyads={"troops": new}), dt)

    grid = jnp.asarray(np.stack(np.meshgrid(x, x, indexing="ij"), -1).reshape(-1, 2), jnp.float32)
    return float(np.exp(np.asarray(jax.vmap(density)(grid), float)) @ np.outer(weight, weight).ravel())


def with_troops(world: World, troops: float) -> World:
    """The same world with so many troops of the first state in each of the others."""
    return world.replace(dyads={"troops": jnp.asarray(world.dyads["troops"]).at[0, 1:].set(troops)})


def test_troop_density_of_two_hosts_integrates_to_one():
    process = TroopChange()
    theta, before = prepared(process)
    before = with_troops(before, 3e7)  # no floor at one soldier
    assert troop_integral(process, theta, before, QUARTER) == pytest.approx(1, abs=5e-3)


def tallied_cells(process) -> tuple:
    """Where the tallies of three states stand: the states, the dyads, the hub's hosts."""
    return {
        "state": (np.arange(3),),
        "dyad": np.triu_indices(3, 1),
        "ordered dyad": (np.zeros(2, int), np.arange(1, 3)),
    }[process.unit]


@pytest.mark.parametrize("process", COUNTS, ids=lambda p: p.name)
def test_tallies_of_three_states_sum_to_one(process):
    theta, before = prepared(process)
    cells = tallied_cells(process)
    each = [np.arange(60.0)] * len(cells[0])
    grid = jnp.asarray(np.stack(np.meshgrid(*each, indexing="ij"), -1).reshape(-1, len(each)), jnp.float32)
    none = jnp.zeros(before.shape(process.unit))

    def density(tally):
        after = before.with_layers(process.unit, {process.tally: none.at[cells].set(tally)})
        return process.log_prob(theta, before, after, YEAR)

    chances = jax.lax.map(density, grid, batch_size=10_000)
    assert float(np.exp(np.asarray(chances, float)).sum()) == pytest.approx(1, abs=2e-3)


def draw_many(process, theta, before, dt, layer: str, draws: int = DRAWS) -> np.ndarray:
    read = lambda w: w.layer(process.unit, layer)  # noqa: E731
    one = jax.jit(jax.vmap(lambda key: read(process.sample(key, theta, before, dt, Push()))))
    return np.asarray(one(jax.random.split(jax.random.key(17), draws)))


def fit_of_draws(process, theta_drawn, theta_stated, before) -> float:
    """P value of a chi-square test of the drawn worlds against the stated law."""
    worlds = event_worlds(process, before)
    expected = law(process, theta_stated, before, worlds, YEAR)
    layers = getattr(process, "kinds", ()) or (process.mark if isinstance(process, AbstractMark) else process.event,)
    drawn = sum((k + 1) * draw_many(process, theta_drawn, before, YEAR, layer) for k, layer in enumerate(layers))
    numbers = drawn[:, *cells_at_risk(process, before).T]
    powers = outcomes(process) ** np.arange(numbers.shape[1])[::-1]
    counts = np.bincount((numbers @ powers).astype(int), minlength=len(worlds))
    return float(chisquare(counts, expected / expected.sum() * DRAWS).pvalue)


@pytest.mark.parametrize("process", [*HAZARDS, *MARKS], ids=lambda p: p.name)
def test_what_is_drawn_is_what_is_stated(process):
    theta, before = prepared(process)
    assert fit_of_draws(process, theta, theta, before) > 1e-3


@pytest.mark.parametrize("process", [*HAZARDS, *MARKS], ids=lambda p: p.name)
def test_control_a_sampler_off_by_a_tenth_is_caught(process):
    theta, before = prepared(process)
    assert fit_of_draws(process, theta.at[0].add(0.1), theta, before) < 1e-6


def binned_fit(drawn: np.ndarray, density, edges: np.ndarray) -> float:
    """P value of draws of one number against a density, by bins whose chance is integrated numerically.

    Zero if not as many draws lie between the edges as the density says.
    """
    u, w = np.polynomial.legendre.leggauss(30)
    mid, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    x = mid[:, None] + half[:, None] * u
    chance = (np.exp(np.asarray(density(x.ravel()), float)).reshape(x.shape) * w).sum(1) * half
    counts, _ = np.histogram(drawn, edges)
    inside = counts.sum() / len(drawn)
    if abs(inside - chance.sum()) > 5 * np.sqrt(inside * (1 - inside) / len(drawn)) + 2e-3:
        return 0.0
    return float(chisquare(counts, chance / chance.sum() * counts.sum()).pvalue)


@pytest.mark.parametrize("process", OF_STATES, ids=lambda p: p.name)
@pytest.mark.parametrize(("error", "caught"), [(0.0, False), (0.1, True)])
def test_drawn_drift_is_the_stated_drift(process, error, caught):
    theta, before = prepared(process)
    one = jax.jit(
        jax.vmap(lambda key: process.level(process.sample(key, theta.at[0].add(3 * error), before, YEAR, Push())))
    )
    drawn = np.asarray(one(jax.random.split(jax.random.key(17), DRAWS)))[:, 1]
    rows = process.rows(before, before, YEAR)
    mean, variance = process.moments(process.weighed(theta, rows.design), rows.level, YEAR)
    edges = float(mean[1]) + float(jnp.sqrt(variance[1])) * np.linspace(-4, 4, 25)

    def density(x):
        one = jnp.ones(len(x))
        flat = Rows(one[:, None] * rows.design[1], one * rows.level[1], jnp.asarray(x, jnp.float32), one > 0, one)
        return process.density(theta, flat)

    assert (binned_fit(drawn, density, edges) < 1e-3) == caught


@pytest.mark.parametrize("process", JUMPS, ids=lambda p: p.name)
def test_control_a_law_without_the_jumps_is_not_what_is_drawn(process):
    theta, before = prepared(process)
    one = jax.jit(jax.vmap(lambda key: process.level(process.sample(key, theta, before, YEAR, Push()))))
    drawn = np.asarray(one(jax.random.split(jax.random.key(17), DRAWS)))[:, 1]
    rows = process.rows(before, before, YEAR)
    mean, variance = process.moments(process.weighed(theta, rows.design), rows.level, YEAR)
    z = (drawn - float(mean[1])) / float(jnp.sqrt(variance[1]))
    assert np.mean(np.abs(z) > 3) > 2 * 2 * t.sf(3 * np.sqrt(2), 4)


@pytest.mark.parametrize(("error", "caught"), [(0.0, False), (0.1, True)])
def test_drawn_troops_are_the_stated_troops(error, caught):
    process = TroopChange()
    theta, before = prepared(process)
    before = with_troops(before, 30_000.0)
    drawn = draw_many(process, theta.at[0].add(error), before, YEAR, "troops")[:, 0, 1]
    rows = process.rows(before, before, YEAR)

    def density(x):
        spread = jnp.zeros((len(x), 1)) + rows.design[0, 1]
        flat = type(rows)(
            spread, jnp.ones(len(x)), jnp.asarray(x, jnp.float32), jnp.ones(len(x), bool), jnp.ones(len(x))
        )
        return process.density(theta, flat)

    edges = np.concatenate([np.linspace(-2.5, DOWN, 8), np.linspace(-0.15, 0.14, 9), np.linspace(UP, 1.8, 8)])
    edges[7] = DOWN
    assert (binned_fit(np.log(np.maximum(drawn, 1.0) / 30_000), density, edges) < 1e-3) == caught


@pytest.mark.parametrize("dt", [YEAR, QUARTER], ids=["year", "quarter"])
@pytest.mark.parametrize("process", COUNTS, ids=lambda p: p.name)
def test_drawn_tallies_are_the_stated_tallies(process, dt):
    theta, before = prepared(process)
    cell = tuple(index[0] for index in tallied_cells(process))
    tallies = draw_many(process, theta, before, dt, process.tally, 50_000)[:, *cell]
    rows = process.rows(before, before, dt)
    support = jnp.arange(8.0)
    flat = type(rows)(jnp.ones((8, 1)) * rows.design[cell], support, support, jnp.ones(8, bool), jnp.full(8, dt))
    chance = np.exp(np.asarray(process.density(theta, flat), float))
    counts = np.bincount(np.minimum(tallies, 8).astype(int), minlength=9)
    chance = np.append(chance, 1 - chance.sum())
    told = max(1, int((chance * 50_000 >= 20).argmin()) if (chance * 50_000 < 20).any() else 8)
    chance, counts = (np.append(x[:told], x[told:].sum()) for x in (chance, counts))
    assert told >= 2, "too rare for a test"
    assert chisquare(counts, chance * 50_000).pvalue > 1e-3


@pytest.mark.parametrize(("error", "caught"), [(0.0, False), (0.3, True)])
def test_drawn_trade_is_the_stated_trade(error, caught):
    process = Trade()
    theta, before = prepared(process)
    drawn = draw_many(process, theta.at[0].add(error), before, YEAR, "trade")[:, 0, 1]
    rows = process.rows(before, before, YEAR)
    mean, variance = process.moments(process.weighed(theta, rows.design), rows.level, YEAR)
    mean, variance = mean[0, 1], variance[0, 1]
    edges = float(mean) + float(jnp.sqrt(variance)) * np.linspace(-4, 4, 25)

    def density(x):
        return process.innovation_log_density(jnp.asarray(x) - mean, jnp.full(len(x), variance))

    assert (binned_fit(np.log(drawn / 1000), density, edges) < 1e-3) == caught


def test_the_closed_forms_of_four_degrees_are_those_of_scipy():
    z = np.linspace(-8, 8, 81)
    np.testing.assert_allclose(t4_cdf(jnp.asarray(z)), t.cdf(z, 4), atol=1e-6)
    np.testing.assert_allclose(t4_log_density(jnp.asarray(z)), t.logpdf(z, 4), atol=1e-5)
    u = np.linspace(0.001, 0.999, 81)
    np.testing.assert_allclose(t4_quantile(jnp.asarray(u)), t.ppf(u, 4), rtol=2e-3, atol=2e-3)
