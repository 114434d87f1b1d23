"""Small frames of one tie, written down by hand, from which sentences, tables and charts are checked."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from latticework.report.tie_result import TieResult

NAMES = {"JPN": "Japan", "USA": "United States", "PHL": "Philippines"}


def days(first: int, last: int) -> list[str]:
    """The last days of all quarters of some years."""
    return [f"{year}-{end}" for year in range(first, last + 1) for end in ("03-31", "06-30", "09-30", "12-31")]


def series(strength, sd=0.3, fell=0.45, broke=0.01, first=2015, pair=("JPN", "USA"), **domains) -> pd.DataFrame:
    """A series of one dyad from its strength (a number stays as it is); the band is that of a normal."""
    dates = days(first, 2024)
    count = len(dates)
    theta, sd, fell, broke = (np.broadcast_to(np.asarray(x, float), count) for x in (strength, sd, fell, broke))
    edges = [100 * norm.cdf(theta + z * sd) for z in (0.0, norm.ppf(0.1), norm.ppf(0.9))]
    told = {"security": 0.2, "diplomacy": 0.1, "economy": 0.0} | domains
    return pd.DataFrame(
        {"date": dates, "state": pair[0], "partner": pair[1]}
        | dict(zip(("value", "lower", "upper"), edges, strict=True))
        | {"strength": theta, "sd": sd, "fell": fell, "broke": broke}
        | told
    )


def layers(first: int = 2015, pair=("JPN", "USA"), **added: float) -> pd.DataFrame:
    """What each layer adds at the end of every year, the same each year."""
    rows = [(f"{year}-12-31", *pair, name, value) for name, value in added.items() for year in range(first, 2025)]
    return pd.DataFrame(rows, columns=["date", "state", "partner", "layer", "added"])


def network(values) -> pd.DataFrame:
    """All dyads at the last date: nothing but their scores matters."""
    return pd.DataFrame({"value": np.asarray(values, float)})


def tie(ties: pd.DataFrame | None = None, **changes) -> TieResult:
    """A whole result: a steady tie with a treaty, troops that come and go, and disputes read until 2018."""
    shown = series(1.0) if ties is None else ties
    first = int(shown["date"].iloc[0][:4])
    made = layers(first, treaty=0.6, troops=0.25, disputes=-0.3, votes=0.04, standing=0.41)
    years = [(f"{year}-12-31", name) for name in ("treaty", "troops", "votes") for year in range(first, 2025)]
    years += [(f"{year}-06-30", "disputes") for year in range(first, 2019)]
    result = TieResult(
        ties=shown,
        layers=made,
        network=network(np.linspace(0, 99, 100)),
        readings=pd.DataFrame(years, columns=["date", "layer"]),
        pledges=pd.DataFrame([("2017-05-01", 3, "defence")], columns=["date", "grade", "label"]),
        names=NAMES,
        start=str(shown["date"].iloc[0]),
        draws=200,
        origin="Made by hand.",
    )
    return replace(result, **changes)
