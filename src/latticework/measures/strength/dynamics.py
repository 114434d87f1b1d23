"""Drawing how strength moves, and the families' own parameters, given the factors."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import expit, logit

from latticework.measures.strength.families import Pseudo
from latticework.measures.strength.hidden import FREEDOM, Dynamics, Hidden, Ties, innovations
from latticework.measures.strength.items import PATRONS, Item, Rows

SIGMA_SD = 0.15  # half-normal prior of the innovations' scale
PERSISTENCE = (40.0, 2.0)  # beta prior of the persistence of strength over a quarter, of a domain's factor over a year
MEAN_SD = 1.0  # half-normal prior of the spread of dyads' means beyond what their standing says
STANDING_SD, STATE_SD = 1.0, 0.5
WANTED = 0.35  # share of proposals accepted


def _log_beta(rho: float) -> float:
    return (PERSISTENCE[0] - 1) * np.log(rho) + (PERSISTENCE[1] - 1) * np.log1p(-rho)


def sigma_drawn(rng: np.random.Generator, hidden: Hidden, ties: Ties, dynamics: Dynamics) -> np.ndarray:
    """Innovation scales by patron: a proposal from the inverse gamma of the innovations, corrected for the rest."""
    moved = innovations(hidden.deviation, ties.quarters, dynamics.rho)
    squares, counts = (hidden.precision * moved**2).sum(0), ties.quarters.link.sum(0)
    opened, openings = np.where(ties.quarters.first, hidden.deviation**2, 0.0).sum(0), ties.quarters.first.sum(0)
    sigma, ratio = dynamics.sigma.copy(), FREEDOM / (FREEDOM - 2) / (1 - dynamics.rho**2)
    for g in range(PATRONS):
        mine = ties.dyads.patron == g
        n, first, square = counts[mine].sum(), openings[mine].sum(), opened[mine].sum()
        if n == 0:
            sigma[g] = abs(rng.normal(0.0, SIGMA_SD))
            continue
        proposal = np.sqrt(squares[mine].sum() / 2 / rng.standard_gamma(n / 2))
        # the half-normal prior on sigma against the 1/sigma behind the proposal, and the law of the openings
        rest = [
            -(v**2) / (2 * SIGMA_SD**2) + np.log(v) - first * np.log(v) - square / (2 * ratio * v**2)
            for v in (proposal, sigma[g])
        ]
        if np.log(rng.random()) < rest[0] - rest[1]:
            sigma[g] = proposal
    return sigma


def rho_drawn(rng: np.random.Generator, hidden: Hidden, ties: Ties, dynamics: Dynamics, tuning: "Tuning") -> float:
    """Persistence of strength from quarter to quarter: a random walk on its logit."""
    x, scale = hidden.deviation, dynamics.sigma[ties.dyads.patron] ** 2
    weight = np.where(ties.quarters.link, hidden.precision, 0.0)[1:] / scale
    s00, s11, s12 = (weight * x[1:] ** 2).sum(), (weight * x[:-1] ** 2).sum(), (weight * x[:-1] * x[1:]).sum()
    opened = (np.where(ties.quarters.first, x**2, 0.0).sum(0) / scale).sum() * (FREEDOM - 2) / FREEDOM
    openings = ties.quarters.first.sum()

    def density(rho: float) -> float:
        innovations = s00 - 2 * rho * s12 + rho**2 * s11
        stationary = openings / 2 * np.log1p(-(rho**2)) - opened * (1 - rho**2) / 2
        return _log_beta(rho) + np.log(rho * (1 - rho)) - innovations / 2 + stationary

    return _walked(rng, dynamics.rho, density, "rho", tuning)


def _walked(
    rng: np.random.Generator, rho: float, density: Callable[[float], float], name: str, tuning: "Tuning"
) -> float:
    """A persistence after three steps of a random walk on its logit."""
    for _ in range(3):
        proposal = float(expit(logit(rho) + tuning.of(name) * rng.standard_normal()))
        accepted = bool(np.log(rng.random()) < density(proposal) - density(rho))
        tuning.learn(name, accepted)
        rho = proposal if accepted else rho
    return rho


def rho_domain_drawn(
    rng: np.random.Generator, hidden: Hidden, ties: Ties, dynamics: Dynamics, tuning: "Tuning"
) -> np.ndarray:
    """Persistence of the domains' factors, whose variance is one: a random walk on the logit of each."""
    out, link = dynamics.rho_domain.copy(), ties.years.link[1:]
    for m in range(len(out)):
        x = hidden.factor[:, m]
        before, now = x[:-1][link], x[1:][link]
        s00, s11, s12, n = (now**2).sum(), (before**2).sum(), (now * before).sum(), len(now)

        def density(rho: float, s00=s00, s11=s11, s12=s12, n=n) -> float:
            v = 1 - rho**2
            jacobian = np.log(rho * (1 - rho))
            return _log_beta(rho) + jacobian - n / 2 * np.log(v) - (s00 - 2 * rho * s12 + rho**2 * s11) / (2 * v)

        out[m] = _walked(rng, float(out[m]), density, f"rho {m}", tuning)
    return out


def means_drawn(
    rng: np.random.Generator, hidden: Hidden, ties: Ties, dynamics: Dynamics
) -> tuple[np.ndarray, np.ndarray, float]:
    """What dyads' means depend on: their standing, their states, and the spread that remains."""
    dyads = ties.dyads
    n, m = len(dyads.codes), dyads.standing.shape[1]
    design = np.zeros((len(dyads), m + n))
    design[:, :m] = dyads.standing
    design[np.arange(len(dyads)), m + dyads.first] = 1.0
    design[np.arange(len(dyads)), m + dyads.second] = 1.0
    prior = np.concatenate([np.full(m, STANDING_SD**-2), np.full(n, STATE_SD**-2)])
    gram = design.T @ design / dynamics.spread**2 + np.diag(prior)
    root = np.linalg.cholesky(gram)
    centre = np.linalg.solve(gram, design.T @ hidden.mu / dynamics.spread**2)
    weights = centre + np.linalg.solve(root.T, rng.standard_normal(m + n))
    squares = ((hidden.mu - design @ weights) ** 2).sum()
    proposal = np.sqrt(squares / 2 / rng.standard_gamma(len(dyads) / 2))
    rest = [-(v**2) / (2 * MEAN_SD**2) + np.log(v) for v in (proposal, dynamics.spread)]
    spread = proposal if np.log(rng.random()) < rest[0] - rest[1] else dynamics.spread
    return weights[:m], weights[m:], float(spread)


def dynamics_drawn(
    rng: np.random.Generator, hidden: Hidden, ties: Ties, dynamics: Dynamics, tuning: "Tuning"
) -> Dynamics:
    """One sweep over the dynamics."""
    dynamics = replace(dynamics, sigma=sigma_drawn(rng, hidden, ties, dynamics))
    dynamics = replace(dynamics, rho=rho_drawn(rng, hidden, ties, dynamics, tuning))
    rho_domain = rho_domain_drawn(rng, hidden, ties, dynamics, tuning)
    return Dynamics(dynamics.sigma, dynamics.rho, rho_domain, *means_drawn(rng, hidden, ties, dynamics))


@dataclass
class Tuning:
    """The step of each random walk, adapted while the sampler warms up."""

    step: dict[str, float] = field(default_factory=dict)
    adapt: bool = True

    def of(self, name: str) -> float:
        """The step of one random walk."""
        return self.step.setdefault(name, 0.1)

    def learn(self, name: str, accepted: bool) -> None:
        """Longer steps after a proposal that was accepted, shorter ones after one that was not."""
        if self.adapt:
            self.step[name] *= float(np.exp(0.1 * (accepted - WANTED)))


def scale_drawn(
    rng: np.random.Generator, hidden: Hidden, rows: Rows, item: Item, seen: Pseudo, tuning: Tuning, tries: int = 2
) -> Item:
    """The family's own parameters by a random walk on its density."""
    name, family = rows.indicator.name, rows.indicator.family
    eta, centre = item.eta(rows, *hidden.at(rows)), np.array(family.start)

    def density(scale: np.ndarray) -> float:
        if (scale < family.least).any() or scale[-1] > family.longest:
            return -np.inf
        apart = (scale - centre) / family.prior_sd
        return family.log_density(rows.values, eta, scale, seen) - (apart**2).sum() / 2

    now = density(item.scale)
    for _ in range(tries):
        proposal = item.scale + tuning.of(name) * rng.standard_normal(len(item.scale))
        then = density(proposal)
        accepted = bool(np.log(rng.random()) < then - now)
        tuning.learn(name, accepted)
        if accepted:
            item, now = replace(item, scale=proposal), then
    return item
