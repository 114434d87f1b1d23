"""Where a number of a run comes from, on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import Form
from latticework.report.formats import Format


def explain(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    number: Annotated[
        str | None, typer.Argument(help="The id of a number; all ids for none.", show_default=False)
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """Say what drives a number of a run, what its band is made of, and what it rests on."""
    from latticework.actions.explain_number import explain_number
    from latticework.report.emit import emit
    from latticework.report.explain_terminal import shown

    found = explain_number(run, number)
    plain = number is None or form is not Format.TABLE
    emit(found if plain else shown(found), form, title=number or "")
