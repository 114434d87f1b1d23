"""Variants are scenarios made from a scenario: a branch without one of its interventions, or with nothing but one."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    """A branch that differs from `branch`, the ids of its interventions in `made`.

    It is without the intervention `what`, or without all of its own on the process `what`; or it is the first branch
    with `what` alone, or the branch `what` that it extends. `same` names a branch of the run that makes just that.
    """

    branch: str
    kind: str
    what: str
    made: tuple[str, ...]
    same: str = ""

    @property
    def id(self) -> str:
        """The name of its branch: variants that make the same share it."""
        return f"made-{'+'.join(self.made)}"


def variants(scenario: Scenario, branches: tuple[str, ...]) -> tuple[Variant, ...]:
    """What explains how each branch differs from the first, with as few variants that must be played as may be.

    Each intervention of a branch's own left out, and all of its own on one process where it has several. What a branch
    has from another that it extends is told of that one, and taken together here. What a branch of the run makes alone
    is read off that branch.
    """
    made = {b: tuple(entry.id for entry in scenario.interventions_of(b)) for b in branches}
    there = {frozenset(ids): b for b, ids in reversed(made.items())}
    asked = [v for branch in branches[1:] for v in _of(scenario, branch, branches, made)]
    known = (Variant(v.branch, v.kind, v.what, v.made, there.get(frozenset(v.made), "")) for v in asked)
    return tuple(v for v in known if v.same or v.kind != ONLY)


def _of(
    scenario: Scenario, branch: str, branches: tuple[str, ...], made: dict[str, tuple[str, ...]]
) -> Iterator[Variant]:
    first, mine = branches[0], made[branch]
    lineage = [one.id for one in scenario.lineage(branch)[:-1]]
    parent = next((b for b in reversed(lineage) if b in branches), first)
    if parent != first and set(made[parent]) > set(made[first]):
        yield Variant(branch, INHERITED, parent, made[parent])
    own = [entry for entry in scenario.interventions_of(branch) if entry.id not in made[parent]]
    for entry in own:
        yield Variant(branch, WITHOUT, entry.id, tuple(i for i in mine if i != entry.id))
        if len(own) > 1:
            yield Variant(branch, ONLY, entry.id, (*made[first], entry.id))
    for process in dict.fromkeys(p for entry in own for p in pushed(scenario, entry)):
        on = {entry.id for entry in own if process in pushed(scenario, entry)}
        if len(on) > 1:
            yield Variant(branch, PROCESS, process, tuple(i for i in mine if i not in on))


def pushed(scenario: Scenario, entry: AnyIntervention) -> tuple[str, ...]:
    """The processes that an intervention acts on directly; of one that sets a layer of no process, the layer."""
    if isinstance(entry, Rule):
        return tuple(dict.fromkeys(p for name in entry.then for p in pushed(scenario, scenario.intervention(name))))
    return (LAYER_PROCESS.get(entry.layer, entry.layer),) if isinstance(entry, Set) else (entry.process,)


def with_variants(scenario: Scenario, made: tuple[Variant, ...]) -> Scenario:
    """The scenario with a branch for each variant; the branches that it has stay, so that programs keep their shape."""
    return scenario.model_copy(update={"branches": (*scenario.branches, *_branches(scenario, made))})


def _branches(scenario: Scenario, made: tuple[Variant, ...]) -> list[Branch]:
    """A branch for each variant that is not the same as another; bundles that would bring a part back are unbound."""
    known: dict[str, Branch] = {}
    for one in made:
        levers = [x.id for x in scenario.levers_of(one.branch) if set(x.interventions) <= set(one.made)]
        demands = [x.id for x in scenario.demands_of(one.branch) if set(x.interventions) <= set(one.made)]
        kept = {"interventions": one.made, "levers": tuple(levers), "demands": tuple(demands), "extends": None}
        known.setdefault(one.id, scenario.branch(one.branch).model_copy(update={"id": one.id, **kept}))
    return list(known.values())
