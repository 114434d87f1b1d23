"""Steps that carry the treaty along: they leave every law as it is, and chains move faster with them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from latticework.measures.strength.conditional import SETTLE, swept
from latticework.measures.strength.families import Grade
from latticework.measures.strength.hidden import Hidden, Ties, augmented, hidden_drawn
from latticework.measures.strength.indicators import INDICATORS, Reading
from latticework.measures.strength.posterior import LOOSE, TIGHTENING, begun, remembered
from latticework.measures.strength.readings import rows_of
from latticework.measures.strength.shift import beginnings, shifted
from tests.measures.strength.synthetic import (
    Past,
    crowd,
    few_dyads,
    full_pattern,
    made_up_draw,
    made_up_dyads,
    quarters,
    simulate,
)
from tests.measures.strength.test_hidden import ALIVE, SMALL, laws

TREATY, VOTES = (next(i for i in INDICATORS if i.name == name) for name in ("treaty", "votes"))
FEW = replace(SMALL, items=tuple(SMALL.items[INDICATORS.index(i)] for i in (TREATY, VOTES)))


@pytest.fixture(scope="module")
def past() -> Past:
    return simulate(np.random.default_rng(14), SMALL, crowd(3000, ALIVE), full_pattern)


def stepped(past: Past, steps: int, wrong: float = 1.0) -> tuple[Hidden, list]:
    """The hidden states after steps alone; `wrong` multiplies how far the variables behind grades come along."""
    rng, hidden = np.random.default_rng(6), past.hidden
    seen = [augmented(rng, hidden, *part) for part in zip(past.ties.rows, SMALL.items, past.own, strict=True)]
    for _ in range(steps):
        moved, now = shifted(rng, hidden, past.ties, SMALL.items, SMALL.dynamics, seen)
        change = wrong * (moved.deviation - hidden.deviation)
        hidden, seen = replace(moved, deviation=hidden.deviation + change), now
    return hidden, seen


def test_steps_alone_leave_the_law_of_truth_and_readings_as_it_is(past):
    hidden, seen = stepped(past, 12)
    assert (hidden.deviation != past.hidden.deviation).any(0).mean() > 0.99
    assert min(laws(hidden, SMALL, past).values()) > 0.0005
    for rows, pseudo, item, before in zip(past.ties.rows, seen, SMALL.items, past.own, strict=True):
        family = rows.indicator.family
        if isinstance(family, Grade):  # u = v - eta stays, and v between its cutpoints
            np.testing.assert_array_equal((np.array(family.cuts)[:, None] < pseudo.z).sum(0), rows.values.y)
            u = pseudo.z - item.eta(rows, *hidden.at(rows))
            opening = rows.values.before < 0
            assert stats.kstest(u[opening] / np.exp(item.scale[-2]), stats.norm.cdf).pvalue > 0.0005
            assert (pseudo.z != before).mean() > 0.9


def test_steps_that_are_too_long_are_caught(past):
    assert min(laws(stepped(past, 12, wrong=1.4)[0], SMALL, past).values()) < 1e-6


def test_nothing_moves_in_other_lives_or_in_dead_quarters(past):
    hidden = stepped(past, 1)[0]
    moved = hidden.deviation != past.hidden.deviation
    assert not moved[8:12].any()
    assert not (moved[:8].any(0) & moved[12:].any(0)).any()
    begin = moved.argmax(0)
    share = (hidden.deviation - past.hidden.deviation)[:8][:, begin == 2]
    np.testing.assert_allclose(share[7], share[2] * SMALL.dynamics.rho**5, rtol=1e-6)


def test_steps_begin_where_a_treaty_changed_and_now_and_then_elsewhere():
    count = 4000
    dyads = few_dyads([("AAA", "USA")] * count, 5)
    grades = np.repeat([3.0, 3.0, 0.0, 0.0, 0.0], 4)[:, None] * np.ones((1, count))
    ends = np.arange(20) % 4 == 3
    rows = rows_of(TREATY, Reading(np.where(ends[:, None], grades, np.nan)), dyads, quarters(1990, 5), (0.0, 1.0))
    begin = beginnings(np.random.default_rng(1), Ties.of(dyads, (rows,)))
    share = np.bincount(begin, minlength=20) / count
    expected = np.full(20, 0.2 / 1.2 / 20)
    expected[8:12] += 1 / 1.2 / 4
    assert stats.chisquare(share * count, expected * count).pvalue > 0.001


def sworn(count: int) -> Ties:
    """The same dyad many times over: integrated defence for four years and then none, votes far apart at the end."""
    dyads = few_dyads([("AAA", "USA")] * count, 8)
    ends, rows = np.arange(32) % 4 == 3, []
    for indicator, values in ((TREATY, [4.0, 4, 4, 4, 0, 0, 0, 0]), (VOTES, [-1.0, -1, -1, -1, 1, 2, 1, 2])):
        y = np.repeat(values, 4)[:, None] * np.ones((1, count))
        rows.append(
            rows_of(indicator, Reading(np.where(ends[:, None], y, np.nan)), dyads, quarters(1990, 8), (0.0, 1.0))
        )
    return Ties.of(dyads, rows)


def gibbs(ties: Ties, sweeps: int, steps: bool) -> np.ndarray:
    """Strength by sweeps of many chains of the same dyad, with or without the steps."""
    rng, hidden, own, found = np.random.default_rng(2), Hidden.start(ties), remembered(ties), []
    for _ in range(sweeps):
        seen = [augmented(rng, hidden, *part) for part in zip(ties.rows, FEW.items, own, strict=True)]
        hidden = hidden_drawn(rng, hidden, ties, FEW.items, FEW.dynamics, seen)
        if steps:
            hidden, seen = shifted(rng, hidden, ties, FEW.items, FEW.dynamics, seen)
        own = tuple(pseudo.own for pseudo in seen)
        found.append(hidden.strength)
    return np.array(found)


def kolmogorov(x: np.ndarray, y: np.ndarray) -> float:
    """The p value of two samples of one law."""
    at = np.concatenate([x, y])
    apart = np.abs((x[:, None] <= at).mean(0) - (y[:, None] <= at).mean(0)).max()
    return float(stats.kstwobign.sf(apart * np.sqrt(len(x) * len(y) / (len(x) + len(y)))))


def test_chains_with_steps_have_the_same_law_and_move_faster():
    ties, burn = sworn(400), 100
    plain, stepping = (gibbs(ties, 220, steps)[burn:] for steps in (False, True))
    for t in (3, 14, 17, 19, 31):
        ends = [x[-1, t] for x in (plain, stepping)]
        assert kolmogorov(*ends) > 0.001, t
        far = abs(ends[0].mean() - ends[1].mean()) / np.sqrt((ends[0].var() + ends[1].var()) / 400)
        assert far < 4, t
    change = [x[:, 19] - x[:, 15] for x in (plain, stepping)]  # the fall in the year in which the treaty ended
    slow, fast = (np.corrcoef(c[:-1].ravel(), c[1:].ravel())[0, 1] for c in change)
    assert fast < slow - 0.03, (fast, slow)


@pytest.mark.parametrize(("known", "well"), [(True, True), (False, False)], ids=["as it is", "begun at cutpoints"])
def test_a_chain_has_come_to_the_truth_when_draws_are_kept(known, well):
    """The mean over many dyads of the true strength is that of a draw, but for its own Monte Carlo error."""
    rng = np.random.default_rng(11)
    draw = made_up_draw(rng)
    past = simulate(rng, draw, made_up_dyads(rng, 400, 15), full_pattern)
    now = begun(rng, past.ties, draw.items) if known else (Hidden.start(past.ties), remembered(past.ties))
    for s in range(SETTLE):
        now = swept(rng, past.ties, *now, draw, LOOSE * TIGHTENING**s)
    apart = np.where(past.ties.dyads.alive, now[0].strength - past.strength, np.nan)
    by_dyad = np.nanmean(apart, axis=0)
    assert (abs(by_dyad.mean()) < 3.5 * by_dyad.std() / np.sqrt(len(by_dyad))) == well, by_dyad.mean()
