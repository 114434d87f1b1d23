"""A covariance that knows that dyads with a state in common move together."""

import numpy as np

from latticework.types import Float, Int


def node_robust_meat(scores: Float[np.ndarray, "r k"], nodes: Int[np.ndarray, "r m"]) -> Float[np.ndarray, "k k"]:
    r"""The middle of the node-robust sandwich.

    $\sum_i S_i S_i^\top - \sum_d S_d S_d^\top$ with $S_i$ the scores of all rows that state i is part of and $S_d$
    those of dyad d; for rows of single states just the first sum.
    Aronow, Samii and Assenova 2015, Political Analysis 23: 564-577. Directions in which the difference of sums is
    negative (possible in small samples) are set to zero.
    """
    k = scores.shape[1]
    by_state = np.zeros((int(nodes.max()) + 1, k))
    for column in nodes.T:
        np.add.at(by_state, column, scores)
    meat = by_state.T @ by_state
    if nodes.shape[1] == 2:
        _, dyad = np.unique(np.sort(nodes, axis=1), axis=0, return_inverse=True)
        by_dyad = np.zeros((int(dyad.max()) + 1, k))
        np.add.at(by_dyad, dyad.ravel(), scores)
        meat = meat - by_dyad.T @ by_dyad
    values, vectors = np.linalg.eigh((meat + meat.T) / 2)
    return (vectors * np.clip(values, 0.0, None)) @ vectors.T
