"""Variants are scenarios made from a scenario: a branch without one of its interventions, or with nothing but one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from latticework.scenario.interventions import Rule, Set
from latticework.scenario.schema import AnyIntervention, Branch, Scenario

WITHOUT, ONLY, PROCESS, INHERITED = "without", "only", "process", "inherited"
LAYER_PROCESS = {
    "troops": "troop_change",
    "ideal_point": "alignment",
    "defence": "agreement_end",
    "agreement": "agreement_end",
    "dispute": "dispute_onset",
    "turnover": "leader_exit",
    "tenure": "leader_exit",
}


@dataclass(frozen=True)
class Variant:
    """A branch that differs from `branch`, the ids of its interventions in `made`, those of its demands in `asked`.

    It is without the intervention or demand `what`, or without all of its own on the process `what`; or it is the first
    branch with `what` alone, or the branch `what` that it extends. `same` names a branch of the run that makes just
    that.
    """

    branch: str
    kind: str
    what: str
    made: tuple[str, ...]
    same: str = ""
    asked: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The name of its branch: variants that make the same share it."""
        return f"made-{'+'.join((*self.made, *self.asked))}"


def variants(scenario: Scenario, branches: tuple[str, ...]) -> tuple[Variant, ...]:
    """What explains how each branch differs from the first, with as few variants that must be played as may be.

    Each intervention and demand of a branch's own left out, and all of its own on one process where it has several.
    What a branch has from another that it extends is told of that one, and taken together here. What a branch of the
    run makes alone is read off that branch.
    """
    made = {b: tuple(entry.id for entry in scenario.interventions_of(b)) for b in branches}
    asked = {b: tuple(demand.id for demand in scenario.demands_of(b)) for b in branches}
    there = {(frozenset(made[b]), frozenset(asked[b])): b for b in reversed(branches)}
    found = [v for branch in branches[1:] for v in _of(scenario, branch, branches, made, asked)]
    known = (replace(v, same=there.get((frozenset(v.made), frozenset(v.asked)), "")) for v in found)
    return tuple(v for v in known if v.same or v.kind != ONLY)


def _of(
    scenario: Scenario,
    branch: str,
    branches: tuple[str, ...],
    made: dict[str, tuple[str, ...]],
    asked: dict[str, tuple[str, ...]],
) -> Iterator[Variant]:
    first, mine = branches[0], made[branch]
    lineage = [one.id for one in scenario.lineage(branch)[:-1]]
    parent = next((b for b in reversed(lineage) if b in branches), first)
    if parent != first and set(made[parent]) > set(made[first]):
        yield Variant(branch, INHERITED, parent, made[parent], asked=asked[parent])
    own = [entry for entry in scenario.interventions_of(branch) if entry.id not in made[parent]]
    demands = [name for name in asked[branch] if name not in asked[parent]]
    for entry in own:
        yield Variant(branch, WITHOUT, entry.id, tuple(i for i in mine if i != entry.id), asked=asked[branch])
        if len(own) + len(demands) > 1:
            yield Variant(branch, ONLY, entry.id, (*made[first], entry.id), asked=asked[first])
    for name in demands:
        yield Variant(branch, WITHOUT, name, mine, asked=tuple(d for d in asked[branch] if d != name))
    for process in dict.fromkeys(p for entry in own for p in pushed(scenario, entry)):
        on = {entry.id for entry in own if process in pushed(scenario, entry)}
        if len(on) > 1:
            rest = tuple(i for i in mine if i not in on)
            yield Variant(branch, PROCESS, process, rest, asked=asked[branch])


def pushed(scenario: Scenario, entry: AnyIntervention) -> tuple[str, ...]:
    """The processes that an intervention acts on directly; of one that sets a layer of no process, the layer."""
    if isinstance(entry, Rule):
        return tuple(dict.fromkeys(p for name in entry.then for p in pushed(scenario, scenario.intervention(name))))
    return (LAYER_PROCESS.get(entry.layer, entry.layer),) if isinstance(entry, Set) else (entry.process,)


def with_variants(scenario: Scenario, made: tuple[Variant, ...]) -> Scenario:
    """The scenario with a branch for each variant; the branches that it has stay, so that programs keep their shape.

    What a demand or a lever brings along is among what a variant makes or not, so the variants ask bare demands.
    """
    bare = tuple(d.model_copy(update={"id": _bare(d.id), "interventions": ()}) for d in scenario.demands)
    more = {"branches": (*scenario.branches, *_branches(scenario, made)), "demands": (*scenario.demands, *bare)}
    return scenario.model_copy(update=more)


def _branches(scenario: Scenario, made: tuple[Variant, ...]) -> list[Branch]:
    """A branch for each variant that is not the same as another."""
    known: dict[str, Branch] = {}
    for one in made:
        kept = {"interventions": one.made, "levers": (), "demands": tuple(map(_bare, one.asked)), "extends": None}
        known.setdefault(one.id, scenario.branch(one.branch).model_copy(update={"id": one.id, **kept}))
    return list(known.values())


def _bare(demand: str) -> str:
    return f"{demand}-bare"
