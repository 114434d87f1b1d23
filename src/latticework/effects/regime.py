"""How states are ruled, alone and in pairs."""

import jax.numpy as jnp

from latticework.effects.base import AbstractEffect, AtLeast, Not, OfState, Pairwise
from latticework.types import Array

DEMOCRATIC_FROM = 0.5


def democratic() -> AbstractEffect:
    """One for an electoral democracy: V-Dem polyarchy of at least 0.5."""
    return AtLeast(OfState("democracy"), DEMOCRATIC_FROM)


def autocratic() -> AbstractEffect:
    """One for every other state."""
    return Not(democratic())


def both(effect: AbstractEffect) -> AbstractEffect:
    """The smaller of the two states' values: for an indicator, one when both have it."""
    return Pairwise(effect, jnp.minimum)


def either(effect: AbstractEffect) -> AbstractEffect:
    """The larger of the two states' values: for an indicator, one when at least one has it."""
    return Pairwise(effect, jnp.maximum)


def apart(effect: AbstractEffect) -> AbstractEffect:
    """How far the two states' values lie apart."""
    return Pairwise(effect, _gap)


def _gap(a: Array, b: Array) -> Array:
    return jnp.abs(a - b)
