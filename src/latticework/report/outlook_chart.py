"""A tie in one picture: its past as known on a day, the fan of its paths, and where it went as known today."""

from typing import Any

import altair as alt
import pandas as pd

from latticework.measures import Course, fan
from latticework.report.chart_style import BRANCHES, INK, SOFT, WIDTH, styled, svg
from latticework.report.numbers import by_year, chance, day, the
from latticework.report.outlook_result import DayOutlook
from latticework.report.tie_text import points

BEFORE = 12  # years of the past that are drawn
PAST, AHEAD, LATER = INK, BRANCHES[0], BRANCHES[1]
LEVELS = ["q10", "q25", "q50", "q75", "q90"]
TALL = 170
Half = tuple[int, int]
SUBTITLE = (
    "From {} to {} of 100, 80 % bands. Grey: as known on the day. Blue: the paths (dark 50 %, line: median). "
    "Orange, dashed: as known today."
)


def tie_charts(found: DayOutlook) -> list[str]:
    """The chart of every tie as SVG text, the strongest tie first."""
    strength = next(c for c in found.results.courses if c.quantity == "tie strength")
    return [_chart(found, strength, pair) for pair in found.pairs]


def fan_frame(found: DayOutlook, course: Course, pair: tuple[str, str]) -> pd.DataFrame:
    """Quantiles of the paths by date, the start first."""
    u = course.units.index(pair)
    assert course.opening is not None
    begun = pd.DataFrame(course.opening[:, u][None], columns=LEVELS).assign(date=found.start)
    ahead = pd.DataFrame(fan(course, 0)[:, :, u].T, columns=LEVELS).assign(date=list(found.results.dates))
    return pd.concat([begun, ahead], ignore_index=True).round(2)


def _chart(found: DayOutlook, course: Course, pair: tuple[str, str]) -> str:
    frame, since = fan_frame(found, course, pair), str(int(found.start[:4]) - BEFORE)
    past, later = (found.of(table, pair)[["date", "value", "lower", "upper"]] for table in (found.past, found.later))
    past = past[past["date"] >= since].round(2)
    last = found.results.dates[-1]
    later = later[(later["date"] >= found.start) & (later["date"] <= last)].round(2)
    span = [str(past["date"].iloc[0]), last]
    x = alt.X("date:T", scale=alt.Scale(domain=span), axis=_years(span))
    y = _half(past["lower"], past["upper"], frame["q10"], frame["q90"], *(later[side] for side in ("lower", "upper")))
    parts = [
        _rule(found.day, x),
        _area(past, x, y, "lower", "upper", PAST, 0.15),
        _line(past, x, y, "value", PAST, []),
        _area(frame, x, y, "q10", "q90", AHEAD, 0.22),
        _area(frame, x, y, "q25", "q75", AHEAD, 0.35),
        _line(frame, x, y, "q50", AHEAD, []),
        _line(later, x, y, "lower", LATER, [1, 3], 1),
        _line(later, x, y, "upper", LATER, [1, 3], 1),
        _line(later, x, y, "value", LATER, [6, 3]),
    ]
    drawn = alt.layer(*parts).properties(width=WIDTH - 60, height=TALL)
    heading, told = _words(found, pair, frame, later)
    ident = f"tie-{'-'.join(pair).lower()}"
    r = found.results
    foot = f"Latticework {r.version}, outlook on {day(found.day)}; {r.paths:,} paths, seed {r.seed}."
    return svg(styled(drawn, heading, SUBTITLE.format(*y), foot), ident, heading, told)


def _words(found: DayOutlook, pair: tuple[str, str], frame: pd.DataFrame, later: pd.DataFrame) -> tuple[str, str]:
    """The heading of a chart, and what it shows for those who cannot see it."""
    first, end = (the(found.results.name_of(code)) for code in pair)
    both, last = f"{first[0].upper()}{first[1:]} and {end}", found.results.dates[-1]
    row = found.of(found.results.outlook, pair)
    weaker = row[(row["quantity"] == "weaker than today") & (row["date"] == last)]["value"].iloc[0]
    start, ends = frame.iloc[0], frame.iloc[-1]
    heading = f"{both}: {points(start['q50'])}, chance of a weaker tie {chance(weaker, found.results.paths)}"
    told = (
        f"{both}: strength {points(start['q50'])} at {by_year(found.start)}; forecast for {by_year(last)}: "
        f"{points(ends['q50'])} ({points(ends['q10'])} to {points(ends['q90'])})"
    )
    if len(later):
        at = later.iloc[-1]
        told += f"; as known today {points(at['value'])} at {by_year(str(at['date']))}"
    return heading, told + "."


def _area(frame: pd.DataFrame, x: Any, y: Half, low: str, high: str, colour: str, opacity: float) -> Any:
    base = alt.Chart(alt.Data(values=frame[["date", low, high]].to_dict("records"))).encode(x=x)
    return base.mark_area(color=colour, opacity=opacity).encode(y=_y(low, y), y2=f"{high}:Q")


def _line(frame: pd.DataFrame, x: Any, y: Half, of: str, colour: str, dash: list[int], width: float | int = 2) -> Any:
    base = alt.Chart(alt.Data(values=frame[["date", of]].to_dict("records"))).encode(x=x)
    return base.mark_line(color=colour, strokeDash=dash, strokeWidth=width).encode(y=_y(of, y))


def _rule(at: str, x: Any) -> Any:
    return alt.Chart(alt.Data(values=[{"date": at}])).mark_rule(color=SOFT, strokeDash=[3, 3]).encode(x=x)


def _half(*columns: pd.Series) -> Half:
    """The whole scale, or its half if all that is drawn lies in one: a strong tie would be a line at the top."""
    least, most = min(float(c.min()) for c in columns), max(float(c.max()) for c in columns)
    return 50 if least >= 50 else 0, 50 if most <= 50 else 100


def _y(of: str, half: Half) -> Any:
    axis = alt.Axis(values=[0, 25, 50, 75, 100], ticks=False, domain=False)
    return alt.Y(f"{of}:Q", scale=alt.Scale(domain=list(half)), title=None, axis=axis)


def _years(span: list[str]) -> Any:
    first, last = int(span[0][:4]), int(span[1][:4]) + 1
    step = 5 if last - first > 10 else 2
    values = [alt.DateTime(year=y, month=1, date=1) for y in range(-(-first // step) * step, last + 1, step)]
    return alt.Axis(title=None, format="%Y", values=values, grid=False)
