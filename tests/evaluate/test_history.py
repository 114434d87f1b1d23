"""The shipped panel in the numbers of the statistics: against its tables row by row, and against itself resampled."""

import numpy as np
import pytest

from latticework.data import get
from latticework.data.dense import FROM
from latticework.evaluate import STATISTICS, checks, historical, load_history
from latticework.evaluate.history import SEEN_TO, decades_of, layers_of, seen
from latticework.evaluate.record import EVENTS as JUDGED
from latticework.evaluate.statistic import window
from tests.evaluate.test_predictive import few

PATHS = 50


@pytest.fixture(scope="module")
def past():
    return load_history()


@pytest.fixture(scope="module")
def table(past):
    return historical(past).set_index("statistic")


def test_every_statistic_has_a_number_a_unit_and_a_source(table):
    assert list(table.index) == [s.name for s in STATISTICS]
    assert np.isfinite(table[["observed", "low", "high"]].to_numpy()).all()
    assert (table[["title", "unit", "source"]] != "").all(axis=None)
    assert (table["low"] <= table["high"]).all()


def test_the_years_are_those_that_the_sources_have(table):
    last = table["to"].to_dict()
    assert (table["from"] == 1990).all()
    assert last["disputes"] == last["fatal disputes"] == 2014
    assert last["agreements ended"] == last["members left"] == 2015
    assert last["defence degree, mean"] == last["garrisons halved"] == 2018
    assert last["exercises"] == 2010
    assert last["coalition changes"] == 2008
    assert last["irregular exits"] == 2015
    assert last["trade, annual change"] == 2014


def test_what_follows_from_a_layer_was_seen_as_long_as_the_layer():
    """An agreement signed after the record's end is not on it: none is no news."""
    for name in JUDGED:
        assert SEEN_TO.get(name) == SEEN_TO.get(FROM.get(name, name)), name
    assert "agreement" in SEEN_TO


def test_disputes_equal_the_rows_of_their_table(table):
    rows = get("dispute")
    rows = rows[(rows["value"] == 1) & rows["date"].between("1990-01-01", "2014-12-31")]
    rows = rows.assign(year=rows["date"].str[:4])

    def of_years(which):
        return len(which.drop_duplicates(["year", "state", "partner"])) / 2.5

    assert table.loc["disputes", "observed"] == pytest.approx(of_years(rows), rel=0.01)
    assert table.loc["disputes with force", "observed"] == pytest.approx(
        of_years(rows[rows["hostility"] >= 4]), rel=0.01
    )
    assert table.loc["fatal disputes", "observed"] == pytest.approx(of_years(rows[rows["fatality"] >= 1]), rel=0.01)


def test_exits_against_the_rules_equal_the_rows_of_their_table(table):
    rows = get("leader")
    rows = rows[rows["exit"].isin(["irregular", "foreign"]) & rows["end"].between("1990-01-01", "2015-12-31")]
    years = rows.assign(year=rows["end"].str[:4]).drop_duplicates(["state", "year"])
    # the first exit of a year counts, and one of unknown manner says nothing about its year: fewer by a tenth at most
    assert 0.9 * len(years) / 2.6 <= table.loc["irregular exits", "observed"] <= len(years) / 2.6


def test_members_that_left_equal_the_rows_of_their_table(table):
    rows = get("membership")
    left = rows[(rows["exit"] == "left") & (rows["bilateral"] == 0) & rows["end"].between("1990-01-01", "2015-12-31")]
    assert table.loc["members left", "observed"] == pytest.approx(len(left) / 2.6, rel=0.01)


def test_president_and_garrisons_equal_the_rows_of_their_tables(table):
    visits = get("visit_president")
    assert table.loc["president's visits", "observed"] == pytest.approx(
        visits["date"].between("1990-01-01", "2018-12-31").sum() / 29, rel=0.01
    )


def test_the_first_decade_has_the_nine_years_after_the_first_world(past):
    decades = decades_of(past)
    assert list(decades) == ["1950s", "1960s", "1970s", "1980s", "1990s", "2000s", "2010s"]
    assert [len(p.dates) for p in decades.values()] == [10, 11, 11, 11, 11, 11, 10]


def test_a_decade_of_few_years_does_not_count(table):
    assert np.isnan(table.loc["exercises", "2010s"])  # one year
    assert np.isfinite(table.loc["disputes", "2010s"])  # five years
    assert table.loc["exercises", "high"] == table.loc["exercises", "2000s"]


@pytest.fixture(scope="module")
def resampled(past):
    """Paths of events resampled from 1990 on: years of all disputes, one or two at once; states' own years."""
    span = window(seen(past), 1990, 2018)
    rng = np.random.default_rng(5)
    first, second = (rng.integers(1, 26, (PATHS, 29)) for _ in range(2))  # disputes are known to 2014
    i, j = np.triu_indices(span.world.n, 1)
    disputes = np.asarray(span.world.dyad("dispute"))[:, i, j]
    names = ("membership_left", "membership_joined", "exit_irregular", "coalition_change")
    paths = {name: redrawn(np.asarray(span.world.state(name))[1:], rng) for name in names}
    return np.stack([i, j], axis=1), paths | {"dispute": disputes[first]}, np.fmax(disputes[first], disputes[second])


def redrawn(events: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paths in which every state draws each year from the years of its own that are known."""
    paths = np.full((PATHS, *events.shape), np.nan, np.float32)
    for state, known in enumerate(np.isfinite(events).T):
        if known.any():
            paths[:, :, state] = rng.choice(events[known, state], (PATHS, len(events)))
    return paths


RATES = ("disputes", "irregular exits", "coalition changes", "members left", "members joined")
EVENTS = few(*RATES) + tuple(s for s in STATISTICS if s.name.startswith("dispute triads"))


def test_history_resampled_is_inside_history(past, resampled):
    pairs, paths, _ = resampled
    found = checks(paths, past, pairs, EVENTS).set_index("statistic")
    assert found["inside"].all(), found[~found["inside"]].to_string()


def test_history_with_twice_its_disputes_is_not(past, resampled):
    pairs, paths, twice = resampled
    found = checks(paths | {"dispute": twice}, past, pairs, EVENTS).set_index("statistic")
    assert found["inside"].to_dict() == {name: "dispute" not in name for name in found.index}


def test_the_layers_are_those_of_the_panel(past):
    assert set(layers_of()) == {*past.world.states, *past.world.dyads}
