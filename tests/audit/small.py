"""A small panel, a small posterior and small ties, so that every test of a claim can be worked out by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from latticework.audit import Evidence, Fact, Future, Known, read_claims
from latticework.data.states import resolve
from latticework.fit import Estimate, Posterior, Record
from latticework.measures.strength.conditional import TieDraws

DAY = date(2025, 1, 24)
RECORD = {"value": "number", "frequency": "annual", "absent": "missing", "directed": False, "source": "a source"}


def record(kind: str, **told: object) -> dict[str, object]:
    return RECORD | {"kind": kind, "unit": "units", "title": "Something", "to": "2024-12-31"} | told


LAYERS = {
    "gdp": record("state", title="Product"),
    "troops": record("dyad", directed=True),
    "defence": record("dyad", frequency="spells", absent="zero", to="2025-01-24"),
    "dispute": record("dyad", absent="zero", to="2014-12-31"),
    "leader": record("state", value="text", frequency="spells"),
    "trade_share": record("dyad", directed=True),
}
ROWS = {
    "gdp": [
        ("2013-12-31", "JPN", 3.0),
        ("2023-12-31", "DEU", 5.0),
        ("2023-12-31", "JPN", 4.0),
        ("2023-12-31", "KOR", 2.0),
        ("2023-12-31", "USA", 9.0),
    ],
    "leader": [("2010-01-01", "JPN", "A"), ("2024-10-01", "JPN", "B"), ("2024-12-27", "KOR", "C")],
    "troops": [
        ("2014-09-30", "USA", "KOR", 300.0),
        ("2024-09-30", "USA", "DEU", 500.0),
        ("2024-09-30", "USA", "JPN", 600.0),
        ("2024-09-30", "USA", "KOR", 200.0),
    ],
    "trade_share": [("2023-12-31", "JPN", "CHN", 0.2), ("2023-12-31", "JPN", "USA", 0.15)],
    "defence": [("1951-09-08", "JPN", "USA", 1.0), ("1954-01-01", "TWN", "USA", 1.0)],
    "dispute": [],
}
ENDS = {"defence": ["", "1979-12-31"], "leader": ["2024-10-01", "", ""]}


def panel(name: str) -> pd.DataFrame:
    kind = LAYERS[name]["kind"]
    columns = ["date", "state", "partner", "value"] if kind == "dyad" else ["date", "state", "value"]
    table = pd.DataFrame(ROWS[name], columns=columns)
    if name in ENDS:
        table["end"] = ENDS[name]
    if name == "leader":
        table["acting"] = [0.0, 0.0, 1.0]
    return table


def posterior() -> Posterior:
    """Two effects with a known covariance, the second assumed; the same for every process."""
    mean, covariance = np.array([-0.4, 0.3]), np.array([[0.01, 0.002], [0.002, 0.04]])
    names = ("defence pact between the two", "rivalry")
    told = [("data-driven", "estimated", 397), ("assumed", "assumed", 12)]
    records = tuple(
        Record(
            effect=name, origin=origin, source="", rows=100, events=events, prior_mean=0.0, prior_sd=1.0, because="",
            mean=float(m), sd=float(s), sd_naive=float(s), contraction=0.9, badge=badge,
        )
        for name, (badge, origin, events), m, s in zip(names, told, mean, np.sqrt(np.diag(covariance)), strict=True)
    )  # fmt: skip
    estimate = Estimate(
        "dispute_onset", names, mean, covariance, covariance, 100, 397, ("1950", "2014"), 0.0, (), records
    )
    others = ("leader_exit", "troop_change", "alignment", "agreement_end")
    return Posterior({name: replace(estimate, process=name) for name in ("dispute_onset", *others)}, {}, "")


def draws(seed: int = 3, count: int = 400) -> TieDraws:
    """Draws of four ties over eight quarters from the end of March 2023 on."""
    names = (("CHN", "JPN"), ("JPN", "KOR"), ("JPN", "USA"), ("KOR", "USA"))
    rng = np.random.default_rng(seed)
    centre = np.array([-1.0, 0.2, 1.5, 1.0])
    strength = centre + 0.3 * rng.standard_normal((count, 8, 4))
    dates = np.array(["2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"] * 2, "datetime64[D]")
    dates[4:] += 366
    alive, factor = np.ones((8, 4), bool), 0.2 * rng.standard_normal((count, 2, 3, 4))
    return TieDraws(
        names, dates, alive, strength, factor, np.zeros_like(strength), np.zeros((1, 8, 4)), np.zeros((8, 4))
    )


def evidence(
    facts: tuple[Fact, ...] = (),
    table: pd.DataFrame | None = None,
    rows: Mapping[str, pd.DataFrame] | None = None,
    future: Future | None = None,
) -> Evidence:
    made = dict(rows or {})
    return Evidence(
        day=DAY,
        facts={fact.id: fact for fact in facts},
        rows=lambda name: made[name] if name in made else panel(name),
        record=lambda name: LAYERS[name],
        table=lambda unit, layers, states: table if table is not None else pd.DataFrame(),
        ties=draws,
        posterior=posterior(),
        future=future,
    )


def known() -> Known:
    dense = {"turnover": "state", "ideal_point": "state", "dispute": "dyad", "rivalry": "dyad", "troops": "dyad"}
    return Known(resolve, {name: str(told["kind"]) for name, told in LAYERS.items()}, dense)


HEAD = """\
id: small
title: A text
text: a note
dated: 2025-01-24
scenario: asia-2025
facts:
  - {id: F1, date: 2024-10-27, what: a vote, value: 215, unit: seats, source: a page, confidence: high}
claims:
  - id: C1
    text: something is so
    kind: fact
    tests:
      - {test: value, says: a value, layer: gdp, of: [JPN], at_least: 4}
"""


def claims(text: str = HEAD):
    return read_claims(text, "small/claims.yaml", known())
