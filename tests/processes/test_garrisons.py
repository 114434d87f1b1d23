"""Garrisons that are opened: the law sums to one and is drawn from, a fit finds it, and the troops are laid down."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import chi2, chisquare, ks_1samp

from latticework.fit import fit_evidence
from latticework.processes import Evidence, GarrisonOpened, Push, Rows, TroopChange
from latticework.processes.garrisons import MOST, SMALL
from latticework.processes.troops import FEWEST
from latticework.world import World
from tests.processes.prepared import QUARTER, YEAR, prepared
from tests.synthetic import made_up_world

PROCESS = GarrisonOpened()
TRUTH = [-3.5, 2.5, 0.5, 0.6, -0.5, 0.8, 0.4, 0.3, -0.8, 0.3, -0.2]
DRAWS = 100_000


def flat(rows: Rows, outcome, dt) -> Rows:
    """Rows of the first host with these outcomes."""
    one = jnp.ones(len(outcome))
    return Rows(one[:, None] * rows.design[0, 1], one * rows.level[0, 1], jnp.asarray(outcome), one > 0, one * dt)


@pytest.mark.parametrize("dt", [YEAR, QUARTER], ids=["year", "quarter"])
def test_the_law_integrates_to_one(dt):
    theta, before = prepared(PROCESS)
    u, w = np.polynomial.legendre.leggauss(60)
    x = MOST / 2 * (u + 1)
    law = np.exp(np.asarray(PROCESS.density(theta, flat(PROCESS.rows(before, before, dt), [SMALL, *x], dt)), float))
    assert law[0] + law[1:] @ w * MOST / 2 == pytest.approx(1, abs=1e-4)


def placed(theta, before: World, dt) -> np.ndarray:
    """Troops placed in the first host, draw by draw."""
    one = jax.jit(jax.vmap(lambda key: PROCESS.sample(key, theta, before, dt, Push()).dyads["troops_placed"][0, 1]))
    return np.asarray(one(jax.random.split(jax.random.key(2), DRAWS)))


@pytest.mark.parametrize(("error", "caught"), [(0.0, False), (0.1, True)])
def test_what_is_drawn_is_what_is_stated(error, caught):
    theta, before = prepared(PROCESS)
    drawn = placed(theta.at[0].add(error), before, YEAR)
    none = np.exp(float(PROCESS.density(theta, flat(PROCESS.rows(before, before, YEAR), [SMALL], YEAR))[0]))
    counts = np.array([(drawn == 0).sum(), (drawn > 0).sum()])
    assert (chisquare(counts, DRAWS * np.array([none, 1 - none])).pvalue < 1e-3) == caught
    scale = np.exp(float(PROCESS.weighed(theta, PROCESS.rows(before, before, YEAR).design)[1][0, 1]))
    size = np.log(drawn[drawn > 0] / FEWEST)
    assert ks_1samp(size, lambda x: -np.expm1(-x / scale) / -np.expm1(-MOST / scale)).pvalue > 1e-3


def test_an_opening_in_a_year_is_as_likely_in_one_step_and_in_four():
    theta, before = prepared(PROCESS)
    year, quarter = ((placed(theta, before, dt) == 0).mean() for dt in (YEAR, QUARTER))
    assert year == pytest.approx(quarter**4, abs=4 * np.sqrt(0.25 / DRAWS) * 4)
    assert year < 0.9, "openings are too rare for this check"


def some_posts(truth: np.ndarray, pairs: int = 300, n: int = 40) -> Evidence:
    """Rows of posts in made-up worlds, each opened or not by the process itself."""
    theta, parts = jnp.asarray(truth, jnp.float32), []
    sample = jax.jit(lambda key, world: PROCESS.sample(key, theta, world, YEAR, Push()).dyad("troops_placed"))
    for seed in range(pairs):
        world = made_up_world(n, seed)
        posts = jnp.asarray(np.random.default_rng(seed).uniform(0, 99, n), jnp.float32)
        before = world.replace(dyads={"troops": jnp.asarray(world.dyad("troops")).at[0, 1:].set(posts[1:])})
        new, old = sample(jax.random.key(seed), before), before.dyad("troops")
        rows = PROCESS.rows(before, before.replace(dyads={"troops": jnp.where(new > 0, new, old)}), YEAR)
        risk = np.asarray(rows.at_risk)
        parts.append([np.asarray(x, np.float64)[risk] for x in (rows.design, rows.level, rows.outcome)])
        nodes = np.argwhere(risk)[:, 1:]
        parts[-1].append(nodes)
    design, level, outcome, nodes = (np.concatenate(part) for part in zip(*parts, strict=True))
    data = Rows(design, level, outcome, np.ones(len(level), bool), np.ones(len(level)))
    return Evidence(data, nodes, PROCESS.count_events(data), ("1950", "2000"))


def test_a_fit_finds_what_opened_them():
    estimate, truth = fit_evidence(PROCESS, some_posts(np.array(TRUTH))), np.array(TRUTH)
    assert estimate.trusted
    assert estimate.events > 500

    def misfit(at):
        error = estimate.mode - at
        return float(chi2.sf(2 * error @ np.linalg.solve(estimate.naive + estimate.covariance, error), len(at)))

    assert misfit(truth) > 1e-3
    assert misfit(truth + 0.5 * (np.arange(len(truth)) == 0)) < 1e-3


def test_the_troops_placed_are_laid_down_where_there_was_a_post_and_nowhere_else():
    process = TroopChange()
    theta, before = prepared(process)
    old = jnp.full((3, 3), jnp.nan).at[0, 1].set(30.0).at[0, 2].set(20_000.0)
    before = before.replace(dyads={"troops": old, "troops_placed": jnp.full((3, 3), 700.0)})
    after = np.asarray(process.sample(jax.random.key(0), theta, before, YEAR, Push()).dyad("troops"))
    assert after[0, 1] == 700
    assert after[0, 2] != 700
    assert np.isnan(after[1:]).all()
    none = before.replace(dyads={"troops_placed": jnp.zeros((3, 3))})
    assert np.asarray(process.sample(jax.random.key(0), theta, none, YEAR, Push()).dyad("troops"))[0, 1] == 30
