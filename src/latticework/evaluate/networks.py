"""The shape of a network: degrees, and the triads of states by how many of their three ties there are."""

from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from latticework.evaluate.statistic import Statistic, dyads, on_average
from latticework.types import Bool, Float
from latticework.world import Panel

MILLION = 1e6


def ties(panel: Panel, layer: str) -> tuple[Bool[np.ndarray, "t n n"], Bool[np.ndarray, "t n"]]:
    """Which ties there are at each world, and which states the layer knows of; ties that are not known are none."""
    levels = dyads(panel, layer)
    others = ~np.eye(panel.world.n, dtype=bool)
    return (levels > 0) & others, np.any(np.isfinite(levels) & others, axis=-1, keepdims=True)[..., 0]


def degrees(panel: Panel, layer: str) -> Float[np.ndarray, "t n"]:
    """With how many others each state has a tie; NaN of a state that is not known."""
    tied, known = ties(panel, layer)
    return np.where(known, tied.sum(axis=-1), np.nan)


def triads(tied: Bool[np.ndarray, "t n n"], known: Bool[np.ndarray, "t n"]) -> Float[np.ndarray, "t 4"]:
    r"""How many triads of known states have none, one, two and three ties (undirected census).

    Triangles are $\mathrm{tr}(A^3)/6$; the pairs of ties that share a state, $\sum_i d_i (d_i - 1)/2$, are three in a
    triangle and one in a triad of two ties; each tie is in n - 2 triads.
    """
    degree, n = tied.sum(-1).astype(float), known.sum(-1).astype(float)
    with threadpool_limits(1):  # the products are so small that threads cost more than they bring
        three = np.array([_triangles(world) for world in tied], float)
    two = (degree * (degree - 1) / 2).sum(-1) - 3 * three
    one = degree.sum(-1) / 2 * (n - 2) - 2 * two - 3 * three
    none = n * (n - 1) * (n - 2) / 6 - one - two - three
    return np.stack([none, one, two, three], axis=-1)


def _triangles(tied: Bool[np.ndarray, "n n"]) -> float:
    """Triads with three ties; only states with two ties or more can be in one."""
    some = tied.sum(-1) > 1
    a = tied[np.ix_(some, some)].astype(np.float32)
    return float(np.sum((a @ a) * a, dtype=float)) / 6


def of_degrees(of: Callable[[np.ndarray], float]) -> Callable[[Panel], float]:
    """A number of each world's degrees in the defence network, averaged over the worlds after the opening."""

    def measure(panel: Panel) -> float:
        found = degrees(panel, "defence")
        return on_average(np.array([of(row[np.isfinite(row)]) if np.isfinite(row).any() else np.nan for row in found]))

    return measure


def isolated(degree: Float[np.ndarray, "n"]) -> float:
    """The share of states without a tie."""
    return float((degree == 0).mean())


def of_triads(layer: str, edges: int) -> Callable[[Panel], float]:
    """Triads with so many ties in a million, averaged over the worlds after the opening.

    A share and no count: the number of triads grew twelvefold with the number of states, and that is no tie.
    """

    def measure(panel: Panel) -> float:
        counts = triads(*ties(panel, layer))
        whole = counts.sum(-1)
        return on_average(
            np.divide(MILLION * counts[:, edges], whole, out=np.full(len(whole), np.nan), where=whole > 0)
        )

    return measure


DEFENCE, DISPUTE = ("defence",), ("dispute",)
STATES, PER_MILLION = "states", "per million"
NETWORKS = (
    Statistic("defence degree, mean", "Partners in defence, mean", STATES, DEFENCE, of_degrees(np.mean)),
    Statistic("defence degree, sd", "Partners in defence, sd", STATES, DEFENCE, of_degrees(np.std)),
    Statistic("defence degree, max", "Partners in defence, most", STATES, DEFENCE, of_degrees(np.max)),
    Statistic("defence isolated", "States without a partner in defence", "share", DEFENCE, of_degrees(isolated)),
    Statistic("defence triads, 0 ties", "Defence triads with no tie", PER_MILLION, DEFENCE, of_triads("defence", 0)),
    Statistic("defence triads, 1 tie", "Defence triads with one tie", PER_MILLION, DEFENCE, of_triads("defence", 1)),
    Statistic("defence triads, 2 ties", "Defence triads with two ties", PER_MILLION, DEFENCE, of_triads("defence", 2)),
    Statistic(
        "defence triads, 3 ties", "Defence triads with three ties", PER_MILLION, DEFENCE, of_triads("defence", 3)
    ),
    Statistic("dispute triads, 0 ties", "Dispute triads with no tie", PER_MILLION, DISPUTE, of_triads("dispute", 0)),
    Statistic("dispute triads, 1 tie", "Dispute triads with one tie", PER_MILLION, DISPUTE, of_triads("dispute", 1)),
    Statistic("dispute triads, 2 ties", "Dispute triads with two ties", PER_MILLION, DISPUTE, of_triads("dispute", 2)),
    Statistic(
        "dispute triads, 3 ties", "Dispute triads with three ties", PER_MILLION, DISPUTE, of_triads("dispute", 3)
    ),
)
