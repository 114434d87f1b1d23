"""Ties that are counted or measured: garrisons, exercises, visits, trade."""

import numpy as np
from facts import FEWEST, VISITS

MOST_PLACED = np.float32(np.log(1500))
DOWN, UP = np.float32(np.log(0.8)), np.float32(np.log(1.2))
FADE, USUAL_FADE = 3.0, 5.0
MOST = {"exercises": 16, "visits_president": 8, "visits_secretary": 12, "visits_defence": 8}


def opening(batch) -> dict[str, np.ndarray]:
    """Garrisons, what is remembered of exercises and visits, and trade."""
    start, facts = batch.start, batch.facts
    now = {"troops": batch.wide(start.dyad("troops")[facts.garrisons])}
    now["troops_placed"] = np.zeros_like(now["troops"])
    for layer in ("exercise_recent", "trade", "trade_usual"):
        now[layer] = batch.wide(start.dyad(layer)[facts.every])
    now["exercise"] = np.zeros_like(now["exercise_recent"])
    cells = facts.garrisons[0] * batch.n + facts.garrisons[1]
    for who in VISITS:
        i, j = facts.visited[who]
        now[f"visit_{who}_recent"] = batch.wide(start.dyad(f"visit_{who}_recent")[i, j])
        now[f"visit_{who}"] = np.zeros_like(now[f"visit_{who}_recent"])
        _, here, there = np.intersect1d(i * batch.n + j, cells, return_indices=True)
        batch.still["visits", who] = (np.minimum(i, j), np.maximum(i, j), here, there)
    elsewhere = np.nan_to_num(start.dyad("troops"))
    elsewhere[facts.garrisons] = 0
    batch.still["few troops"] = elsewhere.sum(0)
    return now


def hosted_troops(batch, now) -> np.ndarray:
    """Foreign troops on each state's soil (p, n)."""
    total = batch.wide(batch.still["few troops"])
    for column, host in enumerate(batch.facts.garrisons[1]):
        total[:, host] += now["troops"][:, column]
    return total


def t4_cdf(z: np.ndarray) -> np.ndarray:
    """Distribution function of Student's t with four degrees of freedom."""
    w = z * z / (4 + z * z)
    return 0.5 + np.sign(z) * np.sqrt(w) * (3 - w) / 4


def t4_quantile(u: np.ndarray) -> np.ndarray:
    """Its inverse (Shaw 2006)."""
    root = np.sqrt(np.clip(4 * u * (1 - u), 1e-12, 1))
    return np.sign(u - 0.5) * 2 * np.sqrt(np.maximum(np.cos(np.arccos(root) / 3) / root - 1, 0))


def openings(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Posts below a hundred become garrisons."""
    i, j = batch.facts.garrisons
    troops, b = now["troops"], batch.b["garrison_opened"]
    rate = batch.base("garrison_opened", "opening: ") + b["opening: defence pact"] * now["defence_matrix"][:, i, j]
    rate = rate + b["opening: hundreds of troops there"] * troops / 100
    scale = batch.base("garrison_opened", "size: ") + b["size: hundreds of troops there"] * troops / 100
    chance = np.where((troops < FEWEST) & np.isfinite(rate + scale), -np.expm1(-np.exp(rate) * dt), 0)
    scale, u = np.exp(scale), batch.rng.random(troops.shape, np.float32)
    size = -scale * np.log1p(u * np.expm1(-MOST_PLACED / scale))
    return {"troops_placed": np.where(batch.happens(chance), FEWEST * np.exp(size), 0).astype(np.float32)}


def garrisons(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Garrisons of at least a hundred are drawn down, surge, or are held with noise."""
    i, j = batch.facts.garrisons
    troops, rule, still = now["troops"], batch.facts.rule, batch.facts.still["troop_change"]
    size, pact = np.log10(np.maximum(troops, FEWEST)) - 3, now["defence_matrix"][:, i, j]
    new = (now["tenure"] < 1).astype(np.float32)
    effects = {
        "log10 troops from 1,000": size,
        "defence pact": pact,
        "defence pact x log10 troops": pact * size,
        "war theatre x log10 troops": still["war theatre"] * size,
        "defence pact x log10 troops x since 1975": pact * size * (batch.start.state("year")[i] >= 1975),
        "new leader of an autocratic host": new[:, j] * (1 - rule[j]),
        "new leader of the sender": new[:, i],
    }
    etas = []
    for part in ("draw-down: ", "surge: ", "size of draw-down: ", "size of surge: ", "noise of what is held: "):
        b = {name.removeprefix(part): v for name, v in batch.b["troop_change"].items() if name.startswith(part)}
        etas.append(sum((b[name] * x for name, x in effects.items() if name in b), batch.base("troop_change", part)))
    etas[0] = etas[0] + batch.era("troop_change", s)
    risk = (troops >= FEWEST) & np.isfinite(sum(etas))
    down, up, fall, rise, noise = (np.exp(eta) for eta in etas)
    noise, total = noise * np.float32(np.sqrt(dt)), down + up
    which, extent, rest = 1 - batch.rng.random((3, *size.shape), np.float32)
    moved = -np.expm1(-total * dt)
    low, high = t4_cdf(DOWN / noise), t4_cdf(UP / noise)
    held = noise * t4_quantile(low + (high - low) * rest)
    fell = DOWN - fall * (1 / np.sqrt(extent) - 1)
    change = np.where(which < moved, np.where(which < moved * down / total, fell, UP - rise * np.log(extent)), held)
    placed = after["troops_placed"]
    small = np.where((placed > 0) & (troops < FEWEST), placed, troops)
    return {"troops": np.where(risk, troops * np.exp(change), small)}


def _tallied(batch, log_rate: np.ndarray, log_r: np.ndarray, dt: float, most: int) -> np.ndarray:
    """Negative binomial tallies: most are zero, so the inverse of the law is followed only for the others."""
    r, mean = np.exp(log_r) * dt, np.exp(log_rate) * dt
    u, first = batch.rng.random(mean.shape, np.float32), np.exp(-r * np.log1p(mean / r))
    tally, where = np.zeros_like(mean), np.nonzero(u >= first)
    mean, u, p = mean[where], u[where], first[where]
    r = np.broadcast_to(r, tally.shape)[where]
    total, count = p.copy(), np.zeros_like(p)
    for y in range(most):
        more = u >= total
        if not more.any():
            break
        count += more
        p = p * (y + r) / (y + 1) * (mean / (mean + r))
        total += p
    tally[where] = count
    return tally


def _remembered(recent: np.ndarray, tally: np.ndarray, dt: float) -> np.ndarray:
    kept = np.float32(np.exp(-dt / FADE))
    return recent * kept + tally * ((1 - kept) * FADE / dt)


def exercises(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Exercises that two states hold together."""
    b, recent = batch.b["exercises"], now["exercise_recent"]
    since = batch.facts.still["exercises"]["since 1994"]
    eta = batch.base("exercises") + batch.era("exercises", s)
    eta = eta + (b["defence pact"] + b["defence pact x since 1994"] * since) * now["defence"]
    eta = eta + b["log past exercises"] * np.log1p(recent / np.float32(0.03))
    eta = np.where(np.isfinite(eta), eta, -np.inf)
    tally = _tallied(batch, eta, b["log dispersion"], dt, MOST["exercises"])
    return {"exercise": tally, "exercise_recent": _remembered(recent, tally, dt)}


def visits(who: str):
    """The law of the visits of an official."""
    name, tallied, remembered = f"visits_{who}", f"visit_{who}", f"visit_{who}_recent"

    def law(batch, now, after, dt, s) -> dict[str, np.ndarray]:
        b, recent, sender = batch.b[name], now[remembered], batch.facts.visited[who][0]
        first, second, here, there = batch.still["visits", who]
        troops = batch.wide(batch.start.dyad("troops")[batch.facts.visited[who]])
        troops[:, here] = now["troops"][:, there]
        eta = batch.base(name) + batch.era(name, s) + b["log troops"] * np.log1p(troops / 100)
        eta = eta + b["defence pact"] * now["defence_matrix"][:, first, second]
        eta = eta + b["first year of the sender's leader"] * (now["tenure"][:, sender] < 1)
        eta = eta + b["sender votes"] * now["election_ahead"][sender]
        eta = eta + b["log past visits"] * np.log1p(recent / np.float32(0.1))
        eta = np.where(np.isfinite(eta), eta, -np.inf)
        tally = _tallied(batch, eta, b["log dispersion"], dt, MOST[name])
        return {tallied: tally, remembered: _remembered(recent, tally, dt)}

    return law


def trade(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Flows revert, on a log scale, to what is usual for the two, and what is usual follows."""
    b, (i, j), flow, usual = batch.b["trade"], batch.facts.every, now["trade"], now["trade_usual"]
    target = batch.base("trade") + batch.era("trade", s) + b["defence pact"] * now["defence"]
    target = target + b["log usual trade"] * np.log(np.maximum(usual, np.float32(1e-6)) / 1000)
    apart = np.abs(now["ideal_point"][:, i] - now["ideal_point"][:, j])
    target = target + b["distance of ideal points"] * apart
    target = target + b["dispute in the last year"] * (now["peace_years"] < 1)
    sigma = b["log sigma"] + batch.base("trade", effects="trade scale")
    sigma = sigma + b["log trade"] * np.log(np.maximum(flow, np.float32(30)) / 1000)
    level, kappa = np.log(flow / 1000), np.exp(b["log kappa"])
    decay = np.exp(-kappa * dt)
    new = target + (level - target) * decay
    new = new + np.exp(sigma) * np.sqrt((1 - decay * decay) / (2 * kappa)) * batch.t4(level.shape)
    moved = np.where(np.isfinite(new) & np.isfinite(level), np.exp(new) * 1000, flow)
    follows = usual * (moved / usual) ** np.float32(-np.expm1(-dt / USUAL_FADE))
    return {"trade": moved, "trade_usual": np.where(moved > 0, follows, usual)}
