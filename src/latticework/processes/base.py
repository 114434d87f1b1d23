"""A process turns weighted effects into the law by which one layer of the world moves in dt years."""

import abc
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from latticework.effects import AbstractEffect
from latticework.types import Array, Bool, Float, Int, Key, Scalar
from latticework.world import Panel, World

if TYPE_CHECKING:
    from typing import ClassVar as AbstractClassVar
else:
    from equinox import AbstractClassVar  # a type checker follows it only under this name


@dataclass(frozen=True)
class Anchor:
    """A published or re-estimated value with which a coefficient should be compared; `sd` is None where unknown."""

    value: float
    sd: float | None
    source: str
    note: str = ""


@dataclass(frozen=True)
class Coefficient:
    """One number of a process: its effect (None for an intercept or a scale), unit, prior N(mean, sd) and anchor.

    `because` says where an informative prior comes from. An `assumed` coefficient is not learned, because the record
    cannot identify it (see `because`): it is held at its prior's mean in a fit and drawn from its prior afterwards.
    """

    name: str
    effect: AbstractEffect | None
    unit: str = "log hazard"
    prior_mean: float = 0.0
    prior_sd: float = 1.0
    anchor: Anchor | None = None
    assumed: bool = False
    because: str = ""


@dataclass(frozen=True)
class Predictor:
    """A linear predictor of a law: weighted effects added up. A name that it has goes before its coefficients'."""

    name: str
    coefficients: tuple[Coefficient, ...]

    def named(self) -> tuple[Coefficient, ...]:
        """The coefficients under their full names ("draw-down: intercept")."""
        prefix = f"{self.name}: " if self.name else ""
        return tuple(replace(c, name=prefix + c.name) for c in self.coefficients)


def anchored(coefficients: tuple[Coefficient, ...], anchors: Mapping[str, Anchor]) -> tuple[Coefficient, ...]:
    """The coefficients, each with the anchor of its name, if there is one."""
    return tuple(replace(c, anchor=anchors.get(c.name)) for c in coefficients)


class Push(eqx.Module):
    """What acts on one process in one step beside its effects.

    What a scenario adds: `shift` goes onto the linear predictor (log hazard; for a drift, level per year), `hazard` is
    extra events per year. What history left unexplained: `offset` goes onto the first linear predictor, for each unit.
    """

    shift: Float[Array, "..."] | float = 0.0
    hazard: Float[Array, "..."] | float = 0.0
    offset: Float[Array, "..."] | float = 0.0


class Rows(eqx.Module):
    """The evidence for one process: a row per unit and step, flat or in the shape of the units.

    `design` holds the effects before the step, `level` the layer before it, `outcome` what followed, `dt` its years.
    """

    design: Float[Array, "*u k"]
    level: Float[Array, "*u"]
    outcome: Float[Array, "*u"]
    at_risk: Bool[Array, "*u"]
    dt: Float[Array, "*#u"]


class Evidence(eqx.Module):
    """What a fit needs of a panel: data for `terms`, and the states behind each term, (r, 1) or (r, 2).

    The data are Rows, or what a process that has its own `terms` makes of the panel.
    `nodes` are the clusters of the robust covariance. An ordered dyad counts by its receiver: where one sender does
    nearly all, its scores add up to zero at the mode and would hide the dependence among hosts.
    `units` are the indices of each row's unit: state; both states of a dyad; agreement and state of a membership.
    `year` is the calendar year of each row's end; both are None where a term is not one unit's step.
    `codes` names the states in the order of their indices.
    """

    data: Any
    nodes: Int[np.ndarray, "r m"]
    events: int = eqx.field(static=True)
    span: tuple[str, str] = eqx.field(static=True)
    units: Int[np.ndarray, "r u"] | None = None
    year: Int[np.ndarray, "r"] | None = None
    codes: tuple[str, ...] = eqx.field(static=True, default=())


class AbstractProcess(eqx.Module):
    """The law by which one layer moves in dt years: it can be evaluated (to fit) and drawn from (to simulate).

    A law is a function of one or more linear predictors; theta is their coefficients in order. Every process reads the
    world at the start of the step and changes its own layers only, so within a step the order of processes does not
    matter and their laws multiply. The one exception is declared: `given` names layers of this same step, moved by a
    process earlier in the model (whether a dispute begins, then whether force is used in it).
    `unit` is "state", "dyad" (unordered: the upper triangle counts, both halves move together), "ordered dyad",
    "pact" (a multilateral agreement) or "membership" (a pact and a state).
    `reads` names the layers of the panel that the process needs, `writes` those that it moves; `grid` is the step of
    the panel on which it is fitted;
    `observed` is the layer of the panel whose end says from when on the process has to be simulated, None if every
    scenario states the layer as of its baseline.
    `varies` says between what the first predictor differs beyond its effects: "state" (each member, for a dyad),
    "sender", "receiver", "era" (a random walk over decades).
    """

    name: AbstractClassVar[str]
    title: AbstractClassVar[str]
    unit: AbstractClassVar[str]
    grid: AbstractClassVar[Literal["year", "quarter"]]
    observed: AbstractClassVar[str | None]
    reads: AbstractClassVar[tuple[str, ...]]
    writes: AbstractClassVar[tuple[str, ...]]
    given: ClassVar[tuple[str, ...]] = ()
    varies: ClassVar[tuple[str, ...]] = ()
    since: ClassVar[int] = 1950
    until: ClassVar[int] = 9999

    @abc.abstractmethod
    def predictors(self) -> tuple[Predictor, ...]:
        """The linear predictors of the law, in the order in which `law` takes them."""

    @abc.abstractmethod
    def log_prob(self, theta: Float[Array, "k"], before: World, after: World, dt: Float[Array, ""]) -> Scalar:
        """Log probability of going from one world to the other in dt years."""

    @abc.abstractmethod
    def evidence(self, panel: Panel) -> Evidence:
        """What a fit needs of a whole panel."""

    @abc.abstractmethod
    def terms(self, theta: Float[Array, "k"], data: Any) -> Float[Array, "r"]:
        """The log likelihood, term by term."""

    @abc.abstractmethod
    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """One draw of the world dt years on, as far as this process moves it."""

    def coefficients(self) -> tuple[Coefficient, ...]:
        """The coefficients in the order of theta."""
        return tuple(c for predictor in self.predictors() for c in predictor.named())

    def weighed(
        self, theta: Float[Array, "k"], design: Float[Array, "*u k"], offset: Float[Array, "*u"] | float = 0.0
    ) -> tuple[Float[Array, "*u"], ...]:
        """The values of the linear predictors, given the design (a column per coefficient) and the first's offset."""
        ends = itertools.accumulate((len(p.coefficients) for p in self.predictors()), initial=0)
        first, *others = (design[..., a:b] @ theta[a:b] for a, b in itertools.pairwise(ends))
        return (first + offset, *others)

    def etas(
        self, theta: Float[Array, "k"], before: World, push: Push, senders: tuple[int, ...] | None = None
    ) -> tuple[Float[Array, "..."], ...]:
        """The values of the linear predictors in a world, the first with its offset; of some senders, if named."""
        etas, k = [], 0
        for number, predictor in enumerate(self.predictors()):
            weights = theta[k : k + len(predictor.coefficients)]
            offset = 0.0 if number else of_senders(push.offset, senders)
            etas.append(weighted(predictor.coefficients, weights, before, self.unit, senders) + offset)
            k += len(predictor.coefficients)
        return tuple(etas)

    def narrowed(self, worlds: World) -> "AbstractProcess":
        """The same law and the same draws at less cost, for simulations that reach no more than these worlds do."""
        return self

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The world with this process's layers made ready for a simulation: events cleared, errors drawn."""
        return world


class AbstractBookkeeping(AbstractProcess):
    """A process of which nothing is uncertain: what follows is sure, and there is nothing to learn."""

    def predictors(self) -> tuple[Predictor, ...]:
        """None: nothing here is uncertain."""
        return ()

    def log_prob(self, theta: Float[Array, "k"], before: World, after: World, dt: Float[Array, ""]) -> Scalar:
        """Zero: what follows is sure."""
        return jnp.zeros(())

    def terms(self, theta: Float[Array, "k"], data: Array) -> Float[Array, "r"]:
        """None."""
        return jnp.zeros(0)

    def evidence(self, panel: Panel) -> Evidence:
        """None: TypeError, for whoever asks to fit it."""
        raise TypeError(f"'{self.name}' is bookkeeping: there is nothing to fit.")


class AbstractUnitwise(AbstractProcess):
    """A process whose units move independently, given the world at the start of the step: a row per unit and step."""

    @abc.abstractmethod
    def rows(self, before: World, after: World, dt: Float[Array, ""]) -> Rows:
        """The evidence of one step, in the shape of the units."""

    @abc.abstractmethod
    def law(self, etas: tuple[Float[Array, "..."], ...], rows: Rows) -> Float[Array, "..."]:
        """Log probability (density) of each row's outcome, given the values of the linear predictors."""

    def density(self, theta: Float[Array, "k"], rows: Rows) -> Float[Array, "*u"]:
        """Log probability (density) of each row's outcome."""
        return self.law(self.weighed(theta, rows.design), rows)

    def log_prob(self, theta: Float[Array, "k"], before: World, after: World, dt: Float[Array, ""]) -> Scalar:
        """Log probability of going from one world to the other in dt years."""
        rows = self.rows(before.seeing(after, self.given), after, dt)
        return jnp.where(rows.at_risk, self.density(theta, rows), 0.0).sum()

    def terms(self, theta: Float[Array, "k"], data: Any) -> Float[Array, "r"]:
        """The log likelihood, term by term."""
        return self.density(theta, data)

    def evidence(self, panel: Panel) -> Evidence:
        """The rows at risk of a whole panel, in double precision."""
        dt = panel.dt
        kept, units, years = [], [], []
        for t in range(len(panel.dates) - 1):
            before, after = panel.at(t), panel.at(t + 1)
            rows = self.rows(before.seeing(after, self.given), after, jnp.asarray(dt[t]))
            risk = np.asarray(rows.at_risk)
            where = np.argwhere(risk)
            step = np.full(len(where), dt[t])
            kept.append([np.asarray(x, np.float64)[risk] for x in (rows.design, rows.level, rows.outcome)] + [step])
            units.append(where)
            years.append(np.full(len(where), panel.dates[t + 1].astype("datetime64[Y]").astype(int) + 1970))
        design, level, outcome, step = (np.concatenate(part) for part in zip(*kept, strict=True))
        data = Rows(design, level, outcome, np.ones(len(step), bool), step)
        moved = [panel.dates[t + 1] for t, rows in enumerate(units) if len(rows)] or [panel.dates[0]]
        span = (str(min(moved))[:10], str(max(moved))[:10])
        unit = np.concatenate(units)
        nodes = unit[:, 1:] if self.unit in ("ordered dyad", "membership") else unit
        return Evidence(data, nodes, self.count_events(data), span, unit, np.concatenate(years), panel.codes)

    def count_events(self, data: Rows) -> int:
        """How many events the evidence holds; for a continuous layer, how many observed moves."""
        return int(np.nansum(np.asarray(data.outcome) != 0))


def designed(coefficients: tuple[Coefficient, ...], before: World, unit: str) -> Float[Array, "*u k"]:
    """The design of one step: a column of effect values per coefficient, ones for an intercept."""
    shape = before.shape(unit)
    columns = [jnp.ones(shape) if c.effect is None else jnp.broadcast_to(c.effect(before), shape) for c in coefficients]
    return jnp.stack(columns, axis=-1)


def weighted(
    coefficients: tuple[Coefficient, ...],
    theta: Float[Array, "k"],
    before: World,
    unit: str,
    senders: tuple[int, ...] | None = None,
) -> Float[Array, "*u"]:
    """Weighted effects added up term by term (`designed(...) @ theta` without the design); NaN where one is missing."""
    total = of_senders(jnp.zeros(before.shape(unit), theta.dtype), senders)
    for weight, coefficient in zip(theta, coefficients, strict=True):
        effect = coefficient.effect
        total = total + (weight if effect is None else weight * of_senders(effect(before), senders))
    return total


def among(unit: str, before: World, after: World | None = None) -> Bool[Array, "*u"]:
    """The units that exist: states present before (and after), or dyads of such states, each unordered dyad once.

    A pact is in force while it has two members; a membership is of a pact in force and a state, member or not.
    """
    there = jnp.asarray(before.present)
    if after is not None:
        there = there & jnp.asarray(after.present)
    if unit == "state":
        return there
    if unit in ("pact", "membership"):
        force = before.in_force
        return force if unit == "pact" else force[..., :, None] & there[..., None, :]
    pairs = there[..., :, None] & there[..., None, :] & ~jnp.eye(before.n, dtype=bool)
    return jnp.triu(pairs) if unit == "dyad" else pairs


def standing(unit: str, before: World) -> Bool[Array, "*u"]:
    """The units that a step can move: those that exist; of an unordered dyad both halves, which move alike."""
    return among("ordered dyad" if unit == "dyad" else unit, before)


def of_senders(values: Array | float, senders: tuple[int, ...] | None) -> Array:
    """The rows of some senders of a layer of ordered dyads; all, for None; what all senders share as it is."""
    values = jnp.asarray(values)
    if senders is None or values.ndim < 2 or values.shape[0] == 1:
        return values
    return jnp.concatenate([values[i : i + 1] for i in senders] or [values[:0]])


def with_senders(values: Array, senders: tuple[int, ...] | None, others: Array) -> Array:
    """A layer of ordered dyads with the rows of some senders exchanged, those of all others as they were."""
    if senders is None:
        return values
    starts = (0, *(i + 1 for i in senders))
    parts = [part for k, i in enumerate(senders) for part in (others[starts[k] : i], values[k : k + 1])]
    return jnp.concatenate([*parts, others[starts[-1] :]])


def sending(units: Bool[Array, "*t n n"]) -> tuple[int, ...]:
    """The numbers of the senders that have a marked dyad at any time."""
    marked = np.asarray(units)
    return tuple(np.flatnonzero(marked.reshape(-1, *marked.shape[-2:]).any((0, 2))).tolist())
