"""Names do not matter: the law of every process is the same when states, or pacts, are listed in another order."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from latticework.processes import LEARNED, MODEL, AlignmentDrift, DisputeOnset, LeaderExit, Push, TreatiesInForce
from latticework.world import Panel, World
from tests.processes.prepared import YEAR, prepared
from tests.synthetic import Visits, made_up_panel, permuted

ORDER = np.array([2, 0, 1])


def pacts_permuted(world: World, order: np.ndarray) -> World:
    """The same world with its pacts listed in another order."""
    listed = ({name: layer[order] for name, layer in home.items()} for home in (world.pacts, world.memberships))
    return World(world.present, world.states, world.dyads, *listed)


def told(process, changes, edit=lambda world: world) -> list[float]:
    """The log probability of what a process drew, and that of the same with the names changed in each way."""
    theta, before = prepared(process, seed=5)
    before = edit(before)
    after = jax.jit(process.sample)(jax.random.key(2), theta, before, YEAR, Push())
    law = jax.jit(lambda one, other: process.log_prob(theta, one, other, YEAR))
    return [float(law(change(before), change(after))) for change in (lambda world: world, *changes)]


@pytest.mark.parametrize("process", [*LEARNED, Visits()], ids=lambda p: p.name)
def test_names_of_states_and_of_pacts_do_not_matter(process):
    changes = (lambda world: permuted(world, ORDER), lambda world: pacts_permuted(world, ORDER))
    plain, *renamed = told(process, changes)
    assert renamed == pytest.approx([plain] * 2, abs=1e-4)
    assert plain != 0, "a law that says nothing cannot fail"


@pytest.mark.parametrize("change", [permuted, pacts_permuted])
def test_bookkeeping_follows_the_names(change):
    process = next(p for p in MODEL if isinstance(p, TreatiesInForce))
    assert {p.name for p in MODEL} == {p.name for p in LEARNED} | {process.name}
    theta, before = prepared(process, seed=5)
    before = before.replace(memberships={"pact_left": jnp.zeros((3, 3)).at[0, 1].set(1.0)})
    after, renamed = (
        process.sample(jax.random.key(0), theta, w, YEAR, Push()) for w in (before, change(before, ORDER))
    )
    assert not np.array_equal(after.membership("pact_member"), before.membership("pact_member"))
    for name in process.writes:
        homes = [{**w.states, **w.dyads, **w.pacts, **w.memberships} for w in (change(after, ORDER), renamed)]
        np.testing.assert_array_equal(homes[0][name], homes[1][name], err_msg=name)


def test_names_do_not_matter_to_the_filter_of_votes():
    process = AlignmentDrift()
    truth = np.array([c.prior_mean for c in process.coefficients()])
    panel = made_up_panel(process, truth, 5, 12, 1.0)
    order = np.array([3, 1, 4, 0, 2])
    world = jax.vmap(lambda w: permuted(w, order))(jax.tree.map(jnp.asarray, panel.world))
    renamed = Panel(world, tuple(np.array(panel.codes)[order]), panel.dates)
    plain, other = (np.asarray(process.terms(jnp.asarray(truth), process.evidence(p).data)) for p in (panel, renamed))
    np.testing.assert_allclose(other, plain[order], rtol=1e-4)
    assert np.abs(plain).min() > 0


def test_control_an_effect_of_the_first_state_alone_is_noticed():
    def lopsided(world: World) -> World:
        return world.replace(dyads={"rivalry": jnp.asarray(world.dyads["rivalry"]).at[0, 1].add(1.0)})

    plain, renamed = told(DisputeOnset(), [lambda world: permuted(world, np.array([1, 0, 2]))], lopsided)
    assert abs(plain - renamed) > 1e-3


def test_control_a_law_that_knows_who_is_first_is_noticed():
    class Partial(LeaderExit):
        def rows(self, before, after, dt):
            rows = super().rows(before, after, dt)
            return replace(rows, design=rows.design.at[0, 0].add(1.0))

    plain, renamed = told(Partial(), [lambda world: permuted(world, ORDER)])
    assert abs(plain - renamed) > 1e-3
