"""The laws of readings against other libraries, frequencies and finite differences."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from latticework.measures.strength.families import (
    Count,
    Event,
    Grade,
    Level,
    Onset,
    Pseudo,
    Values,
    between,
)
from tests.measures.strength.synthetic import spoken

INF = np.inf
BOUNDS = [(-INF, INF), (-INF, 0.0), (0.0, INF), (-1.0, 0.3), (0.2, 0.4), (-3.0, 8.0), (4.0, INF), (-INF, -5.0)]
FAR = [(12.0, INF), (-INF, -25.0), (30.0, 30.5), (-9.0, -8.9), (100.0, INF), (-INF, 9.0), (-40.0, 40.0)]
CUTS = (-0.5, 0.4, 1.5)


def chain_of(dyads: int, years: int, per_year: int = 1) -> Values:
    """Readings of every year, or of some quarters of every year, in order of time."""
    year, _, dyad = (a.ravel() for a in np.indices((years, per_year, dyads)))
    size = len(year)
    before = np.where(year > 0, np.arange(size) - dyads, -1) if per_year == 1 else np.full(size, -1)
    return Values(np.zeros(size), np.zeros(size), before, year, dyad, (years, dyads))


@pytest.mark.parametrize(("low", "high"), BOUNDS + FAR)
def test_normals_between_bounds_have_their_law(low, high):
    drawn = between(np.random.default_rng(2), np.full(4000, low), np.full(4000, high))
    assert ((drawn >= low) & (drawn <= high)).all()
    assert stats.kstest(drawn, stats.truncnorm(low, high).cdf).pvalue > 0.001
    assert stats.kstest(drawn + 0.1 * drawn.std(), stats.truncnorm(low, high).cdf).pvalue < 0.001, "a shift is caught"


def marginal(log_probability, spread: float) -> np.ndarray:
    """Probabilities of readings, a normal own deviation integrated out by quadrature."""
    points, weights = np.polynomial.hermite_e.hermegauss(60)
    terms = [w * np.exp(log_probability(spread * x)) for x, w in zip(points, weights / weights.sum(), strict=True)]
    return np.sum(terms, axis=0)


def chi_square(counts: np.ndarray, expected: np.ndarray) -> float:
    """The p value of counts of classes that are expected in so many cases, thin classes put together."""
    order = np.argsort(expected)
    thin = expected[order].cumsum() < 10
    groups = [order[thin], *([k] for k in order[~thin])] if thin.any() else [[k] for k in order]
    c, e = (np.array([a[g].sum() for g in groups]) for a in (counts, expected))
    return float(stats.chi2(len(c) - 1).sf(((c - e) ** 2 / np.maximum(e, 1e-9)).sum()))


def test_onsets_are_drawn_as_often_as_their_density_says():
    family, n, scale, eta = Onset(), 20_000, np.array([-0.2, 1.5]), -1.2
    values = chain_of(n, 1)
    y = family.sample(np.random.default_rng(1), values, np.full(n, eta), scale)
    assert set(np.unique(y)) == {0.0, 1.0}
    p = marginal(lambda u: np.log(expit(eta + u)), np.exp(scale[0]))
    assert abs(y.mean() - p) < 4 * np.sqrt(p * (1 - p) / n)
    one = values._replace(y=np.array([1.0]), year=np.zeros(1, int), dyad=np.zeros(1, int))
    assert family.log_probability(one, np.array([eta]), scale)[0] == pytest.approx(np.log(expit(eta)))


def test_counts_are_drawn_as_often_as_their_density_says():
    family, n, scale, eta = Count(), 20_000, np.array([0.4, -0.5, 1.5]), 0.3
    values, size = chain_of(n, 1), np.exp(0.4)
    y = family.sample(np.random.default_rng(1), values, np.full(n, eta), scale).astype(int)
    classes = np.arange(60)
    law = lambda u: stats.nbinom.logpmf(classes, size, size / (size + np.exp(eta + u)))  # noqa: E731
    expected = n * marginal(law, np.exp(-0.5))
    counts = np.bincount(np.minimum(y, 59), minlength=60)
    assert chi_square(counts, expected) > 0.001
    assert chi_square(counts, n * np.exp(law(0.0))) < 1e-6, "the own deviation is in it"
    seen = values._replace(y=classes.astype(float), year=np.zeros(60, int), dyad=np.zeros(60, int))
    ours = family.log_probability(seen, np.full(60, eta), scale)
    np.testing.assert_allclose(ours, law(0.0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("family", [Onset(), Count()])
def test_an_events_own_deviation_lasts_from_year_to_year_and_is_one_within_a_year(family):
    n, scale = 4000, np.array([*family.start[:-2], 0.3, 1.5])
    values = chain_of(n, 3, per_year=4)
    rng = np.random.default_rng(4)
    eta = np.full(len(values.y), -0.5)
    ours = family.sample(rng, values, eta, scale).reshape(3, 4, n)
    theirs = spoken(rng, family, values, eta, scale)[0].reshape(3, 4, n)
    for a, b in (((0, 0), (0, 3)), ((0, 1), (1, 1)), ((0, 2), (2, 2))):
        p, q = ((np.minimum(y[a], 5) * np.minimum(y[b], 5)) for y in (ours, theirs))
        assert abs(p.mean() - q.mean()) < 4 * np.sqrt((p.var() + q.var()) / n), (a, b)


def box(low: np.ndarray, high: np.ndarray, covariance) -> float:
    """The probability that normals of mean zero lie in a box."""
    return float(stats.multivariate_normal.cdf(high, np.zeros(len(low)), covariance, lower_limit=low))


def test_grades_are_drawn_as_often_as_their_law_says():
    family, n, scale, eta = Grade(CUTS), 20_000, np.array([0.1, 2.0]), 0.6
    values, rho = chain_of(n, 2), expit(2.0)
    y = family.sample(np.random.default_rng(1), values, np.full(2 * n, eta), scale).astype(int).reshape(2, n)
    edges, spread = (np.array([-9.0, *CUTS, 9.0]) - eta) / np.exp(0.1), np.array([[1.0, rho], [rho, 1.0]])
    inside = lambda i, j: box(edges[[i, j]], edges[[i + 1, j + 1]], spread)  # noqa: E731
    expected = n * np.array([inside(i, j) for i in range(4) for j in range(4)])
    assert expected.sum() == pytest.approx(n, rel=1e-4)
    assert chi_square(np.bincount(4 * y[0] + y[1], minlength=16), expected) > 0.001
    each = family.log_probability(chain_of(4, 1)._replace(y=np.arange(4.0)), np.full(4, eta), scale)
    np.testing.assert_allclose(np.exp(each), expected.reshape(4, 4).sum(1) / n, rtol=1e-4)


@pytest.mark.parametrize("freedom", [None, 4.0])
def test_numbers_are_drawn_by_their_law(freedom):
    family, n, scale, eta, sd = Level(freedom), 6000, np.array([-0.3, 1.5]), 0.7, 0.4
    values, rho = chain_of(n, 2), expit(1.5)
    values = values._replace(sd=np.full(2 * n, sd))
    y = family.sample(np.random.default_rng(1), values, np.full(2 * n, eta), scale).reshape(2, n) - eta
    spread = np.sqrt(np.exp(-0.6) + sd**2)
    standard = stats.norm() if freedom is None else stats.t(freedom)
    assert stats.kstest(y[0] / spread, standard.cdf).pvalue > 0.001
    step = (y[1] - rho * y[0]) / spread / np.sqrt(1 - rho**2)
    assert stats.kstest(step, standard.cdf).pvalue > 0.001
    assert abs(np.corrcoef(stats.rankdata(step), stats.rankdata(y[0]))[0, 1]) < 4 / np.sqrt(n)
    assert stats.kstest(1.1 * step, standard.cdf).pvalue < 0.01, "a spread 10 % too large is caught"


def differences(density, x: np.ndarray) -> np.ndarray:
    """The gradient of a density by central differences."""
    h = 1e-5
    steps = np.eye(len(x)) * h
    return np.array([(density(x + s) - density(x - s)) / (2 * h) for s in steps])


@pytest.mark.parametrize("freedom", [None, 4.0])
def test_evidence_of_a_number_is_the_slope_of_its_density(freedom):
    rng, values, scale = np.random.default_rng(6), chain_of(2, 3), np.array([-0.3, 1.5])
    values = values._replace(y=rng.standard_normal(6), sd=rng.uniform(0, 0.5, 6))
    eta, own = rng.standard_normal(6), rng.uniform(0.4, 2.0, 6) if freedom else np.ones(6)
    family = Level(freedom)
    found = family.linear(values, eta, scale, own)
    seen = Pseudo(values.y, own, found.carry, own)
    push = found.weight * found.rest
    slope = push - found.carry * np.append(push[2:], [0, 0])  # what a year says of the year before it
    expected = differences(lambda x: family.log_density(values, x, scale, seen), eta)
    np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("family", "y"), [(Onset(), [0, 1, 1, 0]), (Count(), [0, 3, 1, 12])])
def test_evidence_of_events_is_slope_and_curvature_of_their_density(family: Event, y):
    values, scale = chain_of(2, 2)._replace(y=np.array(y, float)), np.array([*family.start[:-2], -0.3, 1.5])
    eta, own = np.array([-1.0, 0.5, 2.0, -6.0]), np.array([[0.3, -0.2], [0.1, 0.9]])
    found = family.linear(values, eta, scale, own)
    expected = differences(
        lambda x: family.log_probability(values, x + own[values.year, values.dyad], scale).sum(), eta
    )
    np.testing.assert_allclose(found.weight * found.rest, expected, rtol=1e-5)
    # the information is the variance of the score over readings of this law
    drawn = [
        spoken(np.random.default_rng(k), family, chain_of(1, 1), np.array([0.4]), np.array([*scale[:-2], -30, 0]))
        for k in range(3000)
    ]
    scores = [family.linear(chain_of(1, 1)._replace(y=v), np.array([0.4]), scale, np.zeros((1, 1))) for v, _ in drawn]
    variance = np.var([s.weight[0] * s.rest[0] for s in scores])
    assert variance == pytest.approx(scores[0].weight[0], rel=0.15)


def test_evidence_of_a_grade_is_the_curvature_of_the_density_of_the_variable_behind_it():
    """What the attribution weighs a grade by: the precision of each step, and how much carries over a year."""
    family, scale, values = Grade(CUTS), np.array([0.2, 1.5]), chain_of(1, 3)
    rng = np.random.default_rng(5)
    z, eta = rng.standard_normal(3), rng.standard_normal(3)
    weight, carry = family.precision(values, scale)
    step = np.eye(3) - carry * np.eye(3, k=-1)
    expected = step.T @ (weight * (step @ (z - eta)))
    seen = Pseudo(z, weight, carry, z)
    slope = differences(lambda x: family.log_density(values, x, scale, seen), eta)
    np.testing.assert_allclose(slope, expected, rtol=1e-6)
    other = differences(lambda x: family.log_density(values, x, scale + np.array([0.1, 0.0]), seen), eta)
    assert (np.abs(other / expected - 1) > 0.1).all(), "another spread is told apart"


def test_the_variable_behind_a_grade_is_drawn_between_its_cutpoints():
    family, scale, eta, edges = Grade(CUTS), np.array([0.2, 1.5]), -0.7, (-INF, *CUTS, INF)
    for grade in range(4):
        values = chain_of(3000, 1)._replace(y=np.full(3000, float(grade)))
        drawn = family.behind(np.random.default_rng(grade), values, np.full(3000, eta), scale)
        law = stats.truncnorm(*((e - eta) / np.exp(0.2) for e in edges[grade : grade + 2]), eta, np.exp(0.2))
        assert stats.kstest(drawn, law.cdf).pvalue > 0.001
        assert stats.kstest(drawn + 0.2 * drawn.std(), law.cdf).pvalue < 0.001, "a shift is caught"
