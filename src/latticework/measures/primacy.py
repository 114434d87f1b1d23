"""Primacy says whose a region is: the share of its capability that is tied to the hub rather than the rival."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from latticework.measures.strength.conditional import TieDraws
from latticework.measures.strength.domains import RECORD, banded
from latticework.measures.strength.summary import score
from latticework.types import Float

QUANTITY, UNIT = "primacy", "share, 0 to 1"


def tied_share(
    hub: Float[np.ndarray, "*s n"], rival: Float[np.ndarray, "*s n"], capability: Float[np.ndarray, "*t n"]
) -> Float[np.ndarray, "*s"]:
    """sum c s_hub / sum c (s_hub + s_rival) over the states of a region; without capability a state does not count.

    `hub` and `rival` are the strengths of both ties of each state on any scale that begins at zero. NaN where no
    state counts.
    """
    weight = np.where(np.isfinite(capability), capability, 0.0)
    near, far = (weight * hub).sum(-1), (weight * rival).sum(-1)
    whole = near + far
    return np.divide(near, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def primacy(
    draws: TieDraws, hub: str, rival: str, states: Sequence[str], capability: Float[np.ndarray, "t n"]
) -> pd.DataFrame:
    """The primacy of hub against rival among some other states by quarter (columns: RECORD, states).

    `capability` has a column for each of `states`; where it is NaN, or one of the three does not exist, the state
    does not count; the column `states` says how many do. The chance is that of a fall.
    """
    near, far = ([draws.of(state, pole) for state in states] for pole in (hub, rival))
    weight = np.where(draws.alive[:, near] & draws.alive[:, far], capability, np.nan)
    values = tied_share(score(draws.strength[..., near]), score(draws.strength[..., far]), weight)
    there = np.asarray(np.isfinite(values).all(0))
    table = banded(values, draws.dates, there, QUANTITY, UNIT, rises=False)
    table = table.assign(state=hub, partner=rival, states=np.isfinite(weight).sum(1))
    return table.loc[there, [*RECORD, "states"]].reset_index(drop=True)
