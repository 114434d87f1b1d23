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
    from latticework.actions.panel import list_layers
    from latticework.report.emit import emit

    layers = list_layers()
    wide = layers if form is not Format.TABLE else layers[["layer", "unit", "from", "to", "rows", "source", "licence"]]
    emit(wide, form)


@app.command()
def show(layer: Layer, form: Form = Format.TABLE) -> None:
    """Say everything about one layer: source, citation, licence, transformation, traps."""
    from latticework.actions.panel import show_layer
    from latticework.report.emit import emit, standing

    record = show_layer(layer)
    emit(standing(record) if form is Format.TABLE else record, form, title=layer)


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
    day: Annotated[str, typer.Argument(help="The day, as in 2025-01-24.")],
    states: States = None,
    layers: Layers = None,
    form: Form = Format.TABLE,
) -> None:
    """Show what was known on a day: every value with the day that it stands for, its age, source and origin."""
    from latticework.actions.panel import snapshot
    from latticework.report.emit import emit

    emit(snapshot(day, named(states), named(layers)), form, title=f"as known on {day}")


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
