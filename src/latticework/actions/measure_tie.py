"""Measuring a tie: from the shipped files where they hold it, anew in seconds where they do not."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from latticework import __version__
from latticework.actions.strength import (
    FIRST_YEAR,
    HOME,
    LAST_YEAR,
    check_tie_strength,
    fit_tie_strength,
    load_shared,
    loader,
    measured,
    shipped_layers,
    shipped_ties,
)
from latticework.data import get
from latticework.data.read import iso_day
from latticework.data.states import CODES, STATES, name_of, resolve, resolve_all
from latticework.errors import InputError, UnknownNameError
from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.indicators.treaties import GRADES, PLEDGES, grade
from latticework.measures.strength.readings import ties_of
from latticework.measures.strength.summary import layer_table, table
from latticework.processes import MODEL
from latticework.report.numbers import joined, the
from latticework.report.tie_chart import ENDINGS, drawing
from latticework.report.tie_result import TieResult

TIE_STRENGTH = "tie-strength"
FIRST_DAY, LAST_DAY = f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"
SHIPPED = "Read from the shipped estimates."
LIVE = "Measured now: the shipped estimates hold only dyads that ever had to do with one another."
AS_KNOWN = (
    "Measured now from what was known on {day}; how layers speak of strength was learned from all years, later too."
)


def measure_tie(
    states: Sequence[str],
    start: str | None = None,
    end: str | None = None,
    as_known_on: str | None = None,
    explained: bool = True,
) -> TieResult:
    """One tie between two years or days: from the shipped files, or measured anew (as known on a day, or not shipped).

    States are named by ISO3 code, COW abbreviation or English name, in any order. What only
    a reader needs (readings, pledges, all other ties: some seconds) is left empty unless it is to be `explained`.
    UnknownNameError, InputError.
    """
    pair = _pair(states)
    day = None if as_known_on is None else _day(as_known_on, "12-31", "--as-known-on")
    first, last = _range(start, end, day)
    origin, ties, layers = _found(pair, day)
    kept = ties[ties["date"] <= last].reset_index(drop=True)
    if kept.empty or kept["date"].iloc[-1] < first:
        alive = f"{ties['date'].iloc[0]} to {ties['date'].iloc[-1]}"
        raise InputError(f"{_both(pair)}: no quarter lies between {first} and {last}; both existed from {alive}.")
    date = str(kept["date"].iloc[-1])
    compared = explained and day is None
    return TieResult(
        ties=kept,
        layers=layers[layers["date"] <= date].reset_index(drop=True),
        network=shipped_ties(dates=[date]) if compared else ties.iloc[:0],
        readings=readings(pair, day) if explained else pd.DataFrame(columns=["date", "layer"]),
        pledges=pledges(pair, day) if explained else pd.DataFrame(columns=["date", "grade", "label"]),
        names={code: name_of(code) for code in pair},
        start=first,
        draws=draws_behind(),
        origin=f"{origin} Latticework {__version__}.",
    )


def measure_network(on: str | None = None, states: Iterable[str] | None = None) -> pd.DataFrame:
    """All shipped ties at the last quarter that had ended on a day (the last of all for none), strongest first.

    One state named: its ties; several: those among them. UnknownNameError, InputError.
    """
    day = LAST_DAY if on is None else _day(on, "12-31", "--on")
    quarter = (pd.Timestamp(day) + pd.Timedelta(days=1)).to_period("Q") - 1
    date = quarter.end_time.strftime("%Y-%m-%d")
    if not FIRST_DAY <= date <= LAST_DAY:
        raise InputError(f"--on is {on}: ties are measured at the ends of quarters from {FIRST_YEAR} to {LAST_YEAR}.")
    found = shipped_ties(dates=[date])
    codes = resolve_all(_code(name) for name in states or ())
    if codes:
        ends = found["state"].isin(codes), found["partner"].isin(codes)
        found = found[ends[0] | ends[1] if len(codes) == 1 else ends[0] & ends[1]]
        if found.empty:
            raise InputError(f"None of the ties measured on {date} is one of {joined(list(codes))}.")
    return found.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)


def state_names() -> dict[str, str]:
    """The English names of all states by code."""
    return {code: name_of(code) for code in CODES}


def draws_behind() -> int:
    """How many posterior draws the chances of the shipped ties are shares of."""
    return len(load_shared().draws)


def save_chart(result: TieResult, path: Path) -> None:
    """Draw a tie into a file whose ending says how: .svg, .png or .html. InputError."""
    content = drawing(result, check_chart(path))
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise InputError(f"The chart cannot be written to '{path}' ({fault.strerror}).") from fault


def check_chart(path: Path) -> str:
    """The ending of a chart's file; InputError if there is no such chart or no such folder."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        found = f"'{path.suffix}'" if ending else "no ending"
        raise InputError(f"A chart is one of {joined(list(ENDINGS))}: '{path}' has {found}.")
    if not path.parent.is_dir():
        raise InputError(f"The chart cannot be written to '{path}': there is no folder '{path.parent}'.")
    return ending


def asks_for_ties(names: Sequence[str]) -> bool:
    """Whether a fit is to be that of tie strength; InputError if it is named together with processes."""
    known = [process.name for process in MODEL]
    for name in names:
        if name not in (*known, TIE_STRENGTH):
            raise UnknownNameError("process", name, [*known, TIE_STRENGTH])
    if TIE_STRENGTH not in names:
        return False
    others = sorted(set(names) - {TIE_STRENGTH})
    if others:
        raise InputError(
            f"'{TIE_STRENGTH}' is fitted alone, not with {joined(others)}: it has files of its own. "
            f"Run 'latticework fit {TIE_STRENGTH}' and 'latticework fit {' '.join(others)}'."
        )
    return True


def refit(out: Path | None, report: Callable[[str, float], None], check: bool = False) -> tuple[pd.DataFrame, Path]:
    """Fit tie strength anew into a folder (the package's own for none), and judge it if asked to.

    Returns its parameters and the folder.
    """
    if out is not None and not out.is_dir():
        raise InputError(f"--out is '{out}', which is no folder: tie strength is written as files into a folder.")
    parameters = fit_tie_strength(out, report)
    if check:
        check_tie_strength(out, report)
    return parameters, out or HOME


def readings(pair: tuple[str, str], day: str | None = None) -> pd.DataFrame:
    """A row (date, layer) for every reading that the indicators have of a dyad."""
    ties, dates = ties_of([pair], loader(day))
    days = np.array([str(d)[:10] for d in dates], dtype=object)
    parts = [pd.DataFrame({"date": days[rows.t], "layer": rows.indicator.name}) for rows in ties.rows]
    return pd.concat(parts, ignore_index=True)


def pledges(pair: tuple[str, str], day: str | None = None) -> pd.DataFrame:
    """The days on which the grade of what two states have promised changed, with the grade after it and its name."""
    spells = {name: get(name, pair, as_known_on=day) for name in PLEDGES}
    begins = {d for rows in spells.values() for d in rows["date"]}
    after = {_next_day(d) for rows in spells.values() for d in rows["end"] if d}
    found, before = [], None
    for date in sorted(begins | after | {FIRST_DAY}):
        held = (
            np.array([float(((rows["date"] <= date) & ((rows["end"] == "") | (rows["end"] >= date))).any())])
            for rows in spells.values()
        )
        now = int(grade(*held)[0])
        if before is not None and now != before:
            found.append((date, now, GRADES[now]))
        before = now
    return pd.DataFrame(found, columns=["date", "grade", "label"])


def _found(pair: tuple[str, str], day: str | None) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Where the series comes from, the series, and what each layer adds."""
    ties = shipped_ties(*pair)
    if day is None and len(ties):
        return SHIPPED, ties, shipped_layers(*pair)
    if ties.empty and not _met(pair):
        raise InputError(f"{_both(pair)} never existed at the same time from {FIRST_YEAR} to {LAST_YEAR}.")
    draws = measured([pair], day)
    return (LIVE if day is None else AS_KNOWN.format(day=day)), table(draws), _layers(draws)


def _met(pair: tuple[str, str]) -> bool:
    """Whether two states ever existed at the same time in the years that are measured."""
    lives = [get("exists", [code], FIRST_YEAR, LAST_YEAR) for code in pair]
    spans = [[(s, e or LAST_DAY) for s, e in zip(rows["date"], rows["end"], strict=True)] for rows in lives]
    return any(a <= d and c <= b for a, b in spans[0] for c, d in spans[1])


def _layers(draws: TieDraws) -> pd.DataFrame:
    names = [indicator.name for indicator in INDICATORS]
    return layer_table(draws.parts, draws.rest, names, draws.alive, draws.dates, draws.names)


def _pair(states: Sequence[str]) -> tuple[str, str]:
    codes = [_code(name) for name in states]
    if len(codes) != 2:
        found = f"{len(codes)} are named" if codes else "none is named"
        raise InputError(
            f"A tie has two states, and {found}: name two, as in 'measure {TIE_STRENGTH} JPN USA', "
            f"or all ties of some with --all --states {','.join(codes) or 'JPN,USA,KOR'}."
        )
    if codes[0] == codes[1]:
        raise InputError(f"A tie has two states: '{states[0]}' and '{states[1]}' are both {codes[0]}.")
    return min(codes), max(codes)


def _code(name: str) -> str:
    """The code of a state named by code or by its English name, with or without what stands in brackets."""
    asked = name.strip().casefold()
    for code, state in STATES.items():
        if asked in (state.name.casefold(), state.name.partition(" (")[0].casefold()):
            return code
    return resolve(name)


def _range(start: str | None, end: str | None, day: str | None) -> tuple[str, str]:
    """The first and the last day to show, checked."""
    first = FIRST_DAY if start is None else _day(start, "01-01", "--from")
    last = LAST_DAY if end is None else _day(end, "12-31", "--to")
    if day is not None and day < FIRST_DAY:
        raise InputError(f"--as-known-on is {day}: ties are measured from {FIRST_YEAR} to {LAST_YEAR}.")
    for option, asked, given in (("--from", first, start), ("--to", last, end)):
        if not FIRST_DAY <= asked <= LAST_DAY:
            raise InputError(f"{option} is {given}: ties are measured from {FIRST_YEAR} to {LAST_YEAR}.")
    if first > last:
        raise InputError(f"Nothing lies between --from {start} and --to {end}: the first day is after the last.")
    if day is not None and end is not None and last > day:
        raise InputError(f"--to is {end}, which is after {day}, the day of --as-known-on.")
    if day is not None and first > day:
        raise InputError(f"--from is {start}, which is after {day}, the day of --as-known-on.")
    return first, last if day is None else min(last, day)


def _day(text: str, rest: str, option: str) -> str:
    try:
        return iso_day(text, rest)
    except InputError as fault:
        raise InputError(f"{option}: {fault}") from None


def _next_day(iso: str) -> str:
    return str(np.datetime64(iso, "D") + 1)


def _both(pair: tuple[str, str]) -> str:
    both = " and ".join(the(name_of(code)) for code in pair)
    return both[0].upper() + both[1:]
