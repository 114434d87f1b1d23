"""The tables of an outlook: where ties head, what moves them, and what happened since beside it."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from latticework.measures.since import CHANCE, INFERRED
from latticework.report.numbers import (
    MISSING,
    by_year,
    chance,
    chance_band,
    count,
    day,
    decimal,
    joined,
    persons,
    the,
    to,
)
from latticework.report.outlook_result import HINDSIGHT, DayOutlook
from latticework.report.tables import Cell, Column, Table
from latticework.report.tie_text import points, sentence

HEADS = (
    "From 0 to 100: 50 is the average pair of states of 2000-2009. Start: {start}, from what was known on {day}. In "
    "brackets: 80 % bands. Weaker: chance that the tie is weaker at the end than at the start. Now known: the same "
    "date as inferred from all years, which has a band of its own."
)
MOVES = (
    "Chance: share of the paths on which it has happened at the end. With, without: mean strength of the tie then, "
    "on the paths with it and without; ± the Monte Carlo error (one sd) of the difference. Such a difference is no "
    "cause: paths differ in more than one event."
)
SINCE = (
    "A forecast with a band is inside if what is known today lies in its 80 % band. The strength of ties is itself "
    "inferred; its own uncertainty is not counted. – : the record ends before the date."
)
ORDER = ("tie strength", "distance in UN votes", "troops", "agreement ends", "dispute", "leader leaves office")
TITLES = {"troops": "US troops", "agreement ends": "last agreement ends"}
EVENTS = {
    "agreement ends": "their last agreement ends",
    "cut by a fifth or more": "troops are cut by a fifth",
    "dispute": "a militarised dispute between them",
}


def heads(found: DayOutlook) -> Table:
    """How strong every tie was, where it heads year by year, and where it went."""
    ahead, ends = found.results.outlook, year_ends(found)
    last = ends[-1]
    columns = [Column("tie", numeric=False), Column("start", mark="E")]
    columns += [Column(by_year(end), mark="E") for end in ends]
    columns += [Column("weaker", mark="E"), Column(f"now known, {by_year(last)}", mark="E")]
    rows = []
    for pair in found.pairs:
        start = found.of(found.past, pair).iloc[-1]
        mine = found.of(ahead, pair).set_index(["quantity", "date"])
        cells = [score(mine.loc[("tie strength", end)]) for end in ends]
        weaker = mine.loc[("weaker than today", last)]
        later = found.of(found.later, pair)
        later = later[later["date"] == last]
        went = score(later.iloc[0]) if len(later) else Cell(MISSING)
        rows.append((name(pair), score(start), *cells, likely(found, weaker), went))
    note = HEADS.format(start=day(found.start), day=day(found.day))
    return Table("heads", "Where the ties head", tuple(columns), tuple(rows), note)


def moves(found: DayOutlook) -> Table:
    """What can happen to each tie, how likely it is, and how strong the tie is with it and without."""
    columns = (
        Column("tie", numeric=False),
        Column("what", numeric=False, wraps=True),
        Column("chance", mark="E"),
        Column("with", mark="E"),
        Column("without", mark="E"),
        Column("difference", mark="E"),
    )
    rows = []
    for pair in found.pairs:
        mine = found.of(found.drivers, pair)
        mine = mine.assign(size=mine["difference"].abs().fillna(-1)).sort_values("size", ascending=False)
        for row in rows_of(mine):
            apart = Cell(MISSING)
            if row["difference"] == row["difference"]:
                apart = Cell(f"{tenth(row['difference'], True)}", f"± {tenth(row['se'])}")
            sides = [
                Cell(tenth(row[side]) if row[side] == row[side] else MISSING) for side in ("with_event", "without")
            ]
            odds = Cell(chance(row["chance"], found.results.paths))
            rows.append((name(pair), Cell(event(found, row)), odds, *sides, apart))
    return Table("moves", "What moves them", columns, tuple(rows), MOVES)


def happened(found: DayOutlook) -> Table:
    """Every number of every year, and every chance up to the last, beside what is on record."""
    columns = (
        Column("what", numeric=False, wraps=True),
        Column("of", numeric=False),
        Column("by", numeric=False),
        Column("forecast", mark="E"),
        Column("what happened", mark="O", wraps=True),
        Column("inside", numeric=False),
        Column("record ends", numeric=False),
    )
    last = found.since["date"].max()
    shown = (found.since["unit"] != CHANCE) | (found.since["date"] == last)  # chances add up: the last says all
    table = found.since[shown & found.since["quantity"].isin(ORDER)]
    table = table.assign(place=table["quantity"].map(ORDER.index)).sort_values(
        ["place", "state", "partner", "date"], kind="stable"
    )
    rows = tuple(_happened(found, row) for row in rows_of(table))
    return Table("happened", "What happened since", columns, rows, SINCE)


def told(found: DayOutlook) -> Iterator[str]:
    """How strong each tie was and what held it, in one sentence a tie."""
    for pair in found.pairs:
        ends = {str(k): str(v) for k, v in found.of(found.read, pair).groupby("layer")["date"].max().items()}
        layers, ties = found.of(found.layers, pair), found.of(found.past, pair)
        yield sentence(ties, layers, pd.DataFrame(), found.results.names, ends, found.tie_draws)


def verdict(found: DayOutlook) -> str:
    """What the comparison with the record adds up to, in words."""
    tally = found.tally
    parts = []
    if tally.judged:
        parts.append(
            f"{tally.inside} of {tally.judged} numbers lie inside their 80 % bands "
            f"(the years of a tie are not independent)"
        )
    if tally.chances:
        parts.append(f"of {tally.chances} events {tenth(tally.expected)} were expected and {tally.happened} came")
    silent = sorted({f"{r['quantity']} ({r['record_ends'][:10]})" for r in _silent(found)})
    if silent:
        parts.append(f"the record ends before some dates for {joined(silent)}")
    return ("; ".join(parts) if parts else "Nothing of these years is on record") + "."


def warning(found: DayOutlook) -> str:
    """What was learned from later years, said plainly."""
    return HINDSIGHT.format(day=day(found.day))


def year_ends(found: DayOutlook) -> list[str]:
    """The ends of the years ahead; of the last step at least."""
    ends = [end for end in found.results.dates if end.endswith("12-31")]
    return [*ends, found.results.dates[-1]] if found.results.dates[-1] not in ends else ends


def name(pair: tuple[str, str]) -> Cell:
    """The name of a tie."""
    return Cell("-".join(pair))


def score(row: Any) -> Cell:
    """A strength with its band."""
    return Cell(points(row["value"]), f"({points(row['lower'])}–{points(row['upper'])})")


def likely(found: DayOutlook, row: Any) -> Cell:
    """A chance with its band."""
    paths = found.results.paths
    return Cell(chance(row["value"], paths), chance_band(row["lower"], row["upper"], paths))


def event(found: DayOutlook, row: dict[str, Any]) -> str:
    """An event in words."""
    if row["event"] == "leader leaves office":
        return f"the leader of {the(found.results.name_of(row['of']))} leaves"
    return EVENTS.get(row["event"], f"{row['event']} than on the day")


def tenth(value: float, sign: bool = False) -> str:
    """A number with one decimal."""
    text = f"{abs(value):.1f}"
    return (("−" if value < 0 else "+" if sign else "") if text != "0.0" else "") + text


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as records by the names of its columns."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _silent(found: DayOutlook) -> list[dict[str, Any]]:
    table = found.since
    return rows_of(table[table["observed"].isna() & (table["quantity"] != INFERRED)])


def _happened(found: DayOutlook, row: dict[str, Any]) -> tuple[Cell, ...]:
    unit = "-".join(sorted(code for code in (row["state"], row["partner"]) if code))
    known, inside = row["observed"] == row["observed"], row["inside"]
    if row["unit"] == CHANCE:
        odds = {"value": row["forecast"], "lower": row["lower"], "upper": row["upper"]}
        said, seen = likely(found, odds), Cell("yes" if row["observed"] else "no") if known else Cell(MISSING)
    else:
        show = {"ideal points": decimal, "persons": persons}.get(row["unit"], points)
        exact = count if row["unit"] == "persons" else show
        said = Cell(show(row["forecast"]), f"({show(row['lower'])}{to(row['lower'])}{show(row['upper'])})")
        seen = Cell(exact(row["observed"])) if known else Cell(MISSING)
        if row["observed_lower"] == row["observed_lower"]:
            seen = Cell(seen.text, f"({points(row['observed_lower'])}–{points(row['observed_upper'])})", "E")
    verdict = "" if inside != inside else "yes" if inside else "no"
    what = TITLES.get(str(row["quantity"]), str(row["quantity"]))
    return Cell(what), Cell(unit), Cell(row["date"]), said, seen, Cell(verdict), Cell(row["record_ends"][:10])
