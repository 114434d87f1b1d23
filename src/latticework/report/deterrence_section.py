"""Deterrence: chances of the game between a threat, the hub and its ally, by branch, and on what it was calibrated."""

from typing import Any

from latticework.measures.outlook import each
from latticework.mechanisms.deterrence import CHALLENGES, FULFILLED
from latticework.report.numbers import MINUS, by_year, chance, points, the
from latticework.report.results import Results
from latticework.report.sections import Section
from latticework.report.side_tables import NEXT_TO_NOTHING, SAME
from latticework.report.tables import Cell, Column, Table

GAME = {
    "challenge": "a challenge, a year",
    "without": "a challenge if the hub were not there, a year",
    "support": "the hub stands by the ally, if challenged",
    "fight": "the challenger fights, if the hub stands by it",
    "war": "war with the hub, a year",
}
BESIDE = (
    "This is a game beside the simulation, in which it moves nothing: a threat challenges an ally of the hub or not, "
    "the hub stands by it or not, the threat fights or backs down. A challenge puts war on the table, so it is rarer "
    "than the disputes that the simulation counts. Payoffs are assumed; two of them are set so that the game meets its "
    "targets."
)


def deterrence_section(results: Results) -> Section | None:
    """The game in the first branch, what the others change, and its calibration; None where it was not played."""
    if not len(results.mechanisms.game):
        return None
    tables = (game_table(results), *changes_table(results), targets_table(results))
    return Section("deterrence", "Deterrence", (BESIDE, *_words(results)), tables)


def _pairs(results: Results) -> list[tuple[str, str]]:
    game = results.mechanisms.game
    return list(dict.fromkeys(zip(game["challenger"], game["ally"], strict=True)))


def small(share: float) -> str:
    """A chance that may be below one per cent, with two digits that count."""
    percent = 100 * share
    if 0 < percent < 0.01:
        return "<0.01 %"
    return f"{percent:.2f} %" if percent < 1 else f"{percent:.1f} %" if percent < 10 else chance(share)


def _cell(row: Any) -> Cell:
    if row.lower != row.lower:  # too few paths to tell draws apart
        return Cell(small(row.value))
    low, high = (small(edge).removesuffix(" %") for edge in (row.lower, row.upper))
    return Cell(small(row.value), f"({low}–{high})" if low != high else "")


def game_table(results: Results) -> Table:
    """Every chance of the game in the first branch, with the precisions beside it."""
    game, base = results.mechanisms.game, results.branches[0]
    rows = []
    for row in each(game[game["branch"] == base]):
        pair = f"{row.challenger} → {row.ally}: {GAME[row.quantity]}"
        rows.append((Cell(pair), _cell(row), Cell(small(row.loose)), Cell(small(row.strict))))
    precisions = sorted(results.mechanisms.targets["precision"])
    columns = (
        Column("challenger → ally", numeric=False, wraps=True),
        Column(f"chance, {by_year(results.dates[-1])}", mark="A"),
        Column(f"at precision {precisions[0]:g}"),
        Column(f"at precision {precisions[-1]:g}"),
    )
    note = (
        f"“{results.title_of(base)}”, with what allies believe of the hub at the end; in brackets the 80 % band over "
        "draws, which holds belief alone. How precisely states act on their payoffs is not known: the last columns "
        "show the game calibrated anew at other precisions. Power, weapons and rivalries are those of the baseline day."
    )
    return Table("game", "The game", columns, tuple(rows), note)


def changes_table(results: Results) -> tuple[Table, ...]:
    """What the other branches change of challenges and of support, in percentage points."""
    game, names = results.mechanisms.game, results.branches
    if len(names) < 2:
        return ()
    by = {(r.branch, r.challenger, r.ally, r.quantity): r for r in each(game)}
    keys = [(*pair, quantity) for pair in _pairs(results) for quantity in ("challenge", "support")]
    rows = []
    for branch in names:
        cells = []
        for key in keys:
            row = by[(branch, *key)]
            if branch == names[0]:
                cells.append(_cell(row))
            else:
                told = points(row.difference) if abs(row.difference) >= 0.0005 else _finer(row.difference)
                cells.append(Cell(told if row.clear else SAME))
        rows.append((Cell(results.title_of(branch)), *cells))
    headings = (Column(f"{a} → {b}: {'challenge' if q == 'challenge' else 'support'}", mark="A") for a, b, q in keys)
    note = (
        "First row: chances. Other rows: the difference from it in percentage points, on the same random numbers; = "
        "where it is less than twice its Monte Carlo error. Branches act on the game through belief in the hub and its "
        "pacts alone."
    )
    return (
        Table(
            "game-branches", "What the branches change", (Column("branch", numeric=False), *headings), tuple(rows), note
        ),
    )


def _finer(difference: float) -> str:
    told = f"{100 * difference:+.2f}"
    return told.replace("-", MINUS) if told.strip("+-0.") else NEXT_TO_NOTHING


def targets_table(results: Results) -> Table:
    """What the game gives in the world on which it was calibrated, beside its targets."""
    rows = []
    for t in each(results.mechanisms.targets):
        cells = (f"{t.precision:g}", small(t.challenge), small(t.fulfilled), small(t.unconditional), f"{t.pairs:,.0f}")
        rows.append(tuple(Cell(text) for text in cells))
    columns = (
        Column("precision"),
        Column("challenges a year"),
        Column("pledges kept when tested"),
        Column("pledges that would be kept"),
        Column("pairs"),
    )
    note = (
        f"Targets: challenges in {small(CHALLENGES)} of the years of a threatened pair (published work has 1 to 2 %), "
        f"pledges kept in {small(FULFILLED)} of wars (0.2 to 0.6); and fewer kept when tested than would be kept, "
        "since threats test those that they doubt."
    )
    return Table("game-targets", "Calibration", columns, tuple(rows), note)


def _words(results: Results) -> tuple[str, ...]:
    """What the hub's presence is worth in the game, and which branches move support."""
    game, base = results.mechanisms.game, results.branches[0]
    by = {(r.branch, r.challenger, r.ally, r.quantity): r for r in each(game)}
    told = []
    for pair in _pairs(results):
        met, alone, stands = (by[(base, *pair, q)] for q in ("challenge", "without", "support"))
        told.append(
            f"{the(results.name_of(pair[0]))[:1].upper()}{the(results.name_of(pair[0]))[1:]} challenges "
            f"{the(results.name_of(pair[1]))} in {small(met.value)} of years, {small(alone.value)} if the hub were not "
            f"there; if challenged, the hub stands by its ally with chance {small(stands.value)}."
        )
    moved = [(float(r.difference), r) for r in each(game) if r.branch != base and r.quantity == "support" and r.clear]
    if moved:
        most = max(moved, key=lambda pair: abs(pair[0]))[1]
        told.append(
            f"The branches move support by {points(most.difference)} points at most "
            f"(“{results.title_of(most.branch)}”, {most.challenger} → {most.ally})."
        )
    else:
        told.append("No branch moves support by more than simulation noise.")
    return tuple(told)
