"""One calm, printable look for every chart, with colours that the colour-blind can tell apart."""

import re
from html import escape
from typing import Any

import altair as alt
import vl_convert

FONT = "DejaVu Sans, Verdana, Geneva, sans-serif"
INK, SOFT, GRID, PAPER = "#1f2933", "#5c6773", "#e4e7eb", "#ffffff"
# Okabe and Ito's blue and vermilion first, then others that the colour-blind can tell apart by lightness and shape; all
# have a contrast of three to one on white paper and on the dark page.
BRANCHES = ("#0072b2", "#d55e00", "#00805c", "#b5548a", "#8a63c0", "#8c6d00", "#00808a", "#6b7683")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-left", "triangle-right")
WIDTH = 350  # of a whole chart in pixels: two stand side by side on a desk, one fills a phone


def styled(chart: Any, title: str, subtitle: str, source: str, wide: float = 1.0) -> Any:
    """The chart with its finding as title, what is shown as subtitle, and its source line; `wide` in usual widths."""
    note = alt.TitleParams(
        wrapped(title, round(44 * wide)),
        subtitle=wrapped(subtitle, round(56 * wide)),
        anchor="start",
        frame="group",
        fontSize=13,
        subtitleFontSize=10.5,
        subtitleColor=SOFT,
        subtitlePadding=4,
        offset=10,
        lineHeight=16,
        subtitleLineHeight=14,
        color=INK,
    )
    lines = wrapped(source, round(64 * wide))
    words = alt.Chart(alt.Data(values=[{"text": lines}])).encode(text="text:N")
    foot = words.mark_text(align="left", baseline="top", fontSize=9, color=SOFT, lineHeight=12, x=0, y=0)
    foot = foot.properties(width=round(WIDTH * wide) - 20, height=12 * len(lines))
    whole = alt.vconcat(chart, foot, spacing=8, title=note, padding=2)
    return configured(whole)


def configured(chart: Any) -> Any:
    """The house's fonts, lines and axes."""
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 10,
        "titleFontSize": 10,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": SOFT,
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelPadding": 4,
    }
    return (
        chart.configure(font=FONT, background=PAPER, autosize={"type": "pad"})
        .configure_axis(**axis)
        .configure_view(stroke=None)
        .configure_title(font=FONT, subtitleFont=FONT, fontWeight="bold")
        .configure_header(labelFont=FONT, labelFontSize=10.5, labelColor=INK, labelFontWeight="bold", title=None)
        .configure_legend(labelFont=FONT, labelFontSize=10.5, labelColor=INK, title=None, orient="top", symbolSize=70)
    )


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` letters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines or [""]


def svg(chart: Any, name: str, title: str, description: str) -> str:
    """The chart as SVG text that tells those who cannot see it what it shows; `name` keeps its ids apart on a page."""
    drawn = vl_convert.vegalite_to_svg(chart.to_dict(validate=False), vl_version="6.1")  # a test does
    drawn = re.sub(r'\bid="([\w-]+)"', rf'id="{name}-\1"', drawn)
    drawn = re.sub(r"url\(#([\w-]+)\)", rf"url(#{name}-\1)", drawn)
    drawn = re.sub(r'<(g|path|text)([^>]*?) role="[^"]*"( aria-[\w]+="[^"]*")*', r"<\1\2", drawn)
    told = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
    head = f'<svg role="img" aria-labelledby="{name}-t {name}-d" '
    return re.sub(r"<svg ([^>]*)>", lambda m: f"{head}{m.group(1)}>{told}", drawn, count=1)
