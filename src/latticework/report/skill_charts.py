"""Calibration in pictures: what was said beside what came, and where outcomes fell in the ensembles."""

from typing import Any

import altair as alt
import pandas as pd

from latticework.evaluate.targets import TARGETS, Events
from latticework.report.chart_style import BRANCHES, INK, SOFT, styled, svg, wrapped

COLUMNS = 3
SIDE = 190  # pixels of one small multiple
WIDE = 2.05
LEAST = 0.0005  # the least chance or share that is drawn on a log scale
SHOWN = "y1"
LETTERS = 36  # of a line above a small multiple


def chances_drawing(table: pd.DataFrame, source: str) -> str:
    """For every target that happens or not: the share that happened beside the mean chance, in the first year."""
    cells = [
        _chances(target, rows)
        for target in TARGETS.values()
        if isinstance(target, Events) and len(rows := _rows(table, target.name, "share"))
    ]
    heading = "What was said beside what came, one year ahead"
    subtitle = (
        "Each point is a tenth of the events that were expected: the mean chance given (across) and the share that "
        "happened (up), both on a log scale; a share of none is drawn at the foot. On the line they are the same."
    )
    chart = styled(alt.concat(*cells, columns=COLUMNS, spacing=18), heading, subtitle, source, WIDE)
    return svg(chart, "chances", heading, told(table))


def ranks_drawing(table: pd.DataFrame, source: str) -> str:
    """For every target that moves: where outcomes fell in the ensembles, by horizon."""
    cells = []
    for target in TARGETS.values():
        if not isinstance(target, Events):
            for horizon in ("y1", "y3", "y5"):
                rows = _rows(table, target.name, "rank", horizon)
                cells += [_ranks(f"{target.title}, {horizon}", rows)] if len(rows) else []
    heading = "Where outcomes fell among the paths"
    subtitle = (
        "Share of outcomes in each tenth of the ensemble. On the line if the ensembles are as wide as the world is; "
        "humps in the middle: too wide; ends that stand out: too narrow; a slope: too high or too low."
    )
    chart = styled(alt.concat(*cells, columns=COLUMNS, spacing=18), heading, subtitle, source, WIDE)
    return svg(chart, "ranks", heading, heading)


def told(table: pd.DataFrame) -> str:
    """The picture of chances in words."""
    words = []
    for target in TARGETS.values():
        rows = _rows(table, target.name, "share")
        if isinstance(target, Events) and len(rows):
            last = rows.iloc[-1]
            words.append(f"{target.title}: of the surest, {last['at']:.1%} was said and {last['value']:.1%} came")
    return "; ".join(words) + "."


def _rows(table: pd.DataFrame, target: str, what: str, horizon: str = SHOWN) -> pd.DataFrame:
    return table[(table["target"] == target) & (table["what"] == what) & (table["horizon"] == horizon)]


def _chances(target: Events, rows: pd.DataFrame) -> Any:
    points = [{"at": max(r["at"], LEAST), "value": max(r["value"], LEAST)} for r in rows.to_dict("records")]
    scale = alt.Scale(type="log", domain=[LEAST, 1])
    axis = alt.Axis(values=[0.001, 0.01, 0.1, 1], format="~%")
    line = alt.Chart(alt.Data(values=[{"a": LEAST, "b": LEAST}, {"a": 1, "b": 1}])).mark_line(color=SOFT, strokeWidth=1)
    marks = alt.Chart(alt.Data(values=points)).mark_point(color=BRANCHES[0], filled=True, size=45, opacity=1)
    x, y = alt.X("at:Q", scale=scale, axis=axis, title="said"), alt.Y("value:Q", scale=scale, axis=axis, title="came")
    drawn = line.encode(x=alt.X("a:Q", scale=scale, axis=axis), y=alt.Y("b:Q", scale=scale, axis=axis))
    return alt.layer(drawn, marks.encode(x=x, y=y)).properties(width=SIDE, height=SIDE, title=_small(target.title))


def _ranks(title: str, rows: pd.DataFrame) -> Any:
    values = [{"at": r["at"], "to": r["at"] + 0.1, "value": r["value"]} for r in rows.to_dict("records")]
    bars = alt.Chart(alt.Data(values=values)).mark_bar(color=BRANCHES[0], opacity=0.7)
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(values=[0, 0.5, 1], format="~%"), title="rank")
    y = alt.Y("value:Q", scale=alt.Scale(domainMin=0), axis=alt.Axis(format="~%"), title="share")
    line = alt.Chart(alt.Data(values=[{"y": 0.1}])).mark_rule(color=INK, strokeDash=[4, 3]).encode(y="y:Q")
    chart = alt.layer(bars.encode(x=x, x2="to:Q", y=y, y2=alt.datum(0)), line)
    return chart.properties(width=SIDE, height=SIDE // 2, title=_small(title))


def _small(title: str) -> alt.TitleParams:
    return alt.TitleParams(wrapped(title, LETTERS), fontSize=10, anchor="start", color=INK)
