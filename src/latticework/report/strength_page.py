"""The page on tie strength: the model, a dyad worked by hand, how it was judged; its words are in a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from latticework.data import layer
from latticework.measures.outlook import each
from latticework.measures.strength.indicators import Indicator
from latticework.measures.strength.items import DOMAIN_MOST, LEAST, MOST
from latticework.measures.strength.summary import score
from latticework.measures.strength.validation import QUIET
from latticework.report.numbers import MINUS, chance, decimal, joined, number

PACE = {"event": "by quarter", "stock": "end of year", "flow": "sum of a year"}
SURE, STILL = 0.9, 0.8


@dataclass(frozen=True)
class Worked:
    """One dyad at one date: a row for each layer, what its standing adds, and the row of its strength."""

    state: str
    partner: str
    date: str
    table: pd.DataFrame
    standing: float
    strength: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """What the page shows."""

    indicators: tuple[Indicator, ...]
    parameters: pd.DataFrame
    judged: dict[str, pd.DataFrame]
    held_out: pd.DataFrame
    triangle: pd.DataFrame
    widths: pd.DataFrame
    worked: Worked
    draws: int


def page(shown: Page) -> str:
    """The page as Markdown."""
    house = Environment(
        loader=PackageLoader("latticework.report", "templates"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    titles = {i.name: i.title for i in shown.indicators}
    parts = (
        _triangle(shown.triangle) | _worked(shown.worked) | _judged(shown.judged) | _held_out(shown.held_out, titles)
    )
    return house.get_template("tie-strength.md").render(
        indicators=_indicators(shown.indicators),
        least=LEAST,
        most=MOST,
        domain_most=DOMAIN_MOST,
        within=QUIET,
        widths=_widths(shown.widths),
        draws=shown.draws,
        parameters=_parameters(shown.parameters),
        **parts,
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' for _ in head)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _band(lower: float, upper: float, signed: bool = False) -> str:
    return f"{decimal(lower, sign=signed)} to {decimal(upper, sign=signed)}"


def _triangle(now: pd.DataFrame) -> dict[str, Any]:
    rows = (
        (f"{r.state}-{r.partner}", number(r.value), f"{number(r.lower)} to {number(r.upper)}", chance(r.fell))
        for r in each(now)
    )
    head = ("tie", "strength", "80 % band", "chance that it fell in two years")
    return {"year": str(now["date"].iloc[0])[:4], "triangle": _table(head, rows)}


def _indicators(indicators: tuple[Indicator, ...]) -> str:
    rows = []
    for i in indicators:
        names, law = ", ".join(f"`{n}`" for n in i.reads), type(i.family).__name__.lower()
        usual = decimal(i.usual) if i.fixed is None else f"{decimal(i.fixed)}, fixed"
        until = str(layer(i.reads[0])["to"])[:4]
        rows.append((i.title, i.domain, names, PACE[i.pace], law, usual, ", ".join(i.patrons) or "all", until))
    return _table(("indicator", "domain", "layers", "read", "law", "usual loading", "dyads of", "to"), rows)


def _worked(w: Worked) -> dict[str, Any]:
    rows = (
        (
            str(r.layer),
            number(r.read),
            decimal(r.value),
            decimal(r.expected),
            decimal(r.loading),
            decimal(r.added, True),
        )
        for r in each(w.table)
    )
    head = ("layer", "read in the year", "value", "at strength zero", "loading", "adds")
    added = float(w.table["added"].sum())
    total = added + w.standing
    return {
        "w": w,
        "worked": _table(head, rows),
        "added": decimal(added, sign=True),
        "standing": decimal(w.standing, sign=True),
        "total": decimal(total),
        "phi": number(float(score(total))),
        "median": number(w.strength["value"]),
        "band": f"{number(w.strength['lower'])} to {number(w.strength['upper'])}",
        "sd": decimal(w.strength["sd"]),
    }


def _judged(judged: dict[str, pd.DataFrame]) -> dict[str, Any]:
    crashes, quiet, rises = judged["crash"], judged["quiet"], judged["rise"]
    return {
        "crashes": _cases(crashes, "fell", "chance of a fall"),
        "passed": f"{int((crashes['fell'] > SURE).sum())} of {len(crashes)} crashes",
        "quiet": _cases(quiet, "quiet", f"chance of less than {QUIET} sd"),
        "still": f"{int((quiet['quiet'] > STILL).sum())} of {len(quiet)}",
        "others": _cases(judged["other"], "fell", "chance of a fall"),
        "rises": _cases(rises.assign(rose=1 - rises["fell"]), "rose", "chance of a rise"),
    }


def _cases(cases: pd.DataFrame, column: str, title: str) -> str:
    rows = (
        (
            f"{r.state}-{r.partner}",
            str(r.year),
            str(r.what),
            decimal(r.before),
            f"{decimal(r.change, True)} ({_band(r.lower, r.upper, True)})",
            chance(getattr(r, column)),
        )
        for r in each(cases)
    )
    return _table(("tie", "year", "what happened", "before", "change, 80 % band", title), rows)


def _held_out(found: pd.DataFrame, titles: dict[str, str]) -> dict[str, Any]:
    rows = (
        (
            titles[r.layer],
            number(float(r.readings)),
            *(f"{x:.3f}".replace("-", MINUS) for x in (r.others, r.era, r.one_year, r.ten_years)),
        )
        for r in each(found)
    )
    won = {rival: [titles[r.layer] for r in each(found) if r.others > getattr(r, rival)] for rival in found.columns[4:]}
    head = ("layer", "readings", "from the others", "rate of the era", "own, one year before", "own, ten years before")
    return {
        "held_out": _table(head, rows),
        "above": f"{len(won['era'])} of {len(found)}",
        "better": joined(won["one_year"]) or "none",
        "worse": joined([titles[r.layer] for r in each(found) if r.others <= r.era]) or "none",
        "than_old": joined(won["ten_years"]) or "none",
    }


def _widths(found: pd.DataFrame) -> str:
    rows = ((str(r.year), number(float(r.dyads)), decimal(r.sd), decimal(r.sd_taiwan)) for r in each(found))
    return _table(("end of", "dyads", "mean sd", "sd TWN-USA"), rows)


def _parameters(found: pd.DataFrame) -> str:
    rows = (
        (str(r.part), str(r.parameter), str(r.of), decimal(r.estimate), _band(r.lower, r.upper), decimal(r.rhat))
        for r in each(found)
    )
    return _table(("part", "parameter", "of", "estimate", "80 % band", "rhat"), rows)
