"""A made-up past: shared parameters known, hidden states and readings drawn from the model, with layers missing."""

from dataclasses import dataclass, replace

import numpy as np

from latticework.measures.strength.dyads import COVARIATES, HUBS, Dyads, patrons
from latticework.measures.strength.families import Event, Family, Grade, Level, Values
from latticework.measures.strength.hidden import Dynamics, Hidden, Ties
from latticework.measures.strength.indicators import DOMAINS, INDICATORS, Indicator, Reading
from latticework.measures.strength.items import PATRONS, Item, Rows
from latticework.measures.strength.posterior import Draw
from latticework.measures.strength.readings import ERAS, rows_of

STATES = ("CHN", "RUS", "USA", *(f"S{k:02d}" for k in range(70)))
COMMON = {  # how often things happen where strength is zero, as a linear predictor
    "treaty": -0.5,
    "garrison": -0.3,
    "troops": 0.3,
    "exercises": -1.5,
    "disputes": -3.0,
    "conflict": -4.0,
    "votes": 0.1,
    "visits": -1.8,
    "embassies": 1.0,
    "organisations": 0.0,
    "trade": 0.0,
}
WINDOWS = {  # the share of all years in which each layer is read, from and to
    "treaty": (0.0, 0.9),
    "exercises": (0.2, 0.8),
    "disputes": (0.0, 0.85),
    "conflict": (0.0, 0.95),
    "votes": (0.1, 0.8),
    "visits": (0.0, 0.9),
    "organisations": (0.0, 0.85),
    "trade": (0.0, 0.9),
}
HOLES = {"votes": 0.1, "trade": 0.2, "troops": 0.1, "organisations": 0.05}  # the share of readings lost at random
EVERY = {"embassies": 5}  # coded every so many years
VOTING_SD = (0.05, 0.3)


@dataclass(frozen=True)
class Past:
    """What was drawn: the readings as the model is given them, the hidden states and own deviations that it is not."""

    ties: Ties
    dates: np.ndarray
    hidden: Hidden
    own: tuple[np.ndarray, ...]

    @property
    def strength(self) -> np.ndarray:
        """The true strength; anything where the dyad is not there."""
        return self.hidden.deviation + self.hidden.mu


def quarters(first_year: int, years: int) -> np.ndarray:
    """The last day of every quarter."""
    months = np.arange(f"{first_year}-04", f"{first_year + years}-04", 3, dtype="datetime64[M]")
    return months.astype("datetime64[D]") - 1


def made_up_draw(rng: np.random.Generator, states: int = len(STATES)) -> Draw:
    """Shared parameters of usual size, every loading somewhere between its bounds."""
    items = []
    for indicator in INDICATORS:
        loading = indicator.usual * rng.uniform(0.85, 1.2, PATRONS)
        if indicator.fixed is not None:
            loading = np.full(PATRONS, indicator.fixed)
        offset = np.zeros(PATRONS) if indicator.patrons else np.append(rng.normal(0, 0.3, PATRONS - 1), 0.0)
        stock = not isinstance(indicator.family, Event)
        own = indicator.family.least[0] + np.log(rng.uniform(1.05, 1.3)) if stock else -0.4
        scale = np.array([*indicator.family.start[:-2], own, min(2.0, indicator.family.longest - 0.5)])
        near = 0.8 if indicator.opportunity else 0.0
        intercept = COMMON[indicator.name] + rng.normal(0, 0.3, ERAS)
        items.append(Item(intercept, offset, near, loading, (0.6 if indicator.alone else 0.3) * indicator.usual, scale))
    standing, state = rng.normal(0, 0.2, len(COVARIATES)), rng.normal(0, 0.25, states)
    dynamics = Dynamics(np.array([0.07, 0.06, 0.05, 0.05]), 0.985, np.array([0.9, 0.88, 0.94]), standing, state, 0.6)
    return Draw(tuple(items), dynamics, 0.0, 1.0)


def made_up_dyads(rng: np.random.Generator, count: int, years: int, codes: tuple[str, ...] = STATES) -> Dyads:
    """Dyads, a third with a hub; one in five begins late, one in ten ends early, one in twenty is interrupted."""
    pairs = np.argwhere(np.triu(np.ones((len(codes), len(codes)), bool), 1))
    with_hub = patrons(codes, pairs[:, 0], pairs[:, 1]) < len(HUBS)
    sizes = (count // 3, count - count // 3)
    chosen = [
        rng.choice(np.flatnonzero(k), n, replace=False) for k, n in zip((with_hub, ~with_hub), sizes, strict=True)
    ]
    first, second = pairs[np.sort(np.concatenate(chosen))].T
    alive = np.ones((years, count), bool)
    for d in range(count):
        kind, year = rng.random(), int(rng.integers(years // 4, years // 2))
        if kind < 0.2:
            alive[:year, d] = False
        elif kind < 0.3:
            alive[-year:, d] = False
        elif kind < 0.35:
            alive[year : year + years // 6, d] = False
    patron, near = patrons(codes, first, second), rng.random(count) < 0.1
    columns = [rng.normal(0, 1, count), near, *(patron == g for g in range(len(HUBS)))]
    standing = np.stack([np.asarray(c, float) for c in columns], axis=1)
    return Dyads(codes, first, second, patron, np.repeat(alive, 4, axis=0), standing)


def full_pattern(dyads: Dyads, indicator: Indicator, rng: np.random.Generator) -> np.ndarray:
    """A reading wherever the indicator's pace has one."""
    ends = np.arange(len(dyads.alive)) % 4 == 3
    return np.tile((ends | (indicator.pace == "event"))[:, None], (1, len(dyads)))


def gappy_pattern(dyads: Dyads, indicator: Indicator, rng: np.random.Generator) -> np.ndarray:
    """What real layers leave of it: they begin late, end early, are coded every fifth year, have holes."""
    times, name = len(dyads.alive), indicator.name
    year, years = np.arange(times) // 4, times // 4
    begin, end = WINDOWS.get(name, (0.0, 1.0))
    read = full_pattern(dyads, indicator, rng)
    read &= ((year >= begin * years) & (year < end * years) & (year % EVERY.get(name, 1) == 0))[:, None]
    return read & (rng.random(read.shape) >= HOLES.get(name, 0.0))


def simulate(rng: np.random.Generator, draw: Draw, dyads: Dyads, pattern=gappy_pattern, first_year: int = 1965) -> Past:
    """Hidden states and readings of some dyads given shared parameters: the model read from top to bottom."""
    times, count = dyads.alive.shape
    dates, hidden = quarters(first_year, times // 4), hidden_states(rng, draw.dynamics, dyads)
    rows, owns, garrison = [], [], np.zeros((times, count), bool)
    for indicator, item in zip(INDICATORS, draw.items, strict=True):
        read = pattern(dyads, indicator, rng)
        if indicator.name == "troops":  # counted where they are, and what is left in the year they went
            read &= garrison | np.vstack([np.zeros_like(garrison[:4]), garrison[:-4]])
        sd = rng.uniform(*VOTING_SD, read.shape) if indicator.name == "votes" else 0.1 * (indicator.name == "troops")
        reading = Reading(np.where(read, 0.0, np.nan), np.broadcast_to(sd, read.shape).astype(float))
        blank = rows_of(indicator, reading, dyads, dates, (0.0, 1.0))
        y, own = spoken(rng, indicator.family, blank.values, predictor(blank, item, hidden), item.scale)
        rows.append(replace(blank, values=blank.values._replace(y=y)))
        owns.append(own)
        if indicator.name == "garrison":
            garrison[blank.t, blank.d] = y > 0
    return Past(Ties.of(dyads, rows), dates, hidden, tuple(owns))


def hidden_states(rng: np.random.Generator, dynamics: Dynamics, dyads: Dyads) -> Hidden:
    """Means, courses and factors of dyads from the laws of motion; a life that opens anew forgets the one before."""
    times, count = dyads.alive.shape
    mu = dyads.standing @ dynamics.standing + dynamics.state[dyads.first] + dynamics.state[dyads.second]
    sigma, rho = dynamics.sigma[dyads.patron], dynamics.rho
    deviation, precision = rng.standard_normal((times, count)), rng.gamma(2.0, 0.5, (times, count))
    factor, rho_domain = rng.standard_normal((times // 4, len(DOMAINS), count)), dynamics.rho_domain[:, None]
    for t in range(times):
        goes_on = dyads.alive[t] & (dyads.alive[t - 1] if t else False)
        opening = sigma * np.sqrt(2 / (1 - rho**2)) * deviation[t]  # a t with 4 degrees of freedom has variance 2
        step = sigma * deviation[t] / np.sqrt(precision[t])
        deviation[t] = np.where(goes_on, rho * deviation[t - 1] + step, np.where(dyads.alive[t], opening, deviation[t]))
    lives = np.any(dyads.alive.reshape(-1, 4, count), axis=1)
    for year in range(1, times // 4):
        moved = rho_domain * factor[year - 1] + np.sqrt(1 - rho_domain**2) * factor[year]
        factor[year] = np.where(lives[year] & lives[year - 1], moved, factor[year])
    return Hidden(deviation, factor, mu + dynamics.spread * rng.standard_normal(count), precision)


def predictor(rows: Rows, item: Item, hidden: Hidden) -> np.ndarray:
    """The linear predictor of each reading, one reading after the other."""
    found, domain, strength = np.zeros(len(rows)), DOMAINS.index(rows.indicator.domain), hidden.deviation + hidden.mu
    for k, (t, d, era, patron) in enumerate(zip(rows.t, rows.d, rows.era, rows.patron, strict=True)):
        year = t // 4
        theta = strength[4 * year : 4 * year + 4, d].mean() if rows.indicator.pace == "flow" else strength[t, d]
        found[k] = item.intercept[era] + item.offset[patron] + item.near * rows.near[k] + item.loading[patron] * theta
        found[k] += item.specific * hidden.factor[year, domain, d]
    return found


def spoken(
    rng: np.random.Generator, family: Family, values: Values, eta: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Readings, and the own deviations behind them in the form that the family remembers: v, u, or the precisions."""
    spread, rho = np.exp(scale[-2]), 1 / (1 + np.exp(-scale[-1]))
    if isinstance(family, Event):
        u = spread * rng.standard_normal(values.shape)
        for year in range(1, len(u)):
            u[year] = rho * u[year - 1] + np.sqrt(1 - rho**2) * u[year]
        odds = eta + u[values.year, values.dyad]
        if len(scale) == 2:
            return rng.binomial(1, 1 / (1 + np.exp(-odds))).astype(float), u
        size = np.exp(scale[0])
        return rng.negative_binomial(size, size / (size + np.exp(odds))).astype(float), u
    freedom = family.freedom if isinstance(family, Level) else None
    precision = np.ones(len(eta)) if freedom is None else rng.chisquare(freedom, len(eta)) / freedom
    u = np.sqrt((spread**2 + values.sd**2) / precision) * rng.standard_normal(len(eta))
    for k in np.flatnonzero(values.before >= 0):  # rows are in order of time
        u[k] = rho * u[values.before[k]] + np.sqrt(1 - rho**2) * u[k]
    if isinstance(family, Grade):
        return (np.array(family.cuts)[:, None] < eta + u).sum(0).astype(float), eta + u
    return eta + u, precision


def few_dyads(pairs: list[tuple[str, str]], years: int, alive: np.ndarray | None = None) -> Dyads:
    """The dyads named, alive all the time if nothing else is said, each at the usual distance from the other."""
    codes = tuple(sorted({code for pair in pairs for code in pair}))
    first, second = (np.array([codes.index(sorted(pair)[k]) for pair in pairs]) for k in (0, 1))
    patron = patrons(codes, first, second)
    zero = np.zeros(len(pairs))
    standing = np.stack([zero, zero, *((patron == g).astype(float) for g in range(len(HUBS)))], axis=1)
    there = np.ones((4 * years, len(pairs)), bool) if alive is None else alive
    return Dyads(codes, first, second, patron, there, standing)


def crowd(count: int, alive: np.ndarray) -> Dyads:
    """So many copies of a dyad with a hub and of one without, all alive in the same quarters."""
    pairs = [("AAA", "USA"), ("AAA", "BBB")] * (count // 2)
    return few_dyads(pairs, len(alive) // 4, np.repeat(alive[:, None], len(pairs), axis=1))
