"""Ties measured per second on simulated paths, beside a particle filter in NumPy: same draws, readings and law."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import jax
import numpy as np
from scipy.special import expit, log_ndtr
from scipy.stats import truncnorm

from latticework.measures.strength.dyads import HUBS, Dyads
from latticework.measures.strength.families import Family, Grade, Level
from latticework.measures.strength.layers import FOLLOWED
from latticework.measures.strength.simulated import Law, Steps, simulated_strength
from latticework.measures.strength.smoother import QUARTERS
from latticework.measures.strength.start import DOMAIN, DOMAINS, OWN, STRENGTH, Start

FREEDOM = 4.0
LEAST = 0.5  # of the particles, as effective number, below which they are drawn anew


@dataclass(frozen=True)
class Tie:
    """One tie on one path: its law and its start as plain numbers and vectors; `readings` (t, k), NaN for none."""

    law: dict[str, np.ndarray]
    centre: np.ndarray
    root: np.ndarray
    steps: Steps
    readings: np.ndarray


def tie_of(law: Law, start: Start, steps: Steps, readings: np.ndarray, draw: int, tie: int) -> Tie:
    """One tie of a draw; `readings` (t, k)."""
    values = {name: np.asarray(getattr(law, name), float)[draw] for name in law.__dataclass_fields__}
    mine = {k: v[..., tie] if k in ("step", "mean", "loading", "base", "own") else v for k, v in values.items()}
    size, turned = np.linalg.eigh(start.spread[draw, :, :, tie])
    root = turned * np.sqrt(np.maximum(size, 0.0))
    return Tie(mine, start.centre[draw, :, tie], root, steps, readings)


def particles(rng: np.random.Generator, tie: Tie, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Strength at the end as particles and their weights (Gordon, Salmond and Smith 1993, IEE Proceedings F 140: 107).

    Every quarter's innovation is Student-t, as the model has it; what is special about a stock is drawn given its
    reading. Exact with endless particles: a break is found if some of them happen to make it.
    """
    law = tie.law
    x = tie.centre + rng.standard_normal((count, len(tie.centre))) @ tie.root.T
    weight = np.zeros(count)
    for t, quarter in enumerate(tie.steps.quarter):
        shock = law["step"] * rng.standard_t(FREEDOM, count)
        x[:, STRENGTH] = law["mean"] + law["rho"] * (x[:, STRENGTH] - law["mean"]) + shock
        if quarter == 1:
            _year(rng, law, x)
        for k, indicator in enumerate(FOLLOWED):
            y = tie.readings[t, k]
            base = law["base"][k] + law["intercept"][k, tie.steps.era[t]] + law["loading"][k] * x[:, STRENGTH]
            eta = base + law["specific"][k] * x[:, DOMAIN + indicator.domain_index]
            if not indicator.stock and np.isfinite(y):
                odds = eta + x[:, OWN + k]
                weight += np.log(expit(odds if y > 0 else -odds))
            elif indicator.stock and quarter == 4:
                weight += _stock(rng, indicator.family, x, OWN + k, eta, y, law["own"][k], law["lasting"][k])
        x, weight = _resampled(rng, x, weight)
    return x[:, STRENGTH], np.exp(weight - weight.max()) / np.exp(weight - weight.max()).sum()


def _year(rng: np.random.Generator, law: dict[str, np.ndarray], x: np.ndarray) -> None:
    """The new year of the factors and of what is special about events."""
    places = [(DOMAIN + m, law["domain"][m], 1.0) for m in range(DOMAINS)]
    places += [(OWN + k, law["lasting"][k], law["own"][k]) for k, i in enumerate(FOLLOWED) if not i.stock]
    for place, lasting, variance in places:
        noise = np.sqrt(variance * (1 - lasting**2)) * rng.standard_normal(len(x))
        x[:, place] = lasting * x[:, place] + noise


def _stock(
    rng: np.random.Generator,
    family: Family,
    x: np.ndarray,
    place: int,
    eta: np.ndarray,
    y: float,
    variance: float,
    lasting: float,
) -> np.ndarray:
    """Log weights from a stock's reading; its own deviation is drawn given it."""
    before, sd = lasting * x[:, place], np.sqrt(variance * (1 - lasting**2))
    if np.isnan(y):
        x[:, place] = before + sd * rng.standard_normal(len(x))
        return np.zeros(len(x))
    if isinstance(family, Level):
        x[:, place] = y - eta
        return -0.5 * ((y - eta - before) / sd) ** 2
    assert isinstance(family, Grade)
    edges = np.array([-np.inf, *family.cuts, np.inf])
    low, high = ((edges[int(y) + side] - eta - before) / sd for side in (0, 1))
    flip = low > 0
    near, far = np.where(flip, -low, high), np.where(flip, -high, low)
    x[:, place] = before + sd * truncnorm.rvs(low, high, random_state=rng)
    return log_ndtr(near) + np.log1p(-np.exp(np.minimum(log_ndtr(far) - log_ndtr(near), -1e-12)))


def _resampled(rng: np.random.Generator, x: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    share = np.exp(weight - weight.max())
    share /= share.sum()
    if 1 / (share**2).sum() > LEAST * len(x):
        return x, weight
    at = (np.arange(len(x)) + rng.random()) / len(x)
    chosen = np.searchsorted(np.cumsum(share), at).clip(0, len(x) - 1)
    return x[chosen], np.zeros(len(x))


def made_up(rng: np.random.Generator, steps: int, ties: int, draws: int = 8) -> tuple[Law, Start, Steps, np.ndarray]:
    """Ties with a usual law, half of them with the United States, and readings (t, k, d) that change little."""
    kinds, patron = len(FOLLOWED), np.where(np.arange(ties) % 2, len(HUBS), 0)
    usual = np.array([indicator.usual for indicator in FOLLOWED])
    law = Law(
        rho=np.full(draws, 0.99),
        step=np.full((draws, ties), 0.06),
        mean=np.zeros((draws, ties)),
        domain=np.full((draws, DOMAINS), 0.95),
        loading=np.broadcast_to(usual[:, None], (draws, kinds, ties)) * rng.uniform(0.8, 1.2, (draws, 1, 1)),
        specific=np.broadcast_to(0.3 * usual, (draws, kinds)),
        base=np.broadcast_to(np.array([1.0, 0.0, 0.0, 0.0, -4.0])[:, None], (draws, kinds, ties)),
        intercept=np.zeros((draws, kinds, 1)),
        own=np.broadcast_to(np.array([1.0, 1.0, 0.5, 0.4, 1.0])[:, None], (draws, kinds, ties)),
        lasting=np.full((draws, kinds), 0.9),
    )
    parts = np.zeros((draws, OWN + kinds, ties))
    parts[:, STRENGTH] = rng.normal(1.0, 0.4, (draws, ties))
    zero = np.zeros(ties, int)
    dyads = Dyads(HUBS, zero, zero, patron, np.ones((1, ties), bool), np.zeros((ties, 2)))
    spread = np.zeros((draws, OWN + kinds, OWN + kinds, ties))
    start = Start(dyads, parts, np.zeros((draws, ties)), parts, spread, np.zeros((kinds, ties)))
    quarter = np.arange(steps) % QUARTERS + 1
    readings = np.full((steps, kinds, ties), np.nan)
    readings[quarter == QUARTERS] = np.array([3.0, 1.0, 1.2, -0.7, np.nan])[:, None]
    readings[:, 1:3][..., patron == len(HUBS)] = np.nan
    readings[:, -1] = rng.random((steps, ties)) < 0.02
    return law, start, Steps(tuple(quarter.tolist()), (0,) * steps), readings


def main() -> None:
    """Time both ways and print ties measured per second."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--paths", type=int, default=250, help="paths at a time (default 250)")
    options.add_argument("--particles", type=int, default=2000, help="particles of the rival (default 2000)")
    asked = options.parse_args()
    if asked.paths < 1 or asked.particles < 1:
        options.error("--paths and --particles must be positive")
    law, start, steps, readings = made_up(np.random.default_rng(1), 16, 20)
    paths, read = np.arange(asked.paths), np.repeat(readings[:, :, None], asked.paths, axis=2)
    took = [_seconds(lambda: simulated_strength(law, start, steps, read, jax.random.key(1), paths)) for _ in range(4)]
    ties = [tie_of(law, start, steps, readings[..., d], 0, d) for d in range(20)]
    rng = np.random.default_rng(2)
    rival = _seconds(lambda: [particles(rng, tie, asked.particles) for tie in ties])
    ours, theirs = asked.paths * 20 / min(took[1:]), 20 / rival
    print(f"16 quarters of 20 ties on {asked.paths} paths; the first call took {took[0]:.1f} s, compilation included.")
    print(f"this engine                        {ours:12,.0f} ties/s")
    print(f"NumPy, {asked.particles:,} particles per tie {theirs:17,.1f} ties/s, {theirs / ours:.4f} of it")


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
