"""A scenario in short for the terminal: who, the branches with what they inherit, and all that is assumed."""

from collections.abc import Iterator
from dataclasses import asdict

import pandas as pd
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from latticework.report.assumed import assumptions
from latticework.report.emit import pretty, terminal
from latticework.report.numbers import chance, number
from latticework.scenario.calendar import horizon
from latticework.scenario.schema import Amount, Branch, Scenario

LOUD, QUIET = "bold", "dim"


def print_scenario(scenario: Scenario, console: Console | None = None) -> None:
    """Print the summary on standard output."""
    console = console or terminal()
    for part in _parts(scenario):
        console.print(part)


def assumed_table(scenario: Scenario) -> pd.DataFrame:
    """One row per assumption: id, branches, what it acts on, when, size, who assumes it, why, source."""
    made = [asdict(a) for a in assumptions(scenario, tuple(branch.id for branch in scenario.branches))]
    return pd.DataFrame([row | {"branches": ", ".join(row["branches"])} for row in made])


def _parts(scenario: Scenario) -> Iterator[RenderableType]:
    last = horizon(scenario.baseline, scenario.quarters)
    threat = f", second threat {scenario.second_threat}" if scenario.second_threat else ""
    yield Text(scenario.title, LOUD)
    yield Text(scenario.question, QUIET)
    yield f"From {scenario.baseline} to {last} in {scenario.quarters} steps."
    yield f"Hub {scenario.hub}, rival {scenario.rival}{threat}."
    yield f"{len(scenario.states)} states, in focus {', '.join(scenario.focus)}."
    yield ""
    yield pretty(_leaders(scenario), "Leaders of the focus states")
    if scenario.successions:
        yield pretty(_candidates(scenario), "Who may follow them")
    yield _tree(scenario)
    yield ""
    yield from _assumed(scenario)
    if scenario.demands:
        yield pretty(_demands(scenario), "Demands")
    if scenario.levers:
        yield pretty(_levers(scenario), "Levers")
    yield from (Text(f"? {question}") for question in scenario.questions)


def _leaders(scenario: Scenario) -> pd.DataFrame:
    votes: dict[str, list[str]] = {}
    for vote in scenario.elections:
        if vote.decides_leader and vote.status == "scheduled":
            votes.setdefault(vote.state, []).append(str(vote.date))
    rows = [
        (x.state, x.name, x.office, str(x.since), ", ".join(votes.get(x.state, ())), x.confidence)
        for x in scenario.leaders
        if x.state in scenario.focus
    ]
    return pd.DataFrame(rows, columns=["state", "leader", "office", "since", "votes that decide", "confidence"])


def _candidates(scenario: Scenario) -> pd.DataFrame:
    rows = [
        (s.state, c.name, chance(c.chance), f"{number(c.orientation.mean, sign=True)} ± {number(c.orientation.sd)}")
        for s in scenario.successions
        for c in s.candidates
    ]
    return pd.DataFrame(rows, columns=["state", "candidate", "chance", "towards the hub"])


def _tree(scenario: Scenario) -> Tree:
    """Branches under those that they extend, each with what it adds."""
    root = Tree(Text("Branches", LOUD))
    nodes: dict[str | None, Tree] = {None: root}
    ahead: list[Branch] = list(scenario.branches)
    while ahead:  # a branch may stand in the file before the one that it extends
        branch = ahead.pop(0)
        if branch.extends in nodes:
            nodes[branch.id] = nodes[branch.extends].add(_node(branch))
        else:
            ahead.append(branch)
    return root


def _node(branch: Branch) -> Text:
    kinds = (("", branch.interventions), ("levers: ", branch.levers), ("demands: ", branch.demands))
    added = "; ".join(f"{kind}{', '.join(names)}" for kind, names in kinds if names)
    return Text.assemble((branch.id, LOUD), f"  {branch.summary}", (f"\n+ {added}" if added else "", QUIET))


def _assumed(scenario: Scenario) -> Iterator[RenderableType]:
    """Every assumption with its size, then who makes it and on what source."""
    made = assumptions(scenario, tuple(branch.id for branch in scenario.branches))
    if made:
        yield Text("Assumed", LOUD)
    for a in made:
        yield Text.assemble((a.id, LOUD), f"  {a.acts}: {a.on}, {a.when}: {a.size}")
        origin = f"by {a.assumed_by}" + (f", on {a.source}" if a.source else "")
        yield Padding(Text(f"in {', '.join(a.branches)}; {origin}", QUIET), (0, 0, 0, 4), expand=False)
    yield ""


def _demands(scenario: Scenario) -> pd.DataFrame:
    rows = [
        (d.id, d.by, d.of, d.what, _money(d.amount), _money(d.agreed), d.threat or "", ", ".join(d.interventions))
        for d in scenario.demands
    ]
    return pd.DataFrame(rows, columns=["id", "by", "of", "what", "asked a year", "agreed", "threat", "with it"])


def _levers(scenario: Scenario) -> pd.DataFrame:
    rows = [
        (
            lever.id,
            lever.title,
            ", ".join(lever.interventions),
            f"{lever.cost.low:,.0f} to {lever.cost.high:,.0f} {lever.cost.currency} of {lever.cost.year}",
            ", ".join(lever.who_pays),
        )
        for lever in scenario.levers
    ]
    return pd.DataFrame(rows, columns=["id", "lever", "interventions", "cost", "who pays"])


def _money(amount: Amount | None) -> str:
    return "" if amount is None else f"{amount.value:,.0f} {amount.currency} of {amount.year}"
