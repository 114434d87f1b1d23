"""A covariance that knows that dyads with a state in common move together."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from latticework.types import Float, Int

LARGEST = 1 - 1e-4  # leverage that is taken for a whole one


class Clusters:
    r"""Sums of scores by state and by dyad, gathered block by block, and the middle of the sandwich that they make.

    $\sum_i S_i S_i^\top - \sum_d S_d S_d^\top$ with $S_i$ the scores of all rows that state i is part of and $S_d$
    those of dyad d; for rows of single states just the first sum.
    Aronow, Samii and Assenova 2015, Political Analysis 23: 564-577. Directions in which the difference of sums is
    negative (possible in small samples) are set to zero.

    At the mode scores are too small, for the coefficients have followed them. Given the information $I_i$ of each
    state's rows and $H$ of all, $S_i$ is replaced by $(1 - I_i H^{-1})^{-1/2} S_i$, whose variance is right where rows
    are independent (Bell and McCaffrey 2002; Kauermann and Carroll 2001, JASA 96: 1387-1396). Scores of dyads, small
    parts of a state's, stay as they are: less is taken away.
    """

    def __init__(self, nodes: Int[np.ndarray, "r m"], k: int):
        self.nodes = nodes
        self.by_state = np.zeros((int(nodes.max()) + 1, k))
        self.information = np.zeros((len(self.by_state), k, k))
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

    def inform(
        self, rows: slice, designs: Sequence[Float[np.ndarray, "b k"]], curvature: Float[np.ndarray, "b p p"]
    ) -> None:
        """Add the information of a block of rows whose p predictors have these designs and this curvature."""
        for column in self.nodes.T:
            order = np.argsort(column[rows], kind="stable")
            states, starts = np.unique(column[rows][order], return_index=True)
            for state, which in zip(states, np.split(order, starts[1:]), strict=True):
                for m, one in enumerate(designs):
                    for other, two in enumerate(designs):
                        curve = curvature[which, m, other]
                        if curve.any():
                            self.information[state] -= (one[which] * curve[:, None]).T @ two[which]

    def meat(self, hessian: Float[np.ndarray, "k k"] | None = None) -> Float[np.ndarray, "k k"]:
        """The middle of the sandwich; corrected for few states if the curvature of the whole is given."""
        by_state = self.by_state if hessian is None else self._corrected(hessian)
        meat = by_state.T @ by_state
        if self.dyad is not None:
            meat = meat - self.by_dyad.T @ self.by_dyad
        values, vectors = np.linalg.eigh((meat + meat.T) / 2)
        return (vectors * np.clip(values, 0.0, None)) @ vectors.T

    def _corrected(self, hessian: Float[np.ndarray, "k k"]) -> Float[np.ndarray, "c k"]:
        """The scores of states on the scale on which they would be had the coefficients not followed them."""
        root = np.linalg.cholesky((hessian + hessian.T) / 2)
        inverse = np.linalg.inv(root)
        leverage = inverse @ (self.information + np.swapaxes(self.information, 1, 2)) / 2 @ inverse.T
        values, vectors = np.linalg.eigh(leverage)
        factors = 1 / np.sqrt(1 - np.clip(values, 0.0, LARGEST))
        turned = np.einsum("cki,ck->ci", vectors, self.by_state @ inverse.T)
        return np.einsum("cki,ci->ck", vectors, factors * turned) @ root.T


def node_robust_meat(scores: Float[np.ndarray, "r k"], nodes: Int[np.ndarray, "r m"]) -> Float[np.ndarray, "k k"]:
    """The middle of the node-robust sandwich of scores that are all at hand; see `Clusters`."""
    clusters = Clusters(nodes, scores.shape[1])
    clusters.add(slice(None), scores)
    return clusters.meat()


def _summed(cluster: Int[np.ndarray, "b"], scores: Float[np.ndarray, "b k"], count: int) -> Float[np.ndarray, "c k"]:
    """Scores added up by cluster."""
    rows = len(cluster)
    return sparse.csr_array((np.ones(rows), (cluster, np.arange(rows))), (count, rows)) @ scores
