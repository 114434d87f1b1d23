"""Chances read off paths are unbiased, votes follow a rhythm, and a model is no larger than it must be."""

import jax
import numpy as np
import pytest

from latticework.actions.backtests.cuts import cut_before
from latticework.actions.backtests.forecast import LAYERS, horizons, moving, stopped, targeted
from latticework.actions.backtests.origin import quarters_after, to_come
from latticework.evaluate.targets import TARGETS
from latticework.fit.frailty import Frailty
from latticework.processes import MODEL

GENERATOR = np.random.default_rng(8)


def paths(count):
    """Events whose chance trebles after the first: what is due once it has come is another law."""
    event, chance = np.zeros((count, 4, 1)), np.zeros((count, 4, 1))
    came = np.zeros(count, bool)
    for t in range(4):
        chance[:, t, 0] = np.where(came, 0.6, 0.1 + 0.05 * t)
        event[:, t, 0] = GENERATOR.random(count) < chance[:, t, 0]
        came |= event[:, t, 0] > 0
    return event, chance


def test_a_stopped_chance_is_unbiased_and_less_noisy_than_counting():
    event, chance = paths(40_000)
    exact = 1 - np.prod([1 - 0.1 - 0.05 * t for t in range(4)])
    found, counted = stopped(event, chance)[:, 0], event.max(axis=1)[:, 0]
    assert found.mean() == pytest.approx(exact, abs=4 * found.std() / np.sqrt(len(found)))
    assert found.std() < 0.7 * counted.std()


def test_control_a_chance_that_is_not_stopped_is_biased():
    _, chance = paths(40_000)
    exact = 1 - np.prod([1 - 0.1 - 0.05 * t for t in range(4)])
    biased = 1 - np.prod(1 - chance[..., 0], axis=1)
    assert biased.mean() > exact + 10 * biased.std() / np.sqrt(len(biased))


def test_horizons_are_four_quarters_and_five_years():
    event = (GENERATOR.random((3, 20, 2)) < 0.2).astype(float)
    chance = GENERATOR.random((3, 20, 2)) * 0.1
    found = horizons(event, chance)
    assert found.shape == (3, 9, 2)
    assert found[:, :4].tolist() == chance[:, :4].tolist()
    assert found[:, 6].tolist() == stopped(event[:, 8:12], chance[:, 8:12]).tolist()


def days(*texts):
    return np.array(texts, "datetime64[D]")


def test_votes_that_are_set_come_first_and_later_ones_at_the_rhythm():
    known = days("1976-11-02", "1980-11-04", "1984-11-06", "1988-11-08")
    found = to_come(known, np.datetime64("1990-12-31"), np.datetime64("1995-12-31"))
    assert [str(day)[:4] for day in found] == ["1992"]
    early = to_come(np.append(known, days("1991-05-01")), np.datetime64("1990-12-31"), np.datetime64("1995-12-31"))
    assert [str(day)[:4] for day in early] == ["1991", "1995"]


def test_second_rounds_make_no_rhythm_and_two_votes_neither():
    rounds = days("1981-04-26", "1981-05-10", "1988-04-24", "1988-05-08")
    assert to_come(rounds, np.datetime64("1990-12-31"), np.datetime64("1999-12-31")) == []
    assert to_come(days("1986-01-01", "1990-01-01"), np.datetime64("1990-12-31"), np.datetime64("1995-12-31")) == []


def test_quarters_end_on_their_last_days():
    assert quarters_after(1990)[:4].astype(str).tolist() == ["1991-03-31", "1991-06-30", "1991-09-30", "1991-12-31"]
    assert str(quarters_after(1990)[-1]) == "1995-12-31"


def test_a_forecast_of_leaders_needs_leaders_alone():
    assert [process.name for process in moving(targeted(("leader-change",)))] == ["leader_exit"]
    whole = moving()
    moved = {layer for process in whole for layer in process.writes}
    left_out = [process for process in MODEL if process not in whole]
    read = {layer for process in whole for layer in (*process.reads, *process.given)}
    assert not read & {layer for process in left_out for layer in process.writes} - moved
    assert {process.name for process in left_out} == {
        "visits_president",
        "visits_secretary",
        "visits_defence",
        "trade",
        "dispute_deaths",
        "warheads",
    }


def test_every_target_is_read_off_layers_that_some_process_moves():
    assert set(LAYERS) == set(TARGETS)
    written = {layer for process in MODEL for layer in process.writes}
    assert set(targeted(tuple(TARGETS))) <= written


def test_a_forecast_uses_the_last_cut_before_it():
    cuts = (1990, 2000, 2010)
    assert [cut_before(year, cuts) for year in (1976, 1990, 1999, 2000, 2018)] == [1990, 1990, 1990, 2000, 2010]


def test_strata_of_frailties_have_the_law_of_free_draws_and_far_less_noise():
    """Of a dyad with four events where two were expected, and one without a record; gamma laws with known means."""
    frailty = Frailty(0.8, {"CHN-JPN": (4.0, 2.0)})
    codes, prior, draws = ("CHN", "JPN", "USA"), 1 / 0.8, 24
    shape = np.array([prior + 4, prior])
    mean = np.array([(prior + 4) / (prior + 2), 1.0])

    def means(of):
        """Means over the draws, in many repeats: of the seen dyad and of one not seen."""
        drawn = [np.exp(np.asarray(of(jax.random.key(k), draws, codes)))[:, (0, 0), (1, 2)] for k in range(200)]
        return np.mean(drawn, axis=1)

    strata, free = means(frailty.log_strata), means(frailty.log_draws)
    noise = mean / np.sqrt(shape * draws)
    assert np.all(np.abs(strata.mean(axis=0) - mean) < 4 * noise / np.sqrt(200))
    assert np.all(strata.std(axis=0) < 0.3 * noise)
    assert np.all(free.std(axis=0) > 0.8 * noise)
