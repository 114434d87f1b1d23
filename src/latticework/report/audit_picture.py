"""One line per test: where the claim says that the number lies, and where it was found, with its band."""

from html import escape
from math import isfinite

from latticework.audit.base import Answer, Outcome
from latticework.audit.verdict import told
from latticework.report.chart_style import BRANCHES, GRID, INK, SOFT

WIDTH, HEIGHT, MARGIN, MIDDLE = 240, 34, 12, 12
COLOURS = {Answer.HOLDS: BRANCHES[0], Answer.FAILS: BRANCHES[1], Answer.OPEN: SOFT}


def drawable(outcome: Outcome) -> bool:
    """Whether a picture helps: there is a band, and a bound to hold it against."""
    if outcome.found is None or outcome.region is None or not outcome.found.band:
        return False
    bounds = [edge for edge in (outcome.region.low, outcome.region.high) if isfinite(edge)]
    return bool(bounds) and all(isfinite(x) for x in (outcome.found.lower, outcome.found.value, outcome.found.upper))


def picture(outcome: Outcome, name: str) -> str:
    """The SVG of an outcome that is `drawable`: the claimed region grey, the band a line, the number a dot."""
    found, region = outcome.found, outcome.region
    if found is None or region is None:
        raise ValueError("nothing was found that could be drawn")
    edges = [edge for edge in (region.low, region.high) if isfinite(edge)]
    low, high = min(found.lower, *edges), max(found.upper, *edges)
    room = 0.08 * (high - low) or 1.0

    def x(value: float) -> float:
        inside = min(max(value, low - room), high + room)
        return round(MARGIN + (inside - low + room) / (high - low + 2 * room) * (WIDTH - 2 * MARGIN), 1)

    left, right, colour = x(region.low), x(region.high), COLOURS.get(outcome.answer, INK)
    marks = [
        f'<rect x="{left}" y="2" width="{round(right - left, 1)}" height="{2 * MIDDLE - 4}" fill="{GRID}"/>',
        f'<line x1="{x(found.lower)}" x2="{x(found.upper)}" y1="{MIDDLE}" y2="{MIDDLE}" stroke="{colour}" '
        'stroke-width="3"/>',
        f'<circle cx="{x(found.value)}" cy="{MIDDLE}" r="4.5" fill="{colour}"/>',
    ]
    for edge in dict.fromkeys(edges):
        marks.append(f'<line x1="{x(edge)}" x2="{x(edge)}" y1="1" y2="{2 * MIDDLE - 1}" stroke="{INK}"/>')
        marks.append(
            f'<text x="{x(edge)}" y="{HEIGHT - 1}" font-size="9.5" fill="{SOFT}" text-anchor="middle">{edge:g}</text>'
        )
    words = escape(f"{told(outcome)}. Grey: where the claim says that the number lies.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{escape(name)}-t" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><title id="{escape(name)}-t">{words}</title>'
        f"{''.join(marks)}</svg>"
    )
