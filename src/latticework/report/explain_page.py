"""The explanation on the page: whose bands are assumption, what drives each difference, and what would flip it."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
from markupsafe import Markup

from latticework.explain import Explanation
from latticework.explain.explained import MOSTLY_ASSUMPTION
from latticework.report.chart_style import BRANCHES, GRID, INK, WIDTH, styled, svg
from latticework.report.numbers import by_year, decimal, joined, points
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Table

PARTS = ("process", "parameter", "measurement", "assumption")
COLOURS = (GRID, BRANCHES[0], BRANCHES[4], BRANCHES[1])
LARGEST = 5
MOST_BARS = 14


@dataclass(frozen=True)
class Explained:
    """What the page shows: sentences, charts as SVG, and tables."""

    sentences: tuple[str, ...]
    charts: tuple[Markup, ...]
    tables: tuple[Table, ...]


def explain_section(results: Results) -> Explained | None:
    """The section of a brief; None for a run that was not explained."""
    found = results.explanation
    if found is None or not len(found.variance):
        return None
    drawings = [_stacked(results, found), *(_tornado(results, found, b) for b in results.branches[1:])]
    tables = [t for t in (_drivers(results, found), _flips(results, found)) if t.rows]
    return Explained(tuple(_sentences(results, found)), tuple(Markup(d) for d in drawings if d), tuple(tables))


def _name(row: Any) -> str:
    return f"{row['quantity']} {row['of']}".strip()


def _sentences(results: Results, found: Explanation) -> list[str]:
    """Which bands are mostly assumption, and where the preferred branch changes."""
    table = found.variance
    mostly = table[table["says"] == MOSTLY_ASSUMPTION]
    told = []
    for branch, rows in mostly.groupby("branch", sort=False):
        names = list(dict.fromkeys(_name(r) for r in rows.to_dict("records")))
        title = results.title_of(str(branch))
        told.append(f"{title}: the bands of {joined(names[:8])} are {MOSTLY_ASSUMPTION}.")
    if not told:
        told.append("No band of a headline is mostly assumption (more than 70 % of its variance).")
    if "flips" in found.flips:
        best = found.flips[found.flips["flips"] == "preferred branch"]
        for _, rows in best.groupby(["quantity", "of"], sort=False):
            told.append(_preference(results, _name(rows.iloc[0]).removesuffix(" all"), rows))
    return told


def _preference(results: Results, stem: str, rows: pd.DataFrame) -> str:
    """Which branch does best by an objective, and the nearest size at which another does."""
    best = results.title_of(str(rows["prefers"].iloc[0]))
    near = rows[rows["sd_from_mean"].notna()]
    unsure = rows["says"].str.startswith("no sign").any()
    doubt = " (not told apart from another branch)" if unsure else ""
    if not len(near):
        return f"By {stem}, “{best}” does best{doubt}; no single assumption within 3 sd of its mean changes that."
    row = near.iloc[int(near["sd_from_mean"].abs().to_numpy().argmin())]
    where = (
        f"{row['assumption']} at {decimal(row['size_at'], sign=True)} ({decimal(row['sd_from_mean'], sign=True)} sd)"
    )
    return f"By {stem}, “{best}” does best{doubt}; the nearest flip is {where}."


def _stacked(results: Results, found: Explanation) -> str:
    """Stacked bars: what the variance of each headline of the last branch is made of."""
    branch = results.branches[-1]
    table = found.variance[(found.variance["branch"] == branch) & (found.variance["against"] == "")]
    table = table[table["process"].notna()].sort_values("assumption", ascending=False).head(MOST_BARS)
    if not len(table):
        return ""
    records = [
        {"name": _name(r), "part": part, "share": round(max(r[part], 0.0), 4), "order": i}
        for r in table.to_dict("records")
        for i, part in enumerate(PARTS)
    ]
    order = [_name(r) for r in table.to_dict("records")]
    colour = alt.Color("part:N", scale=alt.Scale(domain=list(PARTS), range=list(COLOURS)), sort=list(PARTS))
    drawn = (
        alt.Chart(alt.Data(values=records))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False, ticks=False, labelLimit=190)),
            color=colour,
            order="order:O",
        )
        .properties(width=WIDTH - 150, height=alt.Step(15))
    )
    title = f"What the bands are made of: “{results.title_of(branch)}”, {by_year(results.dates[-1])}"
    subtitle = "Shares of the variance over paths: chance, estimates, today's measurement, assumptions"
    return svg(styled(drawn, title, subtitle, _foot(results)), "shares", title, subtitle)


def _tornado(results: Results, found: Explanation, branch: str) -> str:
    """The five largest assumptions behind the difference that rests on assumption most surely."""
    bars = found.tornado
    if not len(bars):
        return ""
    mine = bars[(bars["branch"] == branch) & (bars["against"] != "") & bars["clear"]]
    if not len(mine):
        return ""
    first = mine[mine["rank"] == 1].assign(size=lambda t: (t["at_90"] - t["at_10"]).abs() / t["slope_se"])
    if not len(first):
        return ""
    number = first["id"].iloc[int(first["size"].to_numpy().argmax())]
    rows = bars[bars["id"] == number].sort_values("rank").head(LARGEST)
    scale = 100.0 if rows["unit"].iloc[0] == "chance" else 1.0
    unit = "points" if scale > 1 else rows["unit"].iloc[0]
    records = [
        {"name": r["assumption"], "low": scale * r["at_10"], "high": scale * r["at_90"], "mid": scale * r["at_means"]}
        for r in rows.to_dict("records")
    ]
    base = alt.Chart(alt.Data(values=records)).encode(
        y=alt.Y("name:N", sort=list(rows["assumption"]), title=None, axis=alt.Axis(grid=False, ticks=False))
    )
    both = base.mark_bar(color=BRANCHES[1], height=11).encode(
        x=alt.X("low:Q", title=unit, scale=alt.Scale(zero=True)), x2="high:Q"
    )
    middle = base.mark_tick(color=INK, thickness=2, size=15).encode(x="mid:Q")
    one = rows.iloc[0]
    title = f"{results.title_of(branch)}: {_name(one)} turns most on {one['assumption']}"
    subtitle = "Difference from the first branch with one size at its 10 and 90 % quantile, others at their means"
    drawn = (both + middle).properties(width=WIDTH - 130, height=alt.Step(18))
    return svg(styled(drawn, title, subtitle, _foot(results)), f"tornado-{branch}", title, subtitle)


def _foot(results: Results) -> str:
    return f"Latticework {results.version}, {results.scenario.id}; {results.paths:,} paths per branch."


def _drivers(results: Results, found: Explanation) -> Table:
    """What each intervention makes of each difference, where it is more than chance."""
    columns = (
        Column("difference", numeric=False, wraps=True),
        Column("branch", numeric=False, wraps=True),
        Column("in all"),
        Column("what it is made by", numeric=False, wraps=True),
        Column("makes"),
    )
    rows = []
    for r in found.drivers.to_dict("records"):
        if r["clear"] and r["kind"] != "only":
            show = points if r["unit"] == "chance" else lambda x: decimal(x, sign=True)
            what = f"all that acts on {r['what']}" if r["kind"] == "process" else r["what"]
            made = Cell(show(r["makes"]), f"({show(r['lower'])} to {show(r['upper'])})")
            name, title = _name(r), results.title_of(r["branch"])
            rows.append((Cell(name), Cell(title), Cell(show(r["difference"])), Cell(what), made))
    note = (
        "Each is left out of its branch, on the same random numbers; in brackets: two Monte Carlo standard errors. "
        "What is less than two of them is nothing and not shown. Parts need not add up."
    )
    return Table("drivers", "What drives the differences (chances in points)", columns, tuple(rows), note)


def _flips(results: Results, found: Explanation) -> Table:
    """Sizes at which the sign of a difference changes."""
    columns = (
        Column("difference", numeric=False, wraps=True),
        Column("branch", numeric=False, wraps=True),
        Column("assumption", numeric=False, wraps=True),
        Column("size at which its sign changes"),
        Column("sd from its mean"),
    )
    rows = []
    for r in found.flips.to_dict("records"):
        if r["flips"] == "sign" and r["sd_from_mean"] == r["sd_from_mean"]:
            told = (Cell(decimal(r["size_at"], sign=True)), Cell(decimal(r["sd_from_mean"], sign=True)))
            rows.append((Cell(_name(r)), Cell(results.title_of(r["branch"])), Cell(r["assumption"]), *told))
    note = (
        "Others at their means, by a line through the draws. What is not here has none within 3 sd, or no clear sign."
    )
    return Table("flips", "Flip points", columns, tuple(rows), note)
