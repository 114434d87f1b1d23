"""The block solve against dense algebra, and the draw from perturbed data against the exact posterior."""

from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from latticework.measures.strength.families import Level, Linear
from latticework.measures.strength.hidden import Dynamics, Hidden, System, Ties, add_prior, add_readings
from latticework.measures.strength.indicators import Indicator, Reading
from latticework.measures.strength.items import PATRONS, Item
from latticework.measures.strength.readings import ERAS, rows_of
from latticework.measures.strength.smoother import BLOCK, inverse, solve
from tests.measures.strength.synthetic import few_dyads, quarters

RNG = np.random.default_rng(3)
RHO, RHO_DOMAIN = 0.9, np.array([0.6, 0.8, 0.7])
SIGMA = np.array([0.3, 0.5, 0.4, 0.2])
LOADING, GAMMA, CARRY = np.array([1.2, 0.7, 0.9, -0.8]), 0.6, 0.5


def positive_definite(years: int) -> np.ndarray:
    """A random precision matrix that ties each year to its neighbours only."""
    root = np.zeros((years * BLOCK, years * BLOCK))
    for y in range(years):
        own = slice(y * BLOCK, (y + 1) * BLOCK)
        root[own, own] = np.eye(BLOCK) + 0.4 * RNG.standard_normal((BLOCK, BLOCK))
        if y:
            root[own, (y - 1) * BLOCK : y * BLOCK] = 0.4 * RNG.standard_normal((BLOCK, BLOCK))
    return root @ root.T + np.eye(years * BLOCK)


def test_the_inverse_of_a_block_is_that_of_linear_algebra():
    blocks = np.stack([positive_definite(1) for _ in range(5)], axis=-1)
    with jax.enable_x64(True):
        found = np.asarray(inverse(jnp.asarray(blocks)))
    expected = np.linalg.inv(np.moveaxis(blocks, -1, 0))
    np.testing.assert_allclose(np.moveaxis(found, -1, 0), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("years", [1, 2, 7])
def test_every_right_hand_side_is_solved_as_by_dense_algebra(years):
    dyads, count = 3, 4
    whole = [positive_definite(years) for _ in range(dyads)]
    sides = RNG.standard_normal((years, count, BLOCK, dyads))
    parts = np.stack(whole, axis=-1).reshape(years, BLOCK, years, BLOCK, dyads)
    diagonal = np.stack([parts[y, :, y] for y in range(years)])
    lower = np.stack([parts[y, :, y - 1] if y else np.zeros((BLOCK, BLOCK, dyads)) for y in range(years)])
    with jax.enable_x64(True):
        found = np.asarray(solve(diagonal, lower, sides))
    for d in range(dyads):
        right = np.moveaxis(sides[..., d], 1, 2).reshape(years * BLOCK, count)
        expected = np.linalg.solve(whole[d], right).reshape(years, BLOCK, count)
        np.testing.assert_allclose(np.moveaxis(found[..., d], 2, 1), expected, rtol=1e-8, atol=1e-10)


def level(name: str, domain: str, pace: Literal["event", "stock", "flow"]) -> Indicator:
    """An indicator that is a number, as the smoother is handed it."""
    return Indicator(
        name, name, domain, Level(), 1.0, (name,), lambda panel, dyads: Reading(np.zeros((0, 0))), pace=pace
    )


@pytest.fixture(scope="module")
def chain() -> tuple[Ties, Dynamics, list[Item], list[Linear], Hidden]:
    """Two dyads, one with a hub, over two years: a flow, a stock that carries over and an event by quarters."""
    dyads, rng = few_dyads([("AAA", "USA"), ("AAA", "BBB")], 2), np.random.default_rng(8)
    ends = np.arange(8) % 4 == 3
    layers = (
        level("flow", "economy", "flow"),
        level("stock", "security", "stock"),
        level("event", "security", "event"),
    )
    rows, items, seen = [], [], []
    for indicator, carry in zip(layers, (0.0, CARRY, 0.0), strict=True):
        there = np.tile((ends | (indicator.pace == "event"))[:, None], (1, 2))
        read = rows_of(indicator, Reading(np.where(there, 0.0, np.nan)), dyads, quarters(1990, 2), (0.0, 1.0))
        rows.append(read)
        items.append(Item(np.zeros(ERAS), np.zeros(PATRONS), 0.0, LOADING, GAMMA, np.zeros(2)))
        seen.append(Linear(rng.standard_normal(len(read)), rng.uniform(0.5, 3.0, len(read)), carry))
    hidden = Hidden(np.zeros((8, 2)), np.zeros((2, 3, 2)), np.zeros(2), rng.uniform(0.3, 2.0, (8, 2)))
    dynamics = Dynamics(SIGMA, RHO, RHO_DOMAIN, np.zeros(dyads.standing.shape[1]), np.zeros(len(dyads.codes)), 1.0)
    return Ties.of(dyads, rows), dynamics, items, seen, hidden


def exact(chain, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of all 14 states of a dyad from the covariance of the prior and a dense design matrix."""
    ties, _, _, seen, hidden = chain
    g, place = ties.dyads.patron[d], [(y * BLOCK + q) for y in range(2) for q in range(4)]
    prior = np.zeros((14, 14))
    step = SIGMA[g] ** 2 / hidden.precision[:, d]
    variance = np.zeros(8)
    variance[0] = 2 * SIGMA[g] ** 2 / (1 - RHO**2)
    for t in range(1, 8):
        variance[t] = RHO**2 * variance[t - 1] + step[t]
    for s in range(8):
        for t in range(8):
            prior[place[s], place[t]] = RHO ** abs(s - t) * variance[min(s, t)]
    for m in range(3):
        both = [4 + m, BLOCK + 4 + m]
        prior[np.ix_(both, both)] = [[1.0, RHO_DOMAIN[m]], [RHO_DOMAIN[m], 1.0]]
    design, rest, weight = [], [], []
    for rows, linear in zip(ties.rows, seen, strict=True):
        built: dict[int, np.ndarray] = {}
        for k in np.flatnonzero(rows.d == d):
            row, year = np.zeros(14), rows.t[k] // 4
            quarters_of = range(4) if rows.indicator.pace == "flow" else [rows.t[k] % 4]
            for q in quarters_of:
                row[year * BLOCK + q] = LOADING[g] / len(quarters_of)
            row[year * BLOCK + 4 + rows.indicator.domain_index] = GAMMA
            built[rows.t[k]] = row
            design.append(row - linear.carry * built.get(rows.t[k] - 4, np.zeros(14)))
            rest.append(linear.rest[k])
            weight.append(linear.weight[k])
    h, w = np.array(design), np.array(weight)
    covariance = np.linalg.inv(np.linalg.inv(prior) + h.T @ (w[:, None] * h))
    return covariance @ h.T @ (w * np.array(rest)), covariance


def filled(chain, rng: np.random.Generator | None) -> np.ndarray:
    """The states that the system of both dyads gives, shape (14, 2)."""
    ties, dynamics, items, seen, hidden = chain
    system = System.empty(2, 1, 2)
    add_prior(system, hidden, ties, dynamics, rng)
    for rows, item, linear in zip(ties.rows, items, seen, strict=True):
        add_readings(system, rows, item, linear, ties.dyads.patron, 0, rng)
    return system.solved()[:, 0].reshape(14, 2)


def test_without_noise_the_solution_is_the_exact_posterior_mean(chain):
    found = filled(chain, None)
    for d in range(2):
        np.testing.assert_allclose(found[:, d], exact(chain, d)[0], rtol=1e-9, atol=1e-11)


def test_perturbed_solutions_are_draws_of_the_exact_posterior(chain):
    rng, n = np.random.default_rng(5), 3000
    draws = np.stack([filled(chain, rng) for _ in range(n)])
    for d in range(2):
        mean, covariance = exact(chain, d)
        whitened = np.linalg.solve(np.linalg.cholesky(covariance), (draws[:, :, d] - mean).T)
        assert stats.kstest((whitened**2).sum(0), stats.chi2(14).cdf).pvalue > 0.001
        assert stats.chi2(14).sf(n * (whitened.mean(1) ** 2).sum()) > 0.001
        second = whitened @ whitened.T / n - np.eye(14)
        distance = (
            n * (second**2).sum() / 2
        )  # entries beside the diagonal stand there twice, those on it vary twice as much
        assert stats.chi2(14 * 15 / 2).sf(distance) > 0.001
        off = np.linalg.solve(np.linalg.cholesky(1.15 * covariance), (draws[:, :, d] - mean).T)
        assert stats.kstest((off**2).sum(0), stats.chi2(14).cdf).pvalue < 1e-6, "a covariance 15 % too large is caught"
