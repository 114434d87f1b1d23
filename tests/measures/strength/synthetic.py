"""A made-up past: shared parameters known, hidden states and readings drawn from the model, with layers missing."""

from dataclasses import dataclass, replace

import numpy as np

from latticework.measures.strength.dyads import COVARIATES, HUBS, Dyads, patrons
from latticework.measures.strength.hidden import Dynamics, Ties
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
    """What was drawn: the readings as the model is given them, and the strength and the factors that it is not."""

    ties: Ties
    dates: np.ndarray
    strength: np.ndarray
    factor: np.ndarray
    mu: np.ndarray


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
        own = np.log(rng.uniform(1.05, 1.3) * np.exp(indicator.family.least[0])) if indicator.pace != "event" else -0.4
        scale = np.array([*indicator.family.start[:-2], own, 2.0])
        near = 0.8 if indicator.opportunity else 0.0
        intercept = COMMON[indicator.name] + rng.normal(0, 0.3, ERAS)
        items.append(Item(intercept, offset, near, loading, 0.6 * indicator.usual, scale))
    standing, state = rng.normal(0, 0.2, len(COVARIATES)), rng.normal(0, 0.25, states)
    dynamics = Dynamics(np.array([0.07, 0.06, 0.05, 0.05]), 0.985, np.array([0.9, 0.88, 0.94]), standing, state, 0.6)
    return Draw(tuple(items), dynamics, 0.0, 1.0)


def made_up_dyads(rng: np.random.Generator, count: int, years: int, codes: tuple[str, ...] = STATES) -> Dyads:
    """Dyads of which a third have a hub; one in five begins late, one in ten ends early, one in twenty is interrupted."""
    pairs = np.argwhere(np.triu(np.ones((len(codes), len(codes)), bool), 1))
    with_hub = patrons(codes, pairs[:, 0], pairs[:, 1]) < len(HUBS)
    sizes = (count // 3, count - count // 3)
    chosen = [rng.choice(np.flatnonzero(k), n, replace=False) for k, n in zip((with_hub, ~with_hub), sizes, strict=True)]
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
    dates = quarters(first_year, times // 4)
    dynamics = draw.dynamics
    mu = dyads.standing @ dynamics.standing + dynamics.state[dyads.first] + dynamics.state[dyads.second]
    mu = mu + dynamics.spread * rng.standard_normal(count)
    strength, factor = mu + deviations(rng, draw, dyads), factors(rng, draw, times // 4, count)
    rows, garrison = [], np.zeros((times, count), bool)
    for indicator, item in zip(INDICATORS, draw.items, strict=True):
        read = pattern(dyads, indicator, rng)
        if indicator.name == "troops":  # counted where they are, and what is left in the year they went
            read &= garrison | np.vstack([np.zeros_like(garrison[:4]), garrison[:-4]])
        sd = rng.uniform(*VOTING_SD, read.shape) if indicator.name == "votes" else 0.1 * (indicator.name == "troops")
        reading = Reading(np.where(read, 0.0, np.nan), np.broadcast_to(sd, read.shape).astype(float))
        blank = rows_of(indicator, reading, dyads, dates, (0.0, 1.0))
        eta = predictor(blank, item, strength, factor)
        y = indicator.family.sample(rng, blank.values, eta, item.scale)
        rows.append(replace(blank, values=blank.values._replace(y=y)))
        if indicator.name == "garrison":
            garrison[blank.t, blank.d] = y > 0
    return Past(Ties.of(dyads, rows), dates, strength, factor, mu)


def deviations(rng: np.random.Generator, draw: Draw, dyads: Dyads) -> np.ndarray:
    """Strength less its mean, quarter by quarter; NaN where the dyad is not there."""
    dynamics, found = draw.dynamics, np.full(dyads.alive.shape, np.nan)
    sigma = dynamics.sigma[dyads.patron]
    for d in range(len(dyads)):
        before = np.nan
        for t in np.flatnonzero(dyads.alive[:, d]):
            opens = t == 0 or not dyads.alive[t - 1, d]
            wide = sigma[d] * np.sqrt(2 / (1 - dynamics.rho**2))  # a t with 4 degrees of freedom has variance 2
            step = sigma[d] * rng.standard_t(4)
            before = found[t, d] = wide * rng.standard_normal() if opens else dynamics.rho * before + step
    return found


def factors(rng: np.random.Generator, draw: Draw, years: int, count: int) -> np.ndarray:
    """The domains' factors, AR(1) by years with variance one."""
    found = rng.standard_normal((years, len(DOMAINS), count))
    rho = draw.dynamics.rho_domain[:, None]
    for year in range(1, years):
        found[year] = rho * found[year - 1] + np.sqrt(1 - rho**2) * found[year]
    return found


def predictor(rows: Rows, item: Item, strength: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The linear predictor of each reading, one reading after the other."""
    found, domain = np.zeros(len(rows)), DOMAINS.index(rows.indicator.domain)
    for k, (t, d, era, patron) in enumerate(zip(rows.t, rows.d, rows.era, rows.patron, strict=True)):
        year = t // 4
        theta = np.nanmean(strength[4 * year : 4 * year + 4, d]) if rows.indicator.pace == "flow" else strength[t, d]
        found[k] = (
            item.intercept[era]
            + item.offset[patron]
            + item.near * rows.near[k]
            + item.loading[patron] * theta
            + item.specific * factor[year, domain, d]
        )
    return found
