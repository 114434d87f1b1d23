"""Hedging says how a state stands between hub and rival: to whom it tilts, how evenly, and how much it has of both.

The need for it: one state may be bound to the hub by treaty and to the rival by trade. Kuik (2021) gives the sign: a
state that turns from the hub to the rival tilts less to the hub.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr

from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.domains import RECORD, banded, in_domains
from latticework.measures.strength.indicators import DOMAINS
from latticework.types import Float

EQUAL = (1 / 3, 1 / 3, 1 / 3)
TILT, DISPERSION, ENGAGEMENT, HEDGING = "tilt", "dispersion", "engagement", "hedging"
UNITS = {TILT: "-1 (rival) to 1 (hub)", DISPERSION: "0 to 1", ENGAGEMENT: "0 to 1", HEDGING: "0 to 1"}


class Stance(NamedTuple):
    """A stance between two poles: tilts by domain and overall, their dispersion, engagement, hedging."""

    tilts: Float[np.ndarray, "*s 3"]
    tilt: Float[np.ndarray, "*s"]
    dispersion: Float[np.ndarray, "*s"]
    engagement: Float[np.ndarray, "*s"]
    hedging: Float[np.ndarray, "*s"]


def stance(
    hub: Float[np.ndarray, "*s 3"], rival: Float[np.ndarray, "*s 3"], weights: Sequence[float] = EQUAL
) -> Stance:
    """The stance that follows from the strength of both ties by domain, in sd (u of `in_domains`).

    Tilts a = Phi(u of the hub) - Phi(u of the rival), A = sum w a, dispersion D = sqrt(sum w (a - A)^2), engagement
    E = sum w min(Phi, Phi), that of the weaker pole, hedging H = E (1 - |A|) (1 + D) / 2: high for a state that has
    much of both and leans to neither, the more so if it leans to one in one domain and to the other in another.
    """
    w, near, far = np.asarray(weights, float), ndtr(hub), ndtr(rival)
    a = near - far
    tilt = a @ w
    dispersion = np.sqrt((a - tilt[..., None]) ** 2 @ w)
    engagement = np.minimum(near, far) @ w
    return Stance(a, tilt, dispersion, engagement, engagement * (1 - np.abs(tilt)) * (1 + dispersion) / 2)


def hedging(draws: TieDraws, state: str, hub: str, rival: str, weights: Sequence[float] = EQUAL) -> pd.DataFrame:
    """How a state stands between hub and rival by quarter: A, D, E and H, and the tilt in each domain.

    Columns: RECORD; `partner` is HUB-RIVAL. The chance is that of a rise. Quarters in which one of the three states
    does not exist have no row.
    """
    found = stance(in_domains(draws, state, hub), in_domains(draws, state, rival), weights)
    there = draws.alive[:, draws.of(state, hub)] & draws.alive[:, draws.of(state, rival)]
    series = {TILT: found.tilt, DISPERSION: found.dispersion, ENGAGEMENT: found.engagement, HEDGING: found.hedging}
    series |= {f"{TILT} in {domain}": found.tilts[..., m] for m, domain in enumerate(DOMAINS)}
    tables = []
    for quantity, values in series.items():
        table = banded(values, draws.dates, there, quantity, UNITS.get(quantity, UNITS[TILT]))
        tables.append(table[there])
    return pd.concat(tables, ignore_index=True).assign(state=state, partner=f"{hub}-{rival}")[list(RECORD)]
