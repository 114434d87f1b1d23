"""Where states stand and what they are armed with: ideal points, defence effort, nuclear status, warheads."""

import numpy as np
from facts import POSSESSES

from plain.ties import hosted_troops

USUAL_FADE = 2.5


def jumped(batch, process: str, shape: tuple[int, ...], dt: float) -> np.ndarray:
    """The variance that a jump adds to some units' step."""
    b = batch.b[process]
    chance = np.broadcast_to(-np.expm1(-np.exp(b["log jump hazard"]) * dt), shape)
    return batch.happens(chance) * np.exp(2 * b["log jump size"])


def broken(batch, shape: tuple[int, ...], dt: float) -> tuple[np.ndarray, np.ndarray]:
    """What the breaks of a step of defence effort leave of the gap, and the variance that they add."""
    b = batch.b["defence_effort"]
    many = np.exp(b["log jump hazard"] + batch.base("defence_effort", effects="defence_effort jumps")) * dt
    some = 1 - np.exp(-many)
    share = 1 / (1 + np.exp(-b["made up in a jump"]))
    struck = batch.happens(np.broadcast_to(some, shape))
    left = (np.exp(-many * share) - np.exp(-many)) / some
    return np.where(struck, left, 1), np.where(struck, many / some * np.exp(2 * b["log jump size"]), 0)


def drifted(
    level,
    target,
    log_kappa,
    log_sigma,
    dt,
    shock,
    more: np.ndarray | float = 0.0,
    left: np.ndarray | float = 1.0,
) -> np.ndarray:
    """An Ornstein-Uhlenbeck step with a shock of variance one; a jump brings more of it and leaves a share of the gap.

    What is not known stays.
    """
    kappa = np.exp(log_kappa)
    decay = np.exp(-kappa * dt)
    new = (
        target
        + (level - target) * decay * left
        + np.sqrt(np.exp(2 * log_sigma) * (1 - decay * decay) / (2 * kappa) + more) * shock
    )
    return np.where(np.isfinite(new) & np.isfinite(level), new, level)


def opening(batch) -> dict[str, np.ndarray]:
    """The first day: the latent ideal point is the published one less its error; GDP is that of the opening."""
    start, noise = batch.start, batch.rng.standard_normal((batch.p, batch.n), np.float32)
    error = np.exp(batch.b["alignment"]["log error factor"]) * np.nan_to_num(start.state("ideal_point_sd"))
    spent = start.state("defence_effort") * start.state("gdp") / 1000
    spending = np.where(np.isfinite(spent), spent, start.state("military_spending"))
    rivals = [np.flatnonzero(row > 0) for row in np.nan_to_num(start.dyad("rivalry"))]
    table = np.full((batch.n, max(map(len, rivals))), batch.n)
    for i, own in enumerate(rivals):
        table[i, : len(own)] = own
    batch.still["rivals"] = table  # a row of state numbers per state, n for none
    return {
        "ideal_point": start.state("ideal_point") + error * noise,
        "ideal_point_usual": batch.wide(start.state("ideal_point_usual")),
        "defence_effort": batch.wide(start.state("defence_effort")),
        "military_spending": batch.wide(spending),
        "effort_growth": batch.wide(start.state("effort_growth")),
        "nuclear_status": batch.wide(start.state("nuclear_status")),
        "nuclear_step": batch.wide(np.zeros(batch.n)),
        "nuclear_step_chance": batch.wide(np.zeros(batch.n)),
        "warheads": batch.wide(start.state("warheads")),
    }


def _of_rivals(batch, values: np.ndarray) -> np.ndarray:
    """Each state's rivals' values (p, n, k); zero where it has fewer."""
    padded = np.concatenate([np.nan_to_num(values), np.zeros((batch.p, 1), np.float32)], axis=1)
    return padded[:, batch.still["rivals"]]


def alignment(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Ideal points revert to a target that defence partners share in; new autocrats shake them."""
    b, rule, point = batch.b["alignment"], batch.facts.rule, now["ideal_point"]
    known = np.isfinite(point).astype(np.float32)
    sums = now["defence_matrix"] @ np.stack([np.nan_to_num(point), known], axis=-1)
    partners = sums[..., 0] / np.maximum(sums[..., 1], 1)
    usual = now["ideal_point_usual"]
    target = batch.base("alignment") + b["own mean of five years"] * usual
    target = target + b["mean of defence partners"] * partners + batch.era("alignment", s)
    fresh, age = (after["tenure"] < 1) & (rule == 0), after["coalition_age"]
    sigma = b["log sigma"] + batch.base("alignment", effects="alignment scale")
    sigma = sigma + b["new leader of an autocracy"] * (fresh & (age >= 1))
    sigma = sigma + b["new leader of an autocracy, new coalition"] * ((age < 1) & (rule == 0))
    sigma = sigma + b["new leader of an autocracy, coalition not on record"] * (fresh & np.isnan(age))
    jumps = jumped(batch, "alignment", point.shape, dt)
    point = drifted(point, target, b["log kappa"], sigma, dt, batch.t4(point.shape), jumps)
    follows = usual + (point - usual) * np.float32(1 - np.exp(-dt / USUAL_FADE))
    return {"ideal_point": point, "ideal_point_usual": np.where(np.isfinite(follows), follows, usual)}


def effort(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """The share of GDP that goes to defence, after rivals, allies and foreign troops."""
    b, rule, start = batch.b["defence_effort"], batch.facts.rule, batch.start
    gdp = start.state("gdp")
    target = batch.base("defence_effort") + batch.era("defence_effort", s)
    sigma = b["log sigma"] + batch.base("defence_effort", effects="defence_effort scale")
    threat = np.log1p(100 * 1000 * _of_rivals(batch, now["military_spending"]).sum(-1) / gdp)
    target = target + b["log rivals' spending"] * threat
    ties, growing = now["defence_matrix"], np.isfinite(now["effort_growth"])
    weight = np.where(growing, np.nan_to_num(now["military_spending"]), 0)
    columns = [weight, weight * np.nan_to_num(now["effort_growth"]), batch.wide(rule == 1), batch.wide(rule == 0)]
    sums = ties @ np.stack(columns, axis=-1)
    allied = sums[..., 1] / np.where(sums[..., 0] > 0, sums[..., 0], 1)
    target = target + b["growth of allies' effort"] * allied
    target = (
        target + b["pact with a democracy"] * (sums[..., 2] > 0) + b["pact with another state"] * (sums[..., 3] > 0)
    )
    nato = np.nan_to_num(start.dyad("integrated_defence")).sum(1) >= 2
    hosted = np.log1p(hosted_troops(batch, now))
    target = target + np.where(nato, b["log foreign troops, NATO"], b["log foreign troops"]) * hosted
    share = now["defence_effort"]
    level = np.log(np.where(share > 0, share, np.nan))
    left, more = broken(batch, level.shape, dt)
    new = drifted(level, target, b["log kappa"], sigma, dt, batch.t4(level.shape), more, left)
    share = np.where(np.isfinite(new), np.exp(new), share)
    spent = share * gdp / 1000
    return {
        "defence_effort": share,
        "military_spending": np.where(np.isfinite(spent), spent, now["military_spending"]),
        "effort_growth": now["effort_growth"] * max(1 - dt, 0) + new - level,
    }


def nuclear_steps(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """States without a weapon climb the ladder towards one."""
    b, status = batch.b["nuclear_step"], now["nuclear_status"]
    armed = (status >= POSSESSES).astype(np.float32)
    ally = (now["defence_matrix"] @ armed[..., None])[..., 0] > 0
    eta = b["none"] + b["considers"] * (status >= 1) + b["pursues, beyond considers"] * (status >= 2)
    eta = eta + b["nuclear rival"] * (_of_rivals(batch, armed).max(-1) > 0) + b["nuclear ally"] * ally
    chance = np.where(status < POSSESSES, -np.expm1(-np.exp(eta) * dt), 0)
    step = batch.happens(chance).astype(np.float32)
    return {"nuclear_step": step, "nuclear_step_chance": chance, "nuclear_status": status + step}


def warheads(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Stockpiles drift towards what rivals have; a state that has got a weapon begins with two."""
    b, count = batch.b["warheads"], now["warheads"]
    count = np.where((now["nuclear_status"] >= POSSESSES) & (count == 0), np.float32(2), count)
    target = batch.base("warheads") + batch.era("warheads", s)
    largest = np.log1p(_of_rivals(batch, count).max(-1))
    target = target + b["log of the largest rival stockpile"] * largest
    level = np.log(np.where(count > 0, count, np.nan))
    new = drifted(level, target, b["log kappa"], b["log sigma"], dt, batch.t4(level.shape))
    return {"warheads": np.where(np.isfinite(new), np.exp(new), count)}
