"""An outlook in a terminal: where ties stood on a day and headed, what moves them, and what happened."""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from latticework.report.assumed import assumptions
from latticework.report.numbers import day, joined, the
from latticework.report.outlook_of_ties import happened, heads, moves, told, verdict, warning
from latticework.report.outlook_result import DayOutlook
from latticework.report.terminal import LOUD, QUIET, WIDTH, drawn


def print_day_outlook(found: DayOutlook, console: Console | None = None) -> None:
    """Print an outlook, at most WIDTH columns wide; without colour where there is no terminal."""
    asked = console if console is not None else Console()
    asked.width = min(asked.width, WIDTH) if asked.is_terminal else WIDTH
    for block in blocks(found, asked.width):
        asked.print(block, highlight=False)


def blocks(found: DayOutlook, width: int = WIDTH) -> Iterator[RenderableType]:
    """Heading, tables, what happened, and what it rests on."""
    r, s = found.results, found.results.scenario
    yield Rule(Text(title(found), LOUD), style=QUIET, align="left")
    yield Text(
        f"As known on {day(found.day)}, to {day(r.dates[-1])}: {r.paths:,} paths over {r.draws:,} draws of the "
        f"parameters, {len(s.states)} states simulated, {assumed_words(found)}. Seed {r.seed}, version {r.version}."
    )
    yield Text(warning(found), "yellow")
    yield Text("")
    yield drawn(heads(found), width)
    yield Rule(Text("What held them on the day", LOUD), style=QUIET, align="left")
    for line in told(found):
        yield Text(f"- {line}")
    yield Text("")
    yield drawn(moves(found), width)
    yield drawn(happened(found), width)
    yield Group(Text(verdict(found), LOUD), Text(""))
    for made in assumptions(s, r.branches):
        yield Text.assemble(
            (f"Assumed: {made.id} ", LOUD), f"{made.acts}, {made.on}, {made.when}: {made.size}. {made.reason}"
        )
    for note in r.notes:
        yield Text(note, QUIET)


def assumed_words(found: DayOutlook) -> str:
    """What an outlook assumes, by name."""
    made = [a.id for a in assumptions(found.results.scenario, found.results.branches)]
    return f"assumed: {joined(made)}" if made else "nothing assumed"


def title(found: DayOutlook) -> str:
    """What an outlook is of."""
    names = [the(found.results.name_of(code)) for code in found.results.scenario.focus]
    return f"Ties of {joined(names)} on {day(found.day)}"
