"""Each layer predicted from the others: what its readings look like to one who has never seen it in these dyads.

A layer is hidden altogether in some dyads; strength and the factors come from the other layers, and its readings are
scored under what they predict. Beside it stand the layer's own rate by era, and its own past: what it showed one or
ten years before, with the frequencies of what followed in other dyads. Scores are mean log probabilities (densities).
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from latticework.measures.strength.conditional import SETTLE, swept
from latticework.measures.strength.families import Event, Grade, Level
from latticework.measures.strength.hidden import Ties
from latticework.measures.strength.items import Item, Rows
from latticework.measures.strength.posterior import LOOSE, TIGHTENING, Shared, begun
from latticework.types import Float, Int

LAGS = (1, 10)  # years
POINTS = 15  # of the quadrature over an event's own deviation
SHARE, DRAWS = 0.08, 40
BINS = 12
COLUMNS = ("layer", "readings", "dyads", "others", "era", "one_year", "ten_years")


def held_out(
    shared: Shared, ties: Ties, seed: int = 1, report: Callable[[str, float], None] = lambda what, share: None
) -> pd.DataFrame:
    """Mean log scores of every layer in dyads where it was hidden (columns: COLUMNS)."""
    rng, found = np.random.default_rng(seed), []
    for k, rows in enumerate(ties.rows):
        report(f"predicting {rows.indicator.title}", k / len(ties.rows))
        read = np.unique(rows.d)
        hidden_in = np.sort(rng.choice(read, max(1, round(SHARE * len(read))), replace=False))
        scores = _predicted(rng, shared, ties.take(hidden_in), k)
        test = np.isin(rows.d, hidden_in)
        others = float(scores.mean())
        found.append((rows.indicator.name, int(test.sum()), len(hidden_in), others, *_rivals(rows, test)))
    return pd.DataFrame(found, columns=list(COLUMNS))


def _predicted(rng: np.random.Generator, shared: Shared, ties: Ties, hidden_layer: int) -> Float[np.ndarray, "r"]:
    """Log probability of each reading of one layer given the other layers of the same dyads."""
    rest = [rows for k, rows in enumerate(ties.rows) if k != hidden_layer]
    without = replace(ties, rows=tuple(rest))
    draws = shared.draws[:: max(1, len(shared.draws) // DRAWS)][:DRAWS]
    seen = [replace(d, items=tuple(i for k, i in enumerate(d.items) if k != hidden_layer)) for d in draws]
    now = begun(rng, without, seen[0].items)
    for s in range(SETTLE):
        now = swept(rng, without, *now, seen[0], LOOSE * TIGHTENING**s)
    scores = []
    rows = ties.rows[hidden_layer]
    for draw, mine in zip(draws, seen, strict=True):
        for _ in range(2):
            now = swept(rng, without, *now, mine, 0.0)
        item = draw.items[hidden_layer]
        scores.append(marginal(rows, item, item.eta(rows, *now[0].at(rows))))
    return np.asarray(logsumexp(np.array(scores), axis=0)) - np.log(len(scores))


def marginal(rows: Rows, item: Item, eta: Float[np.ndarray, "r"]) -> Float[np.ndarray, "r"]:
    """Log probability of each reading where nothing is known of the layer's own deviation in the dyad."""
    family, values = rows.indicator.family, rows.values
    alone = values._replace(before=np.full(len(values.y), -1))
    if isinstance(family, Level):
        spread = np.sqrt(np.exp(2 * item.scale[-2]) + values.sd**2)
        return -0.5 * (np.log(2 * np.pi) + ((values.y - eta) / spread) ** 2) - np.log(spread)
    if isinstance(family, Grade):
        return family.log_probability(alone, eta, item.scale)
    assert isinstance(family, Event)
    points, weights = np.polynomial.hermite_e.hermegauss(POINTS)
    terms = [
        np.log(w) + family.log_probability(values, eta + np.exp(item.scale[-2]) * x, item.scale)
        for x, w in zip(points, weights / weights.sum(), strict=True)
    ]
    return np.asarray(logsumexp(np.array(terms), axis=0))


def _rivals(rows: Rows, test: np.ndarray) -> tuple[float, ...]:
    """Mean log scores of the era's rate, and of what the layer showed itself one and ten years before."""
    number = isinstance(rows.indicator.family, Level)
    keys = [rows.era] + [_past(rows, lag) for lag in LAGS]
    return tuple(float((_by_number if number else _by_rate)(rows, key, test)) for key in keys)


def _past(rows: Rows, lag: int) -> Int[np.ndarray, "r"]:
    """The class of what the dyad showed `lag` years before (a year's events added up); -1 if there was no reading."""
    values = rows.values
    total, there = np.zeros(values.shape), np.zeros(values.shape, bool)
    np.add.at(total, (values.year, values.dyad), values.y)
    there[values.year, values.dyad] = True
    before = values.year - lag
    known = (before >= 0) & there[before.clip(0), values.dyad]
    past = total[before.clip(0), values.dyad]
    if isinstance(rows.indicator.family, Level):
        edges = np.quantile(values.y, np.linspace(0, 1, BINS + 1)[1:-1])
        classes = np.searchsorted(edges, past)
    else:
        classes = np.minimum(past, BINS).astype(int)
    return np.where(known, classes, -1)


def _by_rate(rows: Rows, key: np.ndarray, test: np.ndarray) -> float:
    """Frequencies of each value among the other dyads with the same key, half a reading added to each value."""
    value = np.minimum(rows.values.y, BINS).astype(int)
    most = int(value.max()) + 1
    cell = (key + 1) * most + value
    counts = np.bincount(cell[~test], minlength=(int(key.max()) + 2) * most).reshape(-1, most) + 0.5
    return float(np.log(counts / counts.sum(1, keepdims=True))[key[test] + 1, value[test]].mean())


def _by_number(rows: Rows, key: np.ndarray, test: np.ndarray) -> float:
    """A normal law with the mean and sd of the other dyads with the same key."""
    y, size = rows.values.y, int(key.max()) + 2
    n = np.bincount(key[~test] + 1, minlength=size) + 1e-9
    mean = np.bincount(key[~test] + 1, y[~test], size) / n
    square = np.bincount(key[~test] + 1, y[~test] ** 2, size) / n
    sd = np.sqrt(np.maximum(square - mean**2, 0.01))
    m, s = mean[key[test] + 1], sd[key[test] + 1]
    return float((-0.5 * (np.log(2 * np.pi) + ((y[test] - m) / s) ** 2) - np.log(s)).mean())
