"""A patron's troops in a host: they are held, drawn down or surged."""

import jax
import jax.numpy as jnp
import numpy as np

from latticework.effects import LogTroops, NewLeader, OfDyad, OfReceiver, OfSender, autocratic
from latticework.processes.base import AbstractProcess, Anchor, Coefficient, Push, Rows, among, designed
from latticework.processes.families import log_chance, student_t_log_density
from latticework.types import Array, Float, Key
from latticework.world import World

RATES = "Own re-estimate on the classic US troop series, yearly changes of hosts with at least 100, 1,000 and 10,000"
FEWEST = 100.0
DOWN = float(np.log(0.8))
UP = float(np.log(1.2))
HOLD_FREEDOM = 3.0


def t3_cdf(z: Float[Array, "..."]) -> Float[Array, "..."]:
    """Distribution function of Student's t with three degrees of freedom, in closed form."""
    x = z / jnp.sqrt(3.0)
    return 0.5 + (x / (1 + x**2) + jnp.arctan(x)) / jnp.pi


def t3_quantile(u: Float[Array, "..."]) -> Float[Array, "..."]:
    """Inverse of `t3_cdf` by Newton steps from the normal-tail side; exact to float precision between the thresholds."""
    z = jnp.tan(jnp.pi * (u - 0.5)) * 0.8

    def newton(_, z):
        return z - (t3_cdf(z) - u) / jnp.exp(student_t_log_density(z, HOLD_FREEDOM))

    return jax.lax.fori_loop(0, 12, newton, jnp.clip(z, -3.0, 3.0))


class TroopChange(AbstractProcess):
    r"""Troops of a sender in a host with at least a hundred: hold, draw-down (a fifth or more) or surge (a fifth or more).

    Draw-down and surge are competing hazards; their log sizes beyond the threshold are exponential; what is held moves by
    a Student-t change of scale $\sigma \sqrt{dt}$ between the thresholds. theta: draw-down effects, surge effects, log
    mean size of a draw-down and of a surge, log sigma. A push raises the log hazard of a draw-down.
    """

    name = "troop_change"
    title = "Troops are drawn down or surged"
    unit = "ordered dyad"
    grid = "year"
    observed = "troops"
    writes = ("troops",)

    def effects(self) -> tuple[tuple[str, object], ...]:
        """The effects that draw-down and surge share."""
        return (
            ("log10 troops from 1,000", LogTroops()),
            ("defence pact", OfDyad("defence")),
            ("new leader of an autocratic host", OfReceiver(NewLeader() * autocratic())),
            ("new leader of the sender", OfSender(NewLeader())),
        )

    def coefficients(self) -> tuple[Coefficient, ...]:
        """Draw-down, surge, sizes, noise."""
        down = {"intercept": Anchor(-1.75, None, RATES, "0.159 a year, hosts of 1,000 or more"), "log10 troops from 1,000": Anchor(-0.20, None, RATES, "from 0.185, 0.159, 0.139")}  # fmt: skip
        up = {"intercept": Anchor(-2.20, None, RATES, "0.105 a year, hosts of 1,000 or more"), "log10 troops from 1,000": Anchor(-0.49, None, RATES, "from 0.130, 0.105, 0.062")}  # fmt: skip
        out = []
        for move, anchors in (("draw-down", down), ("surge", up)):
            out.append(Coefficient(f"{move}: intercept", None, prior_sd=5.0, anchor=anchors["intercept"]))
            out += [Coefficient(f"{move}: {name}", effect, anchor=anchors.get(name)) for name, effect in self.effects()]
        size = "log of mean log size beyond a fifth"
        noise = Anchor(-2.21, None, RATES, "log of the MAD-sd 0.110, hosts of 1,000 or more")
        return (
            *out,
            Coefficient("log mean draw-down", None, size, -0.7, 1.0),
            Coefficient("log mean surge", None, size, -0.7, 1.0),
            Coefficient("log hold noise", None, "log change per root year", -2.5, 1.0, noise),
        )

    def design(self, world: World) -> Float[Array, "*t n n k"]:
        """Intercept and effects, shared by both moves."""
        shared = (Coefficient("intercept", None), *(Coefficient(name, effect) for name, effect in self.effects()))
        return designed(shared, world, self.unit)

    def laws(
        self, theta: Float[Array, "k"], design: Float[Array, "*u k2"], dt: Float[Array, "..."], push: Push
    ) -> tuple[Float[Array, "*u"], Float[Array, "*u"], Float[Array, "..."], Float[Array, "..."], Float[Array, "..."]]:
        """Yearly hazards of draw-down and surge, their mean sizes, and the scale of what is held."""
        k = design.shape[-1]
        down = jnp.exp(design @ theta[:k] + push.shift) + push.hazard
        up = jnp.exp(design @ theta[k : 2 * k])
        size_down, size_up, noise = jnp.exp(theta[2 * k]), jnp.exp(theta[2 * k + 1]), jnp.exp(theta[2 * k + 2])
        return down, up, size_down, size_up, noise * jnp.sqrt(dt)

    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """Rows of hosts with at least a hundred troops; the outcome is the change of log troops."""
        design = self.design(before)
        old, new = jnp.asarray(before.dyad("troops")), jnp.asarray(after.dyad("troops"))
        risk = among(self.unit, before, after) & (old >= FEWEST) & jnp.isfinite(new) & jnp.isfinite(design).all(-1)
        change = jnp.log(jnp.maximum(new, 1.0)) - jnp.log(jnp.maximum(old, 1.0))
        design, change = jnp.where(risk[..., None], design, 0.0), jnp.where(risk, change, 0.0)
        return Rows(design, jnp.where(risk, old, 0.0), change, risk, jnp.full((1, 1), dt))

    def density(self, theta: Float[Array, "k"], rows: Rows) -> Float[Array, "*u"]:
        """Log density of the change of log troops."""
        down, up, size_down, size_up, noise = self.laws(theta, rows.design, rows.dt, Push())
        total, change = down + up, rows.outcome
        moved = log_chance(total * rows.dt) - jnp.log(total)
        fell = moved + jnp.log(down) - jnp.log(size_down) + jnp.minimum(change - DOWN, 0.0) / size_down
        rose = moved + jnp.log(up) - jnp.log(size_up) - jnp.maximum(change - UP, 0.0) / size_up
        inside = jnp.log(t3_cdf(UP / noise) - t3_cdf(DOWN / noise))
        held = -total * rows.dt + student_t_log_density(change / noise, HOLD_FREEDOM) - jnp.log(noise) - inside
        return jnp.where(change <= DOWN, fell, jnp.where(change >= UP, rose, held))

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the troops dt years on; hosts with fewer than a hundred keep what they have."""
        design, old = self.design(before), jnp.asarray(before.dyad("troops"))
        risk = among(self.unit, before) & (old >= FEWEST) & jnp.isfinite(design).all(-1)
        design = jnp.where(risk[..., None], design, 0.0)
        down, up, size_down, size_up, noise = self.laws(theta, design, dt, push)
        which, size, rest = (jax.random.uniform(k, old.shape, old.dtype, 1e-7) for k in jax.random.split(key, 3))
        total = down + up
        moved, fell = which < -jnp.expm1(-total * dt), which < -jnp.expm1(-total * dt) * down / total
        low, high = t3_cdf(DOWN / noise), t3_cdf(UP / noise)
        held = noise * t3_quantile(low + (high - low) * rest)
        jump = jnp.where(fell, DOWN + size_down * jnp.log(size), UP - size_up * jnp.log(size))
        change = jnp.where(moved, jump, held)
        return before.replace(dyads={"troops": jnp.where(risk, old * jnp.exp(change), old)})

    def tally(self, theta: Float[Array, "k"], rows: Rows) -> tuple[Float[Array, "*u"], Float[Array, "*u"]]:
        """Draw-downs that happened and draw-downs expected, row by row."""
        down, *_ = self.laws(theta, rows.design, rows.dt, Push())
        return (rows.outcome <= DOWN).astype(rows.outcome.dtype), down * rows.dt

    def count_events(self, data: Rows) -> int:
        """Draw-downs and surges."""
        change = np.asarray(data.outcome)
        return int(((change <= DOWN) | (change >= UP)).sum())
