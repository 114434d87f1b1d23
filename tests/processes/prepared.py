"""Every process on a world of three states in which there is something to happen: for the tests of their laws."""

import jax
import jax.numpy as jnp
import numpy as np

from latticework.processes import (
    MODEL,
    AgreementEnd,
    AgreementSigned,
    DisputeEnd,
    DisputeOnset,
    GarrisonOpened,
    PactEnded,
    PactJoined,
    PactLeft,
    TreatiesInForce,
    TroopChange,
)
from latticework.processes.families import AbstractCount, AbstractDrift, AbstractHazard, AbstractMark
from latticework.world import World
from tests.synthetic import Visits, made_up_world

HAZARDS = tuple(p for p in MODEL if isinstance(p, AbstractHazard))
MARKS = tuple(p for p in MODEL if isinstance(p, AbstractMark))
DRIFTS = tuple(p for p in MODEL if isinstance(p, AbstractDrift))
COUNTS = (Visits(), *(p for p in MODEL if isinstance(p, AbstractCount)))
YEAR, QUARTER = jnp.asarray(1.0), jnp.asarray(0.25)


def some_theta(process, seed: int = 3) -> jnp.ndarray:
    """Coefficients that make events neither rare nor sure."""
    rng = np.random.default_rng(seed)
    theta = 0.3 * rng.standard_normal(len(process.coefficients()))
    if isinstance(process, AbstractDrift):
        pace = len(process.mean_effects())
        theta[pace : pace + 2] = np.log([0.2, 0.4])
    if process.name != "visits" and isinstance(process, AbstractCount):
        theta[0], theta[-2:] = -1.0, [0.2, 0.5]
    if isinstance(process, DisputeOnset):
        theta[7:10] = [-0.05, 0.1, -0.05]
    if isinstance(process, AgreementEnd):
        theta[6:9] = [-0.1, 0.02, -0.01]
    if isinstance(process, PactLeft | PactJoined | PactEnded):
        theta[0] = -0.5
    if isinstance(process, TroopChange):
        theta[[22, 28, 34]] = np.log([0.5, 0.3, 0.1])
        theta[[23, 25, 27, 29, 31, 33, 35, 37, 39, 40]] = 0
    return jnp.asarray(theta, jnp.float32)


def prepared(process, seed: int = 0) -> tuple[jnp.ndarray, World]:
    """Coefficients, and a world of three states in which there is something to happen."""
    theta, world = some_theta(process), made_up_world(3, seed)
    if isinstance(process, AbstractMark):  # the event has happened to every unit
        world = world.with_layers(process.unit, {process.given[0]: jnp.ones(world.shape(process.unit))})
    if isinstance(process, AgreementSigned):
        world = world.replace(dyads={"agreement": jnp.zeros((3, 3))})
    if isinstance(process, DisputeEnd):
        world = world.replace(dyads={"dispute_ongoing": jnp.ones((3, 3))})
    if isinstance(process, GarrisonOpened):
        world = world.replace(
            dyads={"troops": jnp.asarray(world.dyad("troops")).at[0, 1:].set(jnp.array([10.0, 80.0]))}
        )
    if isinstance(process, PactLeft):  # three members of the first, of which one may leave
        member = jnp.asarray([[1.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
        world = world.replace(memberships={"pact_member": member})
    if isinstance(process, PactJoined):
        member = jnp.asarray([[0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
        world = world.replace(memberships={"pact_member": member})
    if isinstance(process, TreatiesInForce):  # what it is given: that nothing happened
        for other in MODEL:
            own = jnp.zeros(len(other.coefficients()))
            world = world.seeing(other.start(jax.random.key(9), own, world), other.writes)
    return theta, process.start(jax.random.key(9), theta, world)
