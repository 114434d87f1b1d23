"""A push on one process moves that process and what descends from it, and leaves every path of all others as it was.

Who descends from whom follows from what each process says that it reads and writes. That it reads nothing else is
tested too, for on that the rest depends.
"""

from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.errors import UnknownNameError
from latticework.processes import LEARNED, MODEL, AbstractProcess, AlignmentDrift, LeaderExit, Push
from latticework.processes.base import AbstractUnitwise
from latticework.scenario.controls import Controls
from latticework.simulate import nowcast_calendar, press
from latticework.simulate.paths import Due, Path, _homes, _opened, _reached, _step
from latticework.world import World
from tests.synthetic import made_up_world, symmetric

N, STEPS, FROM, DRAWS, PATHS = 6, 8, 3, 3, 60
KEY, QUARTER = jax.random.key(8), jnp.asarray(0.25)
BIG = 3.0
UNPUSHED = {"treaties"}  # bookkeeping: it has no predictor that could be shifted
NO_HAZARD = {  # what has no events whose hazard could be raised
    "coalition_change",
    "defence_pledged",
    "nonaggression_pledged",
    "alignment",
    "trade",
    "defence_effort",
    "warheads",
    "force_used",
    "dispute_deaths",
}
Model = tuple[AbstractProcess, ...]
Layers = dict[str, np.ndarray]


def descendants(model: Model, name: str) -> set[str]:
    """The processes that a push on one can reach: those that read what it writes, and theirs, without end."""
    writes = {process.name: set(process.writes) for process in model}
    reached, ahead = set(), [name]
    while ahead:
        moved = writes[ahead.pop()]
        new = {p.name for p in model if moved & {*p.reads, *p.given}} - reached
        reached |= new
        ahead += new
    return reached


def coefficients(process: AbstractProcess, rng: np.random.Generator) -> np.ndarray:
    """Events that are neither rare nor sure, and effects that are not nothing."""
    level = [-0.5 if c.effect is None else 0.0 for c in process.coefficients()]
    return np.array(level) + 0.15 * rng.standard_normal((DRAWS, len(level)))


def world_with_something_to_happen() -> World:
    """Every second dyad without an agreement, one state that nears a weapon."""
    some = symmetric(np.random.default_rng(3).random((N, N)) < 0.5)
    status = jnp.asarray(np.arange(N) % 4, jnp.float32)
    return made_up_world(N, 4).replace({"nuclear_status": status}, {"agreement": jnp.asarray(some)})


def every_layer(world: World) -> dict[str, jnp.ndarray]:
    return {**world.states, **world.dyads, **world.pacts, **world.memberships}


class Futures:
    """Paths of a model, every layer of every world kept.

    The program is compiled once: every branch has the same controls on every process, of size zero where it has none.
    """

    def __init__(self, model: Model = MODEL) -> None:
        rng = np.random.default_rng(2)
        self.model, self.world = model, world_with_something_to_happen()
        self.theta = {p.name: jnp.asarray(coefficients(p, rng), jnp.float32) for p in model}
        narrow = tuple(p.narrowed(_reached(self.world, {})) for p in model)
        calendar = nowcast_calendar(np.full(STEPS, 0.25), {}, model)

        def one(world, theta, pressure, path):
            mine = {name: values[path % DRAWS] for name, values in theta.items()}
            key = jax.random.fold_in(KEY, path)
            now = _opened(narrow, world, mine, key)
            step = partial(_step, narrow, calendar, every_layer, Path(mine, path % DRAWS, key, {}), pressure, now)

            def each(carry, s):
                return step(carry, Due(s, jnp.asarray(calendar.dt)[s], {}, pressure.at(s)))

            return jax.lax.scan(each, (_homes(now), jnp.zeros(0)), jnp.arange(STEPS))[1]

        self.run = eqx.filter_jit(jax.vmap(one, in_axes=(None, None, None, 0)))

    def under(self, controls: Controls) -> Layers:
        nothing = {p.name: np.zeros((STEPS, *self.world.shape(p.unit)), np.float32) for p in self.model}
        shift = {name: zero[None] for name, zero in nothing.items()} | controls.shift
        size = dict.fromkeys(nothing, np.zeros(1, np.float32))
        full = Controls(shift, size | controls.mean, size | controls.sd, nothing | controls.hazard, {})
        pressure = press(full, KEY, DRAWS, self.model)
        out = self.run(self.world, self.theta, pressure, jnp.arange(PATHS))
        return {name: np.asarray(values) for name, values in out.items()}


@pytest.fixture(scope="module")
def futures() -> Futures:
    return Futures()


@pytest.fixture(scope="module")
def baseline(futures: Futures) -> Layers:
    return futures.under(Controls.none())


def shifted(process: AbstractProcess, size: float = BIG) -> Controls:
    """A shift of the first linear predictor of every unit from a step on."""
    shift = np.zeros((1, STEPS, *world_with_something_to_happen().shape(process.unit)), np.float32)
    shift[:, FROM:] = 1.0
    size_of = np.array([size], np.float32)
    return Controls({process.name: shift}, {process.name: size_of}, {process.name: 0 * size_of}, {}, {})


def endangered(process: AbstractProcess) -> Controls:
    """Extra events of every unit from a step on."""
    hazard = np.zeros((STEPS, *world_with_something_to_happen().shape(process.unit)), np.float32)
    hazard[FROM:] = BIG
    return Controls({}, {}, {}, {process.name: hazard}, {})


def moved(pushed: Layers, baseline: Layers) -> set[str]:
    """The layers of which any path differs; from the first step of the push on, and not before."""
    for name, values in baseline.items():
        np.testing.assert_array_equal(pushed[name][:, :FROM], values[:, :FROM], err_msg=f"{name} before the push")
    return {name for name, values in baseline.items() if not np.array_equal(pushed[name], values, equal_nan=True)}


def out_of_reach(model: Model, process: AbstractProcess, layers: set[str]) -> set[str]:
    """Those of the layers that neither the process nor a descendant of it writes."""
    within = {process.name} | descendants(model, process.name)
    return layers - {name for p in model if p.name in within for name in p.writes}


def own_layer(process: AbstractProcess) -> str:
    """The layer that says what the process did."""
    named = [getattr(process, what, None) for what in ("event", "mark", "tally", "drifting")]
    return next((name for name in named if isinstance(name, str)), process.writes[0])


PUSHES = [(p, shifted) for p in MODEL if p.name not in UNPUSHED]
PUSHES += [(p, endangered) for p in MODEL if p.name not in UNPUSHED | NO_HAZARD]


@pytest.mark.parametrize(("process", "push"), PUSHES, ids=lambda x: getattr(x, "name", getattr(x, "__name__", "")))
def test_a_push_moves_its_process_and_nothing_that_does_not_descend_from_it(process, push, futures, baseline):
    found = moved(futures.under(push(process)), baseline)
    assert own_layer(process) in found, "the push did nothing, so this test could not fail"
    assert out_of_reach(MODEL, process, found) == set()


def test_bookkeeping_cannot_be_pushed(futures, baseline):
    assert {p.name for p in MODEL} - {p.name for p in LEARNED} == UNPUSHED
    treaties = next(p for p in MODEL if p.name in UNPUSHED)
    assert moved(futures.under(shifted(treaties)), baseline) == set()


def test_a_push_of_size_zero_moves_nothing(futures, baseline):
    for process in MODEL:
        assert moved(futures.under(shifted(process, 0.0)), baseline) == set()


def test_what_is_pushed_is_seen_where_it_should_be(futures, baseline):
    """The reach is no empty promise: most of those that read a process's layers do move within two years."""
    direct = [(p, q) for p in MODEL if p.name not in UNPUSHED for q in MODEL if q is not p]
    direct = [(p, q) for p, q in direct if set(p.writes) & {*q.reads, *q.given}]
    found = {p.name: moved(futures.under(shifted(p)), baseline) for p, _ in direct}
    followed = [bool(found[p.name] & set(q.writes)) for p, q in direct]
    assert np.mean(followed) > 0.9, [(p.name, q.name) for (p, q), f in zip(direct, followed, strict=True) if not f]


class Eavesdropper(AlignmentDrift):
    """Alignment that moves with visits, though it does not say that it reads them."""

    def sample(self, key, theta, before, dt, push):
        visited = jnp.nan_to_num(jnp.asarray(before.dyad("visit_president"))).sum(0)
        return super().sample(key, theta, before, dt, Push(push.shift + visited, push.hazard, push.offset))


def test_control_a_process_that_reads_what_it_does_not_say_is_caught():
    model = tuple(Eavesdropper() if p.name == "alignment" else p for p in MODEL)
    visits, secret = (next(p for p in model if p.name == n) for n in ("visits_president", "alignment"))
    liar = Futures(tuple(p for p in model if p.name in ("visits_president", "alignment")))
    found = moved(liar.under(shifted(visits)), liar.under(Controls.none()))
    assert out_of_reach(model, visits, found) == set(secret.writes)
    with pytest.raises(UnknownNameError, match="visit_president"):
        drawn(secret, alone(secret))


def alone(process: AbstractProcess) -> World:
    """A world of nothing but what the process says that it reads, is given or writes, and what its start adds."""
    whole = world_with_something_to_happen()
    theta = jnp.zeros(len(process.coefficients()))
    for other in MODEL:
        whole = whole.seeing(other.start(KEY, jnp.zeros(len(other.coefficients())), whole), other.writes)
    own = process.start(KEY, theta, whole)
    mine = {*process.reads, *process.given, *process.writes}
    mine |= {name for name, layer in every_layer(own).items() if layer is not every_layer(whole).get(name)}
    homes = (own.states, own.dyads, own.pacts, own.memberships)
    return World(own.present, *({k: v for k, v in home.items() if k in mine} for home in homes))


def drawn(process: AbstractProcess, world: World) -> World:
    theta = jnp.asarray(coefficients(process, np.random.default_rng(0))[0], jnp.float32)
    return jax.jit(partial(process.sample, dt=QUARTER, push=Push()))(KEY, theta, world)


@pytest.mark.parametrize("process", MODEL, ids=lambda p: p.name)
def test_a_process_needs_no_layer_that_it_does_not_name(process):
    drawn(process, alone(process))
    if isinstance(process, AbstractUnitwise):
        world = alone(process)
        process.rows(world, world, QUARTER)


def test_control_a_process_misses_a_layer_that_it_names():
    world = alone(LeaderExit())
    poor = World(world.present, {k: v for k, v in world.states.items() if k != "election_ahead"}, world.dyads)
    with pytest.raises(UnknownNameError, match="election_ahead"):
        drawn(LeaderExit(), poor)


def test_descendants_by_hand():
    names = {p.name for p in MODEL}
    assert descendants(MODEL, "trade") <= {"trade"}
    assert descendants(MODEL, "coalition_change") == {"coalition_change", "alignment", "trade"}
    assert names - descendants(MODEL, "treaties") == {"leader_exit", "coalition_change"}
    assert {"dispute_deaths", "force_used"} <= descendants(MODEL, "pact_left")
