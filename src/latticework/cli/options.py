"""Options that several commands have."""

from typing import Annotated

import typer

from latticework.report.formats import Format

Form = Annotated[Format, typer.Option("--format", help="How the records are printed.")]
States = Annotated[str | None, typer.Option(help="ISO3 or COW codes, as in JPN,USA: rows of one, or among several.")]
Start = Annotated[str | None, typer.Option("--from", help="First year or day.")]
End = Annotated[str | None, typer.Option("--to", help="Last year or day.")]
KnownOn = Annotated[
    str | None, typer.Option("--as-known-on", help="Only what could be known on this day (2010-12-31).")
]


def named(words: str | None) -> list[str] | None:
    """The words of a list with commas; None for none."""
    return None if words is None else [word.strip() for word in words.split(",")]
