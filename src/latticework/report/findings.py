"""Findings are the answers in sentences, each made from the numbers of the run."""

from typing import NamedTuple

from latticework.measures.courses import blocs
from latticework.report.contrast_tables import of_note, subject
from latticework.report.numbers import MISSING, day, joined, points, the, to
from latticework.report.outlook_tables import hosts_of_note
from latticework.report.results import Results
from latticework.report.tables import Cell, Finder


class Finding(NamedTuple):
    """A heading, what is said under it, and the marks of the origins of its numbers."""

    title: str
    text: str
    marks: str


def findings(results: Results) -> tuple[Finding, ...]:
    """The answers of a run: pacts, troops, votes, leaders, disputes and what the branches change."""
    finder = Finder(results)
    allies, rivals = blocs(results.scenario.focus, results.scenario.hub, results.scenario.rival, results.inputs)
    found = [_troops(finder), _pacts(finder, allies), _votes(finder, allies), _leaders(finder), _disputes(finder, allies, rivals)]  # fmt: skip
    found += [_changes(results, branch) for branch in results.branches[1:]]
    return tuple(finding for finding in found if finding)


def _told(cell: Cell) -> str:
    return f"{cell.text} {cell.band}".strip()


def _by_branch(finder: Finder, kind: str, quantity: str, unit: tuple[str, str]) -> str:
    """The value at the end in every branch: `4 % (2–6 %) in Status quo and 5 % (2–9 %) in Transactional hub`."""
    last = finder.years[-1]
    parts = [(_told(finder.cell(b, kind, quantity, unit, last)), finder.results.title_of(b)) for b in finder.results.branches]  # fmt: skip
    if len({text for text, _ in parts}) == 1:
        return parts[0][0] + (" in every branch" if parts[1:] else "")
    return joined([f"{text} under “{title}”" for text, title in parts])


def _marks(finder: Finder, kind: str, quantity: str, units: list[tuple[str, str]]) -> str:
    acted = finder.acted(kind, quantity)
    return "EA" if any(u in acted or u[::-1] in acted for u in units) else "E"


def _troops(finder: Finder) -> Finding | None:
    """The chance of a cut by a fifth in the hosts among the focus states."""
    results, quantity = finder.results, "cut by a fifth or more"
    hosts = [u for u in hosts_of_note(finder) if u[1] in results.scenario.focus]
    if not hosts:
        return None
    hub, end = the(results.name_of(results.scenario.hub)), day(finder.years[-1])
    parts = [
        f"in {results.name_of(u[1])} ({finder.start('troops', 'troops', u).text} now) {_by_branch(finder, 'troops', quantity, u)}"  # fmt: skip
        for u in hosts
    ]
    text = f"The chance that troops of {hub} fall to a fifth or more below today's number by {end}: {'; '.join(parts)}."
    return Finding("Will troops be cut?", text, "O" + _marks(finder, "troops", quantity, hosts))


def _pacts(finder: Finder, allies: tuple[str, ...]) -> Finding | None:
    """The chance that a pact of the hub with a focus ally ends."""
    hub, kind = finder.results.scenario.hub, ("tie", "agreement ends")
    pairs = [(min(a, hub), max(a, hub)) for a in allies if a != hub]
    pairs = [pair for pair in pairs if finder.has(*kind, pair)]
    if not pairs:
        return None
    parts = [f"{'-'.join(pair)} {_by_branch(finder, *kind, pair)}" for pair in pairs]
    text = f"The chance that the pact ends by {day(finder.years[-1])}: {'; '.join(parts)}."
    return Finding("Does a pact of the hub end?", text, _marks(finder, *kind, pairs))


def _votes(finder: Finder, allies: tuple[str, ...]) -> Finding | None:
    """Whether allies move towards or away from the hub in the United Nations."""
    results, kind = finder.results, ("alignment", "distance in UN votes")
    hub, last, parts, units = results.scenario.hub, finder.years[-1], [], []
    for ally in (a for a in allies if a != hub and finder.has(*kind, (a, hub))):
        start, end = finder.start(*kind, (ally, hub)), finder.row(results.branches[0], *kind, (ally, hub), last)
        inside = start.text != MISSING and end.lower <= _start_value(finder, kind, (ally, hub)) <= end.upper
        verdict = (
            "no clear move"
            if inside
            else "nearer"
            if end.value < _start_value(finder, kind, (ally, hub))
            else "farther"
        )
        parts.append(
            f"{results.name_of(ally)} {verdict}, from {start.text} to {_by_branch(finder, *kind, (ally, hub))}"
        )
        units.append((ally, hub))
    if not parts:
        return None
    text = f"Distance to {the(results.name_of(hub))} in General Assembly votes by {day(last)}: {'; '.join(parts)}."
    return Finding("Do allies move towards or away from the hub?", text, "O" + _marks(finder, *kind, units))


def _start_value(finder: Finder, kind: tuple[str, str], unit: tuple[str, str]) -> float:
    row = finder.row(finder.results.branches[0], *kind, unit, finder.baseline)
    return row.value if row is not None else float("nan")


def _leaders(finder: Finder) -> Finding | None:
    """Who is likely to have left by the end of the first year and of the last."""
    results, kind = finder.results, ("leader", "leader leaves office")
    states = [s for s in results.scenario.focus if finder.has(*kind, (s, ""))]
    if not states:
        return None
    first, last, base = finder.years[0], finder.years[-1], results.branches[0]
    states.sort(key=lambda s: -finder.row(base, *kind, (s, ""), last).value)
    names = {leader.state: leader.name for leader in results.scenario.leaders}
    parts = [
        f"{names.get(s, results.name_of(s))} {_told(finder.cell(base, *kind, (s, ''), first))}, then {_told(finder.cell(base, *kind, (s, ''), last))}"  # fmt: skip
        for s in states
    ]
    text = f"The chance of having left by {day(first)} and by {day(last)}: {'; '.join(parts)}."
    return Finding("Who still leads?", text, _marks(finder, *kind, [(s, "") for s in states]))


def _disputes(finder: Finder, allies: tuple[str, ...], rivals: tuple[str, ...]) -> Finding | None:
    """A dispute between the blocs, and the dyad where one is likeliest."""
    results, kind, base = finder.results, ("dispute", "dispute"), finder.results.branches[0]
    unit, first, last = ("+".join(allies), "+".join(rivals)), finder.years[0], finder.years[-1]
    if not finder.has(*kind, unit):
        return None
    pairs = [u for u in finder.units(*kind) if "+" not in u[0] and set(u) <= set(results.scenario.focus)]
    pairs.sort(key=lambda u: -finder.row(base, *kind, u, last).value)
    most = [f"{'-'.join(sorted(u))} {_by_branch(finder, *kind, u)}" for u in pairs[:3]]
    text = (
        f"At least one militarised dispute between {joined([the(results.name_of(s)) for s in allies])} on one side and "
        f"{joined([the(results.name_of(s)) for s in rivals])} on the other has a chance of {_told(finder.cell(base, *kind, unit, first))} "
        f"by {day(first)} under “{results.title_of(base)}”; by {day(last)} it is {_by_branch(finder, *kind, unit)}. "
        f"The likeliest dyads by {day(last)}: {'; '.join(most)}."
    )
    return Finding("How likely is a dispute?", text, _marks(finder, *kind, [unit, *pairs]))


def _changes(results: Results, branch: str) -> Finding:
    """What a branch changes beyond noise, in chances first; all of it rests on its assumptions."""
    rows, base = of_note(results, branch), results.title_of(results.branches[0])
    own, first = (results.scenario.interventions_of(b) for b in (branch, results.branches[0]))
    clear, made = rows[rows["clear"]], len({entry.id for entry in own} ^ {entry.id for entry in first})
    largest = (
        clear[clear["unit"] == "chance"].assign(size=lambda t: t["mean"].abs()).sort_values("size", ascending=False)
    )
    parts = [f"{subject(results, r)} {points(r.mean)} points ({points(r.lower)}{to(-1)}{points(r.upper)})" for r in largest.head(4).itertuples()]  # fmt: skip
    text = (
        f"Of {len(rows)} compared numbers, {len(clear)} differ from “{base}” beyond simulation noise by "
        f"{day(results.dates[-1])}. "
    )
    text += f"The largest differences of chances: {'; '.join(parts)}. " if parts else "No chance differs beyond noise. "
    text += f"Both branches share their random numbers, so all of the difference rests on the {made} assumption{'s' if made != 1 else ''} that the two do not share."  # fmt: skip
    return Finding(f"What does “{results.title_of(branch)}” change?", text, "A")
