"""What follows from the strength of several ties, on the command line: cohesion, hedging, dependence, primacy."""

from typing import Annotated

import typer

from latticework.cli.options import End, Form, Start, named
from latticework.report.formats import Format

On = Annotated[str | None, typer.Option("--on", help="One date: a year (its end) or a day (2025-01-24).")]
Hub = Annotated[str, typer.Option(help="The patron.")]
Rival = Annotated[str, typer.Option(help="The power that the hub's system is built against.")]


Group = Annotated[list[str] | None, typer.Argument(help="Three or more states; USA JPN KOR for none.")]
Several = Annotated[list[str], typer.Argument(help="One state or more.")]
Weights = Annotated[str | None, typer.Option(help="Of security, diplomacy and economy, as in 0.5,0.25,0.25.")]


def cohesion(
    states: Group = None, start: Start = None, end: End = None, on: On = None, form: Form = Format.TABLE
) -> None:
    """Show how well a group of states holds together: its weakest tie and the mean of its ties, by quarter."""
    from latticework.actions.measure_network import Span, measure_cohesion
    from latticework.report.network_measures import print_cohesion

    print_cohesion(measure_cohesion(states or (), Span(start, end, on)), form)


def hedging(
    states: Several,
    hub: Hub = "USA",
    rival: Rival = "CHN",
    weights: Weights = None,
    start: Start = None,
    end: End = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Show how a state stands between hub and rival: tilt, dispersion, engagement and hedging, by quarter."""
    from latticework.actions.measure_network import Span, measure_hedging
    from latticework.report.network_measures import print_hedging

    print_hedging(measure_hedging(states, hub, rival, named(weights), Span(start, end, on)), form)


def dependence(
    state: Annotated[str, typer.Argument(help="The state whose trade it is.")],
    partner: Annotated[list[str] | None, typer.Argument(help="Its partners; the greatest for none.")] = None,
    top: Annotated[int, typer.Option(help="So many of its greatest partners, where none is named.", min=1)] = 5,
    start: Start = None,
    end: End = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Show which share of a state's trade is with a partner, by year; estimated where no figure is open."""
    from latticework.actions.measure_network import Span, measure_dependence
    from latticework.report.network_measures import print_dependence

    print_dependence(measure_dependence(state, partner or (), top, Span(start, end, on)), form)


def primacy(
    hub: Hub = "USA",
    rival: Rival = "CHN",
    states: Annotated[str | None, typer.Option(help="The region, as in JPN,KOR,PHL (that of asia-2025).")] = None,
    start: Start = None,
    end: End = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Show which share of a region's capability is tied to the hub rather than the rival, by quarter."""
    from latticework.actions.measure_network import Span, measure_primacy
    from latticework.report.network_measures import print_primacy

    print_primacy(measure_primacy(hub, rival, named(states), Span(start, end, on)), form)
