"""What dyads share: each step against its density on a grid, and all of them together against their priors."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from latticework.measures.strength.dyads import COVARIATES, HUBS
from latticework.measures.strength.dynamics import (
    Tuning,
    dynamics_drawn,
    means_drawn,
    rho_domain_drawn,
    rho_drawn,
    scale_drawn,
    sigma_drawn,
)
from latticework.measures.strength.hidden import Dynamics, Hidden, Ties, augmented, hidden_drawn
from latticework.measures.strength.indicators import INDICATORS, Indicator
from latticework.measures.strength.items import DOMAIN_MOST, PATRONS, Item, drawn
from latticework.measures.strength.posterior import Draw
from latticework.measures.strength.readings import ERAS
from latticework.measures.strength.shift import shifted
from tests.measures.strength.synthetic import Past, few_dyads, full_pattern, hidden_states, made_up_draw, simulate

ALIVE = np.repeat([True, True, True, False, True, True], 4)[:, None] * np.ones((1, 4), bool)
PAIRS = [("AAA", "USA"), ("BBB", "USA"), ("AAA", "BBB"), ("BBB", "CCC")]
SMALL = made_up_draw(np.random.default_rng(2), states=4)
STEPS = 3000
USA, RUSSIA = HUBS.index("USA"), HUBS.index("RUS")
OF_USA = COVARIATES.index("patron USA")


@pytest.fixture(scope="module")
def world() -> tuple[Ties, Hidden]:
    """Four dyads over two lives each, and their hidden states."""
    dyads = few_dyads(PAIRS, 6, ALIVE)
    return Ties.of(dyads, ()), hidden_states(np.random.default_rng(5), SMALL.dynamics, dyads)


def on_grid(drawn_values: np.ndarray, grid: np.ndarray, log_density: np.ndarray, thin: int) -> float:
    """The p value of a thinned chain under a density on a grid."""
    density = np.exp(log_density - log_density.max())
    whole = np.append(0, ((density[1:] + density[:-1]) / 2 * np.diff(grid)).cumsum())
    return float(stats.kstest(drawn_values[::thin], lambda x: np.interp(x, grid, whole / whole[-1])).pvalue)


def log_law(ties: Ties, hidden: Hidden, sigma: np.ndarray, rho: float) -> float:
    """The log density of courses, quarter by quarter; precisions are given."""
    total, alive = 0.0, ties.dyads.alive
    for d, g in enumerate(ties.dyads.patron):
        for t in np.flatnonzero(np.asarray(alive)[:, d]):
            x, sd = hidden.deviation[t, d], sigma[g] * np.sqrt(2 / (1 - rho**2))
            if t and alive[t - 1, d]:
                x, sd = x - rho * hidden.deviation[t - 1, d], sigma[g] / np.sqrt(hidden.precision[t, d])
            total -= np.log(sd) + (x / sd) ** 2 / 2
    return float(total)


def log_law_of_factors(hidden: Hidden, rho: float, domain: int) -> float:
    """The log density of how a domain's factors moved in the years (of ALIVE) that have a year before them."""
    total, sd = 0.0, np.sqrt(1 - rho**2)
    for year in (1, 2, 5):
        for x, before in zip(hidden.factor[year, domain], hidden.factor[year - 1, domain], strict=True):
            total -= np.log(sd) + ((x - rho * before) / sd) ** 2 / 2
    return float(total)


@pytest.mark.parametrize("patron", [USA, PATRONS - 1])
def test_scales_of_innovations_have_their_law(world, patron):
    ties, hidden = world
    rng, dynamics, found = np.random.default_rng(1), SMALL.dynamics, []
    for _ in range(STEPS):
        dynamics = replace(dynamics, sigma=sigma_drawn(rng, hidden, ties, dynamics))
        found.append(dynamics.sigma[patron])
    grid = np.linspace(0.005, 0.4, 400)
    at = [np.where(np.arange(PATRONS) == patron, s, 0.1) for s in grid]
    density = np.array([log_law(ties, hidden, s, dynamics.rho) for s in at]) + stats.halfnorm.logpdf(grid, 0, 0.15)
    assert on_grid(np.array(found), grid, density, 4) > 0.001
    assert on_grid(np.array(found), grid, density + 3 * np.log(grid), 4) < 0.001, "a wrong power of sigma is caught"


def test_a_patron_without_dyads_has_the_scale_of_the_prior(world):
    rng, dynamics = np.random.default_rng(1), SMALL.dynamics
    found = [sigma_drawn(rng, world[1], world[0], dynamics)[RUSSIA] for _ in range(2000)]
    assert stats.kstest(np.array(found) / 0.15, stats.halfnorm.cdf).pvalue > 0.001


def beta(x: np.ndarray) -> np.ndarray:
    return stats.beta.logpdf(x, 40, 2)


def test_persistence_has_its_law(world):
    ties, hidden = world
    rng, dynamics, tuning, found = np.random.default_rng(1), SMALL.dynamics, Tuning({"rho": 1.0}, adapt=False), []
    for _ in range(STEPS):
        dynamics = replace(dynamics, rho=rho_drawn(rng, hidden, ties, dynamics, tuning))
        found.append(dynamics.rho)
    grid = np.append(np.linspace(0.6, 0.99, 120), np.linspace(0.99, 0.99999, 60)[1:])
    density = np.array([log_law(ties, hidden, dynamics.sigma, r) for r in grid]) + beta(grid)
    assert on_grid(np.array(found), grid, density, 6) > 0.001
    assert on_grid(np.array(found), grid, density - np.log1p(-grid), 6) < 0.001, "a missing Jacobian is caught"


def test_persistence_of_a_domain_has_its_law(world):
    ties, hidden = world
    rng, dynamics, found = np.random.default_rng(1), SMALL.dynamics, []
    tuning = Tuning({f"rho {m}": 1.0 for m in range(3)}, adapt=False)
    for _ in range(STEPS):
        dynamics = replace(dynamics, rho_domain=rho_domain_drawn(rng, hidden, ties, dynamics, tuning))
        found.append(dynamics.rho_domain)
    grid = np.append(np.linspace(0.3, 0.99, 200), np.linspace(0.99, 0.99999, 60)[1:])
    for m in range(3):
        density = [log_law_of_factors(hidden, r, m) for r in grid]
        assert on_grid(np.array(found)[:, m], grid, np.array(density) + beta(grid), 6) > 0.001


def test_what_means_depend_on_has_the_law_of_a_regression(world):
    """Given the spread, standing and states are normal; the spread has its law with both integrated out."""
    ties, hidden = world
    rng, dynamics, found = np.random.default_rng(1), SMALL.dynamics, []
    for _ in range(STEPS):
        dynamics = Dynamics(
            dynamics.sigma, dynamics.rho, dynamics.rho_domain, *means_drawn(rng, hidden, ties, dynamics)
        )
        found.append((dynamics.spread, dynamics.standing[OF_USA], dynamics.state[1]))
    grid, dyads = np.linspace(0.01, 4, 600), ties.dyads
    apart = np.zeros((len(dyads), len(dyads.codes)))
    apart[np.arange(len(dyads)), dyads.first] = apart[np.arange(len(dyads)), dyads.second] = 1
    common = dyads.standing @ dyads.standing.T + 0.25 * apart @ apart.T
    density = [
        stats.multivariate_normal.logpdf(hidden.mu, np.zeros(len(dyads)), common + s**2 * np.eye(len(dyads)))
        for s in grid
    ]
    spread = np.array(found)[:, 0]
    law = np.array(density) + stats.halfnorm.logpdf(grid)
    assert on_grid(spread, grid, law, 30) > 0.001
    weight = np.exp(law - law.max()) / np.exp(law - law.max()).sum()
    given = [dyads.standing[:, OF_USA] @ np.linalg.solve(common + s**2 * np.eye(len(dyads)), hidden.mu) for s in grid]
    mean = float((weight * np.array(given)).sum())
    ours = np.array(found)[::10, 1]
    assert abs(ours.mean() - mean) < 5 * ours.std() / np.sqrt(len(ours) / 3)


def prior_item(rng: np.random.Generator, indicator: Indicator) -> Item:
    """An item from its prior, drawn until it is within its bounds."""
    usual, intercept = indicator.usual, 4.0 * rng.standard_normal()
    walk = intercept + np.append(0.0, 0.5 * rng.standard_normal(ERAS - 1)).cumsum()
    told = [k for k in range(PATRONS) if not indicator.patrons or k == USA]
    while True:
        share = 1 + 0.3 * rng.standard_normal() + 0.2 * rng.standard_normal(PATRONS)
        if ((share[told] >= 0.8) & (share[told] <= 1.25)).all():
            break
    most = np.inf if indicator.alone else DOMAIN_MOST
    while not 0 <= (specific := 1 + rng.standard_normal()) <= most:
        pass
    family, start = indicator.family, np.array(indicator.family.start)
    while True:
        scale = start + 0.5 * rng.standard_normal(len(start))
        if (scale >= family.least).all() and scale[-1] <= family.longest:
            break
    loading = usual * share if indicator.fixed is None else np.full(PATRONS, indicator.fixed)
    offset = np.zeros(PATRONS) if indicator.patrons else np.append(rng.standard_normal(PATRONS - 1), 0.0)
    near = float(rng.standard_normal()) if indicator.opportunity else 0.0
    return Item(walk, offset, near, loading, float(usual * specific), scale)


def prior_draw(rng: np.random.Generator, states: int) -> Draw:
    """All that dyads share, from the priors."""
    items = tuple(prior_item(rng, indicator) for indicator in INDICATORS)
    sigma, rho = np.abs(rng.normal(0, 0.15, PATRONS)), float(rng.beta(40, 2))
    standing, state = rng.standard_normal(len(COVARIATES)), 0.5 * rng.standard_normal(states)
    dynamics = Dynamics(sigma, rho, rng.beta(40, 2, 3), standing, state, abs(float(rng.standard_normal())))
    return Draw(items, dynamics, 0.0, 1.0)


def swept_shared(rng: np.random.Generator, past: Past, draw: Draw, sweeps: int, twist: float = 0.0) -> Draw:
    """What dyads share after full sweeps that begin at the truth; `twist` is added to what is read of every number."""
    hidden, own, ties = past.hidden, past.own, past.ties
    tuning = Tuning({i.name: 0.3 for i in INDICATORS} | {"rho": 0.5} | {f"rho {m}": 0.5 for m in range(3)}, adapt=False)
    items, dynamics = draw.items, draw.dynamics
    for _ in range(sweeps):
        seen = [augmented(rng, hidden, *part) for part in zip(ties.rows, items, own, strict=True)]
        hidden = hidden_drawn(rng, hidden, ties, items, dynamics, seen)
        hidden, seen = shifted(rng, hidden, ties, items, dynamics, seen)
        new = []
        for rows, item, pseudo in zip(ties.rows, items, seen, strict=True):
            off = pseudo._replace(z=pseudo.z * (1 + twist))
            item = drawn(rng, item, rows, *hidden.at(rows), off)
            new.append(scale_drawn(rng, hidden, rows, item, pseudo, tuning))
        items, own = tuple(new), tuple(pseudo.own for pseudo in seen)
        dynamics = dynamics_drawn(rng, hidden, ties, dynamics, tuning)
    return Draw(items, dynamics, 0.0, 1.0)


def told(draw: Draw) -> dict[str, float]:
    """The parameters of a draw that the readings of PAIRS speak of, by name."""
    d, found = draw.dynamics, {}
    found |= {f"sigma {g}": float(d.sigma[g]) for g in (USA, PATRONS - 1)} | {"rho": d.rho, "spread": d.spread}
    found |= {f"rho {m}": float(r) for m, r in enumerate(d.rho_domain)}
    found |= {"standing": float(d.standing[OF_USA]), "state": float(d.state[0])}
    for indicator, item in zip(INDICATORS, draw.items, strict=True):
        name = indicator.name
        found |= {f"{name} intercept": float(item.intercept[1]), f"{name} specific": item.specific / indicator.usual}
        if indicator.fixed is None:
            found |= {f"{name} loading": float(item.loading[USA]) / indicator.usual}
        found |= {f"{name} scale {k}": float(s) for k, s in enumerate(item.scale)}
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("twist", "well"), [(0.0, True), (0.3, False)], ids=["as it is", "readings stretched"])
def test_full_sweeps_leave_the_law_of_parameters_truth_and_readings_as_it_is(twist, well):
    """Parameters from their priors, truth and readings given them: after sweeps the parameters have their priors again.

    (Geweke 2004, JASA 99: 799-804.)
    """
    rng, dyads, worlds = np.random.default_rng(7), few_dyads(PAIRS, 3), 400
    before, after = [], []
    for _ in range(worlds):
        draw = prior_draw(rng, len(dyads.codes))
        past = simulate(rng, draw, dyads, full_pattern, first_year=1960)
        after.append(told(swept_shared(rng, past, draw, 8, twist)))
        before.append(told(prior_draw(rng, len(dyads.codes))))
        before.append(told(draw))
    chances = {}
    for name in before[0]:
        x, y = np.array([b[name] for b in before]), np.array([a[name] for a in after])
        at = np.sort(x)
        chances[name] = stats.kstest(y, lambda v, at=at: np.searchsorted(at, v) / len(at)).pvalue
    low = {name: p for name, p in chances.items() if p < 0.01}
    assert bool(min(chances.values()) > 0.0003) is well, low
