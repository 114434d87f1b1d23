"""The strength of some ties given what all dyads share: seconds instead of minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from latticework.measures.strength.attribution import Attribution
from latticework.measures.strength.hidden import (
    Hidden,
    Ties,
    augmented,
    hidden_drawn,
    innovations,
)
from latticework.measures.strength.posterior import LOOSE, TIGHTENING, Draw, Shared, begun
from latticework.measures.strength.shift import shifted
from latticework.types import Float

INNER = 4  # sweeps over the hidden states for every draw of what is shared
SETTLE = 80  # sweeps before the first draw is kept
LARGE = 3.0  # innovations beyond so many scales are breaks


@dataclass(frozen=True)
class TieDraws:
    """Posterior draws of the ties of some dyads: strength, its shocks, the domains' factors and what each layer adds.

    Strength has mean 0 and sd 1 over all dyads of 2000-2009; `factor` has variance one. `shock` is the innovation in
    units of its scale. `parts` are the posterior means of what each indicator adds to strength; together with `rest`
    (what a dyad's standing leads one to expect) they add up to the mean of strength.
    """

    names: tuple[tuple[str, str], ...]
    dates: np.ndarray
    alive: np.ndarray
    strength: Float[np.ndarray, "s t d"]
    factor: Float[np.ndarray, "s y 3 d"]
    shock: Float[np.ndarray, "s t d"]
    parts: Float[np.ndarray, "k t d"]
    rest: Float[np.ndarray, "t d"]

    def of(self, state: str, partner: str) -> int:
        """The place of a dyad, in either order of its states."""
        return self.names.index((min(state, partner), max(state, partner)))


def tie_draws(shared: Shared, ties: Ties, dates: np.ndarray, seed: int = 1) -> TieDraws:
    """Draws of all dyads in `ties`, one for every draw of what dyads share."""
    rng = np.random.default_rng(seed)
    now = begun(rng, ties, shared.draws[0].items)
    strength, factor, shock, attribution = [], [], [], Attribution(ties)
    for s in range(SETTLE):
        now = swept(rng, ties, *now, shared.draws[0], LOOSE * TIGHTENING**s)
    for draw in shared.draws:
        for _ in range(INNER):
            now = swept(rng, ties, *now, draw, 0.0)
        hidden, moved = now[0], innovations(now[0].deviation, ties.quarters, draw.dynamics.rho)
        strength.append((hidden.strength - draw.centre) / draw.spread)
        factor.append(hidden.factor)
        shock.append(moved / draw.dynamics.sigma[ties.dyads.patron])
        attribution.add(*now, draw)
    parts, mean = attribution.parts(), np.mean(strength, axis=0)
    arrays = (np.array(strength), np.array(factor), np.array(shock), parts, mean - parts.sum(0))
    return TieDraws(ties.dyads.names, dates, ties.dyads.alive, *arrays)


def aligned(draws: TieDraws, mean: Float[np.ndarray, "t d"], sd: Float[np.ndarray, "t d"]) -> TieDraws:
    """The draws with another mean and sd of strength in each quarter, where these are known (not NaN).

    Two runs of the sampler differ by its Monte Carlo error; what is shipped then counts, and the draws add how
    quarters and dyads move together.
    """
    own, spread = draws.strength.mean(0), draws.strength.std(0, ddof=1)
    moved = mean + sd * (draws.strength - own) / np.maximum(spread, 1e-6)
    return replace(draws, strength=np.where(np.isfinite(mean), moved, draws.strength))


def swept(
    rng: np.random.Generator, ties: Ties, hidden: Hidden, own: Sequence[np.ndarray], draw: Draw, least: float
) -> tuple[Hidden, tuple[np.ndarray, ...]]:
    """One sweep over what is not seen of the dyads; innovations have at least the scale `least`."""
    seen = [augmented(rng, hidden, *part) for part in zip(ties.rows, draw.items, own, strict=True)]
    dynamics = replace(draw.dynamics, sigma=np.maximum(draw.dynamics.sigma, least))
    hidden = hidden_drawn(rng, hidden, ties, draw.items, dynamics, seen)
    hidden, seen = shifted(rng, hidden, ties, draw.items, dynamics, seen)
    return hidden, tuple(p.own for p in seen)
