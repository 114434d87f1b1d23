"""Ties on simulated paths: the prior where nothing is read, the smoother where the past is read, and wider bands."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from scipy import stats

from latticework.measures.strength.families import Values
from latticework.measures.strength.hidden import Ties
from latticework.measures.strength.items import Rows
from latticework.measures.strength.layers import FOLLOWED
from latticework.measures.strength.posterior import Shared
from latticework.measures.strength.readings import eras_of
from latticework.measures.strength.simulated import (
    Law,
    Steps,
    law_of,
    simulated_strength,
    truncated,
    year_variances,
)
from latticework.measures.strength.start import STRENGTH, Start, started
from tests.measures.strength.synthetic import Past, made_up_draw, made_up_dyads, simulate

YEARS, BEFORE, COUNT, DRAWS, PATHS = 24, 16, 12, 150, 800
NAMES = [indicator.name for indicator in FOLLOWED]


@pytest.fixture(scope="module")
def past() -> tuple[Past, Shared]:
    rng = np.random.default_rng(4)
    draw = made_up_draw(rng)
    dyads = made_up_dyads(rng, COUNT, YEARS)
    dyads = replace(dyads, alive=np.ones_like(dyads.alive))
    units = dict.fromkeys(NAMES, (0.0, 1.0))
    return simulate(rng, draw, dyads), Shared((draw,) * DRAWS, units, dyads.codes, "none")


def some(rows: Rows, kept: np.ndarray) -> Rows:
    """Some of the readings."""
    place = np.full(len(kept) + 1, -1)
    place[:-1][kept] = np.arange(kept.sum())
    v = rows.values
    values = Values(v.y[kept], v.sd[kept], place[v.before[kept]], v.year[kept], v.dyad[kept], v.shape)
    parts = {name: getattr(rows, name)[kept] for name in ("t", "d", "era", "patron", "near")}
    return replace(rows, values=values, **parts)


def known_until(ties: Ties, quarter: int, followed_too: bool) -> Ties:
    """What is read up to a quarter; later too of the indicators whose layers are simulated."""
    rows = [some(r, (r.t <= quarter) | (followed_too and r.indicator.name in NAMES)) for r in ties.rows]
    return Ties(ties.dyads, ties.quarters, ties.years, tuple(rows))


def later(ties: Ties, quarter: int) -> np.ndarray:
    """The readings of FOLLOWED after a quarter (t, k, d)."""
    found = np.full((len(ties.dyads.alive) - quarter - 1, len(FOLLOWED), len(ties.dyads)), np.nan)
    for rows in ties.rows:
        if rows.indicator.name in NAMES:
            after = rows.t > quarter
            found[rows.t[after] - quarter - 1, NAMES.index(rows.indicator.name), rows.d[after]] = rows.values.y[after]
    return found


@pytest.fixture(scope="module")
def begun(past) -> tuple[Start, Law, Steps, np.ndarray]:
    """The start after BEFORE years, and what is read from then on."""
    whole, shared = past
    quarter = 4 * BEFORE - 1
    start = started(shared, known_until(whole.ties, quarter, followed_too=False), quarter)
    after = whole.dates[quarter + 1 :]
    steps = Steps((1, 2, 3, 4) * (YEARS - BEFORE), tuple(eras_of(after).tolist()))
    return start, law_of(shared, start), steps, later(whole.ties, quarter)


def on_paths(begun, readings: np.ndarray, pinned: bool = False, first: int = 0) -> np.ndarray:
    """Strength on PATHS paths from the first on, all of which are read the same."""
    start, law, steps, _ = begun
    read, paths = np.repeat(readings[:, :, None], PATHS, axis=2), np.arange(first, first + PATHS)
    return simulated_strength(law, start.pinned() if pinned else start, steps, read, jax.random.key(2), paths)


def test_the_mixture_of_a_year_has_the_variance_and_the_tails_of_four_innovations():
    points, shares = year_variances()
    assert shares.sum() == pytest.approx(1)
    assert shares @ points == pytest.approx(2.0)  # of a Student-t with four degrees of freedom
    rng = np.random.default_rng(0)
    four = rng.standard_t(4, (400_000, 4)).sum(1)
    for far in (2.0, 6.0, 12.0, 25.0):
        ours = 2 * (shares @ stats.norm.sf(far / np.sqrt(4 * points)))
        seen = (np.abs(four) > far).mean()
        assert ours == pytest.approx(seen, rel=0.3, abs=4 * np.sqrt(seen / len(four))), far


def test_a_normal_between_bounds_is_that_of_scipy():
    low, high = np.array([-np.inf, -1.0, 0.5, 3.0, -6.0, 2.0]), np.array([-2.0, 0.3, np.inf, 3.5, -5.0, 2.01])
    law = stats.truncnorm(low, high)
    mean, variance, log_share = (np.asarray(a) for a in truncated(low.astype(np.float32), high.astype(np.float32)))
    np.testing.assert_allclose(mean, law.mean(), rtol=2e-3)
    np.testing.assert_allclose(variance, law.var(), rtol=0.05, atol=1e-4)
    np.testing.assert_allclose(log_share, np.log(stats.norm.cdf(high) - stats.norm.cdf(low)), rtol=1e-3, atol=1e-3)


def test_what_lies_beyond_all_expectation_moves_by_a_finite_step():
    mean, variance, log_share = truncated(np.float32([-np.inf, 30.0]), np.float32([-40.0, 31.0]))
    for values in (mean, variance, log_share):
        assert np.isfinite(np.asarray(values)).all()


@pytest.mark.parametrize("pinned", [False, True])
def test_where_nothing_is_read_strength_has_the_law_of_its_motion(begun, pinned):
    """Draws of the start moved by Student-t innovations, quarter after quarter, in NumPy."""
    start, law, steps, readings = begun
    nothing = np.full_like(readings, np.nan)
    ours = np.concatenate([on_paths(begun, nothing, pinned, first)[-1] for first in range(0, 4 * PATHS, PATHS)])
    rng = np.random.default_rng(8)
    theta = np.repeat(start.strength, 40, axis=0)
    mean, step, rho = (np.repeat(np.asarray(v), 40, axis=0) for v in (law.mean, law.step, law.rho))
    for _ in steps.quarter:
        theta = mean + rho[:, None] * (theta - mean) + step * rng.standard_t(4, theta.shape)
    apart = [stats.ks_2samp(ours[:, d], theta[:, d]).pvalue for d in range(COUNT)]
    assert min(apart) > 0.001 / COUNT
    wrong = theta + 0.2 * theta.std(0)
    assert max(stats.ks_2samp(ours[:, d], wrong[:, d]).pvalue for d in range(COUNT)) < 0.001, "a fifth of an sd is seen"


@pytest.fixture(scope="module")
def smoothed(past) -> np.ndarray:
    """Draws of strength at the end from all that was read: two chains."""
    whole, shared = past
    ties = known_until(whole.ties, 4 * BEFORE - 1, followed_too=True)
    return np.stack([started(shared, ties, 4 * YEARS - 1, seed).strength for seed in (1, 2)])


def test_the_past_read_as_if_simulated_gives_what_the_smoother_says(begun, smoothed):
    """Within the error of the chains, which two chains show, and a fifth of an sd for what is collapsed."""
    ours, sd = on_paths(begun, begun[3])[-1], smoothed.std((0, 1))
    chain = np.sqrt(((smoothed[0].mean(0) - smoothed[1].mean(0)) ** 2 / 2).mean())
    error = chain * np.sqrt(1 + 1 / 2)  # ours starts from one chain
    assert error < 0.25 * sd.mean(), "else this test can tell nothing"
    apart = ours.mean(0) - smoothed.mean((0, 1))
    assert (np.abs(apart) < 3 * error + 0.2 * sd).all(), (apart, error, sd)
    assert np.sqrt((apart**2).mean()) < 1.5 * error + 0.1 * sd.mean()
    assert ours.std(0).mean() == pytest.approx(sd.mean(), rel=0.15)
    deaf = on_paths(begun, np.full_like(begun[3], np.nan))[-1].mean(0) - smoothed.mean((0, 1))
    assert np.sqrt((deaf**2).mean()) > 1.5 * np.sqrt((apart**2).mean()), "without readings it is farther off"


def test_the_less_is_read_the_wider_is_the_band(begun):
    full, some_gone = begun[3], begun[3].copy()
    some_gone[:, NAMES.index("votes")] = np.nan
    nothing = np.full_like(full, np.nan)
    spread = [on_paths(begun, readings)[-1].std(0).mean() for readings in (full, some_gone, nothing)]
    assert spread[0] < spread[1] < spread[2]


def test_a_pinned_start_stays_where_it_was_drawn(begun):
    """Readings that a draw did not expect move what follows, by no more than innovations can."""
    start, _, _, readings = begun
    shouting = readings.copy()
    shouting[:4, NAMES.index("disputes")] = 1.0
    first = on_paths(begun, shouting, pinned=True)[0]
    loose = on_paths(begun, shouting)[0]
    begin = start.parts[np.arange(PATHS) % DRAWS, STRENGTH]
    assert np.abs((first - begin).mean(0)).max() < 0.1
    assert np.abs((loose - begin).mean(0)).max() > 2 * np.abs((first - begin).mean(0)).max()


def test_the_same_paths_however_they_are_split(begun):
    """Rounding aside; a program for many paths at once once gave nonsense where one for few did not."""
    start, law, steps, readings = begun
    whole, paths = on_paths(begun, readings), np.arange(700, 730)
    read = np.repeat(readings[:, :, None], len(paths), axis=2)
    part = simulated_strength(law, start, steps, read, jax.random.key(2), paths)
    np.testing.assert_allclose(whole[:, 700:730], part, atol=2e-3)
    assert not np.allclose(whole[:, :30], part, atol=0.1)


def test_a_year_that_has_begun_is_not_begun_again():
    assert Steps((2, 3, 4, 1, 2), (7,) * 5).year == (0, 0, 0, 1, 1)
    assert Steps((1, 2, 3, 4, 1), (7,) * 5).year == (0, 0, 0, 0, 1)
