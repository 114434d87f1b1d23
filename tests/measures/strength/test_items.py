"""Items: normal equations against least squares written out, bounded draws against rejection, priors against bounds."""

import numpy as np
import pytest
from scipy import stats

from latticework.measures.strength.dyads import HUBS
from latticework.measures.strength.families import Pseudo
from latticework.measures.strength.indicators import INDICATORS, Indicator, Reading
from latticework.measures.strength.items import (
    PATRONS,
    Item,
    bounded_normal,
    drawn,
    layout,
    normal_equations,
    regressors,
    starting,
)
from latticework.measures.strength.readings import ERAS, rows_of
from tests.measures.strength.synthetic import full_pattern, made_up_dyads, quarters

NAMES = [i.name for i in INDICATORS]


def read(indicator: Indicator, seed: int = 3):
    """Readings of forty dyads over twelve years that span two eras, with some of them missing."""
    rng = np.random.default_rng(seed)
    dyads = made_up_dyads(rng, 40, 12)
    there = full_pattern(dyads, indicator, rng) & (rng.random(dyads.alive.shape) < 0.8)
    value = np.where(there, rng.integers(0, 2, there.shape), np.nan)
    rows = rows_of(indicator, Reading(value.astype(float)), dyads, quarters(1995, 12), (0.0, 1.0))
    n = len(rows)
    carry = 0.0 if indicator.pace == "event" else 0.7
    seen = Pseudo(rng.standard_normal(n), rng.uniform(0.2, 2, n), carry, np.zeros(n))
    return rows, rng.standard_normal(n), rng.standard_normal(n), seen


def written_out(rows, strength, factor, seen) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design, target and weight of a regression, row by row, all coefficients in it."""
    design = []
    for k in range(len(rows)):
        row = np.zeros(ERAS + len(HUBS) + 1 + PATRONS + 1)
        row[rows.era[k]] = 1
        if rows.patron[k] < len(HUBS):
            row[ERAS + rows.patron[k]] = 1
        row[ERAS + len(HUBS)] = rows.near[k]
        row[ERAS + len(HUBS) + 1 + rows.patron[k]] = strength[k]
        row[-1] = factor[k]
        design.append(row)
    x, y, before = np.array(design), seen.z.copy(), rows.values.before
    for k in range(len(rows)):
        if seen.carry and before[k] >= 0:
            x[k] = design[k] - seen.carry * design[before[k]]
            y[k] = seen.z[k] - seen.carry * seen.z[before[k]]
    return x, y, seen.weight


@pytest.mark.parametrize("indicator", INDICATORS, ids=NAMES)
def test_normal_equations_are_those_of_the_regression_written_out(indicator):
    rows, strength, factor, seen = read(indicator)
    assert set(rows.era) == {4, 5}
    plan = layout(indicator, ERAS)
    gram, side = normal_equations(rows, plan, strength, factor, seen.z, seen)
    x, y, w = written_out(rows, strength, factor, seen)
    x = x[:, plan.free]
    np.testing.assert_allclose(gram, x.T @ (w[:, None] * x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(side, x.T @ (w * y), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("indicator", INDICATORS, ids=NAMES)
def test_the_design_times_the_coefficients_is_the_linear_predictor(indicator):
    rows, strength, factor, _ = read(indicator)
    rng = np.random.default_rng(1)
    offset = np.append(rng.standard_normal(PATRONS - 1), 0.0)
    item = Item(rng.standard_normal(ERAS), offset, 0.7, rng.standard_normal(PATRONS), -0.4, np.zeros(2))
    plan = layout(indicator, ERAS)
    predicted = regressors(rows, plan, strength, factor, slice(None)) @ plan.values(item)
    np.testing.assert_allclose(predicted, item.eta(rows, strength, factor), rtol=1e-12)


@pytest.mark.parametrize("indicator", INDICATORS, ids=NAMES)
def test_drawn_coefficients_have_the_posterior_of_the_regression(indicator):
    """Readings are so exact that no bound is near: the posterior is normal, its mean from the design written out."""
    rows, strength, factor, seen = read(indicator)
    plan = layout(indicator, ERAS)
    middle, bound = plan.mean.copy(), np.isfinite(plan.low) & np.isfinite(plan.high)
    middle[bound] = (plan.low[bound] + plan.high[bound]) / 2
    truth, noise = plan.item(np.where(plan.free, middle, 0.0), indicator, np.zeros(2)), 0.005 * seen.z
    for k in np.flatnonzero(rows.values.before >= 0):
        noise[k] += seen.carry * noise[rows.values.before[k]]
    exact = seen._replace(z=truth.eta(rows, strength, factor) + noise, weight=np.full(len(rows), 0.005**-2))
    rng, n = np.random.default_rng(5), 400
    draws = np.array([plan.values(drawn(rng, truth, rows, strength, factor, exact)) for _ in range(n)])
    x, y, w = written_out(rows, strength, factor, exact)
    if indicator.fixed is not None:
        y = y - indicator.fixed * x[:, plan.where["loading"]].sum(1)
    x = x[:, plan.free]
    precision = x.T @ (w[:, None] * x) + plan.precision
    mean = np.linalg.solve(precision, x.T @ (w * y) + plan.precision @ plan.mean[plan.free])
    z = np.linalg.cholesky(precision).T @ (draws[:, plan.free] - mean).T
    assert stats.chi2(len(mean)).sf(n * (z.mean(1) ** 2).sum()) > 0.001
    assert stats.kstest((z**2).sum(0), stats.chi2(len(mean)).cdf).pvalue > 0.001
    np.testing.assert_array_equal(draws[:, ~plan.free], 0.0 * draws[:, ~plan.free] + plan.values(truth)[~plan.free])


@pytest.mark.parametrize("indicator", INDICATORS, ids=NAMES)
def test_loadings_have_the_sign_and_the_bounds_of_their_indicator(indicator):
    plan, sign = layout(indicator, ERAS), np.sign(indicator.usual)
    loading, specific = plan.where["loading"], plan.where["specific"]
    ends = np.sort(np.array([0.8, 1.25]) * indicator.usual)
    assert plan.low[loading] == pytest.approx(ends[0])
    assert plan.high[loading] == pytest.approx(ends[1])
    assert (sign * plan.low[specific] >= 0).all() if sign > 0 else (plan.high[specific] <= 0).all()
    others = np.concatenate([plan.low[: ERAS + len(HUBS) + 1], -plan.high[: ERAS + len(HUBS) + 1]])
    assert (others == -np.inf).all()
    rows, strength, factor, seen = read(indicator)
    seen = seen._replace(z=-sign * 3 * strength)  # the readings say the contrary as loudly as they can
    rng, item = np.random.default_rng(2), starting(rows)
    for _ in range(3):
        item = drawn(rng, item, rows, strength, factor, seen)
        size = sign * item.loading[plan.free[loading]] / abs(indicator.usual)
        assert ((size >= 0.8) & (size <= 1.25)).all()
        assert sign * item.specific >= 0
        if indicator.fixed is not None:
            assert (item.loading == indicator.fixed).all()


def test_the_prior_of_intercepts_walks_and_that_of_loadings_is_shared():
    """Covariances written out: the first intercept has sd 4 and each step 0.5; loadings share 0.3 and differ by 0.2."""
    votes = next(i for i in INDICATORS if i.name == "votes")
    plan = layout(votes, ERAS)
    assert plan.free.sum() == ERAS + len(HUBS) + PATRONS + 1
    covariance = np.linalg.inv(plan.precision)
    walk = 16 + 0.25 * np.minimum.outer(np.arange(ERAS), np.arange(ERAS))
    np.testing.assert_allclose(covariance[:ERAS, :ERAS], walk, rtol=1e-8)
    place = slice(ERAS + 3, ERAS + 3 + PATRONS)
    expected = votes.usual**2 * (0.09 + 0.04 * np.eye(PATRONS))
    np.testing.assert_allclose(covariance[place, place], expected, rtol=1e-8)


LOW, HIGH = np.array([-np.inf, 0.5, -np.inf, -1.0]), np.array([np.inf, np.inf, np.inf, 0.2])
CENTRE = np.array([0.3, 0.2, -0.5, 0.6])
COVARIANCE = np.array([[1.0, 0.5, 0.2, 0.1], [0.5, 1.0, -0.3, 0.4], [0.2, -0.3, 0.8, 0.0], [0.1, 0.4, 0.0, 0.7]])


@pytest.mark.parametrize("shift", [0.0, 1.2], ids=["bounds that are often kept", "bounds in the tail"])
def test_bounded_draws_have_the_law_of_a_normal_that_is_drawn_until_it_fits(shift):
    centre = CENTRE - np.array([0.0, shift, 0.0, 0.0])
    rng, precision = np.random.default_rng(3), np.linalg.inv(COVARIANCE)
    now, found = np.array([0.0, 1.0, 0.0, 0.0]), []
    for _ in range(2500):
        now = bounded_normal(rng, centre, precision, LOW, HIGH, now)
        found.append(now)
    ours = np.array(found)
    assert ((ours >= LOW) & (ours <= HIGH)).all()
    tried = rng.multivariate_normal(centre, COVARIANCE, 600_000)
    fits = tried[((tried >= LOW) & (tried <= HIGH)).all(1)]
    assert len(fits) > 1000
    for k in range(4):
        z = (ours[:, k].mean() - fits[:, k].mean()) / np.sqrt(ours[:, k].var() / 1200 + fits[:, k].var() / len(fits))
        assert abs(z) < 4.5, k
        assert ours[:, k].std() == pytest.approx(fits[:, k].std(), rel=0.12)
    naive = np.clip(tried, LOW, HIGH)
    assert abs(naive[:, 1].mean() - fits[:, 1].mean()) > 0.1, "clipping is not it"


def test_a_draw_that_fits_at_once_is_taken_and_forgets_where_it_stood():
    rng = np.random.default_rng(4)
    wide = np.full(4, -50.0), np.full(4, 50.0)
    now = np.full(4, 49.0)
    draws = np.array([bounded_normal(rng, CENTRE, np.linalg.inv(COVARIANCE), *wide, now) for _ in range(1000)])
    assert stats.kstest((draws[:, 0] - CENTRE[0]), stats.norm.cdf).pvalue > 0.001
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, atol=0.2)


def test_a_fit_begins_at_the_level_of_the_readings():
    rows, *_ = read(INDICATORS[NAMES.index("disputes")])
    share = rows.values.y.mean()
    assert starting(rows).intercept == pytest.approx(np.log(share / (1 - share)))
