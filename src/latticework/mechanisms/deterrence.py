"""Extended deterrence: a challenger moves, a patron supports its protege or not, the challenger fights or not."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax.nn import sigmoid
from scipy.optimize import root

from latticework.effects import PoliticallyRelevant
from latticework.types import Array, Float
from latticework.world import World

QRE = "McKelvey and Palfrey 1998 (agent quantal response); Signorino and Tarar 2006: 58 crises of Huth 1988"
LAMBDA = 1.0  # fixed: it is not identified apart from the scale of the payoffs
CHALLENGES = 0.015  # a year, in relevant dyads with a protected state; the target is 1 to 2 %
FULFILLED = 0.4  # of pledges that are tested; the target is 0.2 to 0.6


class Payoffs(NamedTuple):
    """What each outcome is worth to challenger (c) and patron (d); the status quo is worth nothing to both.

    `c_alone` and `d_concede`: the protege stands alone; `c_back` and `d_hold`: the challenger backs down; war: of all.
    """

    c_alone: Float[Array, "*u"]
    c_back: Float[Array, "*u"]
    c_war: Float[Array, "*u"]
    d_concede: Float[Array, "*u"]
    d_hold: Float[Array, "*u"]
    d_war: Float[Array, "*u"]


class Play(NamedTuple):
    """Chances: a challenge, support if challenged, a fight if supported, war with the patron, a lone protege."""

    challenge: Float[Array, "*u"]
    support: Float[Array, "*u"]
    fight: Float[Array, "*u"]
    war: Float[Array, "*u"]
    abandoned: Float[Array, "*u"]


def play(pay: Payoffs, precision: float = LAMBDA) -> Play:
    r"""The agent quantal response equilibrium: $p(a \mid h) \propto e^{\lambda EU_a}$, from the last move to the first.

    The last mover chooses between war and backing down; the defender between support, with what then follows, and
    conceding; the first mover between a challenge, with what then follows, and the status quo (worth zero).
    """
    fight = sigmoid(precision * (pay.c_war - pay.c_back))
    d_support = fight * pay.d_war + (1 - fight) * pay.d_hold
    support = sigmoid(precision * (d_support - pay.d_concede))
    c_supported = fight * pay.c_war + (1 - fight) * pay.c_back
    challenge = sigmoid(precision * (support * c_supported + (1 - support) * pay.c_alone))
    return Play(challenge, support, fight, challenge * support * fight, challenge * (1 - support))


class Setting(NamedTuple):
    """What the payoffs are made of, for a challenger (row) and a protege (column).

    `power` is the share of protege and patron in the capability of both sides, `alone` that of the protege without the
    patron; `armed` and `armed_alone` say who of them has nuclear weapons; `credibility` is the log odds that the pledge
    would be kept, as the protege sees it, from the baseline; `treaty` and `rivalry` (of the two) are 1 or 0.
    """

    power: Float[Array, "*u"]
    alone: Float[Array, "*u"]
    armed: Float[Array, "*u"]
    armed_alone: Float[Array, "*u"]
    credibility: Float[Array, "*u"]
    treaty: Float[Array, "*u"]
    rivalry: Float[Array, "*u"]


class Weights(NamedTuple):
    """Sizes of the payoffs; all but the two calibrated ones are assumed, with the signs of Huth 1988 and Fearon 1994.

    `stake` doubles with `rivalry` = 1; `restraint` is what a challenge costs whatever follows, `reluctance` what
    support costs the patron: both are calibrated.
    """

    stake: float = 2.0
    rivalry: float = 1.0
    audience: float = 1.0
    cost: float = 1.5
    nuclear: float = 2.0
    pledge: float = 1.0
    credibility: float = 1.0
    restraint: float = 0.0
    reluctance: float = 0.0


def payoffs(setting: Setting, w: Weights) -> Payoffs:
    """War is a lottery on the stake by power, at a cost that nuclear weapons raise; a broken pledge costs its maker.

    Against the protege alone war costs the challenger half as much.
    """
    stake = w.stake * (1 + w.rivalry * setting.rivalry)
    return Payoffs(
        c_alone=stake * (1 - setting.alone) - w.cost / 2 - w.nuclear * setting.armed_alone - w.restraint,
        c_back=0 * stake - w.audience - w.restraint,
        c_war=stake * (1 - setting.power) - w.cost - w.nuclear * setting.armed - w.restraint,
        d_concede=-stake / 2 - w.pledge * setting.treaty - w.credibility * setting.credibility,
        d_hold=stake / 2 - w.reluctance,
        d_war=stake * (setting.power - 0.5) - w.cost - w.reluctance,
    )


def settings(world: World, hub: int) -> tuple[Setting, np.ndarray]:
    """The setting for every challenger (row) and state (column), and which pairs are relevant.

    Reads capability, defence pacts, rivalry, warheads and, where the world has it, the layer `credibility`. Relevant
    are politically relevant dyads in which neither is the hub, the column is its ally, and the row is not.
    """
    cap = jnp.nan_to_num(jnp.asarray(world.state("capability")))
    ally = jnp.nan_to_num(jnp.asarray(world.dyad("defence"))[hub]) > 0
    bombs = jnp.nan_to_num(jnp.asarray(world.state("warheads"))) > 0
    belief = jnp.asarray(world.states.get("credibility", jnp.zeros(world.n))) * ally

    def share(side: Array) -> Array:
        return side[None, :] / jnp.maximum(side[None, :] + cap[:, None], 1e-9)

    def column(values: Array) -> Array:
        return jnp.broadcast_to(values[None, :].astype(jnp.float32), (world.n, world.n))

    setting = Setting(
        power=share(cap + cap[hub] * ally),
        alone=share(cap),
        armed=column(bombs | (bombs[hub] & ally)),
        armed_alone=column(bombs),
        credibility=column(belief),
        treaty=column(ally),
        rivalry=jnp.nan_to_num(jnp.asarray(world.dyad("rivalry"))),
    )
    there = np.asarray(world.present) & (np.arange(world.n) != hub)
    pairs = (there & ~np.asarray(ally))[:, None] & (there & np.asarray(ally))[None, :]
    return setting, pairs & (np.asarray(PoliticallyRelevant()(world)) > 0)


class Deterrence(NamedTuple):
    """Per year, for every challenger (row) and ally (column): the game, and a challenge without a patron."""

    play: Play
    without: Float[Array, "n n"]
    relevant: Float[np.ndarray, "n n"]


def deterrence(world: World, hub: int, weights: Weights, precision: float = LAMBDA) -> Deterrence:
    """The chance of a challenge, of support, of a fight and of war with the patron, and of a challenge without it.

    Without a patron nobody supports: a challenge meets the protege alone.
    """
    setting, relevant = settings(world, hub)
    pay = payoffs(setting, weights)
    return Deterrence(play(pay, precision), sigmoid(precision * pay.c_alone), relevant.astype(np.float32))


class Rates(NamedTuple):
    """What the game says of all relevant pairs: challenges a year, support if tested, support whether tested or not."""

    challenge: float
    fulfilled: float
    unconditional: float


def rates(found: Play, relevant: np.ndarray) -> Rates:
    """Means over relevant pairs; support if tested is weighted by the chance of a challenge: selection."""
    challenge, support = (np.asarray(x)[relevant > 0] for x in (found.challenge, found.support))
    return Rates(float(challenge.mean()), float((challenge * support).sum() / challenge.sum()), float(support.mean()))


def calibrated(world: World, hub: int, weights: Weights | None = None, precision: float = LAMBDA) -> Weights:
    """Weights whose restraint and reluctance give the target rates in this world; ValueError if none do."""
    base = weights or Weights()

    def miss(x: np.ndarray) -> list[float]:
        found = deterrence(world, hub, base._replace(restraint=float(x[0]), reluctance=float(x[1])), precision)
        got = rates(found.play, found.relevant)
        return [np.log(got.challenge / CHALLENGES), np.log(got.fulfilled / FULFILLED)]

    solved = root(miss, np.array([4.0, 3.0]), method="hybr", options={"eps": 1e-2})
    if np.abs(solved.fun).max() > 1e-2:
        raise ValueError(f"no weights give the target rates in this world (missed by {solved.fun})")
    return base._replace(restraint=round(float(solved.x[0]), 4), reluctance=round(float(solved.x[1]), 4))
