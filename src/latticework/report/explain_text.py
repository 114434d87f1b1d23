"""The explanation where there are no charts: the same sentences and tables, and the charts' numbers as tables."""

import pandas as pd

from latticework.report.explain_page import (
    MOST_BARS,
    PARTS,
    explain_section,
    headline,
    mattering,
    shown_as,
    sizes_of,
)
from latticework.report.numbers import MISSING, by_year, decimal
from latticework.report.results import Results
from latticework.report.sections import Section
from latticework.report.tables import Cell, Column, Table

MOST_TURNS = 2  # differences of a branch whose assumptions are listed
FOLLOW = "latticework explain RUN ID follows any number back; latticework explain RUN lists the ids."


def explain_text(results: Results) -> Section | None:
    """The section of Markdown and terminal; None for a run that was not explained."""
    shown, found = explain_section(results), results.explanation
    if shown is None or found is None:
        return None
    size = sizes_of(found.variance)
    tables = (shares_table(results, found.variance), *shown.tables, turns_table(results, found.tornado, size))
    words = (shown.answer, *shown.sentences, FOLLOW)
    return Section("explained", "What drives the numbers", words, tuple(t for t in tables if t.rows))


def shares_table(results: Results, variance: pd.DataFrame) -> Table:
    """What the variance of each headline of the first branch is made of, those with the least chance first."""
    first = results.branches[0]
    mine = variance[(variance["branch"] == first) & (variance["against"] == "") & variance["process"].notna()]
    mine = mine.sort_values("process").head(MOST_BARS)
    rows = [
        (Cell(headline(r)), *(Cell(_percent(r[column]), _error(r[f"{column}_se"])) for column in PARTS.values()))
        for r in mine.to_dict("records")
    ]
    columns = (Column("number", numeric=False, wraps=True), *(Column(name) for name in PARTS))
    note = (
        f"Shares of the variance over the paths of “{results.title_of(first)}” at {by_year(results.dates[-1])}, those "
        "with the least chance first; ± two Monte Carlo standard errors."
    )
    return Table("shares", "What the bands are made of", columns, tuple(rows), note)


def turns_table(results: Results, tornado: pd.DataFrame, size: dict[str, float]) -> Table:
    """The largest clear assumptions behind the differences of each branch that matter most."""
    columns = (
        Column("difference", numeric=False, wraps=True),
        Column("branch", numeric=False, wraps=True),
        Column("assumption", numeric=False, wraps=True),
        Column("at its 10 and 90 % quantile"),
        Column("all at their means"),
    )
    bars = mattering(results, tornado, size)
    bars = bars[bars["clear"] & (bars["against"] != "")] if len(bars) else bars
    rows = []
    for _, mine in bars.groupby("branch", sort=False) if len(bars) else ():
        few = mine[mine["id"].isin(list(dict.fromkeys(mine["id"]))[:MOST_TURNS])]
        for r in few.sort_values(["size", "id", "rank"], ascending=[False, True, True], kind="stable").to_dict(
            "records"
        ):
            show = shown_as(r["unit"])
            ends = Cell(f"{show(r['at_10'])} to {show(r['at_90'])}")
            told = (Cell(headline(r)), Cell(results.title_of(r["branch"])), Cell(str(r["assumption"])))
            rows.append((*told, ends, Cell(show(r["at_means"]))))
    note = (
        "The assumptions that move a difference most, the others at their means, by a straight line through the draws; "
        "only what is more than chance. All of them: tables/tornado.csv. Chances in points."
    )
    return Table("tornado", "On which assumptions the differences turn", columns, tuple(rows), note)


def _percent(share: float) -> str:
    return MISSING if share != share else f"{100 * max(share, 0.0):.0f} %"


def _error(se: float) -> str:
    return "" if se != se else f"± {decimal(200 * se).split('.')[0]}"
