"""A fit on made-up readings finds the parameters that made them, and bands that cover the truth."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from latticework.measures.strength.indicators import INDICATORS
from latticework.measures.strength.items import PATRONS
from latticework.measures.strength.posterior import Draw, Sweep, sampled
from tests.measures.strength.synthetic import Past, gappy_pattern, made_up_draw, made_up_dyads, simulate

DYADS, YEARS, SWEEPS, WARM = 160, 40, 2000, 800
NOBODY = PATRONS - 1
BATCHES = 5
STUCK = (
    "fault 4: the variables behind a rare grade (armed conflict) hold its intercept for thousands of sweeps "
    "(-2.6 for a true -3.9 after 1000), its factor goes astray, and 80 % bands cover 57 to 74 %"
)


@dataclass
class Kept:
    """What a fit says of shared parameters and of strength, sweep by sweep."""

    parameters: list[dict[str, float]] = field(default_factory=list)
    strength: list[np.ndarray] = field(default_factory=list)

    def __call__(self, sweep: Sweep) -> None:
        self.parameters.append(named(Draw(sweep.items, sweep.dynamics, 0.0, 1.0)))
        if len(self.parameters) % 3 == 0:
            self.strength.append(sweep.hidden.strength.astype(np.float32))


def named(draw: Draw) -> dict[str, float]:
    """The parameters that many readings speak of."""
    dynamics, found = draw.dynamics, {}
    found |= {f"sigma {g}": float(dynamics.sigma[g]) for g in (0, NOBODY)}
    found |= {"rho": dynamics.rho, "spread": dynamics.spread, "rho of security": float(dynamics.rho_domain[0])}
    for indicator, item in zip(INDICATORS, draw.items, strict=True):
        if indicator.fixed is None and not indicator.patrons:
            found[f"{indicator.name} loading"] = float(item.loading[NOBODY])
        if not indicator.patrons:
            found[f"{indicator.name} own"] = float(item.scale[-2])
            found[f"{indicator.name} intercept"] = float(item.intercept[2] + item.offset[NOBODY])
    return found


@pytest.fixture(scope="module")
def fitted() -> tuple[Past, Draw, Kept]:
    rng, kept = np.random.default_rng(1), Kept()
    truth = made_up_draw(rng)
    past = simulate(rng, truth, made_up_dyads(rng, DYADS, YEARS), gappy_pattern, first_year=1960)
    with threadpool_limits(1):
        sampled(np.random.default_rng(2), past.ties, SWEEPS, WARM, kept)
    return past, truth, kept


def apart(kept: Kept, truth: Draw) -> dict[str, float]:
    """How far each parameter's mean is from the truth, in posterior sd and the error of a chain that moves slowly."""
    found = {}
    for name, value in named(truth).items():
        chain = np.array([p[name] for p in kept.parameters])
        batches = chain[: len(chain) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(1)
        found[name] = (chain.mean() - value) / np.sqrt(chain.var() + batches.var(ddof=1))
    return found


@pytest.mark.slow
@pytest.mark.xfail(strict=True, reason=STUCK)
def test_parameters_are_found(fitted):
    _, truth, kept = fitted
    far = {name: round(z, 1) for name, z in apart(kept, truth).items() if abs(z) > 3}
    assert far == {}


@pytest.mark.slow
@pytest.mark.xfail(strict=True, reason=STUCK)
def test_bands_of_a_whole_fit_cover_the_truth(fitted):
    past, _, kept = fitted
    low, high = np.quantile(np.array(kept.strength), (0.1, 0.9), axis=0)
    inside = ((past.strength >= low) & (past.strength <= high))[past.ties.dyads.alive]
    assert 0.76 <= inside.mean() <= 0.84


@pytest.mark.slow
def test_strength_is_found_up_to_its_own_doubt(fitted):
    past, _, kept = fitted
    alive = past.ties.dyads.alive
    mean = np.mean(kept.strength, axis=0)[alive]
    assert np.corrcoef(mean, past.strength[alive])[0, 1] > 0.85


@pytest.mark.slow
def test_another_truth_is_not_found(fitted):
    """Parameters that did not make the readings are told apart from those that did."""
    _, _, kept = fitted
    other = made_up_draw(np.random.default_rng(77))
    assert len([name for name, z in apart(kept, other).items() if abs(z) > 3]) >= 5
