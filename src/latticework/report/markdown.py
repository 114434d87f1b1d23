"""The brief as Markdown: the same answers and tables as the page, for mails, wikis and version control."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from latticework.report.brief import content
from latticework.report.numbers import day
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Table

BLANK = ""


def markdown(results: Results, told: Mapping[str, Any] | None = None) -> str:
    """The brief as text in Markdown (GitHub's tables), without charts; `told` is its content, if that is made."""
    told = content(results) if told is None else told
    parts = (_head(results), _answers(told), _numbers(told), _rests(told), _end(told))
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(results: Results) -> Iterator[str]:
    s = results.scenario
    yield from (f"# {_plain(s.title)}", BLANK, f"**{_plain(s.question)}**", BLANK)
    yield (
        f"Baseline {day(s.baseline)}; {len(results.dates)} steps to {day(results.dates[-1])}; {results.paths:,} paths "
        f"per branch over {results.draws:,} draws of the parameters; seed {results.seed}."
    )
    yield BLANK


def _answers(told: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Answers", BLANK)
    if told["short"]:
        yield from (_plain(" ".join(told["short"])), BLANK)
    yield from (f"- **{_plain(b.title)}.** {_plain(b.summary)}" for b in told["branches"])
    yield BLANK
    if told["glance"]:
        yield from _table(told["glance"])
    names = ", ".join(f"{code} {_plain(name)}" for code, name in told["names"].items())
    yield (
        "In brackets: 80 % bands. Where a number comes from: O observed, E estimated from history, A an assumption of "
        f"the scenario acts on it. Codes: {names}."
    )
    yield BLANK
    for finding in told["findings"]:
        yield from (
            f"### {_plain(finding.title)}",
            BLANK,
            f"{_plain(finding.answer)} ({', '.join(finding.marks)})",
            BLANK,
        )
        yield from (f"- {_plain(point)}" for point in finding.points)
        yield BLANK


def _numbers(told: Mapping[str, Any]) -> Iterator[str]:
    for section in told["sections"]:
        yield from _section(section["title"], (), section["tables"])
    if told["sides"]:
        yield from _section("Branches side by side", (), told["sides"])
    if told["contrasts"]:
        yield from _section("Branches compared", (), told["contrasts"])
    for section in told["beside"]:
        yield from _section(section.title, section.words, section.tables)
    if told["audit"]:
        yield from _audit(told["audit"])
    if told["explained_text"]:
        section = told["explained_text"]
        yield from _section(section.title, section.words, section.tables)


def _audit(audit: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## The argument, claim by claim", BLANK)
    yield f"{_plain(audit['title'])} ({_plain(audit['text'])}), held against what was known on {day(audit['dated'])}. "
    yield from (_plain(audit["summary"]), BLANK, _plain(audit["rule"]), BLANK)
    for group in audit["groups"]:
        yield from (f"### {group['title']} ({len(group['claims'])})", BLANK)
        for claim in group["claims"]:
            number = " ".join(str(claim[key]) for key in ("number", "band", "unit") if claim[key])
            tail = f" **{_plain(number)}.**" if claim["number"] else ""
            yield f"- **{claim['id']}** {_plain(claim['text'])}{tail} {_plain(claim['reason'])}"
        yield BLANK


def _rests(told: Mapping[str, Any]) -> Iterator[str]:
    tables = (told["assumed"], told["parameters"], told["by_layer"], told["by_process"], told["focus_inputs"])
    yield from _section("What it rests on", (), [table for table in (*tables, told["estimates"]) if table])
    yield from ("## Limits", BLANK, *(f"- {_plain(line)}" for line in told["limits"]), BLANK)


def _end(told: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Sources", BLANK)
    for entry in told["sources"]:
        version = f", {entry['version']}" if entry["version"] else ""
        words = f"{entry['citation']}. Terms: {entry['licence']}. Layers: {entry['layers']}."
        yield f"- **{_plain(entry['source'] + version)}.** {_plain(words)}"
    yield from (BLANK, "## How to cite", BLANK, _plain(told["cite"]), BLANK)
    yield from (f"- {name.replace('_', ' ')}: `{value}`" for name, value in told["hashes"].items())


def _section(title: str, words: Iterable[str], tables: Iterable[Table]) -> Iterator[str]:
    yield from (f"## {_plain(title)}", BLANK)
    for text in words:
        yield from (_plain(text), BLANK)
    for table in tables:
        if table.title != title:
            yield from (f"### {_plain(table.title)}", BLANK)
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    """A table between pipes, numbers to the right, and its note."""
    yield _row(_heading(column) for column in table.columns)
    yield _row("--:" if column.numeric else ":--" for column in table.columns)
    yield from (_row(_cell(cell) for cell in row) for row in table.rows)
    if not table.rows:
        yield _row(["Nothing beyond simulation noise.", *[BLANK] * (len(table.columns) - 1)])
    yield BLANK
    if table.note:
        yield from (_plain(table.note), BLANK)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(column: Column) -> str:
    return _plain(" ".join(text for text in (column.branch, column.title, column.mark) if text))


def _cell(cell: Cell) -> str:
    return _plain(" ".join(text for text in (cell.text, cell.band, cell.mark) if text))


def _plain(text: str) -> str:
    """A text that Markdown takes as it stands: on one line, without marks of its own and without HTML."""
    line = " ".join(str(text).split())
    for mark in "\\`*_|#[]":
        line = line.replace(mark, f"\\{mark}")
    return line.replace("<", "&lt;").replace(">", "&gt;")
