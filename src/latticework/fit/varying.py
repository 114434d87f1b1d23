"""What varies between units beyond the effects: levels of states, of senders and receivers, of decades."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import jax
import numpy as np
from scipy import sparse

from latticework.processes import AbstractProcess, Evidence
from latticework.types import Array, Float, Int, Key

START = 0.25  # the variance from which the search sets out
LEAST = 1e-6  # a variance that the record does not want above zero
FADED, FALLING = 1e-4, 1e-3  # below this variance, one that still falls by this share a round is on its way to none
WIDEST = 1.0  # sd of the half-normal prior of every sd
CENTRED = 0.01  # how far the mean of the decades may be from zero, for the intercept holds it
KINDS = ("state", "sender", "receiver", "era")
COLUMN = {
    ("sender", "ordered dyad"): (0,),
    ("receiver", "ordered dyad"): (1,),
    ("receiver", "membership"): (1,),
    ("state", "membership"): (1,),
    ("state", "state"): (0,),
    ("state", "dyad"): (0, 1),
    ("state", "ordered dyad"): (0, 1),
}


@dataclass(frozen=True)
class Group:
    """The levels of one kind: by state, sender or receiver (independent of each other) or by era (a random walk).

    `incidence` (r, q) says which levels a row has. `nodes` are the indices of the states in the clusters of the robust
    covariance, None where a level is not one cluster's.
    """

    by: str
    names: tuple[str, ...]
    incidence: sparse.csr_array
    nodes: Int[np.ndarray, "q"] | None

    @property
    def size(self) -> int:
        """The number of levels."""
        return len(self.names)

    def precision(self, variance: float) -> Float[np.ndarray, "q q"]:
        """The prior's precision, given the variance (of a step of the walk from one decade to the next)."""
        if self.by != "era":
            return np.eye(self.size) / variance
        steps = np.diff(np.eye(self.size), axis=0)
        return steps.T @ steps / variance + np.ones((self.size,) * 2) / (self.size * CENTRED) ** 2

    def renewed(self, variance: float, levels: Float[np.ndarray, "q"], covariance: Float[np.ndarray, "q q"]) -> float:
        r"""The variance that the levels found with another one ask for.

        At the maximum of the marginal likelihood (Laplace) times a half-normal prior of the sd
        $n v + v^2 / w^2 = b^\top b + \mathrm{tr}\,C$, the fixed point of EM. It is solved with $\mathrm{tr}\,C / v$
        held (MacKay 1992), which arrives sooner. Where the record wants no variance it falls by a share a round and
        would never arrive: small and falling, it is set to the least, from where it rises again if that was wrong.
        """
        if self.by == "era":
            if self.size == 1:
                return variance
            levels = np.diff(levels)
            steps = np.diff(np.eye(self.size), axis=0)
            covariance = steps @ covariance @ steps.T
        total = float(levels @ levels)
        known = max(len(levels) - float(np.trace(covariance)) / variance, 1e-9)
        new = 2 * total / (known + np.sqrt(known**2 + 4 * total / WIDEST**2))
        faded = variance < FADED and new < (1 - FALLING) * variance
        return LEAST if faded else max(new, LEAST)


def groups(process: AbstractProcess, evidence: Evidence) -> tuple[Group, ...]:
    """The groups of levels that a process asks for, with the levels that have rows."""
    return tuple(_era(evidence) if by == "era" else _by_state(by, process, evidence) for by in process.varies)


def _by_state(by: str, process: AbstractProcess, evidence: Evidence) -> Group:
    if (by, process.unit) not in COLUMN or evidence.units is None:
        raise ValueError(f"'{process.name}' cannot vary by {by}: its unit is {process.unit}")
    ends = evidence.units[:, COLUMN[by, process.unit]]
    states, which = np.unique(ends, return_inverse=True)
    codes = evidence.codes or tuple(str(i) for i in range(int(states.max()) + 1))
    rows = np.repeat(np.arange(len(ends)), ends.shape[1])
    incidence = sparse.csr_array((np.ones(ends.size), (rows, which.ravel())), (len(ends), len(states)))
    clustered = by != "sender"
    return Group(by, tuple(codes[i] for i in states), incidence, states if clustered else None)


def _era(evidence: Evidence) -> Group:
    if evidence.year is None:
        raise ValueError("rows without a year cannot vary by era")
    decades = np.asarray(evidence.year) // 10
    first, last = int(decades.min()), int(decades.max())
    shape = (len(decades), last - first + 1)
    incidence = sparse.csr_array((np.ones(len(decades)), (np.arange(len(decades)), decades - first)), shape)
    return Group("era", tuple(str(10 * d) for d in range(first, last + 1)), incidence, None)


@dataclass(frozen=True)
class Varying:
    """Fitted levels of one kind, given the coefficients: $b = mean + shift + B(\\theta - mode) + spread\\,z$.

    `names` are the codes of q states or the first years of q decades that have data, `sigma` is the sd between states
    (of the step between decades), `sensitivity` B is (q, k), `spread` the sd given the coefficients, (q,), for decades
    a root of their covariance, (q, q). `mean` is where they are at the mode of all, `shift` how far draws are from it.
    """

    by: str
    sigma: float
    names: tuple[str, ...]
    mean: np.ndarray
    sensitivity: np.ndarray
    spread: np.ndarray
    shift: np.ndarray = field(default_factory=lambda: np.zeros(1))

    def draws(self, key: Key, moved: Float[np.ndarray, "d k"], wanted: Sequence[str]) -> Float[Array, "d n"]:
        """Levels of the wanted states for draws of the coefficients less their mode; the prior where there is no data.

        The noise of a state depends on the key and its code alone.
        """
        place = {name: i for i, name in enumerate(self.names)}
        noise = np.asarray(_noise(key, len(moved), wanted), float)
        known = np.array([name in place for name in wanted], bool)
        where = np.array([place.get(name, 0) for name in wanted], int)
        centre = (self.mean + self.shift)[where] + moved @ self.sensitivity[where].T
        drawn = np.where(known, centre + self.spread[where] * noise, self.sigma * noise)
        return jax.numpy.asarray(drawn, "float32")

    def course(self, key: Key, moved: Float[np.ndarray, "d k"], years: Int[np.ndarray, "s"]) -> Float[Array, "d s"]:
        """Levels of the decades to which the years belong; the walk goes on after the last decade that has data."""
        first, last = (int(self.names[i]) // 10 for i in (0, -1))
        decades = np.maximum(np.asarray(years) // 10, first) - first
        ahead = max(int(decades.max()) + 1 - len(self.names), 0)
        noise = np.asarray(jax.random.normal(key, (len(moved), len(self.names) + ahead)), float)
        seen, later = noise[:, : last - first + 1], noise[:, last - first + 1 :]
        levels = self.mean + self.shift + moved @ self.sensitivity.T + seen @ self.spread.T
        onward = levels[:, -1:] + self.sigma * np.cumsum(later, axis=1)
        return jax.numpy.asarray(np.concatenate([levels, onward], axis=1)[:, decades], "float32")


def fitted(
    group: Group,
    variance: float,
    levels: Float[np.ndarray, "q"],
    sensitivity: Float[np.ndarray, "q k"],
    conditional: Float[np.ndarray, "q q"],
    shift: Float[np.ndarray, "q"],
) -> Varying:
    """A group's record: levels at the mode, how they go with the coefficients, their covariance given these, the shift.

    Six decimals are kept.
    """
    spread = np.sqrt(np.diag(conditional))
    if group.by == "era":
        values, vectors = np.linalg.eigh((conditional + conditional.T) / 2)
        spread = vectors * np.sqrt(np.clip(values, 0.0, None))
    kept = [np.round(x, 6) + 0.0 for x in (levels, sensitivity, spread, shift)]
    return Varying(group.by, float(np.sqrt(variance)), group.names, *kept)


def levels_of_rows(
    process: AbstractProcess, evidence: Evidence, varying: Sequence[Varying]
) -> Float[np.ndarray, "r"] | float:
    """What the fitted levels add to the first predictor of each row; zero where nothing varies."""
    return sum(
        (group.incidence @ found.mean for group, found in zip(groups(process, evidence), varying, strict=True)), 0.0
    )


def _noise(key: Key, draws: int, names: Sequence[str]) -> Float[Array, "d n"]:
    seeds = np.array([sum(ord(c) * 131**i for i, c in enumerate(name)) % 2**31 for name in names], np.uint32)
    keys = jax.vmap(lambda seed: jax.random.fold_in(key, seed))(jax.numpy.asarray(seeds))
    return jax.vmap(lambda k: jax.random.normal(k, (draws,)))(keys).T
