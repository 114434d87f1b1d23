"""Simulated futures: the same noise in every branch and every split, settings and assumptions that act as stated."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.ensemble import assemble, kept
from latticework.processes import AgreementEnd, AlignmentDrift, DisputeOnset, LeaderExit, TroopChange
from latticework.scenario.controls import Controls
from latticework.simulate import nowcast_calendar, press, simulate, simulate_branches
from latticework.types import Array
from tests.synthetic import made_up_world

# A few processes: the machinery is the same for all, and test_descendants.py has the whole model.
FEW = (LeaderExit(), AgreementEnd(), AlignmentDrift(), TroopChange(), DisputeOnset())
N, STEPS, DRAWS = 6, 8, 5
CODES = tuple(f"S{i}" for i in range(N))
KEEP = kept(CODES, CODES[:3], CODES[:1])


def coefficients() -> dict[str, Array]:
    rng = np.random.default_rng(2)
    out: dict[str, Array] = {}
    for process in FEW:
        usual = {c.name: -1.5 if c.name.endswith("intercept") else 0.0 for c in process.coefficients()}
        base = np.array([c.prior_mean or usual[c.name] for c in process.coefficients()])
        out[process.name] = jnp.asarray(base + 0.1 * rng.standard_normal((DRAWS, len(base))), jnp.float32)
    return out


def futures(
    controls: Controls, paths=range(40), seed: int = 5, model=FEW, stale=None, always=None, eras=None, theta=None
) -> dict[str, np.ndarray]:
    world = made_up_world(N, 4)
    calendar = nowcast_calendar(np.full(STEPS, 0.25), stale or {}, model)
    key = jax.random.key(seed)
    pressure = press(controls, jax.random.fold_in(key, 2), DRAWS, model, always, eras)
    out = simulate(model, theta or coefficients(), world, pressure, calendar, KEEP, key, np.array(list(paths)))
    return {name: np.asarray(v) for name, v in out.items()}


def pushing(process: str, from_step: int, by: float = 2.0) -> Controls:
    unit = next(p.unit for p in FEW if p.name == process)
    shift = np.zeros((1, STEPS, *made_up_world(N, 4).shape(unit)), np.float32)
    shift[:, from_step:] = 1.0
    return assumed(process, shift, by, 0.0)


def assumed(process: str, shift: np.ndarray, mean: float, sd: float) -> Controls:
    """Controls with one assumption, whose size is drawn N(mean, sd)."""
    mean_of, sd_of = np.array([mean], np.float32), np.array([sd], np.float32)
    return Controls({process: shift}, {process: mean_of}, {process: sd_of}, {}, {})


@pytest.fixture(scope="module")
def baseline() -> dict[str, np.ndarray]:
    return futures(Controls.none())


def test_the_same_seed_gives_the_same_numbers_however_paths_are_split(baseline):
    again = futures(Controls.none())
    first, second = futures(Controls.none(), range(15)), futures(Controls.none(), range(15, 40))
    for name, whole in baseline.items():
        np.testing.assert_array_equal(again[name], whole)
        np.testing.assert_array_equal(np.concatenate([first[name], second[name]]), whole)


def test_a_layer_that_is_held_in_part_goes_that_part_of_the_way_in_each_step():
    """No process of the model moves the layer, so its course is known."""
    model = (LeaderExit(),)
    world = made_up_world(N, 4)
    first = np.asarray(world.state("democracy"))
    settings = np.full((STEPS, N), np.nan, np.float32)
    settings[2:, 1] = 0.25
    part = np.ones_like(settings)
    part[:, 1] = [1, 1, 0.5, 0.5, 1, 0, 0.25, 1]
    calendar = nowcast_calendar(np.full(STEPS, 0.25), {}, model)
    pressure = press(
        Controls({}, {}, {}, {}, {"democracy": settings}, hold={"democracy": part}), jax.random.key(1), DRAWS, model
    )
    only = replace(KEEP, states=("democracy",), dyads=(), totals=())
    out = simulate(model, coefficients(), world, pressure, calendar, only, jax.random.key(5), np.arange(4))["democracy"]
    expected = np.repeat(first[None], STEPS, 0)
    now = first[1]
    for s in range(2, STEPS):
        now = now + part[s, 1] * (0.25 - now)
        expected[s, 1] = now
    np.testing.assert_allclose(out, np.repeat(expected[None], 4, 0), rtol=1e-6)
    assert len({*np.round(expected[:, 1], 6).tolist()}) >= 4, "it moved in steps"


def hazards(chance: np.ndarray) -> np.ndarray:
    """Cumulative hazards of chances in single precision."""
    return -np.log1p(-np.minimum(chance.astype(float), 1 - 1e-7))


def by_the_rules() -> dict[str, Array]:
    """Coefficients with which no leader leaves against the rules."""
    never = [c.name == "irregular: intercept" for c in FEW[0].coefficients()]
    theta = coefficients()
    return theta | {"leader_exit": jnp.where(jnp.asarray(never), -30.0, theta["leader_exit"])}


def test_levels_and_decades_act_as_a_shift_of_that_size_would_and_survive_any_split():
    rng = np.random.default_rng(0)
    own, era = (rng.normal(0, 0.7, shape).astype(np.float32) for shape in ((DRAWS, N), (DRAWS, STEPS)))
    era[:, :4] = 0.0
    both = jnp.asarray(own[:, :, None] + own[:, None, :])
    apart = {"dispute_onset": (jnp.asarray(own)[:, :, None], jnp.asarray(own)[:, None, :])}
    eras = {"leader_exit": jnp.asarray(era)}
    theta = by_the_rules()
    baseline = futures(Controls.none(), theta=theta)
    found = futures(Controls.none(), always=apart, eras=eras, theta=theta)
    whole = futures(Controls.none(), always={"dispute_onset": (both,)}, eras=eras, theta=theta)
    for name in baseline:
        np.testing.assert_allclose(found[name], whole[name], atol=1e-6, err_msg=name)
    halves = [futures(Controls.none(), r, always=apart, eras=eras, theta=theta) for r in (range(15), range(15, 40))]
    for name in baseline:
        np.testing.assert_array_equal(np.concatenate([half[name] for half in halves]), found[name])
    hazard, plain = (hazards(x["turnover_chance"]) for x in (found, baseline))
    np.testing.assert_array_equal(hazard[:, :4], plain[:, :4])
    draw = np.arange(40) % DRAWS
    sure = np.maximum(hazard, plain)[:, 4] > 5
    fifth, of_era = np.log(hazard[:, 4] / plain[:, 4]), np.broadcast_to(era[draw, 4][:, None], sure.shape)
    assert (~sure).sum() > 50
    np.testing.assert_allclose(fifth[~sure], of_era[~sure], atol=2e-3)
    i, j = np.asarray(KEEP.pairs).T
    hazard, plain = (hazards(x["dispute_chance"][:, 0]) for x in (found, baseline))
    risk = (plain > 0) & (np.maximum(hazard, plain) < 5)  # a chance near one has lost its hazard to rounding
    gain = (own[draw][:, i] + own[draw][:, j])[risk]
    np.testing.assert_allclose(np.log(hazard[risk] / plain[risk]), gain, atol=2e-3)
    assert np.abs(gain).max() > 0.5


def test_decades_reach_the_years_before_the_baseline_too():
    eras = {"dispute_onset": jnp.concatenate([jnp.full((DRAWS, 3), 6.0), jnp.zeros((DRAWS, STEPS))], axis=1)}
    stale = {"dispute_onset": 3}
    calm, wild = (futures(Controls.none(), stale=stale, eras=e) for e in ({}, eras))
    assert not np.array_equal(calm["dispute_chance"][:, 0], wild["dispute_chance"][:, 0])


def test_control_another_seed_gives_other_numbers(baseline):
    assert not np.array_equal(futures(Controls.none(), seed=6)["turnover"], baseline["turnover"])


def test_a_layer_that_is_set_holds_its_value_and_its_effects_follow():
    votes = np.ones((STEPS, N), np.float32)
    calm, busy = (Controls({}, {}, {}, {}, {"election_ahead": value * votes}) for value in (0, 1))
    theta = by_the_rules()
    low, high = (futures(controls, theta=theta)["turnover_chance"][0, 0] for controls in (calm, busy))
    world, names = made_up_world(N, 4), [c.name.removeprefix("regular: ") for c in FEW[0].coefficients()]
    b = dict(zip(names, np.asarray(theta["leader_exit"][0]), strict=True))
    rule = np.asarray(world.states["democracy"]) >= 0.5
    fixed, past = (np.asarray(world.states[name]) for name in ("fixed_term", "election_past"))
    gain, loss = (
        b[f"election {q}"] + rule * b[f"democracy x election {q}"] + rule * fixed * b[f"fixed term x election {q}"]
        for q in ("this quarter", "last quarter")
    )
    np.testing.assert_allclose(np.log(np.log1p(-high) / np.log1p(-low)), gain - past * loss, atol=1e-3)


def test_an_event_with_a_stated_chance_happens_that_often():
    hazard = np.zeros((STEPS, N), np.float32)
    hazard[2, 1] = -np.log(1 - 0.7) / 0.25
    extra = futures(Controls({}, {}, {}, {"leader_exit": hazard}, {}), range(600))["turnover_chance"][:, 2, 1]
    base = futures(Controls.none(), range(600))["turnover_chance"][:, 2, 1]
    np.testing.assert_allclose(1 - (1 - base) * 0.3, extra, atol=1e-4)


def test_uncertain_assumptions_are_drawn_once_per_draw():
    uncertain = assumed("alignment", np.ones((1, STEPS, N), np.float32), 0.0, 1.0)
    gap = futures(uncertain)["ideal_point"] - futures(Controls.none())["ideal_point"]
    by_draw = gap[:, -1, 0].reshape(-1, DRAWS)
    assert by_draw.std(axis=0).max() < 0.2 * by_draw.mean(axis=0).std(), "paths of one draw share the assumption"


def test_a_stale_layer_is_carried_to_the_baseline_by_its_own_process(baseline):
    nowcast = futures(Controls.none(), stale={"alignment": 5})
    start = np.asarray(made_up_world(N, 4).states["ideal_point"])
    more, less = (np.std(f["ideal_point"][:, 0] - start) for f in (nowcast, baseline))
    assert more > 1.5 * less, "five years more of drift"
    assert nowcast["ideal_point"].shape == baseline["ideal_point"].shape


def test_an_ensemble_names_its_axes():
    layers = futures(Controls.none(), range(10))
    ends = np.array(["2025-03-31"] * STEPS, dtype="datetime64[D]") + np.arange(STEPS) * 91
    some, rest = ({name: layer[where] for name, layer in layers.items()} for where in (slice(0, 6), slice(6, 10)))
    padded = {name: np.concatenate([layer, layer[:2]]) for name, layer in rest.items()}
    parts = [(some, some), (padded, padded)]
    data = assemble(["a", "b"], parts, CODES, KEEP, ends, np.arange(10) % DRAWS, {"seed": 1})
    assert dict(data.sizes) == {"branch": 2, "path": 10, "time": STEPS, "state": N, "dyad": len(KEEP.pairs)}
    at = data.sel(branch="b", dyad="S0-S1")
    column = [tuple(p) for p in np.asarray(KEEP.pairs)].index((0, 1))
    np.testing.assert_allclose(at["troops"], layers["troops"][..., column])
    assert set(np.unique(data["dispute"])) <= {-1, 0, 1}


def test_branches_simulated_together_are_those_simulated_alone():
    model, world, key = FEW, made_up_world(N, 4), jax.random.key(5)
    calendar = nowcast_calendar(np.full(STEPS, 0.25), {"alignment": 3}, model)
    branches = [press(pushing("alignment", 2, by), jax.random.fold_in(key, 2), DRAWS, model) for by in (0.0, 2.0)]
    rest = (calendar, KEEP, key, np.arange(40))
    together = simulate_branches(model, coefficients(), world, branches, *rest)
    for branch, found in zip(branches, together, strict=True):
        alone = simulate(model, coefficients(), world, branch, *rest)
        for name, layer in found.items():
            np.testing.assert_allclose(layer, alone[name], rtol=1e-4, atol=1e-5, err_msg=name)
    points = [np.asarray(found["ideal_point"]) for found in together]
    np.testing.assert_array_equal(points[0][:, :2], points[1][:, :2])
    assert np.abs(points[0] - points[1])[:, 2:].min() > 0.01
