"""Dependence: observed shares stay what they are, and what follows has the mean and the spread of a known law."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from latticework.measures.dependence import (
    LEAST,
    REPEATS,
    Trade,
    carried,
    dependence,
    moved,
    odds,
    own_course,
    pace_of,
    source_error,
)
from latticework.measures.strength.domains import RECORD
from latticework.measures.strength.hidden import Dynamics
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.items import PATRONS, Item
from latticework.measures.strength.posterior import Draw, Shared
from latticework.measures.strength.readings import ERAS
from tests.measures.test_cohesion import tiny

NAN = float("nan")
RHO, SPREAD, LOADING, SPECIFIC = 0.9, 0.8, 0.5, 0.3
CENTRE, SCALE, UNIT = 0.2, 0.6, (0.1, 1.5)


def item(rho: float = RHO) -> Item:
    loading = np.full(PATRONS, LOADING)
    return Item(np.zeros(ERAS), np.zeros(PATRONS), 0.0, loading, SPECIFIC, np.array([np.log(SPREAD), logit(rho)]))


def shared(draws: int, rho: float = RHO) -> Shared:
    dynamics = Dynamics(np.full(PATRONS, 0.05), 0.99, np.full(3, 0.9), np.zeros(5), np.zeros(2), 1.0)
    one = Draw((item(rho),) * len(INDICATORS), dynamics, CENTRE, SCALE)
    return Shared((one,) * draws, {"trade": UNIT}, ("CHN", "KOR"), "")


def still(draws: int, years: int):
    """A tie that never moves."""
    return tiny(np.full((draws, 4 * years, 1), 0.4), (("CHN", "KOR"),))


def test_the_error_of_a_source_is_the_weighted_distance_of_two_over_the_root_of_two():
    share, other = np.array([0.2, 0.4, 0.1, 0.0, NAN]), np.array([0.3, 0.4, NAN, 0.2, 0.1])
    apart = logit(0.2) - logit(0.3)
    assert source_error(share, other) == pytest.approx(np.sqrt(0.5 * apart**2 / 1.3 / 2))
    assert np.isnan(source_error(np.array([NAN]), np.array([0.2])))
    rng = np.random.default_rng(1)
    truth = rng.normal(-2, 0.5, 4000)
    one, two = (expit(truth + 0.2 * rng.standard_normal(4000)) for _ in range(2))
    assert source_error(one, two) == pytest.approx(0.2, rel=4 / np.sqrt(2 * 4000) * 1.3)


def test_the_pace_of_shares_is_the_sd_of_their_yearly_shocks():
    rng = np.random.default_rng(2)
    walk = expit(-3 + 0.1 * rng.standard_normal((6, 5000)).cumsum(0))
    assert pace_of(walk) == pytest.approx(0.1, rel=0.06)
    noisy = expit(logit(walk[:1]) + 0.05 * rng.standard_normal((6, 5000)))
    assert pace_of(noisy) < 0.04  # errors of record that come and go are not taken for a walk of 0.05 a year
    assert np.isnan(pace_of(np.full((6, 2), NAN)))
    assert np.isnan(pace_of(walk[:4]))


def test_a_zero_counts_as_the_least_share_and_no_share_is_certain():
    assert odds(np.array([0.0, 0.5, 1.0])) == pytest.approx([logit(LEAST), 0, logit(1 - 1e-4)])


def test_observed_shares_have_the_band_of_their_error_and_are_never_moved():
    rng = np.random.default_rng(3)
    share = np.array([NAN, 0.2, 0.25, 0.0])
    paths = carried(rng, share, rng.normal(size=(4000, 4)), 0.1)
    assert np.isnan(paths[:, 0]).all()
    assert logit(np.quantile(paths[:, 1], (0.1, 0.5, 0.9))) == pytest.approx(
        logit(0.2) + 0.1 * norm.ppf([0.1, 0.5, 0.9]), abs=4 * 0.1 * 1.75 / np.sqrt(4000)
    )
    assert (paths[:, 3] == 0).all()
    assert carried(rng, share, rng.normal(size=(5, 4)), 0.0)[:, 2] == pytest.approx(0.25)


def test_after_the_last_figure_a_share_moves_by_what_moves_it_by_hand():
    moves = np.array([[9.0, 0.0, 0.5, 1.0], [5.0, 1.0, 1.0, 0.0], [7.0, 2.0, 1.5, 2.5]])
    paths = carried(np.random.default_rng(4), np.array([0.1, 0.2, NAN, NAN]), moves, 0.0)
    expected = logit(0.2) + np.array([[0.5, 1.0], [0.0, -1.0], [-0.5, 0.5]])
    assert logit(paths[:, 2:]) == pytest.approx(expected)


def test_between_two_figures_a_walk_becomes_a_bridge():
    rng, n, last = np.random.default_rng(5), 6000, 8
    walk = 0.3 * rng.standard_normal((n, last + 1)).cumsum(1)
    share = np.full(last + 1, NAN)
    share[0], share[last] = 0.2, 0.4
    found = logit(carried(rng, share, walk, 0.0))
    when = np.arange(last + 1) / last
    mean = logit(0.2) + when * (logit(0.4) - logit(0.2))
    sd = 0.3 * np.sqrt(last * when * (1 - when))  # a Brownian bridge
    assert found.mean(0) == pytest.approx(mean, abs=4 * sd.max() / np.sqrt(n))
    assert found.std(0) == pytest.approx(sd, abs=4 * sd.max() / np.sqrt(2 * n) + 0.01)


def test_the_own_deviation_is_as_seen_then_fades_and_widens():
    rng, seen = np.random.default_rng(6), np.array([2.0, 1.5, NAN, NAN, NAN])
    own = np.concatenate([own_course(rng, item(), seen, 0.2) for _ in range(500)])
    n = len(own)
    assert n == 500 * REPEATS
    assert own[:, :2] == pytest.approx(np.tile([2.0, 1.5], (n, 1)))
    years = np.arange(1, 4)
    sd = 0.2 * np.sqrt((1 - RHO ** (2 * years)) / (1 - RHO**2))
    assert own[:, 2:].mean(0) == pytest.approx(1.5 * RHO**years, abs=4 * sd.max() / np.sqrt(n))
    assert own[:, 2:].std(0) == pytest.approx(sd, rel=4 / np.sqrt(2 * n))
    never = np.concatenate([own_course(rng, item(), np.array([NAN]), 0.2) for _ in range(500)])
    assert never.std() == pytest.approx(SPREAD, rel=4 / np.sqrt(2 * n))


def test_a_tie_that_strengthens_raises_the_share_by_its_loading():
    strength, factor = np.zeros((3, 12, 1)), np.zeros((3, 3, 3, 1))
    strength[:, 8:] = [[[1.0]], [[0.0]], [[-2.0]]]
    factor[2, 2, 2] = 1.0  # the economy's factor in the third year of the third draw
    draws = tiny(strength, (("CHN", "KOR"),), factor)
    course = moved(np.random.default_rng(7), draws, shared(3), ("KOR", "CHN"), np.full(3, NAN), 0.0)
    own = course - course[:, :1] * RHO ** np.arange(3)
    tie = UNIT[1] * (LOADING * (CENTRE + SCALE * strength[:, 2::4, 0]) + SPECIFIC * factor[:, :, 2, 0])
    expected = tie - tie[:, :1] * RHO ** np.arange(3)
    assert own == pytest.approx(np.repeat(expected, REPEATS, axis=0))


def test_records_observed_then_estimated_with_a_band_that_widens():
    share = np.array([NAN, 0.2, 0.22, NAN, NAN, NAN])
    reading = np.array([NAN, 0.3, 0.3, NAN, NAN, NAN])
    trade = Trade(share[:, None], reading[:, None], 0.05, 0.15)
    table = dependence(still(400, 6), shared(400), "KOR", ("CHN",), trade)
    assert list(table.columns) == list(RECORD)
    assert table["date"].tolist() == [f"{year}-12-31" for year in range(2001, 2006)]
    assert table["origin"].tolist() == ["observed"] * 2 + ["estimated"] * 3
    assert table["value"].iloc[:2].tolist() == [0.2, 0.22]
    width = (logit(table["upper"]) - logit(table["lower"])).to_numpy()
    assert (np.diff(width[1:]) > 0).all()
    assert width[0] == pytest.approx(2 * 0.05 * norm.ppf(0.9), rel=0.1)
    # the own deviation fades: what is seen less what the tie leads one to expect, times 1 - rho^3
    own = UNIT[1] * ((0.3 - UNIT[0]) / UNIT[1] - LOADING * (CENTRE + SCALE * 0.4))
    wide = np.sqrt(0.05**2 + 0.15**2 * (1 + RHO**2 + RHO**4))
    middle = logit(0.22) - own * (1 - RHO**3)
    assert logit(table["value"].iloc[-1]) == pytest.approx(middle, abs=4 * 1.25 * wide / np.sqrt(4000))
    assert width[-1] == pytest.approx(2 * norm.ppf(0.9) * wide, rel=0.08)
    assert table["probability"].isna().tolist() == [True, True, False, False, False]
    assert (table["state"].iloc[0], table["partner"].iloc[0], table["draws"].iloc[0]) == ("KOR", "CHN", 400)


def test_a_rise_far_beyond_the_error_is_certain_and_a_state_that_is_gone_has_no_rows():
    draws = still(50, 4)
    draws.alive[12:] = False
    trade = Trade(np.array([[0.1], [0.1], [0.4], [NAN]]), np.full((4, 1), 0.1), 0.05, 0.1)
    table = dependence(draws, shared(50), "KOR", ("CHN",), trade)
    assert table["date"].max() == "2002-12-31"
    assert table["probability"].iloc[-1] == 1
    assert table["probability_of"].iloc[-1] == "above its value 8 quarters before"


def test_partners_come_one_after_the_other_whatever_the_order_of_the_dyads():
    draws = tiny(np.zeros((20, 12, 2)), (("JPN", "KOR"), ("CHN", "KOR")))
    trade = Trade(np.array([[0.3, 0.1]] * 3), np.zeros((3, 2)), 0.0, 0.1)
    table = dependence(draws, shared(20), "KOR", ("CHN", "JPN"), trade)
    assert table.groupby("partner", sort=False)["value"].first().to_dict() == {"CHN": 0.3, "JPN": 0.1}
