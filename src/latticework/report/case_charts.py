"""Known cases in pictures: what the paths gave, year by year, and what came."""

from collections.abc import Hashable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from latticework.evaluate.cases import CASES, Case
from latticework.report.chart_style import BRANCHES, INK, styled, svg, wrapped

COLUMNS = 3
SIDE, TALL = 190, 130
WIDE = 2.05
LETTERS = 36  # of a line above a small multiple


def drawing(table: pd.DataFrame, source: str) -> str:
    """All cases of a table of `latticework.evaluate.cases` in one picture that says in words what it shows."""
    shown = [case for case in CASES if case.name in set(table["case"])]
    cells = [_cell(case, table[table["case"] == case.name]) for case in shown]
    heading = "Known cases: what the paths gave, and what came"
    subtitle = (
        "Blue: the median and the central 80 % of the paths, or the chance of the event in the year (ANZUS: by its "
        "end). Orange: what came; of events a diamond at the top marks a year with it, one at the foot a year without."
    )
    chart = styled(alt.concat(*cells, columns=COLUMNS, spacing=20), heading, subtitle, source, WIDE)
    return svg(chart, "cases", heading, " ".join(told(case, table) for case in shown))


def told(case: Case, table: pd.DataFrame) -> str:
    """A case in one sentence: what was given to what came."""
    rows = table[table["case"] == case.name].to_dict("records")
    if case.kind == "troops":
        known = [row for row in rows if row["observed"] == row["observed"]]
        if not known:
            return f"{case.title}: no count on record."
        last = known[-1]
        band = f"{last['value']:,.0f} ({last['lower']:,.0f} to {last['upper']:,.0f})"
        where = "inside" if last["lower"] <= last["observed"] <= last["upper"] else "outside"
        came = f"{last['observed']:,.0f} came, {where} the band"
        return f"{case.title}: {band} expected for {last['year']}, {came}; {case.story}."
    came = [row for row in rows if row["observed"] == 1]
    if not came:
        none = "no new one is on record in five years (what was under way has no beginning)"
        return f"{case.title}: {none}; {rows[0]['value']:.1%} was given to the first; {case.story}."
    first = came[0]
    return f"{case.title}: {first['value']:.1%} was given to {first['year']}, in which it came; {case.story}."


def _cell(case: Case, table: pd.DataFrame) -> Any:
    rows = [_finite(row) for row in table.to_dict("records")]
    base = alt.Chart(alt.Data(values=rows))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    if case.kind == "troops":
        y = alt.Y("lower:Q", title=None, axis=alt.Axis(format="~s"))
        marks = [
            base.mark_area(color=BRANCHES[0], opacity=0.25).encode(x=x, y=y, y2="upper:Q"),
            base.mark_line(color=BRANCHES[0]).encode(x=x, y="value:Q"),
            base.mark_line(color=BRANCHES[1], point=alt.OverlayMarkDef(color=BRANCHES[1], shape="diamond")).encode(
                x=x, y="observed:Q"
            ),
        ]
    else:
        y = alt.Y("value:Q", title=None, axis=alt.Axis(format="~%"), scale=alt.Scale(domain=[0, 1]))
        marks = [
            base.mark_bar(color=BRANCHES[0], opacity=0.7).encode(x=x, y=y),
            base.mark_point(color=BRANCHES[1], filled=True, shape="diamond", size=60, opacity=1).encode(
                x=x, y="observed:Q"
            ),
        ]
    name = alt.TitleParams(wrapped(case.title, LETTERS), fontSize=10, anchor="start", color=INK)
    return alt.layer(*marks).properties(width=SIDE, height=TALL, title=name)


def _finite(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """The row with nothing where a number is missing."""
    return {str(name): None if value != value else value for name, value in row.items()}
