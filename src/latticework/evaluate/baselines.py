"""Baselines: what anybody could forecast without the model; whoever does not beat them has no claim.

Each is trained as the model is, on what was known, and foretells each horizon directly.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from latticework.evaluate.scores import crps, crps_student
from latticework.types import Bool, Float, Int

RIDGE = 1.0  # precision of a normal prior of each slope, with effects in their own sd
ROUNDS = 30
SHRUNK = 20.0  # forecasts of the pooled rate that a class is worth from the start
FREEDOM = 3.0  # of Student-t laws of changes
RECENT = 15  # years of changes from which they are learned
MEMBERS = 99


@dataclass(frozen=True)
class Logit:
    """A fitted logit: effects are centred and scaled before they are weighed, a missing one counts as its mean."""

    mean: Float[np.ndarray, "k"]
    sd: Float[np.ndarray, "k"]
    weights: Float[np.ndarray, "k1"]

    def __call__(self, effects: Float[np.ndarray, "r k"]) -> Float[np.ndarray, "r"]:
        """Chances."""
        design = np.nan_to_num((effects - self.mean) / self.sd)
        return 1 / (1 + np.exp(-(self.weights[0] + design @ self.weights[1:])))


def thinned(outcome: Float[np.ndarray, "r"], every: int) -> tuple[Bool[np.ndarray, "r"], Float[np.ndarray, "r"]]:
    """Which forecasts to learn from, all events and one in so many non-events, and how often each counts.

    Of dyads there are millions, of events hundreds (King and Zeng 2001).
    """
    kept = (outcome > 0) | (np.arange(len(outcome)) % every == 0)
    return kept, np.where(outcome[kept] > 0, 1.0, every)


def logit(
    effects: Float[np.ndarray, "r k"], outcome: Float[np.ndarray, "r"], count: Float[np.ndarray, "r"] | None = None
) -> Logit:
    """The logit of events on effects by penalised maximum likelihood (Newton's method); `count` weighs the rows."""
    effects = np.asarray(effects, float)
    count = np.ones(len(outcome)) if count is None else count
    known = np.isfinite(effects)
    mean = np.average(np.where(known, effects, 0.0), axis=0, weights=count) / np.average(known, axis=0, weights=count)
    sd = np.sqrt(np.average(np.where(known, effects - mean, 0.0) ** 2, axis=0, weights=count))
    sd = np.where(sd > 0, sd, 1.0)
    design = np.column_stack([np.ones(len(effects)), np.nan_to_num((effects - mean) / sd)])
    rate = np.clip(np.average(outcome, weights=count), 1e-6, 1 - 1e-6)
    weights = np.concatenate([[np.log(rate / (1 - rate))], np.zeros(effects.shape[1])])
    prior = np.diag([0.0, *[RIDGE] * effects.shape[1]])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (count * (outcome - chance)) - prior @ weights
        curve = (design * (count * chance * (1 - chance))[:, None]).T @ design + prior
        step = np.linalg.solve(curve, slope)
        weights = weights + step * min(1.0, 3.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    return Logit(mean, sd, weights)


def pooled_rate(outcome: Float[np.ndarray, "r"]) -> float:
    """The share of events, with half an event more so that it is never zero."""
    return (float(outcome.sum()) + 0.5) / (len(outcome) + 1.0)


def class_rates(classes: Int[np.ndarray, "r"], outcome: Float[np.ndarray, "r"], count: int) -> Float[np.ndarray, "c"]:
    """The share of events by class, drawn to the pooled one where a class is small."""
    rate = pooled_rate(outcome)
    seen, happened = (np.bincount(classes, w, count) for w in (None, outcome))
    return (happened + SHRUNK * rate) / (seen + SHRUNK)


@dataclass(frozen=True)
class Changes:
    """Changes of a level that were known on the day, from `before` by `change`, over the years of a horizon."""

    before: Float[np.ndarray, "r"]
    change: Float[np.ndarray, "r"]


def level_losses(
    known: Changes, now: Float[np.ndarray, "u"], outcome: Float[np.ndarray, "u"]
) -> dict[str, Float[np.ndarray, "u"]]:
    """CRPS of the baselines of a level: outcomes are changes from `now`, which each forecasts."""
    zero = np.zeros_like(outcome)
    spread = student_scale(known.change)
    middle = float(np.median(known.change))
    around = student_scale(known.change - middle)
    slope, rest = toward_mean(known)
    expected = slope[0] + (slope[1] - 1) * now
    past = np.quantile(known.change, (np.arange(MEMBERS) + 0.5) / MEMBERS)
    return {
        "persistence": np.abs(outcome),
        "random walk": crps_student(outcome, FREEDOM, zero, zero + spread),
        "random walk with drift": crps_student(outcome, FREEDOM, zero + middle, zero + around),
        "AR(1)": crps_student(outcome, FREEDOM, expected, zero + student_scale(rest)),
        "past changes": crps(outcome, np.broadcast_to(past, (len(outcome), MEMBERS))),
    }


def student_scale(errors: Float[np.ndarray, "r"]) -> float:
    """The scale of a Student-t law around zero, by maximum likelihood."""
    guess = np.log(max(float(np.median(np.abs(errors))), 1e-6))

    def loss(log_scale: float) -> float:
        return -float(stats.t.logpdf(errors, FREEDOM, scale=np.exp(log_scale)).mean())

    found = optimize.minimize_scalar(loss, bounds=(guess - 3, guess + 3), method="bounded")
    return float(np.exp(found["x"]))  # pyright: ignore[reportIndexIssue]


def toward_mean(known: Changes) -> tuple[Float[np.ndarray, "2"], Float[np.ndarray, "r"]]:
    """Intercept and slope of the later level on the earlier one, and what they leave over."""
    after = known.before + known.change
    design = np.column_stack([np.ones_like(known.before), known.before])
    fitted = np.linalg.lstsq(design, after, rcond=None)[0]
    return fitted, after - design @ fitted


def recent(known: Bool[np.ndarray, "t u"], years: Int[np.ndarray, "t"], last: int) -> Bool[np.ndarray, "t u"]:
    """The cells of the RECENT years up to a last one."""
    return known & ((years <= last) & (years > last - RECENT))[:, None]
