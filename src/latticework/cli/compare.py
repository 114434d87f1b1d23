"""Two runs compared on the command line."""

from typing import Annotated

import typer

from latticework.cli.options import Form
from latticework.report.formats import Format


def compare(
    a: Annotated[str, typer.Argument(help="A run folder, or a branch of one: runs/asia-2025:status-quo.")],
    b: Annotated[str, typer.Argument(help="The other.")],
    form: Form = Format.TABLE,
) -> None:
    """Say what differs between two runs, or two branches of runs: what they were made from, and the numbers."""
    from latticework.actions.compare import compare
    from latticework.report.comparison import comparison_records, print_comparison
    from latticework.report.emit import as_json, emit

    found = compare(a, b)
    if form is Format.JSON:
        print(as_json(comparison_records(found)), end="")
    elif form is Format.CSV:
        emit(found.numbers, form)
    else:
        print_comparison(found)
