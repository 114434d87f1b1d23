"""A frailty is what effects do not explain of a dyad: how much more or less often it had events than expected."""

from dataclasses import dataclass

import jax
import numpy as np
from scipy.special import gammaincinv

from latticework.fit.estimate import Estimate
from latticework.fit.varying import levels_of_rows
from latticework.processes import AbstractHazard, Evidence
from latticework.types import Array, Float, Key


@dataclass(frozen=True)
class Frailty:
    """Gamma frailties of dyads with mean one and variance `variance` before they are seen.

    `units` has for each dyad ("CHN-JPN", codes in alphabetical order) the events seen and the events expected on its
    rows; its posterior is gamma with shape 1/variance + seen and rate 1/variance + expected (Vaupel, Manton and
    Stallard 1979; empirical Bayes: the coefficients are held at their mode).
    """

    variance: float
    units: dict[str, tuple[float, float]]

    def log_draws(self, key: Key, draws: int, codes: tuple[str, ...]) -> Float[Array, "d n n"]:
        """Log frailties of the dyads among `codes`, one draw each; a dyad without a record is drawn from the prior."""
        shape, rate = self.laws(codes)
        gamma = np.asarray(jax.random.loggamma(key, shape, (draws, *shape.shape)), np.float64)
        return _both_halves(gamma - np.log(rate))

    def log_strata(self, key: Key, draws: int, codes: tuple[str, ...]) -> Float[Array, "d n n"]:
        """The same, but of each dyad one draw in each of so many equal parts of its law, in an order of its own.

        A mean over the draws is as unbiased as that of free draws and far less noisy (McKay et al. 1979).
        """
        shape, rate = self.laws(codes)
        place, within = jax.random.split(key)
        order = np.argsort(np.asarray(jax.random.uniform(place, (draws, *shape.shape))), axis=0)
        part = (order + np.asarray(jax.random.uniform(within, order.shape), float)) / draws
        return _both_halves(np.log(np.maximum(gammaincinv(shape, part) / rate, 1e-12)))

    def laws(self, codes: tuple[str, ...]) -> tuple[Float[np.ndarray, "n n"], Float[np.ndarray, "n n"]]:
        """Shape and rate of the gamma law of each dyad."""
        index = {code: i for i, code in enumerate(codes)}
        seen, expected = (np.zeros((len(codes), len(codes))) for _ in range(2))
        for dyad, (o, e) in self.units.items():
            a, b = dyad.split("-")
            if a in index and b in index:
                i, j = index[a], index[b]
                seen[i, j] = seen[j, i] = o
                expected[i, j] = expected[j, i] = e
        prior = 1 / max(self.variance, 1e-6)
        return prior + seen, prior + expected


def _both_halves(values: Float[np.ndarray, "d n n"]) -> Float[Array, "d n n"]:
    """The upper half on both sides of the diagonal."""
    upper = np.triu(values, 1)
    return jax.numpy.asarray(upper + np.swapaxes(upper, 1, 2), "float32")


def dyad_frailty(process: AbstractHazard, estimate: Estimate, evidence: Evidence, codes: tuple[str, ...]) -> Frailty:
    r"""The frailties of a dyad process, given the mode of its coefficients and of the levels of what varies.

    The variance is that of the moments: $\tau^2 = \sum_d ((O_d - E_d)^2 - E_d) / \sum_d E_d^2$.
    """
    levels = levels_of_rows(process, evidence, estimate.varying)
    happened, hazard = (np.asarray(x, float) for x in process.tally(estimate.mode, evidence.data, levels))
    expected = -np.expm1(-hazard)  # a row has at most one event
    order = np.argsort(np.array(codes)).argsort()  # the place of each code in the alphabet
    ends = np.sort(order[evidence.nodes], axis=1)
    pairs, which = np.unique(ends, axis=0, return_inverse=True)
    o, e = (np.bincount(which.ravel(), x, len(pairs)) for x in (happened, expected))
    alphabet = sorted(codes)
    variance = max(float(((o - e) ** 2 - e).sum() / (e**2).sum()), 0.0)
    units = {f"{alphabet[a]}-{alphabet[b]}": (float(x), float(y)) for (a, b), x, y in zip(pairs, o, e, strict=True)}
    return Frailty(variance, units)
