"""Cases that history knows: crashes and rises that the measure should show, and quiet ties in which it should not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.smoother import QUARTERS

QUIET = 0.3  # sd: a change of less is none


@dataclass(frozen=True)
class Case:
    """What happened between two states, and in which year; the change runs from the end of the year before to the end
    of the year after (eight quarters)."""

    state: str
    partner: str
    year: int
    what: str


CRASHES = (
    Case("FRA", "USA", 1966, "France leaves NATO's command, American troops go"),
    Case("NZL", "USA", 1985, "New Zealand closes its ports to nuclear ships, ANZUS is suspended for it in 1986"),
    Case("PHL", "USA", 1992, "the American bases in the Philippines close"),
    Case("TWN", "USA", 1979, "the United States recognise Beijing, the treaty with Taiwan ends"),
    Case("IRN", "USA", 1979, "revolution in Iran"),
    Case("EGY", "RUS", 1976, "Egypt abrogates its treaty with the Soviet Union"),
    Case("CHN", "VNM", 1978, "China and Vietnam fall out and go to war"),
    Case("CUB", "USA", 1959, "revolution in Cuba; Guantanamo stays"),
    Case("THA", "USA", 1975, "American troops leave Thailand; the pact stays"),
    Case("JPN", "KOR", 2018, "forced labour, a radar and GSOMIA: no layer sees it"),
)
QUIET_TIES = tuple(
    Case(a, b, 2013, "nothing")
    for a, b in (("AUS", "USA"), ("GBR", "USA"), ("CAN", "USA"), ("NOR", "USA"), ("AUS", "JPN"))
)
STEADY = (Case("KOR", "USA", 1993, "an alliance in a nuclear crisis"), Case("JPN", "USA", 1993, "trade quarrels"))
OTHERS = (
    Case("LBY", "USA", 1969, "coup in Libya, the American base closes"),
    Case("GBR", "IRQ", 1958, "coup in Iraq, the Baghdad Pact loses it"),
    Case("POL", "RUS", 1990, "the Warsaw Pact dissolves"),
    Case("RUS", "UKR", 2022, "Russia invades Ukraine"),
    Case("ETH", "USA", 1977, "Ethiopia turns to Moscow"),
    Case("RUS", "SOM", 1977, "Somalia abrogates its treaty with the Soviet Union"),
    Case("ALB", "RUS", 1961, "Albania breaks with Moscow"),
    Case("CHN", "RUS", 1960, "the split: advisers go, the treaty stays, no layer sees it"),
    Case("CUB", "RUS", 1991, "the Soviet Union ends its aid: no layer sees it"),
    Case("NIC", "USA", 1979, "revolution in Nicaragua"),
)
RISES = (
    Case("FIN", "USA", 2023, "Finland joins NATO"),
    Case("EGY", "USA", 1974, "Egypt turns to Washington"),
    Case("ESP", "USA", 1982, "Spain joins NATO"),
    Case("POL", "USA", 1999, "Poland joins NATO"),
)
CASES = {"crash": CRASHES, "quiet": (*QUIET_TIES, *STEADY), "other": OTHERS, "rise": RISES}
COLUMNS = ("state", "partner", "year", "what", "before", "change", "lower", "upper", "fell", "quiet")


def judged(cases: Sequence[Case], draws: TieDraws) -> pd.DataFrame:
    """Strength before each case and its change over eight quarters, in sd (columns: COLUMNS).

    `fell` is the chance that it fell, `quiet` that it changed by less than QUIET.
    """
    years = draws.dates.astype("datetime64[Y]").astype(int) + 1970
    rows = []
    for case in cases:
        dyad = draws.of(case.state, case.partner)
        start, end = (int(np.flatnonzero(years == case.year + k)[QUARTERS - 1]) for k in (-1, 1))
        before, after = draws.strength[:, start, dyad], draws.strength[:, end, dyad]
        change = after - before
        band = np.quantile(change, (0.1, 0.9))
        chances = (float((change < 0).mean()), float((np.abs(change) < QUIET).mean()))
        rows.append((case.state, case.partner, case.year, case.what, before.mean(), change.mean(), *band, *chances))
    return pd.DataFrame(rows, columns=list(COLUMNS))
