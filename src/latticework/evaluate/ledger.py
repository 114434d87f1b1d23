"""A ledger of forecasts written before the event: entries are only ever added, and each seals those before it.

An entry's seal is the SHA-256 of its content and of the seal before it, so that nothing can be changed, left out or put
in later without every later seal being wrong.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from latticework.errors import InputError
from latticework.evaluate import scores

OPENING = "0" * 64
YES, NO, VOID = "yes", "no", "void"
OUTCOMES = (YES, NO, VOID)


@dataclass(frozen=True)
class Forecast:
    """A chance given to an event by a date, with the rule by which it will be said whether it came.

    `stands_on` is the day up to which the forecaster knew anything, `entered` the moment at which it was written down.
    """

    id: str
    event: str
    rule: str
    by: str
    chance: float
    stands_on: str
    entered: str
    source: str


@dataclass(frozen=True)
class Outcome:
    """What came of a forecast: yes, no, or void if the rule cannot be applied; and where that is on record."""

    id: str
    outcome: str
    source: str
    entered: str


Entry = Forecast | Outcome


def sealed(entries: Iterable[Entry], before: str = OPENING) -> list[str]:
    """Lines of JSON, one per entry, each with the seal of the line before and its own."""
    lines = []
    for entry in entries:
        content = {"kind": type(entry).__name__.lower(), **asdict(entry), "before": before}
        before = seal(content)
        lines.append(json.dumps({**content, "seal": before}, ensure_ascii=False))
    return lines


def seal(content: Mapping[str, Any]) -> str:
    """The SHA-256 of an entry's content, in a form that does not depend on the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def opened(lines: Sequence[str], where: str = "the ledger") -> tuple[list[Entry], str]:
    """The entries of a ledger and its last seal; InputError, with the line, if one was changed, left out or put in."""
    entries: list[Entry] = []
    before = OPENING
    for number, line in enumerate(lines, 1):
        try:
            content = json.loads(line)
            mark, kind = content.pop("seal"), content["kind"]
            fields = {name: value for name, value in content.items() if name not in ("kind", "before")}
            entry = {"forecast": Forecast, "outcome": Outcome}[kind](**fields)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise InputError(f"{where}, line {number}: this is no entry ({fault}).") from fault
        if content["before"] != before or seal(content) != mark:
            raise InputError(f"{where}, line {number}: the seal is broken. An entry was changed, left out or put in.")
        entries.append(entry)
        before = mark
    return entries, before


def added(held: Sequence[Entry], new: Sequence[Entry]) -> None:
    """InputError if new entries do not fit: an id twice, an outcome of nothing or too early, a forecast of the past."""
    forecasts = {entry.id: entry for entry in held if isinstance(entry, Forecast)}
    told = {entry.id for entry in held if isinstance(entry, Outcome)}
    for entry in new:
        if isinstance(entry, Forecast):
            _fits(entry, forecasts)
            forecasts[entry.id] = entry
        else:
            _resolves(entry, forecasts, told)
            told.add(entry.id)


def _fits(entry: Forecast, forecasts: Mapping[str, Forecast]) -> None:
    if entry.id in forecasts:
        raise InputError(f"The ledger has a forecast '{entry.id}' already; forecasts are never changed.")
    if not 0 <= entry.chance <= 1:
        raise InputError(f"The chance of '{entry.id}' is {entry.chance}; it must be from 0 to 1.")
    if entry.by < entry.entered[:10]:
        raise InputError(f"'{entry.id}' is for {entry.by}, which is past: a forecast is written before the event.")


def _resolves(entry: Outcome, forecasts: Mapping[str, Forecast], told: Collection[str]) -> None:
    if entry.id not in forecasts:
        raise InputError(f"The ledger has no forecast '{entry.id}'. List them with `latticework ledger list`.")
    if entry.id in told:
        raise InputError(f"The outcome of '{entry.id}' is entered already; outcomes are never changed.")
    if entry.outcome not in OUTCOMES:
        raise InputError(f"The outcome of '{entry.id}' is '{entry.outcome}'; it is yes, no or void.")
    by = forecasts[entry.id].by
    if entry.outcome == NO and entry.entered[:10] <= by:
        raise InputError(f"'{entry.id}' can still come by {by}: that it did not is entered after that day.")


def listed(entries: Sequence[Entry]) -> pd.DataFrame:
    """A row per forecast with what came of it: id, event, rule, by, chance, stands_on, entered, source, outcome."""
    outcomes = {entry.id: entry for entry in entries if isinstance(entry, Outcome)}
    rows = []
    for entry in entries:
        if isinstance(entry, Forecast):
            found = outcomes.get(entry.id)
            told = {"outcome": found.outcome, "outcome_source": found.source} if found else {}
            rows.append({**asdict(entry), "outcome": "open", "outcome_source": "", **told})
    names = [*Forecast.__dataclass_fields__, "outcome", "outcome_source"]
    return pd.DataFrame(rows, columns=names)


def scored(entries: Sequence[Entry]) -> pd.DataFrame:
    """The Brier and log score of every forecast with an outcome, by source, beside a forecaster who says one half.

    Columns: source, forecasts, resolved, void, events, brier, log_score, brier_of_half.
    """
    rows = []
    for source, table in listed(entries).groupby("source", sort=False):
        known = table[table["outcome"].isin((YES, NO))]
        happened, chance = (known["outcome"] == YES).to_numpy(float), known["chance"].to_numpy(float)
        rows.append(
            {
                "source": source,
                "forecasts": len(table),
                "resolved": len(known),
                "void": int((table["outcome"] == VOID).sum()),
                "events": int(happened.sum()),
                "brier": float(scores.brier(happened, chance).mean()) if len(known) else float("nan"),
                "log_score": float(scores.log_loss(happened, chance).mean()) if len(known) else float("nan"),
                "brier_of_half": 0.25 if len(known) else float("nan"),
            }
        )
    names = ["source", "forecasts", "resolved", "void", "events", "brier", "log_score", "brier_of_half"]
    return pd.DataFrame(rows, columns=names)
