"""The bargain fitted to its record: some settlements of two states, few of which followed a demand on record."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import jax
import numpy as np
from scipy.special import logsumexp, ndtr
from scipy.stats import norm

from latticework.mechanisms.bargain import Bargain, split
from latticework.mechanisms.base import Parameter, Poles, drawn
from latticework.types import Float, Key

ASK = "log of the usual ask"
USUAL_ASK = Parameter(ASK, None, "log", -1.2, 0.5, because="where no demand is on record a third more was asked; ours")
PRIOR_DRAWS = 100_000
KEPT = 400
SEED = 2025


@dataclass(frozen=True)
class Settlement:
    """One settlement on record: what it changed, what had been asked (None where nobody recorded it), and the setting.

    `change` is the log of the mean yearly payment over the term over the last payment before, in the currency of the
    agreement; `exit_threat`, `threat` and `minority` as in the bargain, None where they are not on record.
    """

    state: str
    year: int
    change: float
    demand: float | None
    exit_threat: float
    threat: float | None
    minority: float | None


@dataclass(frozen=True)
class Fitted:
    """The posterior of the bargain, what the prior was, and how well it foretells.

    `draws` are equally likely, a row per draw, parameters in the order of `names`. `left_out` says of each settlement,
    fitted without it, the share of the predictive law below the observed change. `log_score` is the mean log score of
    these predictions, `naive` that of a normal law with mean and sd of the other settlements. `sign_free` is the
    posterior chance that a coefficient whose sign is imposed has it anyway. `effective` counts the draws that the
    weights of the importance sampling are worth.
    """

    settlements: int
    with_demand: int
    names: tuple[str, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    prior_mean: tuple[float, ...]
    prior_sd: tuple[float, ...]
    draws: tuple[tuple[float, ...], ...]
    left_out: tuple[float, ...]
    log_score: float
    naive: float
    sign_free: dict[str, float]
    effective: float

    @property
    def contraction(self) -> dict[str, float]:
        """One minus posterior over prior variance, parameter by parameter."""
        pairs = zip(self.names, self.sd, self.prior_sd, strict=True)
        return {name: 1 - (after / before) ** 2 for name, after, before in pairs}

    def column(self, name: str) -> Float[np.ndarray, "d"]:
        """The draws of one parameter."""
        return np.array(self.draws)[:, self.names.index(name)]

    def plain(self) -> dict[str, object]:
        """Lists and numbers alone, for a file."""
        return asdict(self)


def parameters() -> tuple[Parameter, ...]:
    """The fitted parameters of the bargain, in order, and the usual ask of settlements without a demand on record."""
    table = Bargain(poles=Poles(0, 1)).coefficients()
    fitted = tuple(c for c in table if isinstance(c, Parameter) and c.origin == "fitted")
    return (*(replace(c, name=short(c.name)) for c in fitted), USUAL_ASK)


def short(name: str) -> str:
    """A coefficient's name without that of its predictor."""
    return name.removeprefix("split: ")


def fit_bargain(record: Sequence[Settlement], prior_draws: int = PRIOR_DRAWS) -> Fitted:
    """The posterior by importance sampling from the prior: exact up to its Monte Carlo error, which `effective` tells.

    A threat or a minority that is not on record counts as the mean of those that are.
    """
    table, key = parameters(), jax.random.key(SEED)
    prior = np.asarray(drawn(key, table, prior_draws), float)
    logs = log_likelihoods(prior, record)
    weights = normalised(logs.sum(1))
    mean = weights @ prior
    picks = systematic(weights, KEPT)
    below, scores = left_out(prior, logs, record)
    return Fitted(
        settlements=len(record),
        with_demand=sum(s.demand is not None for s in record),
        names=tuple(p.name for p in table),
        mean=_rounded(mean),
        sd=_rounded(np.sqrt(weights @ (prior - mean) ** 2)),
        prior_mean=_rounded(prior.mean(0)),
        prior_sd=_rounded(prior.std(0)),
        draws=tuple(_rounded(row) for row in prior[picks]),
        left_out=_rounded(below),
        log_score=round(float(np.mean(scores)), 6),
        naive=round(naive_score([s.change for s in record]), 6),
        sign_free=sign_free(key, table, record, prior_draws),
        effective=round(float(1 / (weights**2).sum()), 1),
    )


def laws(prior: Float[np.ndarray, "d k"], record: Sequence[Settlement]) -> tuple[np.ndarray, np.ndarray]:
    """Mean (d, r) and sd (d, 1) of the change of log payment of every settlement for every draw."""
    usual, threatened, threat, minority, log_noise, log_ask = prior.T[:, :, None]
    told = {name: _column(record, name) for name in ("exit_threat", "threat", "minority")}
    advantage = usual + threatened * told["exit_threat"] + threat * told["threat"] + minority * told["minority"]
    asked = np.array([np.nan if s.demand is None else s.demand for s in record])
    demand = np.where(np.isfinite(asked), np.nan_to_num(asked), np.exp(log_ask))
    return np.asarray(split(advantage)) * demand, np.exp(log_noise)


def log_likelihoods(prior: Float[np.ndarray, "d k"], record: Sequence[Settlement]) -> Float[np.ndarray, "d r"]:
    """Log density of every settlement for every draw."""
    mean, noise = laws(prior, record)
    error = (np.array([s.change for s in record]) - mean) / noise
    return -0.5 * error**2 - np.log(noise) - 0.5 * np.log(2 * np.pi)


def left_out(
    prior: Float[np.ndarray, "d k"], logs: Float[np.ndarray, "d r"], record: Sequence[Settlement]
) -> tuple[Float[np.ndarray, "r"], Float[np.ndarray, "r"]]:
    """Of each settlement, fitted without it: the share of the predictive law below it, and its log density."""
    mean, noise = laws(prior, record)
    below, scores = [], []
    for r, settlement in enumerate(record):
        weights = normalised(logs.sum(1) - logs[:, r])
        below.append(weights @ ndtr((settlement.change - mean[:, r]) / noise[:, 0]))
        scores.append(np.log(weights @ np.exp(logs[:, r])))
    return np.array(below), np.array(scores)


def naive_score(changes: Sequence[float]) -> float:
    """Mean log score of a normal law with mean and sd of the other settlements."""
    scores = []
    for r, change in enumerate(changes):
        others = np.delete(np.asarray(changes, float), r)
        scores.append(norm.logpdf(change, others.mean(), others.std(ddof=1) * np.sqrt(1 + 1 / len(others))))
    return float(np.mean(scores))


def sign_free(key: Key, table: Sequence[Parameter], record: Sequence[Settlement], prior_draws: int) -> dict[str, float]:
    """The posterior chance of the imposed sign where the prior is not cut off."""
    free = tuple(replace(p, sign=0, prior_mean=0.0 if p.sign else p.prior_mean) for p in table)
    prior = np.asarray(drawn(key, free, prior_draws), float)
    weights = normalised(log_likelihoods(prior, record).sum(1))
    return {p.name: round(float(weights @ (p.sign * prior[:, k] > 0)), 4) for k, p in enumerate(table) if p.sign}


def normalised(logs: Float[np.ndarray, "d"]) -> Float[np.ndarray, "d"]:
    """Weights that sum to one."""
    return np.exp(logs - logsumexp(logs))


def systematic(weights: Float[np.ndarray, "d"], count: int) -> np.ndarray:
    """Numbers of equally likely draws, evenly spaced through the weights (systematic resampling)."""
    picks = np.searchsorted(np.cumsum(weights), (np.arange(count) + 0.5) / count)
    return np.minimum(picks, len(weights) - 1)


def _column(record: Sequence[Settlement], name: str) -> np.ndarray:
    values = np.array([np.nan if getattr(s, name) is None else getattr(s, name) for s in record], float)
    return np.where(np.isnan(values), np.nanmean(values), values)


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(round(float(v), 5) for v in values)
