"""A simulation by the law of history is inside it; one with another law, or a vague one, is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from latticework.errors import InputError
from latticework.evaluate import STATISTICS, checks, share_inside
from latticework.evaluate.predictive import ruled
from latticework.world import Panel, World
from tests.evaluate.planted import CODES, OF_STATES, history, simulation

DISPUTES = ["disputes", "disputes with force", "fatal disputes", "dispute triads, 0 ties", "dispute triads, 1 tie"]
PATHS = 60


@pytest.fixture(scope="module")
def past() -> Panel:
    return history(1)


@pytest.fixture(scope="module")
def right(past) -> dict[str, np.ndarray]:
    return simulation(past, 2, PATHS)


@pytest.fixture(scope="module")
def table(past, right) -> pd.DataFrame:
    return checks(right, past).set_index("statistic")


def few(*names: str):
    return tuple(s for s in STATISTICS if s.name in names)


@pytest.mark.slow
def test_the_law_of_history_is_covered_as_often_as_the_band_says():
    pasts = [history(seed) for seed in range(10, 20)]
    shares = np.array([share_inside(checks(simulation(p, 99, 40), p), "covered") for p in pasts])
    error = shares.std(ddof=1) / np.sqrt(
        len(shares)
    )  # statistics of one history depend on each other, histories do not
    # the ends of a band of 40 paths are themselves drawn: it covers a new one with chance 1 - 2 (0.05 * 39 + 1) / 41
    expected = 1 - 2 * (0.05 * 39 + 1) / 41
    assert error < 0.04
    assert abs(shares.mean() - expected) < 3 * error


def test_the_law_of_history_is_inside(table):
    assert list(table.index) == [s.name for s in STATISTICS]
    assert table["inside"].notna().all()
    assert share_inside(table) >= 0.75
    assert table.loc[DISPUTES, "inside"].all()
    assert (table["lower"] <= table["median"]).all()
    assert (table["median"] <= table["upper"]).all()
    assert (table["paths"] == PATHS).all()


def test_twice_the_disputes_are_caught_and_nothing_else(past, right):
    twice = simulation(past, 2, PATHS, disputes=2.0)
    mixed = right | {name: twice[name] for name in right if name.startswith("dispute")}
    found = checks(mixed, past).set_index("statistic")
    assert not found.loc[DISPUTES, "covered"].any()
    assert not found.loc[DISPUTES, "in_history"].any()
    assert not found.loc[DISPUTES, "inside"].any()
    others = [name for name in found.index if not name.startswith(("dispute", "fatal"))]
    assert found.loc[others, "inside"].equals(checks(right, past).set_index("statistic").loc[others, "inside"])


def test_a_vague_simulation_covers_all_and_is_not_inside(past):
    times = np.exp(np.random.default_rng(3).normal(np.log(3), 1.2, PATHS))
    row = checks(simulation(past, 4, PATHS, times), past, statistics=few("disputes")).iloc[0]
    assert row["covered"]
    assert not row["in_history"]
    assert not row["inside"]


def test_the_rule_in_every_case():
    rows = [  # observed, lower, median, upper, low, high, decades -> covered, in_history, inside
        (5, 4, 5, 6, 1, 9, 5, True, True, True),
        (5, 6, 7, 8, 1, 9, 5, False, True, False),
        (5, 4, 20, 90, 1, 9, 5, True, False, False),
        (5, 4, 20, 90, 1, 9, 4, True, None, True),
        (5, 6, 7, 8, 1, 9, 4, False, None, False),
        (5, 5, 5, 5, 5, 5, 7, True, True, True),
        (5, np.nan, np.nan, np.nan, 1, 9, 7, None, None, None),
        (np.nan, 4, 5, 6, 1, 9, 7, None, None, None),
    ]
    names = ["observed", "lower", "median", "upper", "low", "high"]
    found = ruled(pd.DataFrame([r[:6] for r in rows], columns=names).astype(float), np.array([r[6] for r in rows]))
    told = found[["covered", "in_history", "inside"]].astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [list(r[7:]) for r in rows]
    assert share_inside(found) == pytest.approx(3 / 6)
    assert np.isnan(share_inside(found.iloc[6:]))


def test_history_itself_is_in_the_middle_of_its_own_band(past):
    span = {k: np.asarray(v)[-29:] for k, v in [*past.world.states.items(), *past.world.dyads.items()]}
    found = checks({name: np.repeat(layer[None], 40, axis=0) for name, layer in span.items()}, past)
    for column in ("lower", "median", "upper"):
        assert found[column].to_numpy() == pytest.approx(found["observed"].to_numpy(), rel=1e-5)
    assert found["covered"].all()


def test_pairs_say_the_same_as_matrices(past, right):
    some = {name: layer[:40] for name, layer in right.items()}
    only = few(
        "agreements signed",
        "garrisons halved",
        "disputes",
        "president's visits",
        "defence isolated",
        "trade, annual change",
    )
    i, j = np.triu_indices(len(CODES), 1)
    both = np.concatenate([np.stack([i, j], axis=1), np.stack([j, i], axis=1)])
    directed = {k: v if k in OF_STATES else v[:, :, both[:, 0], both[:, 1]] for k, v in some.items()}
    table = checks(some, past, statistics=only)
    pd.testing.assert_frame_equal(checks(directed, past, both, only), table)
    once = {k: v if k in OF_STATES else v[:, :, i, j] for k, v in some.items()}
    pd.testing.assert_frame_equal(checks(once, past, both[: len(i)], only), table)


def test_what_history_has_not_seen_is_not_compared(past, right):
    early = _without(past, "dispute", slice(65, None))  # after 2014
    wild = right | {
        "dispute": np.where(np.arange(29)[None, :, None, None] > 24, 1.0, right["dispute"]).astype(np.float32)
    }
    only = few("disputes")
    assert checks(wild, early, statistics=only).equals(checks(right, early, statistics=only))
    assert checks(wild, early, statistics=only)["to"].item() == 2014
    assert not checks(wild, past, statistics=only)["inside"].item()


def test_what_is_not_simulated_of_a_state_is_not_read_of_history(past, right):
    only = few("coalition changes", "effort, mean")
    cut = {name: np.array(right[name]) for name in ("coalition_change", "defence_effort")}
    for layer in cut.values():
        layer[:, :, 3] = np.nan
    found = checks(cut, past, statistics=only)
    without = checks(
        cut,
        _without(_without(past, "coalition_change", np.s_[-29:, 3]), "defence_effort", np.s_[-29:, 3]),
        statistics=only,
    )
    assert found["observed"].equals(without["observed"])
    assert not found["observed"].equals(checks(right, past, statistics=only)["observed"])


def test_carried_agreements_are_not_taken_for_seen(table):
    assert table.loc["agreements ended", ["from", "to"]].tolist() == [1990, 2015]
    assert table.loc["exercises", ["from", "to"]].tolist() == [1990, 2018]


def test_a_layer_that_is_not_simulated_is_not_judged(past, right):
    rest = {name: v for name, v in right.items() if name != "democracy"}
    found = checks(rest, past).set_index("statistic")
    missing = found.index[found["inside"].isna()]
    assert list(missing) == ["leader changes, democracies", "leader changes, others"]
    assert found.loc[missing, "observed"].notna().all()
    assert (found.loc[missing, "paths"] == 0).all()


def test_mistakes_are_told(past, right):
    with pytest.raises(InputError, match="at least 40 of them, not 39"):
        checks({k: v[:39] for k, v in right.items()}, past)
    with pytest.raises(InputError, match="no layer that a statistic reads"):
        checks({"weather": right["turnover"]}, past)
    with pytest.raises(InputError, match=r"'turnover' has the shape \(60, 29, 9\), not \(60, 29, 10\)"):
        checks({"turnover": right["turnover"][..., :9]}, past, statistics=few("leader changes, others"))
    with pytest.raises(InputError, match="'dispute' has the shape"):
        checks({"dispute": right["dispute"][..., 0]}, past, statistics=few("disputes"))
    with pytest.raises(InputError, match="29 steps; history has 28"):
        checks(right, replace(past, world=_later(past), dates=past.dates[-29:]))
    bare = replace(past, world=World(past.world.present, past.world.states, {}))
    with pytest.raises(InputError, match="no layer 'dispute'"):
        checks({"dispute": right["dispute"]}, bare, statistics=few("disputes"))


def _later(past: Panel) -> World:
    states = {k: np.asarray(v)[-29:] for k, v in past.world.states.items()}
    dyads = {k: np.asarray(v)[-29:] for k, v in past.world.dyads.items()}
    return World(np.asarray(past.world.present)[-29:], states, dyads)


def _without(past: Panel, name: str, where) -> Panel:
    home = past.world.states if name in past.world.states else past.world.dyads
    layer = np.array(home[name])
    layer[where] = np.nan
    kind = "states" if name in past.world.states else "dyads"
    return replace(past, world=past.world.replace(**{kind: {name: layer}}))
