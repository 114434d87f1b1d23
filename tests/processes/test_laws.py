"""Every process on worlds of three states: a law sums to one, is the law that is drawn from, and knows no names."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import chisquare, t

from latticework.processes import (
    AgreementEnd,
    AgreementSigned,
    AlignmentDrift,
    CoalitionChange,
    DefenceEffort,
    DefenceVisits,
    DisputeOnset,
    Exercises,
    LeaderExit,
    NuclearStep,
    PactEnded,
    PactFounded,
    PactJoined,
    PactLeft,
    PresidentVisits,
    Push,
    SecretaryVisits,
    Trade,
    TroopChange,
    Warheads,
)
from latticework.processes.families import (
    AbstractDrift,
    AbstractHazard,
    AbstractMark,
    remembered,
    t4_cdf,
    t4_log_density,
    t4_quantile,
)
from latticework.processes.families.count import FADE
from latticework.processes.troops import DOWN, UP
from latticework.world import World
from tests.synthetic import Visits, made_up_world, permuted

TREATIES = (AgreementSigned(), AgreementEnd(), PactJoined(), PactLeft(), PactEnded())
HAZARDS = (LeaderExit(), *TREATIES, DisputeOnset(), NuclearStep())
DRIFTS = (AlignmentDrift(), DefenceEffort(), Warheads())
COUNTS = (Visits(), Exercises(), PresidentVisits(), SecretaryVisits(), DefenceVisits())
MARKS = (CoalitionChange(),)
EVERY = (*HAZARDS, *MARKS, *DRIFTS, *COUNTS, Trade(), PactFounded(), TroopChange())
YEAR, QUARTER = jnp.asarray(1.0), jnp.asarray(0.25)
DRAWS = 200_000


def some_theta(process, seed: int = 3) -> jnp.ndarray:
    """Coefficients that make events neither rare nor sure."""
    rng = np.random.default_rng(seed)
    theta = 0.3 * rng.standard_normal(len(process.coefficients()))
    if isinstance(process, AbstractDrift):
        pace = len(process.mean_effects())
        theta[pace : pace + 2] = np.log([0.2, 0.4])
    if process.name != "visits" and process in COUNTS:
        theta[0], theta[-2:] = -1.0, [0.2, 0.5]
    if isinstance(process, DisputeOnset):
        theta[7:10] = [-0.05, 0.1, -0.05]
    if isinstance(process, AgreementEnd):
        theta[6:9] = [-0.1, 0.02, -0.01]
    if isinstance(process, PactLeft | PactJoined | PactEnded):
        theta[0] = -0.5
    if isinstance(process, TroopChange):
        theta[[22, 28, 34]] = np.log([0.5, 0.3, 0.1])
        theta[[23, 25, 27, 29, 31, 33, 35, 37, 39, 40]] = 0
    return jnp.asarray(theta, jnp.float32)


def prepared(process, seed: int = 0) -> tuple[jnp.ndarray, World]:
    """Coefficients, and a world of three states in which there is something to happen."""
    theta, world = some_theta(process), made_up_world(3, seed)
    if isinstance(process, AbstractMark):  # the event has happened to every unit
        world = world.with_layers(process.unit, {process.given[0]: jnp.ones(world.shape(process.unit))})
    if isinstance(process, AgreementSigned):
        world = world.replace(dyads={"agreement": jnp.zeros((3, 3))})
    if isinstance(process, PactLeft):  # three members of the first, of which one may leave
        member = jnp.asarray([[1.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
        world = world.replace(memberships={"pact_member": member})
    if isinstance(process, PactJoined):
        member = jnp.asarray([[0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
        world = world.replace(memberships={"pact_member": member})
    return theta, process.start(jax.random.key(9), theta, world)


def outcome_layers(process: AbstractHazard | AbstractMark, numbers: np.ndarray) -> dict[str, jnp.ndarray]:
    """The layers of events (or marks) of units with these outcomes: 0 for none, else the number of the kind."""
    if isinstance(process, AbstractMark):
        return {process.mark: jnp.asarray(numbers)}
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
    assert chances.min() > 1e-6, "a world that cannot happen makes this check weak"


def test_control_a_law_without_its_no_event_term_does_not_sum_to_one():
    process = LeaderExit()
    theta, before = prepared(process)

    class Broken(LeaderExit):
        def density(self, theta, rows):
            return rows.outcome * super().density(theta, rows)

    assert abs(law(Broken(), theta, before, event_worlds(process, before), YEAR).sum() - 1) > 0.1


@pytest.mark.parametrize("process", DRIFTS, ids=lambda p: p.name)
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


def year_from_quarters(process, dispersion: float = 0.0) -> np.ndarray:
    """The law of a year's tally of one unit and that of four quarters' sum, effects standing still: their distance."""
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    first = rows.design.reshape(-1, rows.design.shape[-1])[np.flatnonzero(np.asarray(rows.at_risk))[0]]
    support = jnp.arange(80.0)

    def chance(dt, more):
        flat = type(rows)(jnp.ones((80, 1)) * first, support, support, jnp.ones(80, bool), jnp.full(80, dt))
        return np.exp(np.asarray(process.density(theta.at[-1].add(more), flat), float))

    quarter = chance(0.25, dispersion)
    half = np.convolve(quarter, quarter)[:80]
    return np.abs(np.convolve(half, half)[:80] - chance(1.0, 0.0)).max()


@pytest.mark.parametrize("process", COUNTS, ids=lambda p: p.name)
def test_four_quarters_of_a_tally_are_a_year_of_it(process):
    assert year_from_quarters(process) < 1e-5


def test_control_a_dispersion_that_is_the_same_for_any_step_is_another_law():
    assert year_from_quarters(Visits(), np.log(4.0)) > 1e-3


def test_what_is_remembered_fades_alike_in_one_step_and_in_four():
    whole = remembered(jnp.asarray(2.0), jnp.asarray(8.0), YEAR)
    memory = jnp.asarray(2.0)
    for _ in range(4):
        memory = remembered(memory, jnp.asarray(2.0), QUARTER)
    assert float(memory) == pytest.approx(float(whole), rel=1e-5)
    days = (np.arange(10_000) + 0.5) / 10_000  # eight events spread over the year, each faded by its end
    slow = 2 * np.exp(-1 / FADE) + 8 * np.exp(-(1 - days) / FADE).mean()
    assert float(whole) == pytest.approx(slow, rel=1e-5)


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
    """P value of draws of one number against a density, by bins whose chance is integrated numerically."""
    u, w = np.polynomial.legendre.leggauss(30)
    mid, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    x = mid[:, None] + half[:, None] * u
    chance = (np.exp(np.asarray(density(x.ravel()), float)).reshape(x.shape) * w).sum(1) * half
    counts, _ = np.histogram(drawn, edges)
    inside = counts.sum() / len(drawn)
    assert abs(inside - chance.sum()) < 5 * np.sqrt(inside * (1 - inside) / len(drawn)) + 2e-3
    return float(chisquare(counts, chance / chance.sum() * counts.sum()).pvalue)


@pytest.mark.parametrize("process", DRIFTS, ids=lambda p: p.name)
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
    "agreement_signed": ("dispute",),
    "agreement_end": ("age", "new leader"),
    "pact_joined": ("log age",),
    "pact_left": ("log age", "new leader"),
    "pact_ended": ("log age",),
    "dispute_onset": ("peace years", "outside pact"),
    "nuclear_step": (),
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


@pytest.mark.parametrize("process", DRIFTS, ids=lambda p: p.name)
def test_two_half_steps_of_a_drift_have_the_moments_of_one(process):
    theta, before = prepared(process)
    rows = process.rows(before, before, YEAR)
    mean, variance = process.moments(process.weighed(theta, rows.design), rows.level, YEAR)
    half = jnp.asarray(0.5)
    middle, first = process.moments(process.weighed(theta, rows.design), rows.level, half)
    end, second = process.moments(process.weighed(theta, rows.design), middle, half)
    shrink = np.exp(-2 * np.exp(float(theta[len(process.mean_effects())])) * 0.5)
    np.testing.assert_allclose(end, mean, rtol=1e-5)
    np.testing.assert_allclose(first * shrink + second, variance, rtol=1e-5)


def test_the_closed_forms_of_four_degrees_are_those_of_scipy():
    z = np.linspace(-8, 8, 81)
    np.testing.assert_allclose(t4_cdf(jnp.asarray(z)), t.cdf(z, 4), atol=1e-6)
    np.testing.assert_allclose(t4_log_density(jnp.asarray(z)), t.logpdf(z, 4), atol=1e-5)
    u = np.linspace(0.001, 0.999, 81)
    np.testing.assert_allclose(t4_quantile(jnp.asarray(u)), t.ppf(u, 4), rtol=2e-3, atol=2e-3)
