"""A tie in one picture: its strength with its band, what happened, and beneath it what each layer added when.

Everything that could be told by colour is told by place as well: what adds stands above a layer's line and what takes
below it, and the line is thick where the layer was read.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

import altair as alt
import vl_convert

from latticework.report.chart_style import BRANCHES, FONT, GRID, INK, SOFT, styled, svg
from latticework.report.numbers import DASH
from latticework.report.tie_layers import Band, bands, layer_panel
from latticework.report.tie_marks import Mark, lanes, marks
from latticework.report.tie_result import TieResult
from latticework.report.tie_text import points, sentence, title

ENDINGS = (".svg", ".png", ".html")
WIDE = 2.2  # in usual widths
PLOT, TALL, LANE = 470, 190, 15
DOTS_PER_PIXEL = 2


def drawing(result: TieResult, ending: str) -> bytes:
    """The chart as the bytes of an SVG, PNG or HTML file (`ending` is one of ENDINGS)."""
    chart, heading, told = tie_chart(result)
    if ending == ".png":
        return vl_convert.vegalite_to_png(chart.to_dict(), vl_version="6.1", scale=DOTS_PER_PIXEL)
    drawn = svg(chart, f"tie-{'-'.join(result.pair).lower()}", heading, told)
    return (drawn if ending == ".svg" else page(drawn, heading, told)).encode()


def page(drawn: str, heading: str, told: str) -> str:
    """A page that holds the picture and its sentence and asks nothing of any network."""
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{escape(told)}">
<title>{escape(heading)}</title>
<style>
body {{ margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: {INK}; font-family: {FONT}; line-height: 1.5 }}
figure {{ margin: 0 }}
svg {{ max-width: 100%; height: auto }}
figcaption {{ margin-top: 1rem; font-size: .9rem }}
</style>
<figure>
{drawn}
<figcaption>{escape(told)}</figcaption>
</figure>
</html>
"""


def tie_chart(result: TieResult) -> tuple[Any, str, str]:
    """The chart, its heading, and its description in words."""
    told = sentence(result.ties, result.layers, result.network, result.names, result.ends, result.draws)
    heading = title(result.ties, result.names)
    shown = marks(result)
    rows = bands(result)
    span = _span(result)
    panels = [_strength(result, shown, span)]
    if rows:
        panels.append(layer_panel(rows, span, PLOT))
    whole = alt.vconcat(*panels, spacing=14, bounds="flush")
    chart = styled(whole, heading, _subtitle(result, shown, rows), result.origin, WIDE)
    return chart, heading, told


def _subtitle(result: TieResult, shown: Sequence[Mark], rows: Sequence[Band]) -> str:
    said = ["Strength from 0 to 100 (50: the mean of all dyads in 2000–2009) with its 80 % band."]
    if any(mark.kind == "break" for mark in shown):
        said.append("Arrows: likely breaks, with their size in sd.")
    if any(mark.kind == "pledge" for mark in shown):
        said.append("Dotted: treaty pledges change.")
    if rows:
        said.append(
            "Below: what each layer adds to strength (up) or takes from it (down) at the end of each year, in sd; "
            "the line of a layer is thick where it was read, and the number is that of the last year."
        )
    return " ".join(said)


def _span(result: TieResult) -> tuple[str, str]:
    """The first and the last day of the picture: whole years."""
    shown = result.shown["date"]
    return f"{shown.iloc[0][:4]}-01-01", f"{shown.iloc[-1][:4]}-12-31"


def _strength(result: TieResult, shown: Sequence[Mark], span: tuple[str, str]) -> Any:
    rows = result.shown[["date", "value", "lower", "upper"]].round(2).to_dict("records")
    x = alt.X("date:T", scale=alt.Scale(domain=list(span)), axis=_years(span))
    axis = alt.Axis(values=[0, 25, 50, 75, 100], ticks=False, domain=False)
    y = {"scale": alt.Scale(domain=[0, 100]), "title": None, "axis": axis}
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    band = base.mark_area(color=BRANCHES[0], opacity=0.25).encode(y=alt.Y("lower:Q", **y), y2="upper:Q")
    line = base.mark_line(color=BRANCHES[0], strokeWidth=2).encode(y=alt.Y("value:Q", **y))
    middle = (
        alt.Chart(alt.Data(values=[{"at": 50}])).mark_rule(color=SOFT, strokeDash=[2, 3]).encode(y=alt.Y("at:Q", **y))
    )
    layers = [middle, band, line, _last(result, y), *_marked(shown, x, span)]
    return alt.layer(*layers).resolve_scale(y="shared").properties(width=PLOT, height=TALL)


def _last(result: TieResult, y: dict[str, Any]) -> Any:
    """The score and its band at the end of the line."""
    last = result.ties.iloc[-1]
    text = f"{points(last['value'])} ({points(last['lower'])}{DASH}{points(last['upper'])})"
    row = alt.Chart(alt.Data(values=[{"at": float(last["value"]), "text": text}]))
    words = row.mark_text(align="left", dx=6, fontSize=10.5, fontWeight="bold", color=INK)
    return words.encode(x=alt.value(PLOT), y=alt.Y("at:Q", **y), text="text:N")


def _years(span: tuple[str, str]) -> Any:
    years = int(span[1][:4]) - int(span[0][:4])
    step = 10 if years > 30 else 5 if years > 12 else 1
    first = -(-int(span[0][:4]) // step) * step
    values = [alt.DateTime(year=y, month=1, date=1) for y in range(first, int(span[1][:4]) + 2, step)]
    return alt.Axis(title=None, format="%Y", values=values, grid=False, labelFlush=False, tickColor=GRID)


def _marked(shown: Sequence[Mark], x: Any, span: tuple[str, str]) -> list[Any]:
    """A rule for every mark up to its label, the labels in as many lanes as they need."""
    found = []
    for mark, lane in zip(shown, lanes(shown, span, PLOT), strict=True):
        high = -LANE * (lane + 0.5)
        row = alt.Chart(alt.Data(values=[{"date": mark.date, "label": mark.label}])).encode(x=x)
        dash, colour = ([], INK) if mark.kind == "break" else ([1, 3], SOFT)
        rule = row.mark_rule(color=colour, strokeDash=dash, strokeWidth=1, clip=False)
        text = row.mark_text(align="left", dx=3, fontSize=9.5, color=colour)
        found.append(rule.encode(y=alt.value(high), y2=alt.value(TALL)))
        found.append(text.encode(y=alt.value(high), text="label:N"))
    return found
