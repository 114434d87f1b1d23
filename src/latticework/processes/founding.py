"""A multilateral agreement is founded: some state begins, and others come with it."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from latticework.processes.base import (
    AbstractProcess,
    Coefficient,
    Evidence,
    Predictor,
    Push,
    among,
    designed,
)
from latticework.processes.noise import exponential, fold_in, uniform
from latticework.processes.pacts import nearness
from latticework.types import Array, Bool, Float, Int, Key, Scalar
from latticework.world import Panel, World

FOUNDED = ("pact_founded", "founded_defence", "founded_nonaggression")
LARGEST = 1e6  # a log odds that makes joining impossible, for states that are not there


class Foundings(eqx.Module):
    """What happened in a year, or in each of many: who was there, how near they were, and who founded what.

    `near` (t n n q) holds the effects, `there` (t n) the states, `members` (t e n) the founding members of up to e
    pacts, `counted` (t e) which of these places are filled, `pledges` (t e 2) defence and non-aggression.
    """

    near: Float[Array, "*t n n q"]
    there: Bool[Array, "*t n"]
    members: Float[Array, "*t e n"]
    counted: Bool[Array, "*t e"]
    pledges: Float[Array, "*t e 2"]
    dt: Float[Array, "*t"]


class PactFounded(AbstractProcess):
    r"""Multilateral agreements are founded: each by one state, with which every other comes or not.

    State s begins at rate $r$; state i comes with chance $p_{si} = 1/(1 + e^{-x_{si}\gamma})$, and if none comes there
    is no pact. So pacts with members S arrive at rate $r \sum_{s \in S} \prod_{i \in S \setminus s} p_{si}
    \prod_{i \notin S} (1 - p_{si})$, pacts at all at rate $r \sum_s (1 - \prod_i (1 - p_{si}))$, and the law among some
    states is that of all, restricted to them. Who began is not on record: the likelihood sums over the members.
    theta: log r, then $\gamma$, then the log odds that it pledges defence, and non-aggression. An effect that is
    missing counts as zero. In a simulation a step founds no more pacts than places are free.
    k-adic data: Poast 2010, Political Analysis 18: 403-425; Fordham and Poast 2016.
    """

    name = "pact_founded"
    title = "Multilateral agreement is founded"
    unit = "pact"
    grid = "year"
    observed = "membership"
    until = 2016
    reads = (
        "pact_founded",
        "pact_member",
        "pact_defence",
        "pact_nonaggression",
        "contiguity",
        "defence",
        "democracy",
        "distance",
        "rivalry",
        "shared_igos",
    )
    writes = (*FOUNDED, "pact_founder")

    def predictors(self) -> tuple[Predictor, ...]:
        """The rate of beginnings, who comes, what is pledged."""
        coming = tuple(Coefficient(name, effect, f"log odds {per}".strip()) for name, effect, per in nearness())
        return (
            Predictor("begun", (Coefficient("intercept", None, "log rate per state", -5.0, 2.0),)),
            Predictor("coming", (Coefficient("intercept", None, "log odds", -4.0, 2.0), *coming)),
            Predictor("defence pledged", (Coefficient("intercept", None, "log odds", 0.0, 2.0),)),
            Predictor("non-aggression pledged", (Coefficient("intercept", None, "log odds", 0.0, 2.0),)),
        )

    def near(self, world: World) -> Float[Array, "n n q"]:
        """How near every two states are, an intercept first."""
        return jnp.nan_to_num(designed(self.predictors()[1].coefficients, world, "dyad"))

    def coming(self, odds: Float[Array, "n n"], there: Bool[Array, "n"]) -> Float[Array, "n n"]:
        """Log odds that the second state comes with the first; none with itself or if one of the two is not there."""
        possible = there[:, None] & there[None, :] & ~jnp.eye(len(there), dtype=bool)
        return jnp.where(possible, odds, -LARGEST)

    def rates(self, theta: Float[Array, "k"], odds: Float[Array, "n n"]) -> Float[Array, "n"]:
        """The rate at which each state founds a pact with at least one other."""
        return jnp.exp(theta[0]) * -jnp.expm1(jax.nn.log_sigmoid(-odds).sum(-1))

    def year(self, theta: Float[Array, "k"], one: Foundings) -> Scalar:
        """Log probability of what was founded in one year."""
        odds = self.coming(one.near @ theta[1:-2], one.there)
        quiet = -self.rates(theta, odds).sum() * one.dt
        yes, no = jax.nn.log_sigmoid(odds), jax.nn.log_sigmoid(-odds)
        others = 1 - jnp.eye(len(one.there))

        def founded(members, pledges):
            from_each = jnp.where(one.there, ((members * yes + (1 - members) * no) * others).sum(-1), -LARGEST)
            begun = jax.nn.logsumexp(jnp.where(members > 0, from_each, -LARGEST))
            told = pledges * jax.nn.log_sigmoid(theta[-2:]) + (1 - pledges) * jax.nn.log_sigmoid(-theta[-2:])
            return theta[0] + jnp.log(one.dt) + begun + told.sum()

        each = jax.vmap(founded)(one.members, one.pledges)
        return quiet + jnp.where(one.counted, each, 0.0).sum()

    def terms(self, theta: Float[Array, "k"], data: Foundings) -> Float[Array, "t"]:
        """The log likelihood of each year."""
        return jax.lax.map(lambda one: self.year(theta, one), data)

    def log_prob(self, theta: Float[Array, "k"], before: World, after: World, dt: Float[Array, ""]) -> Scalar:
        """Log probability (density, over the order of foundings) of what was founded in dt years."""
        most = before.shape("pact")[0]
        return self.year(theta, self.foundings(before, after, dt, max(most, 1)))

    def foundings(self, before: World, after: World, dt: Float[Array, ""], most: int) -> Foundings:
        """What was founded between two worlds, in `most` places; founders are those of its members who were there."""
        there = jnp.asarray(before.present) & jnp.asarray(after.present)
        begun = jnp.nan_to_num(jnp.asarray(after.pact("pact_founded"))) > 0
        members = jnp.nan_to_num(jnp.asarray(after.membership("pact_member"))) * there
        begun = begun & (members.sum(-1) >= 2)
        first = jnp.argsort(~begun)[:most]
        pledged = [jnp.asarray(after.pact(name))[first] for name in ("pact_defence", "pact_nonaggression")]
        pledges = jnp.nan_to_num(jnp.stack(pledged, -1))
        return Foundings(self.near(before), there, members[first], begun[first], pledges, jnp.asarray(dt))

    def evidence(self, panel: Panel) -> Evidence:
        """The years on record; a term of the likelihood is one year."""
        founded = np.nan_to_num(np.asarray(panel.world.pact("pact_founded")))[1:].sum(-1)
        most, years = int(founded.max(initial=1)), range(len(panel.dates) - 1)
        each = [self.foundings(panel.at(t), panel.at(t + 1), jnp.asarray(panel.dt[t]), most) for t in years]
        data = jax.tree.map(lambda *xs: np.stack([_double(x) for x in xs]), *each)
        span = (str(panel.dates[1])[:10], str(panel.dates[-1])[:10])
        return Evidence(data, np.arange(len(each))[:, None], int(data.counted.sum()), span)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw how many pacts are founded, and of each by whom, with whom and with which pledges.

        They come one by one until the step is over, and take the free places in their order; without one none comes.
        """
        coming = zip(theta[1:-2], self.predictors()[1].coefficients, strict=True)
        near = (weight if c.effect is None else weight * jnp.nan_to_num(c.effect(before)) for weight, c in coming)
        odds = self.coming(sum(near, jnp.zeros((before.n, before.n))), among("state", before))
        rates = self.rates(theta, odds) * jnp.exp(jnp.mean(jnp.asarray(push.shift)))
        free = ~before.in_force
        waits = exponential(fold_in(key, 0), "pact", free.shape) / (rates.sum() + jnp.sum(jnp.asarray(push.hazard)))
        number = jnp.minimum((jnp.cumsum(waits) < dt).sum(), free.sum())
        turns = jnp.where(free, jnp.cumsum(free) - 1, len(free))
        begun = turns < number

        def found(turn, founders):
            who, first, *rest = jnp.split(uniform(fold_in(key, turn + 2), "state", (before.n + 2,)), (1, 2))
            founder = _drawn(who[0], rates)
            comes = _at_least_one(first[0], rest[0], odds[founder])
            return founders | ((turns == turn)[:, None] & (comes | (jnp.arange(before.n) == founder)))

        founders = jax.lax.fori_loop(0, number, found, jnp.zeros((len(free), before.n), bool))
        pledged = uniform(fold_in(key, 1), "pact", (len(free), 2)) < jax.nn.sigmoid(theta[-2:])
        layers = dict(zip(FOUNDED, (begun, begun & pledged[:, 0], begun & pledged[:, 1]), strict=True))
        as_layers = {name: layer.astype(jnp.float32) for name, layer in layers.items()}
        return before.replace(pacts=as_layers, memberships={"pact_founder": founders.astype(jnp.float32)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Nothing founded yet."""
        none: dict[str, Array] = dict.fromkeys(FOUNDED, jnp.zeros(world.shape("pact")))
        return world.replace(pacts=none, memberships={"pact_founder": jnp.zeros(world.shape("membership"))})


def _double(x: Array) -> np.ndarray:
    """Numbers in double precision, masks as they are."""
    array = np.asarray(x)
    return array if array.dtype == bool else array.astype(np.float64)


def _drawn(u: Float[Array, ""], weights: Float[Array, "n"]) -> Int[Array, ""]:
    """One of n with chances in proportion to its weight."""
    upto = jnp.cumsum(weights)
    return jnp.minimum(jnp.searchsorted(upto, u * upto[-1], side="right"), len(weights) - 1)


def _at_least_one(u: Float[Array, ""], rest: Float[Array, "n"], odds: Float[Array, "n"]) -> Bool[Array, "n"]:
    """Who comes, given that somebody does: the first by the inverse of its law, those after it independently."""
    nobody = jnp.cumsum(jax.nn.log_sigmoid(-odds))  # log chance that none of the first i comes
    first = jnp.argmax(-jnp.expm1(nobody) >= u * -jnp.expm1(nobody[-1]))
    order = jnp.arange(len(odds))
    return (order == first) | ((order > first) & (rest < jax.nn.sigmoid(odds)))
