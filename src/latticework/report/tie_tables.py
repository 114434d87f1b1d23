"""The tables of a tie: year by year, its breaks, what each layer adds; and those of the whole network at a date."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

import pandas as pd
from rich.console import Console
from rich.text import Text

from latticework.report.numbers import DASH, MISSING, by_year, chance, decimal, joined
from latticework.report.tables import Cell, Column, Table
from latticework.report.terminal import WIDTH, drawn
from latticework.report.tie_breaks import LIKELY, breaks, quarter, when
from latticework.report.tie_result import STANDING, TITLES, TieResult
from latticework.report.tie_text import APART, points, sentence

FELL = "strength below that of eight quarters before"
RECORD = ("date", "state", "partner", "value", "lower", "upper", "probability", "probability_of")
RECORD += ("strength", "sd", "security", "diplomacy", "economy", "broke", "origin")
EXTREMES = 25  # rows at each end of a network
SCALED = "Strength: from 0 to 100, where 50 is the mean of all dyads in 2000–2009."
SCALE = 41  # letters of the line on which a tie is drawn from 0 to 100


def tie_records(ties: pd.DataFrame, layers: pd.DataFrame | None = None) -> pd.DataFrame:
    """The series as records for programs (columns: RECORD); `probability` is that of `probability_of`.

    With `layers` what each layer adds at the ends of years follows, in columns `added_<layer>`.
    """
    found = ties.assign(probability=ties["fell"], probability_of=FELL, origin="estimated")[list(RECORD)]
    if layers is None:
        return found
    keys = ["date", "state", "partner"]
    wide = layers.pivot(index=keys, columns="layer", values="added").add_prefix("added_")
    return found.merge(wide.reset_index(), on=keys, how="left")


def print_tie(result: TieResult, console: Console | None = None) -> None:
    """Print the sentence, the years, the breaks, the layers and whether the domains agree, WIDTH columns wide."""
    _print(_blocks(result), console)


def print_network(
    ties: pd.DataFrame, names: dict[str, str], draws: int | None = None, console: Console | None = None
) -> None:
    """Print the strongest and the weakest of the ties of one date."""
    _print((drawn(table, WIDTH) for table in network_tables(ties, names, draws)), console)


def _print(blocks: Iterable[object], console: Console | None) -> None:
    asked = console if console is not None else Console()
    asked.width = min(asked.width, WIDTH) if asked.is_terminal else WIDTH
    for block in blocks:
        asked.print(block, highlight=False)


def _blocks(result: TieResult) -> Iterator[object]:
    said = sentence(result.ties, result.layers, result.network, result.names, result.ends, result.draws)
    yield Text(folded(said), "bold")
    yield Text("")
    for table in (year_table(result), break_table(result), layer_table(result)):
        yield drawn(table, WIDTH)
    yield Text(folded(agreement(result.ties.iloc[-1])))
    yield Text("")
    yield Text(folded(f"{SCALED} Bands hold 80 %. {result.origin}"), "dim")


def folded(text: str) -> str:
    """The text in lines of WIDTH letters, no number apart from its per cent sign."""
    return "\n".join(wrap(text.replace(" %", "\u00a0%"), WIDTH, break_long_words=False)).replace("\u00a0", " ")


def year_table(result: TieResult) -> Table:
    """The score with its band and the chance that it fell, at the end of every year and of the last quarter."""
    shown = result.shown
    ends = shown[shown["date"].str.endswith("12-31") | (shown.index == len(shown) - 1)]
    columns = (
        Column("", numeric=False),
        Column("strength"),
        Column("fell in two years"),
        Column("from 0 to 100", numeric=False),
    )
    rows = tuple(
        (Cell(_end(r["date"])), _score(r), Cell(chance(r["fell"], result.draws)), _line(r)) for _, r in ends.iterrows()
    )
    note = f"Fell in two years: chance of {FELL}. On the line: the band, a dot at the median, a point at 50."
    return Table("years", "Year by year", columns, rows, note)


def break_table(result: TieResult) -> Table:
    """The likely breaks with their dates, chances, direction and size."""
    shown = result.shown
    columns = (Column("when", numeric=False), Column("chance"), Column("direction", numeric=False), Column("size, sd"))
    rows = tuple(
        (
            Cell(when(r["since"], r["until"])),
            Cell(chance(r["probability"], result.draws)),
            Cell(direction(r["change"])),
            Cell(decimal(r["change"], sign=True)),
        )
        for _, r in breaks(shown).iterrows()
    )
    note = f"Quarters with a chance of a break of {chance(LIKELY)} or more (a move beyond three times the usual)."
    if not rows:
        top = shown.iloc[int(shown["broke"].argmax())]
        note = (
            f"No quarter has a chance of a break of {chance(LIKELY)} or more; the highest is "
            f"{chance(top['broke'], result.draws)}, in the year to {quarter(top['date'])}."
        )
    return Table("breaks", "Breaks", columns, rows, note)


def direction(change: float) -> str:
    """Up or down; there and back if hardly anything is left of it."""
    return "there and back" if abs(change) < 0.1 else "up" if change > 0 else "down"


def contributions(result: TieResult) -> pd.DataFrame:
    """What each layer adds at the last year end, largest first: layer, title, added (sd), date of its last reading."""
    layers = result.layers[result.layers["date"] <= result.last]
    now = layers[layers["date"] == layers["date"].max()].copy()
    now["title"] = [TITLES.get(name, name) for name in now["layer"]]
    now["read"] = [result.ends.get(name, "") for name in now["layer"]]
    return now.sort_values("added", key=abs, ascending=False)[["date", "layer", "title", "added", "read"]]


def layer_table(result: TieResult) -> Table:
    """What each layer adds to strength, and until when it was read."""
    found = contributions(result)
    columns = (Column("layer", numeric=False), Column("adds, sd"), Column("last reading", numeric=False))
    rows = tuple(
        (Cell(str(r["title"])), Cell(decimal(r["added"], sign=True)), Cell(_read(r, result)))
        for _, r in found.iterrows()
        if r["read"] or abs(r["added"]) >= 0.005
    )
    unread = [str(r["title"]) for _, r in found.iterrows() if not r["read"] and r["layer"] != STANDING]
    none = f" Never read of this tie: {joined(unread)}." if unread else ""
    date = by_year(str(found["date"].iloc[0])) if len(found) else MISSING
    note = f"The layers add up to the mean of strength. A layer without new readings fades with time.{none}"
    return Table("layers", f"What each layer adds, {date}", columns, rows, note)


def _read(row: pd.Series, result: TieResult) -> str:
    if row["layer"] == STANDING:
        return ""
    if not row["read"]:
        return "none"
    year = str(row["read"])[:4]
    return year if int(year) >= int(result.last[:4]) - 1 else f"no reading since {year}"


def agreement(last: pd.Series) -> str:
    """Whether security and diplomacy agree at a date, and where the three domains stand."""
    values = {name: float(last[name]) for name in ("security", "diplomacy", "economy")}
    stand = ", ".join(f"{name} {decimal(value, sign=True)}" for name, value in values.items())
    gap = values["security"] - values["diplomacy"]
    verdict = "conflict" if abs(gap) > APART else "agree"
    return (
        f"Security and diplomacy {verdict}: they stand {decimal(abs(gap))} sd apart, beyond what strength leads one to "
        f"expect of each (conflict: more than {APART:g}). Domains, in sd: {stand}."
    )


def network_tables(ties: pd.DataFrame, names: dict[str, str], draws: int | None = None) -> tuple[Table, ...]:
    """The strongest and the weakest ties of one date, from ties sorted by value; all of them if they are few."""
    date, count = by_year(str(ties["date"].iloc[0])), len(ties)
    told = ties.assign(rank=range(1, count + 1))
    if count <= 2 * EXTREMES:
        return (_network(told, f"{count} ties, {date}", names, draws),)
    strongest = _network(told.head(EXTREMES), f"The {EXTREMES} strongest of {count:,} ties, {date}", names, draws)
    weakest = _network(told.tail(EXTREMES), f"The {EXTREMES} weakest of {count:,} ties, {date}", names, draws)
    return strongest, weakest


def _network(ties: pd.DataFrame, title: str, names: dict[str, str], draws: int | None) -> Table:
    columns = (Column(""), Column("tie", numeric=False), Column("strength"), Column("fell in two years"))
    rows = tuple(
        (
            Cell(f"{r['rank']}"),
            Cell(f"{names[r['state']]} {DASH} {names[r['partner']]}"),
            _score(r),
            Cell(chance(r["fell"], draws)),
        )
        for _, r in ties.iterrows()
    )
    return Table("network", title, columns, rows, "In brackets: 80 % bands.")


def _score(row: pd.Series) -> Cell:
    lower, upper = points(row["lower"]), points(row["upper"])
    return Cell(points(row["value"]), f"({lower})" if lower == upper else f"({lower}{DASH}{upper})")


def _end(date: str) -> str:
    return date[:4] if date.endswith("12-31") else quarter(date)


def _line(row: pd.Series) -> Cell:
    """The tie on a line from 0 to 100: its band, and a dot at its median."""
    low, mid, high = (round(float(row[name]) / 100 * (SCALE - 1)) for name in ("lower", "value", "upper"))
    letters = ["·" if i == (SCALE - 1) // 2 else " " for i in range(SCALE)]
    letters[low : high + 1] = "─" * (high + 1 - low)
    letters[mid] = "●"
    return Cell("".join(letters))
