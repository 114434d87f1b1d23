"""Levels of states and decades: the joint mode beside a dense one, their sd found again, draws that hang together."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.stats import chi2

from latticework.effects import OfState
from latticework.fit import Estimate, fit_evidence
from latticework.fit.laplace import ROUNDS, SETTLED, fitted_to
from latticework.fit.stream import event_slopes, mark_slopes
from latticework.fit.varying import LEAST, START, Group
from latticework.processes import AbstractHazard, AbstractMark, Coefficient, Evidence, Predictor, Rows

SLOPES = (0.6, -0.4)


class Onset(AbstractHazard):
    """A hazard of dyads with two slopes."""

    name, title, unit, grid, observed = "onset", "Onset", "dyad", "year", None
    reads, writes, event, chance = (), ("onset",), "onset", "onset_chance"
    varies = ("state",)

    def predictors(self):
        slopes = tuple(Coefficient(f"x{i}", OfState("x")) for i in range(len(SLOPES)))
        return (Predictor("", (Coefficient("intercept", None, prior_sd=5.0), *slopes)),)

    def at_risk(self, before):
        return before.present

    def advance(self, before, event, dt):
        return before


class Plain(Onset):
    varies = ()


class Through(Onset):
    varies = ("era",)


class Both(Onset):
    varies = ("state", "era")


class Sent(Onset):
    unit = "ordered dyad"
    varies = ("sender", "receiver")


class Held(Onset):
    varies = ()

    def predictors(self):
        (only,) = super().predictors()
        first, second, third = only.coefficients
        held = replace(third, prior_mean=-0.9, prior_sd=0.2, assumed=True, because="a test")
        return (Predictor("", (first, second, held)),)


class HeldBeside(Held):
    varies = ("state",)


def at(process, mean: float, sd: float = 0.2) -> Onset:
    """The process with its third coefficient assumed to be another."""

    class Moved(process):
        def predictors(self):
            (only,) = super().predictors()
            *others, held = only.coefficients
            return (Predictor("", (*others, replace(held, prior_mean=mean, prior_sd=sd))),)

    return Moved()


class Kind(Onset):
    """The same with two kinds of event, so that JAX finds the derivatives."""

    kinds = ("first", "second")

    def predictors(self):
        (only,) = super().predictors()
        return Predictor("first", only.coefficients), Predictor("second", only.coefficients[:2])


def record(
    seed: int,
    sigma: float,
    states: int = 40,
    years: int = 60,
    chosen: float = 0.25,
    base: float = -2.5,
    walk: float = 0.0,
    ends: tuple[bool, bool] = (True, True),
) -> tuple[Evidence, np.ndarray, np.ndarray]:
    """Rows of dyads and years with known levels of the states (of which ends) and of the decades."""
    rng = np.random.default_rng(seed)
    upper = np.argwhere(np.triu(np.ones((states, states)), 1))
    unit = np.concatenate([upper[rng.random(len(upper)) < chosen] for _ in range(years)])
    year = np.repeat(1960 + np.arange(years), len(unit) // years + 1)[: len(unit)]
    flip = rng.random(len(unit)) < 0.5
    unit = np.where(flip[:, None], unit[:, ::-1], unit)
    design = np.column_stack([np.ones(len(unit)), rng.standard_normal((len(unit), len(SLOPES)))])
    design[:, 1] += 0.5 * rng.standard_normal(states)[unit].sum(1)  # a covariate that states have in common
    levels = sigma * rng.standard_normal(states)
    decades = np.cumsum(walk * rng.standard_normal(years // 10 + 1))
    eta = base + design[:, 1:] @ SLOPES + decades[(year - 1960) // 10]
    eta = eta + sum(levels[unit[:, i]] for i in (0, 1) if ends[i])
    outcome = (rng.random(len(unit)) < -np.expm1(-np.exp(eta))).astype(float)
    rows = Rows(design, np.zeros(len(unit)), outcome, np.ones(len(unit), bool), np.ones(len(unit)))
    codes = tuple(f"S{i:02d}" for i in range(states + 1))  # the last has no rows
    span = ("1960-12-31", "2019-12-31")
    return Evidence(rows, unit, int(outcome.sum()), span, unit, year, codes), levels, decades


SMALL = record(3, 0.7, states=14, years=20, chosen=0.6)[0]


def dense(process, evidence: Evidence, estimate: Estimate):
    """The joint penalised likelihood written out, its mode, and the inverse Hessian there."""
    k, q = len(estimate.mode), sum(len(v.names) for v in estimate.varying)
    weights = np.zeros((len(evidence.units), q))
    precision = np.zeros((k + q, k + q))
    precision[range(k), range(k)] = [c.prior_sd**-2 for c in process.coefficients()]
    first = 0
    for v in estimate.varying:
        for i, name in enumerate(v.names):
            if v.by == "era":
                weights[:, first + i] = evidence.year // 10 == int(name) // 10
            else:
                state = evidence.codes.index(name)
                ends = {"state": (0, 1), "sender": (0,), "receiver": (1,)}[v.by]
                weights[:, first + i] = sum(evidence.units[:, e] == state for e in ends)
            at = k + first + i
            if v.by != "era":
                precision[at, at] = v.sigma**-2
            elif i:
                precision[at - 1 : at + 1, at - 1 : at + 1] += np.array([[1, -1], [-1, 1]]) / v.sigma**2
        if v.by == "era":
            every = slice(k + first, k + first + len(v.names))
            precision[every, every] += (0.01 * len(v.names)) ** -2
        first += len(v.names)

    def loss(x):
        etas = process.weighed(x[:k], jnp.asarray(evidence.data.design))
        etas = (etas[0] + jnp.asarray(weights) @ x[k:], *etas[1:])
        return -process.law(etas, jax.tree.map(jnp.asarray, evidence.data)).sum() + 0.5 * x @ jnp.asarray(precision) @ x

    with jax.enable_x64(True):
        value, slope, curve = jax.jit(loss), jax.jit(jax.grad(loss)), jax.jit(jax.hessian(loss))
        at = minimize(lambda x: float(value(x)), np.zeros(k + q), jac=lambda x: np.asarray(slope(x)), method="BFGS").x
        for _ in range(4):
            at = at - np.linalg.solve(np.asarray(curve(at)), np.asarray(slope(at)))
        return at, np.linalg.inv(np.asarray(curve(at)))


def kinds(evidence: Evidence) -> Evidence:
    """The same events, each of one of two kinds."""
    which = 1 + (np.random.default_rng(1).random(len(evidence.data.outcome)) < 0.4)
    design = np.column_stack([evidence.data.design, evidence.data.design[:, :2]])
    return replace(evidence, data=replace(evidence.data, design=design, outcome=evidence.data.outcome * which))


@pytest.mark.parametrize("process", [Onset(), Through(), Both(), Sent(), Kind()], ids=lambda p: type(p).__name__)
def test_mode_and_laplace_covariance_are_those_of_the_likelihood_written_out(process):
    evidence = kinds(SMALL) if process.kinds else SMALL
    estimate = fit_evidence(process, evidence)
    assert estimate.trusted
    at, covariance = dense(process, evidence, estimate)
    k = len(estimate.mode)
    np.testing.assert_allclose(estimate.mode, at[:k], atol=1e-5)
    np.testing.assert_allclose(np.concatenate([v.mean for v in estimate.varying]), at[k:], atol=1e-5)
    np.testing.assert_allclose(estimate.naive, covariance[:k, :k], rtol=1e-4, atol=1e-7)
    # the two parts of a level's variance, that of the coefficients and the rest, make up the whole
    first = k
    for v in estimate.varying:
        own = np.diag(v.spread @ v.spread.T) if v.by == "era" else v.spread**2
        whole = own + np.einsum("qk,kl,ql->q", v.sensitivity, estimate.naive, v.sensitivity)
        np.testing.assert_allclose(whole, np.diag(covariance)[first : first + len(v.names)], rtol=1e-3)
        first += len(v.names)


def test_the_variance_is_where_its_equation_says():
    estimate = fit_evidence(Onset(), SMALL)
    (v,) = estimate.varying
    at, covariance = dense(Onset(), SMALL, estimate)
    k, variance = len(estimate.mode), v.sigma**2
    asked = at[k:] @ at[k:] + np.trace(covariance[k:, k:])
    assert len(v.names) * variance + variance**2 == pytest.approx(asked, rel=1e-3)
    assert 1.1 * (len(v.names) * variance + variance**2) != pytest.approx(asked, rel=1e-3)


@pytest.mark.parametrize("process", [Plain(), Both(), Kind()], ids=lambda p: type(p).__name__)
def test_the_size_of_blocks_changes_nothing(process):
    evidence = kinds(SMALL) if process.kinds else SMALL
    whole, pieces = fitted_to(process, evidence), fitted_to(process, evidence, block=97)
    for name in ("mode", "covariance", "naive"):
        np.testing.assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-8, atol=1e-10)
    for a, b in zip(whole.varying, pieces.varying, strict=True):
        np.testing.assert_allclose(b.mean, a.mean, atol=2e-6)


@pytest.mark.parametrize("law", ["event", "mark"])
def test_closed_derivatives_are_those_of_jax(law):
    rng = np.random.default_rng(0)
    eta = np.concatenate([rng.normal(-1, 2, 300), [-40.0, -12.0, 3.5, 5.0, 30.0]])
    outcome = (rng.random(len(eta)) < 0.4).astype(float)
    rows = Rows(np.ones((len(eta), 1)), 0 * eta, outcome, eta < 99, np.full(len(eta), 0.25))
    known, slopes = (AbstractHazard.law, event_slopes) if law == "event" else (AbstractMark.law, mark_slopes)
    with jax.enable_x64(True):

        def one(x, row):
            return known(Onset() if law == "event" else None, (x,), row)

        traced = jax.tree.map(jnp.asarray, rows)
        expected = [f(jnp.asarray(eta), traced) for f in map(jax.vmap, (one, jax.grad(one), jax.grad(jax.grad(one))))]
        found = [x.reshape(len(eta)) for x in slopes(eta[:, None], rows)]
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, np.asarray(theirs), rtol=1e-8, atol=1e-12)


def test_levels_and_their_sd_are_found():
    evidence, truth, _ = record(5, 0.8)
    estimate = fit_evidence(Onset(), evidence)
    (v,) = estimate.varying
    assert estimate.trusted
    assert v.sigma == pytest.approx(0.8, abs=3 * 0.8 / np.sqrt(2 * len(truth)))
    assert np.corrcoef(v.mean, truth)[0, 1] > 0.95
    z = (estimate.mode[1:] - SLOPES) / estimate.sd[1:]
    assert np.abs(z).max() < 3.5


def test_the_walk_of_decades_is_found():
    evidence, _, truth = record(6, 0.0, walk=0.6)
    estimate = fit_evidence(Through(), evidence)
    (v,) = estimate.varying
    assert v.names == ("1960", "1970", "1980", "1990", "2000", "2010")
    assert v.mean.mean() == pytest.approx(0, abs=1e-3)
    error = v.mean - (truth[:6] - truth[:6].mean())
    assert np.abs(error).max() < 4 * np.sqrt(np.diag(v.spread @ v.spread.T)).max()
    assert 0.2 < v.sigma < 1.5


def test_no_variance_is_found_where_there_is_none():
    small = [fit_evidence(Onset(), record(seed, 0.0)[0]) for seed in (11, 12, 13)]
    assert all(e.trusted for e in small)
    assert min(e.varying[0].sigma for e in small) < 0.05, "half of the estimates of a variance of zero are zero"
    assert max(e.varying[0].sigma for e in small) < 0.25
    plain = fit_evidence(Plain(), record(11, 0.0)[0])
    np.testing.assert_allclose(small[0].mode, plain.mode, atol=0.2 * plain.sd.max())


@pytest.mark.parametrize(("spread", "found"), [(0.985, np.sqrt(LEAST)), (1.5, np.sqrt(1.5**2 - 1))])
def test_a_variance_settles_in_time_also_where_it_falls_by_little_a_round(spread, found):
    """Levels read once each with an error of one: their variance is that of the readings less one, or none."""
    reading = np.random.default_rng(1).standard_normal(500)
    reading *= spread / np.sqrt(np.mean(reading**2))
    group = Group("state", tuple(map(str, range(500))), csr_array((1, 500)), None)
    variance, change, rounds = START, np.inf, 0
    while change > SETTLED and (rounds := rounds + 1) < ROUNDS:
        shrunk = variance / (1 + variance)
        new = group.renewed(variance, shrunk * reading, shrunk * np.eye(500))
        variance, change = new, abs(np.log(new / variance))
    assert rounds < ROUNDS
    assert np.sqrt(variance) == pytest.approx(found, rel=0.01)  # the prior of the sd draws a little


def test_an_assumed_coefficient_stays_and_the_others_make_room():
    evidence = record(7, 0.0)[0]
    free, held = fit_evidence(Plain(), evidence), fit_evidence(Held(), evidence)
    assert held.mode[2] == -0.9
    assert held.covariance[2, 2] == held.naive[2, 2] == pytest.approx(0.2**2)
    design, outcome = evidence.data.design, evidence.data.outcome
    precision = np.array([0.04, 1.0])

    def loss(x):
        exposure = np.exp(design[:, :2] @ x - 0.9 * design[:, 2])
        gain = np.where(outcome > 0, np.log(-np.expm1(-exposure)), -exposure).sum()
        return -gain + 0.5 * float(precision @ x**2)

    np.testing.assert_allclose(held.mode[:2], minimize(loss, [-2.0, 0.0], tol=1e-10).x, atol=1e-4)
    assert abs(held.mode[0] - free.mode[0]) > 0.05


@pytest.mark.parametrize("process", [Held, HeldBeside])
def test_what_is_learned_follows_what_is_assumed(process):
    """The covariance with an assumed coefficient is how far the mode moves with it, found by fits on either side."""
    evidence = record(7, 0.6, states=20, years=30)[0]
    fits = [fitted_to(at(process, mean), evidence, {"state": 0.6}) for mean in (-0.95, -0.9, -0.85)]
    low, middle, high = fits
    follows = (high.mode[:2] - low.mode[:2]) / 0.1
    np.testing.assert_allclose(middle.covariance[2, :2], follows * 0.2**2, rtol=0.01)
    assert abs(follows[0]) > 0.2
    alone = at(process, -0.9, sd=1e-6)
    narrow = fitted_to(alone, evidence, {"state": 0.6}).covariance[:2, :2]
    np.testing.assert_allclose(middle.covariance[:2, :2], narrow + 0.2**2 * np.outer(follows, follows), rtol=0.01)
    for v, below, above in zip(middle.varying, low.varying, high.varying, strict=True):
        whole = (above.mean - below.mean) / 0.1
        np.testing.assert_allclose(v.sensitivity @ [*follows, 1.0], whole, atol=0.01 * np.abs(whole).max())


def test_what_cannot_vary_is_told():
    class Lone(Onset):
        unit = "pact"

    with pytest.raises(ValueError, match="cannot vary by state"):
        fit_evidence(Lone(), SMALL)


def own_slopes(evidence: Evidence, sd: float) -> Evidence:
    """New outcomes of the same rows, the second slope differing between states."""
    rng = np.random.default_rng(4)
    own, level = sd * rng.standard_normal(120), 0.7 * rng.standard_normal(120)
    first, second = evidence.units.T
    x = evidence.data.design
    eta = -2.5 + x[:, 1:] @ SLOPES + (own[first] + own[second]) * x[:, 2] + level[first] + level[second]
    outcome = (rng.random(len(eta)) < -np.expm1(-np.exp(eta))).astype(float)
    return replace(evidence, data=replace(evidence.data, outcome=outcome), events=int(outcome.sum()))


def test_the_sandwich_sees_slopes_that_differ_and_not_the_levels_that_the_fit_has():
    rows = record(8, 0.0, states=120, years=30, chosen=0.06)[0]
    same, other = (own_slopes(rows, sd) for sd in (0.0, 0.4))
    ratio = [e.sd / e.sd_naive for e in (fit_evidence(Onset(), same), fit_evidence(Onset(), other))]
    assert ratio[0].min() > 0.7
    assert ratio[0].max() < 1.35
    assert ratio[1][2] > 1.5
    without = fit_evidence(Plain(), same)
    assert without.sd[0] / without.sd_naive[0] > 1.5, "control: without levels the intercept shows them"


REPEATS = 60
REPEATED = {
    "states": (Onset(), {"sigma": 0.7, "states": 24, "years": 30}, 0.02),
    "receivers": (Sent(), {"sigma": 0.7, "states": 24, "years": 30, "ends": (False, True)}, 0.02),
    # the sd of a walk of six steps is uncertain, and bands given its best value are too narrow for that
    "decades": (Through(), {"sigma": 0.0, "walk": 0.4, "states": 24, "years": 70, "chosen": 0.15}, 0.08),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", REPEATED)
def test_bands_cover_as_often_as_they_say(what):
    """Over repetitions 90 % bands of slopes and of levels hold the truth in nine of ten.

    The bands of the slopes are those of Laplace: how the sandwich does with a few dozen states is for `test_robust`.
    """
    process, options, slack = REPEATED[what]
    inside, z, sigma = [], [], []
    for seed in range(REPEATS):
        evidence, levels, decades = record(100 + seed, **options)
        estimate = fit_evidence(process, evidence)
        z.append((estimate.mode[1:] - SLOPES) / estimate.sd_naive[1:])
        v = estimate.varying[-1]
        whole = v.sensitivity @ estimate.naive @ v.sensitivity.T
        whole += v.spread @ v.spread.T if v.by == "era" else np.diag(v.spread**2)
        truth = decades[: len(v.names)] if v.by == "era" else levels
        centre = np.eye(len(truth)) - 1 / len(truth)  # what all have in common cannot be told from the intercept
        error = centre @ (v.mean - truth)
        inside.append(np.mean(np.abs(error) < 1.645 * np.sqrt(np.diag(centre @ whole @ centre))))
        sigma.append(v.sigma)
    z = np.array(z)
    assert np.mean(np.abs(z) < 1.645) == pytest.approx(0.9, abs=3.3 * np.sqrt(0.9 * 0.1 / z.size))
    assert chi2.sf((z**2).sum(), z.size) > 1e-4
    assert np.mean(np.abs(z + 0.7) < 1.645) < 0.85, "control: estimates that are off by 0.7 sd are noticed"
    assert np.mean(inside) == pytest.approx(0.9, abs=3.3 * np.std(inside) / np.sqrt(REPEATS) + slack)
    known = options["sigma"] or options["walk"]
    assert np.mean(sigma) == pytest.approx(known, abs=3.3 * np.std(sigma) / np.sqrt(REPEATS) + 0.07 * known)
