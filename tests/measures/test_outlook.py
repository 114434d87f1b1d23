"""Bands, chances, errors and contrasts against the longest possible way of counting them."""

import numpy as np
import pandas as pd
import pytest

from latticework.errors import UnknownNameError
from latticework.measures import contrast, courses, fan, outlook
from latticework.measures.chances import by_draw, chance_by_draw, monte_carlo_se, spread_by_draw
from latticework.measures.outlook import between
from tests.report.futures import FOCUS, ensemble, inputs

RNG = np.random.default_rng(5)


@pytest.fixture(scope="module")
def world():
    return ensemble(paths=200, draws=20)


@pytest.fixture(scope="module")
def table(world):
    return outlook(world, FOCUS, "USA", "CHN", inputs(), lambda branch, process, unit: branch == "transactional-hub")


def only(table: pd.DataFrame, **equal) -> pd.Series:
    rows = between(table, **equal)
    assert len(rows) == 1, equal
    return rows.iloc[0]


def odds(chance: float) -> float:
    return chance / (1 - chance)


def test_troops_are_the_median_and_the_middle_eighty_paths_in_a_hundred(world, table):
    row = only(table, branch="transactional-hub", quantity="troops", partner="KOR", date="2026-12-31")
    paths = sorted(world["troops"].sel(branch="transactional-hub", dyad="KOR-USA", time="2026-12-31").values.tolist())
    assert row.value == pytest.approx((paths[99] + paths[100]) / 2)
    assert paths[19] <= row.lower <= paths[20]
    assert paths[179] <= row.upper <= paths[180]
    assert row.state == "USA"


def test_a_share_is_counted_path_by_path(world, table):
    events = world["dispute"].sel(branch="status-quo", dyad="CHN-TWN").values
    for last, date in ((3, "2025-12-31"), (15, "2028-12-31")):
        count = sum(any(path[: last + 1]) for path in events.tolist())
        row = only(table, branch="status-quo", kind="dispute", state="CHN", partner="TWN", date=date)
        assert row.value == pytest.approx(count / 200)
        assert row.lower < row.upper


def test_constant_hazards_give_their_own_chance(world, table):
    """With the same chance in every step of a draw the band is that of 1 - (1 - h)^16 over the draws and counting."""
    step = world["dispute_chance"].sel(branch="status-quo", dyad="CHN-TWN").values[:20, 0]
    known = 1 - (1 - step.astype(float)) ** 16
    row = only(table, branch="status-quo", kind="dispute", state="CHN", partner="TWN", date="2028-12-31")
    counted = row.mc_se / (row.value * (1 - row.value))
    for found, quantile in ((row.lower, 0.1), (row.upper, 0.9)):
        spread = np.log(odds(np.quantile(known, quantile)) / odds(known.mean()))
        reach = np.hypot(spread, 1.2816 * counted)
        assert abs(np.log(odds(found) / odds(row.value))) == pytest.approx(reach, rel=0.02)  # half a path is added
        assert reach > abs(spread)


def test_a_life_table_counts_only_who_is_left():
    """Two paths, one draw: the event of the first changes its later chances, which must not count."""
    chance = np.array([[0.5, 0.9], [0.5, 0.2]])[..., None]
    happened = np.array([[True, True], [False, False]])[..., None]
    found = chance_by_draw(chance, happened, np.zeros(2, int))
    assert found[0, :, 0] == pytest.approx([0.5, 1 - 0.5 * 0.8], rel=1e-4)


def test_the_life_table_is_unbiased_where_the_naive_product_is_not():
    """After an event the chance doubles: the truth is known, and multiplying along paths would miss it."""
    rng, paths, steps, h = np.random.default_rng(0), 40_000, 8, 0.1
    happened, before = np.zeros((paths, steps, 1), bool), np.zeros(paths, bool)
    chance = np.zeros((paths, steps, 1))
    for t in range(steps):
        chance[:, t, 0] = np.where(before, 0.9, h)
        before = before | (rng.random(paths) < chance[:, t, 0])
        happened[:, t, 0] = before
    truth, found = 1 - (1 - h) ** steps, chance_by_draw(chance, happened, np.arange(paths) % 100)[:, -1, 0].mean()
    naive = (1 - np.prod(1 - chance, axis=1)).mean()
    assert found == pytest.approx(truth, abs=1e-3)
    assert abs(naive - truth) > 0.05


def test_the_monte_carlo_error_is_what_other_seeds_would_change():
    draw = np.arange(400) % 40
    errors, means = [], []
    for _ in range(300):
        level = RNG.beta(2, 5, 40)[draw]
        values = RNG.random(400) < level
        means.append(values.mean())
        errors.append(float(monte_carlo_se(values, draw)))
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.15)  # sd of 300: 4 %; naive would be 25 % too small
    naive = np.sqrt(np.mean(means) * (1 - np.mean(means)) / 400)
    assert np.mean(errors) != pytest.approx(naive, rel=0.15)


def test_means_by_draw_do_not_depend_on_the_order_of_paths():
    values, draw = RNG.random((30, 2)), RNG.integers(0, 4, 30)
    expected = [values[draw == d].mean(axis=0) for d in sorted(set(draw.tolist()))]
    assert by_draw(values, draw) == pytest.approx(np.array(expected))


@pytest.mark.parametrize("draw", [np.arange(6) % 3, np.repeat(np.arange(3), 2)], ids=["in turn", "in order"])
def test_what_has_no_units_has_no_numbers(draw):
    """An outlook of states among which nobody has troops of the hub."""
    assert by_draw(np.zeros((6, 4, 0)), draw).shape == (3, 4, 0)


def test_the_spread_between_draws_leaves_the_noise_of_few_paths_out():
    draw = np.arange(20_000) % 2_000
    level = RNG.beta(20, 60, 2_000)
    values = RNG.random(20_000) < level[draw]
    assert spread_by_draw(values, draw).std() == pytest.approx(level.std(), rel=0.15)
    assert by_draw(values, draw).std() > 2 * level.std()
    assert np.isnan(spread_by_draw(values[:10], np.arange(10))).all()


def test_the_baseline_is_observed_and_never_invented(table):
    start = only(table, branch="status-quo", quantity="troops", partner="KOR", date="2025-01-24")
    assert (start.value, start.origin) == (23291.0, "observed")
    assert np.isnan(start.lower)
    apart = only(
        table,
        branch="status-quo",
        kind="tie",
        quantity="distance in UN votes",
        state="JPN",
        partner="USA",
        date="2025-01-24",
    )
    assert apart.value == pytest.approx(1.7)
    assert "TWN" not in set(table[table["quantity"] == "distance in UN votes"]["state"])


def test_what_no_process_can_bring_about_has_no_row(table):
    assert between(table, kind="dispute", state="JPN", partner="KOR").empty
    assert between(table, quantity="cut by a fifth or more", partner="PHL").empty


def test_origin_says_whether_an_assumption_acts(table):
    assert set(table[table["branch"] == "status-quo"]["origin"]) == {"observed", "carried forward", "estimated"}
    assert "estimated, assumed" in set(table[table["branch"] == "transactional-hub"]["origin"])


def test_contrasts_pair_the_paths(world):
    found = contrast(world, FOCUS, "USA", "CHN", inputs(), "transactional-hub", "status-quo")
    dispute = only(found, kind="dispute", state="CHN", partner="TWN", date="2028-12-31")
    both = [
        world["dispute"].sel(branch=b, dyad="CHN-TWN").values.any(axis=1) for b in ("transactional-hub", "status-quo")
    ]
    paired = both[0].astype(float) - both[1].astype(float)
    assert dispute.value == pytest.approx(paired.mean())
    per_draw = [paired[world["draw"].values == d].mean() for d in range(20)]
    assert dispute.mc_se == pytest.approx(np.std(per_draw, ddof=1) / np.sqrt(20))
    unpaired = np.sqrt(sum(np.var(b) / 200 for b in both))
    assert dispute.mc_se < unpaired
    apart = only(found, kind="tie", quantity="distance in UN votes", state="JPN", partner="USA", date="2028-12-31")
    assert apart.value == pytest.approx(0.1, abs=1e-5)
    assert (apart.lower, apart.upper) == pytest.approx((0.1, 0.1), abs=1e-4)
    troops = only(found, quantity="troops", partner="KOR", date="2028-12-31")
    pair = [
        world["troops"].sel(branch=b, dyad="KOR-USA", time="2028-12-31").values
        for b in ("transactional-hub", "status-quo")
    ]
    assert troops["mean"] == pytest.approx(float(np.mean(pair[0].astype(float) - pair[1].astype(float))), rel=1e-5)


def test_a_dispute_between_blocs_is_one_in_any_of_their_dyads(world, table):
    across = ["CHN-JPN", "CHN-KOR", "CHN-USA", "JPN-PRK", "JPN-RUS", "KOR-PRK", "KOR-RUS", "PRK-USA", "RUS-USA"]
    events = world["dispute"].sel(branch="status-quo", dyad=across).values[:, :4]
    row = only(table, branch="status-quo", state="JPN+KOR+USA", partner="CHN+PRK+RUS", date="2025-12-31")
    assert row.value == pytest.approx(events.any(axis=(1, 2)).mean())


def test_branches_that_are_the_same_do_not_differ():
    same = ensemble(paths=100, draws=10, lift=0.0)
    found = contrast(same, FOCUS, "USA", "CHN", inputs(), "transactional-hub", "status-quo")
    unmoved = found[found["kind"].isin(["dispute", "leader", "troops"])]
    assert not unmoved["clear"].any()
    assert (unmoved["mean"] == 0).all()


def test_an_unknown_branch_is_told(world):
    with pytest.raises(UnknownNameError, match="There is no branch 'retreat'"):
        contrast(world, FOCUS, "USA", "CHN", inputs(), "retreat", "status-quo")


def test_a_fan_holds_the_quantiles_of_the_paths(world):
    course = next(c for c in courses(world, FOCUS, "USA", "CHN", inputs()) if c.quantity == "troops")
    quantiles = fan(course, 0)
    assert quantiles.shape == (5, 16, len(course.units))
    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert quantiles[2] == pytest.approx(np.median(course.values[0], axis=0))
