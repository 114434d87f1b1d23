"""A covariance that knows that dyads with a state in common move together."""

import numpy as np
from scipy import sparse

from latticework.types import Float, Int


class Clusters:
    r"""Sums of scores by state and by dyad, gathered block by block, and the middle of the sandwich that they make.

    $\sum_i S_i S_i^\top - \sum_d S_d S_d^\top$ with $S_i$ the scores of all rows that state i is part of and $S_d$
    those of dyad d; for rows of single states just the first sum.
    Aronow, Samii and Assenova 2015, Political Analysis 23: 564-577. Directions in which the difference of sums is
    negative (possible in small samples) are set to zero.
    """

    def __init__(self, nodes: Int[np.ndarray, "r m"], k: int):
        self.nodes = nodes
        self.by_state = np.zeros((int(nodes.max()) + 1, k))
        self.dyad = None
        if nodes.shape[1] == 2:
            _, dyad = np.unique(np.sort(nodes, axis=1), axis=0, return_inverse=True)
            self.dyad = dyad.ravel()
            self.by_dyad = np.zeros((int(self.dyad.max()) + 1, k))

    def add(self, rows: slice, scores: Float[np.ndarray, "b k"]) -> None:
        """Add the scores of a block of rows."""
        for column in self.nodes.T:
            self.by_state += _summed(column[rows], scores, len(self.by_state))
        if self.dyad is not None:
            self.by_dyad += _summed(self.dyad[rows], scores, len(self.by_dyad))

    def meat(self) -> Float[np.ndarray, "k k"]:
        """The middle of the sandwich."""
        meat = self.by_state.T @ self.by_state
        if self.dyad is not None:
            meat = meat - self.by_dyad.T @ self.by_dyad
        values, vectors = np.linalg.eigh((meat + meat.T) / 2)
        return (vectors * np.clip(values, 0.0, None)) @ vectors.T


def node_robust_meat(scores: Float[np.ndarray, "r k"], nodes: Int[np.ndarray, "r m"]) -> Float[np.ndarray, "k k"]:
    """The middle of the node-robust sandwich of scores that are all at hand; see `Clusters`."""
    clusters = Clusters(nodes, scores.shape[1])
    clusters.add(slice(None), scores)
    return clusters.meat()


def _summed(cluster: Int[np.ndarray, "b"], scores: Float[np.ndarray, "b k"], count: int) -> Float[np.ndarray, "c k"]:
    """Scores added up by cluster."""
    rows = len(cluster)
    return sparse.csr_array((np.ones(rows), (cluster, np.arange(rows))), (count, rows)) @ scores
