"""Free runs beside history: for a terminal, and as the page of the documentation."""

import pandas as pd
from rich.console import Console
from rich.table import Table

from latticework.evaluate import share_inside
from latticework.report.emit import terminal
from latticework.report.numbers import DASH
from latticework.report.predictive_chart import number, title

RULE = (
    "inside: what was observed lies in the central 90 % of the paths, and the median path between the least and the "
    "greatest of the decades since 1950 (where at least five are known). Else: which of the two fails."
)
COLUMNS = ("statistic", "unit", "years", "observed", "decades since 1950", "median path", "90 % of the paths", "inside")


def rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """The checks in words and numbers, one row per statistic."""
    return [
        (
            row["title"],
            row["unit"],
            f"{row['from']}{DASH}{row['to']}",
            number(row["observed"]),
            f"{number(row['low'])}{DASH}{number(row['high'])}",
            number(row["median"]),
            f"{number(row['lower'])}{DASH}{number(row['upper'])}",
            verdict(row),
        )
        for row in table.to_dict("records")
    ]


def verdict(row: dict) -> str:
    """Inside, or why not; empty for what is not simulated."""
    if pd.isna(row["inside"]):
        return "not simulated"
    if row["inside"]:
        return "yes"
    return "no: band" if not row["covered"] else "no: decades"


def print_checks(table: pd.DataFrame, console: Console | None = None) -> None:
    """Print every statistic of the free runs beside history, and the share that is inside."""
    console = console or terminal()
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        out.add_column(name, justify="left" if name in ("statistic", "unit", "inside") else "right", overflow="fold")
    for cells in rows(table):
        out.add_row(*cells)
    console.print(out)
    console.print(f"\n{title(table)} ({share_inside(table):.0%}).", highlight=False)
    console.print(RULE, highlight=False)


def page(table: pd.DataFrame, fitted: str) -> str:
    """The page of the documentation on how the model is made and judged; `fitted` is the hash of the posterior file."""
    amiss = [row for row in table.to_dict("records") if pd.notna(row["inside"]) and not row["inside"]]
    named = "\n".join(
        f"- {row['title']}: {number(row['observed'])} {row['unit']} observed, {number(row['median'])} "
        f"({number(row['lower'])}{DASH}{number(row['upper'])}) simulated; {verdict(row)}"
        for row in amiss
    )
    head, body = COLUMNS, rows(table)
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *body)]
    shares = {name: share_inside(table, name) for name in ("covered", "in_history", "inside")}
    return METHODS.format(
        fitted=fitted,
        title=title(table),
        covered=f"{shares['covered']:.0%}",
        in_history=f"{shares['in_history']:.0%}",
        inside=f"{shares['inside']:.0%}",
        table="\n".join(lines),
        amiss=named,
        rule=RULE,
    )


METHODS = """<!-- Written by `make checks`: change src/latticework/report/checks.py, not this page. -->

# Methods

How the model is made, and how it is judged. The laws and their coefficients one by one are in
[processes.md](processes.md), the effects in [effects.md](effects.md), published designs computed anew in
[replications.md](replications.md), what NUTS says of the same posteriors in [nuts.md](nuts.md), tie strength in
[tie-strength.md](tie-strength.md).

## The model

Twenty-six processes move the world in one order within a step: leaders leave, by the rules or against them, and a
change of leader may change the coalition; bilateral agreements are signed, with pledges or without, and end; agreements
of many are founded, joined, left and ended as objects with members, and the obligations of dyads follow from them, so
that an alliance of many never ends dyad by dyad; then alignment, garrisons, troops, exercises, visits, trade, defence
effort, nuclear steps and warheads; then disputes, whether force is used in them, whether people die, and whether they
end. Every process reads the world at the start of the step, but for what it declares as given: what kind of event it
was, once it has happened.

Coefficients are rates per year; the step is a choice. An annual figure is one contribution to a likelihood, never four.

## Estimation

Each process is fitted by penalised maximum with a Laplace posterior. Priors are those of the process's own table, and
say where they come from. Where a process lets states or decades differ, their levels are drawn from a normal law (a
random walk over decades) whose variance is estimated beside the coefficients, and the posterior of the coefficients is
marginal over them. Covariances are robust to dependence through states. What the record cannot identify is assumed,
held at its prior's mean while the rest is fitted, and drawn from its prior in every simulation; the rest follows it
there as far as the record asks, so that no assumption changes how often something happened. Draws are centred where the
record is expected to pull to no side (the mean of the posterior to first order): around the mode of a log hazard of
which little is known they would expect more events than there were. `latticework model
show` prints for each coefficient the events behind it, how much of its prior's variance the data took away, how it
changed between eras, and whether it rests on data, on its prior, on both, or on an assumption.

## Free runs beside history

`latticework model check` lets the whole model run from the end of 1989 to 2018 for all states, quarter by quarter,
given only what no process moves: which states there are, regimes, economies, rivalries, wars and the calendar of votes.
Disputes are those that the model can begin: of politically relevant dyads, of which none goes on already.
The coefficients were fitted to the same years, so this is a check of the joint simulation and not of its foresight.

**{title}.** {in_history} of the median paths lie within the range of the decades since 1950, {covered} of the observed
numbers in the central 90 % of the paths, and {inside} satisfy both.

{rule}

![Free runs beside history](checks.svg)

{table}

Not inside, and so not to be relied on:

{amiss}

Made from the posterior with the hash `{fitted}`.
"""
