"""From a panel to readings: which dyads had to do with one another, and what each indicator reads of them."""

from collections.abc import Callable, Sequence

import numpy as np

from latticework.measures.strength.dyads import HUBS, Dyads, patrons
from latticework.measures.strength.families import Level, Values
from latticework.measures.strength.hidden import Ties
from latticework.measures.strength.indicators import INDICATORS, Indicator, Reading
from latticework.measures.strength.indicators.base import either
from latticework.measures.strength.items import Rows
from latticework.measures.strength.smoother import QUARTERS
from latticework.types import Bool
from latticework.world import Panel

Load = Callable[[tuple[str, ...]], Panel]  # the quarterly panel of all states with the layers named
FIRST_ERA, ERA = 1950, 10
ERAS = 8
EVER = {  # what makes a dyad worth measuring: so much of a layer, added up or at its highest
    "defence": 1.0,
    "offence": 1.0,
    "neutrality": 1.0,
    "consultation": 1.0,
    "agreement": 1.0,
    "contiguity": 1.0,
    "rivalry": 1.0,
    "interstate_conflict": 1.0,
    "dispute": 1.0,
    "troops": 100.0,
    "exercise": 3.0,
}
ADDED_UP = ("exercise",)
Unit = tuple[float, float]


def relevant(load: Load) -> tuple[tuple[str, str], ...]:
    """The dyads with a hub, and those that ever had a treaty, a border, a dispute, a garrison or three exercises."""
    panel = load(("contiguity",))
    codes, present = panel.codes, np.asarray(panel.world.present)
    chosen = np.zeros((len(codes), len(codes)), bool)
    for name, enough in EVER.items():
        values = np.nan_to_num(np.asarray(load((name,)).world.dyad(name)))
        most = values.sum(0) if name in ADDED_UP else values.max(0)
        chosen |= np.maximum(most, most.T) >= enough
    for hub in set(HUBS) & set(codes):
        chosen[codes.index(hub)] = chosen[:, codes.index(hub)] = True
    both = np.einsum("ti,tj->ij", present.astype(np.float32), present.astype(np.float32)) > 0
    pairs = (tuple(sorted((codes[i], codes[j]))) for i, j in np.argwhere(np.triu(chosen & both, 1)))
    return tuple(sorted((a, b) for a, b in pairs))


def dyads_of(pairs: Sequence[tuple[str, str]], load: Load) -> Dyads:
    """The dyads with their patrons, lives and standing."""
    panel = load(("distance", "contiguity"))
    codes = panel.codes
    first, second = (np.array([codes.index(sorted(pair)[side]) for pair in pairs], int) for side in (0, 1))
    present = np.asarray(panel.world.present)
    patron = patrons(codes, first, second)
    blank = Dyads(codes, first, second, patron, present[:, first] & present[:, second], np.zeros((len(first), 0)))
    near = np.nan_to_num(either(panel.world.dyad("contiguity"), blank)).max(0) == 1
    away = np.nan_to_num(either(panel.world.dyad("distance"), blank)).max(0)
    columns = [(np.log(np.maximum(away, 50.0)) - 8.0) / 1.2, near, *(patron == g for g in range(len(HUBS)))]
    standing = np.stack([np.asarray(c, float) for c in columns], axis=1)
    return Dyads(codes, first, second, patron, blank.alive, standing)


def eras_of(dates: np.ndarray) -> np.ndarray:
    """The number of the decade of each date, the 1950s first; what lies beyond the last era counts to it."""
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    return np.clip((years - FIRST_ERA) // ERA, 0, ERAS - 1)


def rows_of(indicator: Indicator, reading: Reading, dyads: Dyads, dates: np.ndarray, unit: Unit | None = None) -> Rows:
    """An indicator's readings, flat; numbers in the unit given, or in deviations from their own mean and sd."""
    known = np.isfinite(reading.value) & dyads.alive
    if indicator.patrons:
        known &= np.isin(dyads.patron, [HUBS.index(p) for p in indicator.patrons])
    t, d = np.nonzero(known)
    y = np.asarray(reading.value, np.float64)[t, d]
    sd = reading.sd[t, d] if isinstance(reading.sd, np.ndarray) else np.zeros(len(t))
    if unit is None:
        unit = (float(y.mean()), float(y.std())) if isinstance(indicator.family, Level) and len(y) else (0.0, 1.0)
    y, sd = (y - unit[0]) / unit[1], sd / unit[1]
    era, near = eras_of(dates)[t], dyads.standing[d, 1] * indicator.opportunity
    shape = (len(dates) // QUARTERS, len(dyads))
    values = Values(y, sd, _before(known, t, d), t // QUARTERS, d, shape)
    return Rows(indicator, t, d, values, era, dyads.patron[d], near, ERAS, unit)


def _before(known: Bool[np.ndarray, "t d"], t: np.ndarray, d: np.ndarray) -> np.ndarray:
    """The place of the same dyad's reading a year before, -1 where there is none."""
    place = np.full(known.shape, -1)
    place[t, d] = np.arange(len(t))
    return np.where(t >= QUARTERS, place[t - QUARTERS, d], -1)


def ties_of(
    pairs: Sequence[tuple[str, str]],
    load: Load,
    units: dict[str, Unit] | None = None,
    indicators: Sequence[Indicator] = INDICATORS,
) -> tuple[Ties, np.ndarray]:
    """All readings of the dyads, and the dates of the quarters; `units` as an earlier fit standardised them."""
    dyads, rows, dates = dyads_of(pairs, load), [], np.array([])
    for indicator in indicators:
        panel = load(indicator.reads)
        dates = panel.dates
        unit = None if units is None else units[indicator.name]
        rows.append(rows_of(indicator, indicator.read(panel, dyads), dyads, dates, unit))
    return Ties.of(dyads, rows), dates
