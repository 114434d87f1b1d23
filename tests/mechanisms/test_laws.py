"""The laws of mechanisms: they sum to one, are those that are drawn from, and do not depend on the step."""

import itertools

import jax.numpy as jnp
import numpy as np
import pytest

from latticework.mechanisms import Bargain, Credibility, Goodwill, Grievance, Hedging, Opinion, Reassurance
from latticework.processes import Push
from tests.mechanisms.prepared import (
    ALLY,
    FREE,
    HUB,
    KEY,
    POLES,
    QUARTER,
    YEAR,
    expected,
    log_probs,
    moved,
    priors,
    started,
    system,
)

RESPONSES = (Credibility, Reassurance, Goodwill, Opinion, Grievance)
PULSE = {
    Credibility: "multilateral_exit",
    Reassurance: "reassurance_gesture",
    Goodwill: "public_diplomacy",
    Grievance: "investment_refused",
}


@pytest.mark.parametrize("kind", RESPONSES, ids=lambda k: k.name)
def test_a_response_at_rest_stays_on_average_where_it_is(kind):
    process = kind(poles=POLES)
    theta = expected(process)
    world = started(process, theta)
    drawn = np.asarray(moved(process, theta, world).state(process.drifting))
    sd = drawn.std(0) / np.sqrt(len(drawn))
    assert np.all(np.abs(drawn.mean(0)) <= 4 * sd + 1e-6)
    assert np.all(drawn[:, HUB] == 0)
    still = {HUB, FREE} if process.allies_only else {HUB}
    assert set(np.flatnonzero(drawn.std(0) == 0)) >= still


@pytest.mark.parametrize(("kind", "signal"), PULSE.items(), ids=lambda x: getattr(x, "name", x))
def test_four_quarters_of_events_make_a_year_of_them(kind, signal):
    process = kind(poles=POLES)
    theta = expected(process, **{"log sigma": -20.0})
    rate = 2.0
    year = process.sample(KEY, theta, started(process, theta, **{signal: rate}), YEAR, Push())
    world = started(process, theta, **{signal: rate / 4})
    for _ in range(4):
        world = process.sample(KEY, theta, world, QUARTER, Push())
    ends = [float(w.state(process.drifting)[ALLY]) for w in (year, world)]
    assert ends[0] != 0
    assert ends[0] == pytest.approx(ends[1], rel=1e-4)


def test_a_visit_is_worth_half_a_point_over_a_quarter():
    process = Goodwill(poles=POLES)
    theta = expected(process, **{"log sigma": -20.0})
    world = started(process, theta).replace(dyads={"visit_president": jnp.zeros((5, 5)).at[HUB, ALLY].set(1.0)})
    after = process.sample(KEY, theta, world, QUARTER, Push())
    kappa = np.log(2) / (2.5 / 52)
    by_hand = 2.3 * (1 - np.exp(-kappa / 4)) / (kappa / 4)  # spread evenly over the quarter
    assert float(after.state("goodwill")[ALLY]) == pytest.approx(by_hand, rel=1e-3)
    assert 0.4 < by_hand < 0.7
    gone = process.sample(KEY, theta, after.replace(dyads={"visit_president": jnp.zeros((5, 5))}), QUARTER, Push())
    assert float(gone.state("goodwill")[ALLY]) < 0.05


def test_chances_of_all_next_stances_sum_to_one():
    process = Hedging(poles=POLES)
    theta = priors(process, 3)[1]
    before = started(process, theta)
    at_risk = np.flatnonzero(np.asarray(process.at_risk(before)))
    many = np.array(list(itertools.product((0.0, 1.0, 2.0), repeat=len(at_risk))), np.float32)
    values = np.tile(np.asarray(before.state("stance")), (len(many), 1))
    values[:, at_risk] = many
    total = np.exp(np.asarray(log_probs(process, theta, before, "stance", jnp.asarray(values), QUARTER))).sum()
    assert len(at_risk) == 3
    assert total == pytest.approx(1, abs=1e-5)


def test_stances_are_drawn_from_the_law():
    process = Hedging(poles=POLES)
    theta = expected(process)
    before = started(process, theta)
    drawn = np.asarray(moved(process, theta, before, 4000).state("stance"))[:, ALLY]
    values = np.tile(np.asarray(before.state("stance")), (3, 1))
    values[:, ALLY] = [0.0, 1.0, 2.0]
    joint = np.exp(np.asarray(log_probs(process, theta, before, "stance", jnp.asarray(values), QUARTER)))
    for stance, law in enumerate(joint / joint.sum()):
        sd = np.sqrt(law * (1 - law) / len(drawn))
        assert abs((drawn == stance).mean() - law) < 4 * sd


def test_two_half_steps_of_hedging_are_one_step_in_law():
    process = Hedging(poles=POLES)
    etas = tuple(jnp.asarray(x) for x in (0.4, 0.1, -0.9, 0.2))
    chances = np.asarray(process.chances(etas))

    def matrix(dt: float) -> np.ndarray:
        keep = np.exp(-np.exp(0.2) * dt)
        return keep * np.eye(3) + (1 - keep) * chances[None, :]

    np.testing.assert_allclose(matrix(0.5) @ matrix(0.5), matrix(1.0), atol=1e-9)


def test_the_bargain_integrates_to_one_over_what_can_follow():
    process = Bargain(poles=POLES)
    theta = expected(process)
    before = started(process, theta, demand=1.0)
    x = np.linspace(-1.5, 2.5, 4001)
    step = x[1] - x[0]

    values = np.zeros((len(x) + 1, 5), np.float32)
    values[1:, ALLY] = x + step / 2
    law = np.exp(np.asarray(log_probs(process, theta, before, "payment", jnp.asarray(values), QUARTER), float))
    assert law[0] + law[1:].sum() * step == pytest.approx(1, abs=2e-3)


def test_settlements_are_drawn_from_the_law():
    process = Bargain(poles=POLES)
    theta = expected(process)
    before = started(process, theta, demand=1.0)
    after = moved(process, theta, before, 4000)
    settled = np.asarray(after.state("settled"))[:, ALLY] > 0
    chance = 1 - np.exp(-0.25)
    assert abs(settled.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / 4000)
    rises = np.asarray(after.state("payment"))[settled, ALLY]
    record = 1 - np.exp(-1.0 / 5)  # half a dispute of late with each of the two that threaten
    share = 0.5 * (1 - 0.6 + 0.2 * record)
    assert abs(rises.mean() - share) < 4 * np.exp(-2.3) / np.sqrt(len(rises))
    assert rises.std() == pytest.approx(np.exp(-2.3), rel=0.15)
    np.testing.assert_array_equal(np.asarray(after.state("demand"))[:, ALLY] == 0, settled)


def test_nobody_settles_of_whom_nothing_is_asked():
    process = Bargain(poles=POLES)
    theta = expected(process)
    after = moved(process, theta, started(process, theta), 50, jnp.asarray(50.0))
    assert float(jnp.abs(after.state("payment")).sum()) == 0


def test_a_crisis_slows_the_settlement():
    process = Bargain(poles=POLES)
    theta = expected(process)
    pace = {c.name: k for k, c in enumerate(process.coefficients())}["pace: crisis"]
    chances = []
    for depth in (0.0, 0.5, 1.0):
        after = moved(process, theta, started(process, theta, demand=1.0, crisis=depth), 4000)
        chances.append((np.asarray(after.state("settled"))[:, ALLY] > 0).mean())
        assert abs(chances[-1] - (1 - np.exp(-np.exp(-0.7 * depth) / 4))) < 4 * np.sqrt(0.25 / 4000)
    assert chances[0] > chances[1] > chances[2]
    calm = moved(process, theta.at[pace].set(0.0), started(process, theta, demand=1.0, crisis=1.0), 4000)
    still = (np.asarray(calm.state("settled"))[:, ALLY] > 0).mean()
    assert still == chances[0], "control: without the parameter a crisis does nothing"


def test_mechanisms_give_every_layer_that_they_write():
    for kind in (*RESPONSES, Hedging, Bargain):
        process = kind(poles=POLES)
        theta = expected(process)
        world = process.start(KEY, theta, system())
        after = process.sample(KEY, theta, world, QUARTER, Push())
        assert set(process.writes) <= after.states.keys()
        assert world.states.keys() == after.states.keys(), process.name
        assert all(np.isfinite(np.asarray(after.state(name))).all() for name in process.writes)
