"""Treaties in force follow from what was signed, founded, joined, left and ended: bookkeeping, nothing to learn."""

import jax.numpy as jnp

from latticework.effects.network import packed
from latticework.processes.base import AbstractBookkeeping, Push
from latticework.processes.founding import FOUNDED
from latticework.types import Array, Float, Key
from latticework.world import World

SIGNED = ("agreement_signed", "signed_defence", "signed_nonaggression", "agreement_ended")
OF_PACTS = ("pact_age", "pact_defence", "pact_nonaggression", "pact_size")
PACT_EVENTS = (*FOUNDED, "pact_founder", "pact_joined", "pact_left", "pact_ended")


class TreatiesInForce(AbstractBookkeeping):
    """What is in force after a step: bilateral agreements, pacts and their members, and the obligations to defend.

    An obligation to defend between two states holds while a bilateral agreement with such a pledge does, or a pact
    with one to which both belong. What the record of obligations has beyond the record of agreements when a simulation
    begins stays (`defence_elsewhere`), and what it does not have, though an agreement says so, stays out
    (`defence_withheld`: an obligation suspended or given by one side). So NATO never ends dyad by dyad.
    """

    name = "treaties"
    title = "Treaties in force"
    unit = "dyad"
    grid = "year"
    observed = None
    given = (*SIGNED, *PACT_EVENTS)
    reads = (
        "agreement",
        "agreement_age",
        "agreement_defence",
        "agreement_nonaggression",
        "agreement_shift",
        "defence",
        "pact_age",
        "pact_defence",
        "pact_member",
        "pact_nonaggression",
        "pact_size",
    )
    writes = (*reads, "membership_joined", "membership_left")

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """The treaties in force dt years on, given this step's events."""
        after = _pacts(_bilateral(before, dt), dt)
        known = jnp.isfinite(jnp.asarray(before.dyad("defence")))
        bound = _pledged(after) * (1 - after.dyad("defence_withheld"))
        defence = jnp.maximum(bound, jnp.asarray(after.dyad("defence_elsewhere")))
        joined, left = (jnp.asarray(before.membership(name)) for name in ("pact_joined", "pact_left"))
        comers = joined.sum(0) + jnp.asarray(before.membership("pact_founder")).sum(0)
        return after.replace(
            states={"membership_joined": comers, "membership_left": left.sum(0)},
            dyads={"defence": jnp.where(known, defence, jnp.nan)},
        )

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """Ages and pledges of what is not in force at zero; what the record of obligations has more, and less."""
        names = ("agreement_age", "agreement_defence", "agreement_nonaggression", "agreement_shift")
        world = world.replace(dyads={name: jnp.nan_to_num(jnp.asarray(world.dyad(name))) for name in names})
        world = world.replace(
            pacts={k: jnp.nan_to_num(jnp.asarray(world.pact(k))) for k in OF_PACTS},
            memberships={"pact_member": jnp.nan_to_num(jnp.asarray(world.membership("pact_member")))},
        )
        defence, pledged = jnp.nan_to_num(jnp.asarray(world.dyad("defence"))), _pledged(world)
        return world.replace(
            states={"membership_joined": jnp.zeros(world.n), "membership_left": jnp.zeros(world.n)},
            dyads={
                "defence_elsewhere": defence * (1 - pledged),
                "defence_withheld": pledged * (1 - defence),
            },
        )


def _bilateral(before: World, dt: Float[Array, ""]) -> World:
    """Bilateral agreements after what was signed and what ended."""
    signed, ended = (jnp.asarray(before.dyad(name)) > 0 for name in ("agreement_signed", "agreement_ended"))
    held = jnp.asarray(before.dyad("agreement"))
    age = jnp.where(held > 0, jnp.asarray(before.dyad("agreement_age")) + dt, 0.0)
    layers = {
        "agreement": jnp.where(ended, 0.0, jnp.where(signed, 1.0, held)),
        "agreement_age": jnp.where(signed, dt / 2, jnp.where(ended, 0.0, age)),
        "agreement_shift": jnp.where(signed | ended, 0.0, jnp.asarray(before.dyad("agreement_shift"))),
    }
    for pledge in ("defence", "nonaggression"):
        new, old = jnp.asarray(before.dyad(f"signed_{pledge}")), jnp.asarray(before.dyad(f"agreement_{pledge}"))
        layers[f"agreement_{pledge}"] = jnp.where(signed, new, jnp.where(ended, 0.0, old))
    return before.replace(dyads=layers)


def _pacts(before: World, dt: Float[Array, ""]) -> World:
    """Pacts and their members after what was founded, joined, left and ended."""
    founded, ended = (jnp.asarray(before.pact(name)) > 0 for name in ("pact_founded", "pact_ended"))
    joined, left = (jnp.asarray(before.membership(name)) > 0 for name in ("pact_joined", "pact_left"))
    member = jnp.where(left, 0.0, jnp.where(joined, 1.0, jnp.asarray(before.membership("pact_member"))))
    member = jnp.where(ended[:, None], 0.0, member)
    member = jnp.where(founded[:, None], jnp.asarray(before.membership("pact_founder")), member)
    member = jnp.where((member.sum(-1) >= 2)[:, None], member, 0.0)
    size = jnp.asarray(before.pact("pact_size")) + (member - jnp.asarray(before.membership("pact_member"))).sum(-1)
    layers: dict[str, Array] = {
        "pact_age": jnp.where(founded, dt / 2, jnp.asarray(before.pact("pact_age")) + dt),
        "pact_size": jnp.where(founded, member.sum(-1), size),
    }
    for pledge in ("defence", "nonaggression"):
        layers[f"pact_{pledge}"] = jnp.where(
            founded, jnp.asarray(before.pact(f"founded_{pledge}")), jnp.asarray(before.pact(f"pact_{pledge}"))
        )
    return before.replace(pacts=layers, memberships={"pact_member": member})


def _pledged(world: World) -> Float[Array, "n n"]:
    """1 where a bilateral agreement, or a pact to which both belong, pledges defence."""
    bilateral = jnp.asarray(world.dyad("agreement")) * jnp.asarray(world.dyad("agreement_defence"))
    member = jnp.asarray(world.membership("pact_member"))
    belongs = packed(jnp.swapaxes(member, -1, -2) * jnp.asarray(world.pact("pact_defence")) > 0)
    common = belongs[:, None, :] & belongs[None, :, :]
    together = (common != 0).any(-1) & ~jnp.eye(world.n, dtype=bool)
    return jnp.maximum(jnp.nan_to_num(bilateral), together.astype(bilateral.dtype))
