"""The audit in a terminal: how many claims got which verdict, then the claims, what is against the text first."""

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from latticework.audit import Audit
from latticework.audit.judged import Answered
from latticework.report.audit_page import MEANING, RULE, number_of, ordered, summary
from latticework.report.numbers import day

WIDTH = 100
QUIET, LOUD = "dim", "bold"
FEW = 12  # claims that are shown with their reasons unasked


def print_audit(audit: Audit, console: Console | None = None) -> None:
    """Print an audit, at most WIDTH columns wide; with the reasons where only a few claims were asked for."""
    asked = console if console is not None else Console()
    asked.width = min(asked.width, WIDTH) if asked.is_terminal else WIDTH
    claims, reasons = audit.claims, len(audit.answered) <= FEW
    asked.print(Rule(Text(claims.title, LOUD), style=QUIET, align="left"))
    asked.print(Text(f"{claims.text}; held against what was known on {day(claims.dated)}."))
    asked.print(Text(summary(audit), LOUD))
    asked.print(Text(RULE, QUIET))
    for verdict, answered in ordered(audit):
        asked.print()
        title = Text.assemble(
            (f"{str(verdict).capitalize()} ({len(answered)})", LOUD), (f"  {MEANING[verdict]}", QUIET)
        )
        asked.print(title)
        if reasons:
            for one in answered:
                asked.print(_table([one]))
                asked.print(Padding(Text(one.judged.reason, QUIET), (0, 0, 0, 5)))
        else:
            asked.print(_table(answered))
    if not reasons:
        first = audit.answered[0].claim.id
        asked.print(Text(f"\nWhy: --claims {first} and the like, or --format json; the brief has every test.", QUIET))


def _table(answered: list[Answered]) -> Table:
    """Claims with the number that stands for each."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=4, no_wrap=True)
    table.add_column(ratio=5)
    table.add_column(ratio=3)
    table.add_column(width=15)
    for one in answered:
        value, band, unit = number_of(one.judged.deciding)
        found = one.judged.deciding.found
        told = Text.assemble(value, (f" {band}" if band else "", QUIET), f" {unit}" if unit else "")
        table.add_row(Text(one.claim.id, LOUD), Text(one.claim.text), told, Text(found.badge if found else "", QUIET))
    return table
