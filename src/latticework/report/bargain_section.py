"""The bargain: what each ally is asked to pay, what it comes to pay by branch, and what the share is made of."""

from typing import Any

import pandas as pd

from latticework.measures.burden import PAID, SETTLED, SHARE
from latticework.measures.outlook import each
from latticework.report.numbers import (
    MINUS,
    MISSING,
    by_year,
    chance,
    chance_band,
    day,
    decimal,
    joined,
    number,
    the,
    to,
)
from latticework.report.results import Results
from latticework.report.sections import Section
from latticework.report.tables import Cell, Column, Table
from latticework.scenario.actors import Amount, Demand

SPLIT = (
    "The log of the payment rises by a share of the log of what is asked over what is paid: a quarter of the log of "
    "ten times as much is 1.8 times as much. What each part adds to that share is half of its weight times its size; "
    "in brackets 80 % bands over the parameters. The weights of the outside options are fitted to the record of "
    "settlements, with signs imposed; the sizes of threats are assumed."
)
TERM = {"threat to the ally": "disputes with those who threaten it", "share that is paid": "share in logs that is paid"}
MILLIONS = ((1e9, "billion"), (1e6, "million"))


def bargain_section(results: Results) -> Section | None:
    """Demands, settlements and the parts of the split; None where nothing is asked or no bargain is simulated."""
    found = results.burden
    if not len(found):
        return None
    words = (*_settled(results, found), *_foretold(results))
    tables = (asked_table(results), settlement_table(results, found), *split_table(results))
    return Section("bargain", "The bargain over the burden", words, tables)


def demands(results: Results) -> dict[str, Demand]:
    """The demands that some branch of the run makes and the bargain reads, by ally."""
    made = [d for b in results.branches for d in results.scenario.demands_of(b)]
    return {d.of: d for d in made if d.by == results.scenario.hub and d.amount and d.agreed}


def both(demand: Demand) -> tuple[Amount, Amount]:
    """What is asked and what is agreed, of a demand that the bargain reads."""
    if demand.amount is None or demand.agreed is None:
        raise ValueError(f"the demand '{demand.id}' names no amounts")
    return demand.amount, demand.agreed


def money(amount: Amount, times: float = 1.0) -> str:
    """An amount with its unit: 1.05 billion."""
    value = amount.value * times
    for size, word in MILLIONS:
        if value >= size:
            return f"{number(value / size)} {word}"
    return number(value, 0)


def asked_table(results: Results) -> Table:
    """What is asked of whom, over what is paid."""
    rows = []
    for ally, demand in demands(results).items():
        amount, agreed = both(demand)
        where = [results.title_of(b) for b in results.branches if demand in results.scenario.demands_of(b)]
        cells = (
            results.name_of(ally),
            f"{money(agreed)} {agreed.currency} ({agreed.year})",
            f"{money(amount)} {amount.currency} ({amount.year})",
            f"{number(amount.value / agreed.value)} times",
            demand.threat or MISSING,
            ", ".join(where),
        )
        rows.append(tuple(Cell(text) for text in cells))
    columns = (
        Column("ally", numeric=False),
        Column("agreed, a year"),
        Column("asked, a year", mark="A"),
        Column("asked over agreed"),
        Column("threat", numeric=False, wraps=True),
        Column("in", numeric=False, wraps=True),
    )
    return Table("asked", "What is asked", columns, tuple(rows))


def settlement_table(results: Results, found: pd.DataFrame) -> Table:
    """What is settled on by the end, a row per ally and branch that asks."""
    by = {(r.branch, r.state, r.quantity): r for r in each(found)}
    rows = []
    for ally, demand in demands(results).items():
        for branch in (b for b in results.branches if (b, ally, PAID) in by):
            done, paid, share = (by[branch, ally, q] for q in (SETTLED, PAID, SHARE))
            rows.append(
                (
                    Cell(f"{results.name_of(ally)}: {results.title_of(branch)}"),
                    _settled_by(done, results.paths),
                    _times(paid),
                    Cell(_paid(demand, paid), _span(demand, paid)),
                    _percent(share),
                    _apart(paid),
                )
            )
    last = by_year(results.dates[-1])
    columns = (
        Column("ally and branch", numeric=False, wraps=True),
        Column(f"settled by {last}", mark="A"),
        Column("payment, times what is paid", mark="A"),
        Column("payment, a year"),
        Column("share of the rise that was asked"),
        Column("difference from the first branch that asks"),
    )
    note = (
        "Of the paths on which the two have settled: median and 80 % band of payments, in the money of what is agreed. "
        "Last column: mean difference of the payment on paths that settled in both, = where it is less than twice its "
        "Monte Carlo error. Branches that ask for nothing change no payment."
    )
    return Table("settlements", "What is settled on", columns, tuple(rows), note)


def _settled_by(row: Any, paths: int) -> Cell:
    return Cell(chance(row.value, paths), chance_band(row.lower, row.upper, paths))


def _times(row: Any) -> Cell:
    if row.value != row.value:
        return Cell(MISSING)
    return Cell(decimal(row.value), f"({decimal(row.lower)}{to(row.lower)}{decimal(row.upper)})")


def _paid(demand: Demand, row: Any) -> str:
    return money(both(demand)[1], row.value) if row.value == row.value else MISSING


def _span(demand: Demand, row: Any) -> str:
    if row.value != row.value:
        return ""
    agreed = both(demand)[1]
    low, high = money(agreed, row.lower), money(agreed, row.upper)
    unit = f" {high.rpartition(' ')[2]}"
    return f"({low.removesuffix(unit) if unit.strip().isalpha() else low} to {high})"


def _percent(row: Any) -> Cell:
    """A share in whole per cents; it may lie below zero or above one."""
    if row.value != row.value:
        return Cell(MISSING)
    middle, low, high = (f"{100 * value:.0f}".replace("-", MINUS) for value in (row.value, row.lower, row.upper))
    return Cell(f"{middle} %", f"({low}{to(row.lower)}{high})")


def _apart(row: Any) -> Cell:
    if row.mc_se != row.mc_se or not row.mc_se:
        return Cell(MISSING)
    return Cell(f"{row.difference:+.2f}".replace("-", MINUS) if row.clear else "=")


def split_table(results: Results) -> tuple[Table, ...]:
    """What the share is made of, a column per ally, day and branches that agree on it."""
    split = results.mechanisms.split
    if not len(split):
        return ()
    columns: dict[tuple[str, str, tuple[Cell, ...]], list[str]] = {}
    for (branch, state, date), part in split.groupby(["branch", "state", "date"], sort=False):
        cells = tuple(_share(row) for row in each(part))
        columns.setdefault((str(state), str(date), cells), []).append(results.title_of(str(branch)))
    ordered = sorted(columns, key=lambda key: (list(demands(results)).index(key[0]), key[1]))
    terms = list(dict.fromkeys(split["term"]))
    rows = tuple(
        (Cell(TERM.get(str(term), str(term))), *(key[2][n] for key in ordered)) for n, term in enumerate(terms)
    )
    headings = tuple(Column(f"{state}, {day(date)}", ", ".join(columns[state, date, c])) for state, date, c in ordered)
    note = SPLIT + " First step, and where it differs the step in which the share is largest."
    return (
        Table(
            "split",
            "What the settlement is made of",
            (Column("part", numeric=False, wraps=True), *headings),
            rows,
            note,
        ),
    )


def _share(row: Any) -> Cell:
    """A part in points of a hundred, with its band."""
    value = f"{100 * row.mean:.0f} %" if row.term.startswith(("an even", "share")) else f"{100 * row.mean:+.0f} points"
    band = f"({100 * row.lower:.0f} to {100 * row.upper:.0f})" if row.lower == row.lower else ""
    return Cell(value.replace("-", MINUS), band.replace("-", MINUS))


def _settled(results: Results, found: pd.DataFrame) -> tuple[str, ...]:
    """One sentence an ally: what is asked, what is settled on in each branch that asks."""
    told, by = [], {(r.branch, r.state, r.quantity): r for r in each(found)}
    for ally, demand in demands(results).items():
        mine = [b for b in results.branches if (b, ally, PAID) in by]
        found_in: dict[str, list[str]] = {}
        for b in (b for b in mine if by[b, ally, PAID].value == by[b, ally, PAID].value):
            found_in.setdefault(_told(_times(by[b, ally, PAID])), []).append(f"“{results.title_of(b)}”")
        ways = [f"{text} times what it pays in {joined(where)}" for text, where in found_in.items()]
        if not ways:
            continue
        share, (amount, agreed) = by[mine[0], ally, SHARE], both(demand)
        told.append(
            f"{results.name_of(ally)} is asked for {number(amount.value / agreed.value)} times what it "
            f"pays. By {by_year(results.dates[-1])} the two have settled on "
            f"{chance(by[mine[0], ally, SETTLED].value, results.paths)} of the paths; the ally then pays "
            f"{joined(ways)}, which in “{results.title_of(mine[0])}” is {_told(_percent(share))} of the rise that "
            f"{the(results.name_of(demand.by))} asks."
        )
    return tuple(told)


def _told(cell: Cell) -> str:
    return f"{cell.text} {cell.band}".strip()


def _foretold(results: Results) -> tuple[str, ...]:
    """How well the bargain foretells its own record."""
    fit = results.mechanisms.fit
    if not len(fit):
        return ()
    value = dict(zip(fit["name"], fit["value"], strict=True))
    ours, naive = value["mean log score"], value["mean log score of a normal law"]
    verdict = "better than" if ours > naive + 0.05 else "worse than" if ours < naive - 0.05 else "no better than"
    return (
        f"The split was fitted to {value['settlements']:.0f} settlements, of which "
        f"{value['after a demand on record']:.0f} followed a demand on record. Each left out in turn, it foretells "
        f"them {verdict} a normal law with the mean and spread of the others (mean log score {decimal(ours)} beside "
        f"{decimal(naive)}), and {chance(value['settlements inside their 80 % band'])} lie inside their 80 % band.",
    )
