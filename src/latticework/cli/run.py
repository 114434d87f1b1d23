"""A run on the command line: of a scenario, of one with changes, or of a manifest again."""

from pathlib import Path
from typing import Annotated, Any

import typer

from latticework.cli.options import Form
from latticework.cli.progress import progress_bar
from latticework.cli.stop import stoppable
from latticework.errors import InputError
from latticework.report.formats import Format


def run(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario's name, folder or file.", show_default=False)
    ] = None,
    branch: Annotated[list[str] | None, typer.Option(help="Only this branch; may be given more than once.")] = None,
    paths: Annotated[int | None, typer.Option(help="Simulated futures per branch.")] = None,
    seed: Annotated[int, typer.Option(help="The seed: the same seed gives the same numbers.")] = 1,
    out: Annotated[Path | None, typer.Option(help="The run folder (runs/SCENARIO by default).")] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="A what-if: path=value in the scenario, as in quarters=8; may be repeated."),
    ] = None,
    explain: Annotated[bool, typer.Option(help="Find out what drives the headline numbers.")] = True,
    replay: Annotated[Path | None, typer.Option(help="Make the run of this manifest.json again, and compare.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Of --replay: even if inputs or versions differ.")] = False,
    shard: Annotated[
        str | None, typer.Option(help="Simulate a part of the paths alone, as 2/8: for arrays of jobs.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that simulate; one uses all cores by itself.")] = 1,
    scheduler: Annotated[str | None, typer.Option(help="The address of a Dask scheduler to simulate over.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Print all tables, not the first page alone.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Simulate a scenario, print its outlook and write a run folder with the brief.

    Ctrl-C keeps what is simulated: the same command goes on from there.
    """
    from latticework.actions.run_spread import Options, Spread, run_spread

    if replay is not None:
        other = (scenario, branch, paths, sets, None if seed == 1 else seed, None if explain else False)
        return _replay(replay, anyway, out, (form, full), other)
    if scenario is None:
        raise typer.BadParameter("Name a scenario, as in `latticework run asia-2025`, or a manifest with --replay.")
    if anyway:
        raise InputError("--anyway is for --replay: `latticework run --replay runs/asia-2025/manifest.json --anyway`.")
    with stoppable(), progress_bar() as progress:
        options = Options(tuple(branch or ()), paths, seed, out, tuple(sets or ()), explain)
        share = run_spread(scenario, options, Spread(shard, workers, scheduler), progress)
    return _shown_share(share, form, full)


def _shown_share(share: Any, form: Format, full: bool) -> None:
    if share.results is None:
        print(f"{share.done} of {share.wanted} chunks of paths are simulated; the last shard writes {share.folder}.")
        return
    _shown(share.results, share.folder, form, full)


def _replay(manifest: Path, anyway: bool, out: Path | None, shape: tuple[Format, bool], other: tuple[Any, ...]) -> None:
    from latticework.actions.replay import replay

    if any(value is not None for value in other):
        raise InputError(
            "With --replay, scenario, branches, paths, seed, --set and --no-explain come from the manifest: leave them "
            "out."
        )
    with stoppable(), progress_bar() as progress:
        made = replay(manifest, out, anyway, progress)
    _shown(made.results, made.folder, *shape)
    same, count = len(made.equal) - len(made.unequal), len(made.equal)
    typer.echo(f"Of {count} tables and ensembles, {same} are equal byte for byte to those of the manifest.", err=True)
    if made.unequal:
        typer.echo("Not equal: " + ", ".join(made.unequal) + ".", err=True)
        raise typer.Exit(1)


def _shown(results: Any, folder: Path, form: Format, full: bool) -> None:
    from latticework.report.emit import as_json, emit
    from latticework.report.records import records
    from latticework.report.terminal import print_outlook

    if form is Format.JSON:
        print(as_json({**records(results), "folder": str(folder)}), end="")
    elif form is Format.CSV:
        emit(results.outlook, form)
    else:
        print_outlook(results, full=full)
        print(f"\nThe brief: {folder / 'brief.html'}")
