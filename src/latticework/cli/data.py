"""The panel on the command line: what there is, its records, tables for other programs, layers of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from latticework.cli.options import End, Form, KnownOn, Start, States, named
from latticework.report.formats import Format

app = typer.Typer(help="The panel: observed layers on states and dyads.", no_args_is_help=True)

Layer = Annotated[str, typer.Argument(help="The layer's name.")]
Layers = Annotated[str | None, typer.Option(help="Only these layers, as in troops,defence.")]


@app.command("list")
def list_(form: Form = Format.TABLE) -> None:
    """List the layers with coverage, rows, source and licence."""
    from latticework.actions.panel import layer_records, list_layers
    from latticework.report.data_pages import listing
    from latticework.report.emit import emit, terminal

    emit(listing(layer_records(), terminal().width) if form is Format.TABLE else list_layers(), form)


@app.command()
def show(layer: Layer, form: Form = Format.TABLE) -> None:
    """Say everything about one layer: source, citation, licence, transformation, traps."""
    from latticework.actions.panel import layer_records, show_layer
    from latticework.report.data_pages import shown
    from latticework.report.emit import emit

    emit(shown(layer_records(layer)[0]) if form is Format.TABLE else show_layer(layer), form, title=layer)


@app.command()
def get(
    layer: Layer,
    states: States = None,
    start: Start = None,
    end: End = None,
    as_known_on: KnownOn = None,
    form: Form = Format.TABLE,
) -> None:
    """Get the records of a layer: date, state, (partner,) value, source."""
    from latticework.actions.panel import get_layer
    from latticework.report.emit import emit

    emit(get_layer(layer, named(states), start, end, as_known_on), form, title=layer)


@app.command()
def snapshot(
    when: Annotated[str, typer.Argument(help="A day (2025-01-24), or a scenario: its baseline and its states.")],
    states: States = None,
    layers: Layers = None,
    form: Form = Format.TABLE,
) -> None:
    """Show what was known on a day, by layer; with states or layers named, or as JSON or CSV, value by value."""
    from latticework.actions.panel import by_age, snapshot
    from latticework.report.emit import emit

    rows = snapshot(when, named(states), named(layers))
    whole = form is Format.TABLE and states is None and layers is None
    emit(by_age(rows) if whole else rows, form, title=f"as known on {when}")
    if whole:
        print("Every value with its date, age, source and origin: add --states, --layers or --format csv.")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The file: .csv, .csv.gz, .parquet or .dta (Stata).")],
    unit: Annotated[
        str, typer.Option(help="A row's unit: dyad-year, dyad-quarter, state-year or state-quarter.")
    ] = "dyad-year",
    states: States = None,
    start: Annotated[int, typer.Option("--from", help="First year.")] = 1950,
    end: Annotated[int, typer.Option("--to", help="Last year.")] = 2024,
    layers: Layers = None,
    directed: Annotated[bool, typer.Option("--directed", help="A row for each direction of a dyad.")] = False,
    relevant: Annotated[bool, typer.Option("--relevant", help="Only neighbours and dyads of a major power.")] = False,
    carry: Annotated[int, typer.Option(help="Carry levels forward for so many years, each with its age.")] = 0,
    as_known_on: KnownOn = None,
) -> None:
    """Write a wide table for R, Stata or pandas, and beside it where each of its columns comes from."""
    from latticework.actions.panel import export

    options = {"states": named(states), "layers": named(layers), "directed": directed, "relevant": relevant}
    table, sources, rows = export(out, unit, start, end, **options, carry=carry, as_known_on=as_known_on)
    print(f"{table}: {rows:,} rows\n{sources}: where the columns come from")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="The table: .csv, .tsv, .tab, .txt or .parquet.")],
    description: Annotated[
        Path | None, typer.Option(help="Its description (the file of the same name in .yaml by default).")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Exchange a layer of this name that you added.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Add a CSV or Parquet file of your own, described by a small YAML file, as a layer."""
    from latticework.actions.panel import add_layer
    from latticework.report.emit import as_json

    record = add_layer(file, description, replace)
    left = ", ".join(f"{why}: {count}" for why, count in record["added"].items() if isinstance(count, int) and count)
    told = f"Added '{record['layer']}': {record['rows']:,} rows, {record['from']} to {record['to']}"
    print(as_json(record) if form is Format.JSON else told + (f"; left out: {left}." if left else "."))


@app.command()
def remove(layer: Layer) -> None:
    """Remove a layer that you added."""
    from latticework.actions.panel import remove_layer

    remove_layer(layer)
    print(f"Removed '{layer}'.")


@app.command()
def build(
    inputs: Annotated[list[Path], typer.Option(help="A folder with sources; may be given more than once.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it (the package's own panel by default).")] = None,
) -> None:
    """Build the panel from its sources."""
    from latticework.actions.panel import build_panel

    for line in build_panel(inputs, out):
        print(line)


@app.command()
def verify(form: Form = Format.TABLE) -> None:
    """Check every file against its checksum, schema and coverage, and the guards against known faults."""
    from latticework.actions.panel import verify_panel
    from latticework.report.emit import emit

    emit(verify_panel(), form)
