"""The posterior of a process drawn by NUTS (NumPyro) from its own law and priors, beside the Laplace one."""

import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro import distributions
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS

from latticework.actions.posterior import LAST_YEAR
from latticework.data import load_panel
from latticework.fit import Estimate, fit_evidence
from latticework.processes import (
    AbstractProcess,
    AbstractUnitwise,
    AgreementEnd,
    CoalitionChange,
    DefencePledged,
    DisputeDeaths,
    Evidence,
    ForceUsed,
    NonaggressionPledged,
    PactEnded,
    PactLeft,
    Rows,
)
from latticework.types import Array, Float

CHAINS, WARM_UP, KEPT = 4, 500, 1000
FEW = (250, 500)  # for the test that must be quick
CENTRED = 0.01  # sd of the mean of the decades, for the intercept holds it
HELD, DRAWN = "held", "drawn"


@dataclass(frozen=True)
class Case:
    """A process, and whether the sd of what varies in it is held at its estimate or drawn from its half-normal prior.

    `draws` are how many each chain throws away to warm up, and how many it keeps.
    """

    process: AbstractProcess
    sds: str = HELD
    draws: tuple[int, int] = (WARM_UP, KEPT)

    @property
    def key(self) -> str:
        """Its name in the table."""
        return self.process.name + (f", sd of {' and '.join(self.process.varies)} drawn" if self.sds == DRAWN else "")


QUICK = Case(DefencePledged(), draws=FEW)
CASES = (
    QUICK,
    Case(NonaggressionPledged()),
    Case(CoalitionChange()),
    Case(AgreementEnd()),
    Case(PactLeft()),
    Case(PactEnded()),
    Case(ForceUsed()),
    Case(ForceUsed(), DRAWN),
    Case(DisputeDeaths()),
    Case(DisputeDeaths(), DRAWN),
)


@functools.cache
def evidence_of(process: type[AbstractProcess]) -> Evidence:
    """The evidence on which the shipped posterior stands."""
    leaf = process()
    return leaf.evidence(
        load_panel(start=leaf.since, end=min(leaf.until, LAST_YEAR), step=leaf.grid, layers=leaf.reads)
    )


@functools.cache
def estimate_of(process: type[AbstractProcess]) -> Estimate:
    """The Laplace posterior."""
    return fit_evidence(process(), evidence_of(process))


class Target:
    """Log prior plus log likelihood of a process as a NumPyro model: nothing of the fit is in it but the sds held."""

    def __init__(self, case: Case, evidence: Evidence, sds: Sequence[float]):
        self.case, self.process, self.sds = case, case.process, sds
        coefficients = self.process.coefficients()
        self.mean = np.array([c.prior_mean for c in coefficients], float)
        self.sd = np.array([c.prior_sd for c in coefficients], float)
        self.free = np.flatnonzero([not c.assumed for c in coefficients])
        self.members = [members(by, evidence) for by in self.process.varies]

    def model(self, data: object) -> None:
        """What is drawn, and how likely it makes the record."""
        wide = distributions.Normal(self.mean[self.free], self.sd[self.free]).to_event(1)
        theta = jnp.asarray(self.mean).at[self.free].set(sampled("free", wide))
        levels = [self._levels(number, by) for number, by in enumerate(self.process.varies)]
        numpyro.factor("record", self.likelihood(theta, levels, data))

    def likelihood(self, theta: Float[Array, "k"], levels: Sequence[Array], data: object) -> Array:
        """The log likelihood given coefficients and the levels of each kind."""
        if not levels:
            return self.process.terms(theta, data).sum()
        assert isinstance(data, Rows)
        assert isinstance(self.process, AbstractUnitwise)
        offset = sum(level[which] for level, (_, which) in zip(levels, self.members, strict=True))
        return self.process.law(self.process.weighed(theta, data.design, offset), data).sum()

    def _levels(self, number: int, by: str) -> Array:
        """The walk through the decades made of standard normals, so that its sd may be drawn without a funnel."""
        sd = self.sds[number]
        if self.case.sds == DRAWN:
            sd = sampled(f"sd {by}", distributions.HalfNormal(1.0))
        count = len(self.members[number][0])
        plain = sampled(f"plain {by}", distributions.Normal(0, 1).expand([count]).to_event(1))
        walk = jnp.concatenate([jnp.zeros(1), jnp.cumsum(plain[1:]) * sd])  # the first number is the mean of all
        return recorded(f"level {by}", walk - walk.mean() + CENTRED * plain[0])


def sampled(name: str, law: distributions.Distribution) -> Array:
    """A number of the model that is drawn."""
    return jnp.asarray(numpyro.sample(name, law))


def recorded(name: str, value: Array) -> Array:
    """A number that is made of others, kept with the draws."""
    numpyro.deterministic(name, value)
    return value


def members(by: str, evidence: Evidence) -> tuple[tuple[str, ...], np.ndarray]:
    """The decades from the first to the last with rows, and for each row the number of its own."""
    if by != "era" or evidence.year is None:
        raise ValueError(f"levels of each {by} are not drawn here")
    decade = np.asarray(evidence.year) // 10 * 10
    return tuple(str(d) for d in range(decade.min(), decade.max() + 1, 10)), (decade - decade.min()) // 10


@dataclass(frozen=True)
class Draws:
    """Draws of NUTS, (chains, draws, q): coefficients that are free, then levels; sds of what varies apart."""

    names: tuple[str, ...]
    values: np.ndarray
    sds: dict[str, np.ndarray]
    divergent: int
    seconds: float

    @property
    def mean(self) -> Float[np.ndarray, "q"]:
        """Posterior means."""
        return self.values.mean((0, 1))

    @property
    def sd(self) -> Float[np.ndarray, "q"]:
        """Posterior sds."""
        return self.values.std((0, 1))

    @property
    def rhat(self) -> float:
        """The largest split R-hat of anything drawn."""
        return max(float(np.max(split_gelman_rubin(x))) for x in (self.values, *self.sds.values()))

    @property
    def effective(self) -> Float[np.ndarray, "q"]:
        """Effective draws for each mean."""
        return effective_sample_size(self.values)

    @property
    def effective_of_sd(self) -> Float[np.ndarray, "q"]:
        """Effective draws for each sd: those of the squared distance from the mean."""
        return effective_sample_size((self.values - self.mean) ** 2)

    @property
    def kurtosis(self) -> Float[np.ndarray, "q"]:
        """The fourth moment in units of the variance squared: 3 for a normal law."""
        return ((self.values - self.mean) ** 4).mean((0, 1)) / self.sd**4


def drawn(case: Case, seed: int = 0) -> Draws:
    """Four chains from starts twice as wide as the Laplace posterior, in double precision."""
    evidence, estimate = evidence_of(type(case.process)), estimate_of(type(case.process))
    target = Target(case, evidence, [v.sigma for v in estimate.varying])
    begun = time.process_time()
    with jax.enable_x64(True):
        data = jax.tree.map(jnp.asarray, evidence.data)
        wide = None if case.process.varies else jnp.asarray(estimate.naive[np.ix_(target.free, target.free)])
        accepted = 0.95 if case.sds == DRAWN else 0.8  # shorter steps where the sd makes a funnel
        sampler = MCMC(  # the metric begins at the Laplace covariance and is then learned from the draws
            NUTS(target.model, dense_mass=True, inverse_mass_matrix=wide, target_accept_prob=accepted),
            num_warmup=case.draws[0],
            num_samples=case.draws[1],
            num_chains=CHAINS,
            chain_method="vectorized",
            progress_bar=False,
            jit_model_args=True,
        )
        starts = _starts(target, estimate, seed)
        sampler.run(jax.random.key(seed), data, init_params=starts, extra_fields=("diverging",))
        found = jax.tree.map(np.asarray, sampler.get_samples(group_by_chain=True))
        divergent = int(np.asarray(sampler.get_extra_fields()["diverging"]).sum())
    names = [c.name for c in case.process.coefficients() if not c.assumed]
    values = [found["free"]]
    for by, (levels, _) in zip(case.process.varies, target.members, strict=True):
        names += [f"{by} {level}" for level in levels]
        values.append(found[f"level {by}"])
    sds = {by: found[f"sd {by}"] for by in case.process.varies if case.sds == DRAWN}
    return Draws(tuple(names), np.concatenate(values, axis=2), sds, divergent, time.process_time() - begun)


def _starts(target: Target, estimate: Estimate, seed: int) -> dict[str, Array]:
    """Where the chains start: coefficients twice as far out as the Laplace posterior, levels and sds anywhere."""
    rng = np.random.default_rng(seed)
    free = target.free
    root = np.linalg.cholesky(estimate.naive[np.ix_(free, free)])
    starts = {"free": estimate.mode[free] + 2 * rng.standard_normal((CHAINS, len(free))) @ root.T}
    for by, (names, _) in zip(target.process.varies, target.members, strict=True):
        starts[f"plain {by}"] = rng.standard_normal((CHAINS, len(names)))
        if target.case.sds == DRAWN:
            starts[f"sd {by}"] = rng.uniform(-2, 0.5, CHAINS)  # NumPyro draws the log
    return {name: jnp.asarray(value) for name, value in starts.items()}
