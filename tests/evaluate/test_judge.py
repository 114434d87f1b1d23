"""Forecasts are held against the right outcomes, and baselines know nothing that came later."""

import numpy as np
import pytest

from latticework.data.states import CODES
from latticework.evaluate.judge import Forecasts, Judge, past_changes
from latticework.evaluate.record import FIRST, HORIZONS, LAST, Record, ahead
from latticework.evaluate.targets import TARGETS
from latticework.world import Panel, World

YEARS, N, SOME = LAST - FIRST + 1, len(CODES), 40
GENERATOR = np.random.default_rng(11)
TURNOVER = np.full((4 * YEARS, N), np.nan, np.float32)
TURNOVER[:, :SOME] = GENERATOR.random((4 * YEARS, SOME)) < 0.06


def record(turnover=TURNOVER, effort=None):
    """A record of forty states of which leaders, regimes and efforts are known."""
    present = np.zeros((YEARS, N), bool)
    present[:, :SOME] = True

    def layer(values):
        return np.where(present, np.asarray(values, np.float32), np.float32(np.nan))

    generator = np.random.default_rng(2)
    democracy = layer(np.repeat(generator.random((1, N)), YEARS, axis=0))
    walk = np.exp(-4 + 0.1 * generator.standard_normal((YEARS, N)).cumsum(axis=0))
    states = {
        "democracy": democracy,
        "tenure": layer(generator.random((YEARS, N)) * 8),
        "civil_conflict": layer(np.zeros((YEARS, N))),
        "defence_effort": layer(walk if effort is None else effort),
    }
    dates = np.array([f"{year}-12-31" for year in range(FIRST, LAST + 1)], "datetime64[D]")
    months = np.arange("1950-04", f"{LAST + 1}-04", 3, dtype="datetime64[M]").astype("datetime64[D]") - 1
    yearly = Panel(World(present, states, {}), CODES, dates)
    quarterly = Panel(World(np.repeat(present, 4, axis=0), {"turnover": turnover}, {}), CODES, months)
    return Record(yearly, quarterly)


VOTES = np.zeros((YEARS, 20, N), np.float32)


def made(year, cut=1990, chance=0.2):
    values = {"leader exit": np.full((9, N), chance, np.float32), "paths": np.array(40)}
    return Forecasts(year, cut, values)


def test_outcomes_are_those_of_the_quarters_and_years_ahead():
    quarters = GENERATOR.random((YEARS, 4, 3)) < 0.3
    found = ahead(quarters.astype(np.float32))
    t = 12
    for q in range(4):
        assert found[t, q].tolist() == quarters[t + 1, q].tolist()
    for y in range(5):
        assert found[t, 4 + y].tolist() == quarters[t + 1 + y].any(axis=0).tolist()
    assert np.isnan(found[-1]).all()
    assert np.isnan(found[-3, 6]).all()
    assert np.isfinite(found[-3, :6]).all()


@pytest.mark.parametrize("horizon", ["q2", "y3"])
def test_a_forecast_is_held_against_what_came_at_its_horizon(horizon):
    judged = Judge(record(), VOTES).events(TARGETS["leader-change"], horizon, [made(1995), made(2003)])
    number = HORIZONS.index(horizon)
    for year in (1995, 2003):
        first = 4 * (year - FIRST + 1)
        span = slice(first + number, first + number + 1) if number < 4 else slice(first + 8, first + 12)
        expected = TURNOVER[span, :SOME].max(axis=0)
        assert judged.outcome[judged.year == year].tolist() == expected.tolist()
    assert set(judged.chances["model"]) == {np.float64(np.float32(0.2))}
    brier = (judged.outcome - np.float32(0.2)) ** 2
    assert judged.losses["Brier"]["model"] == pytest.approx(brier)
    assert judged.nodes[:, 0].tolist() == [*range(SOME)] * 2


def test_the_base_rate_is_that_of_all_years_before_the_origin():
    judged = Judge(record(), VOTES).events(TARGETS["leader-change"], "y1", [made(1995)])
    yearly = TURNOVER.reshape(YEARS, 4, N)[:, :, :SOME].max(axis=1)
    known = yearly[1 : 1995 - FIRST + 1]  # outcomes of 1951 to 1995
    expected = (known.sum() + 0.5) / (known.size + 1)
    assert judged.chances["base rate"] == pytest.approx(expected)


def test_no_baseline_changes_with_what_came_after_the_origin():
    later = TURNOVER.copy()
    later[4 * (1996 - FIRST) :] = 1 - later[4 * (1996 - FIRST) :]
    parts = [Judge(record(t), VOTES).events(TARGETS["leader-change"], "y1", [made(1995)]) for t in (TURNOVER, later)]
    for name in parts[0].chances:
        assert parts[0].chances[name].tolist() == parts[1].chances[name].tolist(), name
    assert parts[0].outcome.tolist() != parts[1].outcome.tolist()
    earlier = TURNOVER.copy()
    earlier[: 4 * 20] = 1
    control = Judge(record(earlier), VOTES).events(TARGETS["leader-change"], "y1", [made(1995)])
    assert control.chances["base rate"].tolist() != parts[0].chances["base rate"].tolist()


def test_a_unit_of_which_the_model_says_nothing_gets_the_rate_of_its_class():
    silent = made(1995)
    silent.values["leader exit"][:, 3] = 0
    judged = Judge(record(), VOTES).events(TARGETS["leader-change"], "q1", [silent])
    assert judged.chances["model"][3] == judged.chances["class rate"][3] > 0
    assert judged.chances["model"][4] == np.float32(0.2)


def test_a_change_is_from_the_last_figure_that_was_out():
    held = record()
    effort = held.state("defence_effort")
    t = 1995 - FIRST
    members = np.broadcast_to(effort[None, t + 1 : t + 6], (40, 5, N)) * np.exp(
        0.1 * GENERATOR.standard_normal((40, 5, N))
    )
    told = Forecasts(1995, 1990, {"effort": members.astype(np.float32), "paths": np.array(40)})
    judged = Judge(held, VOTES).levels(TARGETS["defence-effort"], "y2", [told])
    expected = np.log(effort[t + 2, :SOME]) - np.log(effort[t - 1, :SOME])
    assert judged.outcome == pytest.approx(expected, abs=1e-5)
    assert judged.losses["CRPS"]["persistence"] == pytest.approx(np.abs(expected), abs=1e-5)
    assert judged.losses["CRPS"]["model"].mean() < 0.5 * judged.losses["CRPS"]["random walk"].mean()
    assert judged.inside[0.8].mean() > 0.95  # the members stand around what came


def test_a_course_is_scored_jointly():
    held = record()
    effort, t = held.state("defence_effort"), 1995 - FIRST
    exact = np.broadcast_to(effort[None, t + 1 : t + 6], (24, 5, N))
    noise = np.exp(0.02 * GENERATOR.standard_normal((24, 5, N)))
    target = TARGETS["defence-effort"]
    right, turned = (
        Judge(held, VOTES).courses(target, [Forecasts(1995, 1990, {"effort": (m * noise).astype(np.float32)})])
        for m in (exact, exact[:, ::-1])
    )
    losses = right.losses["energy"]
    assert losses["model"].mean() < 0.3 * losses["past courses"].mean()
    assert turned.losses["energy"]["model"].mean() > 3 * losses["model"].mean()  # the right years in the wrong order
    expected = np.log(effort[t + 5, :SOME]) - np.log(effort[t - 1, :SOME])
    assert right.outcome == pytest.approx(expected, abs=1e-5)


def test_baselines_of_levels_know_no_later_figure():
    levels = np.log(record().state("defence_effort"))
    later = np.where(np.arange(YEARS)[:, None] > 1994 - FIRST, levels * 3, levels)
    earlier = np.where(np.arange(YEARS)[:, None] > 1990 - FIRST, levels * 3, levels)
    plain, other, control = (past_changes(values, 2, 1994) for values in (levels, later, earlier))
    assert plain.change.tolist() == other.change.tolist()
    assert plain.change.tolist() != control.change.tolist()
    ends = np.arange(1994 - 14, 1995) - FIRST
    assert sorted(plain.change.tolist()) == sorted((levels[ends] - levels[ends - 2])[:, :SOME].ravel().tolist())
