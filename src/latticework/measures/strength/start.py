"""Where simulated ties start: what is hidden of some ties at the end of a quarter, as draws and as a normal law."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from latticework.measures.strength.conditional import SETTLE, swept
from latticework.measures.strength.dyads import Dyads
from latticework.measures.strength.families import Event, Level
from latticework.measures.strength.hidden import Hidden, Ties
from latticework.measures.strength.items import Item, Rows
from latticework.measures.strength.layers import FOLLOWED
from latticework.measures.strength.posterior import LOOSE, TIGHTENING, Draw, Shared, begun
from latticework.measures.strength.smoother import QUARTERS
from latticework.types import Float, Int

INNER = 2  # sweeps over the hidden states for every draw of what is shared
DOMAINS = 2  # security and diplomacy: no layer of the economy is simulated
STRENGTH, DOMAIN, OWN = 0, 1, 1 + DOMAINS  # places in the hidden state
Watch = Callable[[Hidden, tuple[np.ndarray, ...], Draw], None]


@dataclass(frozen=True)
class Start:
    """What is hidden of d ties at the end of a quarter, by draw of what dyads share (s).

    The n parts: strength, the factors of security and diplomacy, the own deviation of each of FOLLOWED. `parts` are
    draws, `mean` is what strength reverts to. `centre` and `spread` are a normal law of the parts: their moments over
    all draws, but with numbers such as votes exactly as they were read. `sd` is the sd of each tie's last reading.
    Strength, always, has mean 0 and sd 1 over all dyads of 2000-2009.
    """

    dyads: Dyads
    parts: Float[np.ndarray, "s n d"]
    mean: Float[np.ndarray, "s d"]
    centre: Float[np.ndarray, "s n d"]
    spread: Float[np.ndarray, "s n n d"]
    sd: Float[np.ndarray, "k d"]

    @property
    def strength(self) -> Float[np.ndarray, "s d"]:
        """Draws of tie strength."""
        return self.parts[:, STRENGTH]

    def pinned(self) -> "Start":
        """The start at which every draw is taken for the truth, so that nothing later tells of it."""
        return replace(self, centre=self.parts, spread=np.zeros_like(self.spread))


@dataclass(frozen=True)
class Last:
    """The last reading of an indicator in each dyad: its place in the rows (-1 if none) and its age in years."""

    place: Int[np.ndarray, "d"]
    age: Int[np.ndarray, "d"]

    @staticmethod
    def of(rows: Rows, quarter: int, count: int) -> "Last":
        """The last readings up to a quarter; rows are in order of time."""
        place = np.full(count, -1)
        known = rows.t <= quarter
        place[rows.d[known]] = np.flatnonzero(known)
        year = rows.t[place] // QUARTERS if len(rows) else np.zeros(count, int)
        return Last(place, np.where(place >= 0, quarter // QUARTERS - year, 0))


def started(
    shared: Shared, ties: Ties, quarter: int, seed: int = 1, watch: Watch = lambda hidden, own, draw: None
) -> Start:
    """Draws of the ties at the end of a quarter (counted from the first), from all that `ties` holds.

    `watch` sees what is hidden of all quarters, once for every draw, so that a past can be told that ends in the start.
    """
    rng, noise = np.random.default_rng(seed), np.random.default_rng((seed, 1))
    now, count = begun(rng, ties, shared.draws[0].items), len(ties.dyads)
    names = [rows.indicator.name for rows in ties.rows]
    chosen = [names.index(indicator.name) for indicator in FOLLOWED]
    last = [Last.of(ties.rows[k], quarter, count) for k in chosen]
    for s in range(SETTLE):
        now = swept(rng, ties, *now, shared.draws[0], LOOSE * TIGHTENING**s)
    core, frames = [], []
    for draw in shared.draws:
        for _ in range(INNER):
            now = swept(rng, ties, *now, draw, 0.0)
        hidden, own = now
        watch(hidden, own, draw)
        scale = (draw.centre, draw.spread)
        begin = _Begin(hidden, (hidden.strength[quarter] - draw.centre) / draw.spread, quarter // QUARTERS)
        parts = [
            _own(ties.rows[k], draw.items[k], own[k], begin, at, scale) for k, at in zip(chosen, last, strict=True)
        ]
        core.append(np.stack([begin.strength, *begin.factor, *(part.free for part in parts)]))
        frames.append((parts, (hidden.mu - draw.centre) / draw.spread))
    return _joined(ties, chosen, last, np.array(core), frames, noise)


@dataclass(frozen=True)
class _Begin:
    """The hidden state of a draw at the start: strength, and the factors of the year."""

    hidden: Hidden
    strength: np.ndarray
    year: int

    @property
    def factor(self) -> np.ndarray:
        return self.hidden.factor[self.year, :DOMAINS]


@dataclass(frozen=True)
class _Own:
    """An own deviation as u = kept * (anchor + free + strength * theta + factor * phi) plus noise of variance `rest`.

    A number that was read leaves no freedom: u is the reading less what strength and the factor lead one to expect.
    """

    free: np.ndarray
    anchor: np.ndarray
    strength: np.ndarray
    factor: np.ndarray
    kept: np.ndarray
    rest: np.ndarray


def _own(rows: Rows, item: Item, own: np.ndarray, begin: _Begin, last: Last, scale: tuple[float, float]) -> _Own:
    read, count = last.place >= 0, len(last.place)
    zero = np.zeros(count)
    rho, variance = float(expit(item.scale[-1])), float(np.exp(2 * item.scale[-2]))
    if isinstance(rows.indicator.family, Event):
        return _Own(own[begin.year], zero, zero, zero, np.ones(count), zero)
    if not len(rows):
        return _Own(zero, zero, zero, zero, zero, np.full(count, variance))
    place = np.where(read, last.place, 0)
    kept = np.where(read, rho**last.age, 0.0)
    rest = (variance + np.where(read, rows.values.sd[place], 0.0) ** 2) * (1 - kept**2)
    eta = item.eta(rows, *begin.hidden.at(rows))[place]
    if not isinstance(rows.indicator.family, Level):
        return _Own(np.where(read, own[place] - eta, 0.0), zero, zero, zero, kept, rest)
    loading, specific = np.where(read, item.loading[rows.patron[place]], 0.0), np.where(read, item.specific, 0.0)
    anchor = np.where(read, rows.values.y[place] - item.base(rows)[place] - loading * scale[0], 0.0)
    strength = -loading * scale[1]
    expected = anchor + strength * begin.strength - specific * begin.factor[rows.indicator.domain_index]
    free = np.where(read & (last.age > 0), rows.values.y[place] - eta - expected, 0.0)  # moved since it was read
    return _Own(free, anchor, strength, -specific, kept, rest)


def _joined(
    ties: Ties, chosen: Sequence[int], last: Sequence[Last], core: np.ndarray, frames: list, noise: np.random.Generator
) -> Start:
    """Draws and normal laws of all parts, from those of the core: strength, factors and what is free of the rest."""
    draws, _, count = core.shape
    middle = core.mean(0)
    apart = core - middle
    joint = np.einsum("sad,sbd->abd", apart, apart) / max(draws - 1, 1)
    size = OWN + len(FOLLOWED)
    parts, centre = np.zeros((2, draws, size, count))
    spread = np.zeros((draws, size, size, count))
    for s, (owned, _) in enumerate(frames):
        map_, shift, rest = np.zeros((size, core.shape[1], count)), np.zeros((size, count)), np.zeros((size, count))
        map_[STRENGTH, 0] = 1.0
        for m in range(DOMAINS):
            map_[DOMAIN + m, 1 + m] = 1.0
        for k, own in enumerate(owned):
            map_[OWN + k, 1 + DOMAINS + k] = own.kept
            map_[OWN + k, 0] = own.kept * own.strength
            map_[OWN + k, 1 + FOLLOWED[k].domain_index] += own.kept * own.factor
            shift[OWN + k], rest[OWN + k] = own.kept * own.anchor, own.rest
        parts[s] = np.einsum("nad,ad->nd", map_, core[s]) + shift + np.sqrt(rest) * noise.standard_normal(rest.shape)
        centre[s] = np.einsum("nad,ad->nd", map_, middle) + shift
        spread[s] = np.einsum("nad,abd,mbd->nmd", map_, joint, map_, optimize=True)
        spread[s][np.arange(size), np.arange(size)] += rest
    mean = np.array([mu for _, mu in frames])
    sd = [_last_sd(ties.rows[k], at) for k, at in zip(chosen, last, strict=True)]
    return Start(ties.dyads, parts, mean, centre, spread, np.array(sd))


def _last_sd(rows: Rows, last: Last) -> Float[np.ndarray, "d"]:
    if not len(rows):
        return np.zeros(len(last.place))
    return np.where(last.place >= 0, rows.values.sd[np.maximum(last.place, 0)], 0.0)
