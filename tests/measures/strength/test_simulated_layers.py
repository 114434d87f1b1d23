"""Readings off simulated layers are those off the panel, if the simulation repeats what the panel has."""

from functools import lru_cache

import numpy as np
import pytest

from latticework.data import load_panel
from latticework.measures.strength.indicators.base import either
from latticework.measures.strength.layers import FOLLOWED, Held, held, readings
from latticework.measures.strength.readings import Load, dyads_of, rows_of
from latticework.world import Panel

FIRST, START, LAST = 2008, 2011, 2014  # years: the panel begins, the simulation begins after, both end
PAIRS = [("JPN", "USA"), ("JPN", "KOR"), ("PHL", "USA"), ("IRQ", "USA"), ("CHN", "PRK"), ("CHN", "USA"), ("IND", "PAK")]
LAYERS = ("agreement", "defence", "troops", "dispute")
NAMES = [indicator.name for indicator in FOLLOWED]
UNITS = {name: (0.5, 2.0) if name in ("troops", "votes") else (0.0, 1.0) for name in NAMES}


@lru_cache(maxsize=2)
def load(layers: tuple[str, ...]) -> Panel:
    return load_panel(None, FIRST, LAST, "quarter", layers)


@pytest.fixture(scope="module")
def both() -> tuple[np.ndarray, np.ndarray]:
    """Readings (t, k, d) off layers that repeat the panel on two paths, and off the panel itself."""
    begin = 4 * (START - FIRST + 1)
    reader: Load = load
    dyads = dyads_of(PAIRS, reader)
    stood = held(reader, dyads, begin - 1, UNITS)
    layers = {name: either(load((name,)).world.dyad(name), dyads)[begin:] for name in LAYERS}
    points = np.asarray(load(("ideal_point",)).world.state("ideal_point"), np.float64)[begin:]
    twice = {name: np.stack([layer, layer]).astype(np.float64) for name, layer in layers.items()}
    there = np.isfinite(points).any(0)
    codes = tuple(code for code, known in zip(dyads.codes, there, strict=True) if known)
    quarter = (1, 2, 3, 4) * (LAST - START)
    ours = readings(stood, dyads, twice, np.stack([points[:, there]] * 2), codes, quarter)
    np.testing.assert_array_equal(ours[:, :, 0], ours[:, :, 1])
    theirs = np.full((len(quarter), len(FOLLOWED), len(dyads)), np.nan)
    for k, indicator in enumerate(FOLLOWED):
        panel = load(indicator.reads)
        rows = rows_of(indicator, indicator.read(panel, dyads), dyads, panel.dates, UNITS[indicator.name])
        late = rows.t >= begin
        theirs[rows.t[late] - begin, k, rows.d[late]] = rows.values.y[late]
    return ours[:, :, 0], theirs


@pytest.mark.parametrize("name", ["treaty", "garrison", "troops", "disputes"])
def test_readings_are_the_same(both, name):
    ours, theirs = (side[:, NAMES.index(name)] for side in both)
    assert np.isfinite(theirs).any()
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_votes_are_the_same_but_for_states_that_come_or_go(both):
    """The usual distance moves with that of the states that vote all the time, not of all that vote in a year."""
    ours, theirs = (side[:, NAMES.index("votes")] for side in both)
    np.testing.assert_array_equal(np.isfinite(ours), np.isfinite(theirs))
    known = np.isfinite(theirs)
    assert known.sum() > 15
    assert np.abs(ours - theirs)[known].max() < 0.05
    assert theirs[known].std() > 0.2


def test_a_treaty_that_ends_leaves_what_the_simulation_does_not_move():
    dyads = dyads_of([("JPN", "USA"), ("JPN", "KOR")], load)
    one, none = np.ones(2), np.zeros(2)
    pledges = dict.fromkeys(("nonaggression", "neutrality", "offence"), none)
    pledges |= dict.fromkeys(("consultation", "agreement", "defence", "integrated_defence"), one)
    stood = Held(pledges, np.array([50_000.0, np.nan]), np.zeros(len(dyads.codes)), np.zeros(len(dyads.codes)), UNITS)
    layers = {name: np.ones((1, 8, 2)) for name in LAYERS}
    layers["defence"][:, 4:], layers["agreement"][:, 4:] = 0.0, 0.0
    layers["troops"] = np.array([50_000.0] * 4 + [20.0] * 4)[None, :, None] * np.array([1.0, np.nan])
    found = readings(stood, dyads, layers, np.zeros((1, 8, 2)), ("JPN", "USA"), (1, 2, 3, 4) * 2)[:, :, 0]
    treaty, garrison, troops = (found[:, NAMES.index(n)] for n in ("treaty", "garrison", "troops"))
    np.testing.assert_array_equal(treaty[[3, 7], 0], [4.0, 1.0])
    np.testing.assert_array_equal(garrison[[3, 7], 0], [1.0, 0.0])
    np.testing.assert_allclose(troops[[3, 7], 0], (np.log([50_000.0, 20.0]) - 0.5) / 2, rtol=1e-6)
    assert np.isnan(found[[0, 1, 2, 4, 5, 6]][:, :4]).all(), "stocks are read at the end of a year"
    assert np.isnan(garrison[:, 1]).all()
    assert np.isnan(troops[:, 1]).all()
