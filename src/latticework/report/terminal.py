"""The outlook in a terminal: compact tables that read as well in a pipe as on a screen."""

from collections.abc import Iterator
from textwrap import wrap

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from latticework.report.assumed import Assumption, assumptions
from latticework.report.audit_page import summary
from latticework.report.basis import assumption_table, data_ends, estimates_by_process, inputs_by_layer
from latticework.report.brief import mechanism_sections
from latticework.report.contrast_tables import contrast_table
from latticework.report.explain_text import explain_text
from latticework.report.findings import findings
from latticework.report.in_short import in_short
from latticework.report.numbers import day
from latticework.report.outlook_tables import outlook_tables
from latticework.report.parameters_table import origins, parameters_table
from latticework.report.results import Results
from latticework.report.sections import Section
from latticework.report.side_tables import side_tables
from latticework.report.tables import Cell, Column, Table

WIDTH = 100
SIDE_BY_SIDE, COMPARED = 2, 3  # branches at full length, and branches of which two are compared with the first
HEADING = 13
QUIET, LOUD, ASSUMED = "dim", "bold", "yellow"


def print_outlook(results: Results, console: Console | None = None, full: bool = True) -> None:
    """Print the outlook, at most WIDTH columns wide; without colour where there is no terminal.

    If not `full`, the answers, what sets branches apart, and where the rest is.
    """
    asked = console if console is not None else Console()
    asked.width = min(asked.width, WIDTH) if asked.is_terminal else WIDTH
    for block in (blocks if full else first_page)(results, asked.width):
        asked.print(block, highlight=False)


def first_page(results: Results, width: int = WIDTH) -> Iterator[RenderableType]:
    """Heading, answers, the ties now and then, the branches side by side, and how much of what it rests on."""
    yield _heading(results)
    yield from _answers(results)
    for table in (*outlook_tables(results, results.branches[:SIDE_BY_SIDE])[:1], *side_tables(results)):
        yield drawn(table, width)
    yield from _audit(results)
    made, parameters = assumptions(results.scenario, results.branches), parameters_table(results)
    rests = f"{len(made)} assumptions" + (f" and {len(parameters.rows)} parameters of mechanisms" if parameters else "")
    yield Rule(Text("What it rests on", LOUD), style=QUIET, align="left")
    yield Text(
        f"{rests}. Each with its origin and reason, and all other tables: brief.html, or this command with --full."
    )
    yield from _limits(results)


def blocks(results: Results, width: int = WIDTH) -> Iterator[RenderableType]:
    """Heading, answers, tables, what the mechanisms say, and what it all rests on."""
    yield _heading(results)
    yield from _answers(results)
    shown = results.branches[:SIDE_BY_SIDE]
    for table in outlook_tables(results, shown):
        yield drawn(table, width)
    if len(results.branches) > len(shown):
        yield _note(f"The other {len(results.branches) - len(shown)} branches at this length: brief.html, tables/.")
        yield Text("")
    for table in side_tables(results):
        yield drawn(table, width)
    for branch in results.branches[1:COMPARED]:
        yield drawn(contrast_table(results, branch), width)
    if len(results.branches) > COMPARED:
        yield _note("What the other branches change, number by number: brief.html, tables/contrast.csv.")
        yield Text("")
    for section in mechanism_sections(results):
        yield from _section(section, width)
    yield from _audit(results)
    explained = explain_text(results)
    if explained:
        yield from _section(explained, width)
    yield Rule(Text("What it rests on", LOUD), style=QUIET, align="left")
    yield drawn(inputs_by_layer(results, full=False), width)
    yield drawn(estimates_by_process(results), width)
    yield from _assumed(results)
    yield from _parameters(results)
    yield from _limits(results)


def _audit(results: Results) -> Iterator[RenderableType]:
    """The sum of the claims' verdicts, if there are claims."""
    if results.audit:
        yield Rule(Text("The argument, claim by claim", LOUD), style=QUIET, align="left")
        yield Text(f"{summary(results.audit)} The whole: brief.html, or latticework audit {results.scenario.id}.")
        yield Text("")


def _limits(results: Results) -> Iterator[RenderableType]:
    """Where data end, and what the run has to say of itself."""
    ends = [f"{title} {day(end)}" for title, end in data_ends(results)]
    if ends:
        yield _note("Where data end: " + "; ".join(ends) + ".")
    for note in results.notes:
        yield _note(note)


def _answers(results: Results) -> Iterator[RenderableType]:
    """The answers of the first page, each a paragraph; the numbers one by one are in the brief."""
    yield Rule(Text("Answers", LOUD), style=QUIET, align="left")
    short = " ".join(in_short(results))
    if short:
        yield Text(f"{short} A", "")
        yield Text("")
    for finding in findings(results):
        yield Text.assemble((f"{finding.title} ", LOUD), finding.answer, (f" {' '.join(finding.marks)}", ASSUMED))
    yield Text("")


def _section(section: Section, width: int) -> Iterator[RenderableType]:
    """A section: its sentences, then its tables."""
    yield Rule(Text(section.title, LOUD), style=QUIET, align="left")
    for text in section.words:
        yield Text(text)
    yield Text("")
    for table in section.tables:
        yield drawn(table, width)


def _parameters(results: Results) -> Iterator[RenderableType]:
    """Every parameter of the mechanisms with its law, origin and reason, a line or two each."""
    table = parameters_table(results)
    if table is None:
        return
    yield Rule(Text(f"{table.title}: {origins(results)}", LOUD), style=QUIET, align="left")
    for name, _, law, unit, origin, why in table.rows:
        yield Text.assemble((name.text, LOUD), f"  {law.text} {unit.text}, {origin.text}", (f" {law.mark}", ASSUMED))
        if why.text:
            yield Padding(Text(why.text, QUIET), (0, 0, 0, 4), expand=False)
    yield _note(table.note)
    yield Text("")


def _heading(results: Results) -> RenderableType:
    s = results.scenario
    lines = [Text(s.question, LOUD)]
    facts = (
        f"Baseline {day(s.baseline)}, {len(results.dates)} steps to {day(results.dates[-1])}. {results.paths:,} paths "
        f"per branch over {results.draws:,} draws of the parameters. Seed {results.seed}, version {results.version}."
    )
    lines.append(Text(facts))
    for branch in results.branches:
        lines.append(Text.assemble((f"{results.title_of(branch)}: ", LOUD), s.branch(branch).summary))
    legend = "In brackets: 80 % bands. Origin: O observed, E estimated from history, A acted on by an assumption."
    lines.append(Text(legend, QUIET))
    return Group(Rule(Text(s.title, LOUD), style=QUIET, align="left"), *lines, Text(""))


def drawn(table: Table, width: int = WIDTH) -> RenderableType:
    """A table of finished text for the terminal, drawn closer and then with bands below values if it is too wide."""
    layouts = ({"tight": False}, {"tight": True}, {"tight": True, "stacked": True})
    grids = [_grid(table, **layout) for layout in layouts]
    grid = next((grid for grid in grids if _breadth(grid) <= width), grids[-1])
    body = grid if table.rows else Text("Nothing to show.")
    heading = Rule(Text(table.title, LOUD), style=QUIET, align="left")
    return Group(heading, body, *([_note(table.note)] if table.note else []), Text(""))


def _breadth(grid: RichTable) -> int:
    """The columns that a table takes if nothing in it is folded."""
    wide = Console(width=10 * WIDTH)
    return Measurement.get(wide, wide.options, grid).maximum


def _grid(table: Table, tight: bool, stacked: bool = False) -> RichTable:
    grid = RichTable(
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style=LOUD, show_edge=False, collapse_padding=tight
    )
    for column in table.columns:
        side = "right" if column.numeric else "left"
        least = _longest(table) if stacked and column is table.columns[0] else None
        grid.add_column(
            _title(column), justify=side, overflow="fold", no_wrap=not (column.wraps or stacked), min_width=least
        )
    for row in table.rows:
        grid.add_row(*(_text(cell, "\n" if stacked else " ") for cell in row))
    return grid


def _longest(table: Table) -> int:
    """The longest word in the first column: what names a row is never broken inside a word."""
    return max((len(word) for row in table.rows for word in row[0].text.split()), default=1)


def _title(column: Column) -> Text:
    title = wrap(
        f"{column.title} {column.mark}", 6 if column.mark == "O" and column.numeric else HEADING, break_long_words=False
    )
    return Text("\n".join([*wrap(column.branch, HEADING, break_long_words=False), *title]))


def _text(cell: Cell, between: str = " ") -> Text:
    parts = [
        (cell.text, ""),
        (f"{between}{cell.band}" if cell.band else "", QUIET),
        (f" {cell.mark}" if cell.mark else "", ASSUMED),
    ]
    return Text.assemble(*parts)


def _note(text: str) -> RenderableType:
    return Text(text, QUIET)


def _assumed(results: Results) -> Iterator[RenderableType]:
    """Every assumption with its size, who makes it and why."""
    made = assumptions(results.scenario, results.branches)
    authors = {a.assumed_by for a in made}
    yield Rule(Text("Assumed A", LOUD), style=QUIET, align="left")
    alone = len(authors) == 1
    for a in made:
        yield Text.assemble((a.id, LOUD), f"  {a.acts}: {a.on}, {a.when}: {a.size}{_where(results, a)}")
        yield Padding(Text(f"{a.assumed_by}: {a.reason}" if not alone else a.reason, QUIET), (0, 0, 0, 4), expand=False)
    if made:
        yield _note(assumption_table(results).note)
    yield Text("")


def _where(results: Results, a: Assumption) -> str:
    everywhere = set(a.branches) == set(results.branches)
    return "" if everywhere else f" (only {', '.join(results.title_of(b) for b in a.branches)})"
