"""Fitting is evaluating over observed worlds: penalised maximum, Laplace posterior, node-robust covariance."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from scipy import linalg, sparse

from latticework.fit.centre import Spread, centre
from latticework.fit.estimate import Estimate
from latticework.fit.newton import Mode, climb
from latticework.fit.robust import Clusters, node_robust_meat
from latticework.fit.stream import BLOCK, Part, Stream, Sums, streamed
from latticework.fit.varying import START, Group, Varying, fitted, groups
from latticework.processes import AbstractProcess, AbstractUnitwise, Evidence, Rows
from latticework.types import Float
from latticework.world import Panel

ROUNDS = 200
MANY, FEW = 64 * BLOCK, 8 * BLOCK  # rows
SETTLED = 1e-4  # relative change of a variance


def fit(process: AbstractProcess, panel: Panel) -> Estimate:
    """The posterior of one process given a panel.

    The mode maximises log likelihood + log prior (independent normals) in the coefficients and in the levels of what
    `varies`, whose variances maximise the marginal likelihood. With H the curvature there (the levels taken out: its
    Schur complement), P the prior's precision and M the node-robust meat of the scores (corrected for few states), the
    naive covariance is H^-1 and the robust one H^-1 (M + P) H^-1, so that a coefficient about which the data are silent
    keeps its prior's width.
    A coefficient a that is assumed is held at its prior's mean and keeps its prior's variance A: the record does not
    move it. But the others follow it, for only so do they account for what happened: with g the gradient their mode
    moves by G = H^-1 dg/da, and their covariance is wider by G A G' (a cut posterior: Plummer 2015, Statistics and
    Computing 25: 37-43).
    """
    return fit_evidence(process, process.evidence(panel))


def fit_evidence(process: AbstractProcess, evidence: Evidence) -> Estimate:
    """The posterior of one process given its evidence; see `fit`."""
    return fitted_to(process, evidence)


@dataclass(frozen=True)
class Prior:
    """Independent normals: mean and precision of every coefficient, and which of them are free to be learned."""

    mean: np.ndarray
    precision: np.ndarray
    free: np.ndarray

    @classmethod
    def of(cls, process: AbstractProcess) -> "Prior":
        """The prior of a process."""
        coefficients = process.coefficients()
        sd = np.array([c.prior_sd for c in coefficients], float)
        free = np.array([not c.assumed for c in coefficients], bool)
        return cls(np.array([c.prior_mean for c in coefficients], float), sd**-2.0, free)

    def whole(self, free: Float[np.ndarray, "f"]) -> Float[np.ndarray, "k"]:
        """All coefficients, given the free ones: the assumed ones at their mean."""
        theta = self.mean.copy()
        theta[self.free] = free
        return theta

    def widened(
        self, covariance: Float[np.ndarray, "f f"], follows: Float[np.ndarray, "f a"]
    ) -> Float[np.ndarray, "k k"]:
        """A covariance of the free coefficients, given the assumed ones, as one of all of them.

        `follows` is how the free ones move with the assumed ones, whose variances are the prior's.
        """
        every = np.eye(len(self.free))[:, ~self.free]
        every[self.free] = follows
        out = every @ np.diag(1 / self.precision[~self.free]) @ every.T
        out[np.ix_(self.free, self.free)] += (covariance + covariance.T) / 2
        return out


def fitted_to(
    process: AbstractProcess, evidence: Evidence, variances: Mapping[str, float] | None = None, block: int = 0
) -> Estimate:
    """The posterior of one process given its evidence and, if they are known, the variances of what varies.

    `block` is how many rows are looked at together (0 for a number that suits): the estimate does not depend on it.
    """
    if (
        not isinstance(evidence.data, Rows)
        or not isinstance(process, AbstractUnitwise)
        or type(process).terms is not AbstractUnitwise.terms
    ):
        return _by_terms(process, evidence)
    prior, varying = Prior.of(process), groups(process, evidence)
    incidence = [group.incidence for group in varying] or [sparse.csr_array((0, 0))]
    rows = jax.tree.map(np.asarray, evidence.data)
    stream = streamed(process, rows, sparse.csr_array(sparse.hstack(incidence)), block)
    found, variance, unsettled = joint_mode(stream, prior, varying, variances)
    f = int(prior.free.sum())
    theta, levels = prior.whole(found.at[:f]), found.at[f:]
    conditional = np.linalg.inv(found.hessian[f:, f:])
    moved = -conditional @ found.hessian[f:, :f]
    naive = np.linalg.inv(found.hessian[:f, :f] + found.hessian[:f, f:] @ moved)
    meat = _meat(stream, prior, varying, variance, (theta, levels), moved, naive, evidence)
    follows, sensitivity = _following(stream, prior, (theta, levels), moved, naive, conditional)
    spans = _spans(varying)
    own = np.concatenate([np.diag(conditional)[s] for s in spans]) if varying else np.zeros(0)
    spread = Spread(prior.widened(naive @ meat @ naive, follows), sensitivity, own)
    which = np.flatnonzero(np.concatenate([prior.free, np.ones(stream.levels, bool)]))
    pull = _precision(prior, varying, variance)
    shift = centre(stream, spread, (theta, levels), which, pull, found.hessian)
    apart = shift[len(theta) :] - sensitivity @ shift[: len(theta)]
    kept = tuple(
        fitted(group, v, levels[s], sensitivity[s], conditional[s, s], apart[s])
        for group, v, s in zip(varying, variance, spans, strict=True)
    )
    moving = max(found.gradient, unsettled)
    estimate = _estimate(process, evidence, prior, theta, (naive, meat, follows), moving, kept)
    return replace(estimate, shift=shift[: len(theta)])


def _following(
    stream: Stream,
    prior: Prior,
    at: tuple[np.ndarray, np.ndarray],
    moved: Float[np.ndarray, "q f"],
    naive: Float[np.ndarray, "f f"],
    conditional: Float[np.ndarray, "q q"],
) -> tuple[Float[np.ndarray, "f a"], Float[np.ndarray, "q k"]]:
    """How free coefficients follow the assumed ones, and the levels all of them."""
    curve = stream.sums(*at).hessian[:, np.flatnonzero(~prior.free)]
    free, levels = curve[np.flatnonzero(prior.free)], curve[len(at[0]) :]
    sensitivity = np.zeros((len(at[1]), len(at[0])))
    sensitivity[:, prior.free], sensitivity[:, ~prior.free] = moved, conditional @ levels
    return naive @ (free + moved.T @ levels), sensitivity


def joint_mode(
    stream: Stream, prior: Prior, varying: Sequence[Group] = (), variances: Mapping[str, float] | None = None
) -> tuple[Mode, list[float], float]:
    """The mode of free coefficients and levels, the variances of the groups, and by how much these still moved."""
    f = int(prior.free.sum())
    at = np.concatenate([prior.mean[prior.free], np.zeros(stream.levels)])
    variance = [START if variances is None else variances[group.by] ** 2 for group in varying]
    change = np.inf if varying and variances is None else 0.0
    if stream.count > MANY:  # a few rows tell where to begin
        few = _penalised(stream.thinned(stream.count // FEW), prior, varying, variance)
        at = climb(few, at, 1e-4, stream.noise).at
    for _ in range(ROUNDS):
        if change < SETTLED:
            break
        found = climb(_penalised(stream, prior, varying, variance), at, 1e-8, stream.noise)
        at, covariance = found.at, np.linalg.inv(found.hessian)[f:, f:]
        spans = zip(varying, variance, _spans(varying), strict=True)
        renewed = [group.renewed(v, at[f:][s], covariance[s, s]) for group, v, s in spans]
        change = max(abs(np.log(new / old)) for new, old in zip(renewed, variance, strict=True))
        variance = renewed
    found = climb(_penalised(stream, prior, varying, variance), at, stream.tolerance, stream.noise)
    return found, variance, 0.0 if change < SETTLED else float(change)


def _penalised(
    stream: Stream, prior: Prior, varying: Sequence[Group], variance: Sequence[float]
) -> Callable[[np.ndarray], Sums]:
    """The log posterior of free coefficients and levels with its derivatives."""
    f = int(prior.free.sum())
    kept = np.flatnonzero(np.concatenate([prior.free, np.ones(stream.levels, bool)]))
    centre = np.concatenate([prior.mean[prior.free], np.zeros(stream.levels)])
    precision = _precision(prior, varying, variance)

    def penalised(x: np.ndarray) -> Sums:
        raw = stream.sums(prior.whole(x[:f]), x[f:])
        pull = precision @ (x - centre)
        gradient, hessian = raw.gradient[kept] - pull, raw.hessian[np.ix_(kept, kept)] - precision
        return Sums(raw.value - 0.5 * float(pull @ (x - centre)), gradient, hessian)

    return penalised


def _precision(prior: Prior, varying: Sequence[Group], variance: Sequence[float]) -> Float[np.ndarray, "j j"]:
    """The precision of the prior of free coefficients and levels."""
    blocks = [group.precision(v) for group, v in zip(varying, variance, strict=True)]
    return np.asarray(linalg.block_diag(np.diag(prior.precision[prior.free]), *blocks))


def _meat(
    stream: Stream,
    prior: Prior,
    varying: Sequence[Group],
    variance: Sequence[float],
    at: tuple[np.ndarray, np.ndarray],
    moved: Float[np.ndarray, "q f"],
    naive: Float[np.ndarray, "f f"],
    evidence: Evidence,
) -> Float[np.ndarray, "f f"]:
    r"""The middle of the sandwich for the free coefficients, from efficient scores $s_\theta + B^\top s_b$.

    The prior of a level is one more observation: it counts with the rows of its own state where states are the
    clusters, so that what a state's rows have in common is not lost in its level; else with its expectation.
    """
    levels = at[1]
    clusters = Clusters(evidence.nodes, int(prior.free.sum()))
    for part in stream.parts(*at):
        scores = stream.scores(part)[:, prior.free]
        if len(levels):
            scores = scores + part.gradient[:, :1] * (part.incidence @ moved)
        clusters.add(part.rows, scores)
        clusters.inform(part.rows, _designs(stream, part, prior, moved), part.curvature)
    rest = np.diag(prior.precision[prior.free])
    for group, v, span in zip(varying, variance, _spans(varying), strict=True):
        if group.nodes is not None:
            clusters.by_state[group.nodes] -= moved[span] * (levels[span] / v)[:, None]
            clusters.information[group.nodes] += moved[span][:, :, None] * moved[span][:, None, :] / v
        else:
            rest = rest + moved[span].T @ group.precision(v) @ moved[span]
    return clusters.meat(np.linalg.inv(naive)) + rest


def _designs(stream: Stream, part: Part, prior: Prior, moved: Float[np.ndarray, "q f"]) -> list[np.ndarray]:
    """The design of each predictor in the free coefficients, the levels following them."""
    free = np.cumsum(prior.free) - 1
    out = []
    for m, (x, span) in enumerate(zip(part.designs, stream.spans, strict=True)):
        here = prior.free[span]
        wide = np.zeros((len(x), int(prior.free.sum())))
        wide[:, free[span][here]] = x[:, here]
        out.append(wide + part.incidence @ moved if m == 0 and len(moved) else wide)
    return out


def _spans(varying: Sequence[Group]) -> list[slice]:
    ends = itertools.accumulate((group.size for group in varying), initial=0)
    return [slice(a, b) for a, b in itertools.pairwise(ends)]


def _by_terms(process: AbstractProcess, evidence: Evidence) -> Estimate:
    """The same for a process whose likelihood is not one of rows: all derivatives by JAX."""
    if process.varies:
        raise ValueError(f"'{process.name}' has terms of its own and cannot vary by {', '.join(process.varies)}")
    prior = Prior.of(process)
    precision, free = prior.precision[prior.free], np.flatnonzero(prior.free)
    with jax.enable_x64(True):
        data = jax.tree.map(jnp.asarray, evidence.data)

        def likelihood(theta, data):
            return process.terms(theta, data).sum()

        whole = jax.jit(jax.value_and_grad(likelihood))
        curve, slopes = jax.jit(jax.hessian(likelihood)), jax.jit(jax.jacfwd(process.terms))

        def penalised(x: np.ndarray) -> Sums:
            theta, off = jnp.asarray(prior.whole(x)), x - prior.mean[prior.free]
            (value, gradient), pull = whole(theta, data), precision * off
            hessian = np.asarray(curve(theta, data))[np.ix_(free, free)] - np.diag(precision)
            return Sums(float(value) - 0.5 * float(pull @ off), np.asarray(gradient)[free] - pull, hessian)

        found = climb(penalised, prior.mean[prior.free])
        theta = prior.whole(found.at)
        scores = np.asarray(slopes(jnp.asarray(theta), data), float)[:, prior.free]
        by_assumed = np.asarray(curve(jnp.asarray(theta), data), float)[np.ix_(free, np.flatnonzero(~prior.free))]
    meat, naive = node_robust_meat(scores, evidence.nodes) + np.diag(precision), np.linalg.inv(found.hessian)
    follows = naive @ by_assumed
    return _estimate(process, evidence, prior, theta, (naive, meat, follows), found.gradient, ())


def _estimate(
    process: AbstractProcess,
    evidence: Evidence,
    prior: Prior,
    theta: np.ndarray,
    curves: tuple[np.ndarray, np.ndarray, np.ndarray],
    gradient: float,
    varying: tuple[Varying, ...],
) -> Estimate:
    naive, meat, follows = curves
    return Estimate(
        process=process.name,
        names=tuple(c.name for c in process.coefficients()),
        mode=theta,
        covariance=prior.widened(naive @ meat @ naive, follows),
        naive=prior.widened(naive, np.zeros_like(follows)),
        rows=len(evidence.data.outcome) if isinstance(evidence.data, Rows) else len(evidence.nodes),
        events=evidence.events,
        span=evidence.span,
        gradient=float(gradient),
        varying=varying,
        shift=np.zeros(len(theta)),
    )
