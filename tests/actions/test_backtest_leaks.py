"""A forecast sees nothing of the future, and a layer that reveals it is caught."""

from dataclasses import replace

import pytest

from latticework.actions.backtests.leaks import leaks
from latticework.actions.backtests.origin import origin
from latticework.data import derived, load_snapshot
from latticework.data.blinded import blinded
from latticework.data.dense import STATE_DERIVED
from latticework.data.states import CODES
from latticework.processes import AlignmentDrift, DefenceEffort, LeaderExit

pytestmark = pytest.mark.slow  # it reads the world of a day seven times
YEAR, MODEL = 1994, (LeaderExit(), AlignmentDrift(), DefenceEffort())


@pytest.fixture(scope="module")
def blind(tmp_path_factory):
    return blinded(f"{YEAR}-12-31", tmp_path_factory.mktemp("blind"))


def test_nothing_of_the_future_is_seen(blind):
    assert leaks(YEAR, MODEL, blind) == ()


def test_a_layer_that_reveals_the_future_is_caught(blind, monkeypatch):
    def peeking(grid):
        """Growth of the coming year, whatever is known."""
        later = replace(grid, as_known_on=None, days=grid.days + 365)
        return derived.log_growth(later, "gdp_estimate")

    monkeypatch.setitem(STATE_DERIVED, "growth", peeking)
    found = leaks(YEAR, MODEL, blind)
    assert "start: growth" in found
    assert "training: growth" in found
    assert all("growth" in name for name in found)


def test_a_start_that_was_taken_a_year_later_is_caught(blind):
    def careless(year, model, folder):
        """Takes the ideal points of the year after."""
        made = origin(year, model, folder)
        later = load_snapshot(f"{year + 1}-12-31", CODES, folder).world
        return replace(made, world=made.world.replace(states={"ideal_point": later.state("ideal_point")}))

    assert leaks(YEAR, MODEL, blind, make=careless) == ("start: ideal_point",)
