"""A likelihood streamed: rows go by in blocks, and only sums of their derivatives are kept."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import equinox as eqx
import jax
import numpy as np
from scipy import sparse

from latticework.processes import AbstractHazard, AbstractMark, AbstractUnitwise, Rows
from latticework.processes.families.hazard import MOST_HAZARD
from latticework.types import Float

BLOCK = 16_384  # more no longer stays in the cache: at 65,536 a pass took six times as long
FEWEST = 1_024  # a smaller block would be compiled for a handful of rows

Slopes = tuple[np.ndarray, np.ndarray, np.ndarray]  # value (r,), gradient (r, p) and curvature (r, p, p) per row


class Sums(NamedTuple):
    """A log likelihood with its gradient and Hessian in all coefficients and levels."""

    value: float
    gradient: np.ndarray
    hessian: np.ndarray


class Part(NamedTuple):
    """One block of rows: design per predictor, incidence of the levels, predictors and the derivatives in them."""

    rows: slice
    designs: list[np.ndarray]
    incidence: sparse.csr_array
    etas: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    curvature: np.ndarray


@dataclass(frozen=True)
class Stream:
    """The rows of one process and the law of their linear predictors.

    `slopes` gives value, gradient (r, p) and curvature (r, p, p) of rows whose p predictors are known; predictor m is
    made of the columns ends[m] to ends[m + 1] of the design. `incidence` (r, q) says which of the q levels that differ
    between units are added to a row's first predictor.
    """

    slopes: Callable[[np.ndarray, Rows], Slopes]
    rows: Rows
    ends: tuple[int, ...]
    incidence: sparse.csr_array
    block: int = BLOCK

    @property
    def spans(self) -> list[slice]:
        """The columns of each predictor."""
        return [slice(a, b) for a, b in itertools.pairwise(self.ends)]

    @property
    def levels(self) -> int:
        """How many levels there are."""
        return int((self.incidence.shape or (0, 0))[1])

    @property
    def noise(self) -> float:
        """Relative rounding error of a sum."""
        return 500 * float(np.finfo(self.rows.design.dtype).eps)

    @property
    def tolerance(self) -> float:
        """The smallest Newton decrement that can be told from zero."""
        return 1e-12 if self.rows.design.dtype == np.float64 else 1e-8

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.rows.outcome)

    def thinned(self, every: int) -> "Stream":
        """One row in so many."""
        rows = jax.tree.map(lambda x: np.ascontiguousarray(x[::every]), self.rows)
        incidence = self.incidence[::every] if self.levels else self.incidence
        return replace(self, rows=rows, incidence=incidence)

    def parts(self, theta: Float[np.ndarray, "k"], levels: Float[np.ndarray, "q"]) -> Iterator[Part]:
        """Block after block with its derivatives at these coefficients and levels."""
        theta = theta.astype(self.rows.design.dtype)
        for first in range(0, self.count, self.block):
            which = slice(first, min(first + self.block, self.count))
            rows = jax.tree.map(lambda x, which=which: x[which], self.rows)
            designs = [rows.design[:, span] for span in self.spans]
            etas = np.stack([x @ theta[span] for x, span in zip(designs, self.spans, strict=True)], axis=1)
            incidence = self.incidence[which] if self.levels else self.incidence
            if self.levels:
                etas[:, 0] += incidence @ levels
            yield Part(which, designs, incidence, etas, *self.slopes(etas, rows))

    def sums(self, theta: Float[np.ndarray, "k"], levels: Float[np.ndarray, "q"]) -> Sums:
        """Log likelihood, gradient and Hessian in (coefficients, levels); no slopes where there is no value."""
        size = self.ends[-1] + self.levels
        value, gradient, hessian = 0.0, np.zeros(size), np.zeros((size, size))
        for part in self.parts(theta, levels):
            value += float(part.value.sum(dtype=np.float64))
            if not np.isfinite(value):
                return Sums(value, np.full(size, np.nan), np.full((size, size), np.nan))
            self._add(part, gradient, hessian)
        lower = np.tril_indices(size, -1)
        hessian[lower] = hessian.T[lower]
        return Sums(value, gradient, hessian)

    def _add(self, part: Part, gradient: np.ndarray, hessian: np.ndarray) -> None:
        """Add one block to the gradient and to the upper triangle of the Hessian."""
        k, spans = self.ends[-1], self.spans
        for m, (x, span) in enumerate(zip(part.designs, spans, strict=True)):
            gradient[span] += x.T @ part.gradient[:, m]
            for other in range(m, len(spans)):
                curve = part.curvature[:, m, other]
                if curve.any():
                    hessian[span, spans[other]] += (x * curve[:, None]).T @ part.designs[other]
        if self.levels:
            turned = part.incidence.T.tocsr()
            gradient[k:] += turned @ part.gradient[:, 0]
            for m, (x, span) in enumerate(zip(part.designs, spans, strict=True)):
                curve = part.curvature[:, m, 0]
                if curve.any():
                    hessian[span, k:] += (turned @ (x * curve[:, None])).T
            weighed = sparse.diags_array(part.curvature[:, 0, 0]) @ part.incidence
            hessian[k:, k:] += (turned @ weighed).toarray()

    def scores(self, part: Part) -> Float[np.ndarray, "r k"]:
        """The scores of a block's rows in the coefficients."""
        return np.concatenate([x * part.gradient[:, m : m + 1] for m, x in enumerate(part.designs)], axis=1)


def streamed(process: AbstractUnitwise, rows: Rows, incidence: sparse.csr_array, block: int = 0) -> Stream:
    """The stream of a process's rows; a block of zero rows stands for a size that suits their number."""
    ends = (0, *np.cumsum([len(p.coefficients) for p in process.predictors()]).tolist())
    block = block or min(BLOCK, max(FEWEST, 1 << (len(rows.outcome) - 1).bit_length()))
    return Stream(slopes_of(process, block), rows, ends, incidence, block)


def slopes_of(process: AbstractUnitwise, block: int) -> Callable[[np.ndarray, Rows], Slopes]:
    """The derivatives of a process's law in its predictors: closed forms for the two commonest laws, else by JAX."""
    single = len(process.predictors()) == 1
    if single and type(process).law is AbstractHazard.law:
        return event_slopes
    if single and type(process).law is AbstractMark.law:
        return mark_slopes
    return partial(_traced_slopes, process, block)


def event_slopes(etas: Float[np.ndarray, "r 1"], rows: Rows) -> Slopes:
    r"""The law of `AbstractHazard` with one kind: $\log(1 - e^{-H})$ for an event, $-H$ for none, $H = e^\eta dt$."""
    with np.errstate(over="ignore"):
        exposure = np.exp(etas[:, 0]) * np.asarray(rows.dt, etas.dtype)
    moving = exposure < MOST_HAZARD
    value = -np.minimum(exposure, MOST_HAZARD)
    gradient = np.where(moving, value, 0)
    curvature = gradient.copy()
    some = np.flatnonzero(rows.outcome)  # events are rare: what only they need is worked out for them alone
    h = -value[some]
    p = -np.expm1(-h)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(p > 0, h * (1 - p) / p, 1.0)
        value[some] = np.log(p)
    gradient[some] = np.where(moving[some], ratio, 0)
    curvature[some] = np.where(moving[some], ratio * (1 - h - ratio), 0)
    return value, gradient[:, None], curvature[:, None, None]


def mark_slopes(etas: Float[np.ndarray, "r 1"], rows: Rows) -> Slopes:
    """The law of `AbstractMark`: a logit."""
    eta, yes = etas[:, 0], np.asarray(rows.outcome, etas.dtype)
    small = np.exp(-np.abs(eta))
    whole = 1 + small
    chance = np.where(eta > 0, 1, small) / whole
    value = yes * eta - np.maximum(eta, 0) - np.log(whole)
    return value, (yes - chance)[:, None], -(small / whole**2)[:, None, None]


def _traced_slopes(process: AbstractUnitwise, block: int, etas: Float[np.ndarray, "r p"], rows: Rows) -> Slopes:
    """Derivatives by JAX, compiled once for blocks of one size: the last one is filled up with its last row."""
    count = len(etas)
    if count < block:
        etas, rows = jax.tree.map(
            lambda x: np.concatenate([x, np.broadcast_to(x[-1:], (block - count, *x.shape[1:]))]), (etas, rows)
        )
    with jax.enable_x64(True):
        found = _law_slopes(process, jax.tree.map(jax.numpy.asarray, etas), jax.tree.map(jax.numpy.asarray, rows))
        value, gradient, curvature = (np.asarray(x)[:count] for x in found)
        return value, gradient, curvature


@eqx.filter_jit
def _law_slopes(process: AbstractUnitwise, etas: jax.Array, rows: Rows) -> tuple[jax.Array, jax.Array, jax.Array]:
    def law(eta, row):
        return process.law(tuple(eta), row)

    value, gradient = jax.vmap(jax.value_and_grad(law))(etas, rows)
    return value, gradient, jax.vmap(jax.hessian(law))(etas, rows)
