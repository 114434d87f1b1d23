"""The deterrence game: the tree by brute force, its targets, selection, and effects that are not monotone."""

import jax.numpy as jnp
import numpy as np
import pytest

from latticework.actions.deterrence import LAYERS, YEAR, load_deterrence, weights_at
from latticework.data import load_panel
from latticework.mechanisms.deterrence import Payoffs, Setting, Weights, deterrence, payoffs, play, rates, settings
from tests.mechanisms.prepared import ALLY, HUB, RIVAL, system

PAY = Payoffs(*(jnp.asarray(x) for x in (1.2, -0.7, 0.3, -1.4, 0.2, -0.6)))


def by_hand(pay: Payoffs, precision: float) -> dict[tuple[str, ...], float]:
    """The chance of every way through the tree, from the last move to the first, with numbers alone."""
    alone, back, war, concede, hold, d_war = (float(x) for x in pay)

    def choice(first: float, second: float) -> float:
        a, b = np.exp(precision * first), np.exp(precision * second)
        return a / (a + b)

    fight = choice(war, back)
    support = choice(fight * d_war + (1 - fight) * hold, concede)
    challenge = choice(support * (fight * war + (1 - fight) * back) + (1 - support) * alone, 0.0)
    tree = {("status quo",): 1 - challenge, ("challenge", "alone"): challenge * (1 - support)}
    for end, chance in (("fight", fight), ("back down", 1 - fight)):
        tree["challenge", "support", end] = challenge * support * chance
    return tree


@pytest.mark.parametrize("precision", [0.5, 1.0, 3.0])
def test_the_game_is_the_tree_worked_by_hand(precision):
    tree, found = by_hand(PAY, precision), play(PAY, precision)
    assert sum(tree.values()) == pytest.approx(1)
    assert float(found.war) == pytest.approx(tree["challenge", "support", "fight"], rel=1e-5)
    assert float(found.abandoned) == pytest.approx(tree["challenge", "alone"], rel=1e-5)
    assert 1 - float(found.challenge) == pytest.approx(tree["status quo",], rel=1e-5)


def test_the_quantal_response_is_the_share_of_best_replies_under_gumbel_errors():
    rng = np.random.default_rng(1)
    found, n = play(PAY), 200_000
    errors = rng.gumbel(size=(n, 2))
    fights = (float(PAY.c_war) + errors[:, 0] > float(PAY.c_back) + errors[:, 1]).mean()
    assert fights == pytest.approx(float(found.fight), abs=4 * np.sqrt(0.25 / n))


def test_no_precision_is_a_coin_and_much_is_backward_induction():
    assert [float(x) for x in play(PAY, 0.0)[:3]] == [0.5, 0.5, 0.5]
    sure = play(PAY, 500.0)
    assert [round(float(x)) for x in sure[:3]] == [1, 1, 1]  # war pays the challenger, holding out pays the patron


def some(**values: float) -> Setting:
    base = {
        "power": 0.6,
        "alone": 0.2,
        "armed": 0.0,
        "armed_alone": 0.0,
        "credibility": 0.0,
        "treaty": 1.0,
        "rivalry": 1.0,
    }
    return Setting(**{k: jnp.asarray(v, jnp.float32) for k, v in (base | values).items()})


def test_credibility_deters_and_its_effect_on_war_is_not_monotone():
    x = jnp.linspace(-8, 8, 161)
    shape = {k: v for k, v in some()._asdict().items() if k != "credibility"}
    found = play(payoffs(Setting(credibility=x, **shape), weights_at()._replace(nuclear=0.0)))
    assert np.all(np.diff(np.asarray(found.challenge)) <= 1e-7)
    assert np.all(np.diff(np.asarray(found.support)) >= -1e-7)
    steps = np.diff(np.asarray(found.war))
    assert steps.max() > 0 > steps.min(), "war is rarest where it is plain what the patron will do"


def test_shipped_weights_hit_the_targets_and_selection_follows():
    for found in load_deterrence():
        assert 0.01 <= found.challenge <= 0.02
        assert 0.2 <= found.fulfilled <= 0.6
        assert found.unconditional > found.fulfilled


def test_the_shipped_rates_are_those_of_the_shipped_weights_on_the_panel():
    panel = load_panel(start=YEAR - 1, end=YEAR, step="year", layers=LAYERS)
    world, hub = panel.at(len(panel.dates) - 1), panel.codes.index("USA")
    for told in load_deterrence():
        game = deterrence(world, hub, told.weights, told.precision)
        got = rates(game.play, game.relevant)
        assert got == pytest.approx((told.challenge, told.fulfilled, told.unconditional), rel=2e-3)
        mine = game.relevant > 0
        assert mine.sum() == told.pairs
        assert np.asarray(game.without)[mine].mean() > got.challenge, "the patron deters"


def test_who_is_in_the_game():
    world = system().replace({"major_power": jnp.zeros(5).at[RIVAL].set(1.0)})
    setting, pairs = settings(world, HUB)
    assert pairs[RIVAL, ALLY]
    assert not pairs[:, HUB].any()
    assert not pairs[[HUB, ALLY]].any()
    cap = np.asarray(world.state("capability"))
    both = cap[ALLY] + cap[HUB]
    assert float(setting.power[RIVAL, ALLY]) == pytest.approx(both / (both + cap[RIVAL]))
    assert float(setting.alone[RIVAL, ALLY]) == pytest.approx(cap[ALLY] / (cap[ALLY] + cap[RIVAL]))


def test_a_less_credible_hub_is_challenged_more_in_a_world():
    world = system().replace({"major_power": jnp.zeros(5).at[RIVAL].set(1.0)})
    world = world.replace({"capability": jnp.asarray([0.2, 0.2, 0.01, 0.01, 0.01])})  # an ally worth a try alone
    low = world.replace({"credibility": jnp.zeros(5).at[ALLY].set(-1.0)})
    weights = Weights(restraint=3.0, reluctance=1.0)
    chances = [float(deterrence(w, HUB, weights).play.challenge[RIVAL, ALLY]) for w in (world, low)]
    assert chances[1] > chances[0]


def test_control_a_game_without_credibility_does_not_notice():
    world = system()
    low = world.replace({"credibility": jnp.zeros(5).at[ALLY].set(-1.0)})
    weights = Weights(credibility=0.0)
    games = [deterrence(w, HUB, weights).play.challenge for w in (world, low)]
    np.testing.assert_array_equal(*games)
