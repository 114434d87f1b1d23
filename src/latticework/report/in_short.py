"""In short: how much the branches move the ties, what they move more, and who turns to the rival."""

from typing import Any

from latticework.measures.outlook import each
from latticework.report.cohesion_finding import MEAN, size_of
from latticework.report.numbers import by_year, decimal, joined, the
from latticework.report.results import Results
from latticework.report.side_tables import NEXT_TO_NOTHING, PERSONS, POINTS, SCORE, TURN, apart_as, shown_as

RIVAL = "turn to the rival"
OF = {PERSONS: "", SCORE: " of 100", TURN: " of 1", POINTS: " points"}
MOST = 3
LEAST_SPREAD = 0.05  # what spreads less than this, in its own unit, is next to still: units of it would mislead


def in_short(results: Results) -> tuple[str, ...]:
    """Sentences on what the branches change, from the numbers that stand side by side; none with a single branch."""
    sides = results.sides
    if not len(sides):
        return ()
    moved = [r for r in each(sides) if r.clear and apart_as(str(r.unit), float(r.difference)) != NEXT_TO_NOTHING]
    told = (_ties(results, moved), _more(results, moved), _turn(results, moved))
    return tuple(text for text in told if text)


def _ties(results: Results, moved: list[Any]) -> str:
    """The mean tie among hub and allies, and the branch that moves it most."""
    rows = [r for r in each(results.sides) if r.quantity == MEAN]
    if not rows:
        return ""
    base, show = rows[0], shown_as(str(rows[0].unit))
    told = (
        f"The mean tie among {base.states.replace('-', ', ')} stands at {show(base.value)} of 100 at "
        f"{by_year(results.dates[-1])} (80 % band {show(base.lower)} to {show(base.upper)}) in "
        f"“{results.title_of(base.branch)}”."
    )
    own = sorted((r for r in moved if r.quantity == MEAN), key=lambda r: -abs(r.difference))
    if not own:
        return f"{told} No branch moves it by more than simulation noise."
    ratio, word = size_of(own[0])
    return (
        f"{told} “{results.title_of(own[0].branch)}” moves it most, by "
        f"{apart_as(str(own[0].unit), own[0].difference)}: {decimal(ratio)} of the spread of the paths, {word}."
    )


def _more(results: Results, moved: list[Any]) -> str:
    """What the branches move most in units of the spread, each quantity once."""
    found: dict[str, Any] = {}
    for row in sorted(
        (r for r in moved if r.spread >= LEAST_SPREAD and r.quantity != MEAN), key=lambda r: -size_of(r)[0]
    ):
        found.setdefault(str(row.quantity), row)
    told = [
        f"{r.quantity}{f' ({results.name_of(r.states)})' if len(r.states) == 3 else ''} by "
        f"{apart_as(str(r.unit), r.difference)}{OF.get(r.unit, f' {r.unit}')} in "
        f"“{results.title_of(r.branch)}” ({decimal(size_of(r)[0])} spreads)"
        for r in list(found.values())[:MOST]
    ]
    return f"Moved more: {joined(told)}." if told else ""


def _turn(results: Results, moved: list[Any]) -> str:
    """Who turns to the rival, and where most."""
    own = sorted((r for r in moved if r.quantity == RIVAL and r.difference > 0), key=lambda r: -r.difference)
    rival = results.scenario.rival
    if not own:
        known = (results.sides["quantity"] == RIVAL).any()
        return f"No branch turns an ally to {results.name_of(rival)} by more than simulation noise." if known else ""
    most = {str(r.states): r for r in reversed(own)}
    told = [
        f"{results.name_of(s)} by {decimal(r.difference)} in “{results.title_of(r.branch)}”" for s, r in most.items()
    ]
    return f"The largest turns to {the(results.name_of(rival))}, from 0 (the hub) to 1 (the rival): {joined(told)}."
