"""The mechanisms that a scenario names, with what it says of their parameters, joined to the model."""

from latticework.actions.bargain import load_bargain
from latticework.mechanisms import Assembled, Override, assemble
from latticework.scenario.schema import Mechanism, Scenario


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
