"""The parameters of tie strength as a table: estimate, band, bounds, and whether the two halves of the chain agree."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from latticework.measures.strength.dyads import COVARIATES, HUBS
from latticework.measures.strength.families import Count
from latticework.measures.strength.indicators import DOMAINS, INDICATORS, Indicator
from latticework.measures.strength.items import LEAST, MOST
from latticework.measures.strength.posterior import Shared
from latticework.measures.strength.summary import BAND
from latticework.types import Float

COLUMNS = ("part", "parameter", "of", "estimate", "sd", "lower", "upper", "least", "most", "rhat")
PATRON_NAMES = (*HUBS, "no patron")
Named = tuple[str, str, str, Float[np.ndarray, "s"], float, float]


def parameters(shared: Shared) -> pd.DataFrame:
    """A row for each parameter that all dyads share, but for the intercepts of eras and states (columns: COLUMNS).

    `least` and `most` are the bounds within which it was estimated (equal: it was given). `rhat` compares the two
    halves of the chain (Gelman and Rubin 1992, Statistical Science 7: 457-472): near 1 where they agree.
    """
    rows = [(part, name, of, *_described(x), low, high, split_rhat(x)) for part, name, of, x, low, high in _all(shared)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def split_rhat(draws: Float[np.ndarray, "s"]) -> float:
    """The potential scale reduction of a chain cut in two; 1 for a constant."""
    half = len(draws) // 2
    chains = draws[: 2 * half].reshape(2, half)
    within, between = chains.var(axis=1, ddof=1).mean(), half * chains.mean(axis=1).var(ddof=1)
    return 1.0 if within == 0 else float(np.sqrt((half - 1) / half + between / half / within))


def _described(x: Float[np.ndarray, "s"]) -> tuple[float, float, float, float]:
    return float(x.mean()), float(x.std(ddof=1)), float(np.quantile(x, BAND[0])), float(np.quantile(x, BAND[1]))


def _all(shared: Shared) -> Iterator[Named]:
    for k, indicator in enumerate(INDICATORS):
        yield from _of_item(shared, k, indicator)
    dynamics = [draw.dynamics for draw in shared.draws]
    for g, patron in enumerate(PATRON_NAMES):
        yield "motion", "innovation scale", patron, np.array([d.sigma[g] for d in dynamics]), 0.0, np.inf
    yield "motion", "persistence by quarter", "strength", np.array([d.rho for d in dynamics]), 0.0, 1.0
    for m, domain in enumerate(DOMAINS):
        yield "motion", "persistence by year", domain, np.array([d.rho_domain[m] for d in dynamics]), 0.0, 1.0
    for m, covariate in enumerate(COVARIATES):
        yield "mean", "weight", covariate, np.array([d.standing[m] for d in dynamics]), -np.inf, np.inf
    yield "mean", "spread of dyads", "", np.array([d.spread for d in dynamics]), 0.0, np.inf


def _of_item(shared: Shared, k: int, indicator: Indicator) -> Iterator[Named]:
    items = [draw.items[k] for draw in shared.draws]
    bounds = sorted((indicator.usual * LEAST, indicator.usual * MOST))
    if indicator.fixed is not None:
        bounds = [indicator.fixed, indicator.fixed]
    for g, patron in enumerate(PATRON_NAMES):
        if not indicator.patrons or patron in indicator.patrons:
            yield indicator.name, "loading", patron, np.array([i.loading[g] for i in items]), bounds[0], bounds[1]
    sides = (0.0, np.inf) if indicator.usual > 0 else (-np.inf, 0.0)
    yield indicator.name, "loading on domain", indicator.domain, np.array([i.specific for i in items]), *sides
    if indicator.opportunity:
        yield indicator.name, "neighbours", "", np.array([i.near for i in items]), -np.inf, np.inf
    scale = np.array([i.scale for i in items])
    if isinstance(indicator.family, Count):
        yield indicator.name, "size of counts", "", np.exp(scale[:, 0]), 0.0, np.inf
    least = float(np.exp(indicator.family.least[-2]))
    yield indicator.name, "sd of own deviation", "", np.exp(scale[:, -2]), least, np.inf
    yield indicator.name, "persistence of own deviation", "", 1 / (1 + np.exp(-scale[:, -1])), 0.0, 1.0
