"""Cohesion says how well a group of states holds together: its weakest tie, and the mean of its ties."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.domains import RECORD, banded
from latticework.measures.strength.summary import score
from latticework.types import Float

WEAKEST, MEAN = "weakest link", "mean"
UNIT = "score, 0 to 100"
FEWEST = 3  # states of a group


def dyads_of(states: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """All dyads among some states, in alphabetical order."""
    return tuple(combinations(sorted(set(states)), 2))


def cohesion(draws: TieDraws, states: Sequence[str]) -> pd.DataFrame:
    """The weakest link and the mean of the ties among some states by quarter (columns: RECORD, partner_probability).

    `state` is the group (JPN-KOR-USA), `partner` the dyad that is the weakest link in most draws, with the share of
    the draws in which it is, empty for the mean. Ties are independent given what all share, so that draws combine one
    by one. The chance is that of a fall. Quarters in which not all of the states exist have no row.
    """
    pairs = dyads_of(states)
    places = [draws.of(*pair) for pair in pairs]
    scores, there = score(draws.strength[:, :, places]), np.all(draws.alive[:, places], axis=1)
    first, share = weakest(scores)
    labels = np.array(["-".join(pair) for pair in pairs], dtype=object)
    known = {WEAKEST: (scores.min(2), labels[first], share), MEAN: (scores.mean(2), "", np.nan)}
    tables = []
    for quantity, (values, partner, certain) in known.items():
        table = banded(values, draws.dates, there, quantity, UNIT, rises=False)
        tables.append(table.assign(partner=partner, partner_probability=certain)[there])
    whole = pd.concat(tables, ignore_index=True).assign(state="-".join(sorted(set(states))))
    return whole[[*RECORD, "partner_probability"]]


def weakest(scores: Float[np.ndarray, "s t d"]) -> tuple[np.ndarray, Float[np.ndarray, "t"]]:
    """Which tie is the weakest in most draws of each quarter, and in which share of them."""
    often = (scores.argmin(2)[..., None] == np.arange(scores.shape[2])).mean(0)
    return often.argmax(1), often.max(1)
