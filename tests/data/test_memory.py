"""What dyads remember: events that fade, trade beside the world's, and what is usual, against slow counts."""

import numpy as np
import pytest

from latticework.data import get, load_panel, load_snapshot
from latticework.data.memory import FADE, USUAL_FADE, _chained, usual

FOUR = ("USA", "JPN", "KOR", "DEU")
LAYERS = ("exercise_recent", "visit_president_recent", "visit_defence_recent", "trade", "trade_usual")


@pytest.fixture(scope="module")
def panel():
    return load_panel(FOUR, 1950, 2016, layers=LAYERS)


def course(panel, name, a, b) -> np.ndarray:
    return np.asarray(panel.world.dyad(name))[:, panel.codes.index(a), panel.codes.index(b)]


def slow(layer, a, b, day) -> float:
    rows = get(layer, [a, b])
    rows = rows[(rows.date <= str(day)) & (rows.state.isin([a, b]))]
    age = (day - rows.date.to_numpy().astype("datetime64[D]")).astype(float) / 365.25
    return float((rows.value * np.exp(-age / FADE)).sum())


@pytest.mark.parametrize(
    ("layer", "a", "b", "first", "last"),
    [("exercise", "USA", "KOR", 1983, 2010), ("visit_president", "USA", "JPN", 1953, 2016)],
)
def test_memory_is_a_slow_sum_over_what_is_on_record(panel, layer, a, b, first, last):
    found = course(panel, f"{layer}_recent", a, b)
    for t, day in enumerate(panel.dates):
        year = int(str(day)[:4])
        if first <= year <= last:
            assert found[t] == pytest.approx(slow(layer, a, b, day), rel=1e-4, abs=1e-6)
        else:
            assert np.isnan(found[t]), year


def test_what_is_not_on_record_is_not_none(panel):
    assert np.isnan(course(panel, "visit_president_recent", "JPN", "USA")).all()
    assert course(panel, "visit_defence_recent", "USA", "JPN")[-6] > 0  # 2011


def test_a_state_that_enters_the_record_makes_no_step_in_the_worlds_trade():
    flow = np.full((3, 3, 3), np.nan)
    flow[:, 0, 1] = [10.0, 20.0, 30.0]
    flow[1:, 0, 2] = [500.0, 500.0]
    np.testing.assert_allclose(_chained(flow), [10.0, 20.0, 20.0 * 530 / 520])
    assert np.nansum(flow[1]) > 10 * _chained(flow)[1], "the plain sum does step"


def test_usual_is_a_fading_mean_that_years_without_trade_leave_as_it_is():
    weight = np.exp(-1 / USUAL_FADE)
    found = usual(np.array([[np.nan], [4.0], [16.0], [0.0], [np.nan], [4.0]]))[:, 0]
    second = 4**weight * 16 ** (1 - weight)
    np.testing.assert_allclose(found, [np.nan, 4, second, second, second, second**weight * 4 ** (1 - weight)])


def test_growth_of_the_world_and_prices_are_out_of_trade():
    panel = load_panel(None, 1960, 2014, layers=("trade", "exports"))
    flows = np.asarray(panel.world.dyad("exports"), float)
    both = np.triu(flows + np.swapaxes(flows, 1, 2), 1)
    trade = np.triu(np.asarray(panel.world.dyad("trade"), float), 1)
    for t in (10, 30, 54):
        known = np.isfinite(both[t]) & np.isfinite(both[t - 1])
        assert trade[t][known].sum() == pytest.approx(trade[t - 1][known].sum(), rel=1e-4)
    seen = both[54] > 0
    ratio = trade[54][seen] / both[54][seen]
    assert ratio.std() < 1e-4 * ratio.mean(), "one factor for all flows of a year"


def test_a_snapshot_has_them_as_of_the_end_of_their_data(panel):
    now = load_snapshot("2025-01-24", FOUR)
    for name, year in (("exercise_recent", 2010), ("trade", 2014), ("trade_usual", 2014)):
        want = np.asarray(panel.world.dyad(name))[year - 1950]
        np.testing.assert_allclose(np.asarray(now.world.dyad(name)), want, rtol=1e-5)
        rows = now.inputs[now.inputs.layer == name]
        assert (rows.origin == "carried forward").all()
        assert (rows.date == f"{year}-12-31").all()
        assert len(rows) == (want > 0).sum()


def test_nothing_of_later_is_known_in_a_snapshot_of_the_past():
    then = load_snapshot("1990-06-30", FOUR).world
    i, j = FOUR.index("USA"), FOUR.index("KOR")
    assert float(then.dyad("exercise_recent")[i, j]) == pytest.approx(
        slow("exercise", "USA", "KOR", np.datetime64("1990-06-30")), rel=1e-4
    )
    last = load_panel(FOUR, 1989, 1989, layers=("trade",)).world.dyad("trade")[0]
    assert float(then.dyad("trade")[i, j]) == pytest.approx(float(last[i, j]), rel=1e-5)
