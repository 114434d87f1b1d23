"""Every process on worlds of three states: a law sums to one, is the law that is drawn from, and knows no names."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import chisquare, t

from latticework.processes import AgreementEnd, AlignmentDrift, DisputeOnset, LeaderExit, Push, TroopChange
from latticework.processes.families import AbstractHazard, t4_cdf, t4_log_density, t4_quantile
from latticework.processes.troops import DOWN, UP
from latticework.world import World
from tests.synthetic import Visits, made_up_world, permuted

HAZARDS = (LeaderExit(), AgreementEnd(), DisputeOnset())
EVERY = (*HAZARDS, AlignmentDrift(), TroopChange(), Visits())
YEAR, QUARTER = jnp.asarray(1.0), jnp.asarray(0.25)
DRAWS = 200_000


def some_theta(process, seed: int = 3) -> jnp.ndarray:
    """Coefficients that make events neither rare nor sure."""
    rng = np.random.default_rng(seed)
    theta = 0.3 * rng.standard_normal(len(process.coefficients()))
    if isinstance(process, AlignmentDrift):
        theta[5:7] = np.log([0.2, 0.4])
    if isinstance(process, DisputeOnset):
        theta[7:10] = [-0.05, 0.1, -0.05]
    if isinstance(process, AgreementEnd):
        theta[-3:] = [-0.1, 0.02, -0.01]
    if isinstance(process, TroopChange):
        theta[[22, 28, 34]] = np.log([0.5, 0.3, 0.1])
        theta[[23, 25, 27, 29, 31, 33, 35, 37, 39, 40]] = 0
    return jnp.asarray(theta, jnp.float32)


def prepared(process, seed: int = 0) -> tuple[jnp.ndarray, World]:
    theta = some_theta(process)
    return theta, process.start(jax.random.key(9), theta, made_up_world(3, seed))


def event_worlds(process: AbstractHazard, before: World) -> list[World]:
    """Every possible next world of three states, as far as the process's events go."""
    worlds = []
    for bits in itertools.product([0.0, 1.0], repeat=3):
        if process.unit == "state":
            worlds.append(before.replace(states={process.event: jnp.asarray(bits)}))
        else:
            event = np.zeros((3, 3), np.float32)
            event[np.triu_indices(3, 1)] = bits
            worlds.append(before.replace(dyads={process.event: jnp.asarray(event + event.T)}))
    return worlds


def law(process, theta, before, worlds, dt) -> np.ndarray:
    return np.exp([float(process.log_prob(theta, before, world, dt)) for world in worlds])


@pytest.mark.parametrize("process", HAZARDS, ids=lambda p: p.name)
@pytest.mark.parametrize("dt", [YEAR, QUARTER], ids=["year", "quarter"])
def test_chances_of_all_next_worlds_sum_to_one(process, dt):
    theta, before = prepared(process)
    chances = law(process, theta, before, event_worlds(process, before), dt)
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert chances.min() > 1e-6, "a world that cannot happen makes this check weak"


def test_control_a_law_without_its_no_event_term_does_not_sum_to_one():
    process = LeaderExit()
    theta, before = prepared(process)

    class Broken(LeaderExit):
        def density(self, theta, rows):
            return rows.outcome * super().density(theta, rows)

    assert abs(law(Broken(), theta, before, event_worlds(process, before), YEAR).sum() - 1) > 0.1


def test_drift_density_of_three_states_integrates_to_one():
    process = AlignmentDrift()
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    mean, variance = (np.asarray(x) for x in process.moments(process.weighed(theta, rows.design), rows.level, YEAR))
    u, w = np.polynomial.legendre.leggauss(32)
    z, weight = np.sinh(5 * u), 5 * w * np.cosh(5 * u)  # the whole line, up to 74 sd
    axes = [m + np.sqrt(v) * z for m, v in zip(mean, variance, strict=True)]
    grid = jnp.asarray(np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3), jnp.float32)
    volume = (weight[:, None, None] * weight[None, :, None] * weight[None, None, :]).ravel() * np.sqrt(variance.prod())
    density = jax.vmap(lambda level: process.log_prob(theta, before, before.replace({"ideal_point": level}), YEAR))
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


def test_tallies_of_three_states_sum_to_one():
    process = Visits()
    theta, before = prepared(process)
    grid = jnp.asarray(np.stack(np.meshgrid(*[np.arange(60.0)] * 3, indexing="ij"), -1).reshape(-1, 3), jnp.float32)
    density = jax.vmap(lambda tally: process.log_prob(theta, before, before.replace({"visits": tally}), YEAR))
    assert float(np.exp(np.asarray(density(grid), float)).sum()) == pytest.approx(1, abs=2e-3)


def draw_many(process, theta, before, dt, layer: str, draws: int = DRAWS) -> np.ndarray:
    read = (lambda w: w.states[layer]) if layer in before.states else (lambda w: w.dyads[layer])
    one = jax.jit(jax.vmap(lambda key: read(process.sample(key, theta, before, dt, Push()))))
    return np.asarray(one(jax.random.split(jax.random.key(17), draws)))


def fit_of_draws(process, theta_drawn, theta_stated, before) -> float:
    """P value of a chi-square test of the drawn worlds against the stated law."""
    worlds = event_worlds(process, before)
    expected = law(process, theta_stated, before, worlds, YEAR)
    drawn = draw_many(process, theta_drawn, before, YEAR, process.event)
    bits = drawn if process.unit == "state" else drawn[:, *np.triu_indices(3, 1)]
    counts = np.bincount((bits @ np.array([4, 2, 1])).astype(int), minlength=8)
    return float(chisquare(counts, expected / expected.sum() * DRAWS).pvalue)


@pytest.mark.parametrize("process", HAZARDS, ids=lambda p: p.name)
def test_what_is_drawn_is_what_is_stated(process):
    theta, before = prepared(process)
    assert fit_of_draws(process, theta, theta, before) > 1e-3


@pytest.mark.parametrize("process", HAZARDS, ids=lambda p: p.name)
def test_control_a_sampler_off_by_a_tenth_is_caught(process):
    theta, before = prepared(process)
    assert fit_of_draws(process, theta.at[0].add(0.1), theta, before) < 1e-6


def binned_fit(drawn: np.ndarray, density, edges: np.ndarray) -> float:
    """P value of draws of one number against a density, by bins whose chance is integrated numerically."""
    u, w = np.polynomial.legendre.leggauss(30)
    mid, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    x = mid[:, None] + half[:, None] * u
    chance = (np.exp(np.asarray(density(x.ravel()), float)).reshape(x.shape) * w).sum(1) * half
    counts, _ = np.histogram(drawn, edges)
    inside = counts.sum() / len(drawn)
    assert abs(inside - chance.sum()) < 5 * np.sqrt(inside * (1 - inside) / len(drawn)) + 2e-3
    return float(chisquare(counts, chance / chance.sum() * counts.sum()).pvalue)


@pytest.mark.parametrize(("error", "caught"), [(0.0, False), (0.1, True)])
def test_drawn_drift_is_the_stated_drift(error, caught):
    process = AlignmentDrift()
    theta, before = prepared(process)
    drawn = draw_many(process, theta.at[0].add(error * 3), before, YEAR, "ideal_point")[:, 1]
    rows = process.rows(before, before, YEAR)
    mean, variance = process.moments(process.weighed(theta, rows.design), rows.level, YEAR)
    edges = float(mean[1]) + float(jnp.sqrt(variance[1])) * np.linspace(-4, 4, 25)

    def density(x):
        return process.innovation_log_density(jnp.asarray(x) - mean[1], jnp.full(len(x), variance[1]))

    assert (binned_fit(drawn, density, edges) < 1e-3) == caught


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


def test_drawn_tallies_are_the_stated_tallies():
    process = Visits()
    theta, before = prepared(process)
    tallies = draw_many(process, theta, before, YEAR, "visits")[:, 0]
    rows = process.rows(before, before, YEAR)
    support = jnp.arange(12.0)
    flat = type(rows)(jnp.ones((12, 1)) * rows.design[0], support, support, jnp.ones(12, bool), jnp.ones(12))
    chance = np.exp(np.asarray(process.density(theta, flat), float))
    counts = np.bincount(np.minimum(tallies, 12).astype(int), minlength=13)
    assert chisquare(counts, np.append(chance, 1 - chance.sum()) * DRAWS).pvalue > 1e-3


@pytest.mark.parametrize("process", EVERY, ids=lambda p: p.name)
def test_names_do_not_matter(process):
    theta, before = prepared(process, seed=5)
    after = process.sample(jax.random.key(2), theta, before, YEAR, Push())
    order = np.array([2, 0, 1])
    same = process.log_prob(theta, permuted(before, order), permuted(after, order), YEAR)
    assert float(same) == pytest.approx(float(process.log_prob(theta, before, after, YEAR)), abs=1e-4)


def test_control_an_effect_of_the_first_state_alone_is_noticed():
    process = DisputeOnset()
    theta, before = prepared(process, seed=5)
    lopsided = jnp.asarray(before.dyads["rivalry"]).at[0, 1].add(1.0)
    before = before.replace(dyads={"rivalry": lopsided})
    after = process.sample(jax.random.key(2), theta, before, YEAR, Push())
    order = np.array([1, 0, 2])
    other = process.log_prob(theta, permuted(before, order), permuted(after, order), YEAR)
    assert abs(float(other) - float(process.log_prob(theta, before, after, YEAR))) > 1e-3


CLOCKS = {
    "leader_exit": ("log tenure", "democracy x log tenure", "election"),
    "agreement_end": ("age", "new leader"),
    "dispute_onset": ("peace years", "outside pact"),
}


@pytest.mark.parametrize("process", HAZARDS, ids=lambda p: p.name)
def test_a_year_in_one_step_and_in_four_is_the_same_law(process):
    theta, before = prepared(process)
    names = [c.name for c in process.coefficients()]
    still = jnp.asarray([not any(name.startswith(c) or c in name for c in CLOCKS[process.name]) for name in names])
    theta = jnp.where(still, theta, 0.0)  # effects of clocks change within the year; the others stand still
    quiet = event_worlds(process, before)[0]
    whole = float(process.log_prob(theta, before, quiet, YEAR))
    quarters = 4 * float(process.log_prob(theta, before, quiet, QUARTER))
    assert whole == pytest.approx(quarters, rel=1e-5)


def test_control_a_logit_link_with_the_same_offset_is_another_law():
    whole, quarter = (-np.log1p(np.exp(0.5 + np.log(dt))) for dt in (1.0, 0.25))
    assert abs(whole - 4 * quarter) > 0.1


def test_two_half_steps_of_a_drift_have_the_moments_of_one():
    process = AlignmentDrift()
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    mean, variance = process.moments(process.weighed(theta, rows.design), rows.level, YEAR)
    half = jnp.asarray(0.5)
    middle, first = process.moments(process.weighed(theta, rows.design), rows.level, half)
    end, second = process.moments(process.weighed(theta, rows.design), middle, half)
    shrink = np.exp(-2 * np.exp(float(theta[5])) * 0.5)
    np.testing.assert_allclose(end, mean, rtol=1e-5)
    np.testing.assert_allclose(first * shrink + second, variance, rtol=1e-5)


def test_the_closed_forms_of_four_degrees_are_those_of_scipy():
    z = np.linspace(-8, 8, 81)
    np.testing.assert_allclose(t4_cdf(jnp.asarray(z)), t.cdf(z, 4), atol=1e-6)
    np.testing.assert_allclose(t4_log_density(jnp.asarray(z)), t.logpdf(z, 4), atol=1e-5)
    u = np.linspace(0.001, 0.999, 81)
    np.testing.assert_allclose(t4_quantile(jnp.asarray(u)), t.ppf(u, 4), rtol=2e-3, atol=2e-3)
