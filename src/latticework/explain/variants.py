"""Variants are scenarios made from a scenario: a branch without one of its interventions, or with nothing but one."""

from dataclasses import dataclass

from latticework.scenario.interventions import Rule, Set, Shift
from latticework.scenario.schema import AnyIntervention, Branch, Scenario

WITHOUT, ONLY, PROCESS = "without", "only", "process"
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
    """A branch that differs from `branch`: without one intervention, without those on a process, or `first` with one.

    `what` is the intervention or process, `made` what the variant makes.
    """

    branch: str
    kind: str
    what: str
    made: tuple[str, ...]

    @property
    def id(self) -> str:
        """The name of its branch: variants that make the same share it."""
        return f"made-{'+'.join(self.made)}"


def variants(scenario: Scenario, branches: tuple[str, ...], only: bool = True) -> tuple[Variant, ...]:
    """What explains how each branch differs from the first: each of its own interventions left out, or alone.

    Also all of its own interventions on one process left out, where a process has several. `only` asks for those alone.
    """
    first, found = branches[0], []
    base = tuple(entry.id for entry in scenario.interventions_of(first))
    for branch in branches[1:]:
        every = scenario.interventions_of(branch)
        own, made = [entry for entry in every if entry.id not in base], tuple(entry.id for entry in every)
        for entry in own:
            found.append(Variant(branch, WITHOUT, entry.id, tuple(i for i in made if i != entry.id)))
            if only and len(own) > 1:
                found.append(Variant(branch, ONLY, entry.id, (*base, entry.id)))
        for process in dict.fromkeys(p for entry in own for p in pushed(scenario, entry)):
            on = {entry.id for entry in own if process in pushed(scenario, entry)}
            if 1 < len(on) < len(own):
                found.append(Variant(branch, PROCESS, process, tuple(i for i in made if i not in on)))
    return tuple(found)


def pushed(scenario: Scenario, entry: AnyIntervention) -> tuple[str, ...]:
    """The processes that an intervention acts on directly."""
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


def held(scenario: Scenario) -> Scenario:
    """The scenario with the size of every assumption at its mean: what is left of a band is not assumption."""
    update = {
        "interventions": tuple(
            e.model_copy(update={"size": _certain(e.size)}) if isinstance(e, Shift) else e
            for e in scenario.interventions
        ),
        "successions": tuple(_held_within(s, "candidates", "orientation") for s in scenario.successions),
        "crises": tuple(_held_within(c, "slows", "size") for c in scenario.crises),
    }
    return scenario.model_copy(update=update)


def resized(scenario: Scenario, name: str, size: float) -> Scenario:
    """The scenario with the size of one shift as given and certain."""
    changed = tuple(
        e.model_copy(update={"size": e.size.model_copy(update={"mean": size, "sd": 0.0})})
        if isinstance(e, Shift) and e.id == name
        else e
        for e in scenario.interventions
    )
    return scenario.model_copy(update={"interventions": changed})


def _held_within(block, parts: str, name: str):
    certain = (part.model_copy(update={name: _certain(getattr(part, name))}) for part in getattr(block, parts))
    return block.model_copy(update={parts: tuple(certain)})


def _certain(size):
    return size.model_copy(update={"sd": 0.0})
