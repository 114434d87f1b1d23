"""What each indicator reads of a small world, worked out by hand."""

import numpy as np
import pytest

from latticework.measures.strength.dyads import Dyads, patrons
from latticework.measures.strength.indicators import (
    INDICATORS,
    conflict,
    contacts,
    institutions,
    presence,
    treaties,
    votes,
)
from latticework.measures.strength.indicators import trade as trades
from latticework.measures.strength.readings import relevant, rows_of
from latticework.world import Panel, World

CODES = ("AAA", "BBB", "CHN", "USA")
DATES = np.array([f"{y}-{m}" for y in (2000, 2001) for m in ("03-31", "06-30", "09-30", "12-31")], "datetime64[D]")
PAIRS = ((0, 1), (0, 3), (2, 3))
Q4 = (3, 7)


def dyads() -> Dyads:
    first, second = (np.array([p[side] for p in PAIRS]) for side in (0, 1))
    alive = np.ones((len(DATES), len(PAIRS)), bool)
    return Dyads(CODES, first, second, patrons(CODES, first, second), alive, np.zeros((len(PAIRS), 5)))


def panel(**layers: dict[tuple[int, int], float]) -> Panel:
    """A panel in which a dyad layer has these values in both directions at all times, and 0 elsewhere."""
    n, held = len(CODES), {}
    for name, values in layers.items():
        array = np.zeros((len(DATES), n, n), np.float32)
        for (i, j), value in values.items():
            array[:, i, j] = array[:, j, i] = value
        held[name] = array
    return Panel(World(np.ones((len(DATES), n), bool), {}, held), CODES, DATES)


def treaty_panel(**given) -> Panel:
    return panel(**{name: given.get(name, {}) for name in treaties.PLEDGES})


def test_the_patron_is_the_first_hub_of_the_two():
    assert dyads().patron.tolist() == [3, 0, 0]


def test_treaties_are_graded_by_the_highest_pledge():
    one = (0, 1)
    cases = {
        0.0: {},
        1.0: {"nonaggression": {one: 1}},
        2.0: {"consultation": {one: 1}, "agreement": {one: 1}},
        3.0: {"defence": {one: 1}, "agreement": {one: 1}},
        4.0: {"defence": {one: 1}, "integrated_defence": {one: 1}},
    }
    for grade, given in cases.items():
        value = np.asarray(treaties.read(treaty_panel(**given), dyads()).value)
        assert value[Q4[0], 0] == grade
        assert np.isnan(value[:3]).all()  # a stock is read at the end of a year
        assert value[Q4[0], 1] == 0


def test_neutrality_is_as_much_as_a_pact_of_two_and_an_agreement_without_pledge_is_nothing():
    assert treaties.read(treaty_panel(neutrality={(0, 1): 1}), dyads()).value[3, 0] == 2
    assert treaties.read(treaty_panel(agreement={(0, 1): 1}), dyads()).value[3, 0] == 0


def test_a_member_that_leaves_loses_its_grade():
    made = treaty_panel(defence={(0, 3): 1})
    made.world.dyads["defence"][4:, 0, 3] = made.world.dyads["defence"][4:, 3, 0] = 0
    value = treaties.read(made, dyads()).value
    assert (value[3, 1], value[7, 1]) == (3, 0)


def test_after_the_lists_end_nothing_is_read():
    made = treaty_panel(defence={(0, 3): 1})
    made.world.dyads["defence"][4:] = np.nan
    assert np.isnan(treaties.read(made, dyads()).value[7]).all()


def test_a_garrison_and_the_size_of_what_is_left_of_it():
    made = panel(troops={(0, 3): 5000})
    made.world.dyads["troops"][4:, 0, 3] = made.world.dyads["troops"][4:, 3, 0] = 12
    there, size = (read(made, dyads()).value for read in (presence.read_presence, presence.read_size))
    assert (there[3, 1], there[7, 1]) == (1, 0)
    assert size[3, 1] == pytest.approx(np.log(5000))
    assert size[7, 1] == pytest.approx(np.log(12))  # the year it went is read once
    assert np.isnan(size[:, 2]).all()  # never a garrison


def test_exercises_visits_and_disputes_are_read_every_quarter():
    made = panel(exercise={(0, 1): 2}, visit_president={(0, 3): 1}, visit_secretary={(0, 3): 2}, dispute={(2, 3): 1})
    assert (contacts.read_exercises(made, dyads()).value[:, 0] == 2).all()
    assert (contacts.read_visits(made, dyads()).value[:, 1] == 3).all()
    assert (conflict.read_disputes(made, dyads()).value[:, 2] == 1).all()


def test_any_level_of_armed_conflict_counts():
    value = conflict.read_conflict(panel(interstate_conflict={(2, 3): 2}), dyads()).value
    assert value[3].tolist() == [0, 0, 1]


def test_votes_are_read_beyond_the_usual_distance_of_the_patron():
    points = np.tile(np.array([0.0, 1.0, -1.0, 3.0], np.float32), (len(DATES), 1))
    states = {"ideal_point": points, "ideal_point_sd": np.full_like(points, 0.3)}
    made = Panel(World(np.ones(points.shape, bool), states, {}), CODES, DATES)
    reading = votes.read(made, dyads())
    # distances from USA: 3, 2, 4, median 3; from AAA: 1, 1, 3, median 1; from BBB: 1, 2, 2, median 2
    assert reading.value[3].tolist() == pytest.approx([1 - 1.5, 3 - 3, 4 - 3])
    assert np.asarray(reading.sd)[3].tolist() == pytest.approx([np.hypot(0.3, 0.3)] * 3)
    assert np.isnan(reading.value[2]).all()


def test_seats_that_follow_from_how_much_both_share_with_all_are_nothing_special():
    made = panel(shared_igos={(i, j): 30 for i in range(4) for j in range(i)})
    made.world.dyads["shared_igos"][:, np.arange(4), np.arange(4)] = np.nan
    assert np.abs(institutions.read_seats(made, dyads()).value[3]).max() < 1e-6
    made.world.dyads["shared_igos"][:, 0, 1] = made.world.dyads["shared_igos"][:, 1, 0] = 90
    assert institutions.read_seats(made, dyads()).value[3, 0] > 0.3


def test_embassies_of_both_sides_are_counted():
    made = panel(diplomatic_exchange={(0, 3): 1})
    made.world.dyads["diplomatic_exchange"][:, 3, 0] = 0
    assert institutions.read_exchange(made, dyads()).value[3].tolist() == [0, 1, 0]


def gravity_world(rng: np.random.Generator, n: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    mass, away = rng.normal(0, 1, n), np.exp(rng.normal(8, 0.6, (n, n)))
    away = np.sqrt(away * away.T)
    near = (rng.random((n, n)) < 0.1).astype(float)
    near = np.maximum(near, near.T)
    log = mass[:, None] + mass[None] - np.log(away) + 0.7 * near
    share = np.exp(log + 4)  # far above the least that counts
    np.fill_diagonal(share, np.nan)
    return share, away, near, log


def test_a_world_that_obeys_gravity_has_no_residual_and_a_special_pair_stands_out():
    share, away, near, _ = gravity_world(np.random.default_rng(3))
    share[0, 1] = share[1, 0] = 8 * share[0, 1]
    residual = trades.beyond_gravity(share[None], away[None], near[None])[0]
    rest = residual[np.triu_indices(30, 1)]
    assert residual[0, 1] > 1.5
    assert np.median(np.abs(rest)) < 0.1


def test_zero_trade_is_missing_and_thin_years_are_not_read():
    share, away, near, _ = gravity_world(np.random.default_rng(4))
    share[0, 1] = 0
    assert np.isnan(trades.beyond_gravity(share[None], away[None], near[None])[0, 0, 1])
    few = share.copy()
    few[2, 5:] = np.nan
    assert np.isnan(trades.beyond_gravity(few[None], away[None], near[None])[0, 2]).all()


def test_relevant_dyads_are_those_of_a_hub_and_those_that_had_to_do_with_one_another():
    def load(layers):
        return panel(**{name: {(0, 1): 2} if name == "exercise" else {} for name in layers})

    pairs = relevant(load)  # two exercises in each of eight quarters are enough
    assert pairs == (("AAA", "BBB"), ("AAA", "CHN"), ("AAA", "USA"), ("BBB", "CHN"), ("BBB", "USA"), ("CHN", "USA"))
    without = relevant(lambda layers: panel(**{name: {} for name in layers}))
    assert ("AAA", "BBB") not in without


def test_an_indicator_of_one_patron_is_read_in_its_dyads_only():
    reading = presence.read_presence(panel(troops={(0, 3): 5000}), dyads())
    rows = rows_of(presence.PRESENCE, reading, dyads(), DATES)
    assert sorted(set(rows.d.tolist())) == [1, 2]
    assert rows.values.before.tolist() == [-1, -1, 0, 1]  # the year before of each


def test_names_are_apart_and_one_indicator_sets_the_scale():
    names = [i.name for i in INDICATORS]
    assert len(set(names)) == len(names)
    assert [i.name for i in INDICATORS if i.fixed is not None] == ["treaty"]
