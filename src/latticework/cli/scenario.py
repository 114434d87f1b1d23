"""Scenarios on the command line: write a new one, check it, show it, compare two."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import Form, named
from latticework.report.formats import Format

app = typer.Typer(help="Scenario files: who, from which day, what is assumed.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A scenario's name, folder or file.")]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Its name, in small letters, digits and '-'.")],
    hub: Annotated[str, typer.Option(help="The patron around which the alliances turn.")] = "USA",
    rival: Annotated[str, typer.Option(help="The hub's main rival.")] = "CHN",
    on: Annotated[str, typer.Option(help="The day on which it begins.")] = "2025-01-24",
    states: Annotated[
        str | None, typer.Option(help="States, as in JPN,KOR (the hub's most capable allies by default).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write (scenarios/NAME by default).")] = None,
) -> None:
    """Write a new scenario with what the panel knew on a day: leaders, votes, states."""
    from latticework.actions.new_scenario import new_scenario

    print(f"Wrote {new_scenario(name, hub, rival, on, named(states), out)}")


@app.command()
def check(scenario: Name) -> None:
    """Check a scenario: every mistake at once, each with file, line and column."""
    from latticework.actions.scenario_view import check_scenario

    path, found = check_scenario(scenario)
    parts = ("states", "leaders", "interventions", "levers", "branches")
    print(f"{path}: no mistake; {', '.join(f'{len(getattr(found, part))} {part}' for part in parts)}.")


@app.command()
def show(scenario: Name, form: Form = Format.TABLE) -> None:
    """Show who takes part, the branches with what they inherit, and all that is assumed with size and origin."""
    from latticework.actions import find_scenario
    from latticework.report.emit import as_json, emit
    from latticework.report.scenario_summary import assumed_table, print_scenario

    found = find_scenario(scenario)[1]
    if form is Format.JSON:
        print(as_json(found.model_dump(mode="json", by_alias=True)), end="")
    elif form is Format.CSV:
        emit(assumed_table(found), form)
    else:
        print_scenario(found)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="A scenario, or a branch of one: asia-2025:status-quo.")],
    b: Annotated[str, typer.Argument(help="The other.")],
    form: Form = Format.TABLE,
) -> None:
    """Say what differs between two scenarios, or between two branches with all that they inherit."""
    from latticework.actions.scenario_view import scenario_differences
    from latticework.report.emit import emit

    table = scenario_differences(a, b)
    if len(table) or form is not Format.TABLE:
        emit(table.rename(columns={"a": a, "b": b}) if form is Format.TABLE else table, form)
    else:
        print(f"{a} and {b} do not differ.")
