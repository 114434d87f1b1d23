"""What a size and a list of states or dyads come to as numbers: masks, courses in time, units of history."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from latticework.errors import InputError, UnknownNameError
from latticework.scenario.fields import EVERY
from latticework.types import Array, Float

AnyArray = np.ndarray | Array

CLAMPED = -30.0  # on the log hazard: one event in ten thousand billion years
SUREST = 1 - 1e-6  # a chance of one would need an endless hazard
HISTORY = ("history_sd", "turnover_shift")  # units whose size is estimated from the panel


DIRECTED = ("troops",)  # layers of dyads in which the first state that is named sends and the second hosts


def mask(on: Sequence[str], codes: Sequence[str], directed: bool = False) -> np.ndarray:
    """Where an intervention acts: (n,) for states, (n, n) without the diagonal for dyads, symmetric if not directed."""
    n = len(codes)
    found = np.zeros((n, n) if "-" in on[0] else n, dtype=bool)
    for unit in on:
        ends = [_where(code, codes) for code in unit.split("-")]
        if len(ends) == 1:
            found |= ends[0]
        else:
            both = np.outer(ends[0], ends[1])
            found |= (both if directed else both | both.T) & ~np.eye(n, dtype=bool)
    return found


def place(unit: str, codes: Sequence[str]) -> tuple[int, ...]:
    """The index of a state, or of both states of a dyad. UnknownNameError."""
    return tuple(int(_where(code, codes).argmax()) for code in unit.split("-"))


def spread(course: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The course in time (s,) wherever the mask (*u) holds, zero elsewhere: (s *u)."""
    return np.multiply.outer(course, where).astype(np.float32)


def built(years: AnyArray | float, onset: float | None, half_life: float | None, xp: Any = np) -> Any:
    """What a push of size one has done after so many years (in years of full strength), whose strength is its slope.

    It builds up evenly over the onset, then fades with the half-life. `xp` is the array library, NumPy or JAX.
    """
    ramp = onset or 0.0
    rest = xp.maximum(years - ramp, 0.0)
    if half_life is not None:
        rest = -xp.expm1(-rest * np.log(2) / half_life) * half_life / np.log(2)
    return rest if not ramp else rest + xp.minimum(years, ramp) ** 2 / (2 * ramp)


def toward(old: AnyArray, value: AnyArray | float, part: AnyArray | float) -> AnyArray:
    """A layer, a part of the way to a value; where nothing is known of it, the value."""
    return jnp.where(jnp.isnan(old), value, old + part * (value - old))


def scale_name(process: str, unit: str) -> str:
    """The name of the scale of a unit of history: `PROCESS:UNIT`."""
    return f"{process}:{unit}"


def scale(process: str, unit: str, scales: Mapping[str, float], who: str) -> float:
    """How much one unit is on the process's own scale; InputError if it has to be estimated and was not."""
    if unit not in HISTORY:
        return 1.0
    name = scale_name(process, unit)
    if name not in scales:
        raise InputError(
            f"The shift '{who}' is in units of history, but no scale '{name}' was estimated. "
            f"Scales there are: {', '.join(sorted(scales)) or 'none'}."
        )
    if not scales[name] > 0:
        raise InputError(
            f"The shift '{who}' is in units of history, but history shows no difference between states beyond the "
            f"effects of '{process}' (its scale '{name}' is 0). Give the size in log_hazard."
        )
    return float(scales[name])


def _where(code: str, codes: Sequence[str]) -> Float[np.ndarray, "n"] | np.ndarray:
    if code != EVERY and code not in codes:
        raise UnknownNameError("state", code, codes, where="the states that are simulated")
    return np.array([code in (EVERY, one) for one in codes])
