"""The words for shapes and scalars that signatures use.

Shapes: n states, t times, d draws, p paths, k coefficients, s steps, a assumptions, r rows.
A leading `*t` means "with or without a time axis". `n n` is an ordered dyad (from, to).
Time is in years, hazards and drifts are per year, missing is NaN.
"""

import jax
import numpy as np
from jaxtyping import Bool, Float, Int, PRNGKeyArray, UInt32

__all__ = ["Array", "Bool", "Float", "Int", "Key", "Scalar", "UInt32"]

Array = jax.Array | np.ndarray  # observed worlds hold NumPy arrays, simulated ones JAX arrays
Scalar = Float[Array, ""]
Key = PRNGKeyArray
