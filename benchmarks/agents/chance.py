"""Draws that the agents make, with Python's own random numbers."""

import math
from random import Random


def happens(random: Random, eta: float, dt: float) -> tuple[bool, float]:
    """Whether an event with a log hazard happens in dt years, and its chance; never where an effect is missing."""
    chance = -math.expm1(-math.exp(eta) * dt) if eta == eta else 0.0
    return random.random() < chance, chance


def is_so(random: Random, odds: float) -> bool:
    """A yes with the given log odds; no where an effect is missing."""
    return odds == odds and random.random() < 1 / (1 + math.exp(-odds))


def t4(random: Random) -> float:
    """Student's t with four degrees of freedom, scaled to a variance of one."""
    return random.gauss(0, 1) / math.sqrt(random.gammavariate(2, 1))


def jumped(random: Random, b: dict[str, float], dt: float) -> float:
    """The variance that a jump adds to a step; mostly none."""
    struck, _ = happens(random, b["log jump hazard"], dt)
    return math.exp(2 * b["log jump size"]) if struck else 0.0


def broken(random: Random, b: dict[str, float], eta: float, dt: float) -> tuple[float, float]:
    """What the breaks of a step leave of the gap, and the variance that they add; mostly all of it, and none."""
    struck, some = happens(random, eta, dt)
    if not struck:
        return 1.0, 0.0
    many, left = math.exp(eta) * dt, 1 / (1 + math.exp(b["made up in a jump"]))
    share = (math.exp(-many * (1 - left)) - math.exp(-many)) / some
    return share, math.exp(2 * b["log jump size"]) * many / some


def drifted(
    random: Random,
    level: float,
    target: float,
    kappa: float,
    log_sigma: float,
    dt: float,
    more: float = 0.0,
    left: float = 1.0,
) -> float:
    """An Ornstein-Uhlenbeck step; a jump shakes by more and leaves a share of the gap.

    What is not known, or whose target is not, stays.
    """
    if level != level or target != target or log_sigma != log_sigma:
        return level
    decay = math.exp(-kappa * dt)
    spread = math.sqrt(math.exp(2 * log_sigma) * (1 - decay * decay) / (2 * kappa) + more)
    return target + (level - target) * decay * left + spread * t4(random)


def tallied(random: Random, eta: float, r: float, dt: float, most: int) -> int:
    """A negative binomial tally of dt years by the inverse of its law; none where an effect is missing."""
    if eta != eta:
        return 0
    mean, r, u, count = math.exp(eta) * dt, r * dt, random.random(), 0
    p = math.exp(-r * math.log1p(mean / r))
    total = p
    while u >= total and count < most:
        p *= (count + r) / (count + 1) * mean / (mean + r)
        total += p
        count += 1
    return count
