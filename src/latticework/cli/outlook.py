"""An outlook on the command line: any states, any day, no scenario file."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import Form
from latticework.cli.progress import progress_bar
from latticework.report.formats import Format

States = Annotated[list[str], typer.Argument(help="Two states or more, by ISO3 or COW code.")]


def outlook(
    states: States,
    on: Annotated[str, typer.Option(help="The day on which it stands, from 1990-01-01 on: only what was known on it.")],
    years: Annotated[int, typer.Option(help="Years ahead, 1 to 10.")] = 3,
    paths: Annotated[int, typer.Option(help="Simulated futures.")] = 1000,
    seed: Annotated[int, typer.Option(help="The seed: the same seed gives the same numbers.")] = 1,
    out: Annotated[Path | None, typer.Option(help="The folder to write (runs/outlook-STATES-DAY by default).")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Show where the ties of some states stood on a day and headed, what moves them, and what happened since."""
    from latticework.actions.outlook import Asked, outlook
    from latticework.report.emit import as_json, emit
    from latticework.report.outlook_records import outlook_records, tie_records
    from latticework.report.outlook_terminal import print_day_outlook

    with progress_bar() as progress:
        found, folder = outlook(Asked(states, on, years, paths, seed, out), progress)
    if form is Format.JSON:
        print(as_json({**outlook_records(found), "folder": str(folder)}), end="")
    elif form is Format.CSV:
        emit(tie_records(found), form)
    else:
        print_day_outlook(found)
        print(f"\nThe page: {folder / 'outlook.html'}")
