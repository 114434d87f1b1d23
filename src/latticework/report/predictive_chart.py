"""A simulation beside history in one picture: for every statistic what was observed, the band of paths, the decades.

The statistics are in many units and so each has its own line: it runs from the least to the greatest of all that is
shown on it, and the numbers of the observed and of the median path stand beside it.
"""

from typing import Any

import altair as alt
import pandas as pd

from latticework.report.chart_style import BRANCHES, INK, SOFT, styled, svg
from latticework.report.numbers import DASH, MINUS

COLUMNS = 3
CELL, TALL, LINE = 226, 34, 24  # pixels of one small multiple, and where in it the line is
WIDE = 2.05
BAND, AMISS = BRANCHES[0], BRANCHES[1]
MARGIN = 0.08
DIGITS = 3


def drawing(table: pd.DataFrame, source: str) -> str:
    """The chart of the checks as SVG that says in words what it shows."""
    chart, heading = predictive_chart(table, source)
    return svg(chart, "history", heading, told(table))


def predictive_chart(table: pd.DataFrame, source: str) -> tuple[Any, str]:
    """The chart of a table of `latticework.evaluate.checks`, and its heading; `source` says what was simulated."""
    heading = title(table)
    cells = [_cell(row) for row in table.to_dict("records")]
    grid = alt.concat(*cells, columns=COLUMNS, spacing=14)
    subtitle = (
        "Grey line: from the least to the greatest decade since 1950. Blue: the central 90 % of the paths and their "
        "median. Black tick: what was observed. Orange: not inside, for the observed is out of the band or the median "
        "out of the decades. Each line has its own scale; below the name: observed | median of the paths."
    )
    return styled(grid, heading, subtitle, source, WIDE), heading


def title(table: pd.DataFrame) -> str:
    """How many of the statistics judged are inside history."""
    judged = table["inside"].dropna()
    rest = len(table) - len(judged)
    unjudged = f"; {rest} not simulated" if rest else ""
    return f"{int(judged.sum())} of {len(judged)} statistics of the simulation are inside history{unjudged}"


def told(table: pd.DataFrame) -> str:
    """The picture in words: the heading, then every statistic that is not inside."""
    amiss = table[[pd.notna(inside) and not inside for inside in table["inside"]]]
    found = [
        f"{row['title']} ({row['unit']}): observed {number(row['observed'])}, simulated {number(row['median'])} "
        f"({number(row['lower'])}{DASH}{number(row['upper'])})"
        for row in amiss.to_dict("records")
    ]
    return f"{title(table)}. Not inside: {'; '.join(found) or 'none'}."


def number(value: float) -> str:
    """A number with three digits that count, thousands parted; a dash if there is none."""
    if value != value:
        return DASH
    shown = f"{value:.{DIGITS}g}"
    said = f"{float(shown):,.0f}" if abs(value) >= 10 ** (DIGITS - 1) else f"{float(shown):g}"
    return said.replace("-", MINUS)


def _cell(row: dict[Any, Any]) -> Any:
    """One statistic: its name above, its line below."""
    amiss = pd.notna(row["inside"]) and not row["inside"]
    colour = AMISS if amiss else BAND
    x = {"scale": alt.Scale(domain=_domain(row), nice=False, zero=False), "axis": None}
    base = alt.Chart(alt.Data(values=[_finite(row)]))
    at = alt.value(LINE)
    marks = [
        base.mark_rule(color=SOFT, strokeWidth=1.5).encode(x=alt.X("low:Q", **x), x2="high:Q", y=at),
        base.mark_bar(color=colour, opacity=0.4, height=10).encode(x=alt.X("lower:Q", **x), x2="upper:Q", y=at),
        base.mark_tick(color=colour, thickness=2.5, height=10, opacity=1).encode(x=alt.X("median:Q", **x), y=at),
        base.mark_tick(color=INK, thickness=2, height=18, opacity=1).encode(x=alt.X("observed:Q", **x), y=at),
    ]
    said = {
        "name": f"{row['title']}, {row['unit']}",
        "values": f"{number(row['observed'])} | {number(row['median'])}",
    }
    words = alt.Chart(alt.Data(values=[said])).mark_text(align="left", baseline="top", fontSize=9)
    texts = [
        words.encode(x=alt.value(0), y=alt.value(-8), text="name:N", color=alt.value(INK)),
        words.encode(x=alt.value(0), y=alt.value(3), text="values:N", color=alt.value(AMISS if amiss else SOFT)),
    ]
    return alt.layer(*marks, *texts).properties(width=CELL, height=TALL)


def _finite(row: dict[Any, Any]) -> dict[str, float | None]:
    """The numbers to draw; none where there is none."""
    names = ("low", "high", "lower", "median", "upper", "observed")
    return {name: float(row[name]) if row[name] == row[name] else None for name in names}


def _domain(row: dict[Any, Any]) -> list[float]:
    """From the least to the greatest number shown, and a little more."""
    known = [value for value in _finite(row).values() if value is not None] or [0.0]
    least, most = min(known), max(known)
    more = MARGIN * (most - least) or 1.0
    return [least - more, most + more]
