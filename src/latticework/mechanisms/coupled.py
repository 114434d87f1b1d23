"""A coupling lets a mechanism move a learned process: an assumed term on the process's first linear predictor."""

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax.numpy as jnp

from latticework.processes import AbstractProcess, Coefficient, Evidence, Predictor, Push
from latticework.processes.base import weighted
from latticework.types import Array, Float, Key, Scalar
from latticework.world import Panel, World


class Coupled(AbstractProcess):
    r"""A learned process with assumed terms: $\eta_1 = x \theta + z \gamma$, z layers of mechanisms.

    theta holds the process's own coefficients, then those of the couplings. Where z is zero, as it is for every
    response on the baseline day, law and draws are the process's own. A term that is not known does not act.
    A coupled process is simulated and evaluated, never fitted: no record of the mechanism's layers exists.
    """

    process: AbstractProcess
    couplings: tuple[Coefficient, ...] = eqx.field(static=True)

    @property
    def name(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] - what it wraps says it
        """The process's name, under which scenarios and estimates know it."""
        return self.process.name

    @property
    def title(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The process's title."""
        return self.process.title

    @property
    def unit(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The process's unit."""
        return self.process.unit

    @property
    def grid(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The step on which the process is fitted."""
        return self.process.grid

    @property
    def observed(self) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The layer whose end says from when on the process is simulated."""
        return self.process.observed

    @property
    def reads(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The layers of the panel that the process needs."""
        return self.process.reads

    @property
    def writes(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The layers that the process moves."""
        return self.process.writes

    @property
    def given(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The layers of the same step that the process needs."""
        return self.process.given

    @property
    def varies(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Between what the first predictor differs beyond its effects."""
        return self.process.varies

    def predictors(self) -> tuple[Predictor, ...]:
        """Those of the process, then the couplings, which add to the first."""
        return (*self.process.predictors(), Predictor("coupling", self.couplings))

    def added(self, theta: Float[Array, "k"], before: World) -> Float[Array, "..."]:
        """What the couplings add to the first linear predictor of every unit."""
        return jnp.nan_to_num(weighted(self.couplings, self._theirs(theta), before, self.unit))

    def log_prob(self, theta: Float[Array, "k"], before: World, after: World, dt: Float[Array, ""]) -> Scalar:
        """Log probability of going from one world to the other in dt years, of a process of independent units."""
        process: Any = self.process
        rows = process.rows(before.seeing(after, process.given), after, dt)
        etas = process.weighed(self._own(theta), rows.design, self.added(theta, before))
        return jnp.where(rows.at_risk, process.law(etas, rows), 0.0).sum()

    def evidence(self, panel: Panel) -> Evidence:
        """That of the process: no panel holds what mechanisms move."""
        return self.process.evidence(panel)

    def terms(self, theta: Float[Array, "k"], data: Any) -> Float[Array, "r"]:
        """The log likelihood of the process, term by term, with its mechanisms at rest."""
        return self.process.terms(self._own(theta), data)

    def sample(self, key: Key, theta: Float[Array, "k"], before: World, dt: Float[Array, ""], push: Push) -> World:
        """One draw of the process under what the couplings add."""
        pushed = replace(push, offset=push.offset + self.added(theta, before))
        return self.process.sample(key, self._own(theta), before, dt, pushed)

    def narrowed(self, worlds: World) -> "Coupled":
        """The same couplings of the narrowed process."""
        return Coupled(self.process.narrowed(worlds), self.couplings)

    def start(self, key: Key, theta: Float[Array, "k"], world: World) -> World:
        """The start of the process."""
        return self.process.start(key, self._own(theta), world)

    def _own(self, theta: Float[Array, "k"]) -> Float[Array, "_"]:
        return theta[: theta.shape[0] - len(self.couplings)]

    def _theirs(self, theta: Float[Array, "k"]) -> Float[Array, "_"]:
        return theta[theta.shape[0] - len(self.couplings) :]
