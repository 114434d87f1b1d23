"""The record of cost sharing as settlements, and the file of the bargain that was fitted to it."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import latticework.mechanisms
from latticework.data import get, panel_sha256
from latticework.errors import PanelError
from latticework.mechanisms.bargain_fit import Fitted, Settlement, fit_bargain
from latticework.mechanisms.effects import MANY

SHIPPED = Path(latticework.mechanisms.__file__).parent / "bargain.json"
REBUILD = "Rebuild it with latticework.actions.bargain.write_bargain()."
HUB, THREATS = "USA", ("CHN", "PRK")
HALF_LIFE = 10.0  # years, of a past dispute
YEARS_OF_RETREAT = 3
DISPUTES_END = 2014

# First and last year of the terms. Korea: the column `agreement` of the layer; Japan: fiscal years of the Special
# Measures Agreements (US embassy Tokyo, press releases of 23 January 2006, 25 January 2008, 21 January 2011; Japanese
# Ministry of Foreign Affairs). The 6th Korean agreement is left out: it changed the currency, and whether the payment
# rose (by the rate of 2005) or fell (by that of 2004) depends on a rate that the parties did not name.
KOREA = ((1996, 1998), (1999, 2001), (2002, 2004), (2007, 2008), (2009, 2013), (2014, 2018), (2019, 2019), (2020, 2025))
JAPAN = (
    (1987, 1990),
    (1991, 1995),
    (1996, 2000),
    (2001, 2005),
    (2006, 2007),
    (2008, 2010),
    (2011, 2015),
    (2016, 2020),
    (2021, 2025),
)
# Words that were believed in part (layer `cost_demand`, July 2019): the notes tell of a threat to withdraw from Korea,
# while the United States Congress forbade to go below 28,500 troops. A quarter is ours.
BELIEVED = {("KOR", 2020): 0.25}


def settlements() -> tuple[Settlement, ...]:
    """The settlements of the panel's layer `cost_sharing`, with demands, threats, retreat and majorities."""
    paid, asked, disputes = get("cost_sharing"), get("cost_demand"), get("dispute")
    troops, minority = get("troops"), get("minority_government")
    found = []
    for state, terms in (("KOR", KOREA), ("JPN", JAPAN)):
        mine = _by_year(paid[paid["state"] == state], fiscal=state == "JPN")
        for first, last in terms:
            before, during = mine["amount"][first - 1], mine["amount"].loc[first:last]
            seen = _retreat(troops, state, first) + BELIEVED.get((state, first), 0.0)
            found.append(
                Settlement(
                    state,
                    first,
                    float(np.log(during.mean() / before)),
                    _demand(asked, state, first, mine["value"][first - 1]),
                    min(seen, 1.0),
                    _threat(disputes, state, first),
                    _minority(minority, state, first),
                )
            )
    return tuple(found)


def _by_year(rows: pd.DataFrame, fiscal: bool) -> pd.DataFrame:
    """Payments by calendar year, or by the year in which a fiscal year begins."""
    years = pd.to_datetime(rows["date"]).dt.year - (1 if fiscal else 0)
    return rows.assign(year=years).set_index("year")[["amount", "value"]].sort_index()


def _demand(asked: pd.DataFrame, state: str, first: int, paid: float) -> float | None:
    """Log of what was asked first in the two years before the term, over what was paid; None without a record."""
    year = pd.to_datetime(asked["date"]).dt.year
    meant = asked[(asked["partner"] == state) & (year >= first - 2) & (year < first)]
    return None if meant.empty else float(np.log(meant.sort_values("date")["value"].iloc[0] / paid))


def _retreat(troops: pd.DataFrame, state: str, year: int) -> float:
    """How far the hub's troops fell on the log scale in the years before, from September to September."""
    mine = troops[(troops["state"] == HUB) & (troops["partner"] == state)]
    autumn = mine[pd.to_datetime(mine["date"]).dt.month == 9]
    level = autumn.assign(year=pd.to_datetime(autumn["date"]).dt.year).set_index("year")["value"]
    return max(0.0, -float(np.log(level[year - 1] / level[year - 1 - YEARS_OF_RETREAT])))


def _threat(disputes: pd.DataFrame, state: str, year: int) -> float | None:
    """The record of disputes with those who threaten, as in the effect Threat; None when its layer has ended."""
    if year > DISPUTES_END + 1:
        return None
    two = disputes[["state", "partner"]]
    began = pd.to_datetime(disputes.loc[two.isin([state]).any(axis=1) & two.isin(THREATS).any(axis=1), "date"])
    ages = (pd.Timestamp(date(year, 1, 1)) - began).dt.days / 365.25
    return float(-np.expm1(-(0.5 ** (ages[ages > 0] / HALF_LIFE)).sum() / MANY))


def _minority(rows: pd.DataFrame, state: str, year: int) -> float | None:
    """Whether the government had no majority when the term began; None where that is not on record."""
    day = pd.Timestamp(date(year, 1, 1))
    end = pd.to_datetime(rows["end"])
    held = rows[(rows["state"] == state) & (pd.to_datetime(rows["date"]) <= day) & (end.isna() | (end >= day))]
    return None if held.empty else float(held["value"].iloc[0])


def bargain_text() -> str:
    """The fitted bargain and its record as the text of the shipped file."""
    record = settlements()
    told = {"panel_sha256": panel_sha256(), "record": [vars(s) for s in record], "fitted": fit_bargain(record).plain()}
    return json.dumps(told, indent=None, separators=(",", ":")).replace('"fitted"', '\n"fitted"') + "\n"


def write_bargain(path: Path = SHIPPED) -> Path:
    """Fit the bargain anew and write its file."""
    path.write_text(bargain_text(), encoding="utf-8")
    return path


def load_bargain(path: Path = SHIPPED) -> Fitted:
    """The fitted bargain that is shipped; PanelError if the file is missing or damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["fitted"]
        made = Fitted(**{field.name: _frozen(told[field.name]) for field in fields(Fitted)})
        if not np.isfinite(np.array(made.draws, float)).all() or len(made.draws[0]) != len(made.names):
            raise ValueError("draws are missing")
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        raise PanelError(f"The file of the bargain '{path}' cannot be read ({fault}). {REBUILD}") from fault
    return made


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
