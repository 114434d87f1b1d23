"""The net of the focus states: pacts as thick lines, the chance of a dispute as the colour of thin ones."""

from math import cos, pi, sin
from typing import Any

import altair as alt

from latticework.measures.courses import blocs
from latticework.report.chart_style import INK, PAPER
from latticework.report.numbers import MISSING, by_year, chance
from latticework.report.outlook_tables import RARE, dyads_of_note
from latticework.report.results import Results
from latticework.report.tables import Finder

RISK = ("#fddbb0", "#f4a259", "#d55e00", "#7f2704")
SIZE = 300


def network(results: Results, finder: Finder) -> tuple[str, str, Any]:
    """Title, subtitle and chart; states stand on a circle, the hub's bloc left, the rival's right."""
    places, focus = _places(results), set(results.scenario.focus)
    kind, last, base = ("dispute", "dispute"), finder.years[-1], results.branches[0]
    pairs = [u for u in dyads_of_note(finder, *kind) if set(u) <= focus]
    pacts = [u for u in pairs if finder.start("tie", "defence obligation", u).text != MISSING]
    risks = [(u, finder.row(base, *kind, u, last)) for u in pairs]
    risks = sorted(
        [(u, row.value) for u, row in risks if row is not None and row.value >= RARE], key=lambda pair: pair[1]
    )
    lines = [{**_line(places, u), "chance": round(value, 4)} for u, value in risks]
    top = max([value for _, value in risks], default=1.0)
    colour = alt.Color(
        "chance:Q",
        scale=alt.Scale(domain=[0, top], range=list(RISK)),
        legend=alt.Legend(format="%", orient="top", gradientLength=180, gradientThickness=8, tickCount=4),
    )
    risk = _lines(lines).mark_rule(strokeWidth=2.2).encode(color=colour)
    pact = _lines([_line(places, u) for u in pacts]).mark_rule(strokeWidth=6, color="#0072b2", opacity=0.85)
    nodes = [{"x": x, "y": y, "code": code} for code, (x, y) in places.items()]
    node = alt.Chart(alt.Data(values=nodes)).encode(x=_axis("x"), y=_axis("y"))
    dots = node.mark_point(filled=True, size=1500, color=PAPER, stroke=INK, strokeWidth=1.4, opacity=1)
    names = node.mark_text(fontSize=11, fontWeight="bold", color=INK).encode(text="code:N")
    drawn = alt.layer(pact, risk, dots, names).properties(width=SIZE, height=SIZE)
    subtitle = (
        f"Thick blue: defence obligation today. Thin: chance of at least one dispute by {by_year(last)}, "
        f"“{results.title_of(base)}”"
    )
    return _title(results, finder, pacts), subtitle, drawn


def _title(results: Results, finder: Finder, pacts: list[tuple[str, str]]) -> str:
    """How many pacts there are and how likely a dispute across the blocs is."""
    s, last = results.scenario, finder.years[-1]
    allies, rivals = blocs(s.focus, s.hub, s.rival, results.inputs)
    row = finder.row(results.branches[0], "dispute", "dispute", ("+".join(allies), "+".join(rivals)), last)
    if row is None:
        return f"{len(pacts)} pacts hold the focus states together"
    met = chance(row.value, results.paths)
    return f"{len(pacts)} pacts, two blocs, and a chance of {met} that they meet in a dispute by {by_year(last)}"


def _places(results: Results) -> dict[str, tuple[float, float]]:
    """A place on a circle for each focus state: the hub's bloc on the left, the rival's on the right."""
    s = results.scenario
    allies, rivals = (set(bloc) for bloc in blocs(s.focus, s.hub, s.rival, results.inputs))
    left, right = [c for c in s.focus if c in allies], [c for c in s.focus if c in rivals]
    order = [*right, *(c for c in s.focus if c not in allies | rivals), *left]
    turn = 2 * pi / max(len(order), 1)
    first = -(len(right) - 1) / 2
    return {
        code: (round(cos(turn * (i + first)), 4), round(-sin(turn * (i + first)), 4)) for i, code in enumerate(order)
    }


def _line(places: dict[str, tuple[float, float]], unit: tuple[str, str]) -> dict[str, Any]:
    (x, y), (x2, y2) = places[unit[0]], places[unit[1]]
    return {"x": x, "y": y, "x2": x2, "y2": y2, "dyad": "-".join(sorted(unit))}


def _lines(rows: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.Data(values=rows)).encode(x=_axis("x"), y=_axis("y"), x2="x2:Q", y2="y2:Q")


def _axis(name: str) -> Any:
    channel = alt.X if name == "x" else alt.Y
    return channel(f"{name}:Q", axis=None, scale=alt.Scale(domain=[-1.2, 1.2]))
