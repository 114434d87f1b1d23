"""The words of a scenario file: every key, its type and what it means.

Each value is a fact with a `source` and a `confidence`, or an assumption with a `reason` and an `assumed_by`.
The text under a key is what `docs/scenarios.md` and an editor say of it.
"""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, Field

from latticework.errors import UnknownNameError
from latticework.scenario.actors import (
    Amount,
    Candidate,
    Crisis,
    Demand,
    Election,
    Leader,
    Slowing,
    Succession,
    Value,
)
from latticework.scenario.fields import EVERY, Assumed, Day, Entry, Size, Slug, StateCode, Words, keys_of
from latticework.scenario.interventions import (
    OPERATORS,
    AnyIntervention,
    Clamp,
    Condition,
    Cost,
    Event,
    Intervention,
    Lever,
    Rule,
    Set,
    Shift,
    Single,
)


class Branch(Entry):
    """One course of events: what the branch that it extends does, then its own."""

    id: Slug
    """its name, for `--branch`"""
    title: Words
    """one line for tables and charts"""
    summary: Words
    """what happens in it"""
    extends: Slug | None = None
    """a branch whose choices come first (may be left out)"""
    interventions: tuple[Slug, ...] = ()
    """ids of the interventions that it makes"""
    levers: tuple[Slug, ...] = ()
    """ids of the levers that it pulls: their interventions are made too"""
    demands: tuple[Slug, ...] = ()
    """ids of the demands that are made in it: their interventions come too"""


class Mechanism(Assumed):
    """A mechanism beside the processes, such as a bargain, with its parameters."""

    id: Slug
    """its name"""
    kind: Slug
    """which mechanism"""
    parameters: Annotated[dict[Words, Size], Field(default_factory=dict)]
    """laws of parameters in place of those of docs/mechanisms.md (may be left out)"""


class Scenario(Entry):
    """What is done to the world, when, by whom assumed, and what is asked."""

    id: Slug
    """short name in small letters, digits and `-`, the name of the folder"""
    title: Words
    """one line for tables and charts"""
    question: Words
    """the question that the scenario is for"""
    baseline: Day
    """the day on which it begins; nothing learnt later may be in the file"""
    quarters: Annotated[int, Field(strict=True, ge=1, le=80)] = 16
    """how many steps it runs (1 to 80, 16 unless said): the rest of the baseline's quarter, then calendar quarters"""
    hub: StateCode
    """the patron around which the alliances turn"""
    rival: StateCode
    """the hub's main rival"""
    second_threat: StateCode | None = None
    """another state that the hub's allies fear (may be left out)"""
    focus: Annotated[tuple[StateCode, ...], Field(min_length=1)]
    """the states whose ties are kept and reported"""
    states: Annotated[tuple[StateCode, ...], Field(min_length=2)]
    """all states that are simulated, in the order of the tables"""
    leaders: tuple[Leader, ...] = ()
    """who leads each state on the baseline day"""
    successions: tuple[Succession, ...] = ()
    """who may follow them, and where their states then turn"""
    elections: tuple[Election, ...] = ()
    """the calendar of votes as it was known on that day"""
    crises: tuple[Crisis, ...] = ()
    """crises at home that slow what a state does, in every branch"""
    values: tuple[Value, ...] = ()
    """baseline values that the panel lacks"""
    demands: tuple[Demand, ...] = ()
    """what states ask of each other"""
    interventions: tuple[Annotated[AnyIntervention, Field(discriminator="operator")], ...] = ()
    """everything that is assumed to happen or to change"""
    levers: tuple[Lever, ...] = ()
    """policies: bundles of interventions with a cost"""
    mechanisms: tuple[Mechanism, ...] = ()
    """mechanisms beside the processes, with their parameters"""
    branches: Annotated[tuple[Branch, ...], Field(min_length=1)]
    """courses of events to compare: what each of them does"""
    questions: tuple[Words, ...] = ()
    """what the reader wants answered, in words"""

    def branch(self, branch_id: str) -> Branch:
        """The branch with this id; UnknownNameError if there is none."""
        return _by_id("branch", branch_id, self.branches, self.id)

    def lineage(self, branch_id: str) -> tuple[Branch, ...]:
        """The branch and those that it extends, the first ancestor first."""
        found = [self.branch(branch_id)]
        while found[-1].extends is not None:
            found.append(self.branch(found[-1].extends))
        return tuple(reversed(found))

    def interventions_of(self, branch_id: str) -> tuple[AnyIntervention, ...]:
        """The interventions of a branch, those of the branches it extends first, each once.

        Its levers and demands bring theirs; what a rule names is not among them unless it is made without the rule too.
        """
        bundles = (name for branch in self.lineage(branch_id) for name in self._made(branch))
        return tuple(self.intervention(name) for name in dict.fromkeys(bundles))

    def intervention(self, name: str) -> AnyIntervention:
        """The intervention with this id; UnknownNameError if there is none."""
        return _by_id("intervention", name, self.interventions, self.id)

    def made_somewhere(self) -> tuple[AnyIntervention, ...]:
        """The interventions that some branch makes, in the order of the file."""
        made = {entry.id for branch in self.branches for entry in self.interventions_of(branch.id)}
        return tuple(entry for entry in self.interventions if entry.id in made)

    def levers_of(self, branch_id: str) -> tuple[Lever, ...]:
        """The levers that a branch pulls, those of the branches it extends first, each once."""
        names = dict.fromkeys(name for branch in self.lineage(branch_id) for name in branch.levers)
        return tuple(_by_id("lever", name, self.levers, self.id) for name in names)

    def demands_of(self, branch_id: str) -> tuple[Demand, ...]:
        """The demands that are made in a branch, those of the branches it extends first, each once."""
        names = dict.fromkeys(name for branch in self.lineage(branch_id) for name in branch.demands)
        return tuple(_by_id("demand", name, self.demands, self.id) for name in names)

    def _made(self, branch: Branch) -> Iterator[str]:
        yield from branch.interventions
        for name in branch.levers:
            yield from _by_id("lever", name, self.levers, self.id).interventions
        for name in branch.demands:
            yield from _by_id("demand", name, self.demands, self.id).interventions


def block_at(loc: tuple[str | int, ...], data: Any) -> type[BaseModel]:
    """The kind of block at a path of a file; the smallest known block around it where the path leads nowhere."""
    model: type[BaseModel] = Scenario
    for step in loc:
        data = data[step] if _has(data, step) else None
        if not isinstance(step, str):
            operator = str(data.get("operator")) if isinstance(data, dict) else ""
            model = OPERATORS.get(operator, model) if issubclass(model, Intervention) else model
            continue
        inner = next((models_in(f.annotation) for n, f in model.model_fields.items() if step in (n, f.alias)), ())
        model = inner[0] if inner else model
    return model


def models_in(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The blocks that a type is made of, such as those of a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in models_in(part))


def every_block(model: type[BaseModel] = Scenario) -> tuple[type[BaseModel], ...]:
    """Every kind of block that a file may have, the whole file first."""
    found = dict.fromkeys([model])
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            found |= dict.fromkeys(every_block(inner))
    return tuple(found)


def _has(data: Any, step: str | int) -> bool:
    return (isinstance(data, dict) and step in data) or (
        isinstance(data, list) and isinstance(step, int) and step < len(data)
    )


def _by_id(kind: str, name: str, entries: tuple[Any, ...], scenario: str) -> Any:
    for entry in entries:
        if entry.id == name:
            return entry
    raise UnknownNameError(kind, name, [entry.id for entry in entries], where=f"scenario '{scenario}'")


__all__ = [
    "EVERY",
    "OPERATORS",
    "Amount",
    "AnyIntervention",
    "Branch",
    "Candidate",
    "Clamp",
    "Condition",
    "Cost",
    "Crisis",
    "Demand",
    "Election",
    "Entry",
    "Event",
    "Intervention",
    "Leader",
    "Lever",
    "Mechanism",
    "Rule",
    "Scenario",
    "Set",
    "Shift",
    "Single",
    "Size",
    "Slowing",
    "Succession",
    "Value",
    "block_at",
    "every_block",
    "keys_of",
    "models_in",
]
