"""The kinds of mechanism that a scenario may name, and how those it names join the model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import jax
import numpy as np

from latticework.errors import InputError, UnknownNameError
from latticework.mechanisms import couplings
from latticework.mechanisms.bargain import Bargain
from latticework.mechanisms.bargain_fit import Fitted, short
from latticework.mechanisms.base import SIGNALS, Override, Parameter, Poles, drawn, named
from latticework.mechanisms.coupled import Coupled
from latticework.mechanisms.couplings import Coupling
from latticework.mechanisms.credibility import Credibility
from latticework.mechanisms.hedging import Hedging
from latticework.mechanisms.opinion import Opinion
from latticework.mechanisms.reassurance import Goodwill, Reassurance
from latticework.mechanisms.signals import Signals
from latticework.mechanisms.statecraft import Grievance
from latticework.processes import AbstractProcess, Coefficient
from latticework.types import Array, Float, Key


@dataclass(frozen=True)
class Kind:
    """A kind of mechanism: its processes, and the arrows from what they move to the learned processes."""

    name: str
    title: str
    processes: Callable[[Poles], tuple[AbstractProcess, ...]]
    couplings: Callable[[Poles], tuple[Coupling, ...]]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("credibility", "Credibility of the hub", lambda p: (Credibility(poles=p),), couplings.of_credibility),
        Kind("bargain", "Burden bargaining", lambda p: (Bargain(poles=p),), couplings.of_bargain),
        Kind("hedging", "Hedging as a choice", lambda p: (Hedging(poles=p),), couplings.of_hedging),
        Kind("reassurance", "Reassurance and visits", lambda p: (Reassurance(poles=p),), couplings.of_reassurance),
        Kind("opinion", "Public opinion", lambda p: (Goodwill(poles=p), Opinion(poles=p)), couplings.of_opinion),
        Kind("statecraft", "Economic statecraft", lambda p: (Grievance(poles=p),), couplings.of_statecraft),
        Kind("crisis", "Domestic crisis", lambda p: (), couplings.of_crisis),
    )
}
Chosen = Mapping[str, Mapping[str, Override]]


@dataclass(frozen=True)
class Assembled:
    """The mechanisms of a scenario: processes to add at the end of a model, and couplings of the processes it has.

    With none chosen the model and its coefficients are those given, number for number.
    """

    mechanisms: tuple[AbstractProcess, ...] = ()
    couplings: tuple[Coupling, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=dict)
    fitted: Fitted | None = None

    def model(self, model: tuple[AbstractProcess, ...]) -> tuple[AbstractProcess, ...]:
        """The processes of a model, coupled where an arrow ends at them and in their places, then the mechanisms.

        UnknownNameError if a coupling ends at a process that the model does not have.
        """
        names = [process.name for process in model]
        for coupling in self.couplings:
            if coupling.process not in names:
                raise UnknownNameError("process", coupling.process, names, where="the model that is coupled")
        return (*(self._coupled(process) for process in model), *self.mechanisms)

    @property
    def responses(self) -> tuple[str, ...]:
        """The layers that the mechanisms move, signals aside."""
        return tuple(layer for m in self.mechanisms for layer in m.writes if layer not in SIGNALS)

    def theta(self, key: Key, theta: Mapping[str, Float[Array, "d _"]], draws: int) -> dict[str, Float[Array, "d _"]]:
        """Coefficients of the learned processes, those of couplings behind them, and those of the mechanisms.

        `theta` are draws of the learned processes' coefficients, `draws` of them (levels of states and decades follow
        from these, not from what is returned). Each assumption is drawn from its
        prior, or from what the scenario says in its place; the fitted ones from the posterior of the bargain.
        """
        out = {name: np.asarray(values) for name, values in theta.items()}
        for process in {coupling.process for coupling in self.couplings}:
            arrows = tuple(c for c in self.couplings if c.process == process)
            told = {c.parameter.name: self.overrides[c.name] for c in arrows if c.name in self.overrides}
            added = drawn(jax.random.fold_in(key, named(process)), tuple(c.parameter for c in arrows), draws, told)
            own = out.get(process, np.zeros((draws, 0), np.float32))
            out[process] = np.concatenate([own, np.asarray(added, own.dtype)], 1)
        for mechanism in self.mechanisms:
            out[mechanism.name] = self._drawn(jax.random.fold_in(key, named(mechanism.name)), mechanism, draws)
        return {name: jax.numpy.asarray(values, "float32") for name, values in out.items()}

    def parameters(self) -> tuple[tuple[str, Parameter], ...]:
        """Every parameter by the name that an override uses, for a report: its prior, posterior or override."""
        own = [(f"{m.name}: {c.name}", c) for m in self.mechanisms for c in m.coefficients()]
        all_of_them = [*own, *((c.name, c.parameter) for c in self.couplings)]
        return tuple((name, self._said(name, c)) for name, c in all_of_them)

    def _said(self, name: str, c: Coefficient) -> Parameter:
        parameter = c if isinstance(c, Parameter) else Parameter(**vars(c))
        said = self.overrides.get(name)
        if said is None and parameter.origin == "fitted" and self.fitted is not None:
            k = self.fitted.names.index(short(c.name))
            return replace(parameter, prior_mean=self.fitted.mean[k], prior_sd=self.fitted.sd[k])
        if said is None:
            return parameter
        because = f"{said.assumed_by}: {said.reason}" if said.assumed_by else said.reason
        return replace(
            parameter, prior_mean=said.mean, prior_sd=said.sd, because=because, source=said.source, origin="assumed"
        )

    def _coupled(self, process: AbstractProcess) -> AbstractProcess:
        mine = tuple(c.parameter for c in self.couplings if c.process == process.name)
        return Coupled(process, mine) if mine else process

    def _drawn(self, key: Key, mechanism: AbstractProcess, draws: int) -> Float[np.ndarray, "d k"]:
        table = mechanism.coefficients()
        prefix = f"{mechanism.name}: "
        told = {c.name: self.overrides[prefix + c.name] for c in table if prefix + c.name in self.overrides}
        out = np.array(drawn(key, table, draws, told))
        if self.fitted is None or not isinstance(mechanism, Bargain):
            return out
        rows = np.asarray(jax.random.randint(key, (draws,), 0, len(self.fitted.draws)))
        for k, c in enumerate(table):
            if getattr(c, "origin", "") == "fitted" and c.name not in told:
                out[:, k] = self.fitted.column(short(c.name))[rows]
        return out


def assemble(
    hub: str,
    rival: str,
    second_threat: str | None,
    codes: tuple[str, ...],
    chosen: Chosen,
    fitted: Fitted | None = None,
) -> Assembled:
    """The mechanisms of the chosen kinds, each with what a scenario says in place of its parameters' priors.

    `fitted` is the posterior of the bargain (the prior stands in for None). A second threat that is not among the
    states is left out. Errors: UnknownNameError (kind, state, parameter), InputError (a size against an imposed sign).
    """
    if not chosen:
        return Assembled()
    poles = Poles(
        _place(hub, codes), _place(rival, codes), codes.index(second_threat) if second_threat in codes else None
    )
    kinds = [_kind(name) for name in chosen]
    made = Assembled(
        (*(process for kind in kinds for process in kind.processes(poles)), Signals(poles=poles)),
        tuple(coupling for kind in kinds for coupling in kind.couplings(poles)),
        fitted=fitted,
    )
    overrides = {name: said for kind in kinds for name, said in _overrides(kind, poles, chosen[kind.name]).items()}
    return replace(made, overrides=overrides)


def parameters_of(kind: str) -> tuple[tuple[str, Parameter], ...]:
    """The parameters of a kind by the name under which a scenario may override them; UnknownNameError."""
    return _parameters(_kind(kind), Poles(0, 1, 2))


def _parameters(kind: Kind, poles: Poles) -> tuple[tuple[str, Parameter], ...]:
    return Assembled(kind.processes(poles), kind.couplings(poles)).parameters()


def _overrides(kind: Kind, poles: Poles, said: Mapping[str, Override]) -> dict[str, Override]:
    known = dict(_parameters(kind, poles))
    for name, override in said.items():
        if name not in known:
            raise UnknownNameError("parameter", name, known, where=f"the mechanism '{kind.name}'")
        sign = known[name].sign
        if override.sd < 0 or not np.isfinite([override.mean, override.sd]).all():
            raise InputError(
                f"The parameter '{name}' has mean {override.mean} and sd {override.sd}; sd must be 0 or more."
            )
        if sign * override.mean < 0:
            want = "zero or more" if sign > 0 else "zero or less"
            raise InputError(
                f"The parameter '{name}' of the mechanism '{kind.name}' has mean {override.mean:g}, but its sign is "
                f"imposed: it must be {want}. If you doubt the sign, give mean 0 and say so in the reason."
            )
    return dict(said)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise UnknownNameError("mechanism", name, KINDS, where="the kinds of mechanism")
    return KINDS[name]


def _place(code: str, codes: tuple[str, ...]) -> int:
    if code not in codes:
        raise UnknownNameError("state", code, codes, where="the states that are simulated")
    return codes.index(code)
