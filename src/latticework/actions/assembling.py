"""The mechanisms that a scenario names, with what it says of their parameters, joined to the model."""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import numpy as np

from latticework.actions.bargain import load_bargain
from latticework.fit import Posterior
from latticework.mechanisms import Assembled, Override, assemble
from latticework.scenario.schema import Mechanism, Scenario
from latticework.types import Array, Float, Key


class Coefficients(NamedTuple):
    """What is drawn for the processes of a scenario: of those learned, and of all, mechanisms and couplings too."""

    made: Assembled
    learned: Mapping[str, Float[Array, "d _"]]
    all: dict[str, Float[Array, "d _"]]

    def of_mechanisms(self) -> dict[str, Float[np.ndarray, "d"]]:
        """What was drawn of every parameter of the mechanisms, by the name under which a scenario may override it."""
        found = {}
        for mechanism in self.made.mechanisms:
            for k, c in enumerate(mechanism.coefficients()):
                found[f"{mechanism.name}: {c.name}"] = np.asarray(self.all[mechanism.name][:, k])
        for process in {c.process for c in self.made.couplings}:
            arrows = [c for c in self.made.couplings if c.process == process]
            behind = np.asarray(self.all[process])[:, -len(arrows) :]
            found |= {c.name: behind[:, k] for k, c in enumerate(arrows)}
        return found


def coefficients(scenario: Scenario, posterior: Posterior, seed: int, draws: int) -> Coefficients:
    """The draws of a run with a seed."""
    learned, made = posterior.draw(jax.random.fold_in(jax.random.key(seed), 1), draws), mechanisms_of(scenario)
    return Coefficients(made, learned, made.theta(parameters_key(seed), learned, draws))


def parameters_key(seed: int) -> Key:
    """The key from which the parameters of mechanisms are drawn."""
    return jax.random.fold_in(jax.random.key(seed), 8)


def mechanisms_of(scenario: Scenario) -> Assembled:
    """What the scenario's mechanisms add to the model: nothing, where it names none.

    Errors: UnknownNameError (kind, parameter), InputError (a size against an imposed sign), PanelError (the file of the
    fitted bargain).
    """
    if not scenario.mechanisms:
        return Assembled()
    chosen = {entry.kind: _overrides(entry) for entry in scenario.mechanisms}
    return assemble(scenario.hub, scenario.rival, scenario.second_threat, scenario.states, chosen, load_bargain())


def _overrides(entry: Mechanism) -> dict[str, Override]:
    return {
        name: Override(size.mean, size.sd, entry.assumed_by, entry.reason, entry.source or "")
        for name, size in entry.parameters.items()
    }
