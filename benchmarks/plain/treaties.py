"""Treaties: two states sign, keep and end agreements; pacts are founded, joined, left and ended."""

import numpy as np

KINDS = ("violated", "expired", "renegotiated")
BILATERAL = ("agreement", "agreement_age", "agreement_defence", "agreement_nonaggression", "agreement_shift")
OF_PACTS = ("pact_age", "pact_defence", "pact_nonaggression", "pact_size")


def opening(batch) -> dict[str, np.ndarray]:
    """What is in force, and obligations beyond what agreements say, or short of it."""
    start, every = batch.start, batch.facts.every
    now = {name: batch.wide(np.nan_to_num(start.dyad(name)[every])) for name in BILATERAL}
    now |= {name: batch.wide(np.nan_to_num(start.world.pacts[name])) for name in OF_PACTS}
    now["pact_member"] = batch.wide(np.nan_to_num(start.world.memberships["pact_member"]))
    defence, none = batch.wide(start.dyad("defence")[every]), np.zeros_like(now["agreement"])
    events = ("agreement_signed", "agreement_signed_chance", "signed_defence", "signed_nonaggression")
    ends = ("agreement_ended", "agreement_end_chance", *(f"agreement_{kind}" for kind in KINDS))
    now |= dict.fromkeys((*events, *ends), none)
    pledged = _pledged(batch, now)
    batch.still["elsewhere"], batch.still["withheld"] = defence * (1 - pledged), pledged * (1 - defence)
    nothing = np.zeros_like(now["pact_age"])
    now |= dict.fromkeys(("pact_founded", "pact_ended", "pact_ended_chance"), nothing)
    now |= dict.fromkeys(("pact_joined", "pact_left"), np.zeros_like(now["pact_member"]))
    now |= dict.fromkeys(("membership_joined", "membership_left"), batch.wide(np.zeros(batch.n)))
    return now | {"defence": defence, "defence_matrix": batch.matrix(defence)}


def _chance(eta: np.ndarray, dt: float, risk: np.ndarray) -> np.ndarray:
    return np.where(risk & np.isfinite(eta), -np.expm1(-np.exp(eta) * dt), 0).astype(np.float32)


def signed(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Two states without an agreement sign one."""
    b = batch.b["agreement_signed"]
    eta = batch.base("agreement_signed") + batch.era("agreement_signed", s)
    eta = eta + b["dispute within a year"] * (now["peace_years"] < 1)
    eta = eta + b["defence obligation already"] * now["defence"]
    chance = _chance(eta, dt, now["agreement"] == 0)
    return {"agreement_signed": batch.happens(chance).astype(np.float32), "agreement_signed_chance": chance}


def _pledge(batch, process: str, happened: np.ndarray) -> np.ndarray:
    """What an agreement that was signed pledges, worked out for those alone."""
    path, pair = np.nonzero(happened > 0)
    eta = batch.base(process, effects="pledge")[path, pair]
    made = np.zeros_like(happened)
    made[path, pair] = batch.happens(np.nan_to_num(1 / (1 + np.exp(-eta))))
    return made


def pledged_defence(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """It pledges defence."""
    return {"signed_defence": _pledge(batch, "defence_pledged", after["agreement_signed"])}


def pledged_nonaggression(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """It pledges non-aggression."""
    return {"signed_nonaggression": _pledge(batch, "nonaggression_pledged", after["agreement_signed"])}


def ended(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Agreements in force are violated, expire, or are renegotiated away: worked out for those alone."""
    (path, pair), (i, j), rule = np.nonzero(now["agreement"] > 0), batch.facts.every, batch.facts.rule
    b = {name: values[path, 0] for name, values in batch.b["agreement_end"].items()}
    age = now["agreement_age"][path, pair] / 10
    fresh = (now["tenure"] < 1) & (rule == 0)
    violated = (batch.base("agreement_end", "violated: ") + batch.era("agreement_end", s))[path, pair]
    violated = violated + b["violated: capability shifted since signature"] * now["agreement_shift"][path, pair]
    violated = violated + b["violated: defence pledge"] * now["agreement_defence"][path, pair]
    violated = violated + b["violated: non-aggression pledge"] * now["agreement_nonaggression"][path, pair]
    violated = violated + b["violated: new leader of an autocracy"] * (fresh[path, i[pair]] | fresh[path, j[pair]])
    violated = violated + b["violated: log age"] * np.log1p(10 * age)
    others = [b[f"{kind}: intercept"] + b[f"{kind}: age"] * age for kind in KINDS[1:]]
    rates = np.exp([violated, *others])
    total = rates.sum(0)
    chance = np.nan_to_num(-np.expm1(-total * dt))
    happened = batch.happens(chance)
    kind = (batch.rng.random(total.shape, np.float32) * total > np.cumsum(rates, axis=0)[:-1]).sum(0)
    listed = {"agreement_end_chance": chance, "agreement_ended": happened}
    listed |= {f"agreement_{name}": happened & (kind == k) for k, name in enumerate(KINDS)}
    layers = {name: np.zeros_like(now["agreement"]) for name in listed}
    for name, values in listed.items():
        layers[name][path, pair] = values
    return layers


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def founded(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """States found pacts, each with at least one other; they take the free places in their order."""
    b, theta = batch.b["pact_founded"], "coming: "
    if "near" not in batch.still:
        odds = batch.base("pact_founded", theta, "near")
        with_pact = odds + b["coming: defence obligation"]
        batch.still["near"] = odds, _softplus(odds), _softplus(with_pact) - _softplus(odds)
    odds, alone, more = batch.still["near"]
    nobody = batch.matrix(alone + more * now["defence"]).sum(-1)
    rates = np.exp(b["begun: intercept"]) * -np.expm1(-nobody)
    free = now["pact_member"].sum(-1) < 2
    number = np.minimum(batch.rng.poisson(rates.sum(-1) * dt), free.sum(-1))
    layers = {
        name: np.zeros_like(now["pact_age"]) for name in ("pact_founded", "founded_defence", "founded_nonaggression")
    }
    founder = np.zeros_like(now["pact_member"])
    foundings = [(p, place) for p in np.flatnonzero(number) for place in np.flatnonzero(free[p])[: number[p]]]
    for p, place in foundings:  # a handful in a batch
        first = batch.rng.choice(batch.n, p=rates[p].astype(float) / rates[p].sum(dtype=float))
        founder[p, place] = _company(batch, odds[p] + b["coming: defence obligation"][p] * now["defence"][p], first)
        layers["pact_founded"][p, place] = 1
        for pledge in ("defence", "nonaggression"):
            name = "non-aggression" if pledge == "nonaggression" else pledge
            odds_of = b[f"{name} pledged: intercept"][p, 0]
            layers[f"founded_{pledge}"][p, place] = batch.rng.random() < 1 / (1 + np.exp(-odds_of))
    return layers | {"pact_founder": founder}


def _company(batch, odds: np.ndarray, founder: int) -> np.ndarray:
    """The founder and those who come, given that somebody does: the first to come, then the others at will."""
    i, j = batch.facts.every
    comes = np.zeros(batch.n)
    mine = (i == founder) | (j == founder)
    comes[np.where(i == founder, j, i)[mine]] = 1 / (1 + np.exp(-odds[mine].astype(float)))
    first = comes * np.concatenate([[1], np.cumprod(1 - comes)[:-1]])
    lead = batch.rng.choice(batch.n, p=first / first.sum())
    order = np.arange(batch.n)
    return (order == founder) | (order == lead) | ((order > lead) & (batch.rng.random(batch.n) < comes))


def _size_and_age(b, now, part: str = "") -> np.ndarray:
    """What a pact's size and age add to a predictor (p, m)."""
    size = np.log(np.maximum(now["pact_size"], 1) / 10)
    return b["log members from ten"] * size + b["log age from ten years"] * np.log((1 + now["pact_age"]) / 11)


def joined(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """States join pacts whose members are near to them."""
    b, member = batch.b["pact_joined"], now["pact_member"]
    if "kin" not in batch.still:
        near = batch.facts.still["near"]
        means = {f"{name}, mean over members": x for name, x in near.items()}
        batch.still["kin"] = batch.matrix(sum(b[name] * x for name, x in means.items() if name in b))
    weight = batch.still["kin"] + b["defence obligation, mean over members"][..., None] * now["defence_matrix"]
    others = member.sum(-1, keepdims=True) - member
    eta = (member @ weight) / np.where(others > 0, others, np.nan) + b["intercept"][..., None]
    of_pact = _size_and_age(b, now) + b["defence pledge"] * now["pact_defence"] + batch.era("pact_joined", s)
    eta = eta + of_pact[..., None]
    chance = _chance(eta, dt, (member == 0) & (member.sum(-1) >= 2)[..., None])
    return {"pact_joined": batch.happens(chance).astype(np.float32)}


def left(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Members leave pacts that go on without them: worked out for members alone."""
    member, rule = now["pact_member"], batch.facts.rule
    path, pact, state = np.nonzero((member > 0) & (member.sum(-1) > 2)[..., None])
    b = {name: values[path, 0] for name, values in batch.b["pact_left"].items()}
    enemies = (member @ np.nan_to_num(batch.start.dyad("rivalry")))[path, pact, state]
    eta = b["intercept"] + b["democracy"] * rule[state] + (_size_and_age(batch.b["pact_left"], now))[path, pact]
    eta = eta + b["new leader of an autocracy"] * ((now["tenure"][path, state] < 1) & (rule[state] == 0))
    eta = eta + b["share of members that are rivals"] * enemies / (member.sum(-1)[path, pact] - 1)
    out = np.zeros_like(member)
    out[path, pact, state] = batch.happens(_chance(eta, dt, np.isfinite(eta)))
    return {"pact_left": out}


def pacts_ended(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """Pacts end for all."""
    b, member, rule = batch.b["pact_ended"], now["pact_member"], batch.facts.rule
    count = member.sum(-1)
    eta = b["intercept"] + _size_and_age(b, now) + b["defence pledge"] * now["pact_defence"]
    eta = eta + b["share of members that are democracies"] * (member @ rule) / np.maximum(count, 1)
    chance = _chance(eta + batch.era("pact_ended", s), dt, count >= 2)
    return {"pact_ended": batch.happens(chance).astype(np.float32), "pact_ended_chance": chance}


def _pledged(batch, world) -> np.ndarray:
    """1 for a pair that an agreement, or a pact to which both belong, obliges to defend each other."""
    member, (i, j) = world["pact_member"], batch.facts.every
    common = np.swapaxes(member, 1, 2) @ (member * world["pact_defence"][..., None])
    return np.maximum(world["agreement"] * world["agreement_defence"], common[:, i, j] > 0)


def in_force(batch, now, after, dt, s) -> dict[str, np.ndarray]:
    """What is in force after the events of this step: the books are kept where something happened."""
    new, gone = after["agreement_signed"] > 0, after["agreement_ended"] > 0
    age = np.where(now["agreement"] > 0, now["agreement_age"] + dt, np.float32(0))
    layers = {
        "agreement": np.where(new, np.float32(1), np.where(gone, np.float32(0), now["agreement"])),
        "agreement_age": np.where(new, dt / 2, np.where(gone, np.float32(0), age)),
        "agreement_shift": np.where(new | gone, np.float32(0), now["agreement_shift"]),
    }
    for pledge in ("defence", "nonaggression"):
        kept = np.where(gone, np.float32(0), now[f"agreement_{pledge}"])
        layers[f"agreement_{pledge}"] = np.where(new, after[f"signed_{pledge}"], kept)
    layers |= _pacts(now, after, dt)
    bound = _pledged(batch, layers) * (1 - batch.still["withheld"])
    layers["defence"] = np.maximum(bound, batch.still["elsewhere"])
    return layers | {"defence_matrix": batch.matrix(layers["defence"])}


def _pacts(now, after, dt) -> dict[str, np.ndarray]:
    begun, founder = after["pact_founded"] > 0, after["pact_founder"]
    member = np.where(after["pact_left"] > 0, 0, np.maximum(now["pact_member"], after["pact_joined"]))
    member = np.where((after["pact_ended"] > 0)[..., None], 0, member)
    member = np.where(begun[..., None], founder, member)
    member = np.where((member.sum(-1) >= 2)[..., None], member, 0).astype(np.float32)
    size = now["pact_size"] + (member - now["pact_member"]).sum(-1)
    layers = {
        "pact_member": member,
        "pact_age": np.where(begun, dt / 2, now["pact_age"] + dt),
        "pact_size": np.where(begun, member.sum(-1), size),
        "membership_joined": after["pact_joined"].sum(1) + founder.sum(1),
        "membership_left": after["pact_left"].sum(1),
    }
    for pledge in ("defence", "nonaggression"):
        layers[f"pact_{pledge}"] = np.where(begun, after[f"founded_{pledge}"], now[f"pact_{pledge}"])
    return layers
