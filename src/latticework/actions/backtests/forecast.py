"""A forecast from one origin: all states run freely for five years, and what the paths say of every target."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from latticework.actions.backtests.origin import Origin, calendar_of, votes_held
from latticework.data.states import CODES
from latticework.fit import Posterior
from latticework.processes import MODEL, AbstractProcess, ForceUsed, Push
from latticework.scenario.controls import Controls
from latticework.simulate import Keep, nowcast_calendar, press, simulate
from latticework.types import Array, Float, Key
from latticework.world import World

PATHS = 48
AT_ONCE = 8  # paths whose quarters are in memory together
LATE = ("alignment", "defence_effort", "nuclear_step")  # whose figure of the year was not out at its end
HUB = CODES.index("USA")
PAIRS = np.stack(np.triu_indices(len(CODES), 1), axis=1)
CHANCES = {"leader exit": ("turnover", "turnover_chance")}
DYAD_CHANCES = {
    "dispute": ("dispute", "dispute_chance"),
    "agreement ends": ("agreement_ended", "agreement_end_chance"),
    "agreement signed": ("agreement_signed", "agreement_signed_chance"),
}
LEVELS = {"ideal point": "ideal_point", "effort": "defence_effort", "members": "pact_size", "troops": "troops"}
LAYERS = {  # that a target's forecast is read off
    "leader-change": ("turnover", "turnover_chance"),
    "leader-change-votes": ("turnover", "turnover_chance"),
    "coalition-change": ("coalition_change",),
    "dispute": ("dispute", "dispute_chance"),
    "dispute-force": ("dispute", "dispute_chance", "dispute_force"),
    "agreement-ends": ("agreement_ended", "agreement_end_chance"),
    "agreement-signed": ("agreement_signed", "agreement_signed_chance"),
    "members-leave": ("pact_size",),
    "members-join": ("pact_size",),
    "troops-halved": ("troops",),
    "troops-up": ("troops",),
    "exercise-begins": ("exercise",),
    "exercise-lapses": ("exercise",),
    "pledge-met": ("defence_effort",),
    "defence-effort": ("defence_effort",),
    "ideal-point": ("ideal_point",),
}


def targeted(targets: tuple[str, ...]) -> tuple[str, ...]:
    """The layers off which the forecasts of some targets are read."""
    return tuple(dict.fromkeys(layer for target in targets for layer in LAYERS[target]))


ALL = targeted(tuple(LAYERS))


def moving(layers: tuple[str, ...] = ALL) -> tuple[AbstractProcess, ...]:
    """The processes that move these layers or anything on which they depend: the layers' joint law is theirs."""
    wanted, before = set(layers), set()
    while wanted != before:
        before = set(wanted)
        movers = [process for process in MODEL if set(process.writes) & wanted]
        wanted |= {layer for process in movers for layer in (*process.reads, *process.given, *process.writes)}
    return tuple(process for process in MODEL if set(process.writes) & wanted)


def forecast(
    origin: Origin, posterior: Posterior, paths: int = PATHS, seed: int = 1, layers: tuple[str, ...] = ALL
) -> dict[str, np.ndarray]:
    """What the paths from one origin say, by target: chances (9, units) and members of ensembles (p, 5, units).

    Horizons are the next four quarters and the next five years. A chance is the mean over paths of the event's hazard
    while it has not come (see `stopped`), far less noisy than the share of paths with the event and as unbiased.
    The random numbers depend on the seed and the origin alone.
    """
    model, key = moving(layers), jax.random.fold_in(jax.random.key(seed), origin.year)
    theta = posterior.draw(jax.random.fold_in(key, 1), paths)
    calendar = nowcast_calendar(origin.dt, dict.fromkeys(LATE, 1), model)
    years = np.concatenate([[origin.year], origin.ends.astype("datetime64[Y]").astype(int) + 1970])[-len(calendar.dt) :]
    always, eras = unexplained(posterior, theta, model, years, key)
    controls = Controls({}, {}, {}, {}, calendar_of(origin, origin.votes, model))
    pressure = press(controls, jax.random.fold_in(key, 2), paths, model, always, eras)
    start, keep = only(origin.world, model).mapped(jnp.asarray), _keep(layers)
    go = partial(simulate, model, theta, start, pressure, calendar, keep, jax.random.fold_in(key, 3))
    force = force_shares(origin, theta, eras) if "dispute_force" in layers else None
    parts = []
    for first in range(0, paths, AT_ONCE):
        now = np.arange(first, min(first + AT_ONCE, paths))
        part = {name: np.asarray(layer) for name, layer in go(now).items()}
        parts.append(_read(part, None if force is None else force[now]))
    found = {name: _joined(name, [part[name] for part in parts], paths) for name in parts[0]}
    if "exercise" in found:
        found["no exercise"] = 1 - found["exercise"]
    if "ideal point" in found:
        error = np.exp(np.asarray(theta["alignment"][:, -1]))
        found["ideal point"] = published(found["ideal point"], error, origin, key)
    return found | _standing(origin)


def given_votes(origin: Origin, posterior: Posterior, paths: int, seed: int = 1) -> Float[np.ndarray, "9 n"]:
    """The chances that leaders leave, had all votes of the next five years been known in advance.

    Nothing that a process moves bears on leaders but themselves, so that they are simulated alone.
    """
    held = replace(origin, votes=votes_held(origin.ends))
    alone = ("turnover", "turnover_chance")
    mine = Posterior({"leader_exit": posterior.estimate("leader_exit")}, {}, posterior.panel_sha256)
    return forecast(held, mine, paths, seed, alone)["leader exit"]


def only(world: World, model: tuple[AbstractProcess, ...]) -> World:
    """The world with the layers that the processes read or move, and no others to carry along."""
    needed = {layer for process in model for layer in (*process.reads, *process.writes, *process.given)}
    homes = (world.states, world.dyads, world.pacts, world.memberships)
    return World(world.present, *({name: v for name, v in home.items() if name in needed} for home in homes))


def unexplained(
    posterior: Posterior,
    theta: Mapping[str, Array],
    model: tuple[AbstractProcess, ...],
    years: np.ndarray,
    key: Key,
) -> tuple[dict[str, tuple[Array, ...]], dict[str, Array]]:
    """What the effects of these processes leave open, per draw: frailties, levels of states and of decades."""
    frail, levels, decades = (jax.random.fold_in(key, number) for number in (4, 6, 7))
    always = posterior.levels(levels, theta, model, CODES)
    for name, frailty in posterior.frailties.items():
        if name in theta:
            draws = len(theta[name])
            always[name] = (*always.get(name, ()), frailty.log_strata(frail, draws, CODES))
    return always, posterior.eras(decades, theta, years)


def horizons(event: Float[np.ndarray, "p s u"], chance: Float[np.ndarray, "p s u"]) -> Float[np.ndarray, "p 9 u"]:
    """The chance of the event in each of the first four quarters, and of at least one in each of five years."""
    quarters = event.reshape(len(event), -1, 4, event.shape[-1]), chance.reshape(len(event), -1, 4, event.shape[-1])
    years = np.stack([stopped(quarters[0][:, y], quarters[1][:, y]) for y in range(quarters[0].shape[1])], axis=1)
    return np.concatenate([chance[:, :4], years], axis=1)


def stopped(event: Float[np.ndarray, "p t u"], chance: Float[np.ndarray, "p t u"]) -> Float[np.ndarray, "p u"]:
    r"""An unbiased number for the chance of at least one event: $\sum_t p_t$ up to and with the step of the first.

    $E[\sum_t 1\{T \ge t\} p_t] = P(T \le s)$, for $p_t$ is the chance of an event in step t given the path before.
    """
    before = np.cumsum(event > 0, axis=1) - (event > 0)
    return (np.where(before > 0, 0.0, chance)).sum(axis=1)


def force_shares(origin: Origin, theta: Mapping[str, Array], eras: Mapping[str, Array]) -> Float[np.ndarray, "d q"]:
    """The chance that force is used, should a dispute begin, per draw and dyad, as the world stands at the origin."""
    process, n = ForceUsed(), origin.world.n
    world = origin.world.mapped(jnp.asarray).replace(dyads={"dispute": jnp.ones((n, n))})
    era = eras.get(process.name, jnp.zeros((len(theta[process.name]), 1)))[:, -1]
    shares = np.asarray(_said(process, theta[process.name], era, world))
    return np.nan_to_num(shares[:, *PAIRS.T])  # where an effect is missing the process says no


@eqx.filter_jit
def _said(
    process: AbstractProcess, theta: Float[Array, "d k"], era: Float[Array, "d"], world: World
) -> Float[Array, "d n n"]:
    """The chances that a mark's process gives in a world; compiled once for all origins."""

    def one(mine: Array, level: Array) -> Array:
        return jax.nn.sigmoid(process.etas(mine, world, Push(offset=level))[0])

    return jax.vmap(one)(theta, era)


def published(
    latent: Float[np.ndarray, "p y n"], error: Float[np.ndarray, "p"], origin: Origin, key: Key
) -> Float[np.ndarray, "p y n"]:
    """Ideal points as the record will show them: with an error of the last published sd times the estimated factor."""
    sd = np.nan_to_num(np.asarray(origin.world.state("ideal_point_sd")))
    noise = np.asarray(jax.random.normal(jax.random.fold_in(key, 9), latent.shape))
    return (latent + error[:, None, None] * sd * noise).astype(np.float32)


def _keep(layers: tuple[str, ...]) -> Keep:
    of_states = ("turnover", "turnover_chance", "coalition_change", "ideal_point", "defence_effort")
    of_dyads = (*(layer for names in DYAD_CHANCES.values() for layer in names), "troops", "exercise")
    states, dyads = (tuple(name for name in names if name in layers) for names in (of_states, of_dyads))
    return Keep(states, dyads, jnp.asarray(PAIRS), pacts=tuple(name for name in ("pact_size",) if name in layers))


def _read(part: Mapping[str, np.ndarray], force: Float[np.ndarray, "p q"] | None) -> dict[str, np.ndarray]:
    """What is kept of some paths: sums of chances over the paths, and their levels at the ends of years."""
    chances = {name: layers for name, layers in {**CHANCES, **DYAD_CHANCES}.items() if layers[0] in part}
    found = {name: horizons(part[event], part[chance]).sum(axis=0) for name, (event, chance) in chances.items()}
    if force is not None:
        event, chance = (part[name] for name in DYAD_CHANCES["dispute"])
        found["dispute with force"] = (horizons(event, chance) * force[:, None]).sum(axis=0)
    if "coalition_change" in part:
        changed = part["coalition_change"]
        found["coalition change"] = horizons(changed, (changed > 0).astype(np.float32)).sum(axis=0)
    if "exercise" in part:
        held = (part["exercise"] > 0).astype(np.float32)
        found["exercise"] = horizons(held, held).sum(axis=0)
    found |= {name: part[layer][:, 3::4] for name, layer in LEVELS.items() if layer in part}
    if "troops" in found:
        found["troops"] = found["troops"][..., (PAIRS == HUB).any(axis=1)]
    return found


def _joined(name: str, parts: list[np.ndarray], paths: int) -> np.ndarray:
    if name in LEVELS:
        return np.concatenate(parts).astype(np.float32)
    return (np.sum(parts, axis=0) / paths).astype(np.float32)


def _standing(origin: Origin) -> dict[str, np.ndarray]:
    """Who was there on the day: states, pacts by name, and the votes expected."""
    return {
        "present": np.asarray(origin.world.present),
        "pacts": np.array(origin.pacts, dtype="U16"),
        "sizes": np.asarray(origin.world.pact("pact_size")),
        "votes": np.asarray(origin.votes),
    }
