"""A layer's coverage by decade as a small picture, as a line of blocks and as bars of text.

The pictures are written by hand and not by the chart library: they are a tenth of its size, have the same bytes every
time, and two colours that can be read on a white page and on a dark one.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from latticework.report.chart_style import FONT

BAR, INK = "#1f83c4", "#757d87"  # more than 4:1 against white and against the dark pages of code hosts
WIDTH, HEIGHT = 420, 90
LEFT, TOP, TALL, WIDE = 58, 17, 36, 34  # where the bars begin, and how tall and wide a full one is
NOTHING, BLOCKS = "·", "▁▂▃▄▅▆▇█"


def picture(record: Mapping[str, Any], coverage: pd.DataFrame) -> str:
    """The coverage of a layer as SVG: a bar per decade, its share above, and below how much the layer has in it.

    `record` is the layer's in the catalogue, `coverage` as `latticework.data.coverage` has it.
    """
    decades = list(coverage["decade"])
    pitch = (WIDTH - LEFT) / len(decades)
    middles = [round(LEFT + pitch * (i + 0.5)) for i in range(len(decades))]
    caption, counts = _counted(record, coverage)
    words = escape(told(record["layer"], coverage))
    shares = [percent(share) for share in coverage["share"]]
    lines = [("covered", shares, 12), ("decade", decades, 68), (caption, [f"{c:,}" if c else "–" for c in counts], 83)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}" font-size="10" fill="{INK}">',
            f"<title>{words}</title>",
            *(_bar(x, share) for x, share in zip(middles, coverage["share"], strict=True)),
            *(_line(y, caption, cells, middles) for caption, cells, y in lines),
            "</svg>\n",
        ]
    )


def told(name: str, coverage: pd.DataFrame) -> str:
    """The picture in words, for those who do not see it."""
    decades = ", ".join(f"{d} {percent(s)}" for d, s in zip(coverage["decade"], coverage["share"], strict=True))
    return f"Coverage of {name} by decade: {decades}"


def percent(share: float) -> str:
    """A share as a whole per cent that says 0 or 100 only of nothing and of all; a dash for nothing."""
    if share <= 0:
        return "–"
    shown = min(max(round(100 * share), 1), 100 if share >= 1 else 99)
    return "<1 %" if share < 0.005 else f"{shown} %"


def sparkline(shares: Iterable[float]) -> str:
    """Shares as blocks, one letter each: a dot for none, a full block for more than seven eighths."""
    return "".join(BLOCKS[math.ceil(min(share, 1) * 8) - 1] if share > 0 else NOTHING for share in shares)


def text_bars(coverage: pd.DataFrame, units: str, width: int = 12) -> str:
    """A line per decade: a bar of blocks, its share, of how many of the units something is known, and the rows."""
    rows = coverage.to_dict("records")
    seen = [f"{row['covered']:,} of {row['existed']:,}" for row in rows]
    wide = max(map(len, [units, *seen]))
    lines = [f"decade  {'covered':<{width + 6}}  {units:>{wide}}    rows"]
    for row, units_seen in zip(rows, seen, strict=True):
        full = max(round(row["share"] * width), int(row["share"] > 0))
        bar = "█" * full + NOTHING * (width - full)
        lines.append(f"{row['decade']}   {bar} {percent(row['share']):>5}  {units_seen:>{wide}}  {row['rows']:>6,}")
    return "\n".join(lines)


def _counted(record: Mapping[str, Any], coverage: pd.DataFrame) -> tuple[str, list[int]]:
    """What is counted under the bars: the rows of a complete list, else the units of which something is known."""
    if record["absent"] == "zero":
        return ("spells" if record["frequency"] == "spells" else "rows"), list(coverage["rows"])
    return ("states" if record["kind"] == "state" else "dyads"), list(coverage["covered"])


def _bar(middle: int, share: float) -> str:
    """The bar of a decade in its frame; the frame of an empty one is dashed."""
    x, high = middle - WIDE // 2, max(round(share * TALL, 1), 1.0) if share else 0
    dashed = "" if share else ' stroke-dasharray="3 3"'
    frame = f'<rect x="{x}" y="{TOP}" width="{WIDE}" height="{TALL}" fill="none" stroke="{INK}" stroke-opacity=".5"'
    bar = f'<rect x="{x}" y="{TOP + TALL - high:g}" width="{WIDE}" height="{high:g}" fill="{BAR}"/>' if share else ""
    return f"{frame}{dashed}/>{bar}"


def _line(y: int, caption: str, cells: Sequence[str], middles: Sequence[int]) -> str:
    """A line of text: its caption at the left, and a cell under each bar."""
    words = "".join(
        f'<text x="{x}" y="{y}" text-anchor="middle">{escape(c)}</text>' for x, c in zip(middles, cells, strict=True)
    )
    return f'<text x="2" y="{y}">{caption}</text>{words}'
