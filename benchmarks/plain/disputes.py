"""Disputes begin, force is used in some, in some of those somebody dies, and they end."""

import numpy as np
from facts import POSSESSES

MOST_PEACE, HALF_LIFE = np.float32(60), 10


def opening(batch) -> dict[str, np.ndarray]:
    """The record of disputes of every pair, and how old its pact is."""
    start, every = batch.start, batch.facts.every
    none = np.zeros((batch.p, every[0].size), np.float32)
    names = ("dispute", "dispute_chance", "dispute_force", "dispute_deaths", "dispute_ended", "dispute_end_chance")
    events = dict.fromkeys(names, none) | {"dispute_ongoing": batch.wide(start.dyad("dispute_ongoing")[every] > 0)}
    layers = ("peace_years", "dispute_history", "defence_years")
    return events | {name: batch.wide(start.dyad(name)[every]) for name in layers}


def onsets(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Disputes begin in politically relevant pairs; peace starts anew, pacts grow older."""
    b, some = batch.b["dispute_onset"], batch.facts.relevant
    if "dispute still" not in batch.still:
        effects = batch.facts.still["dispute_onset"]
        still = sum(b[name] * x[some] for name, x in effects.items() if name in b)
        batch.still["dispute still"] = (still + batch.unexplained("dispute_onset")).astype(np.float32)
    pact, peace = now["defence"][:, some], now["peace_years"][:, some]
    one, two, three = b["peace years"], b["peace years squared / 100"] / 100, b["peace years cubed / 1000"] / 1000
    eta = batch.still["dispute still"] + batch.era("dispute_onset", s)
    eta = eta + peace * (one + peace * (two + peace * three)) + b["defence pact between the two"] * pact
    fresh = (now["defence_years"] < 1) & (now["defence"] > 0)
    for name, meant in (("standing outside pact", ~fresh), ("outside pact formed within a year", fresh)):
        eta = eta + b[f"{name} (share of the two)"] * _outside(batch, now, meant)
    eta = eta + _clumped(batch, now)
    ongoing = now["dispute_ongoing"] > 0
    chance = np.nan_to_num(-np.expm1(-np.exp(eta) * dt)) * ~ongoing[:, some]
    begun = np.zeros_like(now["peace_years"])
    begun[:, some] = batch.happens(chance)
    every = np.zeros_like(begun)
    every[:, some] = chance
    return {
        "dispute": begun,
        "dispute_chance": every,
        "dispute_history": now["dispute_history"] * np.float32(0.5 ** (dt / HALF_LIFE)) + begun,
        "peace_years": np.where((begun > 0) | ongoing, np.float32(0), np.minimum(now["peace_years"] + dt, MOST_PEACE)),
        "defence_years": np.where(now["defence"] > 0, np.nan_to_num(now["defence_years"]) + dt, np.float32(0)),
    }


def _outside(batch, now, meant) -> np.ndarray:
    """The share of a relevant pair's states that have a pact meant with a third, which has none with the other."""
    i, j = batch.facts.pairs("dispute_onset")
    pact, chosen = now["defence_matrix"], batch.matrix(now["defence"] * meant)
    covered = chosen @ (1 - pact) - chosen > 0.5  # a pact is mutual
    return (covered[:, i, j].astype(np.float32) + covered[:, j, i]) / 2


def _clumped(batch, now) -> np.ndarray:
    """What the disputes of the last year add: those with others, and those of allies with the other."""
    b, (i, j) = batch.b["dispute_onset"], batch.facts.pairs("dispute_onset")
    recent = np.zeros_like(now["peace_years"])  # of relevant pairs alone
    recent[:, batch.facts.relevant] = now["peace_years"][:, batch.facts.relevant] < 1
    recent = batch.matrix(recent)
    between, number = recent[:, i, j], recent.sum(-1)
    others = (np.log1p(number[:, i] - between) + np.log1p(number[:, j] - between)) / 2
    beside = now["defence_matrix"] @ recent
    allies = np.log1p(beside[:, i, j] + beside[:, j, i])
    return b["disputes with others within a year"] * others + b["allies in dispute with the other"] * allies


def ends(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Disputes end, those of this step too."""
    begun = after["dispute"] > 0
    goes_on = begun | (now["dispute_ongoing"] > 0)
    eta = batch.base("dispute_end") + batch.b["dispute_end"]["began in the step"] * begun
    chance = np.nan_to_num(-np.expm1(-np.exp(eta) * dt)) * goes_on
    ended = batch.happens(chance)
    return {
        "dispute_ended": ended.astype(np.float32),
        "dispute_end_chance": chance.astype(np.float32),
        "dispute_ongoing": (goes_on & ~ended).astype(np.float32),
    }


def _severe(batch, now, process: str, happened: np.ndarray, s: int) -> np.ndarray:
    """Which of some disputes are so: worked out for those alone."""
    b, (i, j) = batch.b[process], batch.facts.every
    path, pair = np.nonzero(happened > 0)
    mine = {name: values[path, 0] for name, values in b.items()}
    era = batch.era(process, s)
    eta = np.asarray(era)[path, 0] if np.ndim(era) else np.zeros(len(path), np.float32)
    for name, x in batch.facts.still["severity"].items():
        if name in mine:
            eta = eta + mine[name] * x[pair]
    status = now["nuclear_status"] >= POSSESSES
    eta = eta + mine["both have nuclear weapons"] * (status[path, i[pair]] & status[path, j[pair]])
    eta = eta + mine["defence pact between the two"] * now["defence"][path, pair]
    eta = eta + mine["record of disputes"] * np.log1p(now["dispute_history"][path, pair])
    marks = np.zeros_like(happened)
    marks[path, pair] = batch.happens(np.nan_to_num(1 / (1 + np.exp(-eta))))
    return marks


def force(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Force is used in disputes of this step."""
    return {"dispute_force": _severe(batch, now, "force_used", after["dispute"], s)}


def deaths(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Somebody dies where force is used."""
    return {"dispute_deaths": _severe(batch, now, "dispute_deaths", after["dispute_force"], s)}
