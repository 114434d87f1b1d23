"""Hedging: how allies stand between hub and rival today, and what they would choose at the end of every branch."""

from typing import Any

from latticework.measures.hedging import DISPERSION, ENGAGEMENT, HEDGING, TILT
from latticework.measures.outlook import each
from latticework.measures.stances import CHANCES
from latticework.report.numbers import MISSING, by_year, chance, chance_band, day, decimal, joined, points, the, to
from latticework.report.results import Results
from latticework.report.sections import Section
from latticework.report.side_tables import NEXT_TO_NOTHING, SAME
from latticework.report.tables import Cell, Column, Table

MEASURED = (
    "Measured on ties as known on {day}, not assumed. Tilt: from −1 (the rival) to 1 (the hub), the mean of the three "
    "domains; dispersion: how far the domains disagree; engagement: how much there is of the weaker tie; hedging: "
    "engagement without tilt, more if the domains disagree (0 to 1)."
)
STANCES = {"balance": "stands with the hub", "hedge": "with neither", "bandwagon": "with the rival"}
LEAST = 0.0005


def hedging_section(results: Results) -> Section | None:
    """The measure of today and the choice at the end; None where neither is there."""
    tables = (*stance_table(results), *choice_table(results))
    if not tables:
        return None
    return Section("hedging", "Hedging", _words(results), tables)


def stance_table(results: Results) -> tuple[Table, ...]:
    """How each ally stands between hub and rival today, by domain."""
    stance = results.mechanisms.stance
    if not len(stance):
        return ()
    quantities = list(dict.fromkeys(stance["quantity"]))
    rows = []
    for state, part in stance.groupby("state", sort=False):
        by = {r.quantity: r for r in each(part)}
        rows.append((Cell(results.name_of(str(state))), *(_banded(by.get(q)) for q in quantities)))
    columns = (Column("ally", numeric=False), *(Column(q, mark="E") for q in quantities))
    note = MEASURED.format(day=day(str(stance["date"].iloc[0])))
    return (Table("stance", "How allies stand today", columns, tuple(rows), note),)


def _banded(row: Any) -> Cell:
    if row is None:
        return Cell(MISSING)
    return Cell(decimal(row.value), f"({decimal(row.lower)}{to(row.lower)}{decimal(row.upper)})")


def choice_table(results: Results) -> tuple[Table, ...]:
    """What each ally would choose at the end, by branch."""
    found, names = results.stances, results.branches
    if not len(found):
        return ()
    by = {(r.branch, r.state, r.stance): r for r in each(found)}
    keys = [(state, stance) for state in dict.fromkeys(found["state"]) for stance in CHANCES]
    rows = [
        (Cell(results.title_of(b)), *(_choice(by[(b, *key)], b == names[0], results.paths) for key in keys))
        for b in names
    ]
    columns = (Column("branch", numeric=False), *(Column(f"{s}: {STANCES[q]}", mark="A") for s, q in keys))
    note = (
        f"At {by_year(results.dates[-1])}: the chance that an ally that thinks its policy over stands so, mean over "
        "paths; first row with its 80 % band over draws, other rows the difference in percentage points on the "
        "same random numbers, = where it is less than twice its Monte Carlo error. The law of choice is assumed; its "
        "signs are those of Kuik (2021)."
    )
    return (Table("choice", "What allies would choose", columns, tuple(rows), note),)


def _choice(row: Any, first: bool, paths: int) -> Cell:
    if first:
        return Cell(chance(row.value), chance_band(row.lower, row.upper))
    if not row.clear:
        return Cell(SAME)
    return Cell(points(row.difference) if abs(row.difference) >= LEAST else NEXT_TO_NOTHING)


def _words(results: Results) -> tuple[str, ...]:
    """Where each ally leans today, and which branch turns it most."""
    told, stance, found = [], results.mechanisms.stance, results.stances
    for state, part in stance.groupby("state", sort=False) if len(stance) else ():
        by = {r.quantity: r for r in each(part)}
        domains = {q.removeprefix(f"{TILT} in "): by[q].value for q in by if q.startswith(f"{TILT} in ")}
        most, least = max(domains, key=lambda d: domains[d]), min(domains, key=lambda d: domains[d])
        told.append(
            f"Today {the(results.name_of(str(state)))} tilts to the hub by {_text(by[TILT])} of 1: most in {most} "
            f"({decimal(domains[most])}), least in {least} ({decimal(domains[least])}). Its hedging is "
            f"{_text(by[HEDGING])} of 1, with dispersion {decimal(by[DISPERSION].value)} and engagement "
            f"{decimal(by[ENGAGEMENT].value)}."
        )
    away = [r for r in each(found) if r.stance == "balance" and r.branch != results.branches[0] and r.clear]
    if away:
        most = min(away, key=lambda r: r.difference)
        best = max(away, key=lambda r: r.difference)
        parts = [
            f"{points(r.difference)} points in “{results.title_of(r.branch)}” ({the(results.name_of(r.state))})"
            for r in ([most] if most is best or best.difference <= 0 or most.difference >= 0 else [most, best])
        ]
        told.append(f"The chance that an ally would choose the hub moves most by {joined(parts)}.")
    elif len(found) and len(results.branches) > 1:
        told.append("No branch moves the choice of an ally by more than simulation noise.")
    return tuple(told)


def _text(row: Any) -> str:
    cell = _banded(row)
    return f"{cell.text} {cell.band}"
