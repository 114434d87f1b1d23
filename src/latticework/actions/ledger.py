"""The ledger on disk: forecasts go in from a run or one by one, outcomes when they are known, and nothing comes out."""

import os
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from latticework.errors import InputError
from latticework.evaluate.ledger import Entry, Forecast, Outcome, added, listed, opened, scored, sealed

FILE = Path("ledger.jsonl")
SURE = 0.99
RULES = {
    "leader leaves office": "The leader in office on the day on which it stands has left office by the last day.",
    "dispute": "A militarised interstate dispute between the two begins by the last day (Correlates of War coding).",
    "dispute with force": "A dispute between the two in which force is used begins by the last day (COW level 4 or 5).",
    "agreement ends": "No alliance agreement of the two (ATOP coding) is in force at the end of some quarter by then.",
}


@dataclass(frozen=True)
class One:
    """One forecast put in by hand: the event, the rule by which it is judged, the last day, and the chance."""

    event: str
    rule: str
    by: str
    chance: float
    source: str = "by hand"


def entries(path: Path = FILE) -> list[Entry]:
    """The entries of a ledger; InputError if it is missing or a seal is broken."""
    return opened(_lines(path), str(path))[0]


def add_run(folder: Path, path: Path = FILE, branch: str = "", now: datetime | None = None) -> pd.DataFrame:
    """Put in the chances that a run gave to events of days still to come, by the rules above; returns what went in.

    `branch` names one branch of the run (the first if none). InputError if the folder holds nothing to put in.
    """
    moment = _moment(now)
    outlook, stands_on = _outlook(folder)
    chosen = branch or str(outlook["branch"].iloc[0])
    if chosen not in set(outlook["branch"]):
        raise InputError(
            f"The run '{folder}' has no branch '{chosen}'; it has {', '.join(outlook['branch'].unique())}."
        )
    rows = outlook[(outlook["branch"] == chosen) & outlook["quantity"].isin(list(RULES))]
    rows = rows[(rows["date"] >= moment[:10]) & rows["date"].str.endswith("12-31")]
    rows = rows[(rows["partner"] == "") | (rows["state"] < rows["partner"])]
    rows = rows[~_over_before(rows, outlook[outlook["branch"] == chosen])]
    name = f"{folder.name}:{chosen}"
    new = [_of_run(name, row, stands_on, moment) for row in rows.to_dict("records")]
    if not new:
        raise InputError(f"The run '{folder}' gives no chances to events after {moment[:10]}.")
    return _append(path, new)


def _over_before(rows: pd.DataFrame, outlook: pd.DataFrame) -> pd.Series:
    """Whether an event was all but sure from the first step on: two states without an agreement have none to end."""
    first = outlook[outlook["quantity"].isin(list(RULES)) & (outlook["value"] > SURE)]
    first = first[first["date"] == outlook.loc[outlook["date"] > outlook["date"].min(), "date"].min()]
    sure = set(zip(first["quantity"], first["state"], first["partner"], strict=True))
    marks = zip(rows["quantity"], rows["state"], rows["partner"], strict=True)
    return pd.Series([mark in sure for mark in marks], index=rows.index, dtype=bool)


def _of_run(name: str, row: Mapping[Hashable, Any], stands_on: str, moment: str) -> Forecast:
    """A row of a run's outlook as a forecast."""
    quantity, pair = str(row["quantity"]), [code for code in (row["state"], row["partner"]) if code]
    return Forecast(
        id=f"{name}:{quantity.replace(' ', '-')}:{'-'.join(pair)}:{row['date']}",
        event=f"{' and '.join(pair)}: {quantity}",
        rule=RULES[quantity],
        by=row["date"],
        chance=round(float(row["value"]), 6),
        stands_on=stands_on,
        entered=moment,
        source=name,
    )


def add_one(one: One, path: Path = FILE, now: datetime | None = None) -> pd.DataFrame:
    """Put in one forecast; returns it as a table. InputError if its rule, its day or its chance is amiss."""
    moment = _moment(now)
    if not one.rule.strip() or not one.event.strip():
        raise InputError("A forecast needs an event and a rule that says how it will be known whether it came.")
    if not 0 <= one.chance <= 1:
        raise InputError(f"--chance is {one.chance:g}; a forecast needs a chance from 0 to 1.")
    try:
        by = datetime.fromisoformat(one.by).date().isoformat()
    except ValueError as fault:
        raise InputError(f"--by is '{one.by}'; it is a day such as 2027-12-31.") from fault
    held = opened(_lines(path), str(path))[0] if path.exists() else []
    number = sum(isinstance(entry, Forecast) for entry in held) + 1
    forecast = Forecast(f"{number}", one.event, one.rule, by, one.chance, moment[:10], moment, one.source)
    return _append(path, [forecast])


def add_outcome(id: str, outcome: str, source: str, path: Path = FILE, now: datetime | None = None) -> None:
    """Enter what came of a forecast, and where that is on record. InputError."""
    if not source.strip():
        raise InputError("An outcome needs a --source that says where it is on record.")
    _lines(path)
    _append(path, [Outcome(id, outcome, source, _moment(now))])


def ledger_list(path: Path = FILE) -> pd.DataFrame:
    """All forecasts with what came of them."""
    return listed(entries(path))


def last_seal(path: Path = FILE) -> str:
    """The seal of the last entry: whoever publishes it has dated the whole ledger, its last entries included."""
    return opened(_lines(path), str(path))[1]


def ledger_score(path: Path = FILE) -> pd.DataFrame:
    """The scores of the forecasts with outcomes."""
    return scored(entries(path))


def _append(path: Path, new: list) -> pd.DataFrame:
    held, before = opened(_lines(path), str(path)) if path.exists() else ([], None)
    added(held, new)
    lines = sealed(new) if before is None else sealed(new, before)
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(_break(path) + "".join(line + "\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise InputError(f"The ledger '{path}' cannot be written ({fault.strerror}).") from fault
    return listed([entry for entry in new if isinstance(entry, Forecast)])


def _break(path: Path) -> str:
    """The end of line that a ledger lacks if an editor took its last one."""
    return "" if path.read_bytes()[-1:] in (b"", b"\n") else "\n"


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
        return text.removesuffix("\n").split("\n") if text else []  # an event may hold other breaks of lines
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"There is no ledger at '{path}'. Begin one with `latticework ledger add`.") from fault


def _moment(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).isoformat(timespec="seconds")


def _outlook(folder: Path) -> tuple[pd.DataFrame, str]:
    """The outlook of a run and the day on which it stands."""
    try:
        table = pd.read_parquet(folder / "tables" / "outlook.parquet")
    except (OSError, ValueError) as fault:
        raise InputError(f"'{folder}' holds no run. Make one with `latticework run`.") from fault
    return table.fillna({"partner": ""}), str(table["date"].min())
