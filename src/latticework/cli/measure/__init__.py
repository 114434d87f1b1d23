"""Measures on the command line: the strength of ties, and what follows from it for groups of states."""

import typer

from latticework.cli.measure import network, tie

app = typer.Typer(help="Numbers read off the world: how strong ties are, and what follows.", no_args_is_help=True)
app.command("tie-strength")(tie.tie_strength)
app.command("cohesion")(network.cohesion)
app.command("hedging")(network.hedging)
app.command("dependence")(network.dependence)
app.command("primacy")(network.primacy)
