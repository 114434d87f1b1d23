"""What mechanisms say beside the futures is what they do inside them: shares, chances, parameters, stances."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

from latticework.actions.assembling import mechanisms_of
from latticework.actions.burden_split import PAID, foretold, splits
from latticework.actions.deterrence import weights_at
from latticework.actions.deterrence_outlook import deterrence_outlook, targets
from latticework.actions.mechanism_evidence import parameters
from latticework.actions.opening import opening
from latticework.actions.posterior import load_posterior
from latticework.actions.run import DRAWS, parameters_key
from latticework.actions.scenarios import find_scenario
from latticework.mechanisms import Bargain, parameters_of
from latticework.mechanisms.deterrence import deterrence
from latticework.processes import MODEL


@pytest.fixture(scope="module")
def scenario():
    return find_scenario("asia-2025")[1]


@pytest.fixture(scope="module")
def begin(scenario):
    return opening(scenario, mechanisms_of(scenario).model(MODEL))


def split_of(scenario, begin, branches):
    made = mechanisms_of(scenario)
    bargain = next(m for m in made.mechanisms if isinstance(m, Bargain))
    theta = np.asarray(made.theta(parameters_key(1), {}, DRAWS)["bargain"], float)
    return splits(scenario, branches, bargain, theta, begin.world, load_posterior().scales), theta


def test_the_parts_of_a_split_add_up_to_the_share(scenario, begin):
    table, _ = split_of(scenario, begin, ("transactional-hub", "retreat"))
    for _, part in table.groupby(["branch", "state", "date"]):
        by = part.set_index("term")
        added = by["mean"].drop(PAID).sum()
        assert by.loc[PAID, "mean"] == pytest.approx(added, abs=0.01), "but for draws that are cut off at zero"


def test_the_exit_that_counts_is_the_threat_and_what_is_seen(scenario, begin):
    table, _ = split_of(scenario, begin, ("transactional-hub", "retreat"))
    exits = table[table["term"].str.startswith("exit")].set_index(["branch", "state", "date"])["value"]
    threat = {e.on[0]: e.value for e in scenario.interventions if e.id in ("kor-exit-threat", "jpn-exit-threat")}
    first = "2025-03-31"
    assert exits["transactional-hub", "KOR", first] == pytest.approx(threat["KOR"])
    halved = next(e for e in scenario.interventions if e.id == "jpn-halved")
    here = scenario.states.index("JPN")
    now = float(np.asarray(begin.world.dyad("troops"))[scenario.states.index("USA"), here])
    seen = threat["JPN"] - np.log((halved.value + 100) / (now + 100))
    assert exits["retreat", "JPN", "2026-03-31"] == pytest.approx(min(seen, 1.0), abs=1e-3)
    assert ("transactional-hub", "KOR", "2026-03-31") not in exits.index


def test_a_branch_without_demands_has_no_split(scenario, begin):
    table, _ = split_of(scenario, begin, ("status-quo", "recalibration"))
    assert not len(table)


def futures(scenario, belief: float, pact: int) -> xr.Dataset:
    """Two branches of three paths that differ in belief and in the pact of Korea, at one step."""
    states, dyads = list(scenario.states), ["JPN-USA", "KOR-USA"]
    credibility = np.zeros((2, 3, 1, len(states)), np.float32)
    credibility[1] = belief
    defence = np.ones((2, 3, 1, 2), np.int8)
    defence[1, :, 0, 1] = pact
    axes = ("branch", "path", "time")
    layers = {"credibility": ((*axes, "state"), credibility), "defence": ((*axes, "dyad"), defence)}
    coords = {"branch": ["a", "b"], "state": states, "dyad": dyads, "draw": ("path", np.arange(3))}
    return xr.Dataset(layers, coords)


@pytest.mark.parametrize(("belief", "pact"), [(0.0, 1), (-0.8, 1), (0.5, 0)])
def test_the_game_of_a_branch_is_the_game_of_its_world(scenario, begin, belief, pact):
    """Played by `deterrence` on a world in which belief and pact are set, without the short cut by paths."""
    table = deterrence_outlook(scenario, begin.world, futures(scenario, belief, pact), ["JPN", "KOR"])
    hub, prk, kor = (scenario.states.index(code) for code in ("USA", "PRK", "KOR"))
    defence = np.array(begin.world.dyad("defence"), np.float32)
    defence[hub, kor] = defence[kor, hub] = pact
    told = jnp.full(len(scenario.states), belief)
    world = replace(begin.world).replace({"credibility": told}, {"defence": jnp.asarray(defence)})
    found = deterrence(world, hub, weights_at())
    for quantity in ("challenge", "support", "fight", "war"):
        row = table.query("branch == 'b' and challenger == 'PRK' and ally == 'KOR' and quantity == @quantity").iloc[0]
        assert row["value"] == pytest.approx(float(getattr(found.play, quantity)[prk, kor]), rel=1e-4)
    alone = table.query("branch == 'b' and challenger == 'PRK' and ally == 'KOR' and quantity == 'without'").iloc[0]
    assert alone["value"] == pytest.approx(float(found.without[prk, kor]), rel=1e-4)


def test_less_belief_invites_challenges_and_no_change_is_none(scenario, begin):
    less = deterrence_outlook(scenario, begin.world, futures(scenario, -0.8, 1), ["JPN", "KOR"])
    moved = less.query("branch == 'b' and quantity == 'challenge'")
    assert (moved["difference"] > 0).all()
    assert moved["clear"].all()
    same = deterrence_outlook(scenario, begin.world, futures(scenario, 0.0, 1), ["JPN", "KOR"])
    assert not same["clear"].any()


def test_a_world_without_a_layer_of_the_game_has_no_game(scenario, begin):
    dyads = {name: layer for name, layer in begin.world.dyads.items() if name != "rivalry"}
    bare = replace(begin.world, dyads=dyads)
    assert not len(deterrence_outlook(scenario, bare, futures(scenario, 0.0, 1), ["JPN"]))
    assert not len(deterrence_outlook(scenario, begin.world, futures(scenario, 0.0, 1), []))


def test_targets_are_met_and_fewer_pledges_are_kept_when_tested():
    found = targets()
    assert found["challenge"].between(0.01, 0.02).all()
    assert found["fulfilled"].between(0.2, 0.6).all()
    assert (found["unconditional"] > found["fulfilled"]).all()


def test_parameters_are_those_of_the_kinds_that_the_scenario_names(scenario):
    found = parameters(scenario, mechanisms_of(scenario))
    expected = {name for m in scenario.mechanisms for name, _ in parameters_of(m.kind)}
    assert set(found["parameter"]) == expected
    assert (found["because"].str.len() > 0).all()
    fewer = scenario.model_copy(update={"mechanisms": tuple(m for m in scenario.mechanisms if m.kind != "hedging")})
    left = set(parameters(fewer, mechanisms_of(fewer))["parameter"])
    assert left == expected - {name for name, _ in parameters_of("hedging")}
    none = scenario.model_copy(update={"mechanisms": ()})
    assert not len(parameters(none, mechanisms_of(none)))


def test_how_well_the_bargain_foretells_is_that_of_its_file():
    told = dict(foretold().itertuples(index=False))
    assert told["settlements"] == 17
    assert 0 < told["settlements inside their 80 % band"] <= 1
