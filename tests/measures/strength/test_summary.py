"""What draws say of ties, counted by hand; what is shared, written and read back."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from latticework.errors import PanelError
from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.hidden import Ties
from latticework.measures.strength.posterior import REFERENCE, Shared, scale_of
from latticework.measures.strength.summary import broke, fell, score, table
from tests.measures.strength.synthetic import STATES, few_dyads, made_up_draw, quarters

DRAWS, TIMES = 40, 16


@pytest.fixture(scope="module")
def draws() -> TieDraws:
    """Two dyads over four years, of which the second begins in the third year."""
    rng, alive = np.random.default_rng(1), np.ones((TIMES, 2), bool)
    alive[:8, 1] = False
    strength, shock = rng.standard_normal((DRAWS, TIMES, 2)), 2.0 * rng.standard_normal((DRAWS, TIMES, 2))
    names = (("AAA", "USA"), ("BBB", "USA"))
    parts = np.zeros((1, TIMES, 2))
    factor = rng.standard_normal((DRAWS, 4, 3, 2))
    return TieDraws(names, quarters(1990, 4), alive, strength, factor, shock, parts, strength.mean(0))


def test_the_score_is_the_share_of_ties_that_are_weaker():
    np.testing.assert_allclose(score(np.array([-1.0, 0.0, 2.0])), 100 * stats.norm.cdf([-1.0, 0.0, 2.0]))


def test_a_fall_is_counted_draw_by_draw_where_the_dyad_was_there_before(draws):
    found = fell(draws.strength, draws.alive)
    assert np.isnan(found[:8]).all()
    assert np.isnan(found[:, 1]).all(), "it was not there eight quarters before"
    for t in (8, 15):
        count = sum(draws.strength[s, t, 0] < draws.strength[s, t - 8, 0] for s in range(DRAWS))
        assert found[t, 0] == pytest.approx(count / DRAWS)


def test_a_break_is_one_large_shock_in_four_quarters(draws):
    found = broke(draws.shock)
    for t in (0, 2, 9):
        count = sum(any(abs(draws.shock[s, k, 0]) > 3 for k in range(max(0, t - 3), t + 1)) for s in range(DRAWS))
        assert found[t, 0] == pytest.approx(count / DRAWS)


def test_a_row_for_every_quarter_in_which_both_exist(draws):
    rows = table(draws)
    assert len(rows) == 16 + 8
    row = rows[(rows.state == "BBB") & (rows.date == "1992-03-31")].iloc[0]
    ordered = np.sort(draws.strength[:, 8, 1])
    assert row.value == pytest.approx(100 * stats.norm.cdf((ordered[19] + ordered[20]) / 2))
    assert ordered[3] <= stats.norm.ppf(row.lower / 100) <= ordered[4]
    assert ordered[35] <= stats.norm.ppf(row.upper / 100) <= ordered[36]
    assert row.strength == pytest.approx(ordered.mean())
    assert row.security == pytest.approx(draws.factor[:, 2, 0, 1].mean())


def test_the_scale_is_that_of_all_dyad_quarters_of_the_decade():
    alive = np.ones((60, 2), bool)
    alive[:44, 1] = False
    ties = Ties.of(few_dyads([("AAA", "USA"), ("AAA", "BBB")], 15, alive), ())
    strength, dates = np.random.default_rng(2).standard_normal((60, 2)), quarters(1998, 15)
    counted = [
        strength[t, d] for t in range(60) for d in range(2) if alive[t, d] and REFERENCE[0] <= dates[t] < REFERENCE[1]
    ]
    assert len(counted) == 40 + 4
    assert scale_of(strength, ties, dates) == pytest.approx((np.mean(counted), np.std(counted)))


@pytest.fixture(scope="module")
def shared() -> Shared:
    rng = np.random.default_rng(3)
    some = tuple(replace(made_up_draw(rng), centre=0.1 * k, spread=1.0 + k) for k in range(3))
    return Shared(some, {"votes": (0.5, 2.0)}, STATES, "abc")


def test_what_is_shared_is_read_back_as_it_was_written(shared):
    again = Shared.from_arrays(shared.to_arrays(), "shared.npz")
    assert (again.codes, again.units, again.panel_sha256) == (shared.codes, shared.units, shared.panel_sha256)
    for old, new in zip(shared.draws, again.draws, strict=True):
        assert new.centre == pytest.approx(old.centre)
        assert new.dynamics.rho == pytest.approx(old.dynamics.rho)
        np.testing.assert_allclose(new.dynamics.state, old.dynamics.state, rtol=1e-6)
        for a, b in zip(old.items, new.items, strict=True):
            np.testing.assert_allclose(b.loading, a.loading, rtol=1e-6)
            np.testing.assert_allclose(b.scale, a.scale, rtol=1e-6)


def test_a_damaged_file_is_a_message_and_no_traceback(shared):
    arrays = shared.to_arrays()
    del arrays["votes/loading"]
    with pytest.raises(PanelError, match=r"'shared\.npz'.*latticework fit tie-strength"):
        Shared.from_arrays(arrays, "shared.npz")
