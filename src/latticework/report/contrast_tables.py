"""What the other branches change: differences that the simulation can tell from noise, and the names of the rest."""

from typing import Any

import pandas as pd

from latticework.measures.outlook import each
from latticework.report.numbers import MISSING, by_year, decimal, joined, number, points, the
from latticework.report.outlook_tables import hosts_of_note, named
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Finder, Table

LEAST = {"chance": 0.0005}  # half of the last digit that `difference` shows: a tenth of a point
LEAST_OTHER = 0.005  # persons, ideal points, 0 to 100: two decimals


def worth(rows: pd.DataFrame) -> pd.Series:
    """Which differences to show: beyond simulation noise, and not zero to the digits shown."""
    return rows["clear"] & (rows["mean"].abs() >= rows["unit"].map(LEAST).fillna(LEAST_OTHER))


def of_note(results: Results, branch: str) -> pd.DataFrame:
    """Differences of a branch at the end: those of the focus states, and those on which an assumption acts."""
    table, finder, focus = results.contrasts, Finder(results), set(results.scenario.focus)
    last = table[(table["branch"] == branch) & (table["date"] == results.dates[-1])]
    last = last[(last["kind"] != "alignment") & (last["quantity"] != "defence obligation")]
    near, hosts = [], set(hosts_of_note(finder))
    for row in each(last):
        unit = (row.state, row.partner)
        ends = set("+".join(unit).split("+")) - {""}
        acted = row.quantity != "distance in UN votes" and unit in finder.acted(row.kind, row.quantity)
        near.append(ends <= focus or acted or (row.kind == "troops" and unit in hosts))
    return last[near]


def subject(results: Results, row: Any) -> str:
    """What a row is about, in words."""
    dyad = f"{row.state}-{row.partner}"
    match row.quantity:
        case "troops":
            return f"troops in {the(results.name_of(row.partner))}"
        case "cut by a fifth or more":
            return f"troops in {the(results.name_of(row.partner))} cut by 1/5"
        case "leader leaves office":
            return f"{results.name_of(row.state)}: leader leaves"
        case "agreement ends":
            return f"{dyad} agreement ends"
        case "dispute":
            return f"{named((row.state, row.partner)).text} dispute"
    return f"{dyad} {row.quantity}"


def difference(row: Any) -> Cell:
    """The difference with its band: points for chances, persons, ideal points."""
    show = {"chance": points, "persons": lambda x: number(x, sign=True)}.get(row.unit, lambda x: decimal(x, sign=True))
    unit = " points" if row.unit == "chance" else ""
    known = row.lower == row.lower
    return Cell(show(row.mean) + unit, f"({show(row.lower)} to {show(row.upper)})" if known else "")


def error(row: Any) -> Cell:
    """Twice the Monte Carlo error in the unit of the difference."""
    size = 2 * row.mc_se * (100 if row.unit == "chance" else 1)
    digits = {"chance": 1, "ideal points": 3}.get(row.unit)
    return Cell(f"± {number(size, digits)}" if size == size else MISSING)


def _even(rows: pd.DataFrame) -> dict[str, int]:
    """How many numbers of each quantity do not differ."""
    words = {"leader leaves office": "leader leaves", "cut by a fifth or more": "troops cut by 1/5"}
    found: dict[str, int] = {}
    for row in each(rows):
        word = words.get(str(row.quantity), str(row.quantity))
        found[word] = found.get(word, 0) + 1
    return found


def contrast_table(results: Results, branch: str) -> Table:
    """The differences of a branch from the first one that are worth a row; the note names the rest."""
    rows, base = of_note(results, branch), results.title_of(results.branches[0])
    shown = worth(rows)
    clear = rows[shown].sort_values(["kind", "quantity", "state", "partner"], kind="stable")
    cells = tuple((Cell(subject(results, r)), difference(r), error(r)) for r in each(clear))
    even = [f"{count} of {words}" for words, count in _even(rows[~shown]).items()]
    note = (
        "Mean difference over paths that share their random numbers; in brackets its 80 % band over the draws of "
        "parameters and assumptions. Noise: two Monte Carlo standard errors, which one in twenty numbers that do not "
        "differ exceeds by chance."
    )
    if even:
        note += f" No difference beyond simulation noise, or none in the digits shown: {joined(even)}."
    columns = (
        Column("what", numeric=False),
        Column(f"difference, {by_year(results.dates[-1])}", mark="A"),
        Column("noise"),
    )
    title = f"{results.title_of(branch)} minus {base[:1].lower() + base[1:]}"
    return Table(f"contrast-{branch}", title, columns, cells, note)
