"""A chance is a share of paths; its band holds the spread of the parameters' draws and the error of counting paths."""

import numpy as np
from jaxtyping import Shaped

from latticework.types import Bool, Float, Int

BAND = (0.1, 0.9)
NEARLY_NONE = 1e-6
Numbers = Float[np.ndarray, "..."] | float
Z = 1.2816  # standard normal: the 90th percentile, the end of BAND


def by_draw(values: Shaped[np.ndarray, "p ..."], draw: Int[np.ndarray, "p"]) -> Float[np.ndarray, "d ..."]:
    """The mean over the paths of each posterior draw, draws in ascending order."""
    draws = int(draw.max(initial=0)) + 1
    if len(draw) % draws == 0 and np.array_equal(draw, np.arange(len(draw)) % draws):  # as in a run: no need to sort
        turns = np.asarray(values).reshape(len(draw) // draws, draws, *np.shape(values)[1:])
        return turns.mean(axis=0, dtype=np.float64)
    order = np.argsort(draw, kind="stable")
    _, first, count = np.unique(draw[order], return_index=True, return_counts=True)
    total = np.add.reduceat(np.asarray(values, np.float64)[order], first, axis=0)
    return total / count.reshape(-1, *[1] * (total.ndim - 1))


def monte_carlo_se(values: Shaped[np.ndarray, "p ..."], draw: Int[np.ndarray, "p"]) -> Float[np.ndarray, "..."]:
    """Standard error of the mean over paths: what another seed would change.

    Paths of one draw share its parameters, so draws are the independent units; with a single draw the paths are.
    """
    means = by_draw(values, draw)
    if len(means) < 2:
        means = np.asarray(values, np.float64)
    if len(means) < 2:
        return np.full(means.shape[1:], np.nan)
    return np.asarray(means.std(axis=0, ddof=1) / np.sqrt(len(means)))


def chance_by_draw(
    chance: Float[np.ndarray, "p s u"], happened: Bool[np.ndarray, "p s u"], draw: Int[np.ndarray, "p"]
) -> Float[np.ndarray, "d s u"]:
    """Chance of at least one event by the end of each step, per posterior draw, from the chances of the steps.

    A life table: the chance of step t is averaged over the draw's paths on which nothing has happened before t, and the
    chance by T is one less the product of one less these (Kaplan and Meier 1958, with known chances in place of counted
    events). Where every path of a draw has had its event, all its paths count.
    """
    before = np.concatenate([np.zeros_like(happened[:, :1]), happened[:, :-1]], axis=1)
    weight = np.where(before, NEARLY_NONE, 1.0)
    step = by_draw(weight * chance, draw) / by_draw(weight, draw)
    return 1 - np.cumprod(1 - np.clip(step, 0.0, 1.0), axis=1)


def spread_by_draw(values: Shaped[np.ndarray, "p ..."], draw: Int[np.ndarray, "p"]) -> Float[np.ndarray, "d ..."]:
    """Means by draw with the noise of their few paths taken off, so that their spread is that of the parameters.

    Each mean is drawn towards the overall one until the variance between draws is the observed variance less the mean
    sampling variance s^2/m within draws, but not below sqrt(2/(d-1)) of the observed one: d draws cannot tell less
    spread than that from none. NaN where draws have a single path, from which the two sources cannot be told apart.
    """
    means, paths = by_draw(values, draw), len(draw) / len(np.unique(draw))
    if paths < 2 or len(means) < 2:
        return np.full(means.shape, np.nan)
    within = np.maximum(by_draw(np.asarray(values, np.float64) ** 2, draw) - means**2, 0.0).mean(axis=0) / (paths - 1)
    observed = means.var(axis=0, ddof=1)
    least = min(np.sqrt(2 / (len(means) - 1)), 1.0)
    kept = np.sqrt(np.clip(1 - within / np.where(observed > 0, observed, 1.0), least, 1.0))
    centre = means.mean(axis=0)
    return centre + kept * (means - centre)


def band(values: Float[np.ndarray, "d ..."]) -> tuple[Numbers, Numbers]:
    """The 10th and 90th percentile over the first axis."""
    lower, upper = np.quantile(values, BAND, axis=0)
    return lower, upper


def around(
    share: Numbers,
    draws: Float[np.ndarray, "d ..."],
    error: Numbers,
    paths: int,
) -> tuple[Numbers, Numbers]:
    """The 80 % band of a chance that was counted as a share of `paths`; the share lies in it by construction.

    How far the chances by draw spread around their own mean, and the Monte Carlo error of the share, taken together as
    independent: on log odds, so that it stays a chance. What never happened has the error of half a path.
    """
    odds = (share * paths + 0.5) / ((1 - share) * paths + 0.5)
    inside = odds / (1 + odds)
    least = np.where((share == 0) | (share == 1), np.sqrt(inside * (1 - inside) / paths), error)
    below, above = _reach(_log_odds(draws), _log_odds(np.asarray(draws.mean(axis=0))), least / (inside * (1 - inside)))
    lower, upper = (1 / (1 + np.exp(-edge) / odds) for edge in (-below, above))
    return np.minimum(lower, share), np.maximum(upper, share)


def around_mean(mean: Numbers, draws: Float[np.ndarray, "d ..."], error: Numbers) -> tuple[Numbers, Numbers]:
    """The 80 % band of a mean over paths, as `around` of a chance: the spread of the draws and Monte Carlo error."""
    below, above = _reach(draws, draws.mean(axis=0), error)
    return mean - below, mean + above


def mean_of_chances(values: Float[np.ndarray, "p"], draw: Int[np.ndarray, "p"]) -> tuple[float, float, float]:
    """The mean over paths of a chance that each of them gives, with its 80 % band as in `around`, within 0 and 1."""
    mean = values.mean()
    lower, upper = around_mean(mean, spread_by_draw(values, draw), monte_carlo_se(values, draw))
    return float(mean), float(np.maximum(lower, 0.0)), float(np.minimum(upper, 1.0))


def _reach(draws: Float[np.ndarray, "d ..."], centre: Numbers, error: Numbers) -> tuple[Numbers, Numbers]:
    """How far a band reaches below and above its point; a skewed spread may lie on one side of its mean alone."""
    lower, upper = band(draws)
    below, above = np.maximum(centre - lower, 0.0), np.maximum(upper - centre, 0.0)
    return np.hypot(below, Z * error), np.hypot(above, Z * error)


def _log_odds(chance: Shaped[np.ndarray, "..."]) -> Shaped[np.ndarray, "..."]:
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(inside / (1 - inside)))
