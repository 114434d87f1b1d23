"""Negative controls: where the cause is shuffled the effect is gone, so the replications could have failed."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tests.replications import effort, garrisons, leaders, onset, reliability, termination
from tests.replications.estimates import each, least_squares, logit, logit_errors
from tests.replications.study import numbers

SHUFFLES = 39


@pytest.fixture
def rng():
    return np.random.default_rng(20250124)


def beyond_chance(found: float, shuffled: Callable[[], float], times: int = SHUFFLES) -> None:
    """The found effect is larger than all shuffled ones, and these are zero on average within their own error."""
    effects = np.array([shuffled() for _ in range(times)])
    assert abs(found) > np.abs(effects).max()
    assert abs(effects.mean()) < 4 * effects.std() / np.sqrt(times)


def test_shuffled_fulfilment_loses_its_causes(rng):
    table = reliability.opportunities()
    x = table[reliability.TERMS]
    found = logit(table.honor3, x).llr
    shuffled = [logit(pd.Series(rng.permutation(table.honor3)), x).llr for _ in range(SHUFFLES)]
    assert found > max(shuffled)
    assert np.mean(shuffled) == pytest.approx(len(x.columns), abs=2)  # chi-square: mean 5, sd 3.2; four errors of 39


def test_the_other_reading_of_who_was_called_upon_does_not_give_the_published_counts():
    table = reliability.raw("berkemeier_fuhrmann_alliance_fulfilment")
    other = table[table.dnaLLM.eq(1).fillna(False)]
    assert (int(other.honorLLM.sum()), len(other)) != (73, 146)
    assert set(reliability.calls().kept) == {0, 1}


def test_shuffled_coalitions_do_not_move_votes(rng):
    table = leaders.turnovers().reset_index(drop=True)
    fixed, move = each(table.year).assign(const=1.0).to_numpy(), table.move.to_numpy()
    basis = np.linalg.qr(fixed)[0]

    def effect(order: np.ndarray) -> float:
        mixed = table.assign(**{name: table[name].to_numpy()[order] for name in ("coalition", "turnover")})
        x = leaders.terms(mixed).to_numpy()
        return np.linalg.lstsq(x - basis @ (basis.T @ x), move - basis @ (basis.T @ move), rcond=None)[0][0]

    found = effect(np.arange(len(table)))
    assert found == pytest.approx(numbers(leaders.LEADERS)["coalition change"])  # the control has the same design
    beyond_chance(found, lambda: effect(rng.permutation(len(table))))


def test_shuffled_coalitions_do_not_end_alliances(rng):
    """Any end, since among shuffled violations, which are fewer, some logits have no finite answer."""
    table = termination.sample()
    columns = termination.NEW_COALITIONS

    def effect(order: np.ndarray) -> float:
        mixed = table.assign(**{name: table[name].to_numpy()[order] for name in columns})
        return termination.fitted("ended", mixed).params[columns[0]]

    found = numbers(termination.TERMINATION)["any end: coalition change, autocracy"]
    assert found == pytest.approx(effect(np.arange(len(table))))
    assert found > max(effect(rng.permutation(len(table))) for _ in range(20))


def test_shuffled_rivalries_do_not_bring_disputes(rng):
    table = onset.sample()
    names = [*onset.TERMS, *onset.SPLINE]
    found = numbers(onset.ONSET)["rivalry"]
    for _ in range(5):
        mixed = table.assign(rivalry=rng.permutation(table.rivalry))
        assert abs(logit(mixed.onset, mixed[names]).params["rivalry"]) < found / 3


def test_in_a_network_without_hubs_node_robust_errors_are_the_naive_ones(rng):
    """The same scores with names dealt at random: the network is gone, and so is its widening of the errors."""
    table = onset.sample()
    fit = logit(table.onset, table[[*onset.TERMS, *onset.SPLINE]])
    dealt = rng.integers(0, 200, (len(table), 2))
    dealt[:, 1] += 200
    errors = logit_errors(fit, dealt)
    assert errors.node["major power in dyad"] == pytest.approx(errors.naive["major power in dyad"], rel=0.25)
    assert numbers(onset.ONSET)["major power in dyad, se node"] > 2 * errors.node["major power in dyad"]


def test_shuffled_pacts_do_not_change_spending(rng):
    table = effort.panel()
    pacts = ["pact with a democracy", "pact with a non-democracy"]
    rest = [term for term in effort.TERMS if term not in pacts]
    basis = np.linalg.qr(pd.concat([each(table.ccode).assign(const=1.0), table[rest]], axis=1).to_numpy(float))[0]
    money = table[effort.SPENDING].to_numpy()

    def gap(order: np.ndarray) -> float:
        x = table[pacts].to_numpy(float)[order]
        b = np.linalg.lstsq(x - basis @ (basis.T @ x), money - basis @ (basis.T @ money), rcond=None)[0]
        return b[1] - b[0]

    estimate = numbers(effort.EFFORT)
    found = gap(np.arange(len(table)))
    assert found == pytest.approx(estimate[pacts[1]] - estimate[pacts[0]])
    beyond_chance(found, lambda: gap(rng.permutation(len(table))))


def test_shuffled_troops_do_not_change_spending(rng):
    table = garrisons.hosts()
    fixed = pd.concat([each(table.ccode), each(table.year).assign(const=1.0)], axis=1)
    rest = table[["nato", "other", *garrisons.CONTROLS]]
    basis = np.linalg.qr(pd.concat([fixed, rest], axis=1).to_numpy(float))[0]
    money = table[garrisons.SPENDING].to_numpy()
    money = money - basis @ (basis.T @ money)
    kinds = np.column_stack([np.ones(len(table)), table.nato, table.other])

    def effect(order: np.ndarray) -> float:
        x = table.troops.to_numpy()[order][:, None] * kinds
        return np.linalg.lstsq(x - basis @ (basis.T @ x), money, rcond=None)[0][1]

    found = effect(np.arange(len(table)))
    assert found == pytest.approx(numbers(garrisons.LEVELS)["troops x NATO"])
    beyond_chance(found, lambda: effect(rng.permutation(len(table))))


def test_a_planted_effect_of_withdrawal_would_have_been_seen():
    """The study finds nothing; a fall of spending by a quarter planted in the same rows it does find."""
    table = garrisons.episodes(*garrisons.WINDOWS[0])
    planted = table.growth + np.log(0.75) * table.withdrawal
    fit = least_squares(planted, pd.concat([table.withdrawal, each(table.year)], axis=1), table.ccode)
    assert fit.params["withdrawal"] / fit.bse["withdrawal"] < -3


def test_doubled_rows_would_move_the_rates_of_change(rng):
    """As in the faulty file, one row in eight is doubled."""
    table = garrisons.garrisons()
    large = table[table.before >= 1000]
    doubled = large.troops * np.where(rng.random(len(large)) < 0.126, 2, 1)
    rate = (doubled >= 1.2 * large.before).mean()
    assert rate > numbers(garrisons.CHANGE)["hosts of 1,000: rose by a fifth"] + 0.05
