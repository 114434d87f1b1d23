"""Known cases: what free-running paths from the end of a year gave to what is now history."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from latticework.data.states import CODES
from latticework.evaluate.judge import Forecasts
from latticework.evaluate.record import FIRST, HUB, PAIRS, Record
from latticework.types import Float

COLUMNS = ["case", "title", "quantity", "year", "value", "lower", "upper", "observed", "cut"]
HOSTS = [code for code in CODES if code != CODES[HUB]]


@dataclass(frozen=True)
class Case:
    """An episode: the year at whose end the forecast stands, and what of it is looked at.

    `kind` is "troops" (of the United States in `unit`), "members" (of the agreement numbered `unit`), "leader" (of
    `unit` leaves) or "dispute with force" (of the two states in `unit`, as CODE-CODE). `story` is what happened.
    """

    name: str
    year: int
    kind: str
    unit: str
    title: str
    story: str


CASES: tuple[Case, ...] = (
    Case(
        "Korea 1976",
        1976,
        "troops",
        "KOR",
        "US troops in Korea from the end of 1976",
        "Carter had promised to withdraw the ground troops; the plan was shelved in 1979",
    ),
    Case(
        "New Zealand 1985",
        1984,
        "members",
        "3215",
        "ANZUS has fewer members, from the end of 1984",
        "New Zealand refused a visit in February 1985; the USA suspended its obligation in 1986",
    ),
    Case(
        "Philippines 1990",
        1990,
        "troops",
        "PHL",
        "US troops in the Philippines from the end of 1990",
        "the Senate refused a new treaty in 1991; the bases were closed in 1992",
    ),
    Case(
        "Iraq 2003",
        2002,
        "dispute with force",
        "GBR-IRQ",
        "Dispute with force of Iraq and the United Kingdom, from the end of 2002",
        "a coalition of the United States, the United Kingdom, Australia and Poland invaded in March 2003",
    ),
    Case(
        "Iraq 2003, the hub",
        2002,
        "dispute with force",
        "IRQ-USA",
        "Dispute with force of Iraq and the United States, from the end of 2002",
        "invasion in March 2003",
    ),
    Case(
        "Transition 2016",
        2015,
        "leader",
        "USA",
        "The US president leaves office, from the end of 2015",
        "Obama's second term ended in January 2017; Trump's in January 2021",
    ),
    Case(
        "Transition 2016, Korea",
        2016,
        "troops",
        "KOR",
        "US troops in Korea from the end of 2016",
        "Trump asked for more money and spoke of withdrawal; the troops stayed",
    ),
)


def cases(forecasts: Sequence[Forecasts], record: Record) -> pd.DataFrame:
    """What was forecast year by year and what came (columns: COLUMNS): medians and 80 % bands, or chances.

    `cut` is the year up to which the model was trained: later than the forecast's own for those before 1990.
    """
    made = {one.year: one for one in forecasts}
    rows = []
    for case in CASES:
        if case.year in made:
            value, lower, upper = _forecast(case, made[case.year])
            seen = _observed(case, record)
            for number in range(5):
                numbers = (value[number], lower[number], upper[number], seen[number])
                year = case.year + 1 + number
                rows.append((case.name, case.title, case.kind, year, *map(float, numbers), made[case.year].cut))
    return pd.DataFrame(rows, columns=COLUMNS)


def _forecast(case: Case, made: Forecasts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Five values, with bands for what is a number."""
    nothing = np.full(5, np.nan)
    match case.kind:
        case "troops":
            drawn = made.values["troops"][..., HOSTS.index(case.unit)]
            lower, value, upper = np.quantile(drawn, [0.1, 0.5, 0.9], axis=0)
            return value, lower, upper
        case "members":
            place = [str(name) for name in made.values["pacts"]].index(case.unit)
            drawn = np.nan_to_num(made.values["members"][..., place])
            was = float(made.values["sizes"][place])
            return (drawn < was).mean(axis=0), nothing, nothing
        case "leader":
            return made.values["leader exit"][4:, CODES.index(case.unit)], nothing, nothing
        case _:
            return made.values["dispute with force"][4:, _pair(case.unit)], nothing, nothing


def _observed(case: Case, record: Record) -> Float[np.ndarray, "5"]:
    """What came in each of the five years."""
    t = case.year - FIRST
    match case.kind:
        case "troops":
            return record.hosts()[t + 1 : t + 6, CODES.index(case.unit)].astype(float)
        case "members":
            size = record.pact("pact_size")[:, record.pacts.index(case.unit)]
            return (size[t + 1 : t + 6] < size[t]).astype(float)
        case "leader":
            return record.events("turnover")[t, 4:, CODES.index(case.unit)].astype(float)
        case _:
            return record.events("dispute_force")[t, 4:, _pair(case.unit)].astype(float)


def _pair(unit: str) -> int:
    """The place of a dyad among the pairs."""
    i, j = sorted(CODES.index(code) for code in unit.split("-"))
    return int(np.flatnonzero((PAIRS[:, 0] == i) & (PAIRS[:, 1] == j))[0])
