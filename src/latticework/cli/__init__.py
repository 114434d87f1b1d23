"""The command line: parse, call one action, print."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from latticework import __version__
from latticework.cli.audit import audit
from latticework.cli.backtest import app as ledger_app
from latticework.cli.backtest import backtest
from latticework.cli.compare import compare
from latticework.cli.data import app as data_app
from latticework.cli.explain import explain
from latticework.cli.measure import app as measure_app
from latticework.cli.options import Form
from latticework.cli.outlook import outlook
from latticework.cli.progress import progress_bar
from latticework.cli.run import run
from latticework.cli.scenario import app as scenario_app
from latticework.errors import InputError, LatticeworkError
from latticework.report.formats import Format

app = typer.Typer(
    help="An open laboratory for alliance networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
model_app = typer.Typer(help="The processes and their estimates.", no_args_is_help=True)
app.add_typer(data_app, name="data")
app.add_typer(ledger_app, name="ledger")
app.add_typer(measure_app, name="measure")
app.add_typer(model_app, name="model")
app.add_typer(scenario_app, name="scenario")
app.command("audit")(audit)
app.command("backtest")(backtest)
app.command("outlook")(outlook)
app.command("run")(run)
app.command("compare")(compare)
app.command("explain")(explain)

Process = Annotated[list[str] | None, typer.Argument(help="Names of processes; all for none.", show_default=False)]


def _version(asked: bool) -> bool:
    if asked:
        print(f"latticework {__version__}")
        raise typer.Exit
    return asked


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """An open laboratory for alliance networks."""


@model_app.command("show")
def model_show(process: Process = None, form: Form = Format.TABLE) -> None:
    """Show the estimates of the processes beside the values that they should be compared with."""
    from latticework.actions import model_table
    from latticework.report.emit import emit
    from latticework.report.estimates import print_estimates

    table = model_table(process or ())
    if form is Format.TABLE:
        print_estimates(table)
    else:
        emit(table, form)


@model_app.command("check")
def model_check(
    since: Annotated[int, typer.Option(help="The first year that is simulated.")] = 1990,
    until: Annotated[int, typer.Option(help="The last year that is simulated.")] = 2018,
    paths: Annotated[int, typer.Option(help="Simulated histories, 40 or more.")] = 40,
    seed: Annotated[int, typer.Option(help="The seed: the same seed gives the same numbers.")] = 1,
    form: Form = Format.TABLE,
) -> None:
    """Let the whole model run freely over past years, all states, and hold what it does against history (minutes)."""
    from latticework.actions import free_run
    from latticework.report.checks import print_checks
    from latticework.report.emit import emit

    with progress_bar() as progress:
        table = free_run(since, until, paths, seed, progress)
    if form is Format.TABLE:
        print_checks(table)
    else:
        emit(table, form)


@app.command("fit")
def fit(
    process: Annotated[
        list[str] | None,
        typer.Argument(help="Names of processes, all for none; or tie-strength, alone.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The posterior file to write, for tie-strength its folder (the package's own by default)."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Of tie-strength: judge it too by known cases and by layers hidden from it.")
    ] = False,
    form: Form = Format.TABLE,
) -> None:
    """Fit the processes on the panel and rebuild the posterior file; or fit tie strength and rebuild its files."""
    from latticework.actions import fit_model
    from latticework.actions.measure_tie import asks_for_ties
    from latticework.report.emit import emit
    from latticework.report.estimates import print_estimates

    if asks_for_ties(process or ()):
        _fit_ties(out, check, form)
        return
    if check:
        raise InputError("--check is for tie-strength: `latticework fit tie-strength --check`.")

    def say(line: str) -> None:
        print(line, file=sys.stderr)

    table = fit_model(process or (), out, say)
    if form is Format.TABLE:
        print_estimates(table)
    else:
        emit(table, form)


def _fit_ties(out: Path | None, check: bool, form: Format) -> None:
    from latticework.actions.measure_tie import refit
    from latticework.report.emit import emit

    with progress_bar() as progress:
        table, folder = refit(out, progress, check)
    if len(table) or form is not Format.TABLE:
        emit(table, form, title="tie-strength")
    if form is Format.TABLE:
        print(f"Wrote {folder}")


def main() -> None:
    """Run the command line; a user's mistake is one message and exit code 1."""
    try:
        app()
    except LatticeworkError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
