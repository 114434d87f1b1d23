"""Leaders leave office, and those who follow may rest on other groups in society."""

import numpy as np

USUAL_GROWTH, TEN_PERCENT, GROWTH_FADES = 0.037, 0.1, 0.36


def opening(batch) -> dict[str, np.ndarray]:
    """Every leader is an incumbent; a new leader whose coalition is not on record may rest on other groups."""
    start, tenure = batch.start, batch.start.state("tenure")
    none, growth = batch.wide(np.zeros(batch.n)), np.nan_to_num(start.state("growth"), nan=USUAL_GROWTH)
    votes = {name: start.state(name) for name in ("election_ahead", "election_past")}
    now = {"tenure": batch.wide(tenure), "growth": growth, "exit_due": none, "incumbent": none + 1, **votes}
    age = start.state("coalition_age")
    chance = 1 / (1 + np.exp(-_odds(batch, now, votes, np.zeros(batch.n))))
    likely = np.where(batch.happens(np.nan_to_num(chance)), tenure, tenure + 1)
    names = ("turnover", "turnover_chance", "exit_regular", "exit_irregular", "coalition_change")
    events: dict[str, np.ndarray] = dict.fromkeys(names, none)
    return now | {"coalition_age": np.where(np.isnan(age), likely, age)} | events


def _seasons(b, now) -> tuple[np.ndarray, np.ndarray]:
    ahead = now["election_ahead"]
    return ahead, now["election_past"] * (1 - ahead)


def exits(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Leaders leave by the rules or against them."""
    b, rule = batch.b["leader_exit"], batch.facts.rule
    fixed = rule * batch.start.state("fixed_term")
    ahead, past = _seasons(b, now)
    log_tenure, boom = np.log1p(now["tenure"]) - np.float32(np.log(5)), (now["growth"] - USUAL_GROWTH) / TEN_PERCENT
    regular = batch.base("leader_exit", "regular: ") + b["regular: growth"] * boom + batch.era("leader_exit", s)
    for vote, when in ((ahead, "election this quarter"), (past, "election last quarter")):
        term = b[f"regular: {when}"] + b[f"regular: democracy x {when}"] * rule
        regular = regular + (term + b[f"regular: fixed term x {when}"] * fixed) * vote
    regular = regular + (b["regular: log tenure"] + b["regular: democracy x log tenure"] * rule) * log_tenure
    forced = batch.base("leader_exit", "irregular: ") + b["irregular: growth"] * boom
    forced = forced + b["irregular: log tenure"] * log_tenure
    forced = forced + b["irregular: election this quarter"] * ahead + b["irregular: election last quarter"] * past
    extra = now["exit_due"] * now["incumbent"]
    pressure, nowcast = batch.start.pressure, batch.start.calendar.nowcast
    if "leader_exit" in pressure.hazard and s >= nowcast:
        extra = extra + pressure.hazard["leader_exit"][s - nowcast]
    one, two = np.exp(regular) + extra, np.exp(forced)
    chance = np.nan_to_num(-np.expm1(-(one + two) * dt))
    left = batch.happens(chance)
    by_force = left & (batch.rng.random(left.shape, np.float32) * (one + two) < two)
    return {
        "turnover": left.astype(np.float32),
        "turnover_chance": chance,
        "exit_irregular": by_force.astype(np.float32),
        "exit_regular": (left & ~by_force).astype(np.float32),
        "tenure": np.where(left, dt / 2, now["tenure"] + dt),
        "incumbent": np.where(left, np.float32(0), now["incumbent"]),
        "growth": USUAL_GROWTH + (now["growth"] - USUAL_GROWTH) * np.exp(-GROWTH_FADES * dt),
    }


def _odds(batch, now, votes, forced) -> np.ndarray:
    """Log odds that a new leader rests on other groups."""
    b, rule = batch.b["coalition_change"], batch.facts.rule
    ahead, past = _seasons(b, votes)
    odds = batch.base("coalition_change") + (b["irregular exit"] + b["democracy x irregular exit"] * rule) * forced
    for vote, when in ((ahead, "election this quarter"), (past, "election last quarter")):
        odds = odds + (b[when] + b[f"democracy x {when}"] * rule) * vote
    return odds + b["log tenure"] * (np.log1p(now["tenure"]) - np.float32(np.log(5)))


def coalitions(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """New leaders of other backing; the clock of the backing starts anew."""
    odds = _odds(batch, now, now, after["exit_irregular"]) + batch.era("coalition_change", s)
    changed = (after["turnover"] > 0) & batch.happens(np.nan_to_num(1 / (1 + np.exp(-odds))))
    age = np.where(changed, dt / 2, now["coalition_age"] + dt)
    return {"coalition_change": changed.astype(np.float32), "coalition_age": age}
