"""Each statistic equals slow loops on tiny worlds with gaps, and is blind to names, to steps and to directions."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from latticework.evaluate import STATISTICS
from latticework.evaluate.networks import triads
from latticework.evaluate.statistic import apart, cut, window
from latticework.world import Panel, World
from tests.evaluate.by_hand import BY_HAND, Slow
from tests.evaluate.planted import law, panel, symmetric

BY_NAME = {statistic.name: statistic for statistic in STATISTICS}
# Of years: what holds at every world, or moves from one year to the next. A world within the year counts where these
# average, and is passed over where these compare.
YEAR_TO_YEAR = [name for name in BY_NAME if "change" in name and "leader" not in name and "coalition" not in name]
YEAR_TO_YEAR += ["garrisons halved"]


def gappy(seed: int) -> Panel:
    """Eight worlds in which a state is not there at first, one layer ends early, and cells are missing at random."""
    rng = np.random.default_rng(seed)
    layers = law(rng, 8, disputes=4.0)
    for name, layer in layers.items():
        lost = rng.random(layer.shape) < 0.1
        layer[lost if name == "troops" or layer.ndim == 2 else symmetric(lost) > 0] = np.nan
        layer[:2, 4] = np.nan
        if layer.ndim == 3:
            layer[:2, :, 4] = np.nan
    for name in ("dispute", "dispute_force", "dispute_deaths", "exercise", "coalition_change"):
        layers[name][5:] = np.nan
    return panel(layers, 1989)


def test_every_statistic_has_its_loop():
    assert BY_NAME.keys() == BY_HAND.keys()
    assert len(BY_NAME) == len(STATISTICS)


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_statistic_equals_slow_loops(name, seed):
    worlds = gappy(seed)
    assert BY_NAME[name](worlds) == pytest.approx(BY_HAND[name](Slow(worlds)), rel=1e-4)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_statistic_reads_its_own_layers_and_no_others(name):
    worlds, statistic = gappy(1), BY_NAME[name]
    held = {layer: np.array(v) for layer, v in [*worlds.world.states.items(), *worlds.world.dyads.items()]}
    moved = []
    for seed in (9, 11, 12):  # of rare events other worlds may have as many
        others = law(np.random.default_rng(seed), 8, disputes=4.0)
        mine = {layer: others[layer] for layer in statistic.layers}
        rest = {layer: v for layer, v in others.items() if layer not in mine}
        assert statistic(panel(held | rest, 1989)) == pytest.approx(statistic(worlds), rel=1e-6)
        moved.append(abs(statistic(panel(held | mine, 1989)) / statistic(worlds) - 1))
    assert max(moved) > 1e-3


@pytest.mark.parametrize("name", [n for n in BY_NAME if not n.startswith("distance")])
def test_names_of_states_change_nothing(name):
    worlds, order = gappy(4), np.random.default_rng(0).permutation(10)
    states = {k: np.asarray(v)[:, order] for k, v in worlds.world.states.items()}
    dyads = {k: np.asarray(v)[:, order][:, :, order] for k, v in worlds.world.dyads.items()}
    renamed = replace(worlds, world=World(worlds.world.present, states, dyads))
    assert BY_NAME[name](renamed) == pytest.approx(BY_NAME[name](worlds), rel=1e-4)


@pytest.mark.parametrize("name", YEAR_TO_YEAR)
def test_what_moves_from_year_to_year_is_the_same_in_quarters(name):
    worlds = gappy(5)
    assert BY_NAME[name](in_quarters(worlds)) == pytest.approx(BY_NAME[name](worlds), rel=1e-5)


@pytest.mark.parametrize("name", ["disputes", "members left", "irregular exits", "president's visits"])
def test_a_rate_is_per_year_whatever_the_steps(name):
    layers = law(np.random.default_rng(6), 9)
    worlds = panel(layers, 1989)
    quarters = in_quarters(worlds)  # every event once in each of four steps
    assert BY_NAME[name](quarters) == pytest.approx(4 * BY_NAME[name](worlds), rel=0.01)


def in_quarters(worlds: Panel) -> Panel:
    """The opening, then each year four times, at the ends of its quarters."""
    which = np.r_[0, np.repeat(np.arange(1, len(worlds.dates)), 4)]
    months = np.datetime64("1990-01", "M") + 3 * np.arange(len(which))
    world = worlds.world
    states = {k: np.asarray(v)[which] for k, v in world.states.items()}
    dyads = {k: np.asarray(v)[which] for k, v in world.dyads.items()}
    dates = months.astype("datetime64[D]") - np.timedelta64(1, "D")
    return replace(worlds, world=World(np.asarray(world.present)[which], states, dyads), dates=dates)


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_known_is_no_number(name):
    worlds = gappy(1)
    held = {
        k: np.full_like(np.asarray(v), np.nan) for k, v in [*worlds.world.states.items(), *worlds.world.dyads.items()]
    }
    assert np.isnan(BY_NAME[name](panel(held, 1989)))


@pytest.mark.parametrize("density", [0.0, 0.1, 0.4, 1.0])
def test_triads_equal_a_census_of_networkx(density):
    graphs = [nx.gnp_random_graph(14, density, seed=seed) for seed in range(4)]
    tied = np.stack([nx.to_numpy_array(g) > 0 for g in graphs])
    # networkx has a census of directed graphs only: with both directions of every tie its types are these four.
    expected = []
    for graph in graphs:
        census = nx.triadic_census(graph.to_directed())
        expected.append([census[kind] for kind in ("003", "102", "201", "300")])
    assert triads(tied, np.ones(tied.shape[:2], bool)) == pytest.approx(np.array(expected, float))
    assert [sum(nx.triangles(g).values()) / 3 for g in graphs] == [row[3] for row in expected]


def test_states_that_are_not_known_are_in_no_triad():
    tied = np.zeros((1, 6, 6), bool)
    tied[0, 0, 1] = tied[0, 1, 0] = True
    known = np.array([[True, True, True, True, False, False]])
    assert triads(tied, known)[0].tolist() == [2, 2, 0, 0]


def test_a_window_has_the_world_before_its_first_year():
    worlds = panel(law(np.random.default_rng(0), 8), 1989)
    part = window(worlds, 1991, 1993)
    assert [str(d)[:4] for d in part.dates] == ["1990", "1991", "1992", "1993"]
    assert np.array_equal(part.world.state("ideal_point"), np.asarray(worlds.world.state("ideal_point"))[1:5])
    assert len(window(worlds, 1950, 1990).dates) == 2  # no world before the first: it is the opening itself


def test_worlds_are_paired_by_whole_years():
    worlds = in_quarters(panel(law(np.random.default_rng(0), 3), 1989))
    before, after = apart(worlds, 1)
    assert before.tolist() == [0, 4]
    assert after.tolist() == [4, 8]
    assert [len(x) for x in apart(cut(worlds, 0, 4), 1)] == [0, 0]
