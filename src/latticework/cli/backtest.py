"""Backtests and the ledger on the command line: how well forecasts would have done, and how well they did."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import Form
from latticework.cli.progress import progress_bar
from latticework.errors import InputError
from latticework.report.formats import Format

Target = Annotated[list[str] | None, typer.Argument(help="What to forecast; all targets for none.", show_default=False)]
Ledger = Annotated[Path, typer.Option("--ledger", help="The ledger's file.")]
Rounded = Annotated[bool, typer.Option("--all-blocks", help="Origins to 2004 and from 2005 apart as well.")]


def backtest(
    target: Target = None,
    since: Annotated[int, typer.Option(help="The first year from whose end to forecast.")] = 1990,
    until: Annotated[int, typer.Option(help="The last one.")] = 2022,
    shipped: Annotated[bool, typer.Option("--shipped", help="Print the result that comes with the package.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="A small one: one cut, three origins, one target.")] = False,
    paths: Annotated[int, typer.Option(help="Simulated futures per origin.")] = 48,
    seed: Annotated[int, typer.Option(help="The seed: the same seed gives the same numbers.")] = 1,
    work: Annotated[Path, typer.Option(help="Where work is kept: a run that was stopped goes on there.")] = Path(
        "runs/backtest"
    ),
    shard: Annotated[str | None, typer.Option(help="Only a part of the origins, as 2/8: for arrays of jobs.")] = None,
    workers: Annotated[int, typer.Option(help="Processes; all cores for 0.")] = 0,
    scheduler: Annotated[str | None, typer.Option(help="The address of a Dask scheduler to work over.")] = None,
    all_blocks: Rounded = False,
    form: Form = Format.TABLE,
) -> None:
    """Forecast from every year's end as was possible then, and show the skill beside every baseline (minutes)."""
    from latticework.actions.backtest import Asked, run_backtest
    from latticework.actions.shipped_skill import shipped_table
    from latticework.report.emit import emit
    from latticework.report.skill_terminal import print_skill

    names = tuple(target or ())
    if shipped:
        table = shipped_table(names, since)
    else:
        asked = Asked(names, since, until, paths, seed, quick, work, shard, workers, scheduler)
        with progress_bar() as progress:
            found = run_backtest(asked, progress)
        if found.done < found.wanted:
            print(f"{found.done} of {found.wanted} forecasts are in {work}; the last shard to end prints the skill.")
            return
        table = found.records
    if form is Format.TABLE:
        print_skill(table, all_blocks)
    else:
        emit(table, form)


app = typer.Typer(help="Forecasts written down before the event, and what came of them.", no_args_is_help=True)


@app.command("add")
def add(
    run: Annotated[Path | None, typer.Argument(help="A run folder whose chances go in.", show_default=False)] = None,
    branch: Annotated[str, typer.Option(help="The branch of the run (its first unless said).")] = "",
    event: Annotated[str, typer.Option(help="Without a run: what is forecast.")] = "",
    rule: Annotated[str, typer.Option(help="Without a run: how it will be known whether it came.")] = "",
    by: Annotated[str, typer.Option(help="Without a run: the last day, as 2027-12-31.")] = "",
    chance: Annotated[float, typer.Option(help="Without a run: the chance, 0 to 1.")] = -1.0,
    ledger: Ledger = Path("ledger.jsonl"),
    form: Form = Format.TABLE,
) -> None:
    """Write forecasts into the ledger: those of a run, or one of your own. They cannot be changed later."""
    from latticework.actions.ledger import One, add_one, add_run
    from latticework.report.emit import emit

    added = add_run(run, ledger, branch) if run else add_one(One(event, rule, by, chance), ledger)
    emit(added[["id", "event", "by", "chance"]] if form is Format.TABLE else added, form)


@app.command("list")
def list_(ledger: Ledger = Path("ledger.jsonl"), form: Form = Format.TABLE) -> None:
    """Show the forecasts in the ledger, once all its seals have been checked."""
    from latticework.actions.ledger import last_seal, ledger_list
    from latticework.report.emit import emit

    found = ledger_list(ledger)
    short = ["id", "event", "by", "chance", "stands_on", "outcome"]
    emit(found[short] if form is Format.TABLE else found, form)
    if form is Format.TABLE:
        print(f"Last seal: {last_seal(ledger)}")


@app.command("score")
def score(
    outcome: Annotated[str, typer.Option(help="Enter an outcome first: ID=yes, ID=no or ID=void.")] = "",
    source: Annotated[str, typer.Option(help="Where that outcome is on record.")] = "",
    ledger: Ledger = Path("ledger.jsonl"),
    form: Form = Format.TABLE,
) -> None:
    """Score the forecasts whose outcomes are entered."""
    from latticework.actions.ledger import add_outcome, ledger_score
    from latticework.report.emit import emit

    if outcome:
        name, sign, found = outcome.rpartition("=")
        if not sign:
            raise InputError(f"--outcome is '{outcome}'; it is written as ID=yes, ID=no or ID=void.")
        add_outcome(name, found, source, ledger)
    emit(ledger_score(ledger), form)
