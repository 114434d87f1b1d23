"""Two posteriors side by side: how far means and sds of NUTS and Laplace differ, and what the skew makes of it."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from numpyro.infer.util import log_density

from latticework.fit import Estimate
from latticework.types import Array, Float
from tests.validation.nuts import HELD, Case, Draws, Target, estimate_of, evidence_of

MEAN, SD = 0.15, 0.15  # what a Laplace posterior may be off: its mode in units of its sd, its sd as a share
DOUBT = 4.0  # Monte Carlo errors on top of that
NEWTON = 8


@dataclass(frozen=True)
class Comparison:
    """NUTS less Laplace for each of q numbers: means in units of the Laplace sd, sds as ratios, both with their doubt.

    The doubts are Monte Carlo errors. `robust` is the ratio of the node-robust sd to the Laplace sd (one for levels).
    """

    names: tuple[str, ...]
    mean: np.ndarray
    mean_doubt: np.ndarray
    ratio: np.ndarray
    ratio_doubt: np.ndarray
    robust: np.ndarray

    @property
    def worst(self) -> int:
        """Which mean is farthest away."""
        return int(np.abs(self.mean).argmax())

    def means_agree(self, expected: Float[np.ndarray, "q"] | float = 0.0) -> bool:
        """Whether no mean is farther from what is expected than a Laplace posterior may be off and chance explains."""
        return bool((np.abs(self.mean - expected) < MEAN + DOUBT * self.mean_doubt).all())

    def sds_agree(self) -> bool:
        """The same for the sds."""
        return bool((np.abs(self.ratio - 1) < SD + DOUBT * self.ratio_doubt).all())

    def has_power(self) -> bool:
        """Whether there are draws enough to see a difference of the size that is allowed."""
        return bool(DOUBT * self.mean_doubt.max() < MEAN and DOUBT * self.ratio_doubt.max() < SD)


def compared(case: Case, draws: Draws, estimate: Estimate | None = None) -> tuple[Comparison, Comparison]:
    """Coefficients, then levels: the draws beside the Laplace posterior of the process, or another that is named."""
    estimate = estimate or estimate_of(type(case.process))
    free = np.array([not c.assumed for c in case.process.coefficients()])
    mode, sd = [estimate.mode[free]], [estimate.sd_naive[free]]
    for varying in estimate.varying:
        given = np.diag(varying.spread**2) if varying.spread.ndim == 1 else varying.spread @ varying.spread.T
        moved = varying.sensitivity[:, free]
        mode.append(varying.mean)
        sd.append(np.sqrt(np.diag(given + moved @ estimate.naive[np.ix_(free, free)] @ moved.T)))
    at, wide = np.concatenate(mode), np.concatenate(sd)
    ratio = draws.sd / wide
    every = {
        "mean": (draws.mean - at) / wide,
        "mean_doubt": ratio / np.sqrt(draws.effective),
        "ratio": ratio,
        "ratio_doubt": ratio * np.sqrt((draws.kurtosis - 1) / (4 * draws.effective_of_sd)),
        "robust": np.concatenate([(estimate.sd / estimate.sd_naive)[free], np.ones(len(at) - free.sum())]),
    }
    first, rest = slice(0, int(free.sum())), slice(int(free.sum()), None)
    parts = [Comparison(draws.names[part], **{k: v[part] for k, v in every.items()}) for part in (first, rest)]
    return parts[0], parts[1]


def skew_shift(case: Case) -> Float[np.ndarray, "f"]:
    r"""By how much the mean of each free coefficient should differ from the mode, in units of the Laplace sd.

    The next term of the expansion that Laplace's method cuts off: $E[x] - \hat x \approx \frac12 \Sigma\,\nabla
    \mathrm{tr}(\Sigma\,\nabla^2 \ell)$ at the mode of the log density $\ell$, with $\Sigma = -(\nabla^2 \ell)^{-1}$
    held (Tierney, Kass and Kadane 1989, Journal of the American Statistical Association 84: 710-716).
    The sds of what varies are those of the estimate.
    """
    evidence, estimate = evidence_of(type(case.process)), estimate_of(type(case.process))
    target = Target(Case(case.process, HELD), evidence, [v.sigma for v in estimate.varying])
    count = len(target.free)
    ends = np.cumsum([count, *(len(names) for names, _ in target.members)])
    with jax.enable_x64(True):
        data = jax.tree.map(jnp.asarray, evidence.data)

        def density(x: Array, data: object) -> Array:
            parts = jnp.split(x, ends[:-1])
            plain = {f"plain {by}": part for by, part in zip(case.process.varies, parts[1:], strict=True)}
            return jnp.asarray(log_density(target.model, (data,), {}, {"free": parts[0], **plain})[0])

        slope, curve = jax.jit(jax.grad(density)), jax.jit(jax.hessian(density))
        x = jnp.concatenate([jnp.asarray(estimate.mode[target.free]), jnp.zeros(int(ends[-1]) - count)])
        for _ in range(NEWTON if len(ends) > 1 else 0):  # from the mode of the coefficients to that of the levels
            x = x - jnp.linalg.solve(curve(x, data), slope(x, data))
        sigma = -jnp.linalg.inv(curve(x, data))
        bend = jax.jit(jax.grad(lambda x, data: jnp.trace(sigma @ jax.hessian(density)(x, data))))
        shift = 0.5 * sigma @ bend(x, data)
        return np.asarray(shift / jnp.sqrt(jnp.diag(sigma)))[:count]
