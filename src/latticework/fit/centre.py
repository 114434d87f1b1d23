"""Where the draws of a posterior are centred: where over them the record pulls to no side."""

from dataclasses import dataclass

import jax
import numpy as np

from latticework.fit.stream import Part, Stream
from latticework.types import Float

ROUNDS = 3
NODE = np.sqrt(3.0)  # Gauss-Hermite with three points: 0 with weight 2/3, this many sds to either side with 1/6 each
TINY = 1e-12  # a variance: of predictors that are known or go together


@dataclass(frozen=True)
class Spread:
    """How draws differ: covariance of the coefficients, how levels follow them, and the variance of each on its own."""

    covariance: Float[np.ndarray, "k k"]
    sensitivity: Float[np.ndarray, "q k"]
    own: Float[np.ndarray, "q"]

    def of_rows(self, stream: Stream, part: Part) -> Float[np.ndarray, "r p p"]:
        """The covariance of the predictors of each row of a block."""
        wide = [np.zeros((len(x), len(self.covariance))) for x in part.designs]
        for x, span, out in zip(part.designs, stream.spans, wide, strict=True):
            out[:, span] = x
        if stream.levels:
            wide[0] += part.incidence @ self.sensitivity
        turned = [x @ self.covariance for x in wide]
        found = np.stack([np.stack([(a * b).sum(1) for b in wide], 1) for a in turned], 1)
        if stream.levels:
            found[:, 0, 0] += part.incidence.power(2) @ self.own
        return found


def centre(
    stream: Stream,
    spread: Spread,
    at: tuple[Float[np.ndarray, "k"], Float[np.ndarray, "q"]],
    kept: np.ndarray,
    precision: Float[np.ndarray, "j j"],
    hessian: Float[np.ndarray, "j j"],
) -> Float[np.ndarray, "kq"]:
    r"""How far the centre of normal draws lies from the mode `at`: coefficients, then levels; zero for what is assumed.

    A log hazard of which little is known is as likely to be far below its mode as far above it, but the hazard that the
    normal law gives it on average is larger than at the mode: draws around the mode expect more events than happened. A
    normal law of given covariance is nearest to the posterior (Kullback and Leibler) where the score is zero on average
    over the law and not at one point (Opper and Archambeau 2009, Neural Computation 21: 786-792). To first order it is
    the mean of the posterior (Tierney, Kass and Kadane 1989). Found by Newton's steps with the curvature of the mode;
    `kept` are the numbers of the j coefficients and levels that are free, `precision` that of their prior.
    """
    size, shift = len(spread.covariance), np.zeros(len(spread.covariance) + stream.levels)
    pull = _score(stream, at, None)[kept]  # of the prior, which balances the record at the mode
    for _ in range(ROUNDS):
        here = at[0] + shift[:size], at[1] + shift[size:]
        gain = _score(stream, here, spread)[kept] - pull - precision @ shift[kept]
        shift[kept] += np.linalg.solve(hessian, gain)
    return shift


def _score(stream: Stream, at: tuple[np.ndarray, np.ndarray], spread: Spread | None) -> Float[np.ndarray, "kq"]:
    """The score of the record at a point or, given a spread, on average around it."""
    k = stream.ends[-1]
    score = np.zeros(k + stream.levels)
    for part in stream.parts(*at):
        slope = part.gradient.astype(float)
        if spread is not None:
            slope += _bend(stream, part, spread.of_rows(stream, part))
        for m, (x, span) in enumerate(zip(part.designs, stream.spans, strict=True)):
            score[span] += x.T @ slope[:, m]
        if stream.levels:
            score[k:] += part.incidence.T @ slope[:, 0]
    return score


def _bend(stream: Stream, part: Part, covariance: Float[np.ndarray, "r p p"]) -> Float[np.ndarray, "r p"]:
    """By how much the slope differs on average, if the predictors vary so, from that at their centre."""
    rows = jax.tree.map(lambda x: x[part.rows], stream.rows)
    roots = np.linalg.cholesky(covariance + TINY * np.eye(covariance.shape[-1])).astype(part.etas.dtype)
    out = np.zeros(part.gradient.shape)
    for direction in np.moveaxis(roots, 2, 0):
        for side in (-NODE, NODE):
            out += (stream.slopes(part.etas + side * direction, rows)[1] - part.gradient) / 6
    return out
