"""States drift in the space of United Nations votes, drawn by their allies and shaken by autocrats of new backing."""

import itertools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from scipy.special import roots_genlaguerre

from latticework.effects import (
    Decades,
    Filled,
    Missing,
    NewCoalition,
    NewLeader,
    Not,
    OfState,
    PartnerMean,
    autocratic,
    democratic,
)
from latticework.processes.base import Anchor, Coefficient, Evidence, Predictor, Push, designed
from latticework.processes.families import FREEDOM, AbstractJumpDrift
from latticework.types import Array, Bool, Float, Key
from latticework.world import Panel, World

ROLLING = "Own re-estimate on UN ideal points, rolling origin 1991-2018; pooled since 1946"
CELLS = "Own re-estimate on CHISOLS 4.0 and UN ideal points 1946-2008: means of yearly |change|"
DOUBLED = "the ratio of means of yearly |change| in CHISOLS and UN votes 1946-2008, with twice its doubt"
UNTOLD = "between the two others: 0.37 of the autocracies' changes of leader change the coalition"
CENTRE = 1980.0  # the year of whose states log sigma tells
MIXTURE = 9
USUAL_FADE = 2.5  # years: the mean age of what the mean of five years holds


def precision_points(freedom: float) -> tuple[Float[np.ndarray, "q"], Float[np.ndarray, "q"]]:
    """Points and weights of the gamma law of a Student-t's precision (generalised Gauss-Laguerre)."""
    points, weights = roots_genlaguerre(MIXTURE, freedom / 2 - 1)
    return 2 * points / freedom, weights / weights.sum()


class Votes(eqx.Module):
    """Observed ideal points with their published sd, (t, n), and the effects on the step that ends there, (t, n, m).

    `known` says whether a vote is on record, `told` whether all effects on the step are.
    """

    level: Float[Array, "t n"]
    sd: Float[Array, "t n"]
    known: Bool[Array, "t n"]
    told: Bool[Array, "t n"]
    design: Float[Array, "t n m"]
    dt: Float[Array, "t"]


def new_autocrats() -> tuple[Coefficient, ...]:
    """How much more an autocracy moves in the year of a new leader, by whether other groups brought him to power."""
    leader, coalition = NewLeader() * autocratic(), NewCoalition()
    same, other, untold = (
        leader * Not(Filled(coalition, 1.0)),
        Filled(coalition, 0.0) * autocratic(),
        Missing(coalition),
    )
    table = (
        ("", same, 0.126, 0.15, Anchor(0.126, None, CELLS, "log of 0.220/0.194"), DOUBLED),
        (", new coalition", other, 0.446, 0.25, Anchor(0.446, None, CELLS, "log of 0.303/0.194"), DOUBLED),
        (", coalition not on record", leader * untold, 0.25, 0.25, None, UNTOLD),
    )
    return tuple(
        Coefficient(f"new leader of an autocracy{kind}", effect, "log scale", mean, sd, anchor, because=why)
        for kind, effect, mean, sd, anchor, why in table
    )


class AlignmentDrift(AbstractJumpDrift):
    """The UN ideal point of a state.

    The published estimate is the latent position plus an error whose sd is the published posterior sd times a factor
    that is estimated too, so that measurement error is not taken for movement (last coefficient: its log).
    A new leader shakes the position in the year that begins with the change, wherever in it the step ends: the clocks
    of leader and coalition are those of the step's end. From 2009 on coalitions are not on record: new leaders of those
    years have a coefficient of their own, which no simulation uses, and say nothing about the other two.
    """

    name = "alignment"
    title = "Alignment drifts"
    unit = "state"
    grid = "year"
    observed = "ideal_point"
    drifting = "ideal_point"
    given = ("tenure", "coalition_age")
    reads = (
        "ideal_point",
        "ideal_point_sd",
        "ideal_point_usual",
        "coalition_age",
        "defence",
        "democracy",
        "major_power",
        "tenure",
        "turnover",  # in whose units assumptions are quoted
        "year",
    )
    writes = ("ideal_point", "ideal_point_usual")

    def mean_effects(self) -> tuple[Coefficient, ...]:
        """A state is drawn to where it usually stands, to where democracies stand, and to its allies."""
        unit, slope = "ideal point", "ideal point per ideal point"
        return (
            Coefficient("intercept", None, unit),
            Coefficient("democracy", democratic(), unit),
            Coefficient("own mean of five years", OfState("ideal_point_usual"), slope),
            Coefficient("democratic major power", democratic() * OfState("major_power"), unit),
            Coefficient("mean of defence partners", PartnerMean("ideal_point", "defence"), slope),
        )

    def pace(self) -> tuple[Coefficient, Coefficient]:
        """Speed of reversion and yearly diffusion."""
        kappa = Anchor(
            -3.28, None, ROLLING, "AR coefficient 0.963 towards a common mean: expect faster towards the own"
        )
        sigma = Anchor(-1.39, None, ROLLING, "residual sd 0.25, which includes measurement error: expect less")
        return (
            Coefficient("log kappa", None, "log 1/year", -3.0, 1.0, kappa),
            Coefficient("log sigma", None, "log ideal point per root year", -1.5, 1.0, sigma),
        )

    def scale_effects(self) -> tuple[Coefficient, ...]:
        """Democracies move less, and all have moved less from decade to decade; new autocrats shake the position.

        A trend, not eras: all that is known of the last era when it begins is its prior, and it goes on calming.
        """
        calm = Anchor(-0.264, None, CELLS, "log of 0.149/0.194, without a change of leader")
        unit = "log scale"
        return (
            Coefficient("scale in a democracy", democratic(), unit, 0.0, 0.5, calm),
            Coefficient("scale per decade", Decades(CENTRE), unit, 0.0, 0.3),
            *new_autocrats(),
        )

    def jumps(self) -> tuple[Coefficient, Coefficient]:
        """States that turn about, and those of whom a few votes tell."""
        because = f"{CELLS}; those of the largest tenth are three times the mean"
        return (
            Coefficient("log jump hazard", None, "log 1/year", -3.0, 1.0, because=because),
            Coefficient("log jump size", None, "log ideal point", -1.0, 0.7, because=because),
        )

    def predictors(self) -> tuple[Predictor, ...]:
        """The drift's predictors and the log of the error factor, which plays no part in the drift itself."""
        error = Coefficient("log error factor", None, "log ratio to the published sd", -0.5, 0.5)
        return (*super().predictors(), Predictor("", (error,)))

    def evidence(self, panel: Panel) -> Evidence:
        """Votes of every state with its effects; a term of the likelihood is one state's whole history."""
        design = self.designs(panel)
        level = np.asarray(panel.world.state("ideal_point"), np.float64)
        sd = np.asarray(panel.world.state("ideal_point_sd"), np.float64)
        known = np.isfinite(level) & np.isfinite(sd) & np.asarray(panel.world.present)
        told = np.asarray(np.isfinite(design).all(-1))
        fill = [np.where(known, x, 0.0) for x in (level, sd)]
        years = np.concatenate([[1.0], panel.dt])
        votes = Votes(fill[0], fill[1], known, told, np.where(told[..., None], design, 0.0), years)
        nodes = np.arange(level.shape[1])[:, None]
        moved = known[1:] & known[:-1] & told[1:]
        ends = np.flatnonzero(moved.any(1)) + 1
        span = (str(panel.dates[ends[0] - 1])[:10], str(panel.dates[ends[-1]])[:10])
        return Evidence(votes, nodes, int(moved.sum()), span)

    def designs(self, panel: Panel) -> Float[np.ndarray, "t n m"]:
        """The effects on the step that ends at each world; none on the first."""
        worlds = [panel.at(t) for t in range(len(panel.dates))]
        steps = [before.seeing(after, self.given) for before, after in itertools.pairwise(worlds)]
        rows = [np.asarray(designed(self.coefficients(), step, self.unit), np.float64) for step in steps]
        return np.stack([np.full_like(rows[0], np.nan), *rows])

    def terms(self, theta: Float[Array, "k"], data: Votes) -> Float[Array, "r"]:
        """Log likelihood of each state's votes by a filter that knows the error, the fat tails and the jumps.

        A Student-t innovation is a normal one with a gamma-distributed precision: each step takes that mixture at
        `MIXTURE` points, with a jump and without, weighs them by the observed move and goes on with mean and variance
        (a Gaussian-sum filter collapsed at every step; West 1981, Harrison and Stevens 1976).
        A step of which not all effects are on record ends what is known of the position; the next vote begins anew.
        """
        points, weights = precision_points(FREEDOM)

        def step(carry, now):
            mean, variance, begun = carry
            level, sd, known, told, design, dt = now
            noise = (jnp.exp(theta[-1]) * sd) ** 2
            expected, spread = self.moments(self.weighed(theta, design), mean, dt)
            persistence = jnp.exp(-2 * jnp.exp(theta[len(self.mean_effects())]) * dt)
            chance, jump = -jnp.expm1(-jnp.exp(theta[-3]) * dt), jnp.exp(2 * theta[-2])
            shaken = jnp.stack([spread, spread + jump])[:, None] * (FREEDOM - 2) / FREEDOM / points[:, None]
            share_of = jnp.concatenate([weights * (1 - chance), weights * chance])
            prior = persistence * variance + shaken.reshape(-1, *spread.shape)
            error, total = level - expected, jnp.where(known, prior + noise, 1.0)
            each = jnp.log(share_of)[:, None] - 0.5 * (jnp.log(2 * jnp.pi * total) + error**2 / total)
            term = jax.nn.logsumexp(each, axis=0)
            share, gain = jnp.exp(each - term), prior / total
            move = (share * gain).sum(0) * error
            doubt = (share * ((1 - gain) * prior + (gain * error - move) ** 2)).sum(0)
            goes_on = begun & told
            mean = jnp.where(known, jnp.where(goes_on, expected + move, level), expected)
            unseen = persistence * variance + spread + chance * jump
            variance = jnp.where(known, jnp.where(goes_on, doubt, noise), unseen)
            return (mean, variance, goes_on | known), jnp.where(known & goes_on, term, 0.0)

        start = (data.level[0], jnp.ones_like(data.sd[0]), jnp.zeros_like(data.known[0]))
        _, terms = jax.lax.scan(step, start, (data.level, data.sd, data.known, data.told, data.design, data.dt))
        return terms.sum(0)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """Draw the position dt years on; where the state usually stands follows, as a fading mean of the same age."""
        after = super().sample(key, theta, before, dt, push)
        level, usual = (jnp.asarray(w.state(k)) for w, k in ((after, "ideal_point"), (before, "ideal_point_usual")))
        moved = usual - (level - usual) * jnp.expm1(-dt / USUAL_FADE)
        return after.replace({"ideal_point_usual": jnp.where(jnp.isfinite(moved), moved, usual)})

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The latent position is the published one less an error with the published sd times the error factor."""
        level = jnp.asarray(world.state("ideal_point"))
        sd = jnp.nan_to_num(jnp.asarray(world.state("ideal_point_sd")))
        error = jnp.exp(theta[-1]) * sd * jax.random.normal(key, level.shape)
        return world.replace(states={"ideal_point": level + error})
