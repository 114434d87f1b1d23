"""Variants are the branches that one would write by hand, and change neither the shape nor the order of controls."""

import jax
import numpy as np
import pytest

from latticework.actions.assembling import Coefficients, mechanisms_of
from latticework.actions.explain import drawn_sizes
from latticework.explain import sized, variants
from latticework.explain.variants import with_variants
from latticework.processes import MODEL
from latticework.scenario.controls import compile_branch, needed_scales, steps
from latticework.scenario.schema import Scenario
from latticework.simulate import press
from tests.report.futures import scenario as two_branches

WHO = {"assumed_by": "us", "reason": "because", "from": "2025-01-24"}
SIZE = {"operator": "shift", "size": {"mean": 0.5, "sd": 0.25}, "unit": "history_sd"}


def written() -> Scenario:
    """Two shifts on troops and one on disputes in a branch, of which a lever makes two; a crisis in every branch."""
    base = two_branches().model_dump(by_alias=True, mode="json", exclude_none=True)
    base["interventions"] += [
        {"id": "pay-a", "process": "troop_change", "on": ["KOR-USA"], **SIZE, **WHO},
        {"id": "pay-b", "process": "troop_change", "on": ["JPN-USA"], **SIZE, **WHO},
    ]
    cost = {"low": 0, "high": 1, "currency": "USD", "year": 2025}
    lever = {"id": "pay", "title": "Pay", "interventions": ["pay-a", "pay-b"], "cost": cost, "who_pays": ["KOR"]}
    base["levers"] = [{**lever, "assumed_by": "us", "reason": "because"}]
    base["branches"][1]["levers"] = ["pay"]
    slowed = [{"process": "troop_change", "size": {"mean": 0.2, "sd": 0.1}, "unit": "history_sd"}]
    crisis = {"id": "kor", "state": "KOR", "until": "2025-12-31", "chance": 0.5, "slows": slowed}
    base["crises"] = [{**crisis, **WHO}]
    return Scenario.model_validate(base)


BRANCHES = ("status-quo", "transactional-hub")


def test_each_own_intervention_is_left_out_and_each_process_as_a_whole():
    found = {(v.kind, v.what): v.made for v in variants(written(), BRANCHES)}
    base = ("kor-removal",)
    assert found == {
        ("without", "promises-doubted"): (*base, "pay-a", "pay-b"),
        ("without", "pay-a"): (*base, "promises-doubted", "pay-b"),
        ("without", "pay-b"): (*base, "promises-doubted", "pay-a"),
        ("process", "troop_change"): (*base, "promises-doubted"),
    }
    assert not any(v.same for v in variants(written(), BRANCHES))


def test_what_another_branch_makes_is_read_off_it_and_what_is_inherited_is_told_as_one():
    wide = written()
    doubts = wide.branches[1].model_copy(update={"id": "doubts", "levers": ()})
    more = wide.branches[1].model_copy(
        update={"id": "more", "extends": "doubts", "interventions": (), "levers": ("pay",)}
    )
    wide = wide.model_copy(update={"branches": (*wide.branches[:1], doubts, more)})
    found = {(v.branch, v.kind, v.what): v.same for v in variants(wide, ("status-quo", "doubts", "more"))}
    assert found == {
        ("doubts", "without", "promises-doubted"): "status-quo",
        ("more", "inherited", "doubts"): "doubts",
        ("more", "without", "pay-a"): "",
        ("more", "without", "pay-b"): "",
        ("more", "process", "troop_change"): "doubts",
    }


def test_a_lever_that_would_bring_a_part_back_is_unbound():
    made = variants(written(), BRANCHES)
    wider = with_variants(written(), made)
    for one in made:
        assert {e.id for e in wider.interventions_of(one.id)} == set(one.made)
    assert wider.branches[:2] == written().branches, "what was there is not touched"


def test_one_branch_alone_has_no_variants():
    assert variants(written(), BRANCHES[:1]) == ()


@pytest.fixture(scope="module")
def scales():
    return dict.fromkeys(needed_scales(written()), 0.5)


def test_variants_have_controls_of_the_same_shape_so_that_one_program_runs_them(scales):
    plain, made = written(), variants(written(), BRANCHES)
    wider, grid = with_variants(plain, made), steps(plain)
    whole = compile_branch(plain, BRANCHES[1], plain.states, grid, scales)
    for one in made:
        mine = compile_branch(wider, one.id, plain.states, grid, scales)
        assert jax.tree.structure(mine) == jax.tree.structure(whole)
        assert [a.shape for a in jax.tree.leaves(mine)] == [a.shape for a in jax.tree.leaves(whole)]


def test_the_sizes_are_those_that_the_simulation_draws(scales):
    plain, key, draws = written(), jax.random.key(4), 7
    controls = compile_branch(plain, BRANCHES[1], plain.states, steps(plain), scales)
    pressure = press(controls, key, draws, MODEL)
    drawn = {d.of.id: d for d in drawn_sizes(plain, Coefficients(mechanisms_of(plain), {}, {}), key, draws)}
    assert set(drawn) == {"promises-doubted", "pay-a", "pay-b", "crisis kor troop_change"}
    for process, names in (("troop_change", ("pay-a", "pay-b")), ("dispute_onset", ("promises-doubted",))):
        size = np.stack([drawn[n].of.mean + drawn[n].of.sd * drawn[n].normal for n in names], axis=1)
        np.testing.assert_allclose(np.asarray(pressure.size[process]), size, atol=1e-5)
    crisis, law = drawn["crisis kor troop_change"], controls.contingencies[0]
    np.testing.assert_allclose(np.asarray(pressure.sizes[:, 0]), law.mean + law.sd * crisis.normal, atol=1e-5)


def test_only_what_acts_is_sized_and_what_is_certain_is_not():
    assert {s.id: s.branches for s in sized(written())} == {
        "promises-doubted": BRANCHES[1:],
        "pay-a": BRANCHES[1:],
        "pay-b": BRANCHES[1:],
        "crisis kor troop_change": BRANCHES,
    }


def test_of_mechanisms_what_is_assumed_is_sized_as_it_was_drawn():
    given = written().model_dump(by_alias=True, mode="json", exclude_none=True)
    given["mechanisms"] = [{"id": "m", "kind": "hedging", "assumed_by": "us", "reason": "because", "parameters": {}}]
    plain, draws = Scenario.model_validate(given), 2000
    made = mechanisms_of(plain)
    learned = {p.name: np.zeros((draws, 1), np.float32) for p in MODEL}
    every = Coefficients(made, learned, made.theta(jax.random.key(5), learned, draws))
    found = {d.of.id: d for d in drawn_sizes(plain, every, jax.random.key(4), draws)}
    parameters = dict(made.parameters())
    assumed = {n for n, p in parameters.items() if p.origin in ("assumed", "published") and p.prior_sd > 0}
    assert len(assumed) > 10
    assert assumed <= set(found)
    for name in assumed:
        one, p = found[name], parameters[name]
        value = one.of.mean + one.of.sd * one.normal
        if p.sign:
            assert (p.sign * value > -1e-6).all(), "cut off where the sign is imposed"
        assert abs(one.normal.mean()) < 4 / np.sqrt(draws), name
        assert one.normal.std() == pytest.approx(1, abs=0.1), name
        assert one.of.branches == BRANCHES
    arrows = [c.name for c in made.couplings if c.process == "alignment"]
    behind = np.asarray(every.all["alignment"])[:, 1:]
    for k, name in enumerate(arrows):
        np.testing.assert_allclose(
            found[name].of.mean + found[name].of.sd * found[name].normal, behind[:, k], atol=1e-5
        )


def test_a_mechanism_that_is_not_named_has_no_sizes():
    assert not any(":" in s.id for s in sized(written()))


def test_a_demand_stays_when_something_that_came_with_it_is_left_out_and_is_a_part_of_its_own():
    plain = written()
    amounts = {side: {"value": n, "currency": "USD", "year": 2025} for side, n in (("amount", 5.0), ("agreed", 1.0))}
    words = {"by": "USA", "of": "KOR", "what": "to pay", "interventions": ["pay-a"], "assumed_by": "us", "reason": "x"}
    data = plain.model_dump(by_alias=True, mode="json", exclude_none=True)
    data["demands"] = [{"id": "pay-more", **words, **amounts}]
    data["branches"][1]["demands"] = ["pay-more"]
    asks = Scenario.model_validate(data)
    made = {v.what: v for v in variants(asks, BRANCHES) if v.kind == "without"}
    wider = with_variants(asks, tuple(made.values()))
    assert [d.amount.value for d in wider.demands_of(made["pay-a"].id)] == [5.0]
    assert "pay-a" not in {e.id for e in wider.interventions_of(made["pay-a"].id)}
    assert not wider.demands_of(made["pay-more"].id)
    assert "pay-a" in {e.id for e in wider.interventions_of(made["pay-more"].id)}, "what came with it stays"
