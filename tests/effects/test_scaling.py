"""A covariate that is multiplied by c has an effect c times as large (the correction of Thurner et al. 2020).

In their program a valued covariate was silently turned into an indicator, and its coefficient did not care. Here every
effect is either linear in its layer, or stands in a list that says why not; and every process has the same law when a
layer in which it is linear is multiplied and the coefficient divided.
"""

import inspect
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework import effects as fx
from latticework.processes import LEARNED, AbstractProcess, DisputeOnset, Push
from latticework.processes.base import Coefficient, Predictor
from latticework.types import Array
from latticework.world import World
from tests.processes.prepared import YEAR, prepared
from tests.synthetic import made_up_world

WORLD = made_up_world(5, seed=11)
TENURE, RIVALRY, AGE = fx.OfState("tenure"), fx.OfDyad("rivalry"), fx.OfPact("pact_age")
FACTORS = st.floats(0.0625, 16.0, width=32)

LINEAR = {  # class -> an effect and the layer in which it is linear
    "OfState": (TENURE, "tenure"),
    "OfDyad": (RIVALRY, "rivalry"),
    "OfPact": (AGE, "pact_age"),
    "OfSender": (fx.OfSender(TENURE), "tenure"),
    "OfReceiver": (fx.OfReceiver(TENURE), "tenure"),
    "OfEachState": (fx.OfEachState(TENURE), "tenure"),
    "OfEachPact": (fx.OfEachPact(AGE), "pact_age"),
    "Pairwise": (fx.gap(TENURE), "tenure"),
    "Product": (fx.OfState("democracy") * TENURE, "tenure"),
    "Within": (fx.Within(fx.democratic(), TENURE), "tenure"),
    "PartnerMean": (fx.PartnerMean("tenure", "defence"), "tenure"),
    "PartnerMax": (fx.PartnerMax("rivalry", TENURE), "tenure"),
    "PartnerCount": (fx.PartnerCount("rivalry"), "rivalry"),
    "MeanOverMembers": (fx.MeanOverMembers(TENURE), "tenure"),
    "MeanToMembers": (fx.MeanToMembers(fx.OfDyad("distance")), "distance"),
    "WarTheatre": (fx.WarTheatre(), "war_theatre"),
}
NOT_LINEAR = {  # class -> an effect, a layer, and why it is not linear in it
    "AlliesInDispute": (fx.AlliesInDispute(), "peace_years", "an indicator of the last year, counted in a log"),
    "AtLeast": (fx.AtLeast(TENURE, 2.0), "tenure", "an indicator, whose threshold is stated"),
    "Beyond": (fx.Beyond(TENURE, 1.5), "tenure", "zero within a bound, which is stated"),
    "CapabilityRatio": (fx.CapabilityRatio(), "capability", "a ratio: no unit is left"),
    "Decades": (fx.Decades(1971.0), "year", "measured from a year; linear where that is zero"),
    "DisputeHistory": (fx.DisputeHistory(), "dispute_history", "a log of one plus: the first dispute counts most"),
    "DisputesElsewhere": (fx.DisputesElsewhere(), "peace_years", "an indicator of the last year, counted in a log"),
    "FightsElsewhere": (fx.FightsElsewhere(), "war_theatre", "an indicator of a war anywhere"),
    "Filled": (fx.Filled(fx.OfState("coalition_age"), 7.0), "coalition_age", "what is missing has a stated value"),
    "InArmedConflict": (fx.InArmedConflict(), "civil_conflict", "an indicator of the higher rungs of a scale"),
    "LandNeighbours": (fx.LandNeighbours(), "contiguity", "an indicator of one code of a list"),
    "LogMembers": (fx.LogMembers(), "pact_size", "a log: a doubling counts the same from any size"),
    "LogOfLargest": (fx.LogOfLargest("gdp"), "gdp", "a log of a ratio: no unit is left"),
    "LogOnePlus": (fx.LogOnePlus(TENURE), "tenure", "a log of one plus: zero stays zero"),
    "LogPactAge": (fx.LogPactAge(), "pact_age", "a log of one plus"),
    "LogTenure": (fx.LogTenure(), "tenure", "a log of one plus"),
    "LogTroops": (fx.LogTroops(), "troops", "a log: the unit goes into the intercept"),
    "Logged": (fx.Logged(TENURE, 0.1, 1.0), "tenure", "a log: the unit goes into the intercept"),
    "LoggedCount": (fx.LoggedCount(TENURE), "tenure", "a log of one plus, whose unit is stated"),
    "Missing": (fx.Missing(fx.OfState("coalition_age")), "coalition_age", "an indicator of not being on record"),
    "NewCoalition": (fx.NewCoalition(2.0), "coalition_age", "an indicator of the first years"),
    "NewLeader": (fx.NewLeader(3.0), "tenure", "an indicator of the first years"),
    "Not": (fx.Not(TENURE), "tenure", "one minus: linear but for the one"),
    "OutsidePact": (fx.OutsidePact(), "defence", "an indicator of a pact with a third state"),
    "PeaceYears": (fx.PeaceYears(2, 1.0), "peace_years", "a power; linear where the power is one"),
    "PoliticallyRelevant": (fx.PoliticallyRelevant(), "contiguity", "an indicator of some codes of a list"),
    "RivalSpending": (fx.RivalSpending(), "military_spending", "a log of one plus a share"),
    "SharedRivals": (fx.SharedRivals(), "rivalry", "a product of a tie with itself: quadratic"),
    "Since": (fx.Since(1971.0), "year", "an indicator of an era"),
    "Standardised": (fx.Standardised(TENURE, 2.0, 4.0), "tenure", "measured from a centre; linear where that is zero"),
    "TroopsHosted": (fx.TroopsHosted(), "troops", "a log of one plus"),
}


def layers_of(world: World) -> dict[str, Array]:
    return {**world.states, **world.dyads, **world.pacts, **world.memberships}


def scaled(world: World, layer: str, factor: float) -> World:
    """The world with one layer multiplied."""
    homes = (world.states, world.dyads, world.pacts, world.memberships)
    return world.replace(
        *({k: jnp.float32(factor) * jnp.asarray(v) for k, v in h.items() if k == layer} for h in homes)
    )


def test_every_effect_is_in_one_of_the_two_lists():
    classes = {n for n in fx.__all__ if inspect.isclass(getattr(fx, n))} - {"AbstractEffect"}
    assert set(LINEAR) | set(NOT_LINEAR) == classes
    assert not set(LINEAR) & set(NOT_LINEAR)
    assert all(type(entry[0]).__name__ == name for name, entry in (LINEAR | NOT_LINEAR).items())


@pytest.mark.parametrize("name", LINEAR)
@given(factor=FACTORS)
@settings(max_examples=20, deadline=None)
def test_a_layer_that_is_multiplied_multiplies_its_effect(name, factor):
    effect, layer = LINEAR[name]
    plain = np.asarray(effect(WORLD))
    assert np.nanmax(np.abs(plain)) > 0
    np.testing.assert_allclose(effect(scaled(WORLD, layer, factor)), np.float32(factor) * plain, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_control_what_is_not_linear_is_found_not_to_be(name):
    effect, layer, why = NOT_LINEAR[name]
    plain, thrice = (np.asarray(effect(world)) for world in (WORLD, scaled(WORLD, layer, 3.0)))
    assert why
    assert not np.allclose(thrice, 3 * plain, equal_nan=True, rtol=1e-3)


def parts(effect: fx.AbstractEffect) -> Iterator[fx.AbstractEffect]:
    """An effect and all effects of which it is made."""
    yield effect
    for field in vars(effect).values():
        if isinstance(field, fx.AbstractEffect):
            yield from parts(field)


def response(effect: fx.AbstractEffect, world: World, layer: str, factor: float = 2.0) -> str:
    """What an effect does when a layer is multiplied: nothing, the same, or something else."""
    plain, after = (np.asarray(effect(w)) for w in (world, scaled(world, layer, factor)))
    if np.array_equal(plain, after, equal_nan=True):
        return "none"
    return "linear" if np.allclose(after, factor * plain, equal_nan=True, rtol=1e-4, atol=1e-7) else "other"


def responses(process: AbstractProcess, world: World, layer: str, factor: float = 2.0) -> list[str]:
    """The response of each coefficient's effect to a layer."""
    effects = [c.effect for c in process.coefficients()]
    return ["none" if effect is None else response(effect, world, layer, factor) for effect in effects]


OF_TROOPS = ("garrison_opened", "troop_change")


def read_layers(process: AbstractProcess, world: World) -> list[str]:
    """Layers of the world that the process reads, but for the one whose law it is."""
    own = {getattr(process, "drifting", None), "troops" if process.name in OF_TROOPS else None}
    return [name for name in layers_of(world) if name in {*process.reads, *process.given} - own]


def silent(process: AbstractProcess, world: World) -> list[str]:
    """Coefficients whose effect is not linear in a layer that it names, or bends another, though nothing says so."""
    found = []
    for coefficient in process.coefficients():
        made_of = [] if coefficient.effect is None else list(parts(coefficient.effect))
        told = {type(part).__name__ for part in made_of} & set(NOT_LINEAR)
        named = [vars(part)["layer"] for part in made_of if "layer" in vars(part)]
        for layer in read_layers(process, world):
            answer = "none" if coefficient.effect is None else response(coefficient.effect, world, layer)
            silent = answer == "other" or (answer == "none" and layer in named)
            if silent and not told and named.count(layer) < 2:  # a layer that is there twice is a power
                found.append(f"{coefficient.name} by {layer}")
    return found


def opened(process: AbstractProcess) -> World:
    """A world of five states in which all layers are known and none is empty."""
    world = made_up_world(5, 4).replace({"coalition_age": jnp.linspace(0.2, 4.0, 5)})
    world = process.start(jax.random.key(1), jnp.zeros(len(process.coefficients())), world)
    return world.mapped(lambda layer: layer if (np.nan_to_num(np.asarray(layer)) != 0).any() else jnp.ones(layer.shape))


@pytest.mark.parametrize("process", LEARNED, ids=lambda p: p.name)
def test_no_covariate_of_the_model_is_cut_or_bent_unless_an_effect_says_so(process):
    assert silent(process, opened(process)) == []


class Dichotomised(fx.OfDyad):
    """A valued layer that is turned into an indicator without a word."""

    def __call__(self, world: World) -> Array:
        return (super().__call__(world) > 0).astype(jnp.float32)


class Silent(DisputeOnset):
    """Disputes with the silent indicator among their effects."""

    reads = (*DisputeOnset.reads, "distance")

    def predictors(self) -> tuple[Predictor, ...]:
        (plain,) = super().predictors()
        return (Predictor("", (*plain.coefficients, Coefficient("distance", Dichotomised("distance")))),)


def test_control_a_covariate_that_is_cut_in_silence_is_found():
    assert silent(Silent(), opened(Silent())) == ["distance by distance"]


def changes_of_the_law(process: AbstractProcess, factor: float, divide: bool = True) -> dict[str, float]:
    """By how much the log probability of a step changes when a layer is multiplied and its coefficients divided.

    Coefficients that answer to the layer, but not linearly, are set to zero.
    """
    theta, before = prepared(process, seed=5)
    before = before.replace({"major_power": jnp.asarray([1.0, 0.0, 0.0])})
    after = jax.jit(process.sample)(jax.random.key(2), theta, before, YEAR, Push())
    law = jax.jit(lambda theta, before: process.log_prob(theta, before, after, YEAR))
    changes = {}
    for layer in read_layers(process, before):
        answers = np.array(responses(process, before, layer, factor))
        if "linear" not in answers:
            continue
        calm = jnp.where(jnp.asarray(answers == "other"), 0.0, theta)
        other = jnp.where(jnp.asarray(answers == "linear"), calm / factor if divide else calm, calm)
        pair = law(calm, before), law(other, scaled(before, layer, factor))
        changes[layer] = float(abs(pair[0] - pair[1]))
    return changes


OF_INDICATORS = ("nuclear_step",)  # rungs reached, by itself and by those tied to it: no layer in which it is linear


@pytest.mark.parametrize("process", LEARNED, ids=lambda p: p.name)
def test_a_layer_multiplied_and_its_coefficient_divided_give_the_same_law(process):
    for factor in (0.25, 7.0):
        changes = changes_of_the_law(process, factor)
        assert bool(changes) != (process.name in OF_INDICATORS), changes
        assert max(changes.values(), default=0.0) < 2e-3, changes


def test_control_a_layer_multiplied_alone_gives_another_law():
    changes = changes_of_the_law(DisputeOnset(), 7.0, divide=False)
    assert changes["rivalry"] > 0.01
