"""Normal states of many dyads at once: one solve of their block tridiagonal system gives means, draws, contributions.

A block is a year of a dyad: strength in its four quarters, then the factors of the three domains. The precision of all
blocks is tridiagonal; a forward pass eliminates year by year, a backward pass solves (Rue and Held 2005, Gaussian
Markov Random Fields, 2.4). A draw is the mean given data that are perturbed by their own noise (Durbin and Koopman
2002, Biometrika 89: 603-615; Papandreou and Yuille 2010).
"""

from functools import reduce

import jax
import jax.numpy as jnp

from latticework.types import Array, Float

QUARTERS, FACTORS = 4, 3
BLOCK = QUARTERS + FACTORS


def inverse(block: Float[jax.Array, "7 7 d"]) -> Float[jax.Array, "7 7 d"]:
    """The inverse of a positive definite block for every dyad, by the sweep operator."""
    for k in range(BLOCK):
        pivot = 1.0 / block[k, k]
        row = block[k] * pivot
        swept = block - block[:, k, None] * row[None]
        swept = swept.at[k].set(row).at[:, k].set(-block[:, k] * pivot)
        block = swept.at[k, k].set(pivot)
    return block


def _times(left: Array, right: Array) -> Array:
    """Products of small matrices (7 7 d), dyad by dyad."""
    return reduce(jnp.add, (left[:, k, None] * right[None, k] for k in range(BLOCK)))


def _apply(matrix: Array, vectors: Array) -> Array:
    """Small matrices (7 7 d) times vectors (r 7 d)."""
    return reduce(jnp.add, (matrix[None, :, k] * vectors[:, k, None] for k in range(BLOCK)))


@jax.jit
def solve(
    diagonal: Float[Array, "y 7 7 d"], lower: Float[Array, "y 7 7 d"], sides: Float[Array, "y r 7 d"]
) -> Float[Array, "y r 7 d"]:
    """The states that each of r right-hand sides gives; `lower[y]` ties year y (rows) to the year before (columns)."""

    def forward(carry, now):
        before, passed = carry
        own, tie, side = now
        gain = _times(tie, before)
        rest = inverse(own - _times(gain, jnp.swapaxes(tie, 0, 1)))
        left = side - _apply(gain, passed)
        return (rest, left), (rest, left)

    start = (jnp.zeros_like(diagonal[0]), jnp.zeros_like(sides[0]))
    _, (rests, lefts) = jax.lax.scan(forward, start, (diagonal, lower, sides))

    def backward(after, now):
        rest, left, tie = now
        state = _apply(rest, left - after)
        return _apply(jnp.swapaxes(tie, 0, 1), state), state

    return jax.lax.scan(backward, jnp.zeros_like(sides[0]), (rests, lefts, lower), reverse=True)[1]
