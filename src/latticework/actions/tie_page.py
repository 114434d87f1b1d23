"""What the page on tie strength shows: every number of it computed from the shipped files and the panel."""

import numpy as np
import pandas as pd

from latticework.actions.strength import (
    HELD_OUT,
    JUDGED,
    load_shared,
    loader,
    shipped_check,
    shipped_layers,
    shipped_ties,
    tie_parameters,
)
from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.readings import ties_of
from latticework.measures.strength.smoother import QUARTERS
from latticework.report.strength_page import Page, Worked, page

EXAMPLE = ("FRA", "USA", "1967-12-31")
TRIANGLE = (("JPN", "USA"), ("KOR", "USA"), ("JPN", "KOR"))


def tie_page() -> str:
    """The page as Markdown."""
    cases = shipped_check(JUDGED)
    judge = {str(kind): found.reset_index(drop=True) for kind, found in cases.groupby("kind", sort=False)}
    now = pd.concat([shipped_ties(*pair).iloc[[-1]] for pair in TRIANGLE], ignore_index=True)
    draws_kept = len(load_shared().draws)
    found = (judge, shipped_check(HELD_OUT), now, widths(), worked(*EXAMPLE), draws_kept)
    return page(Page(INDICATORS, tie_parameters(), *found))


def widths() -> pd.DataFrame:
    """The mean sd of strength over dyads at the end of some years, and that of Taiwan and the United States."""
    rows = []
    for year in range(1954, 2025, 10):
        network = shipped_ties(dates=[f"{year}-12-31"])
        taiwan = network[(network["state"] == "TWN") & (network["partner"] == "USA")]
        rows.append((year, len(network), network["sd"].mean(), taiwan["sd"].mean()))
    return pd.DataFrame(rows, columns=["year", "dyads", "sd", "sd_taiwan"])


def worked(state: str, partner: str, date: str) -> Worked:
    """One dyad at the end of one year: readings, what they were expected to be, and what they add."""
    shared, load = load_shared(), loader()
    ties, dates = ties_of([(state, partner)], load, shared.units)
    quarter = int(np.flatnonzero(dates.astype("datetime64[D]") == np.datetime64(date))[0])
    year = quarter // QUARTERS
    layers = shipped_layers(state, partner)
    added = layers[layers["date"] == date].set_index("layer")["added"]
    rows = []
    for k, one in enumerate(ties.rows):
        items, mine = [draw.items[k] for draw in shared.draws], np.flatnonzero(one.t // QUARTERS == year)
        read = value = expected = loading = np.nan
        if len(mine):
            readings = one.values.y[mine]
            value = readings.sum() if one.indicator.pace == "event" else readings.mean()
            read = value * one.unit[1] + one.unit[0]
            expected = np.mean([item.base(one)[mine].mean() for item in items])
            loading = np.mean([item.loading[one.patron[0]] for item in items])
        rows.append((one.indicator.title, read, value, expected, loading, added[one.indicator.name]))
    table = pd.DataFrame(rows, columns=["layer", "read", "value", "expected", "loading", "added"])
    series = shipped_ties(state, partner)
    row = series[series["date"] == date].iloc[0].to_dict()
    return Worked(state, partner, date, table, float(added["standing"]), {str(k): v for k, v in row.items()})
