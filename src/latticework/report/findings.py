"""Findings are the answers in sentences, each made from the numbers of the run."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

from latticework.measures.courses import blocs
from latticework.measures.outlook import each
from latticework.report.cohesion_finding import cohesion
from latticework.report.contrast_tables import difference, of_note, subject, worth
from latticework.report.numbers import by_year, chance, day, joined, the
from latticework.report.outlook_tables import hosts_of_note, named
from latticework.report.results import Results
from latticework.report.tables import Cell, Finder

LARGEST, LIKELIEST = 3, 5  # differences and dyads that an answer names; the tables have them all
Unit = tuple[str, str]
Kind = tuple[str, str]


class Finding(NamedTuple):
    """A question, its answer in a sentence, the numbers one by one, and the marks of their origins."""

    title: str
    answer: str
    points: tuple[str, ...]
    marks: str


def findings(results: Results) -> tuple[Finding, ...]:
    """The answers of a run: tie strength, troops, pacts, votes, leaders, disputes and what the branches change."""
    finder, s = Finder(results), results.scenario
    allies, rivals = blocs(s.focus, s.hub, s.rival, results.inputs)
    found = [
        _strength(finder, allies),
        _troops(finder),
        _pacts(finder, allies),
        _votes(finder, allies),
        _leaders(finder),
        _disputes(finder, allies, rivals),
        _changes(results),
        _cohesion(results),
    ]
    return tuple(finding for finding in found if finding)


def _told(cell: Cell) -> str:
    return f"{cell.text} {cell.band}".strip()


def _by_branch(finder: Finder, kind: Kind, unit: Unit) -> str:
    """The value at the end: of two branches both, of more the first and where the others lie.

    `4 % (2–6) Status quo, 5 % (2–9) Transactional hub`; `4 % (2–6) Status quo, elsewhere 4 % to 9 % (Retreat)`.
    """
    results, last = finder.results, finder.years[-1]
    cells = {b: finder.cell(b, *kind, unit, last) for b in results.branches}
    texts = list(dict.fromkeys(_told(cell) for cell in cells.values()))
    if len(texts) == 1:
        return texts[0] + (" in every branch" if results.branches[1:] else "")
    if len(cells) == 2:
        return ", ".join(f"{_told(cell)} {results.title_of(b)}" for b, cell in cells.items())
    base, *others = results.branches
    others.sort(key=lambda b: finder.row(b, *kind, unit, last).value)
    least, most = others[0], others[-1]
    told = f"{_told(cells[base])} {results.title_of(base)}"
    if cells[least].text == cells[most].text:
        return f"{told}, {cells[most].text} elsewhere"
    return f"{told}, elsewhere {cells[least].text} to {cells[most].text} ({results.title_of(most)})"


def _marks(finder: Finder, kind: Kind, units: Sequence[Unit]) -> str:
    acted = finder.acted(*kind)
    return "EA" if any(u in acted or u[::-1] in acted for u in units) else "E"


def _range(finder: Finder, kind: Kind, units: Sequence[Unit]) -> str:
    """The smallest and the largest chance at the end among units and branches, and where each is found."""
    results, last = finder.results, finder.years[-1]
    rows = [(finder.row(b, *kind, u, last).value, u, b) for b in results.branches for u in units]
    (low, u, a), (high, v, b) = min(rows, key=lambda r: r[0]), max(rows, key=lambda r: r[0])
    texts = chance(low, results.paths), chance(high, results.paths)
    if texts[0] == texts[1]:
        return texts[0]
    hub = results.scenario.hub
    (one, first), (other, second) = ((text, _other(unit, hub)) for text, unit in zip(texts, (u, v), strict=True))
    return f"{one} ({first}, “{results.title_of(a)}”) to {other} ({second}, “{results.title_of(b)}”)"


def _other(unit: Unit, hub: str) -> str:
    """The end of a dyad that is not the hub; both if it is not of the hub."""
    ends = [code for code in unit if code and code != hub]
    return "-".join(ends)


def _strength(finder: Finder, allies: tuple[str, ...]) -> Finding | None:
    """How strong the ties of hub, allies and rival are, and the chance that they weaken."""
    results, kind, weaker = finder.results, ("tie", "tie strength"), ("tie", "weaker than today")
    hub, last = results.scenario.hub, finder.years[-1]
    own = [(hub, ally) for ally in allies if ally != hub and finder.has(*kind, (hub, ally))]
    if not own:
        return None
    others = [*combinations([a for a in allies if a != hub], 2), (hub, results.scenario.rival)]
    units = own + [unit for unit in others if finder.has(*kind, unit)]
    points = tuple(
        f"{named(u).text}: {_told(finder.start(*kind, u))} now, {_by_branch(finder, kind, u)} by {by_year(last)}; "
        f"weaker than today: {_by_branch(finder, weaker, u)}"
        for u in units
    )
    stand = [f"{_told(finder.start(*kind, u))} with {the(results.name_of(u[1]))}" for u in own]
    answer = (
        f"From 0 to 100, the ties of {the(results.name_of(hub))} stand at {joined(stand)} today. The chance that such "
        f"a tie is weaker on {day(last)} is {_range(finder, weaker, own)}."
    )
    return Finding("How strong are the ties, and where do they head?", answer, points, _marks(finder, kind, units))


def _troops(finder: Finder) -> Finding | None:
    """The chance of a cut by a fifth in the hosts among the focus states."""
    results, kind = finder.results, ("troops", "cut by a fifth or more")
    hosts = [u for u in hosts_of_note(finder) if u[1] in results.scenario.focus]
    if not hosts:
        return None
    points = tuple(
        f"{results.name_of(u[1])} ({finder.start('troops', 'troops', u).text} now): {_by_branch(finder, kind, u)}"
        for u in hosts
    )
    answer = (
        f"The chance that troops of {the(results.name_of(results.scenario.hub))} fall to a fifth or more below today's "
        f"number at some time before {day(finder.years[-1])} is {_range(finder, kind, hosts)}."
    )
    return Finding("Will troops be cut?", answer, points, "O" + _marks(finder, kind, hosts))


def _pacts(finder: Finder, allies: tuple[str, ...]) -> Finding | None:
    """The chance that a pact of the hub with a focus ally ends."""
    hub, kind = finder.results.scenario.hub, ("tie", "agreement ends")
    pairs = [(min(a, hub), max(a, hub)) for a in allies if a != hub]
    pairs = [pair for pair in pairs if finder.has(*kind, pair)]
    if not pairs:
        return None
    points = tuple(f"{named(pair).text}: {_by_branch(finder, kind, pair)}" for pair in pairs)
    answer = f"The chance that a pact ends by {day(finder.years[-1])} is {_range(finder, kind, pairs)}."
    return Finding("Does a pact of the hub end?", answer, points, _marks(finder, kind, pairs))


def _votes(finder: Finder, allies: tuple[str, ...]) -> Finding | None:
    """Whether allies move towards or away from the hub in the United Nations, and from the rival."""
    results, kind = finder.results, ("alignment", "distance in UN votes")
    hub, rival = results.scenario.hub, results.scenario.rival
    near = [a for a in allies if a != hub and finder.has(*kind, (a, hub))]
    if not near:
        return None
    units = [(ally, centre) for centre in (hub, rival) for ally in near if finder.has(*kind, (ally, centre))]
    points = tuple(
        f"{results.name_of(u[0])} to {the(results.name_of(u[1]))}: {finder.start(*kind, u).text} at the last session "
        f"observed, then {_by_branch(finder, kind, u)}"
        for u in units
    )
    moves: dict[str, list[str]] = {}
    for ally in near:
        moves.setdefault(move(finder, kind, (ally, hub)), []).append(the(results.name_of(ally)))
    told = "; ".join(f"{text} for {joined(names)}" for text, names in moves.items())
    place, last = the(results.name_of(hub)), day(finder.years[-1])
    answer = (
        f"Distance to {place} in General Assembly votes by {last}: {told} (“{results.title_of(results.branches[0])}”)."
    )
    title = "Do allies move towards or away from the hub?"
    return Finding(title, answer, points, "O" + _marks(finder, kind, units))


def move(finder: Finder, kind: Kind, unit: Unit) -> str:
    """Nearer, farther or no clear move in the first branch: clear if today's value is outside the 80 % band."""
    base = finder.results.branches[0]
    start, end = (finder.row(base, *kind, unit, date) for date in (finder.baseline, finder.years[-1]))
    if start is None or end.lower <= start.value <= end.upper:
        return "no clear move"
    return "nearer" if end.value < start.value else "farther"


def _leaders(finder: Finder) -> Finding | None:
    """Who is likely to have left by the end of the first year and of the last."""
    results, kind = finder.results, ("leader", "leader leaves office")
    states = [s for s in results.scenario.focus if finder.has(*kind, (s, ""))]
    if not states:
        return None
    first, last, base = finder.years[0], finder.years[-1], results.branches[0]
    left = {s: finder.row(base, *kind, (s, ""), last).value for s in states}
    states.sort(key=lambda s: -left[s])
    names = {leader.state: leader.name for leader in results.scenario.leaders}
    points = tuple(
        f"{names.get(s, results.name_of(s))}, {s}: "
        f"{_told(finder.cell(base, *kind, (s, ''), first))} by {by_year(first)}, "
        f"{_told(finder.cell(base, *kind, (s, ''), last))} by {by_year(last)}"
        for s in states
    )
    gone = [names.get(s, results.name_of(s)) for s in states if left[s] > 0.5]
    answer = f"More likely than not to have left by {day(last)}: {joined(gone) or 'none'}."
    return Finding("Who still leads?", answer, points, _marks(finder, kind, [(s, "") for s in states]))


def _disputes(finder: Finder, allies: tuple[str, ...], rivals: tuple[str, ...]) -> Finding | None:
    """A dispute between the blocs, and the dyads where one is likeliest."""
    results, kind, base = finder.results, ("dispute", "dispute"), finder.results.branches[0]
    unit, first, last = ("+".join(allies), "+".join(rivals)), finder.years[0], finder.years[-1]
    if not finder.has(*kind, unit):
        return None
    pairs = [u for u in finder.units(*kind) if "+" not in "".join(u) and set(u) <= set(results.scenario.focus)]
    pairs.sort(key=lambda u: -finder.row(base, *kind, u, last).value)
    points = tuple(f"{named(u).text} by {by_year(last)}: {_by_branch(finder, kind, u)}" for u in pairs[:LIKELIEST])
    sides = [joined([the(results.name_of(s)) for s in bloc]) for bloc in (allies, rivals)]
    answer = (
        f"At least one militarised dispute between {sides[0]} on one side and {sides[1]} on the other: "
        f"{_told(finder.cell(base, *kind, unit, first))} by {day(first)}, "
        f"{_told(finder.cell(base, *kind, unit, last))} by {day(last)} (“{results.title_of(base)}”)."
    )
    return Finding("How likely is a dispute?", answer, points, _marks(finder, kind, [unit, *pairs]))


def _changes(results: Results) -> Finding | None:
    """What each branch changes beyond noise, chances first; all of it rests on its assumptions."""
    if len(results.branches) < 2:
        return None
    base, told = results.title_of(results.branches[0]), {b: _largest(results, b) for b in results.branches[1:]}
    every = sorted((row for rows, _ in told.values() for row in rows), key=lambda row: -abs(row.mean))
    first = {subject(results, row): row for row in reversed(every)}
    most = sorted(first.items(), key=lambda item: -abs(item[1].mean))[:LARGEST]
    largest = [f"{what} {_told(difference(row))} in “{results.title_of(row.branch)}”" for what, row in most]
    answer = (
        f"Chances that differ most from “{base}” on {day(results.dates[-1])}: {joined(largest)}."
        if largest
        else f"No chance differs from “{base}” beyond simulation noise on {day(results.dates[-1])}."
    )
    points = tuple(f"{results.title_of(b)}: {text}" for b, (_, text) in told.items())
    return Finding(f"What do the branches change beside “{base}”?", answer, points, "A")


def _largest(results: Results, branch: str) -> tuple[list[Any], str]:
    """The largest differences of chances in a branch, and these in words with how many numbers differ and on what."""
    rows = of_note(results, branch)
    own, first = (results.scenario.interventions_of(b) for b in (branch, results.branches[0]))
    clear, made = rows[worth(rows)], len({entry.id for entry in own} ^ {entry.id for entry in first})
    largest = clear[clear["unit"] == "chance"].assign(size=lambda t: t["mean"].abs())
    largest = list(each(largest.sort_values("size", ascending=False, kind="stable").head(LARGEST)))
    told = [f"{subject(results, row)} {_told(difference(row))}" for row in largest]
    text = "; ".join(told) if told else "no chance differs beyond noise"
    many = f"{made} assumption{'s' if made != 1 else ''}"
    return largest, f"{text}. {len(clear)} of {len(rows)} numbers differ; all of it rests on {many}"


def _cohesion(results: Results) -> Finding | None:
    """Whether the levers raise the cohesion of hub and allies."""
    found = cohesion(results)
    return Finding(*found, "A") if found else None
