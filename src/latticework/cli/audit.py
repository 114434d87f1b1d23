"""The audit on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import Form, named
from latticework.cli.progress import progress_bar
from latticework.cli.stop import stoppable
from latticework.report.formats import Format


def audit(
    text: Annotated[str, typer.Argument(help="A scenario's name, a run folder, or a claims file.")],
    claims: Annotated[str | None, typer.Option(help="Only these claims, as in C12,C31; with the reasons.")] = None,
    folder: Annotated[Path | None, typer.Option("--run", help="The run folder whose futures are used.")] = None,
    paths: Annotated[int | None, typer.Option(help="Simulated futures per branch, if it must be run.")] = None,
    seed: Annotated[int, typer.Option(help="The seed, if it must be run.")] = 1,
    out: Annotated[Path | None, typer.Option(help="The run folder, if it must be run.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Test an argument claim by claim; without a run folder its scenario is run first where a claim needs it."""
    from latticework.actions import Options
    from latticework.actions.audit import audit
    from latticework.report.audit_terminal import print_audit
    from latticework.report.emit import emit

    with stoppable(), progress_bar() as progress:
        found = audit(text, named(claims) or (), folder, Options((), paths, seed, out), progress)
    if form is Format.TABLE:
        print_audit(found)
    else:
        emit(found.records, form)
