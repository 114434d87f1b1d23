"""Random numbers per unit: each depends on the key and the unit alone, whatever else is drawn.

Written so that XLA makes each number once: a law that ends in a log is not worked out again by every reader of it.
"""

import jax
import jax.numpy as jnp
import numpy as np

from latticework.types import Array, Float, Key, UInt32

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = np.uint32(0x1BD11BDA)
LEAST = 2.0**-24  # half the distance between two neighbours among the numbers drawn


@jax.jit
def threefry(key: Key, counts: UInt32[Array | np.ndarray, "..."]) -> tuple[UInt32[Array, "..."], UInt32[Array, "..."]]:
    """The two words that Threefry-2x32 makes of each counter (0, count) in twenty rounds (Salmon et al. 2011, SC '11).

    JAX's own, on a CPU, is a loop whose rounds go through memory; written out, they are made where they are used.
    Jitted, they are traced once for every shape of counters: XLA writes them out where they are called.
    """
    first, second = jax.random.key_data(key)
    keys = (first, second, first ^ second ^ PARITY)
    x, y = jnp.broadcast_to(first, jnp.shape(counts)), second + counts
    for group in range(5):
        for turn in ROTATIONS[group % 2]:
            x = x + y
            y = (y << turn | y >> 32 - turn) ^ x
        x, y = x + keys[(group + 1) % 3], y + keys[(group + 2) % 3] + np.uint32(group + 1)
    return x, y


def fold_in(key: Key, number: Array | int) -> Key:
    """A new key from a key and a number: what `jax.random.fold_in` gives."""
    return jax.random.wrap_key_data(jnp.stack(threefry(key, jnp.asarray(number, jnp.uint32))))


def uniform(key: Key, unit: str, shape: tuple[int, ...], senders: tuple[int, ...] | None = None) -> Float[Array, "..."]:
    """A number between 0 and 1, both excluded, per unit.

    `shape` is that of a layer of the unit; both halves of an unordered dyad get the same number. Of ordered dyads only
    the rows of `senders` are made (all, for None).
    """
    counts = np.arange(np.prod(shape, dtype=int), dtype=np.uint32).reshape(shape)
    counts = np.minimum(counts, counts.T) if unit == "dyad" else counts
    bits, _ = threefry(key, counts if senders is None else counts[list(senders)])
    mantissa = bits >> 9 | np.uint32(0x3F800000)  # of a number in [1, 2)
    return jax.lax.bitcast_convert_type(mantissa, jnp.float32) - np.float32(1 - LEAST)


def exponential(key: Key, unit: str, shape: tuple[int, ...]) -> Float[Array, "..."]:
    """A standard exponential number per unit: the event comes if the cumulative hazard exceeds it."""
    return -jnp.log(uniform(key, unit, shape))


def logistic(key: Key, unit: str, shape: tuple[int, ...]) -> Float[Array, "..."]:
    """A standard logistic number per unit: the answer is yes if the log odds exceed it."""
    u = uniform(key, unit, shape)
    return jnp.log(u / (1 - u))
