"""Scores of forecasts: proper ones from a kept library, and how they come apart into calibration and discrimination.

A loss is a number per forecast, the smaller the better; a skill is 1 - loss / loss of a baseline.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scoringrules as sr
from scipy import stats
from scipy.optimize import isotonic_regression

from latticework.types import Bool, Float

SUREST = 1e-6  # no forecaster is surer than this, so that the log score stays finite
INTERVALS = (0.5, 0.8, 0.9, 0.95)
BINS = 10
GOLDEN = (5**0.5 - 1) / 2


class Decomposed(NamedTuple):
    """A mean Brier score as miscalibration - discrimination + uncertainty (CORP, Dimitriadis et al. 2021)."""

    miscalibration: float
    discrimination: float
    uncertainty: float


def brier(outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"]) -> Float[np.ndarray, "r"]:
    """Brier losses."""
    return np.asarray(sr.brier_score(outcome, np.clip(chance, 0.0, 1.0)))


def fair_brier(outcome: Float[np.ndarray, "r"], share: Float[np.ndarray, "r"], members: int) -> Float[np.ndarray, "r"]:
    """Brier losses of a share of so many paths, less what the few paths themselves cost (Ferro 2014)."""
    return brier(outcome, share) - share * (1 - share) / (members - 1)


def log_loss(outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"]) -> Float[np.ndarray, "r"]:
    """Minus the log of the chance given to what happened; no chance counts as nearer to 0 or 1 than SUREST."""
    return np.asarray(sr.log_score(outcome, np.clip(chance, SUREST, 1 - SUREST)))


def crps(outcome: Float[np.ndarray, "r"], members: Float[np.ndarray, "r m"]) -> Float[np.ndarray, "r"]:
    """Continuous ranked probability losses of an ensemble, by the fair estimator."""
    return np.asarray(sr.crps_ensemble(outcome, members, estimator="fair"))


def crps_student(
    outcome: Float[np.ndarray, "r"], freedom: float, centre: Float[np.ndarray, "r"], scale: Float[np.ndarray, "r"]
) -> Float[np.ndarray, "r"]:
    """Continuous ranked probability losses of Student-t laws."""
    return np.asarray(sr.crps_t(outcome, freedom, centre, scale))


def energy(outcome: Float[np.ndarray, "r v"], members: Float[np.ndarray, "r m v"]) -> Float[np.ndarray, "r"]:
    """Energy losses of joint forecasts of v numbers, by the fair estimator."""
    return np.asarray(sr.es_ensemble(outcome, members, estimator="fair"))


def decomposed(
    outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"], weight: Float[np.ndarray, "r"] | None = None
) -> Decomposed:
    """The parts of the mean Brier score: what recalibration would mend, what the forecasts tell apart, the rest."""
    weight = np.ones(len(outcome)) if weight is None else weight
    order = np.argsort(chance, kind="stable")
    values, group = np.unique(chance[order], return_inverse=True)
    heavy = np.bincount(group, weight[order], len(values))
    share = np.bincount(group, weight[order] * outcome[order], len(values)) / heavy
    steps = np.asarray(isotonic_regression(share, weights=heavy).x)[group]
    mended = np.average((steps - outcome[order]) ** 2, weights=weight[order])
    rate = np.average(outcome, weights=weight)
    whole = np.average(brier(outcome, chance), weights=weight)
    uncertainty = rate * (1 - rate)
    return Decomposed(float(whole - mended), float(uncertainty - mended), float(uncertainty))


def precision_recall(outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"]) -> float:
    """Area under the precision-recall curve (average precision); what has the same chance is taken up together."""
    return precision_recall_of(outcome, chance)(np.ones(len(outcome)))


def precision_recall_of(
    outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"]
) -> Callable[[Float[np.ndarray, "r"]], float]:
    """The same area as a function of the forecasts' weights: they are put in order once."""
    order = np.argsort(-chance, kind="stable")
    last = np.append(np.flatnonzero(np.diff(chance[order])), len(order) - 1)
    happened = outcome[order] > 0

    def area(weight: Float[np.ndarray, "r"]) -> float:
        mine = weight[order]
        hits, seen = np.cumsum(np.where(happened, mine, 0.0))[last], np.cumsum(mine)[last]
        if hits[-1] <= 0:
            return np.nan
        gained = np.diff(np.concatenate([[0.0], hits]))
        return float((gained * hits / np.maximum(seen, 1e-300)).sum() / hits[-1])

    return area


def roc(outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"]) -> float:
    """Area under the ROC curve: how often an event had the higher chance than a non-event."""
    yes, rank = outcome > 0, stats.rankdata(chance)
    count, others = int(yes.sum()), int((~yes).sum())
    if not count or not others:
        return np.nan
    return float((rank[yes].sum() - count * (count + 1) / 2) / (count * others))


def calibration(
    outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"], bins: int = BINS
) -> Float[np.ndarray, "b 3"]:
    """Mean chance, share that happened and number of forecasts, in bins that expect the same number of events.

    Most chances of rare events are next to nothing, so that bins of equal counts would say it nine times over.
    """
    order = np.argsort(chance, kind="stable")
    expected = np.cumsum(np.clip(chance[order], SUREST, None))
    place = np.minimum((bins * (expected / expected[-1]) * (1 - 1e-12)).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins).astype(float)
    there = count > 0
    means = [np.bincount(place, x[order], bins)[there] / count[there] for x in (chance, outcome)]
    return np.stack([*means, count[there]], axis=1)


def calibration_error(outcome: Float[np.ndarray, "r"], chance: Float[np.ndarray, "r"]) -> float:
    """Expected calibration error: the mean distance of chance and share, in bins of equal numbers of forecasts."""
    parts = [part for part in np.array_split(np.argsort(chance, kind="stable"), BINS) if len(part)]
    return float(sum(abs(chance[p].mean() - outcome[p].mean()) * len(p) for p in parts) / len(outcome))


def ranks(outcome: Float[np.ndarray, "r"], members: Float[np.ndarray, "r m"]) -> Float[np.ndarray, "r"]:
    """Probability integral transforms: where the outcome falls among the members, from 0 to 1.

    A rank stands for a whole interval; outcomes are spread over it evenly (by multiples of the golden section), so that
    bars of any width have their due.
    """
    below = (members < outcome[:, None]).sum(1) + (members == outcome[:, None]).sum(1) / 2
    spread = np.arange(1, len(outcome) + 1) * GOLDEN % 1
    return (below + spread) / (members.shape[1] + 1)


def covered(
    outcome: Float[np.ndarray, "r"], members: Float[np.ndarray, "r m"], central: float
) -> Bool[np.ndarray, "r"]:
    """Whether the outcome lies in the central interval of an ensemble, whose ends expect the right share outside."""
    tail = (1 - central) / 2
    low, high = np.quantile(members, [tail, 1 - tail], axis=1, method="weibull")
    return (outcome >= low) & (outcome <= high)
