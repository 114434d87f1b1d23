"""The outlook as five tables: ties, troops, alignment, leaders, disputes, with the branches side by side."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from latticework.report.numbers import MISSING, by_year, chance, day, joined
from latticework.report.results import Results
from latticework.report.skill import skill_of
from latticework.report.tables import Cell, Column, Finder, Table

STRENGTH = (
    "From 0 to 100, inferred from treaties, troops, votes, disputes and more: 50 is the average pair of states that "
    "had to do with one another in 2000-2009. Now: as known on the baseline day, up to {until}; inferred anew, it can "
    "lie some points from what “latticework measure tie-strength” says. Later: as treaties, troops, votes and disputes "
    "of every path move it. How well it is foretold is not scored; what it is read from is."
)
TIES = (
    "Pact: a defence obligation in force. Ends: chance that the last agreement between the two ends. UN distance: "
    "between ideal points in General Assembly votes, the smaller the closer."
)
UNMEASURED = " A tie strength from 0 to 100 was not measured in this run."
TROOPS = (
    "Median and 80 % band of the paths, of hosts with a hundred troops or more. Smaller posts stand still until a "
    "garrison is opened."
)
ALIGNMENT = "Distance between ideal points in General Assembly votes, the smaller the closer."
LEADERS = "Chance that the leader of the baseline day has left by then, by whatever way."
DISPUTES = "Chance of at least one militarised dispute (threat, display or use of force) from the baseline to the date."
RARE = 0.01
SKILLED = {  # by table the quantities whose skill is told below it
    "ties": ("agreement ends",),
    "troops": ("troops",),
    "alignment": ("distance in UN votes",),
    "leaders": ("leader leaves office",),
    "disputes": ("dispute",),
}


def outlook_tables(results: Results, branches: Iterable[str], full: bool = False) -> tuple[Table, ...]:
    """Tie strength, ties, troops, alignment, leaders and disputes of the named branches (two fit side by side).

    In full, states have their English names. Chances of disputes stand at the end of the first and the last year.
    """
    finder, chosen = Finder(results), tuple(branches)
    years = tuple(dict.fromkeys((finder.years[0], finder.years[-1])))
    tables = (
        *strength(finder, chosen),
        ties(finder, chosen),
        troops(finder, chosen, full),
        alignment(finder, chosen, full),
        leaders(finder, chosen),
        disputes(finder, chosen, years),
    )
    return tuple(with_skill(table, results) for table in tables)


def with_skill(table: Table, results: Results) -> Table:
    """The table with a sentence below on how well its quantity was forecast in the backtest."""
    words = [skill_of(quantity, results.skill) for quantity in SKILLED.get(table.id, ())]
    return replace(table, note=" ".join(filter(None, (table.note, *words))))


def dyads_of_note(finder: Finder, kind: str, quantity: str) -> list[tuple[str, str]]:
    """The dyads of the focus states in the scenario's order, then others on which an assumption acts."""
    near = list(combinations(finder.results.scenario.focus, 2))
    far = [unit for unit in finder.acted(kind, quantity) if unit not in near and unit[::-1] not in near]
    return near + far


def named(pair: tuple[str, str]) -> Cell:
    """The name of a dyad, its codes in alphabetical order; of two groups of states."""
    return Cell(" with ".join(pair) if "+" in "".join(pair) else "-".join(sorted(pair)))


def hosts_of_note(finder: Finder) -> list[tuple[str, str]]:
    """(hub, host) for the hosts whose troops the model moves, the largest first."""
    started = {
        u: finder.row(finder.results.branches[0], "troops", "troops", u, finder.baseline)
        for u in finder.units("troops", "cut by a fifth or more")
    }
    return sorted((u for u, row in started.items() if row is not None), key=lambda u: -started[u].value)


def _per_branch(finder: Finder, branches: tuple[str, ...], titles: Iterable[str]) -> tuple[Column, ...]:
    """The same headings for each branch, heading by heading."""
    return tuple(Column(title, finder.results.title_of(b), mark="E") for title in titles for b in branches)


def strength(finder: Finder, branches: tuple[str, ...]) -> tuple[Table, ...]:
    """How strong every tie of the focus states is now and at the end, and the chance that it is weaker then.

    None if tie strength was not measured.
    """
    last, kind, weaker = finder.years[-1], ("tie", "tie strength"), ("tie", "weaker than today")
    pairs = [pair for pair in combinations(finder.results.scenario.focus, 2) if finder.has(*kind, pair)]
    if not pairs:
        return ()
    columns = (Column("tie", numeric=False), Column("now", mark="E"))
    columns += _per_branch(finder, branches, [by_year(last), "weaker than today"])
    pairs.sort(key=lambda pair: -finder.row(branches[0], *kind, pair, finder.baseline).value)
    rows = []
    for pair in pairs:
        ends = [finder.cell(b, *quantity, pair, last) for quantity in (kind, weaker) for b in branches]
        rows.append((named(pair), finder.start(*kind, pair), *ends))
    note = STRENGTH.format(until=day(finder.results.ensemble.attrs["tie_strength_day"]))
    return (Table("strength", "Tie strength", columns, tuple(rows), note),)


def ties(finder: Finder, branches: tuple[str, ...]) -> Table:
    """Obligation, chance that an agreement ends, and distance in UN votes of every dyad of the focus states."""
    last = finder.years[-1]
    ends, apart = ("tie", "agreement ends"), ("tie", "distance in UN votes")
    columns = (Column("tie", numeric=False), Column("pact", numeric=False, mark="O"))
    columns += _per_branch(finder, branches, [f"ends by {by_year(last)}"])
    columns += (Column("UN distance", mark="O"), *_per_branch(finder, branches, [by_year(last)]))
    rows = []
    for pair in dyads_of_note(finder, *ends):
        bound = finder.start("tie", "defence obligation", pair).text != MISSING
        agreed = finder.has(*ends, pair)
        if not bound and not agreed and not finder.has(*apart, pair):
            continue
        pact = Cell("defence" if bound else "other" if agreed else "none")
        ending = [finder.cell(b, *ends, pair, last) for b in branches]
        distance = [finder.start(*apart, pair), *(finder.cell(b, *apart, pair, last) for b in branches)]
        rows.append((named(pair), pact, *ending, *distance))
    note = TIES if finder.results.ties_measured else TIES + UNMEASURED
    return Table("ties", "Ties", columns, tuple(rows), note)


def troops(finder: Finder, branches: tuple[str, ...], full: bool = False) -> Table:
    """Troops of the hub in each host of note, and the chance that they fall by a fifth."""
    results, last, hosts = finder.results, finder.years[-1], hosts_of_note(finder)
    columns = (Column("host", numeric=False), Column("observed", mark="O"))
    columns += _per_branch(finder, branches, [by_year(last), f"cut by 1/5 by {by_year(last)}"])
    rows = []
    for unit in hosts:
        levels = [finder.cell(b, "troops", "troops", unit, last) for b in branches]
        cuts = [finder.cell(b, "troops", "cut by a fifth or more", unit, last) for b in branches]
        rows.append(
            (
                Cell(results.name_of(unit[1]) if full else unit[1]),
                finder.start("troops", "troops", unit),
                *levels,
                *cuts,
            )
        )
    table = results.inputs[results.inputs["layer"] == "troops"]
    dated = sorted({str(d) for d in table[table["partner"].isin([host for _, host in hosts])]["date"]})
    when = f" Observed on {day(dated[0])}" + (f" to {day(dated[-1])}." if dated[1:] else ".") if dated else ""
    title = f"{results.name_of(results.scenario.hub)}: troops by host"
    return Table("troops", title, columns, tuple(rows), TROOPS + when)


def alignment(finder: Finder, branches: tuple[str, ...], full: bool = False) -> Table:
    """Distance of each focus state to the hub and to the rival, today and at the end."""
    results, last, kind = finder.results, finder.years[-1], ("alignment", "distance in UN votes")
    columns = [Column("state", numeric=False)]
    for centre in (results.scenario.hub, results.scenario.rival):
        columns += [Column(f"to {centre}", mark="O"), *_per_branch(finder, branches, [f"to {centre}, {by_year(last)}"])]
    rows = []
    for state in results.scenario.focus:
        cells = [Cell(results.name_of(state) if full else state)]
        for centre in (results.scenario.hub, results.scenario.rival):
            unit = (state, centre)
            cells += [finder.start(*kind, unit), *(finder.cell(b, *kind, unit, last) for b in branches)]
        if any(cell.text != MISSING for cell in cells[1:]):
            rows.append(tuple(cells))
    silent = [s for s in results.scenario.focus if not any(finder.has(*kind, (s, c)) for c in results.scenario.focus)]
    note = ALIGNMENT + (f" Without votes: {', '.join(results.name_of(s) for s in silent)}." if silent else "")
    return Table("alignment", "Alignment in the United Nations", tuple(columns), tuple(rows), note)


def leaders(finder: Finder, branches: tuple[str, ...]) -> Table:
    """Who leads, since when, and the chance of leaving by the end of each year; one column where branches agree."""
    results, kind = finder.results, ("leader", "leader leaves office")
    agree = all(
        finder.cell(b, *kind, (s, ""), date)[:2] == finder.cell(branches[0], *kind, (s, ""), date)[:2]
        for b in branches
        for s in results.scenario.focus
        for date in finder.years
    )
    shown = branches[:1] if agree else branches
    dates = finder.years if agree else tuple(dict.fromkeys((finder.years[0], finder.years[-1])))
    columns = (Column("leader", numeric=False, wraps=True), Column("since", numeric=False, mark="O"))
    columns += tuple(
        Column(f"by {by_year(d)}", "" if agree else results.title_of(b), mark="E") for d in dates for b in shown
    )
    known = {leader.state: leader for leader in results.scenario.leaders}
    rows = []
    for state in results.scenario.focus:
        if state in known:
            cells = [finder.cell(b, *kind, (state, ""), d) for d in dates for b in shown]
            rows.append((Cell(f"{state} {known[state].name}"), Cell(str(known[state].since)), *cells))
    note = LEADERS + (f" The same in {_all_of(results, branches)}." if agree and len(branches) > 1 else "")
    return Table("leaders", "Leaders", columns, tuple(rows), note)


def _all_of(results: Results, branches: tuple[str, ...]) -> str:
    """Some branches in words."""
    if len(branches) == len(results.branches):
        return "all branches"
    return joined([f"“{results.title_of(b)}”" for b in branches])


def disputes(finder: Finder, branches: tuple[str, ...], dates: tuple[str, ...]) -> Table:
    """The chance of a dispute in every dyad of the focus states that is at risk of one, the likeliest first."""
    kind = ("dispute", "dispute")
    columns = (Column("dyad", numeric=False), *_per_branch(finder, branches, [f"by {by_year(d)}" for d in dates]))
    groups = [unit for unit in finder.units(*kind) if "+" in "".join(unit)]
    pairs = [pair for pair in dict.fromkeys([*dyads_of_note(finder, *kind), *groups]) if finder.has(*kind, pair)]
    most = {p: max(finder.row(b, *kind, p, finder.years[-1]).value for b in branches) for p in pairs}
    pairs.sort(key=lambda p: -most[p])
    rows = [
        (named(p), *(finder.cell(b, *kind, p, d) for d in dates for b in branches)) for p in pairs if most[p] >= RARE
    ]
    rare = [named(p).text for p in pairs if most[p] < RARE]
    note = DISPUTES + (f" Below {chance(RARE)} in all: {', '.join(rare)}." if rare else "")
    return Table("disputes", "Disputes", columns, tuple(rows), note)
