"""Tie strength on the command line: one tie through time and why, or the whole network at a date."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import End, Form, KnownOn, Start, named
from latticework.errors import InputError
from latticework.report.formats import Format

Two = Annotated[
    list[str] | None, typer.Argument(help="The two states: ISO3 or COW codes, or English names.", show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="The whole network at a date instead of one tie.")]
On = Annotated[str | None, typer.Option("--on", help="With --all: a year (its end) or a day; the last for none.")]
Among = Annotated[
    str | None,
    typer.Option("--states", help="With --all: the ties of one state or among several: JPN,KOR."),
]
Picture = Annotated[Path | None, typer.Option("--chart", help="Draw the tie into this file: .svg, .png or .html.")]


def tie_strength(
    states: Two = None,
    start: Start = None,
    end: End = None,
    whole: All = False,
    on: On = None,
    among: Among = None,
    as_known_on: KnownOn = None,
    chart: Picture = None,
    form: Form = Format.TABLE,
) -> None:
    """Show how strong a tie is, how sure that is, and why: from 0 to 100, by year or (as JSON or CSV) by quarter."""
    one = {"--from": start, "--to": end, "--as-known-on": as_known_on, "--chart": chart}
    if whole:
        _refuse(one, "is for one tie: name two states instead of --all")
        _network(states or [], on, among, form)
    else:
        _refuse({"--on": on, "--states": among}, "goes with --all; for one tie name its two states, --from and --to")
        _tie(states or [], start, end, as_known_on, chart, form)


def _tie(
    states: list[str], start: str | None, end: str | None, as_known_on: str | None, chart: Path | None, form: Format
) -> None:
    from latticework.actions.measure_tie import check_chart, measure_tie, save_chart
    from latticework.report.emit import emit
    from latticework.report.tie_tables import print_tie, tie_records

    if chart is not None:
        check_chart(chart)
    explained = form is Format.TABLE or chart is not None
    result = measure_tie(states, start, end, as_known_on, explained)
    if form is Format.TABLE:
        print_tie(result)
    else:
        emit(tie_records(result.shown, result.layers), form)
    if chart is not None:
        save_chart(result, chart)
        if form is Format.TABLE:
            print(f"The chart: {chart}")


def _network(states: list[str], on: str | None, among: str | None, form: Format) -> None:
    from latticework.actions.measure_tie import draws_behind, measure_network, state_names
    from latticework.report.emit import emit
    from latticework.report.tie_tables import print_network, tie_records

    if states:
        some = ",".join(states)
        raise InputError(f"States and --all are both named: for all ties of some use --all --states {some}.")
    ties = measure_network(on, named(among))
    if form is Format.TABLE:
        print_network(ties, state_names(), draws_behind())
    else:
        emit(tie_records(ties), form)


def _refuse(options: dict[str, object], why: str) -> None:
    """InputError for an option that is given and does not belong here."""
    for name, value in options.items():
        if value is not None:
            raise InputError(f"{name} {why}.")
