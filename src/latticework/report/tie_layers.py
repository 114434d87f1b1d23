"""What each layer added to a tie year by year, drawn in rows: bars up and down on one scale, and where it was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from latticework.report.chart_style import BRANCHES, INK, SOFT
from latticework.report.numbers import decimal
from latticework.report.tie_result import STANDING, TITLES, TieResult
from latticework.report.tie_text import NAMED

SD, LEAST, GAP = 30.0, 8.0, 7.0  # pixels of one sd, the least above and below a line, between rows
TALLEST, TOP, NUMBER = 400.0, 20.0, 40  # the tallest, above the first row, for the numbers
UP, DOWN = BRANCHES[0], BRANCHES[1]
RULER, RULER_AT = 0.5, 90


@dataclass(frozen=True)
class Band:
    """A layer's row: its title, what it added at the end of each year, the years in which it was read."""

    title: str
    added: dict[int, float]
    read: tuple[int, ...]

    @property
    def up(self) -> float:
        """The most that it added, in sd."""
        return max(0.0, *self.added.values())

    @property
    def down(self) -> float:
        """The most that it took, in sd."""
        return max(0.0, *(-value for value in self.added.values()))


def bands(result: TieResult) -> tuple[Band, ...]:
    """A row for every layer that ever mattered in the time shown, the most important first."""
    layers = result.layers[result.layers["date"] >= result.start]
    found = []
    for name, rows in layers[layers["layer"] != STANDING].groupby("layer", sort=False):
        years = [int(d[:4]) for d in rows["date"]]
        if rows["added"].abs().max() >= NAMED:
            seen = result.readings[(result.readings["layer"] == name) & (result.readings["date"] <= result.last)]
            read = tuple(sorted({int(d[:4]) for d in seen["date"]}))
            found.append(Band(TITLES.get(str(name), str(name)), dict(zip(years, rows["added"], strict=True)), read))
    return tuple(sorted(found, key=lambda band: -max(band.up, band.down)))


def layer_panel(rows: tuple[Band, ...], span: tuple[str, str], wide: int) -> Any:
    """The rows below one another, all on the scale of one sd."""
    spread = sum(band.up + band.down for band in rows)
    scale = min(SD, (TALLEST - len(rows) * GAP) / spread) if spread else SD
    lines, tall = [], TOP + GAP
    for band in rows:
        lines.append(tall + max(band.up * scale, LEAST))
        tall = lines[-1] + max(band.down * scale, LEAST) + GAP
    x = alt.X("since:T", scale=alt.Scale(domain=list(span)), axis=None)
    y = alt.Y("line:Q", scale=alt.Scale(domain=[0, tall], range=[0, tall], nice=False, zero=False), axis=None)
    drawn = [
        _bars(rows, lines, scale, x, y),
        _lines(lines, x, y, span),
        _read(rows, lines, x, y, span),
        *_names(rows, lines, y, wide),
        *_heading(rows, scale, y, wide),
    ]
    return alt.layer(*drawn).properties(width=wide, height=tall)


def _bars(rows: Sequence[Band], lines: Sequence[float], scale: float, x: Any, y: Any) -> Any:
    values = [
        {
            "since": f"{year}-02-01",
            "until": f"{year}-12-01",
            "line": line,
            "top": round(line - added * scale, 2),
            "side": "adds" if added > 0 else "takes",
        }
        for band, line in zip(rows, lines, strict=True)
        for year, added in band.added.items()
        if added == added
    ]
    colour = alt.Color("side:N", scale=alt.Scale(domain=["adds", "takes"], range=[UP, DOWN]), legend=None)
    return alt.Chart(alt.Data(values=values)).mark_rect().encode(x=x, x2="until:T", y=y, y2="top:Q", color=colour)


def _lines(lines: Sequence[float], x: Any, y: Any, span: tuple[str, str]) -> Any:
    values = [{"since": span[0], "until": span[1], "line": line} for line in lines]
    return alt.Chart(alt.Data(values=values)).mark_rule(color=SOFT, strokeWidth=0.5).encode(x=x, x2="until:T", y=y)


def _read(rows: Sequence[Band], lines: Sequence[float], x: Any, y: Any, span: tuple[str, str]) -> Any:
    first, last = int(span[0][:4]), int(span[1][:4])
    values = [
        {"since": f"{since}-01-01", "until": f"{until}-12-31", "line": line}
        for band, line in zip(rows, lines, strict=True)
        for since, until in runs([year for year in band.read if first <= year <= last])
    ]
    return alt.Chart(alt.Data(values=values)).mark_rule(color=INK, strokeWidth=2).encode(x=x, x2="until:T", y=y)


def runs(years: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last year of every run of years without a gap."""
    ends = [i for i, year in enumerate(years) if i + 1 == len(years) or years[i + 1] > year + 1]
    return [(years[0 if k == 0 else ends[k - 1] + 1], years[end]) for k, end in enumerate(ends)]


def _names(rows: Sequence[Band], lines: Sequence[float], y: Any, wide: int) -> list[Any]:
    """What each layer adds in the last year, and its name, at the right."""
    values = [
        {"line": line, "added": decimal(band.added[max(band.added)], sign=True), "title": band.title}
        for band, line in zip(rows, lines, strict=True)
    ]
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    number = base.mark_text(align="right", fontSize=10, color=INK).encode(x=alt.value(wide + NUMBER), text="added:N")
    title = base.mark_text(align="left", dx=7, fontSize=10, color=INK).encode(
        x=alt.value(wide + NUMBER), text="title:N"
    )
    return [number, title]


def _heading(rows: Sequence[Band], scale: float, y: Any, wide: int) -> list[Any]:
    """Above the numbers: their unit and year, and how long RULER sd are."""
    year, at = max(rows[0].added), wide + NUMBER
    row = {"line": TOP, "top": TOP - RULER * scale, "year": f"sd, end {year}", "ruler": f"= {RULER:g} sd"}
    base = alt.Chart(alt.Data(values=[row])).encode(y=y)
    words = base.mark_text(fontSize=9, color=SOFT, align="left", dx=7, dy=-5).encode(x=alt.value(at), text="year:N")
    rule = base.mark_rule(color=SOFT, strokeWidth=2).encode(x=alt.value(at + RULER_AT), y2="top:Q")
    ruler = base.mark_text(fontSize=9, color=SOFT, align="left", dx=5, dy=-5).encode(
        x=alt.value(at + RULER_AT), text="ruler:N"
    )
    return [words, rule, ruler]
