"""How sure a number is that many clusters make: the band over clusters drawn with replacement."""

import numpy as np

from latticework.audit.base import CAUSAL
from latticework.types import Float, Int

REPLICATES = 1999
SEED = 1


def cluster_sums(values: Float[np.ndarray, "n k"], cluster: Int[np.ndarray, "n"]) -> Float[np.ndarray, "c k"]:
    """The sums of some columns by cluster, clusters numbered from 0."""
    sums = np.zeros((int(cluster.max()) + 1, values.shape[1]))
    np.add.at(sums, cluster, values)
    return sums


def resampled(sums: Float[np.ndarray, "c k"], seed: int = SEED) -> Float[np.ndarray, "r k"]:
    """The totals of as many clusters as there are, drawn with replacement, many times (Efron 1979)."""
    count = len(sums)
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=REPLICATES)
    return weights @ sums


def band(values: Float[np.ndarray, "r"]) -> tuple[float, float]:
    """The band of causal tests; NaN where too many replicates have no number."""
    known = values[np.isfinite(values)]
    if len(known) < 0.9 * len(values):
        return float("nan"), float("nan")
    lower, upper = np.quantile(known, ((1 - CAUSAL) / 2, (1 + CAUSAL) / 2))
    return float(lower), float(upper)
