"""Mechanisms join a model and leave no trace where none is chosen; couplings are the process with an offset."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.actions.bargain import load_bargain
from latticework.errors import InputError, UnknownNameError
from latticework.mechanisms import KINDS, Coupled, Override, Parameter, assemble, parameters_of
from latticework.mechanisms.base import with_signals
from latticework.mechanisms.effects import Dependence, OfProtege, PresenceChange, Threat, Toward, WithPole
from latticework.processes import MODEL, DisputeOnset, Push, Trade
from latticework.scenario.controls import Controls
from latticework.simulate import Keep, nowcast_calendar, press, simulate
from tests.mechanisms.prepared import ALLY, CODES, FREE, HUB, KEY, QUARTER, RIVAL, SECOND, system

ALL = {kind: {} for kind in KINDS}
DRAWS = 4


def thetas(model) -> dict:
    return {p.name: jnp.zeros((DRAWS, len(p.coefficients()))) for p in model}


LEARNED = ("alignment", "trade", "dispute_onset")


def run(made, signals=None, steps: int = 3) -> dict:
    """Layers of the states of a short simulation of three learned processes and what is added to them."""
    learned = tuple(p for p in MODEL if p.name in LEARNED)
    kept = set(LEARNED)
    fewer = replace(made, couplings=tuple(c for c in made.couplings if c.process in kept))
    model = fewer.model(learned)
    theta = fewer.theta(jax.random.key(8), thetas(learned), DRAWS)
    pressure = press(Controls.none(), KEY, DRAWS, model)
    for name, value in (signals or {}).items():
        layer = np.full((steps, 5), np.nan, np.float32)
        layer[0, ALLY] = value
        pressure.layers[name] = jnp.asarray(layer)
    calendar = nowcast_calendar(np.full(steps, 0.25), {}, model)
    responses = tuple(layer for m in fewer.mechanisms for layer in m.writes)
    keep = Keep(("ideal_point", *responses), ("dispute_chance", "trade"), np.array([[RIVAL, ALLY], [HUB, ALLY]]))
    out = simulate(model, theta, system(), pressure, calendar, keep, KEY, np.arange(6))
    return {name: np.asarray(values) for name, values in out.items()}


def test_nothing_chosen_nothing_changed():
    made = assemble("HUB", "RIV", "SEC", CODES, {})
    model = made.model(MODEL)
    assert all(new is old for new, old in zip(model, MODEL, strict=True))
    before = thetas(MODEL)
    after = made.theta(KEY, before, DRAWS)
    assert after.keys() == before.keys()
    assert all(np.array_equal(after[name], before[name]) for name in before)


def test_mechanisms_at_rest_leave_the_first_step_as_it_was():
    plain, with_all = run(assemble(*CODES[:3], CODES, {})), run(assemble(*CODES[:3], CODES, ALL))
    for name in ("ideal_point", "dispute_chance", "trade"):
        np.testing.assert_allclose(plain[name][:, 0], with_all[name][:, 0], rtol=1e-5, err_msg=name)
    assert not np.allclose(plain["trade"][:, -1], with_all["trade"][:, -1], rtol=1e-5), "later they act"


def test_a_signal_acts_from_its_step_on_and_in_the_processes_at_the_end_of_its_arrows():
    quiet, loud = (run(assemble(*CODES[:3], CODES, {"statecraft": {}}), s) for s in ({}, {"investment_refused": 5.0}))
    assert np.all(loud["grievance"][:, 0, ALLY] > quiet["grievance"][:, 0, ALLY])
    assert np.all(loud["trade"][:, 1, 1] <= quiet["trade"][:, 1, 1])
    assert np.any(loud["trade"][:, 1, 1] < quiet["trade"][:, 1, 1])
    np.testing.assert_array_equal(quiet["dispute_chance"], loud["dispute_chance"])


def test_a_demand_is_settled_and_gone():
    out = run(assemble(*CODES[:3], CODES, {"bargain": {}}, load_bargain()), {"demand": 1.6}, steps=40)
    settled = out["settled"][:, :, ALLY]
    assert np.all(settled.sum(1) <= 1)
    assert settled.sum() >= 5
    assert np.all(out["demand"][:, -1, ALLY][settled.sum(1) > 0] == 0)


@pytest.mark.parametrize("learned", [DisputeOnset(), Trade()], ids=lambda p: p.name)
def test_a_coupling_is_the_process_with_an_offset(learned):
    effect = WithPole("grievance", HUB)
    process = Coupled(learned, (Parameter("grievance", effect),))
    rng = np.random.default_rng(1)
    own = jnp.asarray(0.1 * rng.standard_normal(len(learned.coefficients())), jnp.float32)
    theta = jnp.concatenate([own, jnp.asarray([0.7])])
    world = with_signals(learned.start(KEY, own, system()), HUB)
    world = world.replace({"grievance": jnp.zeros(5).at[ALLY].set(1.5)})
    offset = np.zeros((5, 5), np.float32)
    offset[HUB, ALLY] = offset[ALLY, HUB] = 0.7 * 1.5
    coupled = process.sample(KEY, theta, world, QUARTER, Push())
    by_hand = learned.sample(KEY, own, world, QUARTER, Push(offset=jnp.asarray(offset)))
    narrow = process.narrowed(world).sample(KEY, theta, world, QUARTER, Push())
    for name in learned.writes:
        np.testing.assert_array_equal(coupled.dyad(name), by_hand.dyad(name), name)
        np.testing.assert_allclose(narrow.dyad(name), by_hand.dyad(name), rtol=1e-6, err_msg=name)
    rows = learned.rows(world, coupled, QUARTER)
    etas = learned.weighed(own, rows.design, jnp.asarray(offset))
    law = jnp.where(rows.at_risk, learned.law(etas, rows), 0.0).sum()
    assert float(process.log_prob(theta, world, coupled, QUARTER)) == pytest.approx(float(law), rel=1e-5)
    assert process.name == learned.name
    assert len(process.coefficients()) == len(theta)


def test_effects_on_a_world_worked_by_hand():
    world = with_signals(system(), HUB)
    troops = jnp.asarray(world.dyad("troops")).at[HUB, ALLY].set(10_000.0)
    signals = {"credibility": jnp.arange(5.0), "ideal_point": jnp.asarray([2.0, -1.0, jnp.nan, 1.0, 0.0])}
    world = world.replace(signals, {"troops": troops})
    presence = np.asarray(PresenceChange(HUB)(world))
    assert presence[ALLY] == pytest.approx(np.log(10_100 / 20_100))
    assert presence[FREE] == 0
    assert float(Threat((RIVAL, SECOND))(world)[ALLY]) == pytest.approx(1 - np.exp(-0.2))
    assert float(Dependence(RIVAL)(world)[ALLY]) == pytest.approx(0.25)
    assert float(Toward("credibility", HUB)(world)[ALLY]) == pytest.approx(3.0 * (2.0 - 1.0))
    protege = np.asarray(OfProtege("credibility", HUB)(world))
    assert protege[RIVAL, ALLY] == protege[ALLY, RIVAL] == 3.0
    assert protege[RIVAL, FREE] == protege[HUB, ALLY] == protege[HUB].sum() == 0


def test_fitted_coefficients_come_from_the_posterior_and_others_from_their_priors():
    fitted = load_bargain()
    made = assemble(*CODES[:3], CODES, {"bargain": {}}, fitted)
    process, _ = made.mechanisms  # and what makes signals fall silent
    learned = tuple(p for p in MODEL if p.name in {c.process for c in made.couplings})
    theta = made.theta(KEY, thetas(learned) | {p.name: jnp.zeros((2000, len(p.coefficients()))) for p in learned}, 2000)
    columns = dict(zip([c.name for c in process.coefficients()], np.asarray(theta["bargain"]).T, strict=True))
    assert set(columns["split: usual"]) <= set(np.float32(fitted.column("usual")))
    assert columns["pace: log rate"].mean() == pytest.approx(0.0, abs=4 * 0.3 / np.sqrt(2000))


def test_an_override_replaces_one_prior_and_no_other_number():
    said = {"credibility: exit threat believed": Override(-2.0, 0.0, "A. Author", "a stronger view")}
    plain, other = (assemble(*CODES[:3], CODES, {"credibility": x}) for x in ({}, said))
    learned = {p.name: jnp.zeros((5, len(p.coefficients()))) for p in MODEL}
    a, b = (np.asarray(m.theta(KEY, learned, 5)["credibility"]) for m in (plain, other))
    names = [c.name for c in plain.mechanisms[0].coefficients()]
    k = names.index("exit threat believed")
    assert np.all(b[:, k] == -2.0)
    np.testing.assert_array_equal(np.delete(a, k, 1), np.delete(b, k, 1))
    told = dict(other.parameters())["credibility: exit threat believed"]
    assert (told.prior_mean, told.because) == (-2.0, "A. Author: a stronger view")


WRONG = [
    ({"credibilty": {}}, UnknownNameError, "credibility"),
    ({"bargain": {"bargain: split: exit thret": Override(0.1, 0.1)}}, UnknownNameError, "exit threat"),
    ({"bargain": {"bargain: split: threat": Override(-0.1, 0.1)}}, InputError, "sign is imposed"),
    ({"bargain": {"bargain: split: threat": Override(0.1, -0.1)}}, InputError, "sd must be"),
]


@pytest.mark.parametrize(("chosen", "error", "text"), WRONG, ids=range(len(WRONG)))
def test_mistakes_are_told(chosen, error, text):
    with pytest.raises(error, match=text):
        assemble(*CODES[:3], CODES, chosen)


def test_a_state_that_is_not_simulated_and_a_process_that_is_missing_are_told():
    with pytest.raises(UnknownNameError, match="XXX"):
        assemble("XXX", "RIV", None, CODES, ALL)
    with pytest.raises(UnknownNameError, match="process"):
        assemble(*CODES[:3], CODES, ALL).model((DisputeOnset(),))


def test_every_arrow_ends_at_a_process_of_the_model_and_has_its_reason():
    names = {p.name for p in MODEL}
    made = assemble(*CODES[:3], CODES, ALL)
    assert {c.process for c in made.couplings} <= names
    assert all(c.parameter.because for c in made.couplings)
    every = [name for name, _ in made.parameters()]
    assert len(set(every)) == len(every) == sum(len(parameters_of(kind)) for kind in KINDS)
