"""Bars and flip points against numbers worked out by hand, and a surrogate that says when it tells little."""

import numpy as np
from scipy.stats import truncnorm

from latticework.explain.sizes import QUANTILE, Drawn, Sized, bounded
from latticework.explain.tornado import NO_FLIP, UNSURE, Line, bar, flip, largest, line

DRAWS = 400
SLOPES = np.array([0.1, -2.0, 0.0, 1.0])


def sizes(seed: int = 1, draws: int = DRAWS) -> list[Drawn]:
    rng = np.random.default_rng(seed)
    named = [Sized(f"a{k}", "alignment", 0.0, 1.0, "per_year", ("b",), f"a{k}", k) for k in range(len(SLOPES))]
    return [Drawn(one, rng.standard_normal(draws)) for one in named]


def means(drawn: list[Drawn], value: float, sd: float = 0.5) -> np.ndarray:
    x = np.column_stack([one.normal for one in drawn])
    return value + x @ SLOPES + sd * np.random.default_rng(2).standard_normal(len(x))


def test_the_longest_bars_come_first_and_end_where_the_law_says():
    drawn = sizes()
    fit = line(means(drawn, 3.0), drawn)
    assert fit is not None
    assert largest(fit, 2) == [1, 3]
    low, high = bar(fit, 1, drawn[1])
    se = QUANTILE * fit.slope_se[1] + fit.value_se
    assert 0 < se < 0.1, "the test has power"
    assert abs(low - (3 + QUANTILE * 2)) < 4 * se
    assert abs(high - (3 - QUANTILE * 2)) < 4 * se
    assert fit.r2 > 0.9


def test_flip_points_lie_where_the_number_crosses_zero_or_are_said_not_to_be():
    drawn = sizes()
    y = means(drawn, 2.5)
    fit = line(y, drawn)
    found = [flip(fit, k, y, drawn) for k in range(4)]
    assert abs(found[1].at - 1.25) < 4 * found[1].se < 0.6
    assert found[0].says == found[2].says == NO_FLIP
    assert np.isnan(found[2].at)


def test_no_flip_is_told_where_the_model_was_not_run():
    drawn = sizes()
    y = means(drawn, 2.8)
    fit = line(y, drawn)
    assert abs(crossing(fit, 3) + 2.8) < 0.1, "a straight line would cross beyond all but one draw in four hundred"
    assert flip(fit, 3, y, drawn).says == NO_FLIP


def crossing(fit: Line, k: int) -> float:
    """Where the straight line itself says that the number is zero."""
    return float(-fit.value / fit.slope[k])


def test_a_curve_that_levels_out_above_zero_has_no_flip_though_a_straight_line_through_it_has():
    told = []
    for seed in range(60):
        drawn = sizes(seed)
        noise = 0.3 * np.random.default_rng(1000 + seed).standard_normal(DRAWS)
        y = np.exp(-0.8 * drawn[0].normal) + noise
        fit = line(y, drawn)
        assert fit.clear[0]
        assert 0 < crossing(fit, 0) < 2, "the control: inside the range, and wrong"
        told.append(flip(fit, 0, y, drawn).says)
    assert set(told) <= {NO_FLIP, UNSURE}


def test_the_flip_of_a_curve_lies_on_the_curve():
    true = -np.arctanh(0.6)
    at, straight = [], []
    for seed in range(40):
        drawn = sizes(seed)
        y = 0.6 + np.tanh(drawn[0].normal) + 0.3 * np.random.default_rng(1000 + seed).standard_normal(DRAWS)
        fit = line(y, drawn)
        at.append(flip(fit, 0, y, drawn).at)
        straight.append(crossing(fit, 0))
    assert abs(np.mean(straight) - true) > 0.2, "the control: a straight line is wrong"
    assert abs(np.mean(at) - true) < 0.1


def test_a_number_that_is_not_told_apart_from_zero_has_no_sign_to_flip():
    drawn = sizes()
    y = means(drawn, 0.0)
    assert flip(line(y, drawn), 1, y, drawn).says.startswith("no sign to flip")


def test_the_error_of_a_flip_point_is_that_of_many_seeds():
    at, se = [], []
    for seed in range(60):
        drawn = sizes(seed)
        noise = np.random.default_rng(1000 + seed).standard_normal(DRAWS)
        y = 2.0 + np.column_stack([one.normal for one in drawn]) @ SLOPES + noise
        found = flip(line(y, drawn), 1, y, drawn)
        at.append(found.at)
        se.append(found.se)
    assert 0.7 < np.mean(se) / np.std(at, ddof=1) < 1.4


def test_a_surrogate_of_what_no_size_moves_calls_nothing_clear():
    called = 0
    for seed in range(100):
        drawn = many(seed, 70, 200)
        fit = line(np.random.default_rng(1000 + seed).standard_normal(200), drawn)
        assert fit is not None
        called += bool(fit.clear.any())
    assert called <= 15, "one in twenty, give or take what choosing the largest does"


def many(seed: int, count: int, draws: int) -> list[Drawn]:
    rng = np.random.default_rng(seed)
    named = [Sized(f"a{k}", "alignment", 0.0, 1.0, "per_year", ("b",), f"a{k}", k) for k in range(count)]
    return [Drawn(one, rng.standard_normal(draws)) for one in named]


def test_of_more_sizes_than_the_draws_can_tell_apart_those_that_matter_are_kept():
    drawn = many(3, 70, 200)
    y = 2.0 + 1.5 * drawn[55].normal - drawn[3].normal + 0.5 * np.random.default_rng(4).standard_normal(200)
    fit = line(y, drawn)
    assert fit is not None
    assert len(fit.which) == 39
    assert [fit.which[k] for k in largest(fit, 2)] == [55, 3]
    assert {fit.which[k] for k in np.flatnonzero(fit.clear)} >= {3, 55}


def test_the_bar_of_a_size_with_an_imposed_sign_ends_at_the_quantiles_of_its_law():
    size = bounded("a", "alignment", (0.1, 0.1, 1), "per_year", ("b",))
    law = truncnorm(-1.0, np.inf, loc=0.1, scale=0.1)
    values = law.rvs(size=400, random_state=1)
    drawn = Drawn(size, (values - size.mean) / size.sd)
    fit = line(3.0 + 10 * values + 0.01 * np.random.default_rng(2).standard_normal(400), [drawn])
    assert fit is not None
    np.testing.assert_allclose(bar(fit, 0, drawn), 3 + 10 * law.ppf([0.1, 0.9]), atol=0.01)
    assert bounded("a", "alignment", (-0.1, 0.1, -1), "per_year", ("b",)).mean == -size.mean


def test_too_few_draws_make_no_line_and_what_never_differs_neither():
    drawn = sizes(draws=8)
    assert line(means(drawn, 1.0), drawn) is None
    assert line(np.ones(DRAWS), sizes()) is None
