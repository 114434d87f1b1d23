"""The explanation on the page: whose bands are assumption, what drives each difference, and what would flip it."""

from collections.abc import Callable
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

PARTS = {
    "chance": "process",
    "estimates": "parameter",
    "today's measurement": "measurement",
    "assumptions": "assumption",
}
COLOURS = (GRID, BRANCHES[0], BRANCHES[4], BRANCHES[1])
MATTERS = 0.1  # a difference of less than this many sd of the first branch's paths is left to the tables of the run
TOO_FEW = (
    "Of what the bands are made cannot be told from one path a draw: it takes twice as many paths as draws (400), for "
    "tie strength 1,600."
)
MOST_BARS, MOST_TORNADOS, MOST_ROWS = 16, 4, 6  # rows of a branch


@dataclass(frozen=True)
class Explained:
    """What the page shows: a sentence for the answers, then sentences, charts as SVG, and tables."""

    answer: str
    sentences: tuple[str, ...]
    charts: tuple[Markup, ...]
    tables: tuple[Table, ...]


def explain_section(results: Results) -> Explained | None:
    """The section of a brief; None for a run that was not explained."""
    found = results.explanation
    if found is None or not len(found.variance):
        return None
    size = sizes_of(found.variance)
    tornados = [_tornado(results, found, size, b) for b in results.branches[1:]]
    drawings = [_stacked(results, found), *[t for t in tornados if t][:MOST_TORNADOS]]
    tables = [t for t in (_drivers(results, found, size), _flips(results, found, size)) if t.rows]
    charts = tuple(Markup(d) for d in drawings if d)
    return Explained(_answer(found.variance), tuple(_sentences(results, found)), charts, tuple(tables))


def sizes_of(variance: pd.DataFrame) -> dict[str, float]:
    """The size of each clear difference, in sds of the paths of the branch that it is told against, or of its own."""
    of_branches = variance[variance["against"] == ""]
    sd = {(r.quantity, r.of, r.branch): float(r.sd) for r in of_branches.itertuples()}  # pyright: ignore
    apart = variance[(variance["against"] != "") & variance["clear"]].to_dict("records")
    both = ((r, [sd.get((r["quantity"], r["of"], r[side]), 0.0) for side in ("against", "branch")]) for r in apart)
    return {r["id"]: abs(r["mean"]) / next((s for s in two if s > 0), float("inf")) for r, two in both}


def mattering(results: Results, table: pd.DataFrame, size: dict[str, float]) -> pd.DataFrame:
    """The rows of differences that matter, branch by branch, the largest first; their order otherwise stays.

    Where a row has a part of a difference, the size of the part counts.
    """
    if not len(table):
        return table
    kept = table.assign(size=table["id"].map(size).astype(float)).query(f"size >= {MATTERS}")
    if "makes" in kept:
        kept = kept.assign(size=kept["size"] * (kept["makes"] / kept["difference"]).abs())
    kept = kept.assign(place=kept["branch"].map({b: i for i, b in enumerate(results.branches)}))
    return kept.sort_values(["place", "size"], ascending=[True, False], kind="stable")


def headline(row: Any) -> str:
    """The quantity and whose it is."""
    return f"{row['quantity']} {row['of']}".removesuffix(" all")


def _answer(variance: pd.DataFrame) -> str:
    """How many of the headlines, and of the differences between branches, are mostly assumption."""
    told = []
    if not len(variance[variance["assumption_of_band"].notna()]):
        return TOO_FEW
    for name, rows in (
        ("numbers of branches", variance[variance["against"] == ""]),
        ("clear differences between branches", variance[(variance["against"] != "") & variance["clear"]]),
    ):
        told.append(f"{int((rows['says'] == MOSTLY_ASSUMPTION).sum()):,} of {len(rows):,} {name}")
    return f"Mostly assumption (surely more than 70 % of the variance of the band): {joined(told)} among the headlines."


def _sentences(results: Results, found: Explanation) -> list[str]:
    """Which bands are mostly assumption, and where the preferred branch changes."""
    table, told = found.variance, []
    for branch in results.branches:
        for apart, words in ((False, "the bands"), (True, "the bands of the differences from the first branch")):
            rows = table[(table["branch"] == branch) & (table["says"] == MOSTLY_ASSUMPTION)]
            names = [headline(r) for r in rows[(rows["against"] != "") == apart].to_dict("records")]
            if names:
                rest = [f"{len(names) - 8} more"] if len(names) > 8 else []
                told.append(
                    f"“{results.title_of(branch)}”: {words} of {joined([*names[:8], *rest])} are mostly assumption."
                )
    if not len(table[table["assumption_of_band"].notna()]):
        told.append(TOO_FEW)
    elif not told:
        told.append("No band of a headline is mostly assumption (surely more than 70 % of its variance).")
    if "flips" in found.flips:
        best = found.flips[found.flips["flips"] == "preferred branch"]
        for _, rows in best.groupby(["quantity", "of"], sort=False):
            told.append(_preference(results, headline(rows.iloc[0]), rows))
    return told


def _preference(results: Results, stem: str, rows: pd.DataFrame) -> str:
    """Which branch does best by an objective, and the nearest size at which another does."""
    best = results.title_of(str(rows["prefers"].iloc[0]))
    equal = list(dict.fromkeys(results.title_of(b) for b in rows.loc[_unsure(rows), "against"]))
    doubt = f", not told apart from {joined([f'“{name}”' for name in equal])}" if equal else ""
    sure = rows[~_unsure(rows)]
    near = sure[sure["sd_from_mean"].notna()] if "sd_from_mean" in sure else sure.head(0)
    if not len(near):
        rest = "the others" if equal else "any other branch"
        return f"By {stem}, “{best}” does best{doubt}; no flip within the assumed range puts {rest} first."
    row = near.iloc[int(near["sd_from_mean"].abs().to_numpy().argmin())]
    where = (
        f"{row['assumption']} at {decimal(row['size_at'], sign=True)} ({decimal(row['sd_from_mean'], sign=True)} sd)"
    )
    return (
        f"By {stem}, “{best}” does best{doubt}; the nearest flip, to “{results.title_of(row['against'])}”, is {where}."
    )


def _unsure(rows: pd.DataFrame) -> "pd.Series[bool]":
    """The rows of branches that are not told apart."""
    says = rows["says"].fillna("").astype(str)
    return says.str.startswith("no sign") | says.str.startswith("not told")


def _stacked(results: Results, found: Explanation) -> str:
    """Stacked bars: what the variance of each headline of the first branch is made of."""
    branch = results.branches[0]
    table = found.variance[(found.variance["branch"] == branch) & (found.variance["against"] == "")]
    table = table[table["process"].notna()].sort_values("process").head(MOST_BARS)
    if not len(table):
        return ""
    records = [
        {"name": headline(r), "part": part, "share": round(max(r[column], 0.0), 4), "order": i}
        for r in table.to_dict("records")
        for i, (part, column) in enumerate(PARTS.items())
    ]
    order = [headline(r) for r in table.to_dict("records")]
    colour = alt.Color("part:N", scale=alt.Scale(domain=list(PARTS), range=list(COLOURS)), sort=list(PARTS))
    drawn = (
        alt.Chart(alt.Data(values=records))
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False, ticks=False, labelLimit=190)),
            color=colour.legend(columns=2),
            order="order:O",
        )
        .properties(width=WIDTH - 190, height=alt.Step(15))
    )
    title = f"What the bands are made of: “{results.title_of(branch)}”, {by_year(results.dates[-1])}"
    subtitle = "Shares of the variance over paths, those with the least chance first"
    return svg(styled(drawn, title, subtitle, _foot(results)), "shares", title, subtitle)


def _tornado(results: Results, found: Explanation, size: dict[str, float], branch: str) -> str:
    """The largest clear assumptions behind the difference of a branch that rests on one most surely."""
    bars = mattering(results, found.tornado, size)
    mine = bars[(bars["branch"] == branch) & bars["clear"] & (bars["rank"] == 1)] if len(bars) else bars
    if not len(mine):
        return ""
    sure = ((mine["at_90"] - mine["at_10"]).abs() / mine["slope_se"]).to_numpy()
    rows = bars[(bars["id"] == mine["id"].iloc[int(sure.argmax())]) & bars["clear"]].sort_values("rank")
    one, scale = rows.iloc[0], 100.0 if rows["unit"].iloc[0] == "chance" else 1.0
    records = [
        {"name": r["assumption"], "low": scale * r["at_10"], "high": scale * r["at_90"], "mid": scale * r["at_means"]}
        for r in rows.to_dict("records")
    ]
    base = alt.Chart(alt.Data(values=records)).encode(
        y=alt.Y(
            "name:N", sort=list(rows["assumption"]), title=None, axis=alt.Axis(grid=False, ticks=False, labelLimit=190)
        )
    )
    unit = "points" if scale > 1 else str(one["unit"])
    both = base.mark_bar(color=BRANCHES[1], height=11).encode(
        x=alt.X("low:Q", title=unit, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4)), x2="high:Q"
    )
    middle = base.mark_tick(color=INK, thickness=2, size=15).encode(x="mid:Q")
    title = f"{results.title_of(branch)}: {headline(one)} turns most on {one['assumption']}"
    subtitle = "Difference from the first branch with one size at its 10 and 90 % quantile, others at their means"
    drawn = (both + middle).properties(width=WIDTH - 190, height=alt.Step(18))
    return svg(styled(drawn, title, subtitle, _foot(results)), f"tornado-{branch}", title, subtitle)


def _foot(results: Results) -> str:
    return f"Latticework {results.version}, {results.scenario.id}; {results.paths:,} paths per branch."


def shown_as(unit: str) -> Callable[[float], str]:
    """How a difference of a unit is printed."""
    return points if unit == "chance" else lambda x: decimal(x, sign=True)


def _made_by(results: Results, row: Any) -> str:
    what = str(row["what"])
    match row["kind"]:
        case "process":
            return f"all that acts on {what.replace('_', ' ')}"
        case "only":
            return f"{what} alone"
        case "inherited":
            return f"what it has from “{results.title_of(what)}”"
    return what


def _drivers(results: Results, found: Explanation, size: dict[str, float]) -> Table:
    """What each intervention makes of each difference that matters, where it is more than chance."""
    columns = (
        Column("difference", numeric=False, wraps=True),
        Column("branch", numeric=False, wraps=True),
        Column("in all"),
        Column("of which is made by", numeric=False, wraps=True),
        Column("makes"),
    )
    table = mattering(results, found.drivers, size)
    table = table[table["clear"]] if len(table) else table
    few, rows = _few(table), []
    for r in few.to_dict("records"):
        show = shown_as(r["unit"])
        made = Cell(show(r["makes"]), f"({show(r['lower'])} to {show(r['upper'])})")
        title = results.title_of(r["branch"])
        rows.append((Cell(headline(r)), Cell(title), Cell(show(r["difference"])), Cell(_made_by(results, r)), made))
    note = (
        "Left out of its branch, or added alone to the first, on the same random numbers; in brackets two Monte Carlo "
        "standard errors. What is less than that is not told from nothing and not shown, nor are differences of less "
        f"than {MATTERS:g} sd of the first branch's paths. Chances in points. Parts need not add up."
    )
    note = rest_of(note, len(table) - len(few), "drivers")
    return Table("drivers", "What drives the differences", columns, tuple(rows), note)


def _flips(results: Results, found: Explanation, size: dict[str, float]) -> Table:
    """Sizes at which the sign of a difference that matters changes."""
    columns = (
        Column("difference", numeric=False, wraps=True),
        Column("branch", numeric=False, wraps=True),
        Column("assumption", numeric=False, wraps=True),
        Column("size at which its sign changes"),
        Column("sd from its mean"),
    )
    table = mattering(results, found.flips, size)
    table = (
        table[(table["flips"] == "sign") & table["sd_from_mean"].notna()] if "sd_from_mean" in table else table.head(0)
    )
    few, rows = _few(table), []
    for r in few.to_dict("records"):
        told = (Cell(decimal(r["size_at"], sign=True)), Cell(decimal(r["sd_from_mean"], sign=True)))
        rows.append((Cell(headline(r)), Cell(results.title_of(r["branch"])), Cell(r["assumption"]), *told))
    note = (
        "Others at their means, inside the range in which the size was drawn, and seen in the draws beyond the point. "
        "What is not here has no flip within the assumed range, no clear sign, or moves too little to be told from "
        "chance."
    )
    return Table("flips", "Flip points", columns, tuple(rows), rest_of(note, len(table) - len(few), "flips"))


def _few(table: pd.DataFrame) -> pd.DataFrame:
    """The first rows of each branch."""
    return table.groupby("branch", sort=False).head(MOST_ROWS) if len(table) else table


def rest_of(note: str, more: int, name: str) -> str:
    """The note, and where the rows are that a page has no room for."""
    return f"{note} {more} more rows are in tables/{name}.csv." if more > 0 else note
